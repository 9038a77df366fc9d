"""The residents, companies and employees of the municipality, as register clients have stored them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

JSON = dict[str, Any]

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
KEY_CHARACTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789_-"
LONGEST_INSERTION = 10


def passes_eleven_test(digits: str) -> bool:
    """The eleven test on the nine digits of a BSN or RSIN."""
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11 == 0


def numbers(random: Random, *prefixes: str) -> Iterator[str]:
    """Different numbers of nine digits that pass the eleven test, with each prefix in turn.

    A prefix gives way to the next one when half of its numbers are used: drawing goes on as fast as it began.
    """
    seen = set()
    for prefix in prefixes:
        free = 10 ** (8 - len(prefix))
        used = 0
        while used < free // 2:
            start = f"{prefix}{random.randrange(free):0{8 - len(prefix)}d}"
            found = next(
                (number for last in range(10) if passes_eleven_test(number := f"{start}{last}")), None
            )
            if found and found not in seen:
                seen.add(found)
                used += 1
                yield found


def unused(seen: set[str], draw: Callable[[], str]) -> str:
    """What `draw` gives, once that has not been seen."""
    while (found := draw()) in seen:
        pass
    seen.add(found)
    return found


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in the three parts that the registers keep."""

    first: str
    insertion: str
    last: str

    @property
    def full(self) -> str:
        """The whole name: `Pieter de Vries`."""
        return " ".join(filter(None, (self.first, self.insertion, self.last)))

    @property
    def address(self) -> str:
        """The name as the local part of an e-mail address: `pieter.devries`."""
        plain = f"{self.first}.{self.insertion}{self.last}".lower().replace(" ", "").replace("'", "")
        return plain.translate(str.maketrans("ëéüıö", "eeuio"))


@dataclass(frozen=True, slots=True)
class Klant:
    """A klant to create; `name` is that of the person, or of the contact person of the company."""

    body: JSON
    name: Name
    company: str = ""


@dataclass(frozen=True, slots=True)
class Employee:
    """An employee; `data` are those of the object, `login` is the identificatie in contacts."""

    login: str
    name: Name
    department: str
    data: JSON

    @property
    def short(self) -> JSON:
        """The medewerkerIdentificatie in a contactmoment and an interne taak."""
        return {
            "identificatie": self.login,
            "achternaam": self.name.last,
            "voorletters": f"{self.name.first[0]}.",
            "voorvoegselAchternaam": self.name.insertion[:LONGEST_INSERTION],
        }


