"""`make bench` measures KlantBrug as it is: what it records can be played again."""

import orjson
from adapter.engine.service import Engine
from adapter.service import ListQuery
from benchmarks.tape import EXPAND, PAGE, record
from benchmarks.translation import CALLER, deployment_of


def test_what_is_recorded_gives_the_same_answer_again(tmp_path, monkeypatch):
    """KlantBrug over the recorded registers shows the page that it showed over the real ones."""
    # which calls are made side by side does not matter here
    monkeypatch.setattr("benchmarks.tape.RECORDING_PAUSE", 0.0)
    tape = record(tmp_path, size=4)
    page = next(each for each in tape.operations if "expand=" in each.variants[0][0])
    query = ListQuery({}, tuple(EXPAND.split(",")), 1, PAGE)
    shown = Engine(deployment_of(tape)).list("klantcontacten", query, CALLER).results
    assert len(shown) == 4
    assert shown == orjson.loads(page.answer)["results"]
