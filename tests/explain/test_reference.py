"""The generated documentation: up to date, and what it says of filters is what happens."""

from functools import cache
from pathlib import Path

import pytest
from adapter.explain.filters import PAGED, SCANNED, SEARCHED
from adapter.explain.reference import described_dialect, files

DOCS = Path(__file__).parents[2] / "docs"
described = cache(described_dialect)


@pytest.fixture(scope="module")
def generated():
    """Every file by its path."""
    return dict(files())


def test_the_committed_documentation_is_up_to_date(generated):
    stale = [
        name
        for name, text in generated.items()
        if not (path := DOCS / name).exists() or path.read_text(encoding="utf-8") != text
    ]
    assert not stale, "run klantbrug docs"


def test_no_page_is_left_of_a_resource_that_went(generated):
    assert {f"reference/{each.name}" for each in (DOCS / "reference").iterdir()} <= set(generated)


@pytest.mark.parametrize(
    ("resource", "parameter", "way"),
    [
        ("klantcontacten", "kanaal", PAGED),
        ("klantcontacten", "inhoud", SCANNED),
        ("klantcontacten", "hadBetrokkene__wasPartij__uuid", SEARCHED),
        ("partijen", "partijIdentificator__objectId", SEARCHED),
        ("partijen", "partijIdentificator__codeRegister", f"{SEARCHED} or {SCANNED}"),
        ("digitaleadressen", "adres", SEARCHED),
        ("digitaleadressen", "adres__icontains", SCANNED),
    ],
)
def test_a_filter_is_told_to_be_answered_as_it_is(dialect, resource, parameter, way):
    assert described(dialect).ways[resource, parameter] == way


def test_a_setting_that_changes_how_a_filter_is_answered_is_named(dialect):
    numbered = {key for key, way in described(dialect).ways.items() if "nummers: generate" in way}
    assert numbered == {
        ("klantcontacten", "nummer"),
        ("internetaken", "nummer"),
        ("internetaken", "klantcontact__nummer"),
        ("partijen", "nummer"),
        ("categorie-relaties", "partij__nummer"),
        ("betrokkenen", "hadKlantcontact__nummer"),
        ("betrokkenen", "wasPartij__nummer"),
    }


def test_what_old_clients_cannot_search_is_read_on_in_every_dialect(dialect):
    ways = described(dialect).ways
    kinds = {way for way in ways.values() if ";" not in way}
    assert kinds >= {PAGED, SEARCHED, SCANNED, f"{SEARCHED} or {SCANNED}"}
    assert len(ways) > 100
