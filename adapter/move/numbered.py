"""The resources of a book that are written: their numbers, and what becomes of those that break a rule."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from adapter.move.book import CHUNK, Book, chunks, marks
from adapter.move.merged import Merged


@dataclass(frozen=True, slots=True)
class Kept:
    """A resource of the book that exists: `pk` numbers those of a kind, the oldest 1."""

    uuid: str
    pk: int
    values: dict[str, Any]


class Numbered:
    """A view of a book: what of it goes into the target, and how."""

    def __init__(self, book: Book) -> None:
        self.book, self.merged = book, Merged(book)

    def number(self) -> None:
        """Number the resources of each kind that exist, the oldest 1, and forget all that was planned."""
        with self.book.database.transaction() as transaction:
            for table in ("move_plan", "move_key", "move_change", "move_merged"):
                transaction.run(f"DELETE FROM {table}")
            transaction.run(
                "INSERT INTO move_plan (kind, uuid, pk) SELECT kind, uuid,"
                " row_number() OVER (PARTITION BY kind ORDER BY place, uuid) FROM move_resource"
                " WHERE gone = 0"
            )
            transaction.run("ANALYZE move_plan")
        self.merged = Merged(self.book)

    def each(self, kind: str) -> Iterator[list[Kept]]:
        """The resources of a kind that are written, by number, in lists of at most CHUNK."""
        last = 0
        while True:
            with self.book.database.transaction() as transaction:
                rows = transaction.run(
                    "SELECT p.uuid, p.pk, r.body FROM (SELECT kind, uuid, pk FROM move_plan WHERE kind = ?"
                    " AND pk > ? AND why IS NULL ORDER BY pk LIMIT ?) p CROSS JOIN move_resource r"
                    " WHERE r.kind = p.kind AND r.uuid = p.uuid ORDER BY p.pk",
                    (kind, last, CHUNK),
                )
            if not rows:
                return
            yield self._kept(kind, rows)
            last = rows[-1][1]

    def of(self, kind: str, uuids: Collection[str]) -> dict[str, Kept]:
        """uuid → resource, of those of these that are written."""
        found: dict[str, Kept] = {}
        for part in chunks(sorted(uuids)):
            with self.book.database.transaction() as transaction:
                rows = transaction.run(
                    "SELECT p.uuid, p.pk, r.body FROM move_plan p JOIN move_resource r ON r.kind = p.kind"
                    " AND r.uuid = p.uuid WHERE p.kind = ? AND p.why IS NULL"
                    f" AND p.uuid IN ({marks(part)})",
                    (kind, *part),
                )
            found |= {each.uuid: each for each in self._kept(kind, rows)}
        return found

    def _kept(self, kind: str, rows: Sequence[Sequence[Any]]) -> list[Kept]:
        values = self.merged.values(kind, {uuid: orjson.loads(body) for uuid, _, body in rows})
        return [Kept(uuid, pk, values[uuid]) for uuid, pk, _ in rows]

    def pks(self, kind: str, uuids: Collection[str]) -> dict[str, int]:
        """uuid → number, of those of these resources that are written."""
        found: dict[str, int] = {}
        for part in chunks(sorted(uuids)):
            with self.book.database.transaction() as transaction:
                found.update(
                    transaction.run(
                        "SELECT uuid, pk FROM move_plan WHERE kind = ? AND why IS NULL"
                        f" AND uuid IN ({marks(part)})",
                        (kind, *part),
                    )
                )
        return found

    def claim(self, rows: Iterable[tuple[str, str, int, str]]) -> None:
        """Note (rule, fingerprint of values, number, uuid) of what may have them alone."""
        with self.book.database.transaction() as transaction:
            transaction.each("INSERT INTO move_key VALUES (?, ?, ?, ?)", rows)

    def disclaim(self, rule: str) -> None:
        """Forget what was claimed by a rule."""
        with self.book.database.transaction() as transaction:
            transaction.run("DELETE FROM move_key WHERE rule = ?", (rule,))

    def shared(self, rule: str, kind: str, *, newest: bool) -> list[tuple[str, str]]:
        """(the one that keeps them, another) of all written resources that share values of a rule."""
        order = "DESC" if newest else "ASC"
        with self.book.database.transaction() as transaction:
            rows = transaction.run(
                "SELECT first_value(k.uuid) OVER w, k.uuid FROM move_key k"
                " JOIN move_plan p ON p.kind = ? AND p.uuid = k.uuid AND p.why IS NULL"
                " WHERE k.rule = ? AND k.key IN (SELECT key FROM move_key WHERE rule = ? GROUP BY key"
                f" HAVING count(*) > 1) WINDOW w AS (PARTITION BY k.key ORDER BY k.pk {order})"
                " ORDER BY k.uuid",
                (kind, rule, rule),
            )
        return [(keeper, uuid) for keeper, uuid in rows if keeper != uuid]

    def highest(self, rule: str, numbers: Iterable[int]) -> None:
        """Note the highest number that was given out so far."""
        with self.book.database.transaction() as transaction:
            for number in sorted(numbers, reverse=True)[:1]:
                transaction.run(
                    "INSERT INTO move_key VALUES (?, ?, ?, ?)", (f"{rule}: highest", "", number, "")
                )

    def next_numbers(self, rule: str, count: int) -> int:
        """The first of so many numbers in a row that nobody has; they are given out with it."""
        name = f"{rule}: highest"
        with self.book.database.transaction() as transaction:
            rows = transaction.run("SELECT max(pk) FROM move_key WHERE rule = ?", (name,))
            first = int(rows[0][0] or 0) + 1
            transaction.run("DELETE FROM move_key WHERE rule = ?", (name,))
            transaction.run("INSERT INTO move_key VALUES (?, ?, ?, ?)", (name, "", first + count - 1, ""))
        return first

    def without(self, rule: str, kind: str, column: str) -> Iterator[list[str]]:
        """The uuids of written resources that have no number of their own, or had to give it up."""
        last = 0
        while True:
            with self.book.database.transaction() as transaction:
                rows = transaction.run(
                    "SELECT p.pk, p.uuid FROM move_plan p WHERE p.kind = ? AND p.pk > ? AND p.why IS NULL"
                    " AND (EXISTS (SELECT 1 FROM move_key k WHERE k.rule = ? AND k.key = '' AND k.pk = p.pk)"
                    " OR EXISTS (SELECT 1 FROM move_change c WHERE c.kind = p.kind AND c.uuid = p.uuid"
                    " AND c.col = ? AND c.value = 'null')) ORDER BY p.pk LIMIT ?",
                    (kind, last, rule, column, CHUNK),
                )
            if not rows:
                return
            yield [uuid for _, uuid in rows]
            last = rows[-1][0]

    def leave_out(self, kind: str, uuids: Iterable[str], rule: str) -> None:
        """Note that these are not written, by a rule."""
        with self.book.database.transaction() as transaction:
            transaction.each(
                "UPDATE move_plan SET why = ? WHERE kind = ? AND uuid = ?",
                ((rule, kind, uuid) for uuid in uuids),
            )

    def change(self, kind: str, changes: Iterable[tuple[str, str, Any]], rule: str) -> None:
        """Note that a column of these gets another value: (uuid, column, value)."""
        with self.book.database.transaction() as transaction:
            transaction.each(
                "INSERT INTO move_change VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, uuid, col)"
                " DO UPDATE SET value = excluded.value, rule = excluded.rule",
                ((kind, uuid, column, orjson.dumps(value).decode(), rule) for uuid, column, value in changes),
            )

    def changes(self, kind: str, uuids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """uuid → column → value, of those of these resources that are written otherwise than read."""
        found: dict[str, dict[str, Any]] = {}
        with self.book.database.transaction() as transaction:
            rows = transaction.run(
                f"SELECT uuid, col, value FROM move_change WHERE kind = ? AND uuid IN ({marks(uuids)})",
                (kind, *uuids),
            )
        for uuid, column, value in rows:
            found.setdefault(uuid, {})[column] = orjson.loads(value)
        return found

    def sample(self, kind: str, size: int) -> list[Kept]:
        """Some of the written resources of a kind, the same ones each time."""
        with self.book.database.transaction() as transaction:
            rows = transaction.run(
                "SELECT p.uuid, p.pk, r.body FROM move_plan p JOIN move_resource r ON r.kind = p.kind"
                " AND r.uuid = p.uuid WHERE p.kind = ? AND p.why IS NULL ORDER BY r.digest LIMIT ?",
                (kind, size),
            )
        return self._kept(kind, rows)

    def count(self, kind: str) -> int:
        """How many resources of a kind are written."""
        with self.book.database.transaction() as transaction:
            rows = transaction.run("SELECT count(*) FROM move_plan WHERE kind = ? AND why IS NULL", (kind,))
        return int(rows[0][0])

    def digest(self, kind: str) -> str:
        """One fingerprint of all resources of a kind that exist: their uuids and fingerprints, in order."""
        sums = hashlib.sha256()
        last = ""
        while True:
            with self.book.database.transaction() as transaction:
                rows = transaction.run(
                    "SELECT uuid, digest FROM move_resource WHERE kind = ? AND gone = 0 AND uuid > ?"
                    " ORDER BY uuid LIMIT ?",
                    (kind, last, CHUNK),
                )
            if not rows:
                return sums.hexdigest()
            for uuid, digest in rows:
                sums.update(f"{uuid} {digest}\n".encode())
            last = rows[-1][0]

    def was_written(self, kind: str) -> Iterator[str]:
        """The uuids of resources that are gone: an earlier load may have left them in the target."""
        with self.book.database.transaction() as transaction:
            rows = transaction.run(
                "SELECT uuid FROM move_resource WHERE kind = ? AND gone <> 0"
                " UNION SELECT uuid FROM move_plan WHERE kind = ? AND why IS NOT NULL ORDER BY 1",
                (kind, kind),
            )
        return iter([uuid for (uuid,) in rows])
