"""Writing to the registers: each write is remembered with what takes it back."""

from __future__ import annotations

import copy
import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from adapter.errors import AdapterError, RegisterAnswer
from adapter.mapping.model import Place
from adapter.mapping.paths import MISSING, Path, get
from adapter.mapping.translate import nested
from adapter.translation.objects import OBJECTS, StoredObject
from adapter.translation.records import Record, body, uuid_in
from adapter.translation.world import World

log = logging.getLogger(__name__)


class Refused(AdapterError):
    """A register refuses a write: its name, the status, and the names and codes of what it does not take."""

    def __init__(self, register: str, status: int, names: dict[str, str]) -> None:
        self.register, self.status, self.names = register, status, names
        super().__init__(f"{register} answered {status}")


class Ledger:
    """The writes of one request, in order. After a failure `undo` takes them back, the last first.

    A deleted register record cannot come back: deletes of records come last, and are only finished forward.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._undo: list[Callable[[], Any]] = []

    def undo(self) -> None:
        """Take back everything that can be taken back; what fails is logged by name and counted."""
        while self._undo:
            step = self._undo.pop()
            try:
                step()
            except AdapterError as error:
                log.error("a write could not be undone: %s", type(error).__name__)  # noqa: TRY400 (no values in logs)
                self.world.count("undo_failed")

    # records

    def create_record(self, place: Place, content: Record) -> Record:
        """POST a record; the record as the register answers it. Raises Refused."""
        record: Record = self._call(place.register, "POST", place.collection, content)
        uuid = uuid_in(record["url"])
        self._undo.append(lambda: self._call(place.register, "DELETE", f"{place.collection}/{uuid}"))
        return record

    def patch_record(self, place: Place, uuid: str, found: dict[Path, Any], before: Record) -> Record:
        """PATCH paths of a record; the record as the register answers it. Raises Refused."""
        path = f"{place.collection}/{uuid}"
        former = {at: "" if get(before, at) is MISSING else get(before, at) for at in found}
        record: Record = self._call(place.register, "PATCH", path, nested(found))
        self._undo.append(lambda: self._call(place.register, "PATCH", path, nested(former)))
        return record

    def delete_record(self, place: Place, uuid: str) -> None:
        """DELETE a record; one that is gone already is fine. From here on the write is only finished."""
        self._undo.clear()
        try:
            self._call(place.register, "DELETE", f"{place.collection}/{uuid}")
        except Refused as error:
            if error.status != 404:
                raise

    # companions of records, in another register

    def create_companion(self, place: Place, content: Record) -> None:
        """POST the record that another register wants to see first. Raises Refused."""
        made = self._call(place.register, "POST", place.collection, content)
        own = self.world.registers[place.register].identify(made.get("url", "")) if made else None
        if own is not None:
            self._undo.append(lambda: self._call(place.register, "DELETE", f"{place.collection}/{own[1]}"))

    def delete_companion(self, place: Place, uuid: str, content: Record) -> None:
        """DELETE a companion; it can be made again."""
        self._call(place.register, "DELETE", f"{place.collection}/{uuid}")
        self._undo.append(lambda: self._call(place.register, "POST", place.collection, content))

    # objects

    def create_object(self, object_type: str, uuid: str, data: Record) -> StoredObject:
        """POST an object with a uuid of ours."""
        content = {**self._record_of(object_type, data), "uuid": uuid}
        self._call(OBJECTS, "POST", OBJECTS, content)
        self._undo.append(lambda: self._call(OBJECTS, "DELETE", f"{OBJECTS}/{uuid}"))
        return StoredObject(uuid, object_type, data)

    def put_object(self, stored: StoredObject, data: Record) -> StoredObject:
        """PUT the data of an object; nothing is sent when they are what they were."""
        if data == stored.data:
            return stored
        path, former = f"{OBJECTS}/{stored.uuid}", copy.deepcopy(stored.data)
        self._call(OBJECTS, "PUT", path, self._record_of(stored.type, data))
        self._undo.append(lambda: self._call(OBJECTS, "PUT", path, self._record_of(stored.type, former)))
        return StoredObject(stored.uuid, stored.type, data)

    def delete_object(self, stored: StoredObject) -> None:
        """DELETE an object; it can be made again with its uuid."""
        try:
            self._call(OBJECTS, "DELETE", f"{OBJECTS}/{stored.uuid}")
        except Refused as error:
            if error.status != 404:
                raise
            return
        self._undo.append(
            lambda: self._call(
                OBJECTS, "POST", OBJECTS, {**self._record_of(stored.type, stored.data), "uuid": stored.uuid}
            )
        )

    def _record_of(self, object_type: str, data: Record) -> Record:
        kind = self.world.types[object_type]
        today = dt.datetime.now(dt.UTC).date().isoformat()
        return {"type": kind.url, "record": {"typeVersion": kind.version, "startAt": today, "data": data}}

    def _call(self, register: str, method: str, path: str, content: Any = None) -> Any:
        answer = self.world.registers[register].call(method, path, json=content)
        if 400 <= answer.status < 500:
            if answer.status in (401, 403):
                raise RegisterAnswer(register)
            raise Refused(register, answer.status, _names(answer.body))
        return None if answer.status == 204 else body(answer, register)


def _names(answer: Any) -> dict[str, str]:
    found = (
        answer.get("invalidParams") or answer.get("invalid_params") or [] if isinstance(answer, dict) else []
    )
    return {each.get("name", ""): each.get("code", "") for each in found if isinstance(each, dict)}
