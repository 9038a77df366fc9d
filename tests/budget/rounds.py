"""Which register calls a request makes, and which of them side by side: told without a clock."""

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from adapter.demo.settings import PATHS
from adapter.registers.session import USER_AGENT

from tests.deployment import Running

UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# How long a register waits for a call that should come side by side with others; it is only ever waited for
# when that call does not come.
PATIENCE = 10.0


class Rounds:
    """Holds the answers of the registers until as many calls have come as a round should have.

    Calls that are made one after the other never come together: then the first answers alone, after a while.
    """

    def __init__(self, sizes: list[int]) -> None:
        self.sizes = sizes
        self.calls: list[list[str]] = [[]]
        self._lock = threading.Lock()

    async def hold(self, scope) -> None:
        if dict(scope["headers"]).get(b"user-agent", b"").decode() != USER_AGENT:
            return  # registers ask each other
        with self._lock:
            number = len(self.calls) - 1
            self.calls[number].append(shape(scope))
            if number >= len(self.sizes) or len(self.calls[number]) >= self.sizes[number]:
                self.calls.append([])
        until = time.monotonic() + PATIENCE
        while number == len(self.calls) - 1:
            await asyncio.sleep(0.001)
            if time.monotonic() > until:
                with self._lock:
                    if number == len(self.calls) - 1:
                        self.calls.append([])

    def made(self) -> list[list[str]]:
        """The calls of each round."""
        return [sorted(each) for each in self.calls if each]


def shape(scope) -> str:
    """A register call without what differs from run to run: `GET klanten/{uuid}`."""
    path = scope["path"]
    for register, (_, base) in PATHS.items():
        if path.startswith(base) and (base != "/" or register == "zaken"):
            place = UUID.sub("{uuid}", path.removeprefix(base))
            return f"{scope['method']} {register}/{place.removeprefix(f'{register}/')}"
    return f"{scope['method']} {path}"


@contextmanager
def rounds(deployment: Running, sizes: list[int]) -> Iterator[Rounds]:
    """Watch the calls of one request that should come in rounds of these sizes."""
    found = Rounds(sizes)
    for server in deployment.faults.values():
        server.hold = found.hold
    try:
        yield found
    finally:
        for server in deployment.faults.values():
            server.hold = None
