"""One page of the objects that refer to whoever has a name, where many do: counted, only the page is read.

A register client names an actor by key and by name, in an embedded value of its task; we name it by uuid, in
a list. No search gives those that do either. But when one resource has the name, and counts show that all who
have the name there have its key as well, or none, those with its key are all but the few with none; of what
we named ourselves all has to be among those. What is not shown so has to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import StoredObject, is_found, searchable
from adapter.engine.gateway.answers import OBJECTS_PER_PAGE
from adapter.engine.gateway.questions import Attributes
from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.query import plans
from adapter.engine.query.candidates import Candidates
from adapter.engine.query.plans import Wanted
from adapter.engine.query.recheck import Recheck
from adapter.engine.query.servable import ServableObjects
from adapter.engine.read import hydration
from adapter.engine.read.business_keys import by_key, key_of
from adapter.engine.read.reads import Reads
from adapter.engine.read.referring import search_path
from adapter.mapping.model import Home, Resource
from adapter.mapping.paths import get
from adapter.mapping.translate import VALUES

# So many are read: that takes no more calls.
FEW = 500
# So many embedded values without a key are looked for in lists of ours.
KEYLESS = 5
# In the JSON of any list, an empty one too.
A_LIST = "["

Attribute = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Named:
    """The objects of a home that refer with a member to what has a name: by an embedded value, or in a list.

    `slots` has what each embedded value is found by; `wanted` is the name, and `asked` what else is wanted.
    """

    home: Home
    member: str
    wanted: Wanted
    asked: Sequence[Wanted]
    far: plans.Searched
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """An embedded value: what all have in which it stands, where its key is, what finds the name there."""

    there: Attributes
    key_at: str
    names: Sequence[Attribute]
    filled: str
    """The path of what must be filled, when that is not the key."""

    def by_key(self, key: str) -> Attributes:
        """What those have that name a resource with this key."""
        return (*self.there, (self.key_at, "in", key))

    def without_key(self, name: Attribute) -> Attributes:
        """What those have that have the name and no key."""
        return (*self.there, name, (self.key_at, "exact", ""))


def named_in(reads: Reads, resource: Resource, plan: plans.Matching) -> Named | None:
    """What a plan finds, if that is what refers to something with a name, in a home that is all of a list."""
    (_, way), *others = plan.ways
    asked = plan.within.wanted if plan.within is not None else ()
    home = resource.listed[0]
    if others or len(resource.listed) > 1 or any(each not in asked for each in plan.tests):
        return None
    if not (isinstance(way, plans.Referring) and isinstance(way.far, plans.Searched)) or plans.scans(way):
        return None
    searches = dict(way.far.homes)
    known = [each for each in home.known if each.served == (way.member,)]
    far = reads.resources[way.far.resource]
    if not known or any(each.resource != far.name for each in known):
        return None
    slots = [_slot(far.homes[each.home], searches.get(each.home, ())) for each in known]
    embedded = {each.home for each in known}
    rest = tuple(each for each in way.far.homes if each[0] not in embedded)
    found = tuple(each for each in slots if each is not None)
    if len(found) < len(slots) or any(far.homes[name].kind != "object" for name, _ in rest):
        return None
    wanted = way.far.wanted._replace(path=(way.member, *way.far.wanted.path))
    return Named(home, way.member, wanted, asked, plans.Searched(far.name, rest, way.far.wanted), found)


def _slot(slot: Home, searches: Sequence[plans.Search]) -> Slot | None:
    """What an embedded value is found by; None when that is more than a few texts at paths of the object."""
    conditions = [(path, value) for path, value in slot.there_if if isinstance(value, str)]
    names = [
        ("__".join(each.at), each.operator, each.texts[0])
        for each in searches
        if isinstance(each, plans.InOwners) and len(each.texts) == 1
    ]
    filled = "" if slot.filled == slot.known_at else "__".join(slot.filled)
    if slot.each or slot.fillers or len(conditions) < len(slot.there_if) or len(names) < len(searches):
        return None
    if filled and filled not in {path for path, *_ in names}:
        return None
    there = tuple(("__".join(path), "in", value) for path, value in conditions)
    texts = [text for *_, text in (*there, *names)]
    return Slot(there, "__".join(slot.known_at), names, filled) if all(map(searchable, texts)) else None


Counts = dict[Attributes, int]
"""How many objects have some attributes."""


@dataclass(frozen=True, slots=True)
class _WithKey:
    """Those that name a key: how many, the newest, what each of the `sets` has that they are in.

    `others` have the name and no key.
    """

    count: int
    newest: Sequence[StoredObject]
    sets: Sequence[Attributes]
    others: Sequence[StoredObject]


class Referrers:
    """The objects that a plan finds, as far as those with `within` are looked at."""

    def __init__(self, reads: Reads, resource: Resource, named: Named, within: Attributes) -> None:
        self.reads, self.resource, self.named, self.within = reads, resource, named, within
        home, member = named.home, named.member
        self.every = ServableObjects(reads, resource, home, within)
        # What is embedded in any object can be named in the list of one that is looked at.
        self.anywhere = ServableObjects(reads, resource, home, [])
        self.names = [(*each.there, name) for each in named.slots for name in each.names]
        self.kept: Attribute = (f"{home.rest}__{VALUES}__{member}", "icontains", A_LIST)

    def page(
        self, candidates: Candidates, recheck: Recheck, number: int, size: int
    ) -> Read[tuple[int, list[Entry]] | None]:
        """(how many there are, the page with this number), newest first; None when that has to be read."""
        far = self.named.far
        asked: list[Read[Any]] = [
            candidates.of(far),
            _counted(self.anywhere, self.names),
            self.every.count([self.kept]),
        ]
        found, having, kept = yield from gather(asked)
        if sum(having.values()) <= FEW:
            return None
        meant = yield from recheck.tested(self.reads.resources[far.resource], found, far.wanted)
        key = key_of(meant[0]) if len(meant) == 1 else None
        if not key or not searchable(key):
            return None
        path = search_path(self.named.home, self.named.member)
        own: Attribute | None = (path, "icontains", meant[0].uuid) if kept else None
        found = yield from self._with_key(meant[0], key, having, own, number * size)
        others = None if found is None else (yield from self._without_key(found, own, recheck))
        if found is None or others is None:
            return None
        created = {each.uuid: get(each.data, self.named.home.created_at) for each in (*found.newest, *others)}
        if not all(isinstance(each, str) for each in created.values()):
            return None
        stored = {each.uuid: each for each in (*found.newest, *others)}
        ordered = sorted(sorted(stored), key=created.__getitem__, reverse=True)
        shown = [stored[uuid] for uuid in ordered[(number - 1) * size : number * size]]
        entries = yield from hydration.of_objects(self.reads, self.resource, self.named.home, shown)
        return found.count + len(others), entries

    def _with_key(
        self, meant: Entry, key: str, having: Counts, own: Attribute | None, length: int
    ) -> Read[_WithKey | None]:
        """Those that refer to a resource by its key, the newest at least; None when counts leave more open.

        `having` is how many have its name; `own` finds those that name it in a list.
        """
        slots, home = self.named.slots, self.named.home
        sets = [each.by_key(key) for each in slots]
        pages = [ServableObjects(self.reads, self.resource, home, [*self.within, *each]) for each in sets]
        both = [(*one, name) for each, one in zip(slots, sets, strict=True) for name in each.names]
        keyless = [each for each in self.names if having[each]]
        asked: list[Read[Any]] = [
            gather(each.newest(length) for each in pages),
            gather(each.named() for each in pages),
            _counted(self.anywhere, (it for it, name in zip(both, self.names, strict=True) if having[name])),
            _counted(self.every, self._further(sets, own)),
            by_key(self.reads, meant.resource.name, [key]),
            gather(self._keyless(each) for each in keyless),
        ]
        newest, named, with_name, counts, keys, found = yield from gather(asked)
        counts |= {each: count for each, (count, _) in zip(sets, newest, strict=True)}
        lacking = {each: len(rows) for each, (_, rows) in zip(keyless, found, strict=True)}
        are_all = (
            keys == {key: meant.uuid}
            and all(each == counts[one] for one, found in zip(sets, named, strict=True) for each in found)
            and all(
                having[name] == with_name.get(it, 0) + lacking.get(name, 0)
                for it, name in zip(both, self.names, strict=True)
            )
            and self._are_meant(sets, counts, own)
        )
        if not are_all:
            return None
        rows = [each for _, rows in newest for each in rows]
        others = {each.uuid: each for count, rows in found for each in rows}
        return _WithKey(_union(sets, counts), rows, sets, list(others.values()))

    def _without_key(
        self, found: _WithKey, own: Attribute | None, recheck: Recheck
    ) -> Read[list[StoredObject] | None]:
        """Of those that have the name but no key, which are meant; None when a list of ours may name one."""
        home, member = self.named.home, self.named.member
        entries = self.reads.keep(
            (yield from hydration.of_objects(self.reads, self.resource, home, found.others))
        )
        entries = yield from recheck.tested(self.resource, entries, self.named.wanted)
        embedded = [uuid for each in entries for uuid in each.references(member)]
        if own is not None and embedded:
            if len(embedded) > KEYLESS:
                return None
            asked = [((own[0], own[1], uuid),) for uuid in embedded]
            if any((yield from _counted(self.every, asked)).values()):
                return None
        for each in self.named.asked:
            entries = yield from recheck.tested(self.resource, entries, each)
        stored = [each.stored for each in entries if each.stored is not None]
        return [each for each in stored if not any(_has(each, one) for one in found.sets)]

    def _keyless(self, name: Attributes) -> Read[tuple[int, list[StoredObject]]]:
        """(how many have the name and no key, these, as far as a page goes)."""
        slot = next(each for each in self.named.slots for one in each.names if (*each.there, one) == name)
        objects = ServableObjects(self.reads, self.resource, self.named.home, slot.without_key(name[-1]))
        return objects.newest(OBJECTS_PER_PAGE)

    def _further(self, sets: Sequence[Attributes], own: Attribute | None) -> Iterator[Attributes]:
        """What is counted of those with the key."""
        yield from self._filled(sets).values()
        yield from (each for each in _parts(sets) if each not in sets)
        if own is not None:
            yield (own,)
            yield from ((*each, also) for each in _parts(sets) for also in (self.kept, own))

    def _filled(self, sets: Sequence[Attributes]) -> dict[Attributes, Attributes]:
        """Of those with the key: that where it counts only beside the name, which then stands there too."""
        both = zip(self.named.slots, sets, strict=True)
        return {one: (*one, name) for slot, one in both for name in slot.names if name[0] == slot.filled}

    def _are_meant(self, sets: Sequence[Attributes], counts: Counts, own: Attribute | None) -> bool:
        """Whether those with the key refer to what has it, and no others do.

        Those that have a list of ours must do so in both ways: else a register client may have put another
        in its place, or we may have named it where no register client sees it.
        """
        if any(counts[both] != counts[one] for one, both in self._filled(sets).items()):
            return False
        listed = (
            [] if own is None else [counts[own,], _union(sets, counts, own), _union(sets, counts, self.kept)]
        )
        return len(set(listed)) <= 1


def _has(stored: StoredObject, attributes: Attributes) -> bool:
    """Whether an object has these attributes, each one text."""
    return all(
        is_found(stored, (stored.type, path, operator, (text,))) for path, operator, text in attributes
    )


def _counted(objects: ServableObjects, asked: Iterable[Attributes]) -> Read[Counts]:
    """How many there are of each of these."""
    wanted = list(dict.fromkeys(asked))
    counts = yield from gather(map(objects.count, wanted))
    return dict(zip(wanted, counts, strict=True))


def _parts(sets: Sequence[Attributes]) -> list[Attributes]:
    """What has to be counted to know how many are in one of these sets at least."""
    several = (each for number in range(1, len(sets) + 1) for each in combinations(sets, number))
    return [tuple(dict.fromkeys(chain.from_iterable(each))) for each in several]


def _union(sets: Sequence[Attributes], counts: Counts, *also: Attribute) -> int:
    """How many are in one of these sets at least, of those that have `also`."""
    several = (each for number in range(1, len(sets) + 1) for each in combinations(sets, number))
    signs = [1 if len(each) % 2 else -1 for each in several]
    return sum(sign * counts[*part, *also] for sign, part in zip(signs, _parts(sets), strict=True))
