"""Where the demonstration's registers listen and keep their data.

Records refer to each other by URL. Data that is kept must therefore be found again under the address at which
it was written, so the addresses are kept with it: the last one is used again when it is free, and every
earlier one stays an alias.
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
NAMES = (*REGISTERS, ADAPTER)
FILE = "addresses.json"


@dataclass(frozen=True, slots=True)
class Place:
    """One server of the demonstration: its file (or `:memory:`), port, and earlier origins."""

    name: str
    path: str
    port: int
    earlier: tuple[str, ...]

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://{HOST}:{self.port}"


def find_places(folder: Path | None) -> dict[str, Place]:
    """A place for each register; with a folder, the same as the last time if that can be."""
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
    """Ports of this machine that nobody listened on just now, and that no outgoing connection is given.

    Those are given from 32768 on (Linux; other systems begin higher), so that one of these can be listened on
    again after a restart.
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
