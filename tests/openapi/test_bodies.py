"""Bodies checked against a schema: what is kept, and how each problem is told."""

from __future__ import annotations

import pytest
from adapter.openapi.bodies import UnknownOption, compile_body
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.openapi.small import SMALL

UUID = "095be615-a8ad-4c33-8e9c-c7612fbf6c9f"
CAT = {"kind": "cat", "name": "Poes"}
NUL, HALF = "null_characters_not_allowed", "surrogate_characters_not_allowed"
check = compile_body(SMALL, SMALL.schema("Thing"))


def kept(member, value):
    checked = check({**CAT, member: value}, False)
    assert not checked.problems
    return checked.value[member]


def refused(member, value, **options):
    checked = compile_body(SMALL, SMALL.schema("Thing"), **options)({**CAT, member: value}, False)
    assert member not in checked.value or value != checked.value[member]
    return [(problem.name, problem.code) for problem in checked.problems]


@pytest.mark.parametrize(
    ("member", "sent", "expected"),
    [
        ("name", "  Poes ", "Poes"),
        ("name", 42, "42"),
        ("name", 1.5, "1.5"),
        ("active", "TRUE", True),
        ("active", "off", False),
        ("active", 1, True),
        ("active", 0, False),
        ("active", 1.0, True),
        ("secret", None, None),
        ("secret", "", None),
        ("secret", "null", None),
        ("colour", "red", "red"),
        ("colour", "", ""),
        ("birthday", "2024-1-5", "2024-01-05"),
        ("birthday", None, None),
        ("seen", "2024-01-05", "2024-01-05T00:00:00Z"),
        ("site", "", ""),
        ("site", " https://a.nl ", "https://a.nl"),
        ("email", "a@b.nl", "a@b.nl"),
        ("weight", "1.5", 1.5),
        ("weight", 2, 2.0),
        ("owner", None, None),
        ("owner", {"uuid": UUID.upper(), "url": "x", "more": 1}, {"uuid": UUID}),
        ("owner", {"uuid": f"urn:uuid:{UUID}"}, {"uuid": UUID}),
        ("owner", {"uuid": True}, {"uuid": "00000000-0000-0000-0000-000000000001"}),
        ("friends", [], []),
        ("friends", [{"uuid": UUID}], [{"uuid": UUID}]),
        ("tags", ["a", " b "], ["a", "b"]),
        ("notes", {"a": " b ", "C d": "1"}, {"a": "b", "C d": "1"}),
        ("address", {"city": " ", "number": "12.0"}, {"city": "", "number": 12}),
        ("address", {}, {}),
        ("details", {"lives": 9}, {"lives": 9}),
    ],
)
def test_a_valid_value_is_kept_in_canonical_form(member, sent, expected):
    assert kept(member, sent) == expected


