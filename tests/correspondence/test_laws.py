"""A correspondence says the same in both directions, and what stands aside makes up for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from adapter.correspondence.compiling import Compiler
from adapter.correspondence.converting import CODECS, INVERSES, certain
from adapter.correspondence.inverse import invert, inverted_pair
from adapter.correspondence.model import Codec, Correspondence, Form, Pair, Part, Range, Reference, Words
from adapter.correspondence.reading import read_correspondences
from adapter.correspondence.rows import read
from adapter.correspondence.translating import code_of, written
from adapter.dialects import SHIPPED
from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.paths import MISSING, put
from adapter.mapping.settings import Settings
from adapter.reverse.asides import kept, rebased, served
from adapter.reverse.links import Bases
from adapter.shipped import example_settings, register_documents, served_document
from hypothesis import given, settings
from hypothesis import strategies as st

UUID = "5f6a1c52-7f0e-4d6c-9a43-0f5e0b9f7a11"
LINKS = Bases(
    {
        "klanten": ["https://brug.example/klanten/api/v1", "https://oud.example/klanten"],
        "contactmomenten": ["https://brug.example/contactmomenten/api/v1"],
        "zaken": ["https://zaken.example"],
    }
)


@cache
def compiled(dialect: str) -> list[Correspondence]:
    old, known = register_documents(dialect), Settings(example_settings())
    compiler = Compiler(served_document(), old, known)
    return [compiler.compiled(file) for file in read_correspondences(SHIPPED, dialect).values()]


def pairs_of(parts: tuple[Part, ...]) -> Iterator[Pair]:
    """Those of parts, and of the parts of their items."""
    for part in parts:
        yield from part.pairs
        yield from pairs_of(part.parts)


ALL = [
    pytest.param(each, id=f"{dialect}/{each.name}")
    for dialect in ("vng", "openklant", "klantenbundle")
    for each in compiled(dialect)
]
PAIRS = [
    pytest.param(pair, id=f"{dialect}/{it.name}.{'.'.join(pair.left)}-{number}")
    for dialect in ("openklant", "klantenbundle")
    for it in compiled(dialect)
    if dialect == "openklant" or it.name in {"klant", "contactmoment"}
    for number, pair in enumerate([*it.pairs, *pairs_of(it.parts)])
]


@pytest.mark.parametrize("it", ALL)
def test_turned_round_twice_it_is_the_same(it: Correspondence) -> None:
    assert invert(invert(it)) == it
    assert invert(it) != it


def values_of(pair: Pair) -> list[Any]:
    """Values of the old side that a pair may meet, those that do not fit included."""
    found: list[Any] = ["", "x", "Jansen", "x" * 90, "lang " * 300, "12", "3511 LT", 0, 1, 12, 100_000, True]
    for each in pair.conversions:
        match each:
            case Words(entries):
                found += [word for _, right in entries for word in right]
            case Reference(collection, _, "url"):
                found += [LINKS.url(collection, UUID), "https://elders.example/1"]
            case Reference():
                found.append(UUID)
            case Codec():
                found += ["jan.van.der.berg@gemeente.example", "x" * 15 + "-0123abcd"]
            case Form() | Range():
                pass
    longest = pair.right_limit.longest
    return [each for each in found if longest is None or len(str(each)) <= longest]


def old_record(pair: Pair, value: Any) -> Any:
    if not pair.right:
        return value
    record: dict[str, Any] = {}
    put(record, pair.right, value)
    return record


@pytest.mark.parametrize("pair", PAIRS)
def test_what_was_written_is_read_and_written_the_same_again(pair: Pair) -> None:
    """PutGet, and GetPut for all that a write ever makes; the inverse does what the pair does."""
    said = 0
    for value in values_of(pair):
        try:
            left = written(pair, "left", old_record(pair, value), LINKS)
        except DoesNotFit:
            continue
        if left is MISSING:
            continue
        said += 1
        record: dict[str, Any] = {}
        put(record, pair.left, left)
        again = read(pair, "right", record, LINKS)
        if again is not MISSING:
            assert written(pair, "left", old_record(pair, again), LINKS) == left
        assert read(inverted_pair(pair), "left", record, LINKS) == again
    assert said


EMAILS = {("emails",): ("email",)}
ITEMS = st.lists(
    st.dictionaries(st.sampled_from(["email", "naam"]), st.sampled_from(["", "a", "b", "c"])), max_size=4
)
WITH_LISTS = st.one_of(st.just({}), st.just({"emails": None}), ITEMS.map(lambda it: {"emails": it}))


@settings(max_examples=150)
@given(intended=WITH_LISTS, alone=WITH_LISTS)
def test_what_stands_aside_makes_a_list_whole(intended: dict[str, Any], alone: dict[str, Any]) -> None:
    assert served(alone, kept(intended, alone, EMAILS), EMAILS) == intended
    assert kept(alone, alone, EMAILS) == {}


def test_each_item_of_a_list_stands_aside_by_itself() -> None:
    """Another item that comes, changes or goes leaves what stands aside of the others."""
    said = {"emails": [{"email": "a", "naam": "kort"}, {"email": "b"}]}
    refused = {"email": "x", "naam": "geweigerd"}
    aside = kept({"emails": [refused, {"email": "a", "naam": "lang"}, {"email": "b"}]}, said, EMAILS)

    def then(*items: dict[str, str]) -> Any:
        return served({"emails": list(items)}, aside, EMAILS)["emails"]

    a, b, new = {"email": "a", "naam": "kort"}, {"email": "b"}, {"email": "n"}
    assert then(a, b, new) == [{"email": "a", "naam": "lang"}, b, new, refused]
    assert then(b) == [b, refused]
    assert then({"email": "a", "naam": "anders"}, b)[1] == {"email": "a", "naam": "anders"}
    assert then(a, b, {"email": "x", "naam": "nieuw"})[-1] == {"email": "x", "naam": "nieuw"}


# any JSON that a record may be made of
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["", "a", "b"]))
NAMES = st.sampled_from(["a", "b", "c"])
GROUPS = st.dictionaries(NAMES, st.one_of(LEAVES, st.dictionaries(NAMES, LEAVES, min_size=1)), min_size=1)


@settings(max_examples=60)
@given(intended=GROUPS, alone=GROUPS)
def test_what_stands_aside_makes_a_record_whole(intended: dict[str, Any], alone: dict[str, Any]) -> None:
    assert served(alone, kept(intended, alone, {}), {}) == intended
    assert kept(alone, alone, {}) == {}


@settings(max_examples=60)
@given(intended=GROUPS, alone=GROUPS, later=GROUPS)
def test_a_later_change_wins_and_a_rebase_keeps(
    intended: dict[str, Any], alone: dict[str, Any], later: dict[str, Any]
) -> None:
    aside = kept(intended, alone, {})
    again = rebased(aside, [("a",)], served(later, aside, {}), later, {})

    assert served(later, again, {}).get("a", MISSING) == served(later, aside, {}).get("a", MISSING)
    assert {path for path in again if path[0] != "a"} == {path for path in aside if path[0] != "a"}


def test_a_new_value_goes_before_what_stood_aside() -> None:
    aside = kept({"a": {"b": "030", "c": "x"}}, {"a": {"b": "", "c": "y"}}, {})

    assert served({"a": {"b": "06", "c": "y"}}, aside, {}) == {"a": {"b": "06", "c": "x"}}


def test_null_an_empty_group_and_a_group_of_blanks_stay_apart() -> None:
    for intended in ({"a": None}, {"a": {}}, {"a": {"b": ""}}, {}):
        for alone in ({"a": None}, {"a": {}}, {"a": {"b": ""}}, {"a": {"b": "x"}}):
            assert served(alone, kept(intended, alone, {}), {}) == intended


def test_a_code_follows_from_the_uuid_and_is_no_number() -> None:
    assert code_of(UUID) == code_of(UUID)
    assert len(code_of(UUID)) == 8
    assert not code_of(UUID).isdecimal()


def test_an_identifier_that_may_have_been_shortened_is_not_certain() -> None:
    long = "jan.van.der.berg@gemeente.example"

    assert certain("short_identifier", "mw-1")
    assert not certain("short_identifier", CODECS["short_identifier"](long))


@pytest.mark.parametrize("text", ["9" * 5000, "007", "12 bis", "٣"])
def test_a_text_that_is_no_number_does_not_fit(text: str) -> None:
    """It stands aside then; so does one with more digits than Python reads."""
    assert INVERSES["number_text"]("12") == 12
    with pytest.raises(DoesNotFit):
        INVERSES["number_text"](text)
