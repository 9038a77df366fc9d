"""One page of a list of objects, with the number of those that can be served.

An object of an old client may lack the reference without which nobody could read it. The Objects API counts
it and puts it on a page all the same.
"""

from __future__ import annotations

from adapter.engine.entities.annotations import CREATED
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import StoredObject, searchable
from adapter.engine.gateway.questions import Attributes
from adapter.engine.gateway.scan_bound import ScanTooLong
from adapter.engine.read.hydration import refers
from adapter.engine.read.repository import Repository
from adapter.mapping.codecs import moment
from adapter.mapping.model import Home, Pair, Resource
from adapter.mapping.paths import get

# What every uuid has, and what those have that registers issue: version 4.
OF_A_UUID, OF_VERSION_4 = "-", "-4"


class ServableObjects:
    """The objects of one home that have some attributes, but for those that nobody could read."""

    def __init__(
        self, repository: Repository, resource: Resource, home: Home, attributes: Attributes
    ) -> None:
        self.repository, self.resource, self.home = repository, resource, home
        self.objects = repository.session.objects
        self.created_at = home.created_at or (CREATED,)
        self.demanded = [pair for name in resource.needed if (pair := home.pair_of.get((name,))) is not None]
        self.attributes = [*attributes, *self._necessary()]

    def page(self, number: int, size: int) -> tuple[int, list[Entry]]:
        """(how many there are, the page with this number), newest first."""
        # the uuid for those of one instant, which come in no fixed order otherwise
        ordering = f"-record__data__{'__'.join(self.created_at)},uuid"
        count, found = self._page(self.attributes, ordering, number, size)
        if count > size and not self._all_named(count):
            served = self._served()
            if served is not None:
                count, found = len(served), served[(number - 1) * size : number * size]
        entries = self.repository.of_objects(self.resource, self.home, found)
        return (len(entries) if number == 1 and count <= size else count), entries

    def _page(
        self, attributes: Attributes, ordering: str, number: int, size: int
    ) -> tuple[int, list[StoredObject]]:
        page = self.objects.page(self.home.object_type, attributes, ordering, number, size)
        return self.repository.session.run(page)

    def _necessary(self) -> Attributes:
        """What the Objects API can be asked for, and all have that can be served."""
        if not self.home.pairs:
            # objects of our own types hold a reference as it is served
            return [(f"{name}__uuid", "icontains", OF_A_UUID) for name in self.resource.needed]
        return [(_path(pair), "icontains", OF_A_UUID) for pair in self.demanded]

    def _all_named(self, count: int) -> bool:
        """Whether all that were counted name a record of their register; counted too, not read."""
        return all(self._named(pair) == count for pair in self.demanded)

    def _named(self, pair: Pair) -> int:
        """The number of objects that name a record by one of the bases of its register."""
        if pair.to is None:
            return -1
        bases = {each.lower() for each in self.repository.session.records.urls(pair.to, "")}
        if not all(map(searchable, bases)):
            return -1
        found = 0
        for base in bases:
            named = [(_path(pair), "icontains", text) for text in (base, OF_VERSION_4)]
            found += self._page([*self.attributes, *named], "uuid", 1, 1)[0]
        return found

    def _served(self) -> list[StoredObject] | None:
        """All that can be served, newest first; None when there are too many to read."""
        kind = self.home.object_type
        try:
            found = self.repository.session.run(self.objects.limited(kind, self.attributes).all(kind))
        except ScanTooLong:
            return None
        kept = [each for each in found if all(refers(pair, each.data) for pair in self.demanded)]
        kept.sort(key=lambda each: each.uuid)
        kept.sort(key=lambda each: moment(get(each.data, self.created_at)), reverse=True)
        return kept


def _path(pair: Pair) -> str:
    return "__".join(pair.at)
