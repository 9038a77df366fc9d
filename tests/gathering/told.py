"""What the correspondence that gathers says, by examples: records made of pieces, and pieces of records.

`examples.yaml` has them; `python -m tests.gathering.told` prints it anew, to be read before it is kept.
"""

import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path

import yaml
from adapter.correspondence import gather_compiling
from adapter.correspondence.compiling import Compiler
from adapter.correspondence.reading import read_correspondences
from adapter.dialects import SHIPPED
from adapter.gathering.behind import shown
from adapter.gathering.composing import DeclaredComposer
from adapter.gathering.kept import Piece
from adapter.gathering.opening import Decided, triggers_of
from adapter.gathering.sign import Sign
from adapter.mapping.load import read_dialect
from adapter.mapping.settings import Settings
from adapter.shipped import register_documents, served_document

from tests.gathering import declared as there

PATH = Path(__file__).with_name("examples.yaml")
DEPARTMENT, NOBODY = "40000000-0000-4000-8000-000000000000", "50000000-0000-4000-8000-000000000000"
CONTACT, CALLER, OTHER, TASK = (f"c{n}000000-0000-4000-8000-000000000000" for n in range(4))
SECRET = b"secret"
LONG = "lang " * 400
# Longer texts are told by their ends.
MOST = 400
KNOWN = {"kanalen": ["telefoon", "balie"], "afdelingen": ["Burgerzaken"], "groepen": ["Balie"]}
SETTINGS = {**there.DECIDED, "antwoord_als_klantcontact": True, "altijd_taak": ["balie"], **KNOWN}


class Directory(there.Directory):
    """With a department."""

    actors = there.ACTORS | {DEPARTMENT: there.actor("Burgerzaken", "organisatorische_eenheid", "12", "afd")}


def ref(uuid):
    return {"uuid": uuid}


def numbered(number):
    return f"d{number:07d}-0000-4000-8000-000000000000"


CONTACT_BODY = {
    "nummer": "0000012345",
    "kanaal": "telefoon",
    "onderwerp": "Paspoort",
    "inhoud": "Wat kost het?",
    "plaatsgevondenOp": "2026-01-02T03:04:05Z",
    "taal": "nld",
    "vertrouwelijk": False,
    "indicatieContactGelukt": True,
}
NAME = {"voorletters": "J.", "voornaam": "Jo", "voorvoegselAchternaam": "de", "achternaam": "Boer"}


def contact(**more):
    return Piece(CONTACT, "klantcontacten", {**CONTACT_BODY, **more})


def caller(uuid=CALLER, **more):
    body = {"hadKlantcontact": ref(CONTACT), "wasPartij": None, "rol": "klant", "initiator": True}
    return Piece(uuid, "betrokkenen", {**body, "organisatienaam": "Bakker", "contactnaam": NAME, **more})


def address(number, soort, adres, of=CALLER):
    body = {"verstrektDoorBetrokkene": ref(of), "soortDigitaalAdres": soort, "adres": adres}
    return Piece(numbered(number), "digitaleadressen", body)


def task(*actors, **more):
    body = {
        "gevraagdeHandeling": "Terugbellen",
        "toelichting": "Na vijf uur.",
        "status": "te_verwerken",
        "aanleidinggevendKlantcontact": ref(CONTACT),
        "toegewezenAanActoren": [ref(each) for each in actors],
    }
    return Piece(TASK, "internetaken", {**body, **more})


def handled_by(number, actor):
    return Piece(numbered(number), "actorklantcontacten", {"actor": ref(actor), "klantcontact": ref(CONTACT)})


def about(number, code):
    identity = {"objectId": numbered(99), "codeObjecttype": code, "codeRegister": "openzaak"}
    body = {"klantcontact": ref(CONTACT), "wasKlantcontact": None, "onderwerpobjectidentificator": identity}
    return Piece(numbered(number), "onderwerpobjecten", body)


