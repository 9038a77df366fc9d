"""Query strings, read as the reference server reads them."""

from __future__ import annotations

import pytest
from adapter.openapi.document import Document, Parameter
from adapter.openapi.parameters import Parsed, compile_query

SCHEMAS = {
    "text": {"type": "string"},
    "uuid": {"type": "string", "format": "uuid"},
    "url": {"type": "string", "format": "uri"},
    "choice": {"type": "string", "enum": ["a", "b"]},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "number": {"type": "integer"},
    "page": {"type": "integer"},
    "pageSize": {"type": "integer"},
    "expand": {"type": "array", "items": {"type": "string", "enum": ["x", "x.y", "z"]}},
}
PARAMETERS = tuple(Parameter(name, "query", schema, False) for name, schema in SCHEMAS.items())
parse = compile_query(Document({}), PARAMETERS)
UUID = "095be615-a8ad-4c33-8e9c-c7612fbf6c9f"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("text=%20a%20b+", "a b"),
        ("text=eerst&text=laatst", "laatst"),
        ("text=%25", "%"),
        ("text=%ff", "\ufffd"),
        (f"uuid={UUID.upper()}", UUID),
        (f"uuid=urn:uuid:{UUID}", UUID),
        ("url=https://a.nl/b", "https://a.nl/b"),
        ("choice=b", "b"),
        ("flag=True", True),
        ("flag=0", False),
        ("date=2025-01-15", "2025-01-15"),
        ("date=15-01-2025", "2025-01-15"),
        ("date=15/1/2025", "2025-01-15"),
        ("moment=2025-01-15", "2025-01-15T00:00:00Z"),
        ("date=15-01-25", "2025-01-15"),
        ("date=2025/01/15", "2025-01-15"),
        ("url=a.nl/b", "http://a.nl/b"),
        ("url=//a.nl/b", "http://a.nl/b"),
        ("moment=2025-01-15T12:30:00%2B01:00", "2025-01-15T11:30:00Z"),
        ("number=7", 7),
    ],
)
def test_a_value_is_typed(query, expected):
    parsed = parse(query)
    assert not parsed.problems
    assert parsed.values == {query.partition("=")[0]: expected}


@pytest.mark.parametrize("query", ["text=", "uuid=%20", "choice=", "flag=misschien", "date=&moment="])
def test_an_empty_value_and_an_unclear_boolean_are_no_filter(query):
    assert parse(query) == Parsed()


@pytest.mark.parametrize(
    ("query", "code", "reason"),
    [
        ("uuid=x", "invalid", "Voer een geldige UUID in."),
        ("url=x", "invalid", "Voer een geldige URL in."),
        ("choice=c", "invalid_choice", "Selecteer een geldige keuze. c is geen beschikbare keuze."),
        ("date=31-02-2025", "invalid", "Voer een geldige datum in."),
        ("moment=x", "invalid", "Voer een geldige datum/tijd in."),
        ("moment=15-01-2025", "invalid", "Voer een geldige datum/tijd in."),
        ("url=localhost:8000/b", "invalid", "Voer een geldige URL in."),
        ("number=1_0", "invalid", "Voer een geheel getal in."),
        ("text=%00", "null_characters_not_allowed", "Null-tekens zijn niet toegestaan."),
        (
            "expand=x,onzin,meer",
            "invalid_choice",
            "Selecteer een geldige keuze. onzin is geen beschikbare keuze.",
        ),
    ],
)
def test_a_wrong_value_is_a_problem_of_its_parameter(query, code, reason):
    (problem,) = parse(query).problems
    assert (problem.name, problem.code, problem.reason) == (query.partition("=")[0], code, reason)


def test_unknown_parameters_are_one_problem_and_the_only_one():
    (problem,) = parse("b=1&uuid=x&a=2&b=3").problems
    assert (problem.name, problem.code) == ("nonFieldErrors", "unknown-parameters")
    assert problem.reason == "Onbekende query parameters: b, a"


def test_where_unknown_parameters_do_not_matter_they_are_ignored():
    assert compile_query(Document({}), PARAMETERS, lenient=True)("b=1&flag=true").values == {"flag": True}


def test_paging_parameters_are_known_where_there_are_no_pages():
    assert compile_query(Document({}), PARAMETERS[:1])("page=1&pageSize=2&text=a").values == {"text": "a"}


@pytest.mark.parametrize("query", ["flag=%20true", "flag=false%20", "text=%20", "url=%20"])
def test_a_flag_with_a_space_is_none_and_neither_is_a_blank_text(query):
    assert parse(query) == Parsed()


def test_what_changes_something_takes_only_the_word_for_true():
    changing = compile_query(Document({}), PARAMETERS, lenient=True)
    assert changing("flag=TRUE").values == {"flag": True}
    for text in ("1", "%20true", "yes", "false", ""):
        assert changing(f"flag={text}") == Parsed()


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("choice=%20", ["invalid_choice"]),
        ("choice=%20b", ["invalid_choice"]),
        ("date=%20", ["invalid"]),
        ("moment=%20", ["invalid"]),
        ("url=a%00b", ["invalid", "null_characters_not_allowed"]),
        ("url=https://a.nl/%00", ["null_characters_not_allowed"]),
    ],
)
def test_a_blank_choice_or_date_and_a_nul_are_refused(query, codes):
    assert [each.code for each in parse(query).problems] == codes


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("expand=x,z", ("x", "z")),
        ("expand=z&expand=x.y,x", ("z", "x.y", "x")),
        ("expand=x,x,,", ("x",)),
        ("expand=", ()),
    ],
)
def test_expand_is_a_list_in_any_form(query, expected):
    assert parse(query).expand == expected


@pytest.mark.parametrize(
    ("query", "page", "size"),
    [
        ("", 1, 100),
        ("page=&pageSize=", 1, 100),
        ("page=3&pageSize=20", 3, 20),
        ("page=last&pageSize=0", "last", 100),
        ("page=0", None, 100),
        ("page=x&pageSize=x", None, 100),
        ("page=-1&pageSize=-1", None, 100),
        ("pageSize=501", 1, 500),
    ],
)
def test_pages(query, page, size):
    parsed = parse(query)
    assert (parsed.page, parsed.page_size) == (page, size)
