"""Reading the objects of the Objects API within one request, each object and each search at most once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from adapter.engine.deployment import Deployment, chunks
from adapter.engine.entities.stored_object import (
    OBJECTS,
    ObjectSearch,
    Record,
    StoredObject,
    is_found,
    once,
    placed,
    searchable,
)
from adapter.engine.gateway import answers
from adapter.engine.gateway.object_lists import Attributes, ObjectLists
from adapter.engine.gateway.records import Job, run
from adapter.engine.gateway.soundness import stored_in
from adapter.engine.spellings import naming
from adapter.mapping.references import uuid_at_end

IN_ONE_SEARCH = 200
TEXTS_IN_ONE_SEARCH = 1000
# Up to so many objects are asked for by their uuids, which costs least when they are few.
ONE_BY_ONE = 10
# So many objects of a list take as long as one that is asked for by its uuid.
IN_ONE_CALL = 25

ByType = dict[str, list[StoredObject]]


class Objects:
    """The objects that one request has read."""

    def __init__(self, deployment: Deployment, made: Collection[str] = ()) -> None:
        """`made` are the uuids of what this request has made itself: nothing else refers to those."""
        self.deployment, self._made = deployment, made
        self._lists = ObjectLists(deployment)
        self._objects: dict[str, StoredObject | None] = {}
        self._written: dict[str, StoredObject | None] = {}
        self._one_by_one: set[str] = set()
        self._hanging: dict[str, dict[str, ByType]] = {key: {} for key in deployment.mappings.keys}
        self._found: dict[ObjectSearch, list[StoredObject]] = {}
        self._all: dict[str, list[StoredObject]] = {}
        self._counts: dict[str, list[int]] = {}
        self._limits: Mapping[str, Attributes] = {}

    def limited(self, object_type: str, attributes: Attributes) -> Objects:
        """The same, as if there were no other objects of a type than those with these attributes."""
        other = Objects(self.deployment, self._made)
        other._objects, other._hanging, other._counts = self._objects, self._hanging, self._counts
        other._written = self._written
        other._limits = {**self._limits, object_type: [*self._limits.get(object_type, ()), *attributes]}
        return other

    # by uuid

    def jobs(self, uuids: Iterable[str]) -> list[Job]:
        """The calls that `get` would still have to make."""
        for uuid in self._made and uuids:
            if uuid in self._made:
                self._objects.setdefault(uuid, None)
        missing = [uuid for uuid in dict.fromkeys(uuids) if uuid not in self._objects]
        keep = self._objects.__setitem__
        return [Job((uuid,), partial(self._get, uuid), partial(keep, uuid)) for uuid in missing]

    def get(self, uuids: Iterable[str], types: Iterable[str] = ()) -> dict[str, StoredObject]:
        """The objects with these uuids; what does not exist, or is of another type, is left out.

        When no other `types` are wanted, many are looked for in the lists of these, if they are short.
        """
        wanted = list(dict.fromkeys(uuids))
        jobs = self.jobs(wanted)
        if len(jobs) <= ONE_BY_ONE or not self._read_all(types, len(jobs) * IN_ONE_CALL):
            run(self.deployment, jobs)
        return {uuid: found for uuid in wanted if (found := self._objects.get(uuid)) is not None}

    def _read_all(self, types: Iterable[str], most: int) -> bool:
        """Read all objects of some types, when there are no more than so many; whether that was so."""
        kinds = [kind for kind in types if self.deployment.has(kind)]
        if not kinds or self._limits:
            return False
        left = [kind for kind in kinds if kind not in self._all]
        counted = self.deployment.together([partial(self.page, kind, [], "uuid", 1, 1) for kind in left])
        counts = [count for count, _ in counted]
        if sum(counts) > min(most, self.deployment.scan_bound):
            return False
        filled = [kind for kind, count in zip(left, counts, strict=True) if count]
        run(self.deployment, [job for kind in filled for job in self.all_jobs(kind)])
        return True

    def read(self, uuids: Iterable[str]) -> list[str]:
        """Those of these uuids of which the object was read."""
        return [uuid for uuid in uuids if self._objects.get(uuid) is not None]

    # by the record that they hang on

    def hanging_jobs(self, key: str, uuids: Iterable[str]) -> list[Job]:
        """The calls that `hanging` would still have to make."""
        hanging = self._hanging[key]
        for uuid in self._made and uuids:
            if uuid in self._made and uuid not in hanging:
                self._keep_hanging(key, [uuid], self._known())
        missing = [uuid for uuid in dict.fromkeys(uuids) if uuid not in hanging]
        if not missing:
            return []
        place = self.deployment.mappings.keys[key]
        register, jobs = self.deployment.registers[place.register], []
        for part in chunks(missing, IN_ONE_SEARCH):
            operator, texts = naming(register, place, part)
            call = partial(self._search, None, [(key, operator, "|".join(texts))])
            jobs.append(Job((key, *part), call, partial(self._keep_hanging, key, part)))
        return jobs

    def hanging(self, key: str, uuids: Iterable[str], object_type: str) -> list[StoredObject]:
        """The objects of a type that have the URL of one of these records at the path `key`."""
        wanted = dict.fromkeys(uuids if self.deployment.has(object_type) else ())
        hanging = self._hanging[key]
        if not wanted.keys() <= hanging.keys():
            run(self.deployment, self.hanging_jobs(key, wanted))
        return [
            each for uuid in wanted if (by_type := hanging[uuid]) for each in by_type.get(object_type, ())
        ]

    def again_jobs(self, before: Objects) -> list[Job]:
        """Searches that read anew what `before` read one by one, with what hangs on the same records.

        What is written hangs on records of which the others are wanted as well.
        """
        jobs: list[Job] = []
        hung = [before.hangs_on(each) for each in before.get(before.read(before._one_by_one)).values()]
        for key in self._hanging:
            jobs += self.hanging_jobs(key, [each[key] for each in hung if key in each])
        return jobs

    def hangs_on(self, stored: StoredObject) -> dict[str, str]:
        """key → the uuid of the record that an object hangs on by it."""
        return {key: on for key in self._hanging if (on := self._hangs_on(stored, key))}

    def at_hand(self, key: str, uuids: Iterable[str]) -> list[str]:
        """Those of these records of which it is known what hangs on them."""
        return [uuid for uuid in uuids if uuid in self._hanging[key]]

    def _keep_hanging(self, key: str, uuids: list[str], found: list[StoredObject]) -> None:
        hung: dict[str, ByType] = {uuid: {} for uuid in uuids}
        self._hanging[key].update(hung)
        # many hang on one record
        identified: dict[str, str] = {}
        for each in found:
            url = each.data.get(key)
            if not isinstance(url, str):
                continue
            if url not in identified:
                identified[url] = self._hangs_on(each, key)
            if (by_type := hung.get(identified[url])) is not None:
                by_type.setdefault(each.type, []).append(each)

    # by value

    def found_jobs(
        self, object_type: str, path: str, values: Iterable[str], operator: str = "in"
    ) -> list[Job]:
        """The calls that `found` would still have to make."""
        return self.found_in_jobs([object_type], path, values, operator)

    def found_in_jobs(
        self, object_types: Sequence[str], path: str, values: Iterable[str], operator: str = "in"
    ) -> list[Job]:
        """The calls that `found` would still have to make for some types: one search for all of them."""
        wanted = tuple(sorted(set(values)))
        keys = [(kind, path, operator, wanted) for kind in object_types if self.deployment.has(kind)]
        missing = [key for key in keys if key not in self._found]
        if not wanted or not missing:
            return []
        if not all(searchable(value) for value in wanted):
            return [job for key in missing for job in self.all_jobs(key[0])]
        asked = [value for value in wanted if value not in self._made]
        if not asked:
            self._keep_found(missing, [])
        kind = missing[0][0] if len(missing) == 1 else None
        return [
            Job(
                (*missing, *part),
                partial(self._search, kind, [(path, operator, "|".join(part))]),
                partial(self._keep_found, missing),
            )
            for part in chunks(asked, TEXTS_IN_ONE_SEARCH)
        ]

    def _keep_found(self, keys: Sequence[ObjectSearch], found: list[StoredObject]) -> None:
        known = self._known() if self._made else []
        for key in keys:
            own = [each for each in known if is_found(each, key)]
            mine = [each for each in [*found, *own] if each.type == key[0]]
            self._found[key] = once([*mine, *self._found.get(key, [])])

    def found(
        self, object_type: str, path: str, values: Iterable[str], operator: str = "in"
    ) -> list[StoredObject]:
        """The objects of a type whose data have one of these texts at `path` (names joined by `__`).

        What the Objects API's query language cannot ask for is answered by reading all objects of the type:
        the caller tests what it gets.
        """
        wanted = tuple(sorted(set(values)))
        run(self.deployment, self.found_jobs(object_type, path, wanted, operator))
        if all(searchable(value) for value in wanted):
            return self._found.get((object_type, path, operator, wanted), [])
        return self._all.get(object_type, [])

    def listing(self, object_type: str, path: str, values: Iterable[str]) -> list[StoredObject]:
        """The objects with one of these texts somewhere in a list, which a search sees as one text."""
        wanted = list(dict.fromkeys(values))
        run(
            self.deployment,
            [job for value in wanted for job in self.found_jobs(object_type, path, [value], "icontains")],
        )
        found = [each for value in wanted for each in self.found(object_type, path, [value], "icontains")]
        return once(found)

    def all_jobs(self, object_type: str) -> list[Job]:
        """The calls that `all` would still have to make."""
        if object_type in self._all or not self.deployment.has(object_type):
            return []
        keep = partial(self._all.__setitem__, object_type)
        return [Job((object_type, "all"), partial(self._search, object_type, []), keep)]

    def all(self, object_type: str) -> list[StoredObject]:
        """All objects of a type; ScanTooLong when there are too many."""
        run(self.deployment, self.all_jobs(object_type))
        return self._all.get(object_type, [])

    def page(
        self, object_type: str, attributes: Attributes, ordering: str, number: int, size: int
    ) -> tuple[int, list[StoredObject]]:
        """(how many there are, the page with this number) of those of a type with some attributes."""
        if not self.deployment.has(object_type):
            return 0, []
        count, rows = self._lists.page(object_type, attributes, ordering, number, size)
        return count, self._kept(rows)

    def says_only(self, object_type: str, path: str, texts: Iterable[str]) -> bool:
        """Whether every object of a type has one of these texts at `path`; counted, not read."""
        asked: list[Attributes] = [[], [(path, "in", "|".join(texts))]]
        key = f"{object_type} {asked[1]}"
        if key not in self._counts:
            counts = [partial(self.page, object_type, each, "uuid", 1, 1) for each in asked]
            self._counts[key] = [count for count, _ in self.deployment.together(counts)]
        everything, named = self._counts[key]
        return everything == named

    # what this request writes

    def kept(self, stored: StoredObject) -> None:
        """An object that is made or changed, or will be."""
        self._written[stored.uuid] = self._objects[stored.uuid] = stored
        self._file(stored.uuid, stored)

    def gone(self, uuid: str) -> None:
        """An object that is deleted, or will be."""
        self._written[uuid] = self._objects[uuid] = None
        self._file(uuid, None)

    def _known(self) -> list[StoredObject]:
        return [each for each in self._objects.values() if each is not None]

    def _file(self, uuid: str, stored: StoredObject | None) -> None:
        """Put an object into everything that was read, where it belongs now: first, as the last changed."""
        for key, hanging in self._hanging.items():
            for by_type in hanging.values():
                for kind, rows in by_type.items():
                    by_type[kind] = placed(rows, uuid, None)
            on = self._hangs_on(stored, key) if stored is not None else ""
            if stored is not None and on in hanging:
                hanging[on][stored.type] = [stored, *hanging[on].get(stored.type, ())]
        for search, rows in self._found.items():
            here = stored is not None and stored.type == search[0] and is_found(stored, search)
            self._found[search] = placed(rows, uuid, stored if here else None)
        for kind, rows in self._all.items():
            here = stored is not None and stored.type == kind
            self._all[kind] = placed(rows, uuid, stored if here else None)

    def _hangs_on(self, stored: StoredObject, key: str) -> str:
        """The uuid of the record that an object hangs on by a key, or empty."""
        url = stored.data.get(key)
        return uuid_at_end(url) or "" if isinstance(url, str) else ""

    # calls

    def _search(self, object_type: str | None, attributes: Attributes) -> list[StoredObject]:
        attributes = [*attributes, *self._limits.get(object_type or "", ())]
        found = self._kept(self._lists.all(object_type, attributes))
        if not self._written:
            return found
        # the register does not know yet what this request writes
        asked = [(path, operator, tuple(texts.split("|"))) for path, operator, texts in attributes]
        own = [
            each
            for each in self._written.values()
            if each is not None
            and object_type in (None, each.type)
            and all(is_found(each, (each.type, *one)) for one in asked)
        ]
        return [*own, *(each for each in found if each.uuid not in self._written)]

    def _get(self, uuid: str) -> StoredObject | None:
        answer = self.deployment.registers[OBJECTS].call("GET", f"{OBJECTS}/{uuid}")
        if answer.status == 403:  # of a type that is not ours, when we may read all that are
            self.deployment.rights.need_all()
        self._one_by_one.add(uuid)
        rows = [] if answer.status in (403, 404) else [answers.record(answer, OBJECTS)]
        return next(iter(self._kept(rows)), None)

    def _kept(self, rows: Iterable[Record]) -> list[StoredObject]:
        found = stored_in(rows, self.deployment)
        self._objects.update({**found, **self._written})
        return list(found.values())
