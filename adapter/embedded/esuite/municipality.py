"""A municipality in the embedded e-Suite: what its employees recorded there, and what clients recorded.

It is the one of the other registers, smaller: contacts pass through the APIs one by one, as they would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from adapter.embedded.esuite.organisation import Organisation, read_organisation
from adapter.embedded.municipality.contacts import Contact
from adapter.embedded.municipality.people import JSON, Klant
from adapter.embedded.municipality.plan import Municipality, Size, plan

# (method, path, body) to the JSON of the answer.
Ask = Callable[[str, str, Any], Any]

CONTACTS = 45
# One in so many contacts is recorded by an employee in the e-Suite.
OWN = 3
TASK, REPORT = "Contactverzoek", "Contactmoment"
UNITS = {"afdeling": "afd", "groep": "grp"}


def small(zaken: str, contacts: int = 0) -> Municipality:
    """The municipality; `zaken` is the base URL of its Zaken API, `contacts` how many it has."""
    amount = contacts or CONTACTS
    return plan(Size(amount * 2 // 3 + 1, 0, 12, 0, amount), zaken)


def organisation(town: Municipality) -> Organisation:
    """The names that exist in the e-Suite: its own, and those of the municipality."""
    own = read_organisation()
    named = {kind: [data for each, data in town.objects if each == kind] for kind in ("Afdeling", "Groep")}
    employees = {
        data["identificatie"]: {
            "naam": data["volledigeNaam"],
            "afdeling": data["afdelingen"][0]["afdelingnaam"],
        }
        for kind, data in town.objects
        if kind == "Medewerker"
    }
    return replace(
        own,
        kanalen=own.kanalen | {each.body["kanaal"] for each in town.contacts},
        afdelingen=own.afdelingen | {each["naam"] for each in named["Afdeling"]},
        groepen=own.groepen | {each["naam"] for each in named["Groep"]},
        medewerkers={**own.medewerkers, **employees},
        bekend={_bsn(each): _name(each) for each in town.klanten},
    )


@dataclass
class Recording:
    """Records a municipality: by `klantbrug` as clients do, by `esuite` as employees do."""

    klantbrug: Ask
    esuite: Ask
    _actors: dict[str, JSON] = field(default_factory=dict)

    def all_of(self, town: Municipality) -> Klant | None:
        """Record everything; returns somebody who has contacts."""
        partijen: dict[int, JSON] = {}
        for number, contact in enumerate(town.contacts):
            klant = contact.klant
            if klant is not None and klant not in partijen:
                partijen[klant] = self._partij(town.klanten[klant])
            partij = None if klant is None else partijen[klant]
            somebody = None if klant is None else town.klanten[klant]
            if number % OWN:
                self._by_client(contact, partij, somebody)
            else:
                self._by_employee(contact, somebody)
        return next((town.klanten[each] for each in partijen), None)

    def _partij(self, klant: Klant) -> JSON:
        number = {
            "codeObjecttype": "natuurlijk_persoon",
            "codeRegister": "brp",
            "codeSoortObjectId": "bsn",
            "objectId": _bsn(klant),
        }
        made: JSON = self.klantbrug(
            "POST",
            "partijen",
            {
                "soortPartij": "persoon",
                "indicatieActief": True,
                "indicatieGeheimhouding": False,
                "digitaleAdressen": None,
                "voorkeursDigitaalAdres": None,
                "rekeningnummers": None,
                "voorkeursRekeningnummer": None,
                "partijIdentificatie": {"contactnaam": _contactnaam(klant)},
                "partijIdentificatoren": [{"partijIdentificator": number}],
            },
        )
        for kind, member in (("email", "emailadres"), ("telefoonnummer", "telefoonnummer")):
            if address := klant.body.get(member):
                self._address(address, kind, {"verstrektDoorPartij": _ref(made)})
        return made

    def _address(self, address: str, kind: str, owner: JSON) -> None:
        nobody = {"verstrektDoorBetrokkene": None, "verstrektDoorPartij": None}
        body = {**nobody, **owner, "adres": address, "soortDigitaalAdres": kind, "omschrijving": kind}
        self.klantbrug("POST", "digitaleadressen", body)

    def _by_client(self, contact: Contact, partij: JSON | None, somebody: Klant | None) -> None:
        text = contact.body["tekst"]
        subject = text.partition(".")[0]
        made = self.klantbrug(
            "POST",
            "klantcontacten",
            {
                "kanaal": contact.body["kanaal"],
                "onderwerp": subject[:200],
                "inhoud": text[:1000],
                "plaatsgevondenOp": contact.body["registratiedatum"],
                "indicatieContactGelukt": True,
                "taal": "nld",
                "vertrouwelijk": False,
            },
        )
        who = self.klantbrug(
            "POST",
            "betrokkenen",
            {
                "hadKlantcontact": _ref(made),
                "wasPartij": _ref(partij) if partij else None,
                "rol": "klant",
                "initiator": True,
                "contactnaam": _contactnaam(somebody),
            },
        )
        if contact.zaak:
            self._about(made, contact.zaak)
        if contact.task is not None:
            for each in contact.task.data["betrokkene"]["digitaleAdressen"]:
                owner = {"verstrektDoorBetrokkene": _ref(who)}
                self._address(each["adres"], each["soortDigitaalAdres"], owner)
            self._task(made, contact.task.data)

    def _about(self, made: JSON, zaak: str) -> None:
        case = {
            "codeObjecttype": "zgw-Zaak",
            "codeRegister": "openzaak",
            "codeSoortObjectId": "uuid",
            "objectId": zaak.rpartition("/")[2],
        }
        body = {"klantcontact": _ref(made), "wasKlantcontact": None, "onderwerpobjectidentificator": case}
        self.klantbrug("POST", "onderwerpobjecten", body)

    def _task(self, made: JSON, data: JSON) -> None:
        self.klantbrug(
            "POST",
            "internetaken",
            {
                "aanleidinggevendKlantcontact": _ref(made),
                "toegewezenAanActoren": [_ref(self._actor(data["actor"]))],
                "gevraagdeHandeling": data["handeling"],
                "toelichting": data["toelichting"],
                "status": "te_verwerken",
            },
        )

    def _actor(self, data: JSON) -> JSON:
        known = data["identificatie"]
        if known not in self._actors:
            unit = data["soortActor"] != "medewerker"
            code = UNITS[data["typeOrganisatorischeEenheid"]] if unit else "mdw"
            identified = {
                "objectId": data["naam"] if unit else known,
                "codeObjecttype": code,
                "codeRegister": "obj",
                "codeSoortObjectId": "naam" if unit else "idf",
            }
            self._actors[known] = self.klantbrug(
                "POST",
                "actoren",
                {
                    "naam": data["naam"],
                    "soortActor": "organisatorische_eenheid" if unit else "medewerker",
                    "indicatieActief": True,
                    "actoridentificator": identified,
                },
            )
        return self._actors[known]

    def _by_employee(self, contact: Contact, somebody: Klant | None) -> None:
        made = self.esuite("POST", "contactmomenten/api/v1/contactmomenten", dict(_own(contact)))
        if somebody is not None:
            found = self.esuite(
                "GET", f"klanten/api/v1/klanten?subjectNatuurlijkPersoon__inpBsn={_bsn(somebody)}", None
            )
            link = {
                "contactmoment": made["url"],
                "klant": found["results"][0]["url"],
                "rol": "gesprekspartner",
            }
            self.esuite("POST", "contactmomenten/api/v1/klantcontactmomenten", link)
        if contact.task is not None and contact.task.data["status"] == "verwerkt":
            change = {"status": "afgehandeld", "antwoord": "Gebeld en uitgelegd."}
            self.esuite("PATCH", f"kantoor/contacten/{made['url'].rpartition('/')[2]}", change)


def _own(contact: Contact) -> Iterator[tuple[str, Any]]:
    """The members of a contact that an employee records: a task, or a report."""
    text = contact.body["tekst"]
    subject, _, rest = text.partition(". ")
    yield from (("kanaal", contact.body["kanaal"]), ("registratiedatum", contact.body["registratiedatum"]))
    yield (
        "medewerkerIdentificatie",
        {"identificatie": contact.body["medewerkerIdentificatie"]["identificatie"]},
    )
    yield "tekst", subject
    if contact.task is None:
        yield from (("type", REPORT), ("status", "afgehandeld"), ("antwoord", rest or text))
        return
    yield from (("type", TASK), ("toelichting", contact.task.data["toelichting"]))
    actor = contact.task.data["actor"]
    kind = actor["typeOrganisatorischeEenheid"]
    yield kind, actor.get("naamOrganisatorischeEenheid", actor["naam"])
    yield "status", "in_behandeling"


def _contactnaam(somebody: Klant | None) -> JSON:
    if somebody is None:
        return {"voorletters": "", "voornaam": "", "voorvoegselAchternaam": "", "achternaam": "Onbekend"}
    return {"voorletters": f"{somebody.name.first[0]}.", **_name(somebody)}


def _name(klant: Klant) -> dict[str, str]:
    name = klant.name
    return {"voornaam": name.first, "voorvoegselAchternaam": name.insertion, "achternaam": name.last}


def _bsn(klant: Klant) -> str:
    number: str = klant.body["subjectIdentificatie"]["inpBsn"]
    return number


def _ref(made: JSON) -> JSON:
    return {"uuid": made["uuid"]}
