"""The command `klantbrug demo`: the registers, their data and KlantBrug, until a signal.

The process of the registers is started before KlantBrug is imported, so that both start at the same time.
"""

import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn, Protocol

from adapter.demo.orders import Orders
from adapter.demo.places import ADAPTER, HOST, OLD, REGISTERS, Place, find_places
from adapter.demo.process import RegisterProcess

FILLED = "filled"
STATE = "klantbrug.sqlite3"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The options of a demonstration; `port` 0 is any free port, and without `folder` nothing is kept.

    `contacts` is how many the municipality has; 0 for the usual one. KlantBrug listens on `host`, for
    example 0.0.0.0 in a container; the registers are on this machine only. `mappings` is the folder of the
    municipality's own dialects. With `reverse` the port is that of the old APIs, served from KlantBrug.
    """

    port: int
    empty: bool
    folder: Path | None
    dialect: str
    contacts: int = 0
    host: str = HOST
    mappings: Path | None = None
    reverse: bool = False


class AlreadyFilled(RuntimeError):
    """The folder has a municipality, and one of another size was asked for."""


def demonstrate(demonstration: Demonstration) -> None:
    """Run until a signal. Raises RegistersFailed and AlreadyFilled."""
    signal.signal(signal.SIGTERM, _stop)
    with ExitStack() as stack:
        folder = demonstration.folder
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="klantbrug-")))
        places = find_places(folder)
        if demonstration.port:
            front = OLD if demonstration.reverse else ADAPTER
            places[front] = replace(places[front], port=demonstration.port)
        orders = _orders(demonstration, places)
        _say("Starting the registers" + (_told(orders.contacts) if orders.fill else ""))
        process = stack.enter_context(RegisterProcess(orders))
        adapter = _adapter(demonstration, places, str((folder or scratch) / STATE), fill=orders.fill)
        process.wait_until_ready()
        if folder:
            # Who works in an e-Suite depends on it.
            (folder / FILLED).write_text(str(orders.contacts))
        _say("Starting KlantBrug\n")
        adapter.serve(demonstration.host)


class _Serves(Protocol):
    def serve(self, host: str) -> None: ...


def _adapter(demonstration: Demonstration, places: Mapping[str, Place], state: str, *, fill: bool) -> _Serves:
    """KlantBrug, of which the parts are imported only now."""
    from adapter.demo.adapter import Adapter  # noqa: PLC0415  (see above)
    from adapter.demo.turned import Turned  # noqa: PLC0415
    from adapter.dialects import SHIPPED  # noqa: PLC0415
    from adapter.embedded.esuite import municipality  # noqa: PLC0415

    if demonstration.reverse:
        return Turned(places, demonstration.dialect, state, demonstration.mappings)
    town = None
    if fill and SHIPPED.with_own(demonstration.mappings).gathers(demonstration.dialect):
        town = municipality.small(places["zaken"].origin, demonstration.contacts)
    return Adapter(places, demonstration.dialect, state, demonstration.mappings, town)


def _orders(demonstration: Demonstration, places: Mapping[str, Place]) -> Orders:
    kept = demonstration.folder is not None and (demonstration.folder / FILLED).exists()
    if kept and demonstration.contacts:
        raise AlreadyFilled
    if demonstration.folder is not None and not kept:
        _remove_unfinished(places)
    fill = not (demonstration.empty or kept)
    registers = {name: places[name] for name in REGISTERS}
    own = str(demonstration.mappings or "")
    contacts = demonstration.contacts
    if kept and demonstration.folder is not None:
        contacts = int((demonstration.folder / FILLED).read_text() or 0)
    return Orders(registers, demonstration.dialect, fill, contacts, own)


def _told(contacts: int) -> str:
    of = f" of {contacts:,} contacts; 100,000 take a minute" if contacts else ""
    return f", and filling them with a municipality{of}"


def _remove_unfinished(places: Mapping[str, Place]) -> None:
    """Delete the files of an earlier start that was stopped before the registers were filled."""
    for name in REGISTERS:
        for suffix in ("", "-wal", "-shm"):
            Path(places[name].path + suffix).unlink(missing_ok=True)


def _say(step: str) -> None:
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)