ADDRESSES = [
    address(1, "email", "j@voorbeeld.nl"),
    address(2, "email", "j2@voorbeeld.nl"),
    address(3, "telefoonnummer", "0201234567"),
    address(4, "telefoonnummer", "0612345678"),
    address(5, "telefoonnummer", "0687654321"),
    address(6, "overig", "Postbus 1"),
]
SHEET = Piece(numbered(20), "bijlagen", {"wasBijlageVanKlantcontact": ref(CONTACT)})
MADE = {
    "everything, for an employee": (
        "verzoek",
        [
            contact(reactie="Is al gezegd."),
            handled_by(10, there.JAN),
            handled_by(11, there.BALIE),
            handled_by(12, there.PAAR),
            caller(),
            caller(OTHER, wasPartij=ref(numbered(98))),
            *ADDRESSES,
            address(7, "email", "ander@voorbeeld.nl", OTHER),
            task(there.BALIE, there.PAAR, DEPARTMENT, there.JAN, NOBODY),
            about(13, "zgw-Zaak"),
            about(14, "product"),
            SHEET,
        ],
    ),
    "for a department, of little": ("verzoek", [contact(onderwerp="", inhoud=""), task(DEPARTMENT)]),
    "of a name alone": ("verzoek", [contact(), caller(organisatienaam=""), task(there.BALIE)]),
    "with a telephone number alone": ("verzoek", [contact(), caller(contactnaam={}), ADDRESSES[2], task()]),
    "a report": (
        "moment",
        [contact(), handled_by(10, there.JAN), caller(wasPartij=ref(numbered(98))), *ADDRESSES, SHEET],
    ),
    "a report that says nothing": ("moment", [contact(onderwerp="", inhoud="")]),
    "a report that says much": ("moment", [contact(onderwerp=LONG, inhoud=LONG)]),
}
EMPLOYEES = {
    "a task in treatment": {
        "kanaal": "balie",
        "registratiedatum": "2026-02-03T04:05:06Z",
        "type": "Terugbelverzoek",
        "status": "in_behandeling",
        "tekst": "Rijbewijs\nVerloopt morgen.",
        "behandelaar": {"gebruikersnaam": "piet", "volledigeNaam": "P. Piet"},
        "afdeling": "Burgerzaken",
        "groep": "Parkeren",
        "medewerkerIdentificatie": {"identificatie": "els", "achternaam": LONG},
        "contactgegevens": {
            "emailadres": "r@voorbeeld.nl",
            "telefoonnummer": "0301234567",
            "telefoonnummerAlternatief": "0611111111",
        },
        "toelichting": "Contact opnemen met: Ria\nOrganisatie: Slager\nOvergeslagen: dit\n\nBel.",
    },
    "a task in the form of the labels": {
        "type": "Terugbelverzoek",
        "status": "nieuw",
        "tekst": "Rijbewijs",
        "toelichting": "Contact opnemen met: Ria\nOrganisatie: Slager\nOverige contactgegevens: a@b.nl\n"
        "Overige contactgegevens: Postbus 2\nOverige contactgegevens: Postbus 3\n"
        "Overige contactgegevens: Postbus 4\nOverige contactgegevens: Postbus 5\n"
        "Gevraagde handeling: Mailen\nBedoeld voor: Afval\n\nSnel.",
        "behandelaar": {"gebruikersnaam": "onbekend", "volledigeNaam": LONG},
        "afdeling": "Nieuwe afdeling",
        "groep": "Nieuwe groep",
    },
    "a task that is answered": {
        "type": "Terugbelverzoek",
        "status": "afgehandeld",
        "tekst": f"{LONG}\n{LONG}",
        "toelichting": LONG,
        "antwoord": LONG * 3,
        "kanaal": "e-mail",
        "registratiedatum": "2026-02-03T04:05:06Z",
    },
    "a task that says nothing": {"type": "Terugbelverzoek", "status": "nieuw", "tekst": "N.v.t."},
    "a report": {
        "type": "Melding",
        "status": "afgehandeld",
        "tekst": LONG,
        "antwoord": LONG,
        "medewerkerIdentificatie": {"identificatie": "jan", "achternaam": LONG},
    },
    "a report that says nothing": {"type": "Melding", "tekst": "N.v.t.", "antwoord": "N.v.t."},
}
ANSWERS = {
    "voorlopigeAntwoorden": [
        {"registratiedatum": "2026-03-02T10:15:00Z", "volledigeNaam": "F. de Vries", "antwoord": "Een week."},
        {"registratiedatum": "2026-03-01T10:15:00Z", "volledigeNaam": "J. Jansen", "antwoord": "Later."},
    ]
}


def compiled(dialect="esuite", library=SHIPPED):
    """What is declared, with the settings of these examples. Raises MappingError."""
    settings = Settings({**read_dialect(library, dialect).settings, **SETTINGS})
    compiler = Compiler(served_document(), register_documents(dialect, library), settings)
    return gather_compiling.compiled(compiler, read_correspondences(library, dialect)["contact"])


