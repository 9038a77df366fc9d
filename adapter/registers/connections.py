"""Connections with a deadline for the whole answer and a limit on the length of its head.

The timeout of a socket restarts with every byte, and http.client skips any number of interim answers (1xx,
RFC 9110, section 15.2). Without this module, a register that sends its head byte by byte, or interim answers
without end, would hold a thread for ever.
"""

from __future__ import annotations

import http.client
import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

# In bytes.
LONGEST_HEAD = 256 * 1024

_exchange = threading.local()


@contextmanager
def within(deadline: float) -> Iterator[None]:
    """A deadline, on the clock of `time.monotonic`, for what this thread receives while the context lasts.

    Receiving raises TimeoutError after it, as a socket with a timeout does.
    """
    _exchange.deadline = deadline
    try:
        yield
    finally:
        del _exchange.deadline


class BoundedAdapter(HTTPAdapter):
    """The transport adapter of requests with the connections of this module."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make pools of these connections."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Received(io.RawIOBase):
    """The bytes that a socket receives, within the deadline of the thread and the limit on the head."""

    def __init__(self, raw: io.RawIOBase, sock: Any) -> None:
        self._raw, self._sock = raw, sock
        self._head: int | None = 0

    def head_is_there(self) -> None:
        """Lift the limit: the rest is the body, which `body.read_body` limits."""
        self._head = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if (deadline := getattr(_exchange, "deadline", None)) is not None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            silence = self._sock.gettimeout()
            self._sock.settimeout(left if silence is None else min(silence, left))
        received = self._raw.readinto(buffer)
        if self._head is not None:
            self._head += received or 0
            if self._head > LONGEST_HEAD:
                raise http.client.HTTPException("the head of the answer is too long")
        return received

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    def __init__(self, sock: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self._received = _Received(self.fp.detach(), sock)
        self.fp = io.BufferedReader(self._received)

    def begin(self) -> None:
        super().begin()
        self._received.head_is_there()


class _Connection(HTTPConnection):
    response_class = _Answer


class _SecureConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection
