"""What a write wants is written once, in an order in which a crash leaves the least harm; without servers."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from adapter.engine.entities.stored_object import OBJECTS, StoredObject
from adapter.engine.gateway.written import WrittenObjects
from adapter.engine.transaction.creations import Creation, an_object
from adapter.engine.unit_of_work import Refused, UnitOfWork
from adapter.errors import RegisterAnswer
from adapter.mapping.model import Place
from adapter.registers.messages import Answer
from adapter.state.journal import SEALED, OpenWrite

OLD, NEW, NEWER = {"v": 0}, {"v": 1}, {"v": 2}
PEOPLE = Place("people", "people")
ONE, TWO, PERSON = (f"{each}0000000-0000-4000-8000-000000000000" for each in "12a")


def stored(data, uuid=ONE):
    return StoredObject(uuid, "thing", data)


class Registers:
    """Two registers that note what is written to them, and a journal that notes what it is told before."""

    def __init__(self, refuse=()):
        self.calls, self.journal, self.refuse = [], [], refuse
        self.planned = []  # as the steps were when they were written
        self.objects = {}

    def deployment(self):
        """As much of a deployment as a unit of work needs."""
        collections = SimpleNamespace(inline={}, search={}, fits=lambda rows: True)

        @contextmanager
        def hold(space, names):
            yield []

        return SimpleNamespace(
            registers={OBJECTS: self.register(OBJECTS), PEOPLE.register: self.register(PEOPLE.register)},
            types={"thing": SimpleNamespace(url="http://types/1", version=1)},
            may_write=lambda: None,
            heard=frozenset(),
            gathers=None,
            mappings=SimpleNamespace(keys={}, collections={PEOPLE: collections}, resources={}),
            state=SimpleNamespace(journal=self, locks=SimpleNamespace(hold=hold)),
            together=lambda calls: [each() for each in calls],
        )

    def register(self, name):
        """One of them."""

        def call(method, path, *, params=(), json=None):
            self.calls.append(f"{method} {path}")
            planned = [f"{each['do']} {each['path']}" for each in self.journal[-1]]
            assert any(each.endswith(f" {path}") for each in planned), "not in the journal yet"
            if f"{method} {path}" in self.refuse:
                return Answer(400, {"invalidParams": []})
            if method == "DELETE":
                return Answer(204, None)
            return Answer(200, {"url": f"http://{name}/{path}/{PERSON}", **(json or {})})

        return SimpleNamespace(name=name, call=call)

    # as a journal

    def begin(self, operation, stripes, steps, key, state):
        self._note(steps)
        return OpenWrite("1", "me", operation, steps=steps)

    def save(self, write):
        self._note(write.steps)

    def close(self, write, **how):
        self._note([])

    def idle(self, write):
        pass

    def _note(self, steps):
        self.journal.append(steps)
        self.planned.append([dict(each) for each in steps])


SENT = (None, None)
MERGED = {
    "made": ([(None, NEW)], [(None, NEW)], []),
    "made and changed": ([(None, NEW), (NEW, NEWER)], [(None, NEWER)], []),
    "made and deleted": ([(None, NEW), (NEW, None)], [], []),
    "changed": ([(OLD, NEW)], [(OLD, NEW)], []),
    "changed twice": ([(OLD, NEW), (NEW, NEWER)], [(OLD, NEWER)], []),
    "changed by somebody who has it as it was": (
        [(OLD, NEW), (OLD, NEWER)],
        [(OLD, NEWER)],
        [],
    ),
    "changed back": ([(OLD, NEW), (NEW, OLD)], [], []),
    "changed and deleted": ([(OLD, NEW), (NEW, None)], [], [OLD]),
    "deleted": ([(OLD, None)], [], [OLD]),
    "deleted and made": ([(OLD, None), (None, NEW)], [(OLD, NEW)], []),
    "deleted and made as it was": ([(OLD, None), (None, OLD)], [], []),
    "made, sent and changed": ([(None, OLD), SENT, (OLD, NEW)], [(OLD, NEW)], []),
    "made, sent and deleted": ([(None, NEW), SENT, (NEW, None)], [], [NEW]),
    "deleted, and others sent": ([(OLD, None), SENT], [], [OLD]),
}


@pytest.mark.parametrize(("steps", "contents", "deletes"), MERGED.values(), ids=MERGED)
def test_what_is_staged_for_one_object_merges(steps, contents, deletes):
    """One call at most comes of it, with what the Objects API has by then as what takes it back.

    A change of a record sends what is staged.
    """
    registers = Registers()
    unit = UnitOfWork(registers.deployment())
    before = 0
    for was, wanted in steps:
        if (was, wanted) == SENT:
            unit.patch_record(PEOPLE, PERSON, {("name",): "b"}, {})
            before = len([each for each in registers.planned[-1] if not each.get("ahead")])
        elif was is None:
            unit.make(an_object("thing", ONE, wanted))
        elif wanted is None:
            unit.delete_object(stored(was))
        else:
            unit.put_object(stored(was), wanted)
    unit.finish()
    sent = registers.planned[-2][before:] if registers.planned else []
    assert len(sent) <= 1
    now = [(each.get("former"), each["sent"]) for each in sent if each["do"] in ("make", "put")]
    assert (now, [each["former"] for each in sent if each["do"] == "drop"]) == (contents, deletes)


def changing(unit):
    """A record with what belongs to it, a claim that precedes a change of another record, and deletes."""
    (person,) = unit.make_together([Creation(PEOPLE, {"name": "a"})])
    unit.make(an_object("thing", ONE, NEW))
    unit.put_object(stored(NEW), NEWER)
    unit.delete_object(stored(OLD, TWO))
    unit.delete_record(PEOPLE, TWO)
    unit.patch_record(PEOPLE, ONE, {("name",): "b"}, {"name": "a"})
    return person


def test_claims_come_before_changes_of_records_and_deletes_last():
    """Of objects what stands in them comes first, and each is written once."""
    registers = Registers()
    unit = UnitOfWork(registers.deployment())
    changing(unit)
    unit.finish()
    assert registers.calls == [
        "POST people",
        "POST objects",
        f"PATCH people/{ONE}",
        f"DELETE people/{TWO}",
        f"DELETE objects/{TWO}",
    ]


def test_the_whole_of_a_write_of_objects_is_in_the_journal_before_its_first_call():
    """What is only sent later is told from what may have been sent; in its turn it is that no more."""
    registers = Registers()
    unit = UnitOfWork(registers.deployment())
    unit.make(an_object("thing", ONE, NEW))
    unit.delete_object(stored(OLD, TWO))
    unit.delete_object(stored(OLD, PERSON))
    unit.finish()
    ahead = [[each.get("ahead", False) for each in steps] for steps in registers.planned]
    assert registers.calls == ["POST objects", f"DELETE objects/{TWO}", f"DELETE objects/{PERSON}"]
    assert ahead == [[False, True, True], [False, False, True], [False, False, False], []]


def test_with_the_first_change_of_a_record_goes_what_is_staged():
    """The journal has the change by then, as one that is still to be sent."""
    registers = Registers()
    unit = UnitOfWork(registers.deployment())
    unit.make(an_object("thing", ONE, NEW))
    unit.delete_object(stored(OLD, TWO))
    unit.patch_record(PEOPLE, PERSON, {("name",): "b"}, {"name": "a"})
    unit.finish()
    assert [[each["do"] for each in steps] for steps in registers.planned[:-1]] == 3 * [
        ["make", "change", "drop"]
    ]
    ahead = [[each.get("ahead", False) for each in steps] for steps in registers.planned[:-1]]
    assert ahead == [[False, True, True], [False, False, True], [False, False, False]]


def test_changes_of_several_records_are_known_before_the_first():
    """One that a register refuses is told by its number; the others are made."""
    registers = Registers(refuse=(f"PATCH people/{ONE}",))
    unit = UnitOfWork(registers.deployment())
    unit.put_object(stored(OLD), NEW)
    changes = [(PEOPLE, uuid, {("name",): "b"}, {"name": "a"}) for uuid in (ONE, TWO)]
    assert [(number, refused.status) for number, refused in unit.patch_records(changes)] == [(0, 400)]
    unit.finish()
    assert registers.calls == [f"PUT objects/{ONE}", f"PATCH people/{ONE}", f"PATCH people/{TWO}"]
    told = [[(each["path"], each.get("ahead", False)) for each in steps] for steps in registers.planned]
    objects, one, two = f"objects/{ONE}", f"people/{ONE}", f"people/{TWO}"
    assert told[0] == [(objects, False), (one, True), (two, True)]
    assert told[1] == [(objects, False), (one, False), (two, True)]
    assert told[2] == [(objects, False), (two, False)]


def test_what_is_still_to_be_sent_is_not_taken_back():
    """Nothing of it can have been done: no register is asked for it, and nothing is left to try again."""
    registers = Registers(refuse=("POST objects",))
    unit = UnitOfWork(registers.deployment())
    unit.make(an_object("thing", ONE, NEW))
    unit.delete_object(stored(OLD, TWO))
    with pytest.raises(RegisterAnswer):
        unit.finish()
    unit.undo()
    assert registers.calls == ["POST objects"]
    assert registers.planned[-1] == []


def test_whether_an_object_is_sealed_is_asked_once_those_before_it_are_sent():
    """What is a piece of a contact is known once that is held; the journal may say nothing of a piece."""
    registers = Registers()
    deployment = registers.deployment()
    deployment.gathers = SimpleNamespace(
        seals=lambda _type, _data: bool(registers.calls), delete_held=frozenset
    )
    unit = UnitOfWork(deployment)
    unit.make(an_object("thing", ONE, NEW))
    unit.make(an_object("thing", TWO, NEW))
    unit.delete_object(stored(OLD, PERSON))
    unit.finish()
    assert registers.calls == ["POST objects", "POST objects"]
    assert [[SEALED in each for each in steps] for steps in registers.planned] == [[False], [False, True], []]


def test_what_is_staged_is_sent_at_the_end():
    """Nothing is sent for what came to nothing; and then nothing is written into the journal either."""
    registers = Registers()
    unit = UnitOfWork(registers.deployment())
    unit.put_object(stored(OLD), NEW)
    unit.make(an_object("thing", TWO, NEW))
    assert registers.calls == []
    unit.delete_object(stored(NEW, TWO))
    unit.put_object(stored(NEW), OLD)
    unit.finish()
    assert (registers.calls, registers.journal) == ([], [])


def test_what_is_staged_is_read():
    """The request sees its own objects as they will be, and does not ask for them."""
    registers = Registers()
    unit = UnitOfWork(registers.deployment())
    unit.make(an_object("thing", ONE, NEW))
    unit.delete_object(stored(OLD, TWO))
    assert {
        uuid: each.data for uuid, each in unit.session.run(unit.session.objects.get([ONE, TWO])).items()
    } == {ONE: NEW}
    assert registers.calls == []


def test_a_refusal_of_our_own_object_is_none_of_the_record():
    """Who changes a record learns of its refusal; that of an object is a fault of the Objects API."""
    registers = Registers(refuse=("POST objects",))
    unit = UnitOfWork(registers.deployment())
    unit.make(an_object("thing", ONE, NEW))
    with pytest.raises(RegisterAnswer) as fault:
        unit.patch_record(PEOPLE, ONE, {("name",): "b"}, {})
    assert not isinstance(fault.value, Refused)
    assert registers.calls == ["POST objects"]


NAMED = [("name", "in", "a|b")]
SEARCHED = {
    "changed so that it is found": ({ONE: stored({"name": "a"})}, [], NAMED, [{"name": "a"}]),
    "changed so that it is not": ({ONE: stored({"name": "c"})}, [{"name": "a"}], NAMED, []),
    "changed, and found as before": ({ONE: stored({"name": "b"})}, [{"name": "a"}], NAMED, [{"name": "b"}]),
    "to be deleted": ({ONE: None}, [{"name": "a"}], NAMED, []),
    "new": ({TWO: stored({"name": "a"}, TWO)}, [{"name": "b"}], NAMED, [{"name": "a"}, {"name": "b"}]),
    "of a list": ({ONE: None}, [{"name": "a"}], [], []),
}


@pytest.mark.parametrize(("staged", "answered", "asked", "found"), SEARCHED.values(), ids=SEARCHED)
def test_what_a_search_finds_is_told_with_what_is_staged(staged, answered, asked, found):
    """The Objects API answers as it was before; the request sees what will be."""
    known = WrittenObjects(SimpleNamespace(mappings=SimpleNamespace(keys={})), ())
    for uuid, each in staged.items():
        if each is None:
            known.gone(uuid)
        else:
            known.kept(each)
    rows = [stored(each) for each in answered]
    assert [each.data for each in known.with_written(rows, "thing", asked)] == found
    assert [each.data for each in known.with_written(rows, "other", asked)] == [
        each.data for each in rows if each.uuid not in staged
    ]
