"""A list that a register gives page by page, while others write to it."""

import pytest
from adapter.engine.gateway.answers import READINGS, steady
from adapter.errors import RegisterUnavailable


def page(count, *names):
    return count, [{"url": name} for name in names]


STILL = [page(3, "a", "b"), page(3, "c")]
CREATED = [page(3, "a", "b"), page(4, "b", "c")]
DELETED = [page(3, "a", "b"), page(2)]
SWAPPED = [page(3, "a", "b"), page(3, "b")]
TWICE = [page(2, "a", "a")]


@pytest.mark.parametrize(
    ("readings", "found"),
    [
        pytest.param([STILL], "abc", id="nothing happens"),
        pytest.param([[page(0)]], "", id="nothing is there"),
        pytest.param([CREATED, STILL], "abc", id="something is made meanwhile"),
        pytest.param([DELETED, STILL], "abc", id="something is deleted meanwhile"),
        pytest.param([SWAPPED, CREATED, STILL], "abc", id="both, and then again"),
        pytest.param([TWICE, TWICE], "a", id="a register that always gives a record twice"),
    ],
)
def test_all_records_come_once(readings, found):
    """It is read again until no page shifted, and not once more than that."""
    left = iter(readings)
    rows = steady("klanten", lambda: next(left))
    assert [row["url"] for row in rows] == [*found]
    assert list(left) == []


def test_a_list_that_keeps_shifting_is_given_up():
    asked = []
    shifting = [CREATED, DELETED, CREATED]

    def read():
        asked.append(1)
        return shifting[len(asked) - 1]

    with pytest.raises(RegisterUnavailable):
        steady("klanten", read)
    assert len(asked) == READINGS
