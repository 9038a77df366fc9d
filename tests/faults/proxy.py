"""A proxy on real sockets between KlantBrug and a register: everything that goes wrong on a network.

It counts the calls of KlantBrug over all registers, and spoils the one that it was told to; the calls of
anybody else go through.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from adapter.registers.session import USER_AGENT

HOST = "127.0.0.1"
SEARCH, PERMISSIONS = "/objects/search", "/permissions"
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
# What hangs is let go of after this, should KlantBrug wait for ever.
LONGEST = 20.0
HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Fault:
    """What becomes of a call. `done` is whether the register does it.

    then: answer (`answer` is sent instead of the register's), reset, close, cut (half the register's answer),
    silent (nothing until KlantBrug gives up), late (the register gets it when KlantBrug has given up), kill.
    With `lasting`, every later call is refused as well until the fault is lifted.
    """

    then: str
    done: bool = False
    answer: bytes = b""
    lasting: bool = False


def answering(
    status: int, body: bytes = b"{}", kind: str = "application/json", *, done: bool = False
) -> Fault:
    """A fault that is an answer."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return Fault("answer", done, head.encode() + body)


PAGE = b"<html><title>Onderhoud</title></html>"
FAULTS = {
    "refused": Fault("reset"),
    "reset": Fault("reset", done=True),
    "dropped": Fault("close", done=True),
    "truncated": Fault("cut", done=True),
    "silent": Fault("silent"),
    "slow": Fault("silent", done=True),
    "late": Fault("late"),
    "down from here": Fault("reset", lasting=True),
    "down from here, done": Fault("reset", done=True, lasting=True),
    "500": answering(500, PAGE, "text/html"),
    "500, done": answering(500, PAGE, "text/html", done=True),
    "503": answering(503),
    "429": answering(429),
    "html": answering(200, PAGE, "text/html"),
    "html, done": answering(200, PAGE, "text/html", done=True),
    "half json": answering(200, b'{"count": ', done=True),
    "other json": answering(200, b"{}", done=True),
    "a list": answering(200, b"[]"),
}
# Those after which nothing has to be waited for.
QUICK = ("refused", "reset", "dropped", "truncated", "500", "500, done", "503", "429", "html", "half json")
KILLS = {"killed before": Fault("kill"), "killed after": Fault("kill", done=True)}
# What becomes of a read does not depend on whether the register did it.
OF_READS = ("reset", "truncated", "down from here", "500", "429", "html", "half json", "other json", "a list")


@dataclass
class Order:
    """Which call gets what; counts what it has seen, over all registers. Used from several threads.

    With a `rate`, that part of the calls is spoilt at random instead. A lasting fault ends after `lasts` more
    calls, when that is not 0. `doomed` is the process that a fault kills, or has killed.
    """

    victim: int = 0
    at: int | None = None
    fault: Fault | None = None
    writes: bool = True
    rate: float = 0.0
    lasts: int = 0
    calls: int = 0
    spoilt: int = 0
    seen: list[tuple[bool, str]] = field(default_factory=list)
    fired: bool = False
    refused: int = 0
    doomed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def arm(
        self, at: int | None = None, fault: Fault | None = None, *, writes: bool = True, lasts: int = 0
    ) -> None:
        """From here on count, and spoil the write (or read) with this number."""
        with self._lock:
            self.at, self.fault, self.writes, self.fired = at, fault, writes, False
            self.lasts, self.refused, self.doomed = lasts, 0, 0
            self.seen = []

    def disarm(self) -> list[tuple[bool, str]]:
        """All is well again; (is a write, method and path without identifiers) of what was called."""
        with self._lock:
            self.at = self.fault = None
            return self.seen

    def take(self, method: str, path: str) -> Fault | None:
        """What becomes of a call of KlantBrug."""
        bare = UUID.sub("*", path.partition("?")[0])
        write = method != "GET" and not bare.endswith(SEARCH)
        with self._lock:
            if self.rate:
                return self._at_random()
            number = sum(each[0] == write for each in self.seen)
            self.seen.append((write, f"{method} {bare}"))
            fault = self.fault
            if fault is None:
                return None
            if self.fired:
                return self._lasting(fault)
            if write != self.writes or number != self.at:
                return None
            self.fired = True
            self.doomed = self.victim if fault.then == "kill" else 0
            return fault

    def _lasting(self, fault: Fault) -> Fault | None:
        """What becomes of a call after the one that was spoilt."""
        self.refused += fault.lasting
        return Fault("reset") if fault.lasting and not 0 < self.lasts < self.refused else None

    def _at_random(self) -> Fault | None:
        self.calls += 1
        if random.random() >= self.rate:
            return None
        self.spoilt += 1
        return FAULTS[random.choice(QUICK)]


class Proxy:
    """Stands before one server; `order` is shared by those of all servers."""

    def __init__(self, upstream: int, order: Order) -> None:
        self.upstream, self.order = upstream, order

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError, TimeoutError):
                while await self._call(reader, writer):
                    pass
        finally:
            _close(writer)

    async def _call(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether the connection goes on."""
        head = await reader.readuntil(HEAD_END)
        request = head + await reader.readexactly(_length(head))
        fault = self._fault(head)
        if fault is None:
            writer.write(await self._forward(request))
            await writer.drain()
            return True
        answer = await self._forward(request) if fault.done else b""
        if fault.then == "answer":
            writer.write(fault.answer)
            await writer.drain()
            return True
        if fault.then == "cut":
            writer.write(answer[: answer.index(HEAD_END) + len(HEAD_END) + 1])
            await writer.drain()
        elif fault.then == "kill":
            os.kill(self.order.victim, signal.SIGKILL)
        elif fault.then in ("silent", "late"):
            with suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1), LONGEST)
            if fault.then == "late":
                await self._forward(request)
        elif fault.then == "reset":
            _reset(writer)
        return False

    async def _forward(self, request: bytes) -> bytes:
        """The server's answer, over a connection of its own: one that is kept may be closed by then."""
        reader, writer = await asyncio.open_connection(HOST, self.upstream)
        try:
            writer.write(request)
            await writer.drain()
            head = await reader.readuntil(HEAD_END)
            return head + await reader.readexactly(_length(head))
        finally:
            _close(writer)

    def _fault(self, head: bytes) -> Fault | None:
        line, *headers = head.decode("latin-1").split("\r\n")
        agent = next((each for each in headers if each.lower().startswith("user-agent:")), "")
        if agent.partition(":")[2].strip() != USER_AGENT:
            return None
        method, path, _ = line.split(" ")
        if path.partition("?")[0].endswith(PERMISSIONS):  # asked from time to time, whatever a test does
            return None
        return self.order.take(method, path)


def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    writer.transport.abort()


def _length(head: bytes) -> int:
    found = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return int(found[1]) if found else 0


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST instead of FIN."""
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


@contextmanager
def proxied(order: Order) -> Iterator[Callable[[int], int]]:
    """Gives what puts a proxy before a port of this machine; the port of the proxy."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="proxies", daemon=True)
    thread.start()
    servers: list[asyncio.Server] = []

    async def start(upstream: int) -> int:
        servers.append(await asyncio.start_server(Proxy(upstream, order).handle, HOST, 0))
        return int(servers[-1].sockets[0].getsockname()[1])

    async def stop() -> None:
        for server in servers:
            server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # Once more round the loop: what was closed lets go of its sockets then.
        await asyncio.sleep(0)

    try:
        yield lambda upstream: asyncio.run_coroutine_threadsafe(start(upstream), loop).result(10)
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
