"""Each contact is sent once and whole, whatever dies, fails or sleeps."""

import random
import threading
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from adapter.gathering.attempts import Attempts
from adapter.gathering.gatherer import NotKnownYet, OnlyOne, TooLate
from adapter.gathering.kept import GATHERING, PARKED
from adapter.gathering.ports import Refused
from adapter.gathering.sending import Times

from tests.gathering.world import ADDRESSES, CASES, CONTACTS, NAMES, TASKS, Died, World, new
from tests.state.conftest import database


@pytest.fixture
def world(tmp_path):
    made = World(str(tmp_path / "state.sqlite3"))
    yield made
    made.close()


def flow(kind):
    """The pieces that a client sends, in its order, as functions of the uuid of the contact."""
    contact = new(CONTACTS, kanaal="telefoon")
    van = {"van": {"uuid": contact.uuid}}
    rest = [new(NAMES, "J. Pietersen", **van), new(ADDRESSES, "j@voorbeeld.nl", **van)]
    if kind == "verzoek":
        rest.append(new(TASKS, "bellen", naar="groep", groep="balie", **van))
    return contact, [*rest, new(CASES, "zaak", **van), new(ADDRESSES, "0612345678", **van)]


def play(world, process, kind="verzoek", gap=0.5, shuffled=None):
    """A client sends a contact; what it is told is recorded is expected. A dead process is replaced."""
    contact, rest = flow(kind)
    world.known.append(contact.uuid)
    if shuffled is not None:
        shuffled.shuffle(rest)

    def told(piece, deed):
        nonlocal process
        for again in range(2):
            try:
                taken = deed(process, piece)
            except Died:
                process = world.process()
                if again or piece.resource != TASKS:
                    # The client gives up on this one; it may have been recorded all the same.
                    if process.gatherer.held(piece.uuid):
                        world.expect(piece.uuid, piece.resource, piece.body)
                    return
                piece = new(TASKS, **piece.body)
            except Exception:  # told that it is not recorded
                return
            else:
                if taken is not None:
                    world.expect(taken.uuid, piece.resource, piece.body)
                return

    told(contact, lambda its, piece: its.gatherer.begin([piece]))
    for piece in rest:
        world.clock.now += gap
        told(piece, lambda its, piece: its.gatherer.add(piece))
    return process


@pytest.mark.parametrize("kind", ["verzoek", "moment"])
def test_a_contact_is_sent_once_with_all_that_came(world, kind):
    """With its task at once, else after a quiet time; until then, and after it, it reads the same."""
    process = play(world, world.process(), kind)
    assert len(world.register.records) == (1 if kind == "verzoek" else 0)
    assert world.problems() == []
    process = world.settle()
    assert world.problems() == []
    assert [each.content["type"] for each in world.register.records] == [kind]
    assert len(world.register.links) == (0 if kind == "verzoek" else 1)
    assert process.holds.all() == []
    assert world.objects.aliases == dict.fromkeys(
        [c for c, (r, _) in world.sent.items() if r == CONTACTS], world.register.records[0].uuid
    )


def test_what_comes_late_joins_or_is_refused(world):
    """While it is not known whether the record was made, and while it is being finished."""
    process = world.process()
    contact, (name, address, task, case, other) = flow("verzoek")
    world.known.append(contact.uuid)
    process.gatherer.begin([contact])
    process.gatherer.add(name)
    world.register.faults.append("unanswered")
    process.gatherer.add(task)
    process.gatherer.add(address)
    assert process.gatherer.change(address.uuid, {**address.body, "tekst": "k@voorbeeld.nl"})
    assert process.gatherer.change(name.uuid, name.body) == process.gatherer.held(name.uuid)
    for deed in (
        lambda: process.gatherer.remove(name.uuid),
        lambda: process.gatherer.change(name.uuid, {"tekst": "x"}),
    ):
        with pytest.raises(NotKnownYet):
            deed()
    posted, objects = [], world.objects.put_alias

    def put_alias(*given):
        # While it is being finished, another client comes.
        its = world.process().gatherer
        if not posted:
            posted.append(its.add(case))
            with pytest.raises(TooLate):
                its.change(name.uuid, {"tekst": "x"})
            with pytest.raises(TooLate):
                its.add(replace(task, uuid=new(TASKS).uuid, body={**task.body, "tekst": "anders"}))
        objects(*given)

    world.objects.put_alias = put_alias
    process = world.settle()
    assert [each.uuid for each in posted] == [case.uuid]
    for piece in (contact, name, task, case):
        world.expect(piece.uuid, piece.resource, piece.body)
    world.expect(address.uuid, ADDRESSES, {**address.body, "tekst": "k@voorbeeld.nl"})
    assert world.problems() == []
    assert [each["zaak"] for each in world.register.links] == [case.uuid]
    # Now it is for the register and what stands beside it.
    assert process.gatherer.add(other) is None
    assert process.gatherer.held(name.uuid) is None
    assert process.gatherer.change(name.uuid, {}) is process.gatherer.remove(name.uuid) is None


