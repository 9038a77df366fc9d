from collections.abc import Iterator

import pytest
from adapter.embedded.esuite import Looseness, create_app

from tests.embedded.esuite.client import ZAKEN, EsuiteClient
from tests.short_way import running


@pytest.fixture(scope="package")
def esuite() -> Iterator[EsuiteClient]:
    """An e-Suite, empty at the start of these tests. Every answer is held to its specification."""
    looseness = Looseness()
    with running(create_app(zaken=[ZAKEN], looseness=looseness)) as base:
        client = EsuiteClient(base, looseness)
        yield client
        assert client.findings == []


@pytest.fixture(autouse=True)
def as_it_is(esuite: EsuiteClient) -> Iterator[None]:
    """What a test changes about the looseness does not outlive it."""
    yield
    esuite.looseness.__init__()  # type: ignore[misc]
