"""Every scenario that was recorded from a real Open Klant 1.0 is played against the face of the old APIs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from adapter.embedded import zaken

from tests.embedded.registers_client import token
from tests.embedded.test_recorded_registers import FOLDERS, RECORDED
from tests.parity import player
from tests.registers_api.faces import Tables, face, zaken_client
from tests.short_way import running

# One in so many runs by default.
LONG = pytest.mark.contract

Play = Callable[[str, Path], list[Any]]


def scenarios() -> list[Any]:
    return [
        pytest.param(folder, path, id=f"{folder}/{path.stem}", marks=() if number % 6 == 1 else LONG)
        for folder in FOLDERS
        for number, path in enumerate(sorted((RECORDED / folder).glob("*.yaml")))
    ]


@pytest.fixture(scope="module")
def play() -> Iterator[Play]:
    """Plays a scenario against the face over empty tables; gives the steps that differ."""
    with running(zaken.create_app()) as zaken_base:
        client = zaken_client(zaken_base)
        with face(Tables(), client, relations=True) as url:

            def play(folder: str, path: Path) -> list[Any]:
                base, collections = FOLDERS[folder]
                server = player.Server(url + base, token(), collections, {"zaken": zaken_base})
                server.session.trust_env = False
                server.reset()
                scenario = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
                steps = list(player.play(server, scenario))
                assert len(steps) == len(scenario["steps"])
                return [step for step in steps if step[2]]

            yield play
        client.close()


def test_all_of_them_are_there() -> None:
    assert len(scenarios()) == 88


@pytest.mark.parametrize(("folder", "path"), scenarios())
def test_a_recorded_scenario_agrees(folder: str, path: Path, play: Play) -> None:
    assert play(folder, path) == []
