"""The objects that one request knows: what it has read, with what it writes put in its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import repeat
from operator import itemgetter

from adapter.engine.deployment import Deployment
from adapter.engine.entities.annotations import KIND, SUPPLEMENT
from adapter.engine.entities.stored_object import OBJECTS, Record, StoredObject, is_found, once
from adapter.engine.gateway.questions import Attributes, Found
from adapter.engine.gateway.soundness import sound_data
from adapter.errors import RegisterAnswer
from adapter.mapping.references import uuid_at_end

_UUID, _RECORD, _DATA = itemgetter("uuid"), itemgetter("record"), itemgetter("data")

Hung = dict[str, list[StoredObject]]
"""By the uuid of the record that they hang on, of those with any: the objects of a type."""


class KnownObjects:
    """Objects by uuid, by the record that they hang on, by search, and all of a type."""

    def __init__(self, deployment: Deployment, made: Collection[str]) -> None:
        self.deployment, self._made = deployment, made
        self._objects: dict[str, StoredObject | None] = {}
        self._written: dict[str, StoredObject | None] = {}
        self._hanging: dict[str, dict[str, Hung]] = {
            key: defaultdict(partial(defaultdict, list)) for key in deployment.mappings.keys
        }
        self._known_on: dict[str, set[str]] = {key: set() for key in deployment.mappings.keys}
        self._found: dict[Found, list[StoredObject]] = {}
        self._all: dict[str, list[StoredObject]] = {}
        self._one_by_one: set[str] = set()
        self._counts: dict[tuple[str, ...], list[int]] = {}
        self._limits: Mapping[str, Attributes] = {}
        self.writes = 0

    # what was read

    def read(self, uuids: Iterable[str]) -> list[str]:
        """Those of these uuids of which the object was read."""
        return [uuid for uuid in uuids if self._objects.get(uuid) is not None]

    def _keep_hanging(self, key: str, uuids: Iterable[str], found: Iterable[StoredObject]) -> None:
        wanted, hanging, known = set(uuids), self._hanging[key], self._known_on[key]
        # of what is asked again, only what is found now counts
        for uuid in wanted & known:
            for of_type in hanging.values():
                of_type.pop(uuid, None)
        known |= wanted
        for each in found:
            url = each.data.get(key)
            if isinstance(url, str) and (on := uuid_at_end(url)) in wanted:
                hanging[each.type][on].append(each)

    def _keep_found(self, questions: Iterable[Found], found: Sequence[StoredObject]) -> None:
        known = list(filter(None, self._objects.values())) if self._made else []
        for each in questions:
            own = [stored for stored in known if is_found(stored, each)]
            mine = [stored for stored in [*found, *own] if stored.type == each.object_type]
            self._found[each] = once([*mine, *self._found.get(each, ())])

    def _kept(self, rows: Iterable[Record]) -> list[StoredObject]:
        """Those of our types among what the Objects API answers. Raises RegisterAnswer.

        Those of one type are in the order in which they came.
        """
        of_type: dict[str, list[Record]] = {}
        for row in rows:
            of_type.setdefault(row["type"], []).append(row)
        found: dict[str, StoredObject] = {}
        for url, own in of_type.items():
            # hosts differ, the uuid of a type does not
            kind = self.deployment.types_by_uuid.get(url.rstrip("/").rpartition("/")[2])
            if kind is not None:
                uuids, records = list(map(_UUID, own)), list(map(_RECORD, own))
                contents = list(map(_DATA, records))
                since = [each.get("startAt") or "" for each in records]
                made = map(StoredObject, uuids, repeat(kind.name), contents, since)
                found.update(zip(uuids, made, strict=True))
                self._check(kind.name, contents)
        self._objects.update({**found, **self._written})
        return list(found.values())

    def _check(self, name: str, contents: Sequence[Record]) -> None:
        """Raise RegisterAnswer when the data of some objects of a type are not sound."""
        of_kind: dict[str, list[Record]] = {}
        if name == SUPPLEMENT:
            for data in contents:
                of_kind.setdefault(str(data.get(KIND)), []).append(data)
        mappings = self.deployment.mappings
        for of, each in of_kind.items() or (("", contents),):
            known = of if of in mappings.resources else ""
            sound = self.deployment.planned(
                ("sound", name, known), partial(sound_data, mappings, name, known)
            )
            if not sound(each):
                raise RegisterAnswer(OBJECTS)

    def with_written(
        self, found: list[StoredObject], object_type: str | None, attributes: Attributes
    ) -> list[StoredObject]:
        """What a search gave, as it would be if the register knew what this request writes."""
        asked = [(path, operator, tuple(texts.split("|"))) for path, operator, texts in attributes]
        own = [
            each
            for each in self._written.values()
            if each is not None
            and object_type in (None, each.type)
            and all(is_found(each, (each.type, *one)) for one in asked)
        ]
        return [*own, *(each for each in found if each.uuid not in self._written)]

    # what this request writes

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

    def _file(self, uuid: str, stored: StoredObject | None) -> None:
        """Put an object into everything that was read, where it belongs now: first, as the last changed."""
        self.writes += 1
        on = self.hangs_on(stored) if stored is not None else {}
        for key, hanging in self._hanging.items():
            for of_type in hanging.values():
                for owner, rows in of_type.items():
                    of_type[owner] = _placed(rows, uuid, None)
            if stored is not None and on.get(key) in self._known_on[key]:
                hanging[stored.type][on[key]].insert(0, stored)
        for search, rows in self._found.items():
            here = stored is not None and stored.type == search[0] and is_found(stored, search)
            self._found[search] = _placed(rows, uuid, stored if here else None)
        for kind, rows in self._all.items():
            here = stored is not None and stored.type == kind
            self._all[kind] = _placed(rows, uuid, stored if here else None)

    def hangs_on(self, stored: StoredObject) -> dict[str, str]:
        """key → the uuid of the record that an object hangs on by it."""
        urls = {key: url for key in self._hanging if isinstance(url := stored.data.get(key), str)}
        return {key: on for key, url in urls.items() if (on := uuid_at_end(url))}


def _placed(rows: list[StoredObject], uuid: str, stored: StoredObject | None) -> list[StoredObject]:
    """The objects with the one of this uuid as `stored`, in first place; without it when that is None."""
    left = [each for each in rows if each.uuid != uuid]
    return left if stored is None else [stored, *left]
