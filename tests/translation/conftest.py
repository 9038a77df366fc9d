"""A new and an old client before the same empty registers."""

import pytest

from tests.translation.old_kiss import OldKiss


@pytest.fixture
def served(deployment):
    """A client of KlantBrug."""
    return deployment.served


@pytest.fixture
def old(deployment):
    """A client of the registers, as KISS is one in its old mode."""
    return OldKiss(deployment)
