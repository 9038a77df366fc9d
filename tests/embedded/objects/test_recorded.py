"""The scenarios recorded from an Objects API 4.0, played against the embedded one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from adapter.embedded.objects import create_app

from tests.embedded.objects.client import ACTOR, STRICT, SUPPLEMENT, TASK, seeds
from tests.parity import player
from tests.short_way import running

RECORDED = Path(__file__).parents[2] / "parity" / "recorded" / "registers"
# Not to be copied: internal errors of the recorded server itself.
LEFT_OUT = {"45-onverwerkbaar-500"}
SCENARIOS = [
    path
    for path in sorted([*RECORDED.glob("objects/*.yaml"), *RECORDED.glob("optional/objects/*.yaml")])
    if path.stem not in LEFT_OUT
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("recorded") / "objects.db"
    with running(create_app(path, types=seeds())) as origin:
        yield f"{origin}/api/v2"


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_answers_as_recorded(path: Path, base: str) -> None:
    names = {"taaktype": TASK, "aanvullingtype": SUPPLEMENT, "actortype": ACTOR, "schematype": STRICT}
    given = {name: f"{base}/objecttypes/{uuid}" for name, uuid in names.items()}
    server = player.Server(base, "Token demo", ["objects", "objects?date=9999-12-31"], given)
    with server.session:
        server.reset()
        scenario = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        played = list(player.play(server, scenario))
    assert len(played) == len(scenario["steps"])
    assert [(number, call, found) for number, call, found in played if found] == []