class People:
    """Makes people and companies; the same `random` gives the same ones."""

    def __init__(self, random: Random, words: Mapping[str, Any], bronorganisatie: str) -> None:
        self.random = random
        self.words = words
        self.bronorganisatie = bronorganisatie
        # Those with 9999 are meant for tests; there are 9,090 of them. None that begins with 9 is in use.
        self._bsn = numbers(random, "9999", "999", "99", "9")
        self._rsin = numbers(random, "00", "0")
        self._keys, self._logins, self._branches = set[str](), set[str](), set[str]()
        self._mails = Counter[str]()

    def name(self) -> Name:
        """Some name."""
        insertion, last = self.random.choice(self.words["achternamen"])
        return Name(self.random.choice(self.words["voornamen"]), insertion, last)

    def resident(self) -> Klant:
        """A natural person; what is filled differs with the application that wrote the record."""
        name = self.name()
        body = self._klant("natuurlijk_persoon", {"inpBsn": next(self._bsn)})
        body |= {
            "voornaam": name.first,
            "voorvoegselAchternaam": name.insertion[:LONGEST_INSERTION],
            "achternaam": name.last,
        }
        self._reachable(body, (name.address, "post.example"))
        if self.random.random() < 0.3:
            body["adres"] = self._address()
        return Klant(body, name)

    def company(self, *, branch: bool) -> Klant:
        """A company, or with `branch` one of its branches (vestiging)."""
        name = self.random.choice(self.words["bedrijven"]) + self.random.choice(self.words["rechtsvormen"])
        if branch:
            number = unused(self._branches, lambda: f"0000{self.random.randrange(10**8):08d}")
            body = self._klant("vestiging", {"vestigingsNummer": number, "handelsnaam": [name]})
        else:
            body = self._klant(
                "niet_natuurlijk_persoon", {"innNnpId": next(self._rsin), "statutaireNaam": name}
            )
        body["bedrijfsnaam"] = name
        site = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())
        self._reachable(body, ("info", f"{site}.example"))
        if self.random.random() < 0.4:
            body["websiteUrl"] = f"https://www.{site}.example/"
            body["functie"] = self.random.choice(self.words["klantfuncties"])
        return Klant(body, self.name(), name)

    def employee(self, department: tuple[str, str], groups: list[tuple[str, str]]) -> Employee:
        """An employee of a department and of some of its groups, each as (identification, name)."""
        name = self.name()
        short = name.last.lower().replace(" ", "")[:5]
        login = unused(self._logins, lambda: f"{short}{self.random.randrange(1000):03d}")
        mail = self._mail(name.address, self.words["domein"])
        data = {
            "identificatie": login,
            "voornaam": name.first,
            "voorvoegselAchternaam": name.insertion,
            "achternaam": name.last,
            "volledigeNaam": name.full,
            "telefoonnummers": [{"telefoonnummer": self._phone()}],
            "emails": [{"naam": name.full, "email": mail}],
            "functie": self.random.choice(self.words["functies"]),
            "afdelingen": [{"afdelingId": department[0], "afdelingnaam": department[1]}],
            "groepen": [{"groepsId": group[0], "groepsnaam": group[1]} for group in groups],
        }
        return Employee(login, name, department[0], data)

    def _klant(self, kind: str, identification: JSON) -> JSON:
        portal = self.random.random() < 0.2
        key = unused(self._keys, self._portal_key if portal else self._key)
        return {
            "bronorganisatie": self.bronorganisatie,
            "klantnummer": key,
            "websiteUrl": "http://www.invalid-url.com/" if portal else f"https://www.{self.words['domein']}/",
            "subjectType": kind,
            "subjectIdentificatie": identification,
        }

    def _portal_key(self) -> str:
        return f"{self.random.randrange(10**8):08d}"

    def _key(self) -> str:
        return "".join(self.random.choices(KEY_CHARACTERS, k=8))

    def _mail(self, local: str, domain: str) -> str:
        """An address of one's own: whoever has the name of another gets a number behind it."""
        mail = f"{local}@{domain}"
        self._mails[mail] += 1
        more = self._mails[mail]
        return mail if more == 1 else f"{local}{more}@{domain}"

    def _reachable(self, body: JSON, mail: tuple[str, str]) -> None:
        if self.random.random() < 0.7:
            body["emailadres"] = self._mail(*mail)
            body["emails"] = [{"naam": "e-mail", "email": body["emailadres"]}]
        if self.random.random() < 0.6:
            body["telefoonnummer"] = self._phone()
            body["telefoonnummers"] = [{"naam": "telefoon", "telefoonnummer": body["telefoonnummer"]}]

    def _phone(self) -> str:
        # Nobody has these numbers: no real one has a 0 after 06, or after its area code.
        start = "060" if self.random.random() < 0.7 else "02990"
        digits = 10 - len(start)
        return f"{start}{self.random.randrange(10**digits):0{digits}d}"

    def _address(self) -> JSON:
        letters = "ABCDEGHJKLMNPRSTVWXZ"
        return {
            "straatnaam": self.random.choice(self.words["straten"]),
            "huisnummer": self.random.randrange(1, 180),
            "postcode": f"1{self.random.randrange(100, 1000)}{''.join(self.random.choices(letters, k=2))}",
            "woonplaatsnaam": self.words["plaats"],
            "landcode": "6030",
        }
