"""Random histories of an old client, played against two servers at once: their answers must be the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.deployment import Client

KLANTEN = "/klanten/api/v1/klanten"
MOMENTEN = "/contactmomenten/api/v1/contactmomenten"
KLANT_LINKS = "/contactmomenten/api/v1/klantcontactmomenten"
OBJECT_LINKS = "/contactmomenten/api/v1/objectcontactmomenten"
COLLECTIONS = (KLANTEN, MOMENTEN, KLANT_LINKS, OBJECT_LINKS)

RSINS = ("517439943", "002220647", "823807071")
BSNS = ("999990019", "999993653", "")
NUMBERS = ("00000001", "12345678", "ABC123", "7", "0099", "KZ", "X1")
MAILS = ("jan@example.nl", "info@voorbeeld.example", "", "lang." + "x" * 70 + "@example.nl")
PHONES = ("0612345678", "030 2861000", "112", "", "+31612345678")
CODES = ("3511 LT", "3511LT", "B-1000", "")
KANALEN = ("telefoon", "balie", "e-mail", "")
ZAKEN = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222")
LONG = ("lang " * 300).strip()


@dataclass
class Server:
    """One of the two: a client, its origin, and the URLs of what was made, in the order of making."""

    client: Client
    origin: str
    made: dict[str, list[str]] = field(default_factory=lambda: {each: [] for each in COLLECTIONS})

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """(status, body) with the addresses of this server replaced by names that both have."""
        url = self.filled(path)
        answer = self.client.call(method, url, json=self.filled_in(body) if body is not None else None)
        found = answer.json() if answer.content else None
        if method == "POST" and answer.status_code == 201:
            self.made[path].append(found["url"])
        return answer.status_code, self.named(found)

    def filled(self, text: str) -> str:
        """A text with `<collection#number>` replaced by a URL."""
        return re.sub(r"<([^#>]+)#(\d+)>", lambda it: self.made[it[1]][int(it[2])], text)

    def filled_in(self, body: Any) -> Any:
        return json.loads(self.filled(json.dumps(body)))

    def named(self, found: Any) -> Any:
        text = json.dumps(found)
        for collection, urls in self.made.items():
            for number, url in enumerate(urls):
                text = text.replace(url, f"<{collection}#{number}>")
        text = text.replace(self.origin, "<origin>")
        # the face fetches no URL of elsewhere, and so has another reason: see docs/differences.md
        text = re.sub(r'(?<=Foutmelding: )(?:[^"\\]|\\.)*', "...", text)
        return json.loads(re.sub(r"urn:uuid:[0-9a-f-]{36}", "urn:uuid", text))


@dataclass
class History:
    """Draws the next request of an old client."""

    random: Random
    zaken: str
    count: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COLLECTIONS, 0))
    gone: set[tuple[str, int]] = field(default_factory=set)
    minute: int = 0

    def requests(self, steps: int) -> Iterator[tuple[str, str, Any]]:
        """(method, path, body)."""
        yield "POST", KLANTEN, self.klant()
        yield "POST", MOMENTEN, self.moment()
        for _ in range(steps):
            yield self.step()

    def step(self) -> tuple[str, str, Any]:
        draw = self.random.choice
        kind = self.random.choices(
            ["make", "patch", "put", "delete", "list", "get"], [30, 22, 10, 5, 23, 10]
        )[0]
        collection = draw((KLANTEN, KLANTEN, MOMENTEN, MOMENTEN, KLANT_LINKS, OBJECT_LINKS))
        if kind == "make":
            return "POST", collection, self.body(collection)
        if kind == "list":
            return "GET", self.listing(collection), None
        one = self.one(collection)
        if one is None:
            return "POST", collection, self.body(collection)
        if kind == "get":
            return "GET", one, None
        if collection == OBJECT_LINKS and kind != "delete":
            return "GET", one, None
        if kind == "delete":
            return "DELETE", one, None
        if kind == "put":
            return "PUT", one, self.body(collection)
        body = self.body(collection)
        names = self.random.sample(sorted(body), min(len(body), self.random.randint(1, 3)))
        if collection == KLANTEN:
            names = [name for name in names if name != "subjectType"]
            if "subjectIdentificatie" in names:
                names.append("subjectType")
        return "PATCH", one, {name: body[name] for name in names}

    def one(self, collection: str) -> str | None:
        there = [each for each in range(self.count[collection]) if (collection, each) not in self.gone]
        return f"<{collection}#{self.random.choice(there)}>" if there else None

    def body(self, collection: str) -> dict[str, Any]:
        if collection == KLANTEN:
            return self.klant()
        if collection == MOMENTEN:
            return self.moment()
        moment = self.one(MOMENTEN) or "x"
        if collection == KLANT_LINKS:
            rol = self.random.choice(("belanghebbende", "gesprekspartner"))
            body = {"contactmoment": moment, "klant": self.one(KLANTEN) or "x", "rol": rol}
            return body | ({"gelezen": self.random.random() < 0.5} if self.random.random() < 0.5 else {})
        zaak = f"{self.zaken}/zaken/{self.random.choice(ZAKEN)}"
        return {"contactmoment": moment, "object": zaak, "objectType": "zaak"}

    def klant(self) -> dict[str, Any]:
        draw, chance = self.random.choice, self.random.random
        kind = draw(("natuurlijk_persoon", "niet_natuurlijk_persoon", "vestiging"))
        body: dict[str, Any] = {
            "bronorganisatie": draw(RSINS),
            "klantnummer": draw(NUMBERS) if chance() < 0.3 else f"{self.random.randrange(10**8):08}",
            "websiteUrl": draw(("https://voorbeeld.example/", "https://geen-website.invalid/")),
            "subjectType": kind,
            "subjectIdentificatie": self.subject(kind),
        }
        optional = {
            "emailadres": draw(MAILS),
            "telefoonnummer": draw(PHONES),
            "voornaam": draw(("Jan", "", "Anna")),
            "achternaam": draw(("Vries", "", "x" * 200)),
            "voorvoegselAchternaam": draw(("de", "")),
            "bedrijfsnaam": draw(("Bakkerij", "")),
            "functie": draw(("inkoper", "")),
            "adres": self.address(),
            "geverifieerd": chance() < 0.5,
        }
        return body | {name: value for name, value in optional.items() if chance() < 0.5}

    def subject(self, kind: str) -> dict[str, Any]:
        draw = self.random.choice
        if kind == "natuurlijk_persoon":
            return {"inpBsn": draw(BSNS), "voorletters": draw(("J.", "", "A.B.C.D.E.F.G."))}
        if kind == "vestiging":
            return {"vestigingsNummer": draw(("000012345678", "")), "handelsnaam": draw(([], ["De Hoek"]))}
        return {"innNnpId": draw(("002220647", "")), "statutaireNaam": draw(("Stichting", ""))}

    def address(self) -> dict[str, Any]:
        draw = self.random.choice
        return {
            "straatnaam": draw(("Kerkstraat", "", "x" * 100)),
            "huisnummer": draw((1, 12, 0)),
            "huisletter": draw(("A", "")),
            "huisnummertoevoeging": draw(("bis", "")),
            "postcode": draw(CODES),
            "woonplaatsnaam": draw(("Utrecht", "")),
            "landcode": draw(("6030", "")),
        }

    def moment(self) -> dict[str, Any]:
        draw, chance = self.random.choice, self.random.random
        self.minute += 1
        body: dict[str, Any] = {
            "bronorganisatie": draw(RSINS),
            "registratiedatum": f"2024-03-01T{self.minute // 60:02}:{self.minute % 60:02}:00Z",
            "medewerkerIdentificatie": draw(
                (
                    {"identificatie": "mw-1"},
                    {"identificatie": "mw-2", "achternaam": "Bakker", "voorletters": "J."},
                    {"identificatie": "mw-2", "achternaam": "Bakker", "voorvoegselAchternaam": "de"},
                    {"identificatie": "", "achternaam": ""},
                )
            ),
        }
        optional = {
            "kanaal": draw(KANALEN),
            "tekst": draw(("Hallo\nallemaal", "", LONG)),
            "voorkeurstaal": draw(("nld", "eng", "")),
            "voorkeurskanaal": draw(("mail", "")),
            "initiatiefnemer": draw(("klant", "gemeente", "")),
            "onderwerpLinks": draw(([], ["https://voorbeeld.example/1"])),
        }
        body |= {name: value for name, value in optional.items() if chance() < 0.6}
        if chance() < 0.2 and (one := self.one(MOMENTEN)):
            body["vorigContactmoment"] = one
        return body

    def listing(self, collection: str) -> str:
        draw = self.random.choice
        klant, moment = self.one(KLANTEN) or "x", self.one(MOMENTEN) or "x"
        zaak = f"{self.zaken}/zaken/{draw(ZAKEN)}"
        filters = {
            KLANTEN: (
                "",
                f"?klantnummer={draw(NUMBERS)}",
                f"?emailadres={draw(MAILS)}",
                f"?telefoonnummer={draw(PHONES).replace('+', '%2B')}",
                f"?subjectNatuurlijkPersoon__inpBsn={draw(BSNS)}",
                "?subjectNietNatuurlijkPersoon__innNnpId=002220647",
                "?subjectVestiging__vestigingsNummer=000012345678",
                f"?subjectType={draw(('natuurlijk_persoon', 'niet_natuurlijk_persoon', 'vestiging'))}",
                f"?adres__postcode={draw(CODES)}",
                "?bronorganisatie=" + draw(RSINS),
                "?achternaam=Vries",
                "?functie=inkoper",
            ),
            MOMENTEN: (
                "",
                f"?kanaal={draw(KANALEN)}",
                f"?registratiedatum__gt=2024-03-01T00:{self.random.randrange(60):02}:00Z",
                f"?registratiedatum__lte=2024-03-01T00:{self.random.randrange(60):02}:00Z",
                "?medewerkerIdentificatie__identificatie=mw-2",
                "?medewerkerIdentificatie__identificatie=onbekend",
                "?voorkeurstaal=eng",
                "?initiatiefnemer=" + draw(("klant", "gemeente")),
                "?ordering=registratiedatum",
                "?ordering=-kanaal",
                f"?vorigContactmoment={moment}",
                "?bronorganisatie=" + draw(RSINS),
            ),
            KLANT_LINKS: ("", f"?klant={klant}", f"?contactmoment={moment}", "?rol=gesprekspartner"),
            OBJECT_LINKS: ("", f"?object={zaak}", f"?contactmoment={moment}"),
        }
        return collection + draw(filters[collection])

    def note(self, method: str, path: str, status: int) -> None:
        """What a request came to."""
        if method == "POST" and status == 201:
            self.count[path] += 1
        if method == "DELETE" and status == 204 and (it := re.fullmatch(r"<([^#>]+)#(\d+)>", path)):
            self.gone.add((it[1], int(it[2])))


# What a query may be asked besides, right and wrong.
QUERIES = (
    "page=0",
    "page=2",
    "page=x",
    "page=last",
    "foo=1",
    "ordering=foo",
    "ordering=",
    "ordering= registratiedatum",
    "ordering=-registratiedatum",
    "klant=",
    "klant=x",
    "klant=https://voorbeeld.example/1",
    "klant=&contactmoment=",
    "contactmoment=x",
    "object=x",
    "rol=x",
    "rol=%20",
    "subjectType=x",
    "kanaal=%00",
    "registratiedatum=x",
    "registratiedatum__lt=%20",
    "registratiedatum=2024-03-01T00:05:00Z",
    "klantnummer=%20KZ%20",
    "bronorganisatie=1",
    "expand=klantcontactmomenten",
    "expand=foo",
    "vorigContactmoment=",
    "volgendContactmoment=x",
    "websiteUrl=https://voorbeeld.example/",
    "voorkeurskanaal=mail",
)
# No URL of elsewhere, which the face does not fetch.
ODD = (
    None, "", 1, 1.5, True, -1, [], {}, ["a"], [None], {"a": 1}, "x" * 1001, "\0", " spaties ", "\U0001f600",
    "2024-03-01", "2024-02-30T00:00:00Z",
)  # fmt: skip


@dataclass
class Odd(History):
    """A client that errs: a part of its requests has a wrong value, a name too many or one too few."""

    share: float = 0.4

    def requests(self, steps: int) -> Iterator[tuple[str, str, Any]]:
        for method, path, body in super().requests(steps):
            if self.random.random() >= self.share:
                yield method, path, body
            elif isinstance(body, dict):
                yield method, path, self.spoilt(body)
            elif method == "GET" and "#" not in path.partition("?")[0]:
                yield method, f"{path}{'&' if '?' in path else '?'}{self.random.choice(QUERIES)}", None
            else:
                yield method, path, body

    def spoilt(self, body: dict[str, Any]) -> Any:
        draw = self.random.choice
        if self.random.random() < 0.05:
            return draw(([], "x", None, 1, [body]))
        body = json.loads(json.dumps(body))
        # the present moment, which a registratiedatum is without a value, is not the same on two servers
        names = [each for each in sorted(body) if each != "registratiedatum"]
        name = draw([*names, "onbekend", "url", "subject", "medewerker"])
        group = body
        if isinstance(body.get(name), dict) and body[name] and self.random.random() < 0.7:
            group = body[name]
            name = draw(sorted(group))
        if self.random.random() < 0.2:
            group.pop(name, None)
        else:
            group[name] = draw(ODD)
        return body


@dataclass
class Bundle(History):
    """The same of a client of the klantenbundle: a klant has lists, a contactmoment may ask for more."""

    def klant(self) -> dict[str, Any]:
        body = super().klant()
        for name in ("emailadres", "telefoonnummer", "adres"):
            body.pop(name, None)
        lists = {
            "emails": self.items("email", MAILS),
            "telefoonnummers": self.items("telefoonnummer", PHONES),
            "adressen": [{"straatnaam": "Kerkstraat", "huisnummer": "1"}],
        }
        return body | {name: value for name, value in lists.items() if self.random.random() < 0.6}

    def items(self, name: str, values: tuple[str, ...]) -> list[dict[str, str]]:
        names = ("thuis", "", "lang " * 20)
        drawn = self.random.sample(values, self.random.randrange(len(values)))
        return [
            {name: each} | ({"naam": self.random.choice(names)} if self.random.random() < 0.5 else {})
            for each in drawn
        ]

    def moment(self) -> dict[str, Any]:
        draw = self.random.choice
        more = {
            "afwijkendOnderwerp": draw(("Parkeren", "", "vraag " * 40)),
            "resultaat": draw(("Doorverwezen", "")),
            "todo": {
                "name": draw(("Bellen", "", "bellen " * 30)),
                "description": draw(("Graag bellen", "", LONG)),
                "status": draw(("open", "gesloten", "nieuw", "")),
                "completed": draw((True, False)),
                "attendees": draw(([], ["els", "piet"])),
            },
        }
        return super().moment() | {name: value for name, value in more.items() if self.random.random() < 0.5}

    def listing(self, collection: str) -> str:
        found = super().listing(collection)
        gone = any(name in found for name in ("emailadres=", "telefoonnummer=", "adres__"))
        return collection if gone else found