@pytest.mark.parametrize(
    ("member", "sent", "expected"),
    [
        ("name", None, [("name", "null")]),
        ("name", " ", [("name", "blank")]),
        ("name", "x" * 11, [("name", "max_length")]),
        ("name", "a\0b", [("name", "null_characters_not_allowed")]),
        ("name", True, [("name", "invalid")]),
        ("name", ["x"], [("name", "invalid")]),
        ("name", {}, [("name", "invalid")]),
        ("active", None, [("active", "null")]),
        ("active", "", [("active", "invalid")]),
        ("active", " true ", [("active", "invalid")]),
        ("address", {"number": ""}, [("address.number", "invalid")]),
        ("active", 2, [("active", "invalid")]),
        ("active", [], [("active", "invalid")]),
        ("kind", "", [("kind", "invalid_choice")]),
        ("kind", "cow", [("kind", "invalid_choice")]),
        ("kind", [], [("kind", "invalid_choice")]),
        ("colour", "blue", [("colour", "invalid_choice")]),
        ("birthday", "", [("birthday", "invalid")]),
        ("birthday", 20240105, [("birthday", "invalid")]),
        ("seen", "x", [("seen", "invalid")]),
        ("seen", "0001-01-01T00:00:00+01:00", [("seen", "overflow")]),
        ("seen", "9999-12-31T23:59:59-05:00", [("seen", "overflow")]),
        ("site", "x", [("site", "invalid")]),
        ("site", "x" * 31, [("site", "max_length"), ("site", "invalid")]),
        ("site", "\0" * 31, [("site", "max_length"), ("site", NUL), ("site", "invalid")]),
        ("name", "\0" * 11, [("name", "max_length"), ("name", NUL)]),
        ("name", "\ud83d\udc4d", [("name", HALF)]),
        ("name", "\0\udc4d", [("name", NUL), ("name", HALF)]),
        ("email", "x", [("email", "invalid")]),
        ("weight", "x", [("weight", "invalid")]),
        ("weight", True, [("weight", "invalid")]),
        ("owner", UUID, [("owner.nonFieldErrors", "invalid")]),
        ("owner", {}, [("owner.uuid", "required")]),
        ("owner", {"uuid": None}, [("owner.uuid", "null")]),
        ("owner", {"uuid": ""}, [("owner.uuid", "invalid")]),
        ("owner", {"uuid": -1}, [("owner.uuid", "invalid")]),
        ("owner", {"uuid": 1.0}, [("owner.uuid", "invalid")]),
        ("friends", {}, [("friends.nonFieldErrors", "not_a_list")]),
        ("friends", [{"uuid": UUID}, {"uuid": "x"}], [("friends.1.uuid", "invalid")]),
        ("friends", [{}, None], [("friends.0.uuid", "required"), ("friends", "null")]),
        ("friends", [1], [("friends.0.nonFieldErrors", "invalid")]),
        ("tags", "a", [("tags", "not_a_list")]),
        (
            "tags",
            ["a", "bbbb", None, ""],
            [("tags.1", "max_length"), ("tags.2", "null"), ("tags.3", "blank")],
        ),
        ("notes", [], [("notes", "not_a_dict")]),
        ("notes", {"a": 1, "b": "", "c": "12345"}, [("notes.b", "blank"), ("notes.c", "max_length")]),
        ("address", None, [("address", "null")]),
        (
            "address",
            {"city": "x" * 6, "number": 0},
            [("address.city", "max_length"), ("address.number", "min_value")],
        ),
        ("address", {"number": 100}, [("address.number", "max_value")]),
        ("address", {"number": "9" * 1001}, [("address.number", "max_string_length")]),
        ("address", {"number": "1_0"}, [("address.number", "invalid")]),
        ("details", {}, [("details.lives", "required")]),
        ("details", None, [("details", "null")]),
    ],
)
def test_a_problem_is_named_by_its_path_and_code(member, sent, expected):
    assert refused(member, sent) == expected


def test_all_problems_come_together_in_the_order_of_the_schema():
    checked = check({"active": "x", "owner": {}, "name": ""}, False)
    assert [(p.name, p.code) for p in checked.problems] == [
        ("kind", "required"),
        ("name", "blank"),
        ("active", "invalid"),
        ("owner.uuid", "required"),
    ]


def test_only_the_usable_part_is_kept():
    checked = check(
        {**CAT, "uuid": UUID, "unknown": 1, "address": {"city": "x" * 6, "number": 7}, "active": "x"}, False
    )
    assert checked.value == {**CAT, "address": {"number": 7}}
    assert checked.rejected == {"active": "x", "address.city": "x" * 6}


def test_a_list_keeps_its_positions():
    checked = check({**CAT, "friends": [{"uuid": "x"}, {"uuid": UUID}]}, False)
    assert checked.value["friends"] == [{}, {"uuid": UUID}]


def test_a_reference_without_a_uuid_is_no_value():
    assert "owner" not in check({**CAT, "owner": {"uuid": "x"}}, False).value


