"""The rules of the API that no schema can say: only for one of these may a valid request be refused."""

import re
from collections.abc import Iterable, Mapping

# By the code of a problem: what its reason, or its name, looks like.
REASONS = [
    ("invalid", r"\w+ object bestaat niet\."),
    ("invalid", r"Partij object moet het soort 'organisatie' hebben\."),
    ("invalid", r"Het voorkeurs (adres|rekeningnummer) moet een gelinkte .*"),
    ("invalid", r"Deze waarde is ongeldig, reden: .*"),
    ("invalid", r"voor `code\w+` \w+ zijn alleen deze waarden toegestaan: .*"),
    ("invalid", r".*`sub_identifier_van`.*|.*subIdentifierVan.*"),
    ("invalid", r"Het veld `identificeerde_partij` wordt automatisch ingesteld.*"),
    ("invalid", r"Duplicaat uuid kan niet worden ingevoerd voor .*"),
    ("invalid", r"Het is niet mogelijk om de codeSoortObjectId van deze PartijIdentificator te wijzigen, .*"),
    ("invalid", r"Een `Partijidentificator` kan geen `subIdentificatorVan` zijn van zichzelf\."),
    ("invalid", r"De partij kan niet zichzelf vertegenwoordigen\."),
    ("invalid", r"voorkeurs(DigitaalAdres|Rekeningnummer) mag niet meegegeven worden als .*"),
    ("invalid", r"`is_standaard_adres` kan alleen gezet worden als .*"),
    ("invalid", r"Ongeldige landcode, .*"),
    ("invalid", r"Cannot delete some instances of model 'PartijIdentificator' .*"),
    ("invalid", r"Ongeldige IBAN: .*"),
    ("invalid", r"Het opgegeven telefoonnummer is ongeldig.*"),
    ("invalid", r"Voer een geldig e-mailadres in\."),
    ("no-further-action-when-contact-succesful", r"Als het contact gelukt is .*"),
    ("invalid", r"De Internetaak kan geen afgehandeld op datum bevatten .*"),
    ("invalid", r"`toegewezen_aan_actor`.*"),
    # U+0085 is no white space to the pattern of an OpenAPI document; to the reference it is.
    ("invalid", r"Geen spaties toegestaan: .*"),
    ("invalid", r"`(CodeSoortObjectId|PartijIdentificator)` moet uniek zijn.*"),
    ("invalid", r"Bij dit klantcontact staat al een interne taak; .*"),
    ("unique", r".*"),
    # What a register cannot do says so; docs/esuite.md has when.
    *(
        (code, r".+")
        for code in (
            "immutable-in-register",
            "late-piece",
            "late-task",
            "no-list",
            "not-in-register",
            "one-task",
            "scan-bound",
        )
    ),
]
RULES = [(code, re.compile(reason, re.DOTALL)) for code, reason in REASONS]


def only_rules(problems: Iterable[Mapping[str, str]]) -> bool:
    """Whether every one of an answer's `invalidParams` is about such a rule."""
    return all(
        any(problem["code"] == code and reason.fullmatch(problem["reason"]) for code, reason in RULES)
        for problem in problems
    )
