"""One page of a list of objects, with the number of those that can be served.

An object of a register client may lack the reference without which nobody could read it. The Objects API
counts it and puts it on a page all the same.
"""

from __future__ import annotations

from typing import Any

from adapter.engine.entities.annotations import CREATED
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import StoredObject, searchable
from adapter.engine.gateway.answers import OBJECTS_PER_PAGE
from adapter.engine.gateway.questions import Attributes
from adapter.engine.gateway.scan_bound import ScanTooLong
from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.read import hydration
from adapter.engine.read.hydration import refers
from adapter.engine.read.reads import Reads
from adapter.mapping.codecs import moment
from adapter.mapping.model import Home, Pair, Resource
from adapter.mapping.paths import get

# What every uuid has, and what those have that registers issue: version 4.
OF_A_UUID, OF_VERSION_4 = "-", "-4"


class ServableObjects:
    """The objects of one home that have some attributes, but for those that nobody could read."""

    def __init__(self, reads: Reads, resource: Resource, home: Home, attributes: Attributes) -> None:
        self.reads, self.resource, self.home = reads, resource, home
        self.objects = reads.session.objects
        self.created_at = home.created_at or (CREATED,)
        self.demanded = [pair for name in resource.needed if (pair := home.pair_of.get((name,))) is not None]
        self.attributes = [*attributes, *self._necessary()]

    def page(self, number: int, size: int) -> Read[tuple[int, list[Entry]]]:
        """(how many there are, the page with this number), newest first."""
        # only of a list of one page the second need not be known
        asked: list[Read[Any]] = [self._page(number, size), *([self.named()] if number > 1 else [])]
        (count, found), *named = yield from gather(asked)
        if count > size and any(each != count for each in (named[0] if named else (yield from self.named()))):
            served = yield from self._served()
            if served is not None:
                count, found = len(served), served[(number - 1) * size : number * size]
        entries = yield from hydration.of_objects(self.reads, self.resource, self.home, found)
        return (len(entries) if number == 1 and count <= size else count), entries

    def newest(self, length: int) -> Read[tuple[int, list[StoredObject]]]:
        """(how many there are, the newest, at least so many of them), as the Objects API has them."""
        pages = yield from gather(
            self._page(number, min(length, OBJECTS_PER_PAGE))
            for number in range(1, -(-length // OBJECTS_PER_PAGE) + 1)
        )
        return pages[0][0], [each for _, found in pages for each in found]

    def _page(self, number: int, size: int) -> Read[tuple[int, list[StoredObject]]]:
        # the uuid for those of one instant, which come in no fixed order otherwise
        ordering = f"-record__data__{'__'.join(self.created_at)},uuid"
        return self.objects.page(self.home.object_type, self.attributes, ordering, number, size)

    def count(self, also: Attributes = ()) -> Read[int]:
        """How many have these attributes as well."""
        attributes = [*self.attributes, *also]
        count, _ = yield from self.objects.page(self.home.object_type, attributes, "uuid", 1, 1)
        return count

    def _necessary(self) -> Attributes:
        """What the Objects API can be asked for, and all have that can be served."""
        if not self.home.pairs:
            # objects of our own types hold a reference as it is served
            return [(f"{name}__uuid", "icontains", OF_A_UUID) for name in self.resource.needed]
        return [(_path(pair), "icontains", OF_A_UUID) for pair in self.demanded]

    def named(self) -> Read[list[int]]:
        """How many name a record of their register, for each reference that they need; counted, not read."""
        return gather(self._named(pair) for pair in self.demanded)

    def _named(self, pair: Pair) -> Read[int]:
        """The number of objects that name a record by one of the bases of its register."""
        if pair.to is None:
            return -1
        bases = {each.lower() for each in self.reads.session.records.urls(pair.to, "")}
        if not all(map(searchable, bases)):
            return -1
        asked = [[(_path(pair), "icontains", text) for text in (base, OF_VERSION_4)] for base in bases]
        return sum((yield from gather(map(self.count, asked))))

    def _served(self) -> Read[list[StoredObject] | None]:
        """All that can be served, newest first; None when there are too many to read."""
        kind = self.home.object_type
        try:
            found = yield from self.objects.limited(kind, self.attributes).all(kind)
        except ScanTooLong:
            return None
        kept = [each for each in found if all(refers(pair, each.data) for pair in self.demanded)]
        kept.sort(key=lambda each: each.uuid)
        kept.sort(key=lambda each: moment(get(each.data, self.created_at)), reverse=True)
        return kept


def _path(pair: Pair) -> str:
    return "__".join(pair.at)
