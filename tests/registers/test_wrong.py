"""Of an error answer, whatever its form, only the names of the members count."""

import pytest
from adapter.registers.wrong import wrong_members

SENT = {
    "tekst": "kanaal",
    "kanaal": "duif",
    "afdeling": "groep",
    "behandelaar": {"gebruikersnaam": "jan"},
    "contactgegevens": {"emailadres": "antwoord", "telefoonnummer": "020"},
}


def fout(detail, code="VALIDATION"):
    return {"code": code, "title": "Validatiefout", "status": 400, "detail": detail, "instance": "urn:x"}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"invalidParams": [{"name": "rol", "code": "unique", "reason": "x"}]}, {"rol": "unique"}),
        ({"invalid_params": [{"name": "uuid", "code": "unique"}, "x"]}, {"uuid": "unique"}),
        (fout("kanaal: Deze naam bestaat niet."), {"kanaal": "validation"}),
        (fout("Kanaal 'duif' bestaat niet (kanaal)."), {"kanaal": "validation"}),
        (
            fout("kanaal: onbekend; behandelaar.gebruikersnaam: onbekend"),
            {"kanaal": "validation", "behandelaar.gebruikersnaam": "validation"},
        ),
        (fout("Onbekende gebruikersnaam"), {"behandelaar.gebruikersnaam": "validation"}),
        (fout("emailadres klopt niet"), {"contactgegevens.emailadres": "validation"}),
        (fout("behandelaar bestaat niet"), {"behandelaar": "validation"}),
        (fout("groep: bestaat niet"), {}),
        (fout("De gegevens zijn niet geldig."), {}),
        ({"code": "INTERNAL", "status": 500}, {}),
        ({"detail": "kanaal", "code": 7}, {}),
        ({}, {}),
        ([], {}),
        (None, {}),
    ],
)
def test_the_members_that_an_answer_names(answer, found):
    assert wrong_members(answer, SENT) == found
