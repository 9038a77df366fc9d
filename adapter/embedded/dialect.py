"""The behaviour of the registers that an OpenAPI document cannot express.

Members, types, lengths, choices, parameters and methods come from the documents in `specs/`: the bare
specification for a strict register, and with the overlays of the dialect for any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from adapter.dialects import DOCUMENT, SHIPPED, Library
from adapter.openapi.document import Document, read_yaml
from adapter.openapi.overlay import apply
from adapter.openapi.specifications import specification

SUBJECT = "subjectIdentificatie"
SUBJECT_TYPE = "subjectType"

# Other spelling of a member → its name. Clients may use both; errors have the other spelling.
OTHER_NAMES = {
    "inpA_nummer": "inpANummer",
    "subAdresBuitenland_1": "subAdresBuitenland1",
    "subAdresBuitenland_2": "subAdresBuitenland2",
    "subAdresBuitenland_3": "subAdresBuitenland3",
}

# Members with a number of nine digits that passes the eleven test.
RSIN_MEMBERS = frozenset({"bronorganisatie", "inpBsn", "innNnpId"})

# Lists that a client may leave out and may not send empty; "" is an item as any other.
FILLED_LISTS = frozenset({"handelsnaam"})

# Parameters that do not have the name of the member that they filter on.
PARAMETER_PATHS = {
    "adres__woonplaatsNaam": "adres.woonplaatsnaam",
    "subjectNatuurlijkPersoon__inpA_nummer": "subjectIdentificatie.inpANummer",
}
PARAMETER_GROUPS = {
    "subjectNatuurlijkPersoon": SUBJECT,
    "subjectNietNatuurlijkPersoon": SUBJECT,
    "subjectVestiging": SUBJECT,
}
COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}

# The member of each sort key; Open Klant answers 500 to the others in the specification.
SORT_KEYS = {
    "bronorganisatie": "bronorganisatie",
    "registratiedatum": "registratiedatum",
    "kanaal": "kanaal",
    "voorkeurskanaal": "voorkeurskanaal",
    "tekst": "tekst",
    "onderwerp_links": "onderwerpLinks",
    "initiatiefnemer": "initiatiefnemer",
    "medewerker": "medewerker",
    "medewerker_identificatie": "medewerkerIdentificatie.identificatie",
}


@dataclass(frozen=True, slots=True)
class Description:
    """A collection. Members in `references` refer to records here, those in `fetched` to any URL."""

    name: str
    base: str
    document: str
    schema: str
    references: Mapping[str, str] = field(default_factory=dict)
    fetched: frozenset[str] = frozenset()
    unique: tuple[str, ...] = ()
    fixed: frozenset[str] = frozenset()  # a change is refused
    refuses_unknown_parameters: bool = True
    indexed: tuple[str, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()  # paths, with whether each is descending; then newest first
    owned: tuple[tuple[str, str], ...] = ()  # collection and member: what goes with a record of this one
    referring: tuple[tuple[str, str], ...] = ()  # collection and member: what prevents that one goes

    @property
    def path(self) -> str:
        """The path of the collection below the host."""
        return f"{self.base}/{self.name}"


KLANTEN_BASE = "/klanten/api/v1"
CONTACTMOMENTEN_BASE = "/contactmomenten/api/v1"

KLANTEN = Description(
    name="klanten",
    base=KLANTEN_BASE,
    document="klanten",
    schema="Klant",
    fetched=frozenset({"subject"}),
    unique=("bronorganisatie", "klantnummer"),
    fixed=frozenset({SUBJECT_TYPE}),
    refuses_unknown_parameters=False,
    indexed=(
        "klantnummer",
        "bedrijfsnaam",
        "achternaam",
        "telefoonnummer",
        "emailadres",
        "subject",
        "adres.postcode",
        "subjectIdentificatie.inpBsn",
        "subjectIdentificatie.anpIdentificatie",
        "subjectIdentificatie.inpANummer",
        "subjectIdentificatie.innNnpId",
        "subjectIdentificatie.annIdentificatie",
        "subjectIdentificatie.vestigingsNummer",
    ),
)

CONTACTMOMENTEN = Description(
    name="contactmomenten",
    base=CONTACTMOMENTEN_BASE,
    document="contactmomenten",
    schema="ContactMoment",
    references={"vorigContactmoment": "contactmomenten"},
    indexed=(
        "registratiedatum",
        "vorigContactmoment",
        "kanaal",
        "medewerker",
        "medewerkerIdentificatie.identificatie",
    ),
    order=(("registratiedatum", True),),
    owned=(("klantcontactmomenten", "contactmoment"), ("objectcontactmomenten", "contactmoment")),
    referring=(("contactmomenten", "vorigContactmoment"),),
)

KLANTCONTACTMOMENTEN = Description(
    name="klantcontactmomenten",
    base=CONTACTMOMENTEN_BASE,
    document="contactmomenten",
    schema="KlantContactMoment",
    references={"contactmoment": "contactmomenten"},
    fetched=frozenset({"klant"}),
    unique=("contactmoment", "klant", "rol"),
    indexed=("klant",),
)

OBJECTCONTACTMOMENTEN = Description(
    name="objectcontactmomenten",
    base=CONTACTMOMENTEN_BASE,
    document="contactmomenten",
    schema="ObjectContactMoment",
    references={"contactmoment": "contactmomenten"},
    unique=("contactmoment", "object", "objectType"),
    indexed=("object",),
)

# The value of a member that was not given, by its type.
EMPTY: Mapping[str, Any] = {"string": "", "boolean": False, "array": []}


@cache
def document_of(name: str, lineage: tuple[str, ...], library: Library = SHIPPED) -> Document:
    """The document of a register; `lineage` is its dialect in the library, with those that it extends."""
    document = read_yaml(specification(library.facts(name, lineage).get(DOCUMENT, name)))
    for overlay in library.overlays(name, lineage):
        document = apply(document, read_yaml(overlay))
    return Document(document)
