from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from adapter.embedded.objects import create_app

from tests.embedded.objects.client import ACTOR, TASK, Client, seeds
from tests.short_way import running

PERMISSIONS = {"nothing": {}, "reader": {TASK: "read_only"}, "writer": {ACTOR: "read_and_write"}}


@pytest.fixture(scope="session")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A running Objects API, shared by the tests."""
    path: Path = tmp_path_factory.mktemp("objects") / "objects.db"
    app = create_app(path, types=seeds(), permissions=PERMISSIONS, superusers=["superuser"])
    with running(app) as origin:
        yield Client(origin)


@pytest.fixture
def call(register: Client) -> Client:
    """A client of the running Objects API, without any object in it."""
    for moment in ("", "?date=9999-12-31"):
        while found := register("GET", f"/objects{moment}").json()["results"]:
            for each in found:
                assert register("DELETE", each["url"]).status_code == 204
    return register
