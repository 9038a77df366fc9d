"""Writing to the registers: each write is in the journal, with what takes it back, before it is sent.

Deletes are kept for the end. Those of objects can be taken back; from the first delete of a record on, a
write is only finished.
"""

from __future__ import annotations

import copy
import time
from dataclasses import replace
from typing import Any

from adapter.errors import AdapterError, RegisterUnavailable
from adapter.logs import logger
from adapter.mapping.model import Place
from adapter.mapping.paths import MISSING, Path, get
from adapter.mapping.translate import nested
from adapter.registers.messages import RegisterFault
from adapter.state.errors import NoLongerOurs, StateUnavailable
from adapter.state.fences import CONTENTS
from adapter.state.journal import OPEN, TURNED, Made, OpenWrite, Step
from adapter.state.keys import Claim
from adapter.translation.hiding import Going, Hiding
from adapter.translation.objects import OBJECTS, StoredObject
from adapter.translation.records import Record, uuid_in
from adapter.translation.steps import (
    CHANGE,
    DELETE,
    DROP,
    MAKE,
    PUT,
    REMEMBER,
    Refused,
    content_key,
    delete,
    holds,
    read,
    record_of,
    send,
)
from adapter.translation.undoing import take_all_back
from adapter.translation.world import World

__all__ = ["Ledger", "Refused"]

SERVER_ERROR = 500

log = logger("klantbrug.journal")


