"""Random histories keep the laws of the API; what differs between two servers is found and made short."""

import re

import pytest

from tests.parity.fuzz import laws
from tests.parity.fuzz.bodies import ONLY_HERE
from tests.parity.fuzz.drawing import Drawing
from tests.parity.fuzz.playing import Difference, compare, draw
from tests.parity.fuzz.shrinking import shrunk
from tests.parity.player import SERVED, Server

SEEDS = range(1, 7)
# By default every history with one dialect, in turn.
PLAYED = [
    pytest.param(dialect, seed, marks=() if seed % 2 == turn else pytest.mark.contract)
    for turn, dialect in enumerate(("vng", "openklant"))
    for seed in SEEDS
]
STEPS = 30


@pytest.fixture
def server(deployment):
    """KlantBrug, as histories are played against it."""
    found = Server(deployment.served.base, "Token demo", SERVED)
    with found.session:
        yield found


class Forgetful(Server):
    """The same server behind something that drops the filters of lists."""

    def call(self, method, path, **options):
        return super().call(method, re.sub(r"(?<=/)([a-z]+)[?].*", r"\1", path), **options)


@pytest.mark.parametrize(("dialect", "seed"), PLAYED)
def test_a_random_history_breaks_no_law(server, seed):
    _, answers = draw(server, seed, STEPS)
    assert len(answers) == STEPS
    assert [line for answer in answers for line in laws.broken_by_answer(answer, server.base)] == []
    assert list(laws.broken(server)) == []


@pytest.mark.parametrize("compared", [False, True])
def test_what_open_klant_does_not_have_is_not_drawn_for_it(compared):
    drawing = Drawing(1, compared=compared)
    bodies = [drawing.step().get("json") for _ in range(300)]
    assert any(ONLY_HERE & _members(each) for each in bodies) != compared


def _members(node):
    """The names of all members, however deep."""
    if isinstance(node, list):
        return {name for each in node for name in _members(each)}
    return set(node) | _members(list(node.values())) if isinstance(node, dict) else set()


def test_what_is_documented_is_no_difference():
    actor = 'results.2.toegewezenAanActor: expected {"uuid": null}, got null'
    known = ('status: expected 500, got 400: {"type": ""}', actor)
    assert Difference(1, "GET /internetaken", known).declared
    assert not Difference(1, "GET /internetaken", (*known, "count: expected 1, got 2")).declared
    assert not Difference(1, "GET /internetaken", ("toegewezenAanActor: expected null, got 1",)).declared


@pytest.mark.parametrize("dialect", ["openklant"])
def test_a_history_comes_out_the_same_twice(server):
    scenario, _ = draw(server, 3, STEPS)
    server.reset()
    assert compare(server, scenario) == []


@pytest.mark.parametrize("dialect", ["openklant"])
def test_a_difference_is_found_and_made_short(server):
    forgetful = Forgetful(server.base, "Token demo", SERVED)
    for seed in SEEDS:
        server.reset()
        scenario, _ = draw(server, seed, STEPS)
        server.reset()
        if found := compare(forgetful, scenario):
            break
    smallest = shrunk(server, forgetful, scenario, found[0])
    assert len(smallest["steps"]) <= 3
    assert "?" in smallest["steps"][-1]["call"]
    server.reset()
    assert compare(server, smallest) == []


@pytest.mark.parametrize("dialect", ["openklant"])
def test_a_filter_that_does_nothing_breaks_a_law(server):
    for naam in ("een", "twee"):
        server.call("POST", "/categorieen", json={"naam": naam})
        server.call("POST", "/actoren", json={"naam": naam, "soortActor": "medewerker"})
    server.call("POST", "/actoren", json={"naam": "een", "soortActor": "organisatorische_eenheid"})
    assert list(laws.broken(server)) == []
    wrong = list(laws.broken(Partly(server.base, "Token demo", SERVED)))
    assert any("together find something else" in line for line in wrong)


class Partly(Server):
    """The same server behind something that drops the second of two filters."""

    def call(self, method, path, **options):
        return super().call(method, re.sub(r"(pageSize=3&[^&]+)&.*", r"\1", path), **options)
