"""Which item of an old client's list is which of the addresses that were put there."""

import pytest
from adapter.engine.read.slot_contents import by_place, claim, place_of, placed
from adapter.shipped import shipped_mappings


@pytest.fixture(scope="module")
def home():
    """The `emails` of a klant, of which the first five have a slot."""
    return shipped_mappings("klantenbundle").resources["digitaleadressen"].homes["email"]


def rows(text):
    """A list with these addresses; a dot is an item without one."""
    return [{"email": "" if each == "." else each, "naam": "werk"} for each in text]


@pytest.mark.parametrize(
    ("put", "now", "found"),
    [
        pytest.param("abc", "abc", {"a": 0, "b": 1, "c": 2}, id="as it was"),
        pytest.param("abc", "cab", {"a": 1, "b": 2, "c": 0}, id="in another order"),
        pytest.param("abc", "ac", {"a": 0, "c": 1}, id="one taken out"),
        pytest.param("abc", "", {}, id="all taken out"),
        pytest.param("abc", "axc", {"a": 0, "b": 1, "c": 2}, id="one changed in its place"),
        pytest.param("abc", "abcx", {"a": 0, "b": 1, "c": 2}, id="one added"),
        pytest.param("abc", "xabc", {"a": 1, "b": 2, "c": 3}, id="one added before"),
        pytest.param("ab", "ba", {"a": 1, "b": 0}, id="two that changed places"),
        pytest.param("abc", "a.c", {"a": 0, "c": 2}, id="one emptied"),
        pytest.param("abc", "xc", {"c": 1}, id="one changed and one taken out: nobody knows which"),
    ],
)
def test_an_item_is_known_by_what_was_put_there_and_else_by_its_place(home, put, now, found):
    before = rows(put)
    claims = {name: claim(home, before, number) for number, name in enumerate(put)}
    assert placed(home, rows(now), claims) == found


def test_of_two_items_that_are_alike_each_has_one(home):
    claims = {"one": claim(home, rows("aa"), 0), "two": claim(home, rows("aa"), 1)}
    assert placed(home, rows("aa"), claims) == {"one": 0, "two": 1}
    assert placed(home, rows("xaa"), claims) == {"two": 1, "one": 2}
    assert placed(home, rows("a"), claims) == {"one": 0}


@pytest.mark.parametrize(
    ("now", "left", "slots"),
    [
        pytest.param("ab", "", ["8", "9"], id="by place"),
        pytest.param("ab", "8", ["f", "9"], id="another one where the value of the place left"),
        pytest.param(".b", "8", ["", "9"], id="none for what is empty"),
        pytest.param("abcdef", "", ["8", "9", "b", "d", "f", ""], id="none is left for a sixth"),
        pytest.param("ab", "89bdf", ["", ""], id="all have left"),
    ],
)
def test_what_an_old_client_wrote_has_the_slot_of_its_place(home, now, left, slots):
    found = by_place(home, {"emails": rows(now)}, left)
    assert [slot for _, _, slot in found] == slots
    assert [(number, item["email"]) for number, item, _ in found] == [
        (number, each["email"]) for number, each in enumerate(rows(now))
    ]


@pytest.mark.parametrize(("item", "at", "place"), [("b", 1, 1), ("a", 1, 0), ("c", 0, None), ("a", 9, 0)])
def test_an_item_that_was_read_is_where_it_stands_now(item, at, place):
    assert place_of(item, ["a", "b", "a"], at) == place
