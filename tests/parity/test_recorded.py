"""Every scenario that was recorded from Open Klant 2.18 gets the same answers from KlantBrug."""

import importlib.util
from functools import cache
from pathlib import Path

import pytest
import yaml

SHARED = Path(__file__).parents[3] / "shared"  # recordings and the player, beside the checkout
PLAYER = SHARED / "tools" / "parity.py"
SCENARIOS = SHARED / "parity" / "klantinteracties"
FILES = sorted(SCENARIOS.glob("*/*.yaml"))

pytestmark = pytest.mark.skipif(
    not (PLAYER.exists() and FILES), reason="the recorded scenarios are not beside this checkout"
)


@cache
def player():
    """The module that plays scenarios."""
    specification = importlib.util.spec_from_file_location("parity", PLAYER)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("dialect", ["vng", "openklant", "klantenbundle"])
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_the_answers_are_those_of_open_klant(deployment, file):
    """Each step of a scenario has the status and the body that Open Klant gave."""
    scenario = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    with_token = player().Server(deployment.served.base, "Token demo")
    with with_token.session:
        steps = list(player().play(with_token, scenario))
    differing = [f"{number}. {call}\n  " + "\n  ".join(found) for number, call, found in steps if found]
    assert not differing, "\n".join(differing)
    assert len(steps) == len(scenario["steps"])