def test_a_contact_has_one_task(world):
    """Of two that come at once, and of two while it waits, the second is refused."""
    world.times = Times(lease=0.0)
    process = world.process()
    contact = new(CONTACTS, kanaal="telefoon")
    world.known.append(contact.uuid)
    process.gatherer.begin([contact])
    body = {"naar": "groep", "groep": "balie", "van": {"uuid": contact.uuid}}
    Attempts(world.state.database).lease(contact.uuid, world.clock.now, 60.0, 600.0)
    process.gatherer.add(new(TASKS, "bellen", **body))
    with pytest.raises(OnlyOne):
        world.process().gatherer.add(new(TASKS, "schrijven", **body))


def test_a_name_that_is_unknown_there_is_told_to_the_client(world):
    """With the task, which is not recorded then; a better one is sent."""
    process = world.process()
    contact = new(CONTACTS, kanaal="telefoon")
    world.known.append(contact.uuid)
    process.gatherer.begin([contact])
    world.expect(contact.uuid, CONTACTS, contact.body)
    van = {"van": {"uuid": contact.uuid}}
    wrong = new(TASKS, "bellen", naar="groep", groep="bestaat niet", **van)
    with pytest.raises(Refused) as refused:
        process.gatherer.add(wrong)
    assert refused.value.members == ("groep",)
    assert process.gatherer.held(wrong.uuid) is None
    assert process.holds.held(contact.uuid).hold.phase == GATHERING
    right = new(TASKS, "bellen", naar="groep", groep="balie", **van)
    assert process.gatherer.add(right).uuid == right.uuid
    world.expect(right.uuid, TASKS, right.body)
    assert world.problems() == []
    assert len(world.register.records) == 1


def test_a_task_that_is_sent_again_is_the_same(world):
    """A client that lost the answer gets its uuid; another task of the contact is refused."""
    process = world.process()
    contact = new(CONTACTS, kanaal="telefoon")
    world.known.append(contact.uuid)
    process.gatherer.begin([contact])
    world.register.faults.append("unanswered")
    body = {"naar": "groep", "groep": "balie", "van": {"uuid": contact.uuid}}
    first = process.gatherer.add(new(TASKS, "bellen", **body))
    again = world.process().gatherer.add(new(TASKS, "bellen", **body))
    assert (first.uuid, again.uuid) == (again.uuid, first.uuid)
    assert len(world.register.records) == 1
    with pytest.raises(NotKnownYet):
        process.gatherer.add(new(TASKS, "schrijven", **body))


def test_what_cannot_be_sent_is_parked_and_goes_to_the_fall_back_group(world):
    """Nobody waits to be told: it is kept, counted, not repeated, and sent on command."""
    process = world.process()
    contact = new(CONTACTS, kanaal="telefoon")
    world.known.append(contact.uuid)
    process.gatherer.begin([contact])
    world.expect(contact.uuid, CONTACTS, contact.body)
    task = new(TASKS, "bellen", naar="groep", groep="bestaat niet", van={"uuid": contact.uuid})
    world.register.faults.append("lost")
    process.gatherer.add(task)
    world.expect(task.uuid, TASKS, task.body)
    process = world.settle()
    hold = process.holds.held(contact.uuid).hold
    assert (hold.phase, hold.reason, len(world.register.users)) == (PARKED, "groep", 2)
    assert process.counts["gathered.parked"] == 1
    assert world.problems() == []
    assert Attempts(world.state.database).unpark(contact.uuid, world.clock.now, fall_back=True)
    world.settle()
    assert world.problems() == []
    assert world.register.records[0].content["groep"] == "vangnet"


