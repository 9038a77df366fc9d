"""What stays in memory of an answer: nothing."""

import gc

import pytest
from adapter.engine.entities.entry import Entry

from tests.budget.conftest import known_of
from tests.budget.material import fill_page

# Enough to see what grows with a page.
SOME = 20
PATHS = (
    "klantcontacten/{contact}",
    "klantcontacten?pageSize=20",
    "klantcontacten?pageSize=20&expand=hadBetrokkenen,hadBetrokkenen.wasPartij",
)


@pytest.mark.parametrize("dialect", ["openklant"])
@pytest.mark.parametrize("path", PATHS)
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
