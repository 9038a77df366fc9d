"""Plays the recorded scenarios before an e-Suite, and says of each where it goes another way first.

    python -m tests.parity.esuite [PART OF A NAME]

Each begins with empty registers. What the e-Suite cannot hold is refused, so not all of them agree; what each
answer that differs is about stands in docs/esuite.md.
"""

import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import requests
import yaml
from adapter.demo.places import Place
from adapter.demo.registers import TOKEN
from adapter.demo.settings import PATHS
from adapter.embedded import esuite, objects, zaken
from adapter.embedded.esuite import Looseness
from adapter.embedded.municipality.plan import objecttypes
from adapter.embedded.server import running

from tests.gathering.service import Suite, served
from tests.parity import player

SCENARIOS = Path(__file__).parent / "recorded" / "klantinteracties"
# What stays in the files of the registers and of the state, from scenario to scenario.
STAYS = {"sqlite_sequence", "objecttypes", "versions", "facts"}


def first_differences(part: str = "") -> Iterator[tuple[str, str]]:
    """(name of a scenario, its first step that differs and how); "" for one that agrees."""
    with _town() as (client, files):
        for file in sorted(SCENARIOS.glob("*/*.yaml")):
            name = f"{file.parent.name}/{file.stem}"
            if part in name:
                _empty(files)
                scenario = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
                yield name, _first_difference(client.base, scenario)


@contextmanager
def _town() -> Iterator[tuple[object, list[Path]]]:
    """A client of a KlantBrug before an e-Suite, and the files of all databases."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        files = [folder / f"{name}.sqlite3" for name in ("klanten", "objects", "state")]
        cases = stack.enter_context(running(zaken.create_app(related=False)))
        bases = {name: PATHS[name][1].rstrip("/") for name in ("klanten", "contactmomenten")}
        apps = {
            "zaken": None,
            "klanten": esuite.create_app(files[0], zaken=[f"{cases}/zaken"], bases=bases),
            "objects": objects.create_app(str(files[1]), types=objecttypes(), token=TOKEN),
        }
        places = {}
        for name, app in apps.items():
            origin = stack.enter_context(running(app)) if app is not None else cases
            places[name] = Place(name, ":memory:", int(origin.rpartition(":")[2]), ())
        there = Suite(places, Looseness())
        yield stack.enter_context(served(there, str(files[2]))), files


def _empty(files: list[Path]) -> None:
    for file in files:
        with closing(sqlite3.connect(file)) as database, database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
            for (table,) in tables:
                if table not in STAYS:
                    database.execute(f"DELETE FROM {table}")


def _first_difference(base: str, scenario: player.Scenario) -> str:
    server = player.Server(base, "Token demo")
    server.session.trust_env = False
    with server.session:
        try:
            for number, call, found in player.play(server, scenario):
                if found:
                    return f"{number}. {call}: {found[0]}"
        except requests.RequestException as error:
            return f"no answer: {type(error).__name__}"
    return ""


def main(part: str = "") -> None:
    """Print the differences, and how many scenarios of each folder agree."""
    agree, every = Counter[str](), Counter[str]()
    for name, found in first_differences(part):
        folder = name.partition("/")[0]
        every[folder] += 1
        agree[folder] += not found
        if found:
            print(f"{name}\n    {found[:300]}", flush=True)
    for folder, number in sorted(every.items()):
        print(f"{folder}: {agree[folder]} of {number} agree")
    print(f"{agree.total()} of {every.total()} agree")


if __name__ == "__main__":
    main(*sys.argv[1:2])
