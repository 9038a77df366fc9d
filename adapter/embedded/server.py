"""Runs an ASGI application on 127.0.0.1, in a thread of this process.

Several can run side by side: each has its own event loop, so that one may call another over HTTP.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

HOST = "127.0.0.1"
START_SECONDS = 20.0
STOP_SECONDS = 10.0


class DidNotStart(RuntimeError):
    """The application failed during its start-up; its own error stands in the log."""


class _Server(uvicorn.Server):
    """Tells when it is ready, or that it never will be."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.settled.set()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        finally:
            self.settled.set()


@contextmanager
def running(app: Any, port: int = 0) -> Iterator[str]:
    """Serve `app` for as long as the context lasts; gives its base URL, without a trailing slash.

    Port 0 takes a free one. OSError when the port is taken, DidNotStart when the start-up fails.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with listener:
        listener.bind((HOST, port))
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=2,
            # A client that was busy for some seconds must not find its connection closed under its request.
            timeout_keep_alive=75,
        )
        server = _Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            if not server.settled.wait(START_SECONDS) or not server.started:
                raise DidNotStart
            yield f"http://{HOST}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(STOP_SECONDS)