def said(declared):
    """What the examples come out as, by their names."""
    composer = DeclaredComposer(declared, Sign(declared.sign, SECRET), Directory(), there.Links())
    found = {f"made: {name}": made(composer, *each) for name, each in MADE.items()}
    kind, pieces = MADE["everything, for an employee"]
    found["made: for the fall-back group"] = made(composer, kind, pieces, fall_back=True)
    found["made: for the fall-back group, without a task"] = made(
        composer, kind, [contact(), caller()], fall_back=True
    )
    found |= {f"read: {name}": read(composer, each) for name, each in EMPLOYEES.items()}
    found["read: a task that was sent and answered since"] = answered(composer, kind, pieces)
    found["behind"] = {each.resource: behind(each) for each in declared.behind}
    found["when"] = when(declared)
    found["pieces"] = {name: ".".join(path) for name, path in declared.pieces}
    found["single"] = sorted(declared.single)
    found["names"] = [names(each) for each in declared.names]
    found["never"] = {".".join(path): value for path, value in declared.never}
    return shortened(yaml.load(yaml.safe_dump(found, allow_unicode=True), Loader=yaml.CSafeLoader))


def shortened(node):
    """What was found, of long texts only how they begin and end, and how long they are."""
    if isinstance(node, dict):
        return {name: shortened(each) for name, each in node.items()}
    if isinstance(node, list):
        return [shortened(each) for each in node]
    if isinstance(node, str) and len(node) > MOST:
        return f"{node[:10]}… {node[-30:]!r} ({len(node)})"
    return node


def made(composer, kind, pieces, *, fall_back=False):
    """The record, what is done besides, and which members of each piece stand beside it."""
    it = composer.compose(CONTACT, pieces, kind, fall_back=fall_back)
    aside = composer.aside(CONTACT, pieces, kind, it.body)
    return {
        "record": it.body,
        "asked by": it.user,
        "signed": it.signed,
        "searches": [dict(each) for each in it.searches],
        "droppable": list(it.droppable),
        "links": [asdict(each) for each in composer.links(pieces, numbered(97))],
        "beside": [
            f"{row['resource']} {row['place']}: {' '.join('.'.join(path) for path, *_ in row['kept'])}"
            for row in aside["rows"]
        ],
    }


def read(composer, record, aside=None):
    """The pieces of a record."""
    return [
        {"resource": each.resource, "uuid": each.uuid, **each.body}
        for each in composer.asides.read(CONTACT, record, aside)
    ]


def answered(composer, kind, pieces):
    """What is read of a record that an employee treated, besides what was sent."""
    record = composer.compose(CONTACT, pieces, kind, fall_back=False).body
    aside = composer.aside(CONTACT, pieces, kind, record)
    since = {"status": "afgehandeld", "antwoord": "Gedaan.", "groep": "Afval", "contactgegevens": {}}
    sent = {each.uuid: each.body for each in pieces}
    found = read(composer, {**record, **since}, aside)
    return [each for each in found if sent.get(each["uuid"]) != _body(each)]


def _body(piece):
    return {name: value for name, value in piece.items() if name not in ("resource", "uuid")}


def names(it):
    """At which member the register knows names, where they are tried, and which a deployment gives."""
    asked = {"member": ".".join(it.member), "asked": ".".join(it.asked)}
    return {**asked, "known": sorted(it.known), "configured": [list(each) for each in it.configured]}


def behind(rule):
    """What is read of texts behind which something was added: there is room for all, some and none of it."""
    found = [{rule.member[-1]: text} for text in ("Bel.", "x" * 930, "x" * 970)]
    for each in found:
        shown(rule, each, ANSWERS)
    return found


def when(declared):
    """As what a contact is sent, after how long."""
    triggers = triggers_of(declared, Decided("k", {}, SECRET))
    cases = {
        "with a task": [contact(), task()],
        "of a kanaal that is always a task": [contact(kanaal="balie"), caller()],
        "of another kanaal": [contact(), caller()],
    }
    found = {}
    for name, pieces in cases.items():
        moment = triggers.moment(0.0, 0.0, pieces)
        found[name] = [moment.trigger.kind, moment.due, moment.trigger.fall_back]
    return found


def differs(dialect, library):
    """Whether an example comes out otherwise, or none can. Raises MappingError."""
    return said(compiled(dialect, library)) != expected()


@cache
def expected():
    """What the examples have to come out as."""
    return yaml.load(PATH.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


if __name__ == "__main__":
    yaml.safe_dump(said(compiled()), sys.stdout, allow_unicode=True, sort_keys=False, width=110)
