"""States to test, in a file and in one PostgreSQL for all; and the registers of a town."""

import pytest

from tests.gathering.service import suite
from tests.state.conftest import address

__all__ = ["address"]


@pytest.fixture(scope="module")
def town():
    """An e-Suite, an Objects API and zaken, running."""
    with suite() as there:
        yield there
