"""A client that costs little: prepared requests over kept connections, on uvloop."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import cycle

import uvloop
from adapter.demo.settings import PUBLIC_PATH

from benchmarks.tape import Operation


@dataclass
class Load:
    """What a number of requests gave: seconds each, and all of them together."""

    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    failed: int = 0

    def percentile(self, part: float) -> float:
        """Milliseconds within which that part of the requests was answered."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000


def requests_of(operation: Operation) -> list[bytes]:
    """Its variants as bytes to send."""
    found = []
    for path, body in operation.variants:
        lines = [
            f"{operation.method} {PUBLIC_PATH}/{path} HTTP/1.1",
            "Host: localhost",
            "Accept: application/json",
            "Authorization: Token demo",
        ]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        found.append("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
    return found


def put_under(port: int, operation: Operation, *, clients: int, requests: int) -> Load:
    """That many requests from that many clients at once."""
    return uvloop.run(_all(port, operation, clients, requests))


async def _all(port: int, operation: Operation, clients: int, requests: int) -> Load:
    load, left, contents = Load(), iter(range(requests)), cycle(requests_of(operation))
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(clients)]
    started = time.perf_counter()
    await asyncio.gather(*(_client(*each, left, contents, load) for each in connections))
    load.seconds = time.perf_counter() - started
    for _, writer in connections:
        writer.close()
    return load


async def _client(reader, writer, left, contents, load: Load) -> None:
    for _ in left:
        begun = time.perf_counter()
        writer.write(next(contents))
        head = await reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        at = lower.index(b"content-length:")
        await reader.readexactly(int(lower[at + 15 :].split(b"\r\n")[0]))
        load.latencies.append(time.perf_counter() - begun)
        load.failed += not lower.startswith(b"http/1.1 2")
