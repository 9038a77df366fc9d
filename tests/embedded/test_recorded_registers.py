"""The embedded registers answer as the real ones did: every recorded scenario is played against them.

Each answer must also be valid under the documents that the product checks such a register with.

The recordings live beside the checkout, not in it.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from adapter.registers.contract import Finding

from tests.embedded.answer_contract import watch
from tests.embedded.registers_client import RegistersClient, token

RECORDINGS = Path(__file__).resolve().parents[2].parent / "shared"
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
    found = [
        pytest.param(folder, path, id=f"{folder}/{path.stem}")
        for folder in FOLDERS
        for root in ("", "optional/")
        for path in sorted((RECORDINGS / f"parity/registers/{root}{folder}").glob("*.yaml"))
        if path.stem not in LEFT_OUT
    ]
    skip = pytest.mark.skip(reason=f"no recordings in {RECORDINGS}")
    return found or [pytest.param("", Path(), marks=skip, id="none")]


@pytest.fixture(scope="module")
def parity() -> ModuleType:
    spec = importlib.util.spec_from_file_location("parity", RECORDINGS / "tools/parity.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def play(registers: RegistersClient, parity: ModuleType) -> Callable[[str, Path], list[Any]]:
    def play(folder: str, path: Path) -> list[Any]:
        base, collections = FOLDERS[folder]
        server = parity.Server(registers.base + base, token(), collections, {"zaken": registers.zaken})
        server.session.trust_env = False
        findings: list[Finding] = []
        server.session.hooks["response"] = [watch(findings, strict=False)]
        server.reset()
        scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
        steps = list(parity.play(server, scenario))
        assert len(steps) == len(scenario["steps"])
        return [*(step for step in steps if step[2]), *findings]

    return play


@pytest.mark.parametrize(("folder", "path"), scenarios())
def test_a_recorded_scenario_agrees(folder: str, path: Path, play: Callable[[str, Path], list[Any]]) -> None:
    assert play(folder, path) == []
