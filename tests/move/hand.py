"""A book that is filled by hand."""

import itertools
from functools import cache

from adapter.move.book import Book, Found
from adapter.move.decisions import Decisions
from adapter.move.numbered import Numbered
from adapter.move.planning import Planning
from adapter.move.rows import Rows
from adapter.move.target import target
from adapter.shipped import shipped_mappings

BSN = {"codeObjecttype": "natuurlijk_persoon", "codeRegister": "brp", "codeSoortObjectId": "bsn"}


@cache
def _blank():
    """The values of an empty resource of each kind."""
    return {name: each.blank for name, each in shipped_mappings("openklant").resources.items()}


class World:
    """A book that is filled by hand: each resource with the values of an empty one, and some of its own."""

    def __init__(self, address=":memory:"):
        self.book = Book(address)
        self.book.begin()
        self._numbers = itertools.count(1)
        self._blank = _blank()

    def add(self, kind, **values):
        """A resource; its uuid."""
        number = next(self._numbers)
        uuid = f"00000000-0000-4000-8000-{number:012}"
        self.book.put([Found(kind, uuid, "", f"{number:06}", {**self._blank[kind], **values})])
        return uuid

    def put(self, kind, uuid, values):
        """A resource as this pass reads it."""
        self.book.put([Found(kind, uuid, "", uuid, values)])

    def contact(self, **values):
        return self.add("klantcontacten", plaatsgevondenOp="2024-03-01T10:15:00Z", **values)

    def planned(self, version="2.18", **decisions):
        """(the findings by rule, the rows by table)."""
        if not self.book.is_read:
            self.book.finish()
        there, numbered = target("openklant", version), Numbered(self.book)
        found = Planning(there, numbered, Decisions(**decisions)).look()
        rows = {table.model: list(Rows(there, numbered, Decisions()).of(table)) for table in there.tables}
        return {each.rule: each for each in found}, rows


def ref(uuid):
    """A reference to a resource."""
    return {"uuid": uuid}
