"""KISS in its old mode beside other old clients and new ones: contactverzoeken are objects for it.

The laws are those of `Mixed`, over objects of type InterneTaak too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.reverse.histories import KLANT_LINKS, KLANTEN, LONG, MOMENTEN, History
from tests.reverse.mixed import NEW, Mixed, Record, Records, leaves
from tests.reverse.test_taken import OBJECTS, TYPE, verzoek

TAKEN = "internetaken"
ACTORS = (
    {"naam": "Els Bos", "soortActor": "medewerker", "identificatie": "ebos"},
    {
        "naam": "Joost Berg",
        "soortActor": "medewerker",
        "identificatie": "jberg",
        "naamOrganisatorischeEenheid": "Burgerzaken",
        "identificatieOrganisatorischeEenheid": "BZ",
        "typeOrganisatorischeEenheid": "afdeling",
    },
    {
        "naam": "Parkeren",
        "soortActor": "organisatorische eenheid",
        "identificatie": "PK",
        "typeOrganisatorischeEenheid": "groep",
    },
    {"identificatie": "alleen"},
)
ADDRESSES = (
    {"adres": "jan@example.nl", "soortDigitaalAdres": "email", "omschrijving": "e-mailadres"},
    {"adres": "Info@voorbeeld.example", "soortDigitaalAdres": "email", "omschrijving": "werk"},
    {"adres": "0612345678", "soortDigitaalAdres": "telefoonnummer"},
    {"adres": "030 2861000 tst 3", "soortDigitaalAdres": "telefoonnummer", "omschrijving": "werk"},
    {"adres": "@janjansen", "soortDigitaalAdres": "twitter"},
    {"adres": "zonder soort"},
    {"adres": "lang." + "x" * 90 + "@example.nl", "soortDigitaalAdres": "email"},
)
NAMES = (
    {"voornaam": "Jan", "achternaam": "Jansen"},
    {"voornaam": "Anna", "voorvoegselAchternaam": "de", "achternaam": "Vries"},
    {"achternaam": "x" * 200},
)
WHEN = ("2024-03-01T10:15:00+01:00", "2024-03-02T09:00:00Z", "2024-03-03T00:30:00+02:00")
SOUGHT = ("jan@", "INFO@", "2861000", "vriend")

# What a new client has to know for a write of each kind; for others, the taken.
TAAK_CONCERNS = {
    "make": ("klantcontacten",),
    "name": ("betrokkenen",),
    "adres": ("digitaleadressen", "betrokkenen", "klantcontacten"),
}


def about(record: Record) -> str:
    """The uuid of the contact that an object is about; "" of what is no object."""
    return str((record.get("data") or {}).get("contactmoment", "")).rpartition("/")[2]


@dataclass
class Kissing(Mixed):
    """A history in which KISS takes part."""

    assigned: dict[str, set[str]] = field(default_factory=dict)
    """The actors that a new client assigned to a taak beside others."""
    people: set[str] = field(default_factory=set)

    def play(self, steps: int) -> list[str]:
        history = History(self.random, self.chain.zaken)
        self.urls = {each: [] for each in history.count}
        for method, path, body in history.requests(1):
            self.old_write(history, method, path, body)
        self.asked_back(history)
        for self.number in range(steps):
            draw = self.random.random()
            if draw < 0.35:
                self.kiss(history)
            elif draw < 0.55:
                method, path, body = history.step()
                if method != "GET":
                    self.old_write(history, method, path, body)
            elif draw < 0.65:
                self.unchanged()
            elif draw < 0.85:
                self.new_taak()
            else:
                self.new_write()
        return self.broken

    # what is there

    def all_old(self) -> Iterator[Record]:
        """Objects too, with what is below `record`."""
        yield from super().all_old()
        yield from ({"url": each["url"], **each["record"]} for each in self.objects())

    def objects(self, **query: str) -> list[Any]:
        return list(self.chain.old.all(OBJECTS, type=TYPE, pageSize="100", **query))

    @property
    def resources(self) -> tuple[str, ...]:
        return (*NEW, TAKEN)

    @property
    def compared(self) -> tuple[str, ...]:
        return (*super().compared, TAKEN)

    # KISS

    def kiss(self, history: History) -> None:
        """A step of KISS."""
        there = {url: each for url, each in self.olds().items() if about(each)}
        kind = self.random.choice(("make", "make", "change", "change", "whole", "same", "less", "search"))
        if kind == "make" or not there:
            self.asked_back(history)
        elif kind == "search":
            self.search(there)
        else:
            self.changed(kind, there)

    def asked_back(self, history: History) -> None:
        """Contact, object, and as often as not the link with the klant: that is the object's betrokkene."""
        if self.random.random() < 0.5 or history.one(MOMENTEN) is None:
            self.old_write(history, "POST", MOMENTEN, history.moment())
        contact, klant = history.one(MOMENTEN), history.one(KLANTEN)
        body = self.verzoek(self.filled(contact or ""), self.filled(klant) if klant else None)
        old_before, new_before = self.olds(), self.news(*self.compared)
        answer = self.chain.old.call("POST", OBJECTS, json=body)
        self.law("a contactverzoek is taken", 201, answer.status_code)
        if answer.status_code != 201:
            self.broken.append(f"{self.number} {answer.text[:300]}")
            return
        made = answer.json()
        self.law("a contactverzoek reads as written", body["record"]["data"], made["record"]["data"])
        old, new = self.olds(), self.news(*self.compared)
        self.law("a contactverzoek reads back", made["record"], without_url(old[made["url"]]))
        self.others("POST of an object", made["url"], old_before, old)
        contact_uuid = about(made["record"])
        self.unknown(self.apart(new_before, contact_uuid), new)
        self.filled_out(new_before, new)
        more = len(new["betrokkenen"]) - len(new_before["betrokkenen"])
        self.law("an object makes one betrokkene at most", more in (0, 1), True)
        if klant and body["record"]["data"]["betrokkene"].get("klant") and self.random.random() < 0.6:
            rol = self.random.choice(("belanghebbende", "gesprekspartner"))
            linked = {"contactmoment": contact, "klant": klant, "rol": rol}
            self.old_write(history, "POST", KLANT_LINKS, linked)
            count = self.of_both(self.filled(contact or ""), self.filled(klant))
            links = [each for each in self.olds().values() if both(each, contact, klant, self.filled)]
            self.law("a klant is in a contact as often as its links say", len(links), count)

    def filled_out(self, before: dict[str, Records], after: dict[str, Records]) -> None:
        """What a betrokkene says stays; what it does not say yet, an object may."""
        for uuid, record in before["betrokkenen"].items():
            said = {name: value for name, value in leaves(record) if isinstance(value, str) and value}
            said.pop("volledigeNaam", None)  # follows from the others
            now = dict(leaves(after["betrokkenen"].get(uuid, {})))
            self.law("a betrokkene is filled out", said, {name: now.get(name) for name in said})

    def of_both(self, contact: str, klant: str) -> int:
        """How many betrokkenen there are of a klant in a contact."""
        ends = [each.rpartition("/")[2] for each in (contact, klant)]
        found = self.chain.running.served.all("betrokkenen", hadKlantcontact__uuid=ends[0])
        return sum((each["wasPartij"] or {}).get("uuid") == ends[1] for each in found)

    def verzoek(self, contact: str, klant: str | None) -> Any:
        draw, chance = self.random.choice, self.random.random
        about_whom: Record = {"digitaleAdressen": self.random.sample(ADDRESSES, self.random.randrange(4))}
        about_whom |= {"rol": draw(("klant", "vertegenwoordiger"))} if chance() < 0.7 else {}
        about_whom |= {"persoonsnaam": draw(NAMES)} if chance() < 0.6 else {}
        about_whom |= {"organisatie": draw(("De Hoek BV", "y" * 250))} if chance() < 0.2 else {}
        about_whom |= {"klant": klant} if klant and chance() < 0.7 else {}
        body = verzoek(contact, actor=draw(ACTORS), betrokkene=about_whom, registratiedatum=draw(WHEN))
        data = body["record"]["data"]
        body["record"]["startAt"] = data["registratiedatum"][:10]
        data |= {"toelichting": draw(("Graag bellen", LONG))} if chance() < 0.5 else {}
        data |= {"handeling": draw(("Bellen", "bellen " * 40))} if chance() < 0.3 else {}
        for name in ("verantwoordelijkeAfdeling", "medewerkerIdentificatie"):
            if chance() < 0.3:
                del data[name]
        return body

    def changed(self, kind: str, there: Records) -> None:
        """KISS changes, replaces, sends back or deletes an object."""
        url = self.one_of(there)
        before = there[url]
        other = self.verzoek(before["data"]["contactmoment"], before["data"]["betrokkene"].get("klant"))
        data = other["record"]["data"]
        if kind == "change":
            names = self.random.sample(sorted(set(data) - {"contactmoment"}), self.random.randint(1, 3))
            data = {name: data[name] for name in names}
            data |= {"status": "verwerkt", "datumVerwerkt": WHEN[0]} if self.random.random() < 0.4 else {}
        elif kind == "same":
            data = before["data"]
        method = {"change": "PATCH", "less": "DELETE"}.get(kind, "PUT")
        sent = {**other, "record": {**other["record"], "startAt": before["startAt"], "data": data}}
        looked_at = () if kind == "same" else self.compared
        old_before, new_before = self.olds(), self.news(*looked_at)
        body = None if kind == "less" else sent if method == "PUT" else {"record": {"data": data}}
        answer = self.chain.old.call(method, url, json=body)
        self.law(f"{method} of an object", True, answer.status_code < 300)
        if answer.status_code >= 300:
            self.broken.append(f"{self.number} {answer.text[:300]}")
            return
        old, new = self.olds(), self.news(*looked_at)
        if kind == "less":
            self.law("a deleted object is gone", url in old, False)
        else:
            said = dict(leaves(data))
            read = dict(leaves(old[url]["data"]))
            self.law(f"{method} of an object reads as written", said, {key: read.get(key) for key in said})
        if kind == "change":
            rest = {name: value for name, value in before["data"].items() if name not in data}
            self.law(
                "PATCH of an object leaves the rest", rest, {key: old[url]["data"].get(key) for key in rest}
            )
        if kind == "whole":
            self.law("PUT of an object leaves nothing", data, old[url]["data"])
        if kind == "same":
            self.law("an object sent back changes nothing new", new_before, new)
        self.others(method, url, old_before, old)
        self.unknown(self.apart(new_before, about(before)), new, url if "actor" in data else "")

    def apart(self, news: dict[str, Records], contact: str) -> dict[str, Records]:
        """The new records without those that are the betrokkene of an object about a contact."""
        whose = "hadKlantcontact"
        people = {
            key for key, each in news["betrokkenen"].items() if (each[whose] or {}).get("uuid") == contact
        }
        rest = {key: each for key, each in news["betrokkenen"].items() if key not in people}
        addresses = {
            key: each
            for key, each in news["digitaleadressen"].items()
            if (each["verstrektDoorBetrokkene"] or {}).get("uuid") not in people
        }
        return {**news, "betrokkenen": rest, "digitaleadressen": addresses}

    def unknown(self, before: dict[str, Records], after: dict[str, Records], replaced: str = "") -> None:
        """Also actors that a new client assigned; `replaced` is the object of which KISS names another."""
        super().unknown(before, after)
        for uuid, actors in self.assigned.items():
            if uuid in after[TAKEN] and not replaced.endswith(uuid):
                there = {each["uuid"] for each in after[TAKEN][uuid]["toegewezenAanActoren"]}
                self.law("assigned actors stay", actors - there, set())

    def search(self, there: Records) -> None:
        """What KISS asks gives exactly what reads so."""
        text = self.random.choice(SOUGHT)
        klanten = {each["data"]["betrokkene"].get("klant") for each in there.values()} - {None}
        of_klant = self.one_of(klanten) if klanten else None
        asked = {f"betrokkene__digitaleAdressen__icontains__{text}": lambda data: _has(data, text)}
        if of_klant:
            asked[f"betrokkene__klant__exact__{of_klant}"] = lambda data: (
                data["betrokkene"].get("klant") == of_klant
            )
        asked["status__exact__verwerkt"] = lambda data: data.get("status") == "verwerkt"
        for query, reads_so in asked.items():
            wanted = {url for url, each in there.items() if reads_so(each["data"])}
            found = {each["url"] for each in self.objects(data_attr=query)}
            self.law(f"a search for {query}", sorted(wanted), sorted(found))

    # new clients

    def new_taak(self) -> None:
        """A new client changes, makes or deletes a taak, or what a taak says of whom it is about."""
        kind = self.random.choice(("say", "done", "make", "actor", "name", "adres", "less"))
        before, new = self.olds(), self.news(*TAAK_CONCERNS.get(kind, (TAKEN,)))
        taken, served = new.get(TAKEN, {}), self.chain.running.served
        if kind == "make" and new["klantcontacten"]:
            self.made(before, new)
        elif kind == "name":
            self.named(before, new)
        elif kind == "adres":
            self.readdressed(before, new)
        elif kind in ("say", "done", "actor", "less") and taken:
            uuid = self.one_of(taken)
            if kind == "less":
                served.delete(f"{TAKEN}/{uuid}")
                self.stay(before, lambda url, _: url.endswith(uuid))
            elif kind == "say":
                served.patch(f"{TAKEN}/{uuid}", {"toelichting": f"nieuw {self.number}"})
                self.wins(before, uuid, {"data.toelichting": f"nieuw {self.number}"})
            elif kind == "done":
                status = "verwerkt" if taken[uuid]["status"] == "te_verwerken" else "te_verwerken"
                served.patch(f"{TAKEN}/{uuid}", {"status": status})
                self.wins(before, uuid, {"data.status": status.replace("_", " ")})
            else:
                self.assign(uuid, taken[uuid])
                self.stay(before, lambda url, _: False)

    def assign(self, uuid: str, taak: Record) -> None:
        """A program beside whoever has it already."""
        served = self.chain.running.served
        known = {
            "codeObjecttype": "x",
            "codeRegister": "x",
            "codeSoortObjectId": "x",
            "objectId": f"{self.number}",
        }
        program = {"naam": "Programma", "soortActor": "geautomatiseerde_actor", "actoridentificator": known}
        actor = served.post("actoren", program)
        there = [{"uuid": each["uuid"]} for each in taak["toegewezenAanActoren"]]
        if there:
            served.patch(f"{TAKEN}/{uuid}", {"toegewezenAanActoren": [*there, {"uuid": actor["uuid"]}]})
            self.assigned.setdefault(uuid, set()).add(actor["uuid"])

    def made(self, before: Records, new: dict[str, Records]) -> None:
        contact = self.one_of(new["klantcontacten"])
        body = {"gevraagdeHandeling": "Bellen", "status": "te_verwerken", "toelichting": "Van een nieuwe"}
        refers = {"aanleidinggevendKlantcontact": {"uuid": contact}, "toegewezenAanActoren": []}
        made = self.chain.running.served.post(TAKEN, {**body, **refers})
        self.stay(before, lambda url, _: False)
        shown = [each for url, each in self.olds().items() if url.endswith(made["uuid"])]
        self.law("a taak is an object", ["Van een nieuwe"], [each["data"]["toelichting"] for each in shown])

    def named(self, before: Records, new: dict[str, Records]) -> None:
        """The name of a betrokkene, which objects about the contact show when there is no other."""
        if not new["betrokkenen"]:
            return
        one = new["betrokkenen"][self.one_of(new["betrokkenen"])]
        contact = one["hadKlantcontact"]["uuid"]
        name = {
            "voorletters": "",
            "voornaam": "",
            "voorvoegselAchternaam": "",
            "achternaam": f"N{self.number}",
        }
        self.chain.running.served.patch(f"betrokkenen/{one['uuid']}", {"contactnaam": name})
        self.stay(before, lambda _, each: about(each) == contact)
        alone = [each for each in new["betrokkenen"].values() if each["hadKlantcontact"]["uuid"] == contact]
        for each in self.olds().values() if len(alone) == 1 else ():
            if about(each) == contact:
                shown = each["data"]["betrokkene"].get("persoonsnaam", {}).get("achternaam")
                self.law("a new name wins", f"N{self.number}", shown)

    def readdressed(self, before: Records, new: dict[str, Records]) -> None:
        """An address of a betrokkene, which objects about the contact show."""
        of_people = {
            key: each for key, each in new["digitaleadressen"].items() if each["verstrektDoorBetrokkene"]
        }
        if not of_people:
            return
        uuid = self.one_of(of_people)
        person = new["betrokkenen"][of_people[uuid]["verstrektDoorBetrokkene"]["uuid"]]
        contact, was = person["hadKlantcontact"]["uuid"], of_people[uuid]["adres"]
        kind = of_people[uuid]["soortDigitaalAdres"]
        value = f"06{self.number:08}" if kind == "telefoonnummer" else f"a{self.number}@example.nl"
        self.chain.running.served.patch(f"digitaleadressen/{uuid}", {"adres": value})
        self.stay(before, lambda _, each: about(each) == contact)
        after = self.olds()
        # of several in a contact, objects show whoever has been there longest
        first = new["klantcontacten"][contact]["hadBetrokkenen"][0]["uuid"] == person["uuid"]
        for url, each in before.items() if first else ():
            addresses = [
                it["adres"] for it in each.get("data", {}).get("betrokkene", {}).get("digitaleAdressen", ())
            ]
            if about(each) == contact and addresses.count(was) == 1:
                now = [it["adres"] for it in after[url]["data"]["betrokkene"]["digitaleAdressen"]]
                alike = [value if it == was else it for it in addresses]
                self.law("a new address wins", sorted(alike), sorted(now))

    def address(self, kind: str, before: Records, new: dict[str, Records]) -> None:
        """Of a partij; see `readdressed` for those of a betrokkene."""
        of_partijen = {
            key: each for key, each in new["digitaleadressen"].items() if each["verstrektDoorPartij"]
        }
        if of_partijen:
            super().address(kind, before, {**new, "digitaleadressen": of_partijen})

    def new_write(self) -> None:
        self.people = set(self.news("betrokkenen")["betrokkenen"])
        super().new_write()

    def concerned(self, url: str, record: Record, uuid: str) -> bool:
        """An object shows the rol of a betrokkene of its contact."""
        return bool(about(record)) and not url.endswith(uuid) and uuid in self.people

    def stay(self, before: Records, but: Any) -> None:
        """Old records stay as they read, but for some."""
        after = self.olds()
        for url, record in before.items():
            if not but(url, record):
                self.law("a new write leaves the rest", record, after.get(url, {}))


def without_url(record: Record) -> Record:
    return {name: value for name, value in record.items() if name != "url"}


def both(record: Record, contact: str | None, klant: str | None, filled: Any) -> bool:
    """Whether an old record is a link of this klant and this contact."""
    ends = filled(json.dumps([contact, klant]))
    return [record.get("contactmoment"), record.get("klant")] == json.loads(ends)


def _has(data: Record, text: str) -> bool:
    return any(text.lower() in each["adres"].lower() for each in data["betrokkene"]["digitaleAdressen"])
