"""A KlantBrug in a process of its own that tests of what it costs share."""

import pytest

from tests.limits.process import served


@pytest.fixture(scope="module")
def brug(tmp_path_factory):
    """With the limits of production."""
    with served(tmp_path_factory.mktemp("limits")) as found:
        yield found
