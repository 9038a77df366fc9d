"""Writing to the registers: each write is in the journal, with what takes it back, before it is sent.

Deletes are kept for the end. Those of objects can be taken back; from the first delete of a record on, a
write is only finished.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapter.engine.deployment import Deployment
from adapter.engine.entities.identity import uuid_in
from adapter.engine.entities.stored_object import OBJECTS, Record, StoredObject
from adapter.engine.gateway.session import Session
from adapter.engine.transaction.creations import Creation
from adapter.engine.transaction.journaled_calls import SERVER_ERROR, JournaledCalls
from adapter.engine.transaction.pending_deletes import Going, WithoutPendingDeletes
from adapter.engine.transaction.steps import (
    CHANGE,
    DELETE,
    DROP,
    PUT,
    Refused,
    delete,
    holds,
    read,
    record_of,
    step_of,
)
from adapter.errors import AdapterError, RegisterUnavailable
from adapter.mapping.model import Place
from adapter.mapping.paths import MISSING, Path, copied, get, with_values
from adapter.state.journal import Made, Step
from adapter.state.keys import Claim

__all__ = ["Refused", "UnitOfWork"]


class UnitOfWork:
    """The register writes of one request, in order: `finish` ends them, `undo` takes them back.

    `seen` is the deployment as the request sees it: without what it is going to delete; `sources` what it has
    read there, and written since.
    """

    def __init__(self, deployment: Deployment, operation: str = "", claim: Claim | None = None) -> None:
        self.deployment = deployment
        self._sending = JournaledCalls(deployment, operation, claim)
        self._going: dict[str, Going] = {name: set() for name in deployment.registers}
        hiding = {
            name: WithoutPendingDeletes(register, self._going[name])
            for name, register in deployment.registers.items()
        }
        self.seen = replace(deployment, registers=hiding)
        self.session = Session(self.seen)
        self._clear()

    def _clear(self) -> None:
        self._records: list[Step] = []
        self._objects: dict[str, StoredObject] = {}
        for going in self._going.values():
            going.clear()

    def begin(self, stripes: list[int]) -> None:
        """These locks are held from here on: forget what was read before, others may have written since."""
        self._sending.stripes = stripes
        self.session = Session(self.seen)

    @property
    def stripes(self) -> list[int]:
        """The numbers of the locks that are held; more may be added."""
        return self._sending.stripes

    # the end

    def finish(self, made: Made | None = None) -> None:
        """Do the deletes, and close the journal. When that fails `undo` has to follow.

        `made` is what to answer when the idempotency key of this request comes again.
        """
        if self._records:
            self._delete_for_good(made or {})
        else:
            for stored in list(self._objects.values()):
                self._drop_object(stored)
        self._sending.close(made or {})
        self._clear()

    def undo(self) -> None:
        """Take back everything; what cannot be taken back now is left to the sweep of the journal."""
        self._clear()
        self._sending.undo()

    def _delete_for_good(self, made: Made) -> None:
        """Records cannot come back: from here on the journal says that this write is to be finished."""
        deletes = [*self._records, *(_deleting(OBJECTS, f"{OBJECTS}/{uuid}") for uuid in self._objects)]
        back = self._sending.turn(deletes, made)
        for each in deletes:
            try:
                delete(self.deployment, each["register"], each["path"])
            except AdapterError as error:
                if each is deletes[0] and self._was_refused(error, each):
                    back()
                raise

    def _was_refused(self, error: AdapterError, step: Step) -> bool:
        """Whether the register has answered that it does not delete, and has not."""
        answers = isinstance(error, Refused) or getattr(error, "status", 0) == SERVER_ERROR
        try:
            return answers and read(self.deployment, step["register"], step["path"]) is not None
        except AdapterError:
            return False

    # what is made

    def make(self, making: Creation) -> Any:
        """POST something: the record as its register answers it, or the object. Raises Refused."""
        if making.uuid in self._objects:
            return self.put_object(self._stays(making.uuid), making.content)
        (outcome,) = self.make_together([making])
        if isinstance(outcome, Refused):
            raise outcome
        return outcome

    def make_together(self, makings: Sequence[Creation]) -> list[Any]:
        """POST several things side by side: what each has become, or Refused."""
        steps = [each.step() for each in makings]
        answers = self._sending.post(
            [(step, self._content(each)) for step, each in zip(steps, makings, strict=True)]
        )
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, Refused):
                raise answer
        return [self._made(making, answer) for making, answer in zip(makings, answers, strict=True)]

    def _content(self, making: Creation) -> Record:
        if not making.object_type:
            return making.content
        return {**record_of(self.deployment, making.object_type, making.content), "uuid": making.uuid}

    def _made(self, making: Creation, answer: Any) -> Any:
        """Put what was made among what was read."""
        if making.companion or isinstance(answer, Refused):
            return answer
        if making.object_type:
            return self._kept(making.uuid, making.object_type, self._content(making))
        self.session.made(uuid_in(answer["url"]))
        self.session.records.made(making.place, answer)
        return answer

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
        missing = {at: value for at, value in (blank or {}).items() if get(before, at) is MISSING}
        former = {at: value for at in found if (value := get(before, at)) is not MISSING}
        sent = with_values({}, found)
        path = f"{place.collection}/{uuid}"
        step = step_of(
            CHANGE,
            place.register,
            path,
            sent=sent,
            former=with_values({}, former),
            blank=with_values({}, missing),
        )
        try:
            record: Record = self._sending.done(step, "PATCH", sent)
        except RegisterUnavailable:
            now = read(self.deployment, place.register, path)
            if now is None or not holds(sent, now):
                raise
            # It was done, though the answer was lost.
            step["sure"], record = True, now
        self.session.records.changed(place, uuid, record)
        return record

    def delete_record(self, place: Place, uuid: str) -> None:
        """DELETE a record at the end of the write; one that is gone by then is fine."""
        self._records.append(_deleting(place.register, f"{place.collection}/{uuid}"))
        self.goes_along(place, uuid)

    def goes_along(self, place: Place, uuid: str) -> None:
        """A record that its register deletes together with another."""
        self._going[place.register].add((place.collection, uuid))
        self.session.records.gone(place, uuid)

    # companions of records, in another register

    def delete_companion(self, place: Place, uuid: str, content: Record) -> None:
        """DELETE a companion; it can be made again."""
        self._sending.done(
            step_of(DROP, place.register, f"{place.collection}/{uuid}", former=content), "DELETE"
        )

    # objects

    def put_object(self, stored: StoredObject, data: Record) -> StoredObject:
        """PUT the data of an object; nothing is sent when they are what they were."""
        if data == stored.data:
            return stored
        former = copied(stored.data)
        step = step_of(PUT, OBJECTS, f"{OBJECTS}/{stored.uuid}", sent=data, former=former, type=stored.type)
        content = record_of(self.deployment, stored.type, data)
        self._sending.done(step, "PUT", content)
        return self._kept(stored.uuid, stored.type, content)

    def _kept(self, uuid: str, object_type: str, content: Record) -> StoredObject:
        record = content["record"]
        stored = StoredObject(uuid, object_type, copied(record["data"]), record["startAt"])
        self.session.objects.kept(stored)
        return stored

    def delete_object(self, stored: StoredObject) -> None:
        """DELETE an object at the end of the write."""
        self._objects[stored.uuid] = stored
        self._going[OBJECTS].add((OBJECTS, stored.uuid))
        self.session.objects.gone(stored.uuid)

    def _stays(self, uuid: str) -> StoredObject:
        """An object that was to be deleted, and is not."""
        self._going[OBJECTS].discard((OBJECTS, uuid))
        return self._objects.pop(uuid)

    def _drop_object(self, stored: StoredObject) -> None:
        path = f"{OBJECTS}/{stored.uuid}"
        try:
            self._sending.done(step_of(DROP, OBJECTS, path, former=stored.data, type=stored.type), "DELETE")
        except Refused as refused:
            if refused.status != 404:
                raise


def _deleting(register: str, path: str) -> Step:
    return {"do": DELETE, "register": register, "path": path}
