"""Asides in a table of the state, for who has no Objects API.

The journal sees them as objects of a register, so that a write takes them back as it does those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from adapter.collection import CannotAnswer
from adapter.engine.entities.stored_object import ASIDES
from adapter.mapping.paths import Path
from adapter.registers.messages import Answer
from adapter.reverse.shelf import COLLECTION, OBJECTS, OWNERS, RECORD, SEARCH, Found, ObjectShelf
from adapter.state.asides import Asides, Content, Entry

# No text of PostgreSQL has it.
NUL = "\0"


class AsideTable:
    """A register of which the objects are the asides in the state: those of one type, as data alone."""

    name = ASIDES

    def __init__(self, asides: Asides) -> None:
        self.asides = asides

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None
    ) -> Answer:
        """What an Objects API would answer about one object. Raises StateUnavailable."""
        uuid = json["uuid"] if method == "POST" else unquote(path.partition("/")[2])
        if method == "DELETE":
            return Answer(204, None) if self.asides.remove(uuid) else Answer(404, {})
        if method == "GET":
            content = self.asides.get(uuid)
            return Answer(200, shown(uuid, content)) if content is not None else Answer(404, {})
        content = json["record"]["data"]
        if method == "POST":
            made = self.asides.add(_entry(uuid, content))
            return Answer(201, shown(uuid, content)) if made else Answer(400, {})
        changed = self.asides.replace(_entry(uuid, content))
        return Answer(200, shown(uuid, content)) if changed else Answer(404, {})

    def url(self, collection: str, uuid: str) -> str:
        """The name of an object: it has no address."""
        return f"{collection}/{uuid}"

    def urls(self, collection: str, uuid: str) -> tuple[str, ...]:
        """The same."""
        return (self.url(collection, uuid),)

    def identify(self, _url: str) -> tuple[str, str] | None:
        """Nothing refers to an aside."""
        return None


def shown(uuid: str, content: Content) -> dict[str, Any]:
    """An aside as an object."""
    return {"url": f"{OBJECTS}/{uuid}", "uuid": uuid, "record": {"data": content}}


def _entry(uuid: str, content: Content) -> Entry:
    words = dict(_texts(content.get(SEARCH) or {}))
    return Entry(uuid, content[COLLECTION], content[RECORD], content, content.get(OWNERS, "").split(), words)


def _texts(node: Mapping[str, Any], at: Path = ()) -> Iterator[tuple[str, str]]:
    for name, value in node.items():
        if isinstance(value, Mapping):
            yield from _texts(value, (*at, name))
        else:
            text = str(value)
            if NUL not in text:
                yield ".".join((*at, name)), text


class TableShelf(ObjectShelf):
    """Asides in a table: what is asked of many is asked of its columns."""

    register = ASIDES

    def __init__(self, table: AsideTable, kind: Any, *, bound: int) -> None:
        super().__init__(table, kind, bound=bound)
        self._asides = table.asides

    def _can_ask(self, value: str) -> bool:
        return NUL not in value

    def _of(self, collection: str, records: Sequence[str]) -> list[Found]:
        return self._asked(collection=collection, records=records)

    def _with_text(self, collection: str, path: str, value: str) -> list[Found]:
        return self._asked(collection=collection, word=(path, value))

    def _containing(self, collection: str, text: str) -> list[Found]:
        # only of ASCII do all databases know which letters are capitals of others
        return self._asked(collection=collection, part=text) if text.isascii() else self._all_of(collection)

    def _all_of(self, collection: str) -> list[Found]:
        return self._asked(collection=collection)

    def _on(self, owner: str) -> list[Found]:
        return self._asked(owner=owner)

    def _asked(self, **conditions: Any) -> list[Found]:
        found = self._asides.found(self._bound + 1, **conditions)
        if len(found) > self._bound:
            raise CannotAnswer.past(self._bound)
        return [shown(*each) for each in found]
