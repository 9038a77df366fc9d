from collections.abc import Iterator

import pytest

from tests.reverse.chain import Chain, chained


@pytest.fixture(scope="session")
def running_chain(tmp_path_factory) -> Iterator[Chain]:
    """A chain in the dialect of Open Klant 1.0, started when it is first asked for."""
    with chained("openklant", tmp_path_factory.mktemp("chain")) as chain:
        yield chain


@pytest.fixture
def chain(running_chain: Chain) -> Chain:
    """An empty chain."""
    running_chain.reset()
    return running_chain
