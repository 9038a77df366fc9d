"""The generated documentation: up to date, and what it says of filters is what happens."""

from functools import cache
from pathlib import Path

import pytest
from adapter.cli import main
from adapter.explain.filters import PAGED, SCANNED, SEARCHED
from adapter.explain.reference import described_dialect
from adapter.mapping.reference.rows import rows

DOCS = Path(__file__).parents[2] / "docs"
described = cache(described_dialect)


def pages(folder):
    """The text of every file in a folder, by its path there."""
    found = (each for each in folder.rglob("*") if each.is_file())
    return {str(each.relative_to(folder)): each.read_text(encoding="utf-8") for each in found}


def test_the_committed_documentation_is_what_the_command_writes(tmp_path, capsys):
    """Also of what is left of a resource that went."""
    assert main(["docs", "--to", str(tmp_path)]) == 0
    assert capsys.readouterr() == ("", "")
    written, committed = pages(tmp_path), pages(DOCS)
    assert {"reference/partijen.md", "mapping.schema.json"} <= set(written)
    stale = [name for name, text in written.items() if committed.get(name) != text]
    left = [name for name in committed if name.startswith("reference/") and name not in written]
    assert not [*stale, *left], "run klantbrug docs"


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


def test_nothing_is_told_to_be_written_into_a_home_that_is_read_only(dialect):
    ground = described(dialect).ground
    found = [
        row
        for view in ground.views.values()
        for row in rows(ground, view)
        if row.field and view.homes[row.home].get("read_only")
    ]
    assert found
    assert [row for row in found if "never written" not in row.conversion] == []
    assert [row for row in found if "the register gets" in row.unfit] == []
