"""Connections whose answers are there in time, head and body, and whose heads have a bound.

The time limits of a socket start anew with every byte, and http.client skips as many interim answers (1xx) as
a server likes to send: without this, a register that drips its head or never gets to the answer would hold a
thread for ever.
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

LONGEST_HEAD = 256 * 1024

_exchange = threading.local()


@contextmanager
def within(deadline: float) -> Iterator[None]:
    """What this thread receives in the context is there by then, on the clock of `time.monotonic`.

    Past it receiving raises TimeoutError, as a socket does.
    """
    _exchange.deadline = deadline
    try:
        yield
    finally:
        del _exchange.deadline


class BoundedAdapter(HTTPAdapter):
    """The adapter of requests over these connections."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make the pools."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}


class _Received(io.RawIOBase):
    """What a socket receives, until the deadline of the thread, and no more than the bound for a head."""

    def __init__(self, raw: io.RawIOBase, sock: Any) -> None:
        self._raw, self._sock = raw, sock
        self._head: int | None = 0

    def head_is_there(self) -> None:
        """The rest is the body, of which the length is bounded elsewhere."""
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
