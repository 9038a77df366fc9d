"""The contacts of the municipality, with their interne taken, as KISS writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from adapter.embedded.municipality.people import JSON, Employee, Klant

DAYS = 400
GONE = "00000000-0000-4000-8000-00000000dead"
"""The uuid of a record that somebody deleted."""
ROLES = ("gesprekspartner", "gesprekspartner", "gesprekspartner", "belanghebbende")


@dataclass(frozen=True, slots=True)
class Task:
    """An interne taak to create; its references to the contact and the klant are added then.

    `reference` is that to the contact, in which `{url}` is its URL and `{collection}` that of all contacts.
    """

    data: JSON
    with_klant: bool
    reference: str = "{url}"


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact to create; `klant` and `previous` are positions in the lists of klanten and contacts.

    One whose klant is `gone` is linked to a klant that does not exist.
    """

    body: JSON
    klant: int | None
    role: str
    previous: int | None
    zaak: str
    task: Task | None
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """The departments, groups and employees of the municipality, by the identification of the department.

    The first `usual` departments are those that every municipality has.
    """

    usual: int
    departments: Mapping[str, str]
    groups: Mapping[str, Sequence[tuple[str, str]]]
    employees: Mapping[str, Sequence[Employee]]


class Contacts:
    """Makes contacts; the same `random` gives the same ones."""

    def __init__(
        self, random: Random, words: Mapping[str, Any], organisation: Organisation, until: datetime
    ) -> None:
        self.random = random
        self.words = words
        self.organisation = organisation
        self.until = until

    def make(self, klanten: Sequence[Klant], amount: int, zaken: str, bronorganisatie: str) -> list[Contact]:
        """Contacts from old to new; `zaken` is the base URL of the Zaken API, empty for none."""
        moments = sorted(self._moment() for _ in range(amount))
        made: list[Contact] = []
        for at, moment in enumerate(moments):
            subject = self.random.choice(self.words["onderwerpen"])
            klant = self._caller(len(klanten)) if self.random.random() < 0.85 else None
            about_case = zaken and subject.get("zaak") and self.random.random() < 0.4
            spoken = klanten[klant] if klant is not None else None
            made.append(
                Contact(
                    body=self._body(subject, moment, bronorganisatie, long=at == amount // 2),
                    klant=klant,
                    role=self.random.choice(ROLES),
                    previous=at - 1 if at and self.random.random() < 0.04 else None,
                    zaak=f"{zaken}/zaken/{self._zaak()}" if about_case else "",
                    task=self._task(subject, moment, spoken, at) if self.random.random() < 0.16 else None,
                )
            )
        return made

    def _caller(self, amount: int) -> int:
        """The position of who called: a few call much more often than most."""
        return int(amount * self.random.random() ** 2)

    def _moment(self) -> datetime:
        day = self.until - timedelta(days=self.random.randrange(1, DAYS))
        opened = day.replace(hour=8, minute=0, second=0, microsecond=0)
        return opened + timedelta(seconds=self.random.randrange(9 * 3600))

    def _body(
        self, subject: Mapping[str, Any], moment: datetime, bronorganisatie: str, *, long: bool
    ) -> JSON:
        employee = self.random.choice(self.organisation.employees["KCC"])
        return {
            "bronorganisatie": bronorganisatie,
            "registratiedatum": _text(moment),
            "kanaal": self.random.choice(self.words["kanalen"]),
            "tekst": self.words["lang"] if long else self.random.choice(subject["teksten"]),
            "initiatiefnemer": "gemeente" if self.random.random() < 0.1 else "klant",
            "medewerkerIdentificatie": employee.short,
        }

    def _zaak(self) -> str:
        # The first four bits are 0, so it does not begin with `dead`: the stand-in has such a zaak.
        return str(UUID(int=self.random.getrandbits(124), version=4))

    def _task(self, subject: Mapping[str, Any], moment: datetime, klant: Klant | None, at: int) -> Task:
        asked = self.random.choice(self.organisation.employees["KCC"])
        done = self.random.random() < 0.4
        data: JSON = {
            "nummer": f"{moment.year}{at:06d}",
            "status": "verwerkt" if done else "te verwerken",
            "handeling": "Contact opnemen met betrokkene",
            "toelichting": subject["verzoek"],
            "registratiedatum": _text(moment),
            "actor": self._actor(self._department(subject)),
            "betrokkene": self._betrokkene(klant),
            "medewerkerIdentificatie": asked.short,
        }
        return Task(data, klant is not None)

    def _department(self, subject: Mapping[str, Any]) -> str:
        """That of the subject; in a large municipality often another one that has its work."""
        others = [*self.organisation.departments][self.organisation.usual :]
        own: str = subject["afdeling"]
        return self.random.choice(others) if others and self.random.random() < 0.5 else own

    def _actor(self, department: str) -> JSON:
        kind = self.random.random()
        name = self.organisation.departments[department]
        groups = self.organisation.groups[department]
        if kind < 0.5:
            employee = self.random.choice(self.organisation.employees[department])
            return {
                "naam": employee.name.full,
                "soortActor": "medewerker",
                "identificatie": employee.login,
                "naamOrganisatorischeEenheid": name,
                "identificatieOrganisatorischeEenheid": department,
                "typeOrganisatorischeEenheid": "afdeling",
            }
        if kind < 0.75 and groups:
            identification, name = self.random.choice(groups)
            return self._unit(identification, name, "groep")
        return self._unit(department, name, "afdeling")

    def _unit(self, identification: str, name: str, kind: str) -> JSON:
        return {
            "naam": name,
            "soortActor": "organisatorische eenheid",
            "identificatie": identification,
            "typeOrganisatorischeEenheid": kind,
        }

    def _betrokkene(self, klant: Klant | None) -> JSON:
        if klant is None:
            addresses = [self._address("0600000000", "telefoonnummer", "telefoonnummer")]
            return {"rol": "klant", "persoonsnaam": {"achternaam": "Onbekend"}, "digitaleAdressen": addresses}
        name = klant.name
        found: JSON = {
            "rol": "klant",
            "persoonsnaam": {
                "voornaam": name.first,
                "voorvoegselAchternaam": name.insertion,
                "achternaam": name.last,
            },
        }
        if klant.company:
            found["organisatie"] = klant.company
        mail, phone = klant.body.get("emailadres"), klant.body.get("telefoonnummer")
        addresses = [self._address(mail, "email", "e-mailadres")] if mail else []
        addresses += [self._address(phone, "telefoonnummer", "telefoonnummer")] if phone else []
        found["digitaleAdressen"] = addresses or [
            self._address(f"{name.address}@werk.example", "email", "werk")
        ]
        return found

    def _address(self, address: str, kind: str, description: str) -> JSON:
        return {"adres": address, "soortDigitaalAdres": kind, "omschrijving": description}


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
