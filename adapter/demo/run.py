"""`klantbrug demo`: registers, data and KlantBrug itself, until somebody stops it."""

import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from adapter.configuration import Configuration, Objecttype
from adapter.demo.places import ADAPTER, REGISTERS, Place, find_places
from adapter.demo.process import RegisterProcess
from adapter.demo.registers import Orders, bearer_token
from adapter.demo.settings import PATHS, demo_configuration
from adapter.registers.objecttypes import Outcome
from adapter.serving import serve

FILLED = "filled"
STATE = "klantbrug.sqlite3"
STRICT_DIALECT = "vng"

Build = Callable[[Configuration], Any]
SetUp = Callable[[Configuration], Iterable[Outcome]]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What is asked of a demonstration; `port` 0 takes a free one, `folder` None keeps nothing."""

    port: int
    empty: bool
    folder: Path | None
    dialect: str


def demonstrate(demonstration: Demonstration, set_up: SetUp, build: Build) -> None:
    """Run until a signal; `set_up` makes KlantBrug's objecttypes, `build` the ASGI application."""
    signal.signal(signal.SIGTERM, _stop)
    with ExitStack() as stack:
        folder = demonstration.folder
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="klantbrug-")))
        places = find_places(folder)
        if demonstration.port:
            places[ADAPTER] = replace(places[ADAPTER], port=demonstration.port)
        registers = stack.enter_context(RegisterProcess(_orders(demonstration, places)))
        configuration = demo_configuration(places, demonstration.dialect, str((folder or scratch) / STATE))
        registers.wait_until_ready()
        if folder:
            (folder / FILLED).touch()
        application = build(_with_types(configuration, set_up(configuration)))
        serve(
            application, port=places[ADAPTER].port, started=lambda: _say(introduction(configuration, places))
        )


def introduction(configuration: Configuration, places: Mapping[str, Place]) -> str:
    """What somebody needs who has just started a demonstration."""
    width = max(map(len, PATHS)) + 1
    bases = "\n".join(
        f"  {name:<{width}} {places[place].origin}{path}" for name, (place, path) in PATHS.items()
    )
    base = configuration.public_url
    return f"""\
KlantBrug   {base}
  Authorization: Token demo

Registers (dialect {configuration.dialect})
{bases}
  klanten and contactmomenten: Authorization: Bearer {bearer_token()}
  objects: Authorization: Token demo

Try
  curl -H 'Authorization: Token demo' '{base}/klantcontacten?pageSize=1'

Stop with Ctrl-C."""


def _with_types(configuration: Configuration, outcomes: Iterable[Outcome]) -> Configuration:
    own = {outcome.name: Objecttype(outcome.url, outcome.version) for outcome in outcomes}
    return replace(configuration, objecttypes=MappingProxyType({**own, **configuration.objecttypes}))


def _orders(demonstration: Demonstration, places: Mapping[str, Place]) -> Orders:
    strict = demonstration.dialect == STRICT_DIALECT
    kept = demonstration.folder is not None and (demonstration.folder / FILLED).exists()
    if demonstration.folder is not None and not kept:
        _remove_unfinished(places)
    return Orders({name: places[name] for name in REGISTERS}, strict, fill=not (demonstration.empty or kept))


def _remove_unfinished(places: Mapping[str, Place]) -> None:
    """What an earlier start wrote that was stopped before it was done."""
    for name in REGISTERS:
        for suffix in ("", "-wal", "-shm"):
            Path(places[name].path + suffix).unlink(missing_ok=True)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _stop(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)
