"""Resources of a book that are written as another one, and what that one becomes by it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import orjson

from adapter.move.book import CHUNK, Book, chunks, marks


class Merged:
    """The table of what was merged: younger uuid → that of the oldest, of each kind.

    It is made anew by every look at the book. Values are as they were read: what follows from a merger is
    put together each time that they are asked for.
    """

    def __init__(self, book: Book) -> None:
        self._database = book.database
        self._any: bool | None = None

    def there_are_any(self) -> bool:
        """Whether something was merged."""
        if self._any is None:
            with self._database.transaction() as transaction:
                self._any = bool(transaction.run("SELECT 1 FROM move_merged LIMIT 1"))
        return self._any

    def note(self, kind: str, pairs: Mapping[str, str]) -> None:
        """Note younger → oldest; what was merged into such a younger one goes along."""
        if not pairs:
            return
        with self._database.transaction() as transaction:
            transaction.each(
                "UPDATE move_merged SET into_uuid = ? WHERE kind = ? AND into_uuid = ?",
                ((oldest, kind, younger) for younger, oldest in pairs.items()),
            )
            transaction.each(
                "INSERT INTO move_merged VALUES (?, ?, ?)",
                ((kind, younger, oldest) for younger, oldest in pairs.items()),
            )
        self._any = True

    def into(self, uuids: Iterable[str]) -> dict[str, str]:
        """younger → oldest, of those of these that were merged."""
        return self._pairs("uuid", uuids) if self.there_are_any() else {}

    def oldest(self, uuids: Iterable[str]) -> set[str]:
        """Those of these into which others were merged."""
        return set(self._pairs("into_uuid", uuids).values()) if self.there_are_any() else set()

    def each(self, kind: str) -> Iterator[list[tuple[str, str]]]:
        """(younger, oldest) of a kind, by the first, in lists of at most CHUNK."""
        last = ""
        while True:
            with self._database.transaction() as transaction:
                rows = transaction.run(
                    "SELECT uuid, into_uuid FROM move_merged WHERE kind = ? AND uuid > ?"
                    " ORDER BY uuid LIMIT ?",
                    (kind, last, CHUNK),
                )
            if not rows:
                return
            yield [(younger, oldest) for younger, oldest in rows]
            last = rows[-1][0]

    def values(self, kind: str, read: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """uuid → values of these resources of a kind as they are written.

        They name the oldest of what was merged, and those into which others were merged say what only the
        others said: nothing is in two parts from two.
        """
        found = dict(read)
        if not self.there_are_any():
            return found
        for oldest, others in self.younger(kind, found).items():
            for _, values in others:
                found[oldest] = _filled(found[oldest], values)
        pointed: dict[str, dict[str, Any]] = self.pointed(found)
        return pointed

    def younger(self, kind: str, oldest: Collection[str]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        """oldest → (uuid, values) of what was merged into it, the oldest of these first; values as read."""
        found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        for part in chunks(sorted(oldest)):
            with self._database.transaction() as transaction:
                rows = transaction.run(
                    "SELECT m.into_uuid, m.uuid, r.body FROM move_merged m"
                    " JOIN move_plan p ON p.kind = m.kind AND p.uuid = m.uuid"
                    " JOIN move_resource r ON r.kind = m.kind AND r.uuid = m.uuid"
                    f" WHERE m.kind = ? AND m.into_uuid IN ({marks(part)}) ORDER BY p.pk",
                    (kind, *part),
                )
            for into, uuid, body in rows:
                found.setdefault(into, []).append((uuid, orjson.loads(body)))
        return found

    def pointed(self, values: Any) -> Any:
        """Values with references to the oldest in the place of those to what was merged into it."""
        into = self.into(set(_named(values)))
        return _pointed(values, into) if into else values

    def _pairs(self, of: str, uuids: Iterable[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in chunks(sorted(uuids)):
            with self._database.transaction() as transaction:
                found.update(
                    transaction.run(
                        f"SELECT uuid, into_uuid FROM move_merged WHERE {of} IN ({marks(part)})",
                        tuple(part),
                    )
                )
        return found


def is_empty(value: Any) -> bool:
    """Whether a value says nothing; false is something."""
    if isinstance(value, dict):
        return all(map(is_empty, value.values()))
    return value in (None, "", [])


def _filled(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Values with those of another for what says nothing, a member as a whole."""
    return {name: theirs.get(name, it) if is_empty(it) else it for name, it in ours.items()}


def _named(value: Any) -> Iterator[str]:
    """The uuids of all references in values."""
    if isinstance(value, dict):
        if value.keys() == {"uuid"} and value["uuid"]:
            yield value["uuid"]
        for each in value.values():
            yield from _named(each)
    elif isinstance(value, list):
        for each in value:
            yield from _named(each)


def _pointed(value: Any, into: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"uuid"}:
            return {"uuid": into.get(value["uuid"], value["uuid"])}
        return {name: _pointed(each, into) for name, each in value.items()}
    return [_pointed(each, into) for each in value] if isinstance(value, list) else value
