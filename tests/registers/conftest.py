import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from adapter.registers.client import Register
from adapter.registers.limits import Limits
from adapter.registers.services import build_service

from tests.registers.faults import FaultyServer

LIMITS = Limits(connect=0.3, read=0.3, total=0.5, threads=4, retry_after=7)


def service(base: str, **values: Any) -> Any:
    return build_service(
        {"identifier": "test", "api_type": "orc", "api_root": base, "auth_type": "no_auth", **values}
    )


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with FaultyServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def unused() -> str:
    """A URL at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


@pytest.fixture
def register(server: FaultyServer) -> Iterator[Callable[..., Register]]:
    opened: list[Register] = []

    def open_register(
        *, limits: Limits = LIMITS, auth: dict[str, Any] | None = None, **options: Any
    ) -> Register:
        opened.append(Register("klanten", service(server.base, **(auth or {})), limits=limits, **options))
        return opened[-1]

    yield open_register
    for each in opened:
        each.close()
