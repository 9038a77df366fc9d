from collections.abc import Iterator

import pytest

from tests.reverse.chain import Chain, chained, turned


@pytest.fixture(scope="session")
def running_chain(tmp_path_factory) -> Iterator[Chain]:
    """A chain in the dialect of Open Klant 1.0, started when it is first asked for."""
    with chained("openklant", tmp_path_factory.mktemp("chain")) as chain:
        yield chain


@pytest.fixture(scope="session")
def running_table(running_chain: Chain) -> Iterator[Chain]:
    """The same chain, of which asides are in a table of the state."""
    with turned("openklant", running_chain.running, asides="table") as chain:
        yield chain


@pytest.fixture
def tabled(running_table: Chain) -> Chain:
    """An empty chain with asides in a table."""
    running_table.reset()
    return running_table


@pytest.fixture
def chain(running_chain: Chain) -> Chain:
    """An empty chain."""
    running_chain.reset()
    return running_chain
