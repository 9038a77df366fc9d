"""Serving of an ASGI application on 127.0.0.1, in a thread of this process.

Several can run at the same time. Each has its own event loop, so that one may call another over HTTP.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn

HOST = "127.0.0.1"
START_SECONDS = 20.0
STOP_SECONDS = 10.0
# How often the header `Date` is made anew.
DATE_SECONDS = 1.0


class DidNotStart(RuntimeError):
    """The application failed to start; its error is in the log."""


class _Server(uvicorn.Server):
    """A server with an event, `settled`, for when it has started or failed to.

    It is told to stop by `stop`; uvicorn's own would look ten times a second whether it should.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.settled.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), DATE_SECONDS)

    def stop(self) -> None:
        """End it; from any thread."""
        self.should_exit = True
        # It may have ended by itself.
        with suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._told.set)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        finally:
            self.settled.set()


@contextmanager
def running(app: Any, port: int = 0) -> Iterator[str]:
    """Serve `app` as long as the context lasts; gives its URL, without a slash at the end.

    Port 0 stands for a free one. Raises OSError when the port is taken, and DidNotStart.
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
            # Longer than clients pause, so that no connection is closed while a request is on its way.
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
            server.stop()
            thread.join(STOP_SECONDS)
