"""What one request writes, put in its place among the records and objects that it has read."""

from __future__ import annotations

from adapter.engine.entities.identity import uuid_in
from adapter.engine.entities.stored_object import Record, StoredObject, is_found
from adapter.engine.gateway.objects import Objects
from adapter.engine.gateway.records import Records, are_rows
from adapter.engine.gateway.scheduler import Read, gather
from adapter.mapping.model import Place
from adapter.mapping.references import uuid_at_end


class WrittenRecords(Records):
    """The records of one request, as they are with what it writes."""

    def made(self, place: Place, record: Record) -> None:
        """A record that was made; it is among `made` by now."""
        whole = {**record, **{name: [] for name in self.deployment.mappings.collections[place].inline}}
        self._file(place, uuid_in(record["url"]), whole)

    def changed(self, place: Place, uuid: str, record: Record) -> None:
        """A record as its register answers that it is now; what comes inline stays."""
        old = self._records[place].get(uuid) or {}
        inline = self.deployment.mappings.collections[place].inline
        self._file(place, uuid, {**record, **{name: old[name] for name in inline if name in old}})

    def gone(self, place: Place, uuid: str) -> None:
        """A record that is deleted, or will be at the end."""
        self._gone.add((place, uuid))
        self._file(place, uuid, None)

    def _file(self, place: Place, uuid: str, row: Record | None) -> None:
        """Put a record into everything that was read, where it belongs now."""
        self.writes += 1
        self._records[place][uuid] = row
        if self._every.pop(place, None):
            self._referring = {key: each for key, each in self._referring.items() if key[0] != place}
        for key in [each for each in self._searches if each[0] == place]:
            belongs = row is not None and self._meets(row, *key)
            self._searches[key] = _record_placed(self._searches[key], uuid, row if belongs else None)
        beside = [(each, rows) for each, rows in self._records.items() if each.register == place.register]
        for parents, known in beside:
            _, of = self.deployment.mappings.collections[parents].inline.get(place.collection, ("", ""))
            for owner, parent in list(known.items()) if of else ():
                rows = parent.get(place.collection) if parent is not None else None
                if parent is not None and are_rows(rows):
                    belongs = row is not None and uuid_in(row.get(of) or "") == owner
                    now = _record_placed(rows, uuid, row if belongs else None)
                    if now is not rows:
                        self._file(parents, owner, {**parent, place.collection: now})


class WrittenObjects(Objects):
    """The objects of one request, as they are with what it writes."""

    def kept(self, stored: StoredObject) -> None:
        """An object that is made or changed, or will be."""
        self._written[stored.uuid] = self._objects[stored.uuid] = stored
        self._file(stored.uuid, stored)

    def gone(self, uuid: str) -> None:
        """An object that is deleted, or will be."""
        self._written[uuid] = self._objects[uuid] = None
        self._file(uuid, None)

    def written(self, object_type: str) -> list[str]:
        """The uuids of the objects of a type that this request makes or changes."""
        return [uuid for uuid, each in self._written.items() if each is not None and each.type == object_type]

    def again(self, before: WrittenObjects) -> Read[None]:
        """Read anew what `before` read one by one, with what hangs on the same records.

        What is written hangs on records of which the others are wanted as well.
        """
        read = [each for uuid in before._one_by_one if (each := before._objects.get(uuid)) is not None]
        hung = [before.hangs_on(each) for each in read]
        on = {key: [each[key] for each in hung if key in each] for key in self._hanging}
        yield from gather(self.hanging_on(key, uuids) for key, uuids in on.items())

    def _file(self, uuid: str, stored: StoredObject | None) -> None:
        """Put an object into everything that was read, where it belongs now: first, as the last changed."""
        self.writes += 1
        on = self.hangs_on(stored) if stored is not None else {}
        for key, hanging in self._hanging.items():
            for of_type in hanging.values():
                for owner, rows in of_type.items():
                    of_type[owner] = _object_placed(rows, uuid, None)
            if stored is not None and on.get(key) in self._known_on[key]:
                hanging[stored.type][on[key]].insert(0, stored)
        for search, rows in self._found.items():
            here = stored is not None and stored.type == search[0] and is_found(stored, search)
            self._found[search] = _object_placed(rows, uuid, stored if here else None)
        for kind, rows in self._all.items():
            here = stored is not None and stored.type == kind
            self._all[kind] = _object_placed(rows, uuid, stored if here else None)

    def hangs_on(self, stored: StoredObject) -> dict[str, str]:
        """key → the uuid of the record that an object hangs on by it."""
        urls = {key: url for key in self._hanging if isinstance(url := stored.data.get(key), str)}
        return {key: on for key, url in urls.items() if (on := uuid_at_end(url))}


def _record_placed(rows: list[Record], uuid: str, row: Record | None) -> list[Record]:
    """The rows with a record as it is now, in its place or first; without it when there is none."""
    now = [] if row is None else [row]
    at = next((number for number, each in enumerate(rows) if uuid_in(each["url"]) == uuid), None)
    if at is None:
        return [*now, *rows] if now else rows
    return [*rows[:at], *now, *rows[at + 1 :]]


def _object_placed(rows: list[StoredObject], uuid: str, stored: StoredObject | None) -> list[StoredObject]:
    """The objects with the one of this uuid as `stored`, in first place; without it when that is None."""
    left = [each for each in rows if each.uuid != uuid]
    return left if stored is None else [stored, *left]
