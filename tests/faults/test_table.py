"""Whatever goes wrong at whichever register call of a write, all of it is done in the end, or nothing."""

import pytest

from tests.faults.cases import Town, resources
from tests.faults.proxy import KILLS
from tests.faults.site import site
from tests.faults.table import Case, Judge, cases_of, kills_of

DIALECTS = ("vng", "openklant")
NAMES = resources(DIALECTS[0])
# What fails waits for what a slow register may still do; so long a register may be silent here.
LIMITS = {"settle": 1.0, "timeout": 0.7, "total_timeout": 0.7}
# Quick, and of each kind: not done, done without an answer, answered with nonsense, and gone for a while.
QUICK = ("500, done", "reset", "other json", "refused", "down from here, done")


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    """Gives the town of a dialect."""
    found = {}

    def town_of(dialect):
        if dialect not in found:
            folder = tmp_path_factory.mktemp(f"faults-{dialect}")
            manager = site(folder, dialect, str(folder / "state.sqlite3"), LIMITS)
            found[dialect] = (manager, Town(manager.__enter__()))
        return found[dialect][1]

    yield town_of
    for manager, _ in found.values():
        manager.__exit__(None, None, None)


def judged(town, writes, cases, record_property):
    """What came of these cases."""
    judge = Judge(town)
    for write in writes:
        done = judge.all_of(write)
        judge.tally.writes += 1
        judge.tally.steps += len(write.writes)
        for case in cases(write):
            judge.try_(case, done)
    record_property("tried", str(judge.tally))
    return judge.tally


def assert_all_or_nothing(tally):
    assert tally.wrong == [], f"{tally}\n" + "\n".join(tally.wrong[:5])
    assert tally.cases


@pytest.mark.faults
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("cases", [cases_of, kills_of], ids=["faults", "kills"])
def test_everything(towns, dialect, name, cases, record_property):
    """Every write of a resource: every fault at every call, and kill -9 at every one that writes."""
    town = towns(dialect)
    tally = judged(town, town.table(name), cases, record_property)
    assert_all_or_nothing(tally)


def longest(town, name, method):
    """The write of a resource with the most different register calls of one method."""
    return max(town.table(name, method), key=lambda it: len(set(it.writes)))


def in_turn(faults, each):
    """Some of the faults at every register write, others at the next."""

    def cases(write):
        for step in range(len(write.writes)):
            for turn in range(each):
                yield Case(write, step, faults[(step + turn) % len(faults)])

    return cases


@pytest.mark.parametrize(
    ("dialect", "name", "method"),
    [
        ("vng", "maak-klantcontact", "POST"),
        ("openklant", "actorklantcontacten", "PATCH"),
        ("openklant", "klantcontacten", "DELETE"),
    ],
)
def test_faults_at_every_write(towns, dialect, name, method, record_property):
    """The longest writes, each register write spoilt in some of the ways."""
    town = towns(dialect)
    tally = judged(town, [longest(town, name, method)], in_turn(QUICK, 2), record_property)
    assert_all_or_nothing(tally)


@pytest.mark.parametrize(
    ("dialect", "name", "method"),
    [("vng", "klantcontacten", "POST"), ("openklant", "actorklantcontacten", "PATCH")],
)
def test_killed_in_between(towns, dialect, name, method, record_property):
    """The longest writes, with KlantBrug killed before one register write and after the next."""
    town = towns(dialect)
    tally = judged(town, [longest(town, name, method)], in_turn(tuple(KILLS), 1), record_property)
    assert_all_or_nothing(tally)
