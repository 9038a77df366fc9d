"""Explanations and the reference: as wide as what they are read on, and easy to find something in."""

import re
from pathlib import Path

import pytest
from adapter.cli import main
from adapter.commands import mappings as commands
from adapter.explain import run as running
from adapter.mapping.reference.blocks import Heading, Paragraph, Table
from adapter.mapping.reference.terminal import plain, wrapped
from adapter.mapping.reference.web import html, reference
from hypothesis import given
from hypothesis import strategies as st

INDEX = (Path(__file__).parents[2] / "docs" / "reference" / "index.html").read_text(encoding="utf-8")
LONG = "https://registers.example/api/v2/objects?type=" + "&data_attrs=naam__exact__waarde" * 8
PAGE = [
    Heading("GET /klantcontacten?" + "kanaal=telefoon&" * 12),
    Paragraph("Answered 200 in 12.0 ms: 3 register calls in 9.0 ms, 3.0 ms in KlantBrug itself."),
    Table(
        ("", "register", "call", "took"),
        [("1", "objects", LONG, "1.0 ms"), ("2", "klanten", "GET a", "2 ms")],
    ),
]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal_and_nothing_short_is_lost(width):
    page = plain(PAGE, width)

    assert max(map(len, page.splitlines())) <= width
    for text in ("objects", "klanten", "GET a", "1.0 ms", "2 ms", "itself."):
        assert text in page


def test_what_is_cut_says_how_much_there_is_more():
    page = plain([Table(("call", "took"), [("x" * 1000, "1 ms")])], 40)

    (left,) = re.findall(r"… ([0-9]+) more", page)
    assert page.count("x") + int(left) == 1000


def test_what_goes_to_a_file_is_as_wide_as_it_takes():
    assert LONG in plain(PAGE)


@given(st.text(alphabet="ab /&?,", max_size=60), st.integers(6, 30))
def test_a_text_in_lines_is_the_same_text(text, width):
    lines = wrapped(text, width)

    assert max(map(len, lines)) <= width
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


def test_the_terminal_says_how_wide_it_is(monkeypatch, capsys):
    monkeypatch.setattr(commands, "terminal_width", lambda: 60)
    monkeypatch.setattr(running, "run", lambda order, *, values, width: (f"{values} {width}", ""))

    for options, values in ((["--demo"], True), (["--demo", "--no-values"], False)):
        assert main(["explain", "GET", "klantcontacten", *options]) == 0
        assert capsys.readouterr().out == f"{values} 60"


def test_a_page_on_a_small_screen_names_the_column_of_each_value():
    """Below the width of a table its cells stand under each other, each with its name before it."""
    page = html("page", [Table(("call", "took"), [("GET a", "2 ms")])])

    assert '<td class="short" data-of="took">2 ms</td>' in page
    assert "@media (max-width: 45rem)" in page
    assert "td[data-of]::before { content: attr(data-of)" in page


def test_every_part_of_the_reference_has_an_anchor_of_its_own():
    anchors = re.findall(r'id="([^"]*)"', INDEX)

    assert len(set(anchors)) == len(anchors)
    assert {"klantcontacten", "klantcontacten-filters", "partijen-homes"} <= set(anchors)
    assert set(re.findall(r'href="#([a-z-]*)"', INDEX)) == set(anchors)
    contents = INDEX[INDEX.index("<nav") : INDEX.index("</nav>")]
    assert len(re.findall('href="#[a-z-]+"', contents)) == INDEX.count("<h2>")


def test_the_reference_has_a_search_and_a_choice_of_dialect():
    form = INDEX[INDEX.index("<form") : INDEX.index("</form>")]

    assert 'type="search"' in form
    offered = ["every dialect", "vng", "esuite", "openklant", "klantenbundle"]
    assert re.findall("<option[^>]*>([^<]*)", form) == offered
    assert "http" not in INDEX[INDEX.index("<style") : INDEX.index("<nav")]


def test_what_holds_in_one_dialect_says_so():
    """So that the choice hides the parts and the columns of the others, and nothing that holds in all."""
    blocks = [
        Heading("partijen", 2),
        Heading("Properties in vng", 3, ("vng",)),
        Table(("property", "home"), [("naam", "klant")]),
        Heading("Filters", 3),
        Table(("parameter", "looks at", "vng", "openklant"), [("naam", "naam", "asked", "scanned")]),
    ]
    page = reference("Reference", "About.", blocks, ["vng", "openklant"])

    assert '<section id="partijen-properties-in-vng" data-dialects="vng">' in page
    assert '<section id="partijen-filters">' in page
    assert re.findall(r'<th scope="col"([^>]*)>', page)[2:] == [
        "",
        "",
        ' data-dialect="vng"',
        ' data-dialect="openklant"',
    ]
    assert page.count("<section") == page.count("</section>") == 3
