"""HTTP on the wire, with a bound on what a stranger can make the server keep, and for how long.

uvicorn limits neither the length of a request's head (its first line and headers) nor the time that it takes
to come, neither the trailer fields behind a chunked body nor how long a client may take to read an answer: a
few slow or endless clients would fill the memory of a server that has not yet asked who is there.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD = 64 * 1024
HEAD_SECONDS = 30.0
# What is left of a request may still come after its answer, so that the client hears it before the end.
LINGER_SECONDS = 5.0
# A client that reads less than this of its answer in so much time is not waited for any longer.
LEAST_READ = 16 * 1024
READ_SECONDS = 20.0

_REFUSED = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 34\r\nconnection: close\r\n\r\n"
    b"The head of the request is too big"
)


class _Timer:
    """One delayed call that can be set again and stopped."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._handle: asyncio.TimerHandle | None = None

    def start(self, seconds: float, call: Any, *arguments: Any) -> None:
        self.stop()
        self._handle = self._loop.call_later(seconds, call, *arguments)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


class BoundedConnection(HttpToolsProtocol):
    """Closes the connection on what is too long (after a 431 where that can still be said) or too slow.

    Bounded are the head of a request, the trailer fields of a chunked body and the rest of its framing, what
    still comes of a request that was answered already, and the time to read an answer. What arrives in one
    read of the socket counts as a whole, so somewhat longer heads may pass.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_head = True
        self._in_message = False
        # Bytes of the head, or of a chunked body since its last data, that the parser had to look at.
        self._overhead = 0
        self._patience = _Timer(self.loop)
        self._reading = _Timer(self.loop)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client may begin."""
        super().connection_made(transport)
        self._patience.start(HEAD_SECONDS, self._hang_up)

    def data_received(self, data: bytes) -> None:
        """Hand it to the parser, and count what was neither data of a body nor the end of a request."""
        idle = self.timeout_keep_alive_task
        self._overhead += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if idle is not None and not self._in_message and self.timeout_keep_alive_task is None:
            # Empty lines between two requests are no request, and do not keep a connection open.
            wait = max(0.0, idle.when() - self.loop.time())
            self.timeout_keep_alive_task = self.loop.call_later(wait, self.timeout_keep_alive_handler)
        if self._overhead > LONGEST_HEAD and (self._in_head or self._in_message):
            self._refuse()

    def on_message_begin(self) -> None:
        """Another request on the same connection starts over."""
        super().on_message_begin()
        self._in_head = self._in_message = True
        self._overhead = 0
        self._patience.start(HEAD_SECONDS, self._hang_up)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of the head; trailer fields, which nothing here asks for, are left out."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there; a body may follow."""
        self._in_head = False
        self._overhead = 0
        self._patience.stop()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Data of a body, of which the length is bounded elsewhere."""
        self._overhead = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The whole request is there."""
        self._in_message = False
        self._overhead = 0
        super().on_message_complete()
        if self.cycle is not None and self.cycle.response_complete and not self.transport.is_closing():
            # It had been answered before it was complete, and is waited for no longer.
            self._patience.stop()
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def on_response_complete(self) -> None:
        """The answer is given, though perhaps not read yet, and perhaps before the request was complete."""
        self._await_reader()
        super().on_response_complete()
        if self._in_message and not self.pipeline and not self.transport.is_closing():
            self._patience.start(LINGER_SECONDS, self._hang_up)

    def pause_writing(self) -> None:
        """The client reads more slowly than its answer is made."""
        super().pause_writing()
        self._await_reader()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is waited for any more."""
        self._patience.stop()
        self._reading.stop()
        super().connection_lost(exc)

    def timeout_keep_alive_handler(self) -> None:
        """Nothing more came."""
        self._hang_up()

    def _unsupported_upgrade_warning(self) -> None:
        """Whoever asks for another protocol is answered in this one."""

    def _refuse(self) -> None:
        if self._in_head:
            self.transport.write(_REFUSED)
        self._hang_up()

    def _hang_up(self) -> None:
        if not self.transport.is_closing():
            self._await_reader()
            self.transport.close()

    def _await_reader(self) -> None:
        if left := self.transport.get_write_buffer_size():
            self._reading.start(READ_SECONDS, self._check_reader, left)

    def _check_reader(self, before: int) -> None:
        if self.transport.get_write_buffer_size() > before - min(before, LEAST_READ):
            self.transport.abort()
        else:
            self._await_reader()
