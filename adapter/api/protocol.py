"""HTTP/1.1 connections with limits on size and time, against clients that have not shown a token yet.

uvicorn limits neither the length of a request's head (request line and headers) nor the time in which it has
to arrive, nor the trailer fields of a chunked body, nor the time that a client takes to read its answer. A
few slow or endless clients could exhaust the memory and the connections of the server.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# In bytes.
LONGEST_HEAD = 64 * 1024
HEAD_SECONDS = 30.0
# A client that was answered before its request was complete (as with 413) may go on sending for so long: a
# connection that is closed while data arrive is reset, and the client might never read the answer.
LINGER_SECONDS = 5.0
# The connection ends when a client reads less than this, in bytes, of its answer in READ_SECONDS.
LEAST_READ = 16 * 1024
READ_SECONDS = 20.0

_REFUSED = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 34\r\nconnection: close\r\n\r\n"
    b"The head of the request is too big"
)


class _Timer:
    """One delayed call that can be postponed and cancelled."""

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
    """A connection of uvicorn that is closed when its client sends too much or is too slow.

    Limited are the head of a request (answered with 431), the trailer fields and framing of a chunked body,
    the time after an early answer, and the time to read an answer. Bytes are counted per read of the socket,
    so a head that is somewhat longer than the limit may pass.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._in_head = True
        self._in_message = False
        # Bytes received of the head, or of a chunked body since its last data.
        self._overhead = 0
        self._patience = _Timer(self.loop)
        self._reading = _Timer(self.loop)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time in which the first head has to arrive."""
        super().connection_made(transport)
        self._patience.start(HEAD_SECONDS, self._hang_up)

    def data_received(self, data: bytes) -> None:
        """Parse the data, and close the connection when the head or the framing gets too long."""
        idle = self.timeout_keep_alive_task
        self._overhead += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if idle is not None and not self._in_message and self.timeout_keep_alive_task is None:
            # uvicorn stopped the keep-alive timer for data that began no request, such as empty lines.
            wait = max(0.0, idle.when() - self.loop.time())
            self.timeout_keep_alive_task = self.loop.call_later(wait, self.timeout_keep_alive_handler)
        if self._overhead > LONGEST_HEAD and (self._in_head or self._in_message):
            self._refuse()

    def on_message_begin(self) -> None:
        """Start the time and the count of bytes for the head of a request."""
        super().on_message_begin()
        self._in_head = self._in_message = True
        self._overhead = 0
        self._patience.start(HEAD_SECONDS, self._hang_up)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Pass on a field of the head, and drop a trailer field, which uvicorn would add to the head."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop the time for the head."""
        self._in_head = False
        self._overhead = 0
        self._patience.stop()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Reset the count of bytes; the gate limits the length of a body."""
        self._overhead = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Restore keep-alive when the request had been answered before it was complete."""
        self._in_message = False
        self._overhead = 0
        super().on_message_complete()
        if self.cycle is not None and self.cycle.response_complete and not self.transport.is_closing():
            # The timer of LINGER_SECONDS is running.
            self._patience.stop()
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def on_response_complete(self) -> None:
        """Start the time to read the answer, and that to complete a request that was answered early."""
        self._await_reader()
        super().on_response_complete()
        if self._in_message and not self.pipeline and not self.transport.is_closing():
            self._patience.start(LINGER_SECONDS, self._hang_up)

    def pause_writing(self) -> None:
        """Start the time to read the answer: the client reads more slowly than the answer is produced."""
        super().pause_writing()
        self._await_reader()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers."""
        self._patience.stop()
        self._reading.stop()
        super().connection_lost(exc)

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, or abort it when its client does not read."""
        self._hang_up()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: a request to upgrade (RFC 9110, section 7.8) is answered in HTTP/1.1."""

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
