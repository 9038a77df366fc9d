"""The scenarios recorded from an Objects API 4.0, played against the embedded one."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from adapter.embedded.objects import create_app
from adapter.embedded.server import running

from tests.embedded.objects.client import ACTOR, SHARED, STRICT, SUPPLEMENT, TASK, seeds

RECORDED = SHARED / "parity" / "registers"
PLAYER = SHARED / "tools" / "parity.py"
SCENARIOS = sorted([*RECORDED.glob("objects/*.yaml"), *RECORDED.glob("optional/objects/*.yaml")])
FAILURES = "45-onverwerkbaar-500"  # of the recorded server itself; not to be copied

pytestmark = pytest.mark.skipif(
    not SCENARIOS or not PLAYER.exists(), reason=f"no recorded scenarios in {RECORDED}"
)


@pytest.fixture(scope="module")
def player() -> ModuleType:
    spec = importlib.util.spec_from_file_location("parity", PLAYER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("recorded") / "objects.db"
    with running(create_app(path, types=seeds())) as origin:
        yield f"{origin}/api/v2"


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_answers_as_recorded(path: Path, base: str, player: ModuleType) -> None:
    if path.stem == FAILURES:
        pytest.skip("internal errors of the recorded server: the embedded one answers what is right")
    names = {"taaktype": TASK, "aanvullingtype": SUPPLEMENT, "actortype": ACTOR, "schematype": STRICT}
    given = {name: f"{base}/objecttypes/{uuid}" for name, uuid in names.items()}
    server = player.Server(base, "Token demo", ["objects", "objects?date=9999-12-31"], given)
    with server.session:
        server.reset()
        scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
        played = list(player.play(server, scenario))
    assert len(played) == len(scenario["steps"])
    assert [(number, call, found) for number, call, found in played if found] == []
