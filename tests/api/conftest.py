from __future__ import annotations

from collections.abc import Iterator

import pytest
from adapter.api import ApiSettings, Token, create_app, hash_token
from starlette.testclient import TestClient

from tests.api.memory import BASE, MemoryService

HASHED = "een-lang-en-willekeurig-token"


@pytest.fixture(scope="session")
def settings() -> ApiSettings:
    return ApiSettings(
        public_url=BASE,
        tokens=(
            Token("demo", plain="demo"),
            Token("gehasht", hash=hash_token(HASHED), legacy_fields=False),
            Token("lezer", plain="lezer", operations=("*List", "*Retrieve")),
        ),
        body_limit=100_000,
    )


@pytest.fixture(scope="session")
def shared_service() -> MemoryService:
    return MemoryService()


@pytest.fixture(scope="session")
def app(shared_service: MemoryService, settings: ApiSettings):
    return create_app(shared_service, settings)


@pytest.fixture
def service(shared_service: MemoryService) -> MemoryService:
    shared_service.reset()
    return shared_service


@pytest.fixture
def client(app, service: MemoryService) -> Iterator[TestClient]:
    with TestClient(
        app,
        base_url="http://intern:8000/klantinteracties/api/v1",
        headers={"Authorization": "Token demo"},
        follow_redirects=False,
        raise_server_exceptions=True,
    ) as client:
        yield client