def test_a_partial_body_requires_nothing_of_itself_but_groups_stay_whole():
    assert check({}, True).problems == []
    checked = check({"owner": {}, "kind": "cat", "details": {}}, True)
    assert [(p.name, p.code) for p in checked.problems] == [
        ("owner.uuid", "required"),
        ("details.lives", "required"),
    ]


def test_the_discriminator_chooses_the_group_and_without_it_the_group_is_left_out():
    assert check({"kind": "dog", "details": {"breed": "x", "lives": 9}}, True).value["details"] == {
        "breed": "x"
    }
    assert check({"details": {"breed": "x"}}, True).value == {}
    assert check({"kind": "cow", "details": None}, True).value == {}


@pytest.mark.parametrize(
    ("body", "code", "reason"),
    [
        (None, "null", "No data provided"),
        ([], "invalid", "Ongeldige data. Verwacht een dictionary, kreeg een list."),
        ("x", "invalid", "Ongeldige data. Verwacht een dictionary, kreeg een str."),
    ],
)
def test_a_body_that_is_no_object(body, code, reason):
    checked = check(body, False)
    assert [(p.name, p.code, p.reason) for p in checked.problems] == [("nonFieldErrors", code, reason)]


def test_options_tell_what_the_schema_does_not():
    options = {
        "name": {"blank": True},
        "active": {"required": True, "nullable": True},
        "site": {"blank": False},
        "seen": {"bareDate": False},
        "address.city": {"trim": False},
        "address.code": {"reason": "Geen code: {value}"},
        "notes.*": {"blank": True},
        "tags.*": {"maxLength": 9},
        "friends.uuid": {"nullable": True},
    }
    configured = compile_body(SMALL, SMALL.schema("Thing"), options=options)
    sent = {
        "kind": "cat",
        "name": "",
        "active": None,
        "notes": {"a": ""},
        "tags": ["bbbb"],
        "friends": [{"uuid": None}],
    }
    assert configured({**sent, "address": {"city": " a "}}, False).value == {
        **sent,
        "address": {"city": " a "},
    }
    wrong = {"kind": "cat", "name": "x", "site": "", "seen": "2024-01-05", "address": {"code": "12345\n"}}
    assert [(p.name, p.code, p.reason[:12]) for p in configured(wrong, False).problems] == [
        ("active", "required", "Dit veld is "),
        ("seen", "invalid", "Datetime hee"),
        ("site", "blank", "Dit veld mag"),
        ("address.code", "invalid", "Geen code: 1"),
    ]


@pytest.mark.parametrize(
    ("sent", "reasons"),
    [
        ("NL", []),
        ("XK", []),
        ("nl", ["Ongeldige landcode, de code moet behoren tot de ISO 3166-standaard. Bedoelde u NL?"]),
        ("ZZ", ["Ongeldige landcode, de code moet behoren tot de ISO 3166-standaard"]),
    ],
)
def test_a_country_is_a_code_of_the_standard(sent, reasons):
    """Text of the format country is one of the codes of ISO 3166-1, in capitals."""
    validator = compile_body(SMALL, SMALL.schema("Thing"), options={"name": {"format": "country"}})
    assert [problem.reason for problem in validator({**CAT, "name": sent}, False).problems] == reasons


def test_an_option_for_a_member_that_is_not_there_is_named():
    with pytest.raises(UnknownOption) as caught:
        compile_body(SMALL, SMALL.schema("Thing"), options={"address.street": {"blank": True}, "uuid": {}})
    assert caught.value.paths == ("address.street", "uuid")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = [*SMALL.properties(SMALL.schema("Cat"))]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from(MEMBERS), json_values))
def test_what_is_kept_is_valid_and_stays_as_it_is(body):
    checked = check(body, True)
    again = check(checked.value, True)
    for name in {problem.name.partition(".")[0] for problem in checked.problems}:
        again.value.pop(name, None)
        checked.value.pop(name, None)
    assert again.value == checked.value
