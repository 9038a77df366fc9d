"""The register writes of one request: what it wants of objects is staged, and written once.

Objects have uuids of ours and are taken as they are sent: what is to be made or changed is known beforehand.
Records have uuids of their register, which may also refuse or rewrite what it gets: they are sent as soon as
they are decided. The order is the one in which a crash leaves the least harm:

1. A new record. What belongs to it beside the record is staged.
2. Before a record is changed, all objects that were staged by then: an object that claims a value which no
   register holds does less harm than a value that a register cannot take back, and nothing claims.
3. At the end the other objects, side by side.
4. Deletes. Those of objects can be taken back; from the first delete of a record on, a write is only
   finished.

Each call is in the journal, with what takes it back, before it is sent, and with it all that is decided by
then: the whole write, where no record is made or changed. What follows from a record depends on what its
register makes of it, which is known once it has answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from adapter.engine.deployment import Deployment
from adapter.engine.entities.clock import today
from adapter.engine.entities.identity import uuid_in
from adapter.engine.entities.stored_object import OBJECTS, Record, StoredObject
from adapter.engine.gateway.session import Session
from adapter.engine.transaction.creations import Creation, an_object
from adapter.engine.transaction.journaled_calls import Call, JournaledCalls
from adapter.engine.transaction.recognising import holds
from adapter.engine.transaction.steps import CHANGE, DROP, PUT, Refused, deleting, read, record_of, step_of
from adapter.errors import Invalid, RegisterAnswer, RegisterUnavailable
from adapter.mapping.model import Place
from adapter.mapping.paths import MISSING, Path, copied, get, with_values
from adapter.state.journal import SEALED, Made, Step
from adapter.state.keys import Claim
from adapter.state.outbox import Message

__all__ = ["Change", "Refused", "UnitOfWork"]

Change = tuple[Place, str, dict[Path, Any], Record]
"""A change of a record: where it is, its uuid, what is written at which paths, and the record as it was."""


class UnitOfWork:
    """The writes of one request: `finish` sends what is staged and ends them, `undo` takes them back.

    `session` has what the request has read, with what it has sent and staged since. `held` keeps the locks
    until the write is done, `stripes` are their numbers: more may be added to both. invalid: the uuid of the
    object of which the content was refused as Invalid, while that is raised.
    """

    def __init__(self, deployment: Deployment, operation: str = "", claim: Claim | None = None) -> None:
        self.deployment = deployment
        self._sending = JournaledCalls(deployment, operation, claim)
        # By uuid, in the order in which they were first staged: each as the Objects API has it, and as it is
        # wanted. None where there is, or will be, none.
        self._former: dict[str, StoredObject | None] = {}
        self._wanted: dict[str, StoredObject | None] = {}
        self._records: list[Step] = []
        self._dropping: dict[str, Step] = {}
        self.session = Session(deployment)
        self.stripes = self._sending.stripes
        self.held = ExitStack()
        self.invalid = ""

    def begin(self, stripes: list[int], held: ExitStack) -> None:
        """These locks are held from here on: forget what was read before, others may have written since."""
        self.stripes = self._sending.stripes = stripes
        self.held = held
        self.session.forget()

    # the end

    def finish(self, made: Made | None = None, tell: Sequence[Message] = ()) -> None:
        """Send what is staged, and close the journal. When that fails `undo` has to follow.

        `made` is what to answer when the idempotency key of this request comes again; `tell` goes into the
        outbox together with the end of the write, and who delivers them is woken.
        """
        if self._records:
            deletes = [*self._records, *(deleting(OBJECTS, each["path"]) for each in self._drops())]
            self._send_contents(deletes)
            # Records cannot come back: from here on the journal says that this write is to be finished.
            self._sending.delete_for_good(deletes, made or {}, tell)
        else:
            self._send_contents(self._drops() if self.deployment.gathers is None else ())
            if drops := self._drops():
                self._send_drops(drops)
        self._sending.close(made or {}, tell)
        if tell and (publishing := self.deployment.publishing) is not None:
            publishing.news.set()

    def undo(self) -> None:
        """Take back everything; what cannot be taken back now is left to the sweep of the journal."""
        self._sending.undo()

    # what is made

    def make(self, making: Creation) -> StoredObject:
        """Stage a new object; the object as it will be."""
        return self._stage(making.uuid, making.object_type, making.content)

    def make_together(self, makings: Sequence[Creation]) -> list[Any]:
        """POST records side by side, and stage objects: what each has become, or Refused."""
        asked = [each for each in makings if not each.object_type]
        answers = iter(self._sending.post([(each.step(), each.content) for each in asked]) if asked else ())
        found: list[Any] = [self.make(each) if each.object_type else next(answers) for each in makings]
        for making, outcome in zip(makings, found, strict=True):
            if isinstance(outcome, BaseException) and not isinstance(outcome, Refused):
                raise outcome
            if not making.companion and not making.object_type and not isinstance(outcome, Refused):
                self.session.made(uuid_in(outcome["url"]))
                self.session.records.made(making.place, outcome)
        return found

    # records

    def patch_record(
        self,
        place: Place,
        uuid: str,
        found: dict[Path, Any],
        before: Record,
        blank: Mapping[Path, Any] | None = None,
    ) -> Record:
        """PATCH paths of a record; the record as the register answers it. Raises Refused.

        What was not there cannot be written back; `blank` says what stands for nothing there, for a register
        that takes it.
        """
        return self._patched(place, uuid, _changing(place, uuid, found, before, blank or {}))

    def patch_records(self, changes: Sequence[Change]) -> list[tuple[int, Refused]]:
        """PATCH paths of several records, one after another; which were refused, by their number from 0."""
        steps, refusals = [_changing(*each, {}) for each in changes], []
        for number, ((place, uuid, _, _), step) in enumerate(zip(changes, steps, strict=True)):
            try:
                self._patched(place, uuid, step, steps[number + 1 :])
            except Refused as refused:
                refusals.append((number, refused))
        return refusals

    def _patched(self, place: Place, uuid: str, step: Step, others: Sequence[Step] = ()) -> Record:
        """PATCH a record after the objects that are staged; `others` are changed next."""
        ahead = [*others, *(self._drops() if self.deployment.gathers is None else ())]
        self._send_contents([step, *ahead])
        try:
            record: Record = self._sending.done(step, "PATCH", step["sent"], ahead)
        except RegisterUnavailable:
            now = read(self.deployment, place.register, step["path"])
            if now is None or not holds(step["sent"], now):
                raise
            # It was done, though the answer was lost.
            step["sure"], record = True, now
        self.session.records.changed(place, uuid, record)
        return record

    def delete_record(self, place: Place, uuid: str) -> None:
        """DELETE a record at the end of the write; one that is gone by then is fine."""
        self._records.append(deleting(place.register, f"{place.collection}/{uuid}"))
        self.goes_along(place, uuid)

    def goes_along(self, place: Place, uuid: str) -> None:
        """A record that its register deletes together with another."""
        self.session.records.gone(place, uuid)

    # companions of records, in another register

    def delete_companion(self, place: Place, uuid: str, content: Record) -> None:
        """DELETE a companion; it can be made again."""
        self._sending.done(
            step_of(DROP, place.register, f"{place.collection}/{uuid}", former=content), "DELETE"
        )

    # objects

    def put_object(self, stored: StoredObject, data: Record) -> StoredObject:
        """Stage other data of an object that the caller has as `stored`; nothing when they are the same."""
        return stored if data == stored.data else self._stage(stored.uuid, stored.type, data, stored)

    def delete_object(self, stored: StoredObject) -> None:
        """Stage the end of an object."""
        self._former.setdefault(stored.uuid, stored)
        self._wanted[stored.uuid] = None
        self.session.objects.gone(stored.uuid)

    def _stage(
        self, uuid: str, object_type: str, data: Record, was: StoredObject | None = None
    ) -> StoredObject:
        """Stage the data that an object is to have; the caller has it as it `was`.

        What is staged for one object merges: made and changed is made with the last content, changed and
        deleted is deleted, changed back or made and deleted is nothing.
        """
        wanted = StoredObject(uuid, object_type, copied(data), today())
        self._former.setdefault(uuid, was)
        self._wanted[uuid] = wanted
        self.session.objects.kept(wanted)
        return wanted

    def _send_contents(self, ahead: Sequence[Step]) -> None:
        """Make and change the objects that are staged, side by side; `ahead` are the steps that come then.

        Where they are gathered, one after another: what is a piece of a contact is known once that is held.
        """
        wanted = [(self._former[uuid], each) for uuid, each in self._wanted.items() if each is not None]
        calls = (self._call(was, each) for was, each in wanted if was is None or was.data != each.data)
        if self.deployment.gathers is None:
            self._send([*calls], ahead)
        else:
            for call in calls:  # each is looked at, and sealed, once the one before it is held
                self._send([call])
        self._former.update((each.uuid, each) for _, each in wanted)

    def _call(self, was: StoredObject | None, now: StoredObject | None) -> Call:
        """What makes, changes or deletes an object; marked when the journal may not have its contents."""
        if now is None:
            assert was is not None
            step = step_of(DROP, OBJECTS, f"{OBJECTS}/{was.uuid}", former=was.data, type=was.type)
            call: Call = step, "DELETE", None
        elif was is None:
            step = an_object(now.type, now.uuid, now.data).step()
            call = step, "POST", {**record_of(self.deployment, now.type, now.data), "uuid": now.uuid}
        else:
            contents = {"sent": now.data, "former": copied(was.data)}
            step = step_of(PUT, OBJECTS, f"{OBJECTS}/{now.uuid}", **contents, type=now.type)
            call = step, "PUT", record_of(self.deployment, now.type, now.data)
        gathers = self.deployment.gathers
        if gathers is not None and any(each and gathers.seals(each.type, each.data) for each in (now, was)):
            step[SEALED] = True
        return call

    def _drops(self) -> list[Step]:
        """The deletes of objects that are staged; each is the same step as long as it deletes the same."""
        found = []
        for uuid, wanted in self._wanted.items():
            if wanted is None and (was := self._former[uuid]) is not None:
                known = self._dropping.get(uuid)
                if known is None or known["former"] != was.data:
                    known = self._dropping[uuid] = self._call(was, None)[0]
                found.append(known)
        return found

    def _send_drops(self, drops: Sequence[Step]) -> None:
        """Delete objects one after another; what is held of a contact goes where it is held."""
        gathers = self.deployment.gathers
        uuids = [step["path"].partition("/")[2] for step in drops]
        held = gathers.delete_held(uuids) if gathers is not None else frozenset()
        left = [step for uuid, step in zip(uuids, drops, strict=True) if uuid not in held]
        for number, step in enumerate(left, 1):
            self._send([(step, "DELETE", None)], left[number:], fine=404)

    def _send(self, calls: Sequence[Call], ahead: Sequence[Step] = (), *, fine: int = 0) -> None:
        """Send calls side by side. That our own objects are refused is no answer to a client's write."""
        answers = self._sending.together(calls, ahead) if calls else ()
        for (step, _, _), answer in zip(calls, answers, strict=True):
            if isinstance(answer, Invalid):
                raise self._told(step, answer) from None
            if isinstance(answer, Refused) and answer.status != fine:
                raise RegisterAnswer(OBJECTS) from answer
            if isinstance(answer, BaseException) and not isinstance(answer, Refused):
                raise answer

    def _told(self, step: Step, refused: Invalid) -> Invalid:
        """What is wrong with an object, or with what it refers to when this write makes that too."""
        self.invalid = step.get("made") or step["path"].partition("/")[2]
        made = {uuid for uuid, each in self._wanted.items() if each is not None and not self._former[uuid]}
        found = []
        for each in refused.problems:
            member = each.name.partition(".")[0]
            reference = step["sent"].get(member)
            if isinstance(reference, dict) and reference.get("uuid") in made and member != each.name:
                self.invalid, each = reference["uuid"], each.within(member)
            found.append(each)
        return Invalid(found)


def _changing(
    place: Place, uuid: str, found: dict[Path, Any], before: Record, blank: Mapping[Path, Any]
) -> Step:
    missing = {at: value for at, value in blank.items() if get(before, at) is MISSING}
    former = {at: value for at in found if (value := get(before, at)) is not MISSING}
    values = {"sent": found, "former": former, "blank": missing}
    contents = {name: with_values({}, each) for name, each in values.items()}
    return step_of(CHANGE, place.register, f"{place.collection}/{uuid}", **contents)
