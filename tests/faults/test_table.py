"""Whatever goes wrong at whichever register call of a write, all of it is done in the end, or nothing."""

import pytest

from tests.faults.cases import Town, resources
from tests.faults.proxy import KILLS
from tests.faults.site import site
from tests.faults.table import Case, Judge, cases_of, kills_of
from tests.state.conftest import database

DIALECTS = ("vng", "openklant")
FILE, POSTGRES = "file", "postgres"
PLACES = [(dialect, kind) for dialect in DIALECTS for kind in (FILE, POSTGRES)] + [("klantenbundle", FILE)]
NAMES = resources(DIALECTS[0])
# What fails waits for what a slow register may still do; so long a register may be silent here.
LIMITS = {"settle": 1.0, "timeout": 0.7, "total_timeout": 0.7}
# Of the quick ones none is: what is to be taken back has been done by then, or never will be.
SWIFT = {"settle": 0.2}
# Quick, and of each kind: not done, done without an answer, answered with nonsense, and gone for a while.
QUICK = ("500, done", "reset", "other json", "refused", "down from here, done")


@pytest.fixture(scope="module")
def towns(tmp_path_factory, request):
    """Gives the town of a dialect whose state is in a file, or in PostgreSQL."""
    found = {}

    def town_of(dialect, kind, limits=LIMITS):
        place = dialect, kind, limits is SWIFT
        if place not in found:
            folder = tmp_path_factory.mktemp(f"faults-{dialect}-{kind}")
            address = str(folder / "state.sqlite3")
            if kind == POSTGRES:
                address = database(request.getfixturevalue("postgres"), f"faults_{dialect}_{len(found)}")
            manager = site(folder, dialect, address, limits)
            found[place] = (manager, Town(manager.__enter__()))
        return found[place][1]

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
@pytest.mark.parametrize("place", PLACES, ids="-".join)
@pytest.mark.parametrize("cases", [cases_of, kills_of], ids=["faults", "kills"])
def test_everything(towns, place, name, cases, record_property):
    """Every write of a resource: every fault at every call, and kill -9 at every one that writes."""
    town = towns(*place)
    tally = judged(town, town.table(name), cases, record_property)
    assert_all_or_nothing(tally)


def longest(town, name, method):
    """The write of a resource with the most different register calls of one method."""
    return max(town.table(name, method), key=lambda it: len(set(it.writes)))


def in_turn(write, turns=range(2)):
    """Some of the faults at every register write, others at the next."""
    for step in range(len(write.writes)):
        for turn in turns:
            yield Case(write, step, QUICK[(step + turn) % len(QUICK)])


def first_turn(write):
    """Half of these; the other half is for another place."""
    return in_turn(write, [0])


def other_turn(write):
    """The other half, and killed."""
    yield from in_turn(write, [1])
    yield from at_its_ends(write)


def at_its_ends(write):
    """Killed before its first register write, between two of them, and when all is done but the answer."""
    last = len(write.writes) - 1
    before, after = KILLS
    yield from (Case(write, 0, before), Case(write, last // 2, after), Case(write, last, after))


def killed_too(write):
    """The same, and killed."""
    yield from in_turn(write)
    yield from at_its_ends(write)


@pytest.mark.parametrize(
    ("place", "kind", "cases"),
    [
        (("vng", FILE), ("maak-klantcontact", "POST"), first_turn),
        (("openklant", POSTGRES), ("maak-klantcontact", "POST"), other_turn),
        (("openklant", FILE), ("actorklantcontacten", "PATCH"), killed_too),
        (("openklant", POSTGRES), ("klantcontacten", "DELETE"), in_turn),
        (("klantenbundle", FILE), ("internetaken", "POST"), in_turn),
    ],
)
def test_faults_at_every_write(towns, place, kind, cases, record_property):
    """The longest writes, each register write spoilt in some of the ways; and KlantBrug killed in between."""
    town = towns(*place, SWIFT)
    tally = judged(town, [longest(town, *kind)], cases, record_property)
    assert_all_or_nothing(tally)
