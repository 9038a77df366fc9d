"""The embedded registers answer as the real ones did: every recorded scenario is played against them.

Each answer must also be valid under the documents that the product checks such a register with.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from adapter.registers.contract import Finding

from tests.embedded.answer_contract import watch
from tests.embedded.registers_client import RegistersClient, token
from tests.parity import player

RECORDED = Path(__file__).parents[1] / "parity" / "recorded" / "registers"
FOLDERS = {
    "klanten": ("/klanten/api/v1", ["klanten"]),
    "klanten-contactmomenten": (
        "",
        [
            "contactmomenten/api/v1/klantcontactmomenten",
            "contactmomenten/api/v1/contactmomenten",
            "klanten/api/v1/klanten",
        ],
    ),
}
# Not part of the product: the audit trail.
LEFT_OUT = {"45-audittrail"}


def scenarios() -> list[Any]:
    return [
        pytest.param(folder, path, id=f"{folder}/{path.stem}")
        for folder in FOLDERS
        for root in (".", "optional")
        for path in sorted((RECORDED / root / folder).glob("*.yaml"))
        if path.stem not in LEFT_OUT
    ]


@pytest.fixture(scope="module")
def play(registers: RegistersClient) -> Callable[[str, Path], list[Any]]:
    def play(folder: str, path: Path) -> list[Any]:
        base, collections = FOLDERS[folder]
        server = player.Server(registers.base + base, token(), collections, {"zaken": registers.zaken})
        server.session.trust_env = False
        findings: list[Finding] = []
        server.session.hooks["response"] = [watch(findings, strict=False)]
        server.reset()
        scenario = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        steps = list(player.play(server, scenario))
        assert len(steps) == len(scenario["steps"])
        return [*(step for step in steps if step[2]), *findings]

    return play


@pytest.mark.parametrize(("folder", "path"), scenarios())
def test_a_recorded_scenario_agrees(folder: str, path: Path, play: Callable[[str, Path], list[Any]]) -> None:
    assert play(folder, path) == []
