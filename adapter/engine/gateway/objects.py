"""Reading the objects of the Objects API within one request, each object and each search at most once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import batched, chain, filterfalse
from operator import attrgetter
from typing import Any, Self

from adapter.engine.deployment import Deployment
from adapter.engine.entities.stored_object import StoredObject, is_found, once, searchable
from adapter.engine.gateway import answers
from adapter.engine.gateway.questions import AllObjects, Attributes, Found, Hanging, ObjectOf, ObjectPage
from adapter.engine.gateway.scheduler import Asked, Call, Read, ask, gather
from adapter.mapping.references import uuid_at_end

IN_ONE_SEARCH = 200
TEXTS_IN_ONE_SEARCH = 1000
# Up to so many objects are asked for by their uuids, which costs least when they are few.
ONE_BY_ONE = 10
# So many objects of a list take as long as one that is asked for by its uuid.
IN_ONE_CALL = 25
_UUID = attrgetter("uuid")

Hung = dict[str, list[StoredObject]]
"""By the uuid of the record that they hang on, of those with any: the objects of a type."""


class Objects:
    """The objects that one request has read; what it asks is a `Read`."""

    def __init__(self, deployment: Deployment, made: Collection[str] = ()) -> None:
        """`made` are the uuids of what this request has made itself: nothing else refers to those."""
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

    def limited(self, object_type: str, attributes: Attributes) -> Self:
        """The same, as if there were no other objects of a type than those with these attributes."""
        other = type(self)(self.deployment, self._made)
        other._objects, other._written = self._objects, self._written
        other._hanging, other._known_on = self._hanging, self._known_on
        other._counts = self._counts
        other._found = {each: rows for each, rows in self._found.items() if each.object_type != object_type}
        other._limits = {**self._limits, object_type: (*self._limits.get(object_type, ()), *attributes)}
        return other

    # by uuid

    def get(self, uuids: Iterable[str], types: Iterable[str] = ()) -> Read[dict[str, StoredObject]]:
        """The objects with these uuids; what does not exist, or is of another type, is left out.

        When no other `types` are wanted, many are looked for in the lists of these, if they are short.
        """
        wanted = list(dict.fromkeys(uuids))
        missing = [uuid for uuid in wanted if uuid not in self._objects]
        for uuid in self._made and missing:
            if uuid in self._made:
                self._objects[uuid] = None
        asked = [uuid for uuid in missing if uuid not in self._made]
        listed = len(asked) > ONE_BY_ONE and (yield from self._read_all(types, len(asked) * IN_ONE_CALL))
        if listed:
            # What only a gathered record knows is in no list.
            gathers = self.deployment.gathers is not None
            asked = [uuid for uuid in asked if gathers and uuid not in self._objects]
        if asked:
            yield from ask(self, map(ObjectOf, asked))
        return {uuid: found for uuid in wanted if (found := self._objects.get(uuid)) is not None}

    def _read_all(self, types: Iterable[str], most: int) -> Read[bool]:
        """Read all objects of some types, when there are no more than so many; whether that was so."""
        kinds = [kind for kind in types if self.deployment.has(kind)]
        if not kinds or self._limits:
            return False
        left = [kind for kind in kinds if kind not in self._all]
        counts = yield from self._counted((kind, ()) for kind in left)
        if sum(counts) > min(most, self.deployment.scan_bound):
            return False
        yield from gather(self.all(kind) for kind, count in zip(left, counts, strict=True) if count)
        return True

    def read(self, uuids: Iterable[str]) -> list[str]:
        """Those of these uuids of which the object was read."""
        return [uuid for uuid in uuids if self._objects.get(uuid) is not None]

    # by the record that they hang on

    def hanging(self, key: str, uuids: Iterable[str], object_type: str) -> Read[list[StoredObject]]:
        """The objects of a type that have the URL of one of these records at the path `key`."""
        wanted = dict.fromkeys(uuids if self.deployment.has(object_type) else ())
        hung = (yield from self.hanging_on(key, wanted)).get(object_type)
        return list(chain.from_iterable(filter(None, map(hung.get, wanted)))) if hung else []

    def hanging_on(self, key: str, uuids: Iterable[str]) -> Read[Mapping[str, Hung]]:
        """What hangs on each of these records, and on others: by type, and then by the record."""
        if missing := self.unknown(key, uuids if isinstance(uuids, dict) else dict.fromkeys(uuids)):
            yield from ask(self, [Hanging(key, tuple(missing))])
        return self._hanging[key]

    def unknown(self, key: str, uuids: Iterable[str]) -> list[str]:
        """Those of these records of which it is not known yet what hangs on them."""
        known = self._known_on[key]
        missing = list(filterfalse(known.__contains__, uuids))
        for uuid in self._made and missing:
            if uuid in self._made:
                self._keep_hanging(key, [uuid], filter(None, self._objects.values()))
        return [uuid for uuid in missing if uuid not in known] if self._made else missing

    # by value

    def found(
        self, object_type: str, path: str, values: Iterable[str], operator: str = "in"
    ) -> Read[list[StoredObject]]:
        """The objects of a type whose data have one of these texts at `path` (names joined by `__`).

        What the Objects API's query language cannot ask for is answered by reading all objects of the type:
        the caller tests what it gets.
        """
        wanted = tuple(sorted(set(values)))
        if not wanted or not self.deployment.has(object_type):
            return []
        if not all(map(searchable, wanted)):
            return (yield from self.all(object_type))
        question = Found(object_type, path, operator, wanted)
        if question not in self._found:
            if self._made and all(text in self._made for text in wanted):
                self._keep_found([question], [])
            else:
                yield from ask(self, [question])
        return self._found[question]

    def listing(self, object_type: str, path: str, values: Iterable[str]) -> Read[list[StoredObject]]:
        """The objects with one of these texts somewhere in a list, which a search sees as one text."""
        found = yield from gather(
            self.found(object_type, path, [value], "icontains") for value in dict.fromkeys(values)
        )
        return once(each for rows in found for each in rows)

    # all, and pages of all

    def all(self, object_type: str) -> Read[list[StoredObject]]:
        """All objects of a type; ScanTooLong when there are too many."""
        if object_type not in self._all:
            if not self.deployment.has(object_type):
                return []
            yield from ask(self, [AllObjects(object_type)])
        return self._all[object_type]

    def page(
        self, object_type: str, attributes: Attributes, ordering: str, number: int, size: int
    ) -> Read[tuple[int, list[StoredObject]]]:
        """(how many there are, the page with this number) of those of a type with some attributes."""
        if not self.deployment.has(object_type):
            return 0, []
        pages = yield from ask(self, [ObjectPage(object_type, tuple(attributes), ordering, number, size)])
        page: tuple[int, list[StoredObject]] = pages[0]
        return page

    def _counted(self, wanted: Iterable[tuple[str, Attributes]]) -> Read[list[int]]:
        """How many objects of a type have some attributes, for each of these."""
        pages = yield from gather(self.page(kind, each, "uuid", 1, 1) for kind, each in wanted)
        return [count for count, _ in pages]

    def says_only(self, object_type: str, path: str, texts: Iterable[str]) -> Read[bool]:
        """Whether every object of a type has one of these texts at `path`; counted, not read."""
        key = (object_type, path, *texts)
        if key not in self._counts:
            named = [(path, "in", "|".join(key[2:]))]
            self._counts[key] = yield from self._counted([(object_type, ()), (object_type, named)])
        everything, those = self._counts[key]
        return everything == those

    # calls

    def calls(self, asked: Sequence[Asked]) -> Iterator[Call]:
        """The register calls that answer these questions: for those of one kind as few as will do."""
        same: dict[Any, list[Asked]] = {}
        for each in asked:
            match each.question:
                case Hanging(key):
                    alike: Any = key
                case Found(kind, path, "in", texts) if kind not in self._limits:
                    alike = path, "in", texts
                case other:
                    alike = other
            same.setdefault(alike, []).append(each)
        for mine in same.values():
            match mine[0].question:
                case Hanging(key):
                    uuids = dict.fromkeys(uuid for each in mine for uuid in each.question.uuids)
                    for part in batched(uuids, IN_ONE_SEARCH):
                        how, urls = self.deployment.naming(self.deployment.mappings.keys[key], part)
                        search = partial(self._search, None, ((key, how, "|".join(urls)),))
                        yield Call(search, partial(self._keep_hanging, key, part), mine)
                case Found(kind, path, operator, texts):
                    # of several types one search, that asks for no type
                    questions = list(dict.fromkeys(each.question for each in mine))
                    of_type = kind if len(questions) == 1 else None
                    left = (text for text in texts if text not in self._made)
                    for part in batched(left, TEXTS_IN_ONE_SEARCH):
                        search = partial(self._search, of_type, ((path, operator, "|".join(part)),))
                        yield Call(search, partial(self._keep_found, questions), mine)
                case ObjectOf(uuid):
                    yield Call(partial(self._get, uuid), partial(self._objects.__setitem__, uuid), mine)
                case AllObjects(kind):
                    yield Call(partial(self._search, kind, ()), partial(self._all.__setitem__, kind), mine)
                case ObjectPage() as page:
                    # a page is of use to who asked for it alone
                    yield Call(partial(self._page, page), _not_filed, mine)

    def _search(self, object_type: str | None, attributes: Attributes) -> list[StoredObject]:
        attributes = (*attributes, *self._limits.get(object_type or "", ()))
        found = self._kept(answers.all_objects(self.deployment, object_type, attributes))
        return self.with_written(found, object_type, attributes) if self._written else found

    def _page(self, page: ObjectPage) -> tuple[int, list[StoredObject]]:
        count, found = answers.page_of_objects(self.deployment, page)
        return count, self._kept(found)

    def _get(self, uuid: str) -> StoredObject | None:
        self._one_by_one.add(uuid)
        return next(iter(self._kept(answers.object_of(self.deployment, uuid))), None)

    def _kept(self, found: list[StoredObject]) -> list[StoredObject]:
        """Remember objects by their uuids, but for those that this request writes; all that were found."""
        self._objects.update({**dict(zip(map(_UUID, found), found, strict=True)), **self._written})
        return found

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


def _not_filed(_answer: Any) -> None:
    """Nothing is kept of an answer."""
