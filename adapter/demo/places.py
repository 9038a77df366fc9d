"""The ports and files of the registers of the demonstration.

Records refer to each other by URL. With `--data` they are kept, and so must their addresses be: a register
listens at its last port again when that is free, and every earlier address stays an alias of it.
"""

import errno
import json
import socket
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom

HOST = "127.0.0.1"
REGISTERS = ("klanten", "objects", "zaken")
ADAPTER = "klantbrug"
# The old APIs over the register Klantinteracties that KlantBrug is.
OLD = "old"
NAMES = (*REGISTERS, ADAPTER, OLD)
FILE = "addresses.json"


@dataclass(frozen=True, slots=True)
class Place:
    """One server of the demonstration: its file or `:memory:`, its port, and its earlier origins."""

    name: str
    path: str
    port: int
    earlier: tuple[str, ...]

    @property
    def origin(self) -> str:
        """Its URL without a path: `http://127.0.0.1:20001`."""
        return f"http://{HOST}:{self.port}"


def find_places(folder: Path | None) -> dict[str, Place]:
    """A place for each server; with a folder, the one of the last time if its port is still free."""
    if folder is None:
        return {
            name: Place(name, ":memory:", port, ())
            for name, port in zip(NAMES, free_ports(len(NAMES)), strict=True)
        }
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE
    kept: dict[str, list[int]] = json.loads(file.read_text()) if file.exists() else {}
    places = {name: _kept_place(name, folder, kept.get(name, [])) for name in NAMES}
    ports = {name: [*_ports(place.earlier), place.port] for name, place in places.items()}
    file.write_text(json.dumps(ports))
    return places


def free_ports(amount: int) -> list[int]:
    """So many free ports below 32768. Raises OSError when there are not enough.

    From 32768 on Linux gives ports to outgoing connections (other systems begin higher). A lower port is
    likely to be free again after a restart.
    """
    with ExitStack() as stack:
        found: list[int] = []
        for port in SystemRandom().sample(range(20_000, 32_768), 500):
            one = stack.enter_context(socket.socket())
            with suppress(OSError):
                one.bind((HOST, port))
                found.append(port)
            if len(found) == amount:
                return found
    raise OSError(errno.EADDRINUSE, "no port is free")


def _kept_place(name: str, folder: Path, ports: list[int]) -> Place:
    if ports and _is_free(ports[-1]):
        port, earlier = ports[-1], ports[:-1]
    else:
        (port,), earlier = free_ports(1), ports
    return Place(
        name, str(folder / f"{name}.sqlite3"), port, tuple(f"http://{HOST}:{each}" for each in earlier)
    )


def _ports(origins: Iterable[str]) -> list[int]:
    return [int(origin.rpartition(":")[2]) for origin in origins]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