def test_a_question_whose_task_never_comes_is_not_sent_as_closed(world):
    """Of the channels of the setting it goes to the fall-back group, to be answered."""
    process = world.process()
    contact = new(CONTACTS, kanaal="site")
    world.known.append(contact.uuid)
    process.gatherer.begin([contact])
    world.settle()
    (record,) = world.register.records
    assert (record.content["type"], record.content["groep"]) == ("verzoek", "vangnet")


def test_a_contact_that_is_deleted_is_never_sent(world):
    process = play(world, world.process(), "moment")
    contact = next(iter(world.sent))
    assert process.gatherer.remove(contact).uuid == contact
    world.settle()
    assert (world.register.records, process.holds.all()) == ([], [])


def left_beside(folder, at, dying, *, sleeps=False):
    """A contact is deleted after an attempt died at a step, or while it sleeps there; that may die too.

    ([the phase in which it was deleted] or [] when it was too late, whether an aside without record is left).
    """
    world = World(str(folder / f"{at}-{dying}-{sleeps}.sqlite3"))
    try:
        play(world, world.process(), "moment")
        contact, phases = next(iter(world.sent)), []

        def delete():
            before = [each.phase for each in world.process().holds.all()]
            with suppress(Died, NotKnownYet, TooLate):
                world.process(dying).gatherer.remove(contact)
            phases.extend(before if not world.process().holds.all() else ())

        world.clock.now += 700
        attempt = world.process(at, meanwhile=delete if sleeps else None)
        with suppress(Died):
            attempt.sender.sweep()
        if not sleeps:
            delete()
        world.settle()
        return phases, bool(world.objects.asides) and not world.register.records
    finally:
        world.close()


def test_of_a_contact_that_is_deleted_nothing_stays_beside_it(tmp_path):
    """Wherever an attempt died or slept that had begun to send it, and wherever the deleting died."""
    cases = [(at, 0, sleeps) for at in range(1, 30, 2) for sleeps in (False, True)]
    cases += [(9, dying, False) for dying in range(1, 12)]
    found = {each: left_beside(tmp_path, each[0], each[1], sleeps=each[2]) for each in cases}
    assert [each for each, (_, left) in found.items() if left] == []
    assert [phases for phases, _ in found.values()].count([GATHERING]) > 10


def test_an_employee_that_is_unknown_there_does_not_block(world):
    """The contact is sent without."""
    process = world.process()
    contact = new(CONTACTS, kanaal="telefoon")
    world.known.append(contact.uuid)
    process.gatherer.begin([contact])
    process.gatherer.add(new(TASKS, naar="medewerker", groep="niemand", van={"uuid": contact.uuid}))
    assert "medewerker" not in world.register.records[0].content
    assert process.counts["gathered.sent_without"] == 1


@pytest.mark.parametrize(
    ("fault", "newest_first"),
    [
        ("lost", True),
        ("unanswered", False),
        ("late", True),
        ("refused", True),
        pytest.param("lost", False, marks=pytest.mark.contract),
        pytest.param("unanswered", True, marks=pytest.mark.contract),
        pytest.param("late", False, marks=pytest.mark.contract),
    ],
)
def test_a_fault_of_the_register_neither_loses_nor_doubles(world, fault, newest_first):
    """Whether it arrived is found among others of its kind, wherever the register has it."""
    world.register.newest_first = newest_first
    for _ in range(8):
        play(world, world.process())
    world.register.faults.append(fault)
    play(world, world.process())
    assert world.problems() == []
    world.settle()
    assert world.problems() == []
    assert len(world.register.records) == 9
    assert world.process().holds.all() == []
    assert world.register.users == ["jan"] * len(world.register.users)


