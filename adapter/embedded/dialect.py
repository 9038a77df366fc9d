"""What the registers do beyond their specifications.

The facts of the two APIs (members, types, lengths, choices, parameters) are read from the documents in
`specs/`. Here stand only the facts that a document cannot state, and what Open Klant 1.0 adds and loosens; a
strict register has none of the latter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.openapi.document import Schema

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}

SUBJECT = "subjectIdentificatie"
SUBJECT_TYPE = "subjectType"

# Names that clients may use for a member besides its own; the left ones also name it in errors.
OTHER_NAMES = {
    "inpA_nummer": "inpANummer",
    "subAdresBuitenland_1": "subAdresBuitenland1",
    "subAdresBuitenland_2": "subAdresBuitenland2",
    "subAdresBuitenland_3": "subAdresBuitenland3",
}

# Members that hold a number of nine digits that passes the 11-test.
RSIN_MEMBERS = frozenset({"bronorganisatie", "inpBsn", "innNnpId"})

# Parameters whose value is not at the place that their name spells.
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

# What a sort key of the specification sorts by; the others give an internal server error in Open Klant.
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
class Addition:
    """What Open Klant 1.0 has on top of the specification."""

    properties: Mapping[str, Schema] = field(default_factory=dict)
    filters: Mapping[str, Schema] = field(default_factory=dict)
    methods: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()  # required by the specification, and here not even filled
    nullable: frozenset[str] = frozenset()  # dotted paths
    expand: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """One collection. Members in `references` point at another record here, those in `fetched` anywhere."""

    name: str
    base: str
    document: str
    schema: str
    addition: Addition
    references: Mapping[str, str] = field(default_factory=dict)
    fetched: frozenset[str] = frozenset()
    unique: tuple[str, ...] = ()
    fixed: frozenset[str] = frozenset()  # a change is refused
    refuses_unknown_parameters: bool = True
    indexed: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The path of the collection below the host."""
        return f"{self.base}/{self.name}"


KLANTEN_BASE = "/klanten/api/v1"
CONTACTMOMENTEN_BASE = "/contactmomenten/api/v1"

_BIRTH = "subjectNatuurlijkPersoon__geboortedatum"
_EMPLOYEE = "medewerkerIdentificatie__"

KLANTEN = Description(
    name="klanten",
    base=KLANTEN_BASE,
    document="klanten",
    schema="Klant",
    addition=Addition(
        properties={"aanmaakkanaal": {"type": "string", "maxLength": 50}, "geverifieerd": FLAG},
        filters=dict.fromkeys((_BIRTH, *(f"{_BIRTH}__{suffix}" for suffix in COMPARISONS)), TEXT),
        optional=frozenset({"websiteUrl"}),
        nullable=frozenset({"verblijfsadres", "subVerblijfBuitenland"}),
    ),
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
    addition=Addition(
        filters={"klant": TEXT, "object": TEXT}
        | {
            _EMPLOYEE + name: TEXT
            for name in ("identificatie", "achternaam", "voorletters", "voorvoegselAchternaam")
        },
        expand=("klantcontactmomenten", "objectcontactmomenten"),
    ),
    references={"vorigContactmoment": "contactmomenten"},
    indexed=(
        "registratiedatum",
        "vorigContactmoment",
        "kanaal",
        "medewerker",
        "medewerkerIdentificatie.identificatie",
    ),
)

KLANTCONTACTMOMENTEN = Description(
    name="klantcontactmomenten",
    base=CONTACTMOMENTEN_BASE,
    document="contactmomenten",
    schema="KlantContactMoment",
    addition=Addition(properties={"gelezen": FLAG}, methods=frozenset({"PUT", "PATCH"})),
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
    addition=Addition(),
    references={"contactmoment": "contactmomenten"},
    unique=("contactmoment", "object", "objectType"),
    indexed=("object",),
)

# What a member has when nobody filled it, per type; choices and texts are blank.
EMPTY: Mapping[str, Any] = {"string": "", "boolean": False, "array": []}
