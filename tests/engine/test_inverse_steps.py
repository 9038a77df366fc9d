"""Taking back what a write did: what others changed since stays as they have it."""

import pytest
from adapter.engine.transaction.recognising import holds, same
from adapter.engine.transaction.steps import CHANGE, PUT, earlier

SAME = [
    ("x", "x", True),
    ("x", " x ", True),
    ("x", "X", False),
    ("", None, True),
    ("2024-05-06T07:08:09Z", "2024-05-06T09:08:09+02:00", True),
    ("2024-05-06T07:08:09Z", "2024-05-06T07:08:10Z", False),
    ("2024-05-06", "2024-05-06", True),
    (0, None, False),
    (False, "", False),
    ([1], [1], True),
    ({"a": 1}, {"a": 2}, False),
]


@pytest.mark.parametrize(("one", "other", "is_same"), SAME)
def test_values_are_the_same_however_registers_write_them(one, other, is_same):
    assert same(one, other) is same(other, one) is is_same


@pytest.mark.parametrize(
    ("sent", "now", "held"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1}, {"b": 2}, False),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}, True),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, False),
        ({"a": {"b": 1}}, {"a": None}, False),
        ({"a": ""}, {}, True),
        ({}, {"a": 1}, True),
    ],
)
def test_a_record_holds_what_was_sent(sent, now, held):
    assert holds(sent, now) is held


@pytest.mark.parametrize(
    ("do", "before", "sent", "now", "found"),
    [
        pytest.param(CHANGE, {"a": 1}, {"a": 2}, {"a": 2, "b": 3}, {"a": 1, "b": 3}, id="put back"),
        pytest.param(CHANGE, {"a": 1}, {"a": 2}, {"a": 9}, {"a": 9}, id="another's change stays"),
        pytest.param(CHANGE, {}, {"a": 2}, {"a": 2}, {}, id="what was not there goes"),
        pytest.param(
            CHANGE,
            {"a": {"b": 1, "c": 1}},
            {"a": {"b": 2}},
            {"a": {"b": 2, "c": 5}},
            {"a": {"b": 1, "c": 5}},
            id="member by member of a group",
        ),
        pytest.param(PUT, {"a": 1, "b": 1}, {"a": 2}, {"a": 2}, {"a": 1, "b": 1}, id="what a PUT left out"),
        pytest.param(
            PUT, {"a": 1, "b": 1}, {"a": 2}, {"a": 2, "b": 7}, {"a": 1, "b": 7}, id="what another put there"
        ),
        pytest.param(PUT, {"a": {"b": 1}}, {"a": {}}, {"a": {}}, {"a": {"b": 1}}, id="a group as a whole"),
    ],
)
def test_what_stood_there_earlier(do, before, sent, now, found):
    assert earlier(now, {"do": do, "sent": sent, "former": before}) == found
