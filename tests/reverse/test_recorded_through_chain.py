"""What a real Open Klant 1.0 answered is what an old client gets through the chain."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.embedded.registers_client import token
from tests.embedded.test_recorded_registers import FOLDERS, LEFT_OUT, RECORDED
from tests.parity import player
from tests.reverse.chain import Chain

# The reasons stand in docs/differences.md.
DIFFERENT = {
    "klanten-contactmomenten/15-filter-klant": "a contact is found once, however many links it has",
    "klanten-contactmomenten/25-expand-klantcontactmomenten": "a contact is found once",
    "klanten-contactmomenten/23-klant-verwijderen-laat-relatie-hangen": "links go with the klant",
}
# Of each kind of request one; the others run with the marker `contract`.
BY_DEFAULT = {
    "klanten/22-patch-subjectidentificatie",
    "klanten/35-zelfde-bsn-tweemaal",
    "klanten-contactmomenten/15-filter-klant",
    "klanten-contactmomenten/46-verhaal-kcc",
}


def scenarios() -> list[Any]:
    names = {
        f"{folder}/{path.stem}": (folder, path)
        for folder in FOLDERS
        for path in sorted((RECORDED / folder).glob("*.yaml"))
        if path.stem not in LEFT_OUT
    }
    assert {*BY_DEFAULT, *DIFFERENT} <= set(names)
    return [
        pytest.param(*case, id=name, marks=() if name in BY_DEFAULT else pytest.mark.contract)
        for name, case in names.items()
    ]


@pytest.mark.parametrize(("folder", "path"), scenarios())
def test_a_recorded_scenario_agrees_through_the_chain(folder: str, path: Path, chain: Chain) -> None:
    base, collections = FOLDERS[folder]
    server = player.Server(chain.origin + base, token(), collections, {"zaken": chain.zaken})
    server.session.trust_env = False
    scenario = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    different = [step for step in player.play(server, scenario) if step[2]]

    assert bool(different) == (f"{folder}/{path.stem}" in DIFFERENT), different