@pytest.mark.parametrize("newest_first", [pytest.param(True, marks=pytest.mark.contract), False])
def test_a_list_that_changes_while_it_is_read_is_read_again(world, newest_first):
    """A record that moved to a page that was read already is found all the same."""
    world.register.newest_first = newest_first
    world.register.faults.append("unanswered")
    play(world, world.process())
    for _ in range(7):
        play(world, world.process())
    pages, page = [], world.register.page

    def growing(collection, filters, number):
        # From the back: with newest first another record comes after each page, until a record moved.
        found = page(collection, filters, number)
        pages.append(number)
        if "type" in filters and len(pages) in {2, 3}:
            play(world, world.process())
        return found

    world.register.page = growing
    world.settle()
    assert world.problems() == []
    assert len({each.content["tekst"] for each in world.register.records}) == len(world.register.records)


def steps_of(world, kind, faults=()):
    """How many steps the flow has when nothing happens."""
    process = world.process()
    world.register.faults.extend(faults)
    play(world, process, kind)
    world.clock.now += 700
    process.sender.sweep()
    return process.fate.steps


def died_at(folder, kind, at, faults, *, state=None, classes=None):
    """What is broken of a flow whose process dies at a step, at that moment and at the end."""
    given = {"classes": classes} if classes else {}
    world = World(state or str(folder / f"{kind}-{at}-{'-'.join(faults)}.sqlite3"), **given)
    try:
        world.register.faults.extend(faults)
        process = play(world, world.process(at), kind)
        found = world.problems()
        with suppress(Died):
            world.clock.now += 700
            world.register.arrive()
            process.sender.sweep()
        found += world.problems()
        left = world.settle().holds.all()
        return found + world.problems() + [f"held: {each.phase}" for each in left]
    finally:
        world.close()


FAULTS = [(), ("unanswered",), ("lost",), ("late",)]


def all_deaths(folder, kind, faults, stride=1, state=None):
    world = World(str(folder / "count.sqlite3"))
    steps = steps_of(world, kind, faults)
    world.close()
    assert steps > 40
    return {
        at: broken
        for at in range(1, steps + 1, stride)
        if (broken := died_at(folder, kind, at, faults, state=state))
    }


def test_a_death_at_any_step_loses_and_doubles_nothing(tmp_path):
    assert all_deaths(tmp_path, "verzoek", (), stride=12) == {}


@pytest.mark.contract
@pytest.mark.parametrize("kind", ["verzoek", "moment"])
@pytest.mark.parametrize("faults", FAULTS, ids="-".join)
def test_a_death_at_every_step_with_every_fault(tmp_path, kind, faults):
    assert all_deaths(tmp_path, kind, faults) == {}


def test_a_process_that_sleeps_at_any_step_does_no_harm(tmp_path):
    """While it sleeps, for longer than its lease, others do its work; then it goes on where it was."""
    assert all_sleeps(tmp_path, "verzoek", 400.0, stride=12) == {}


@pytest.mark.contract
@pytest.mark.parametrize("kind", ["verzoek", "moment"])
@pytest.mark.parametrize("seconds", [1.0, 130.0, 400.0])
def test_a_process_that_sleeps_at_every_step_does_no_harm(tmp_path, kind, seconds):
    assert all_sleeps(tmp_path, kind, seconds) == {}


def slept_at(folder, kind, at, seconds, classes=None):
    """What is broken of a flow whose process sleeps at a step, while another sweeps."""
    world = World(
        str(folder / f"sleep-{kind}-{at}-{seconds}.sqlite3"), **({"classes": classes} if classes else {})
    )
    seen = []

    def meanwhile():
        other = world.process()
        for turn in range(4):
            world.clock.now += seconds / 4
            if turn == 1 and world.known:
                # Another client of the contact, whose piece is late or not.
                piece = new(ADDRESSES, "late", van={"uuid": world.known[0]})
                if other.gatherer.add(piece):
                    world.expect(piece.uuid, ADDRESSES, piece.body)
            world.register.arrive()
            other.sender.sweep()
            seen.extend(world.problems())

    try:
        process = play(world, world.process(at, meanwhile), kind)
        world.clock.now += 700
        process.sender.sweep()
        left = world.settle().holds.all()
        return seen + world.problems() + [f"held: {each.phase}" for each in left]
    finally:
        world.close()


