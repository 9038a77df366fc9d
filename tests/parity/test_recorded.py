"""Every scenario that was recorded from Open Klant 2.18 gets the same answers from KlantBrug.

By default the dialects take turns, so that each has a third of every folder; with the marker `contract` all
scenarios are played in each.
`SCENARIOS=FOLDER` plays the scenarios of another folder instead.
"""

import os
from pathlib import Path

import pytest
import yaml

from tests.parity import player

SCENARIOS = Path(os.environ.get("SCENARIOS") or Path(__file__).parent / "recorded" / "klantinteracties")
FILES = sorted(SCENARIOS.glob("*/*.yaml"))
DIALECTS = ("openklant", "vng", "klantenbundle")


def plays():
    """(file, dialect) of every play."""
    for number, file in enumerate(FILES):
        name = f"{file.parent.name}/{file.stem}"
        for turn, dialect in enumerate(DIALECTS):
            marks = () if number % len(DIALECTS) == turn else pytest.mark.contract
            yield pytest.param(file, dialect, id=f"{name}-{dialect}", marks=marks)


@pytest.mark.parametrize(("file", "dialect"), [*plays()])
def test_the_answers_are_those_of_open_klant(deployment, file):
    """Each step of a scenario has the status and the body that Open Klant gave."""
    scenario = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    # Where each klantcontact says when it was made, nothing rests on an order that a register need not have.
    deployment.faults["klanten"].app.state.store.loose_order = deployment.dialect != "klantenbundle"
    with_token = player.Server(deployment.served.base, "Token demo")
    with_token.session.trust_env = False
    with with_token.session:
        steps = list(player.play(with_token, scenario))
    differing = [f"{number}. {call}\n  " + "\n  ".join(found) for number, call, found in steps if found]
    assert not differing, "\n".join(differing)
    assert len(steps) == len(scenario["steps"])
