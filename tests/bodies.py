"""The smallest bodies that the served API takes, and what is given besides."""

from typing import Any

JSON = dict[str, Any]

ZAAK = "5f6a1c52-7f0e-4d6c-9a43-0f5e0b9f7a11"
OTHER_ZAAK = "6f6a1c52-7f0e-4d6c-9a43-0f5e0b9f7a22"
BSN = "999990019"
OTHER_BSN = "999992570"
RSIN = "002220647"
VESTIGING = "000012345678"


def ref(resource: JSON | None) -> JSON | None:
    """A reference to something that was answered before."""
    return resource and {"uuid": resource["uuid"]}


def contact(**members: Any) -> JSON:
    """A klantcontact."""
    smallest = {"kanaal": "telefoon", "onderwerp": "Verhuizing", "taal": "nld", "vertrouwelijk": False}
    return {**smallest, **members}


def persoon(**members: Any) -> JSON:
    """A partij that is a person."""
    naam = {"voorletters": "P.", "voornaam": "Pieter", "voorvoegselAchternaam": "de", "achternaam": "Vries"}
    return partij("persoon", partijIdentificatie={"contactnaam": naam}, **members)


def organisatie(naam: str = "Bakkerij De Korenbloem", **members: Any) -> JSON:
    """A partij that is an organisation."""
    return partij("organisatie", partijIdentificatie={"naam": naam}, **members)


def partij(soort: str, **members: Any) -> JSON:
    """A partij, with the empty members that clients send."""
    empty: JSON = {
        "digitaleAdressen": [],
        "voorkeursDigitaalAdres": None,
        "rekeningnummers": [],
        "voorkeursRekeningnummer": None,
        "partijIdentificatoren": [],
    }
    kind = {"soortPartij": soort, "indicatieActief": True, "indicatieGeheimhouding": False}
    return {**empty, **kind, **members}


def identificator(soort: str, number: str, partij: JSON | None = None, sub: JSON | None = None) -> JSON:
    """A partij-identificator: bsn, rsin, kvk_nummer or vestigingsnummer."""
    kinds = {"bsn": ("natuurlijk_persoon", "brp"), "vestigingsnummer": ("vestiging", "hr")}
    objecttype, register = kinds.get(soort, ("niet_natuurlijk_persoon", "hr"))
    code = {"codeObjecttype": objecttype, "codeRegister": register, "codeSoortObjectId": soort}
    return {
        "identificeerdePartij": ref(partij),
        "partijIdentificator": {**code, "objectId": number},
        "subIdentificatorVan": ref(sub),
    }


def betrokkene(contact: JSON, partij: JSON | None = None, **members: Any) -> JSON:
    """A betrokkene of a klantcontact."""
    smallest = {"wasPartij": ref(partij), "hadKlantcontact": ref(contact), "rol": "klant", "initiator": True}
    return {**smallest, **members}


def adres(
    adres: str,
    soort: str = "email",
    *,
    partij: JSON | None = None,
    betrokkene: JSON | None = None,
    **more: Any,
) -> JSON:
    """A digitaal adres."""
    owners = {"verstrektDoorPartij": ref(partij), "verstrektDoorBetrokkene": ref(betrokkene)}
    return {**owners, "adres": adres, "soortDigitaalAdres": soort, "omschrijving": "", **more}


def actor(
    identificatie: str, naam: str, *, soort: str = "medewerker", codes: str = "mdw/obj/idf", **more: Any
) -> JSON:
    """An actor with the codes that KISS and ITA use."""
    objecttype, register, kind = codes.split("/")
    code = {
        "objectId": identificatie,
        "codeObjecttype": objecttype,
        "codeRegister": register,
        "codeSoortObjectId": kind,
    }
    return {"naam": naam, "soortActor": soort, "indicatieActief": True, "actoridentificator": code, **more}


def taak(contact: JSON, *actoren: JSON, **members: Any) -> JSON:
    """An interne taak for some actoren."""
    return {
        "gevraagdeHandeling": "Contact opnemen met betrokkene",
        "aanleidinggevendKlantcontact": ref(contact),
        "toegewezenAanActoren": [ref(each) for each in actoren],
        "toelichting": "Graag terugbellen",
        "status": "te_verwerken",
        **members,
    }


def onderwerp(contact: JSON, zaak: str = ZAAK, **members: Any) -> JSON:
    """A link of a klantcontact to a zaak, in the words of KISS."""
    return {
        "klantcontact": ref(contact),
        "wasKlantcontact": None,
        "onderwerpobjectidentificator": {
            "objectId": zaak,
            "codeObjecttype": "zgw-Zaak",
            "codeRegister": "openzaak",
            "codeSoortObjectId": "uuid",
        },
        **members,
    }
