"""What an answer takes of KlantBrug itself, told without a clock: function calls, and what stays behind."""

import gc

import pytest
from adapter.engine.entities.entry import Entry

from tests.budget.conftest import known_of
from tests.budget.material import fill_page
from tests.counting import calls_of

# Enough to see what grows with a page.
SOME = 20
# About a tenth more than it takes: more is a mistake, less is a reason to lower it.
MOST = {
    "klantcontacten/{contact}": 740,
    "klantcontacten?pageSize=20": 2_700,
    "klantcontacten?pageSize=20&expand=hadBetrokkenen,hadBetrokkenen.wasPartij": 4_600,
}


@pytest.mark.parametrize("dialect", ["openklant"])
@pytest.mark.parametrize(("path", "most"), MOST.items(), ids=MOST.keys())
def test_a_read_takes_so_many_calls_of_functions_and_no_more(deployment, page, path, most):
    """What depends on the mapping alone is worked out at the first request, and not again."""
    served = deployment.served
    path = path.format(**page)
    served.get(path)
    found = calls_of(lambda: served.get(path), "engine", "mapping")
    assert found <= most


@pytest.mark.parametrize("dialect", ["openklant"])
@pytest.mark.parametrize("path", MOST)
def test_what_was_read_is_let_go_with_the_answer(deployment, page, path):
    """It does not wait for the garbage collector: memory does not grow with what was asked."""
    served = deployment.served
    served.get(path.format(**page))
    gc.collect()
    gc.disable()
    try:
        before = entries()
        served.get(path.format(**page))
        assert entries() == before
    finally:
        gc.enable()


def entries() -> int:
    """How many resources that were read are in memory."""
    return sum(type(each) is Entry for each in gc.get_objects())


@pytest.fixture
def page(deployment, stock):
    """A page of klantcontacten with what hangs on them, and one of them."""
    return stock(deployment, some)


def some(deployment):
    """What the operations are about, and a part of a page besides."""
    known = known_of(deployment)
    fill_page(deployment, known, SOME)
    return known
