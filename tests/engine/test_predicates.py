"""What a filter means of one served value."""

from types import SimpleNamespace

import pytest
from adapter.engine.query.predicates import compare, equivalent_words

TABLE = [
    # operator, what is asked, what is served, whether that is meant
    ("equals", "balie", "balie", True),
    ("equals", "balie", " balie ", True),
    ("equals", "balie", "Balie", False),
    ("equals", "", "", True),
    ("equals", False, False, True),
    ("equals", "1", None, False),
    ("contains", "STRASSE", "Hoofdstraße 1", True),
    ("contains", "straat", "Hoofdweg", False),
    ("contains", "none", None, False),
    ("in", "vng, balie", "balie", True),
    ("in", "vng,balie", " balie", True),
    ("in", "vng,balie", "bal", False),
    ("in", "vng", None, False),
    ("exists", True, "x", True),
    ("exists", True, "", False),
    ("exists", True, [], False),
    ("exists", False, None, True),
    ("exists", True, False, True),
    ("exists", True, 0, True),
    ("gt", "2024-01-01", "2024-01-02", True),
    ("gt", "2024-01-01", "2024-01-01", False),
    ("gte", "2024-01-01", "2024-01-01", True),
    ("lt", "2024-01-01", "2023-12-31", True),
    ("lte", "2024-01-01", "2024-01-02", False),
    ("lte", "2024-01-01", None, False),
]


@pytest.mark.parametrize(("operator", "asked", "served", "meant"), TABLE)
def test_a_served_value_is_what_a_filter_means(operator, asked, served, meant):
    assert compare(operator, asked)(served) is meant


def test_a_word_finds_those_of_equivalent_vocabularies_and_another_itself_alone():
    code = ("codeRegister",)
    resource = SimpleNamespace(equivalents=[{code: "open-zaak"}, {code: "openzaak"}])
    assert equivalent_words(resource, code, "openzaak") == ["openzaak", "open-zaak"]
    assert equivalent_words(resource, code, "x") == ["x"]
    assert equivalent_words(resource, ("objectId",), "openzaak") == ["openzaak"]