def all_sleeps(folder, kind, seconds, stride=1, classes=None):
    world = World(str(folder / "count.sqlite3"))
    steps = steps_of(world, kind)
    world.close()
    return {
        at: broken
        for at in range(1, steps + 1, stride)
        if (broken := slept_at(folder, kind, at, seconds, classes))
    }


def crowd(world, writers, contacts, faults):
    """Clients at once, each with several contacts, while two replicas sweep."""
    done = threading.Event()

    def client(number):
        drawn = random.Random(number)
        for _ in range(contacts):
            world.register.faults.extend([drawn.choice(FAULTS_AND_NONE)] * faults)
            play(world, world.process(), drawn.choice(["verzoek", "moment"]), shuffled=drawn)

    def sweeper():
        process = world.process()
        while not done.is_set():
            process.sender.sweep()
            # Slowly: a thread that stalls must not sleep through the wait for its POST.
            world.clock.now += 0.1
            time.sleep(0.002)

    clients = [threading.Thread(target=client, args=(number,)) for number in range(writers)]
    sweepers = [threading.Thread(target=sweeper) for _ in range(2)]
    for each in [*clients, *sweepers]:
        each.start()
    for each in clients:
        each.join()
    done.set()
    for each in sweepers:
        each.join()
    world.settle()
    assert world.problems() == []
    assert len([each for each in world.sent.values() if each[0] == CONTACTS]) == writers * contacts
    assert len(world.register.records) == writers * contacts
    assert world.process().holds.all() == []


FAULTS_AND_NONE = ["", "", "", "unanswered", "lost", "refused"]


def test_replicas_that_sweep_while_clients_write_send_each_contact_once(address):
    """Two sweep, and each client's own request sends as well."""
    world = World(address)
    try:
        crowd(world, 3, 1, 0)
    finally:
        world.close()


@pytest.mark.contract
@pytest.mark.parametrize("faults", [0, 1])
def test_eight_writers_and_two_replicas_with_faults(address, faults):
    world = World(address)
    try:
        crowd(world, 8, 6, faults)
    finally:
        world.close()


@pytest.mark.contract
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("deaths", "faults"), [(0.02, 0.15), (0.06, 0.3)])
def test_random_deaths_and_faults_neither_lose_nor_double(tmp_path, seed, deaths, faults):
    """Half of the clients shuffled, some with long gaps, and two replicas that die and are replaced."""
    world, drawn = World(str(tmp_path / "state.sqlite3")), random.Random(seed)
    seen = []

    def swept():
        world.register.arrive()
        with suppress(Died):
            world.process(chance=lambda: drawn.random() < deaths).sender.sweep()
        seen.extend(world.problems())

    try:
        for _ in range(40):
            if drawn.random() < faults:
                world.register.faults.append(drawn.choice(["lost", "late", "unanswered", "refused"]))
            process = world.process(chance=lambda: drawn.random() < deaths)
            kind, gap = drawn.choice(["verzoek", "moment"]), drawn.choice([0.3, 0.3, 20.0, 60.0])
            play(world, process, kind, gap, drawn if drawn.random() < 0.5 else None)
            world.clock.now += drawn.choice([1.0, 200.0])
            swept()
        left = world.settle().holds.all()
        assert seen + world.problems() + [each.phase for each in left] == []
        assert len(world.sent) > 100
    finally:
        world.close()


@pytest.mark.contract
@pytest.mark.parametrize("faults", [(), ("unanswered",)], ids="-".join)
def test_a_death_at_every_step_in_postgresql(tmp_path, postgres, faults):
    url = database(postgres, f"gathering-{len(faults)}")
    assert all_deaths(tmp_path, "verzoek", faults, stride=2, state=url) == {}
