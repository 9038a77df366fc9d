"""HTTP on the wire, with a bound on what a stranger can make the server keep.

uvicorn limits neither the length of a request's head (its first line and headers) nor the time that it takes
to come: a few slow or endless heads would fill the memory of a server that has not yet asked who is there.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD = 64 * 1024
HEAD_SECONDS = 30.0

_REFUSED = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 34\r\nconnection: close\r\n\r\n"
    b"The head of the request is too big"
)


class BoundedHead(HttpToolsProtocol):
    """Closes the connection on a head that is too long (after a 431) or too slow.

    What arrives in one read of the socket counts as a whole, so somewhat longer heads may pass.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_head = True
        self._head = 0
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client may begin."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Hand it to the parser, and count it when the head goes on behind it."""
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head += len(data)
            if self._head > LONGEST_HEAD:
                self.transport.write(_REFUSED)
                self.transport.close()

    def on_message_begin(self) -> None:
        """Another request on the same connection starts over."""
        super().on_message_begin()
        self._in_head = True
        self._head = 0
        self._wait()

    def on_headers_complete(self) -> None:
        """The head is there; what follows is bounded elsewhere."""
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._stop_waiting()
        self._patience = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
