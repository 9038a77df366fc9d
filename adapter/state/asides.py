"""What stands aside of old records, in the state itself: data that is nowhere else, and has to be backed up.

All else in the state may be lost; see the deployment's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from adapter.state.database import Database

Content = dict[str, Any]
_LIKE, _AS_IT_IS = re.compile(r"([%_\\])"), r"\\\1"
_CONDITIONS = {
    "collection": "collection = ?",
    "owner": "id IN (SELECT id FROM aside_words WHERE path = '' AND word = ?)",
    "part": r"lower(content) LIKE ? ESCAPE '\'",
    "word": "id IN (SELECT id FROM aside_words WHERE path = ? AND word = ?)",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One aside: of which record of which collection, its content as JSON, and by what it is found.

    owners: the uuids of the records on which it hangs. words: texts of the content, by dotted path.
    """

    id: str
    collection: str
    record: str
    content: Content
    owners: Sequence[str] = ()
    words: Mapping[str, str] | None = None


class Asides:
    """The asides of all replicas. Methods raise StateUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, uuid: str) -> Content | None:
        """The content of one; None when there is none."""
        with self._database.transaction() as transaction:
            rows = transaction.run("SELECT content FROM asides WHERE id = ?", (uuid,))
        return orjson.loads(rows[0][0]) if rows else None

    def add(self, entry: Entry) -> bool:
        """Put one that is not there yet; whether that was so."""
        with self._database.transaction() as transaction:
            values = (entry.id, entry.collection, entry.record, _text(entry.content))
            if not transaction.changed(
                "INSERT INTO asides VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", values
            ):
                return False
            transaction.each("INSERT INTO aside_words VALUES (?, ?, ?)", _words(entry))
            return True

    def replace(self, entry: Entry) -> bool:
        """Put one in the place of what is there; whether there is one."""
        with self._database.transaction() as transaction:
            values = (entry.collection, entry.record, _text(entry.content), entry.id)
            statement = "UPDATE asides SET collection = ?, record = ?, content = ? WHERE id = ?"
            if not transaction.changed(statement, values):
                return False
            transaction.run("DELETE FROM aside_words WHERE id = ?", (entry.id,))
            transaction.each("INSERT INTO aside_words VALUES (?, ?, ?)", _words(entry))
            return True

    def remove(self, uuid: str) -> bool:
        """Delete one; whether it was there."""
        with self._database.transaction() as transaction:
            transaction.run("DELETE FROM aside_words WHERE id = ?", (uuid,))
            return bool(transaction.changed("DELETE FROM asides WHERE id = ?", (uuid,)))

    def found(
        self,
        most: int,
        *,
        collection: str = "",
        records: Sequence[str] = (),
        owner: str = "",
        word: tuple[str, str] | None = None,
        part: str = "",
    ) -> list[tuple[str, Content]]:
        """The id and content of those that meet all conditions given, no more than `most`, by id.

        part: ASCII that is somewhere in the JSON of the content, whatever its capitals.
        """
        given = {"collection": [collection] if collection else [], "owner": [owner] if owner else []}
        given["word"] = list(word or ())
        given["part"] = [f"%{_LIKE.sub(_AS_IT_IS, part.lower())}%"] if part else []
        parts = [_CONDITIONS[name] for name, values in given.items() if values]
        values: list[Any] = [each for texts in given.values() for each in texts]
        if records:
            parts.append(f"record IN ({', '.join('?' * len(records))})")
            values += records
        where = f"WHERE {' AND '.join(parts)}" if parts else ""
        with self._database.transaction() as transaction:
            statement = f"SELECT id, content FROM asides {where} ORDER BY id LIMIT ?"  # noqa: S608  (no value)
            rows = transaction.run(statement, (*values, most))
        return [(row[0], orjson.loads(row[1])) for row in rows]

    def count(self) -> int:
        """How many there are."""
        with self._database.transaction() as transaction:
            return int(transaction.run("SELECT count(*) FROM asides")[0][0])


def _words(entry: Entry) -> list[tuple[str, str, str]]:
    owned = [(entry.id, "", each) for each in dict.fromkeys(entry.owners)]
    return [*owned, *((entry.id, path, word) for path, word in (entry.words or {}).items())]


def _text(content: Content) -> str:
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()