class Ledger:
    """The register writes of one request, in order: `finish` ends them, `undo` takes them back.

    `seen` is the deployment as the request sees it: without what it is going to delete. `stripes` are the
    locks that are held meanwhile.
    """

    def __init__(self, world: World, operation: str = "", claim: Claim | None = None) -> None:
        self.world, self.operation, self.claim = world, operation, claim
        self.stripes: list[int] = []
        self._going: dict[str, Going] = {name: set() for name in world.registers}
        hiding = {name: Hiding(register, self._going[name]) for name, register in world.registers.items()}
        self.seen = replace(world, registers=hiding)
        self._clear()

    def _clear(self) -> None:
        self._write: OpenWrite | None = None
        self._records: list[Step] = []
        self._objects: dict[str, StoredObject] = {}
        for going in self._going.values():
            going.clear()

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
        if self._write is not None:
            claim = self.claim
            remember = (claim.request, made or {}, claim.until) if claim else None
            self.world.state.journal.close(self._write, done=True, remember=remember)
        self._clear()

    def undo(self) -> None:
        """Take back everything; what cannot be taken back now is left to the sweep of the journal."""
        write, journal = self._write, self.world.state.journal
        self._clear()
        if write is None:
            return
        try:
            if write.state == TURNED:
                journal.leave(write)
                return
            write.steps = take_all_back(self.world, write)
            if write.steps:
                journal.leave(write)
            else:
                journal.close(write, done=False)
        except NoLongerOurs:
            log.warning("write_taken_over")
        except StateUnavailable:
            log.warning("journal_unavailable")
        finally:
            journal.idle(write)

    def _delete_for_good(self, made: Made) -> None:
        """Records cannot come back: from here on the journal says that this write is to be finished."""
        deletes = [*self._records, *(_deleting(OBJECTS, f"{OBJECTS}/{uuid}") for uuid in self._objects)]
        if self._write is None:
            self._begin([])
        write = self._write
        assert write is not None
        steps, write.state = write.steps, TURNED
        write.steps = [*steps, *deletes]
        if self.claim:
            remember = {"do": REMEMBER, "request": self.claim.request, "made": dict(made)}
            write.steps.append({**remember, "until": self.claim.until})
        self.world.state.journal.save(write)
        for each in deletes:
            try:
                delete(self.world, each["register"], each["path"])
            except AdapterError as error:
                if each is deletes[0] and self._was_refused(error, each):
                    write.state, write.steps = OPEN, steps
                    self.world.state.journal.save(write)
                raise

    def _was_refused(self, error: AdapterError, step: Step) -> bool:
        """Whether the register has answered that it does not delete, and has not."""
        answered = isinstance(error, Refused) or getattr(error, "status", 0) == SERVER_ERROR
        try:
            return answered and read(self.world, step["register"], step["path"]) is not None
        except AdapterError:
            return False

    # records

    def create_record(self, place: Place, content: Record) -> Record:
        """POST a record; the record as the register answers it. Raises Refused."""
        step = _step(MAKE, place.register, place.collection, sent=content, made="", unnamed=True)
        with self.world.state.locks.hold(CONTENTS, [content_key(step)]):
            record: Record = self._do(step, "POST", content)
            step["made"] = uuid_in(record["url"])
            self._save()
        return record

    def patch_record(self, place: Place, uuid: str, found: dict[Path, Any], before: Record) -> Record:
        """PATCH paths of a record; the record as the register answers it. Raises Refused."""
        # What was not there cannot be written back: a register that leaves out blanks takes none either.
        former = {at: value for at in found if (value := get(before, at)) is not MISSING}
        sent = nested(found)
        path = f"{place.collection}/{uuid}"
        step = _step(CHANGE, place.register, path, sent=sent, former=nested(former))
        try:
            record: Record = self._do(step, "PATCH", sent)
        except RegisterUnavailable:
            now = read(self.world, place.register, path)
            if now is None or not holds(sent, now):
                raise
            # It was done, though the answer was lost.
            step["sure"], record = True, now
        return record

    def delete_record(self, place: Place, uuid: str) -> None:
        """DELETE a record at the end of the write; one that is gone by then is fine."""
        self._records.append(_deleting(place.register, f"{place.collection}/{uuid}"))
        self.goes_along(place, uuid)

    def goes_along(self, place: Place, uuid: str) -> None:
        """A record that its register deletes together with another."""
        self._going[place.register].add((place.collection, uuid))

    # companions of records, in another register

    def create_companion(self, place: Place, content: Record) -> None:
        """POST the record that another register wants to see first. Raises Refused."""
        step = _step(MAKE, place.register, place.collection, sent=content, made="", unnamed=True)
        step["companion"] = True
        with self.world.state.locks.hold(CONTENTS, [content_key(step)]):
            made = self._do(step, "POST", content)
            own = self.world.registers[place.register].identify(made.get("url", "")) if made else None
            step["made"] = own[1] if own else ""
            self._save()

    def delete_companion(self, place: Place, uuid: str, content: Record) -> None:
        """DELETE a companion; it can be made again."""
        self._do(_step(DROP, place.register, f"{place.collection}/{uuid}", former=content), "DELETE")

    # objects

    def create_object(self, object_type: str, uuid: str, data: Record) -> StoredObject:
        """POST an object with a uuid of ours."""
        if uuid in self._objects:
            return self.put_object(self._stays(uuid), data)
        step = _step(MAKE, OBJECTS, OBJECTS, sent=data, made=uuid)
        self._do(step, "POST", {**record_of(self.world, object_type, data), "uuid": uuid})
        return StoredObject(uuid, object_type, data)

    def put_object(self, stored: StoredObject, data: Record) -> StoredObject:
        """PUT the data of an object; nothing is sent when they are what they were."""
        if data == stored.data:
            return stored
        former = copy.deepcopy(stored.data)
        step = _step(PUT, OBJECTS, f"{OBJECTS}/{stored.uuid}", sent=data, former=former, type=stored.type)
        self._do(step, "PUT", record_of(self.world, stored.type, data))
        return StoredObject(stored.uuid, stored.type, data)

    def delete_object(self, stored: StoredObject) -> None:
        """DELETE an object at the end of the write."""
        self._objects[stored.uuid] = stored
        self._going[OBJECTS].add((OBJECTS, stored.uuid))

    def _stays(self, uuid: str) -> StoredObject:
        self._going[OBJECTS].discard((OBJECTS, uuid))
        return self._objects.pop(uuid)

    def _drop_object(self, stored: StoredObject) -> None:
        path = f"{OBJECTS}/{stored.uuid}"
        try:
            self._do(_step(DROP, OBJECTS, path, former=stored.data, type=stored.type), "DELETE")
        except Refused as refused:
            if refused.status != 404:
                raise

    # the journal

    def _do(self, step: Step, method: str, content: Any = None) -> Any:
        """Send a step that is in the journal by then. One that is refused is none."""
        steps = self._begin([step])
        try:
            answer = send(self.world, step["register"], method, step["path"], content)
        except Refused:
            steps.remove(step)
            raise
        except RegisterFault as fault:
            step["sure"] = fault.status == SERVER_ERROR
            raise
        step["sure"] = True
        return answer

    def _begin(self, steps: list[Step]) -> list[Step]:
        if self._write is None:
            key = self.claim.id if self.claim else ""
            journal = self.world.state.journal
            self._write = journal.begin(self.operation, self.stripes, list(steps), key)
        else:
            self._write.steps += steps
            self._save()
        return self._write.steps

    def _save(self) -> None:
        if self._write is not None:
            self.world.state.journal.save(self._write)


def _step(do: str, register: str, path: str, **more: Any) -> Step:
    return {"do": do, "register": register, "path": path, "sure": False, "at": time.time(), **more}


def _deleting(register: str, path: str) -> Step:
    return {"do": DELETE, "register": register, "path": path}
