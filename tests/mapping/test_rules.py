"""The rules that need no register: what each says of a write, and of one that an old record would break."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from adapter.mapping.constructs.rules import RULES, OnlyOne, Stamp, UniqueTogether, compiled
from adapter.mapping.paths import Path, get
from adapter.mapping.settings import Settings

UUID, OTHER = "1c9d3c0e-77d1-4f0e-8f1b-0f3c6a7b9d22", "4d8e2f60-9c1a-4b7d-8e3f-7a6b5c4d3e66"
SETTINGS = Settings({"closed": "verwerkt"})
PER_KIND = {"bsn": {"length": 9, "eleven_test": "BSN"}, "kvk": {"length": 8}}


@dataclass
class Write:
    """A write of these values over a resource with those `before`; `sent` are all members unless given."""

    intended: dict[str, Any]
    before: dict[str, Any] | None = None
    sent: dict[str, Any] | None = None
    partial: bool = False
    nested: bool = False
    uuid: str = UUID
    body: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.body = self.intended if self.sent is None else self.sent

    def changed(self, path: Path) -> bool:
        return self.before is None or get(self.intended, path) != get(self.before, path)


EMAIL = {"format": "adres", "is": "email", "if": {"soort": "email"}}
PHONE = {"format": "adres", "is": "dutch_phone", "if": {"soort": "telefoon"}}
NOT_BOTH = {"not_both": ["gelukt", "actie"], "code": "not-both", "reason": "Niet allebei."}
ONE = {"not_both": ["een", "lijst"], "none": "Een van beide.", "reason": "Niet allebei."}
STAMP = {"stamp": "op", "if": {"status": {"setting": "closed"}}, "reason": "Alleen dan."}
FITS = {"fits": "a.code", "per": "a.register", "words": {"brp": ["persoon"]}, "name": "code"}
NUMBER = {"fits": "id", "per": "soort", "words": PER_KIND, "name": "nummer"}
NEEDS = {"reference": "partij", "if": {"standaard": True}, "name": "standaard", "required": "Nodig."}
OWN = {"own": "uuid", "reason": "Er is er al een."}
ITSELF = {"different": ["self", "van"], "reason": "Niet zichzelf."}
DIFFERENT = {"different": ["een", "ander"], "reason": "Niet dezelfde."}

CASES: list[tuple[dict[str, Any], Write, list[tuple[str, str]]]] = [
    (EMAIL, Write({"soort": "email", "adres": "piet@example.nl"}), []),
    (EMAIL, Write({"soort": "email", "adres": "piet"}), [("adres", "invalid")]),
    (EMAIL, Write({"soort": "overig", "adres": "piet"}), []),
    (EMAIL, Write({"soort": "email", "adres": ""}), []),
    (EMAIL, Write({"soort": "email", "adres": "piet"}, before={"adres": "piet"}), []),
    (EMAIL, Write({"soort": "email", "adres": "piet"}, sent={"soort": "email"}), []),
    (PHONE, Write({"soort": "telefoon", "adres": "0612345678"}), []),
    (PHONE, Write({"soort": "telefoon", "adres": "hallo"}), [("adres", "invalid")]),
    (NOT_BOTH, Write({"gelukt": True, "actie": True}), [("nonFieldErrors", "not-both")]),
    (NOT_BOTH, Write({"gelukt": True, "actie": None}), []),
    (ONE, Write({"een": {}, "lijst": []}), [("nonFieldErrors", "invalid")]),
    (ONE, Write({"een": None}), [("nonFieldErrors", "invalid")]),
    (ONE, Write({}, partial=True), []),
    (ONE, Write({"lijst": []}), []),
    (STAMP, Write({"status": "open", "op": "2024-03-01T10:00:00Z"}), [("op", "invalid")]),
    (STAMP, Write({"status": "verwerkt", "op": "2024-03-01T10:00:00Z"}), []),
    (STAMP, Write({"status": "open", "op": None}), []),
    (FITS, Write({"a": {"register": "brp", "code": "vestiging"}}), [("code", "invalid")]),
    (FITS, Write({"a": {"register": "brp", "code": "persoon"}}), []),
    (FITS, Write({"a": {"register": "hr", "code": "vestiging"}}), []),
    (FITS, Write({"a": {"register": "brp", "code": ""}}), []),
    (
        FITS,
        Write({"a": {"register": "brp", "code": "x"}}, before={"a": {"register": "brp", "code": "x"}}),
        [],
    ),
    (NUMBER, Write({"soort": "bsn", "id": "123456782"}), []),
    (NUMBER, Write({"soort": "bsn", "id": "123456789"}), [("nummer", "invalid")]),
    (NUMBER, Write({"soort": "bsn", "id": "12345678x"}), [("nummer", "invalid")]),
    (NUMBER, Write({"soort": "kvk", "id": "123456789"}), [("nummer", "invalid")]),
    (NUMBER, Write({"soort": "anders", "id": "1"}), []),
    (NUMBER, Write({"soort": "kvk", "id": "1"}, before={"soort": "kvk", "id": "1"}), []),
    (NEEDS, Write({"standaard": True, "partij": None}), [("standaard", "invalid")]),
    (NEEDS, Write({"standaard": True, "partij": {"uuid": OTHER}}), []),
    (NEEDS, Write({"standaard": False, "partij": None}), []),
    (NEEDS, Write({"standaard": True, "partij": None}, before={"standaard": True, "partij": None}), []),
    (OWN, Write({"uuid": UUID}), [("uuid", "unique")]),
    (OWN, Write({"uuid": UUID}, before={}), []),
    (OWN, Write({"uuid": OTHER}, before={}), [("uuid", "unique")]),
    (OWN, Write({"uuid": OTHER}, before={}, nested=True), []),
    (OWN, Write({}), []),
    (ITSELF, Write({"van": {"uuid": UUID}}), [("van", "invalid")]),
    (ITSELF, Write({"van": {"uuid": OTHER}}), []),
    (ITSELF, Write({"van": {"uuid": UUID}}, before={"van": {"uuid": UUID}}), []),
    (DIFFERENT, Write({"een": {"uuid": OTHER}, "ander": {"uuid": OTHER}}), [("ander", "invalid")]),
    (DIFFERENT, Write({"een": {"uuid": OTHER}, "ander": {"uuid": UUID}}), []),
    (DIFFERENT, Write({"een": None, "ander": None}), []),
]


@pytest.mark.parametrize(("node", "write", "wrong"), CASES, ids=[f"{next(iter(node))}" for node, *_ in CASES])
def test_what_a_rule_says_of_a_write(node, write, wrong):
    assert [(each.name, each.code) for each in compiled(node, SETTINGS).broken(write)] == wrong


LISTED = {
    "listed": "kanaal",
    "setting": "tabel",
    "reason": "{value} is het niet: {allowed}",
    "none": "Niets voor {value}.",
}


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["telefoon", "{value}"], "fax is het niet: telefoon, {value}"),
        ([], "fax is het niet: "),
        (None, "Niets voor fax."),
        (["fax"], None),
    ],
)
def test_a_text_has_to_be_a_code_that_holds_now(codes, said):
    rule = compiled(LISTED, Settings({"tabel": "KANAAL"}))
    assert [each.reason for each in rule.broken(Write({"kanaal": "fax"}), codes)] == ([said] if said else [])


@pytest.mark.parametrize(
    ("table", "write", "wrong", "concerns"),
    [
        ("KANAAL", Write({"kanaal": "fax"}), (), True),
        ("KANAAL", Write({"kanaal": "fax"}), ("kanaal",), False),
        ("KANAAL", Write({"kanaal": ""}), (), False),
        ("KANAAL", Write({"kanaal": "fax"}, before={"kanaal": "fax"}), (), False),
        ("KANAAL", Write({"kanaal": "fax"}, before={"kanaal": "telefoon"}), (), True),
        ("KANAAL", Write({"kanaal": "fax"}, sent={}), (), False),
        ("", Write({"kanaal": "fax"}), (), False),
        (None, Write({"kanaal": "fax"}), (), False),
    ],
)
def test_a_table_is_read_only_for_a_new_text(table, write, wrong, concerns):
    assert compiled(LISTED, Settings({"tabel": table})).concerns(write, wrong) is concerns


@pytest.mark.parametrize(
    ("skip", "values", "expected"),
    [
        ([], {"a": 1, "b": None}, [(("a",), 1), (("b",), None)]),
        (["b"], {"a": 1, "b": None}, []),
        (["b"], {"a": None, "b": 2}, [(("a",), None), (("b",), 2)]),
        ([], {"a": 1}, []),
    ],
)
def test_the_values_that_no_other_may_have(skip, values, expected):
    """One without a value at a path that is skipped is passed over, and so is one that lacks a member."""
    rule = compiled({"unique": ["a", "b"], "skip_empty": skip, "reason": "Uniek."}, SETTINGS)

    assert isinstance(rule, UniqueTogether)
    assert rule.values(values) == expected
    assert (rule.name, rule.code) == ("nonFieldErrors", "unique")


def test_a_setting_stands_for_its_value_in_a_rule():
    """What a rule compares with is what the deployment decided."""
    stamp = compiled(STAMP, SETTINGS)

    assert isinstance(stamp, Stamp)
    assert stamp.holds({"status": "verwerkt"})


def test_where_only_one_is_like_something_the_others_become_the_opposite():
    only_one = compiled({"only_one": {"a": True, "b": False}, "per": ["partij"]}, SETTINGS)

    assert isinstance(only_one, OnlyOne)
    assert only_one.like == ((("a",), True), (("b",), False))
    assert only_one.others_become == {"a": False, "b": True}


def test_every_kind_of_rule_is_told_by_its_name():
    assert all(name == each.name and name in each.parts for name, each in RULES.items())
