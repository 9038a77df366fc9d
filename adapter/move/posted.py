"""What was sent to the API of a target, in the book: the uuid that each resource has there.

A resource is noted before it is sent and again when it was answered, so that a process that is killed in
between leaves a note of what may be there or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from adapter.move.book import CHUNK, Book, chunks, marks

# Within an encoded URL it follows on `%2F`.
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Posted:
    """A resource as it was sent; `made` is its uuid in the target, "" while that is not known.

    `digest` is the fingerprint of what was sent. `owed` says that a reference of it has still to be set, and
    `refused` are the names and codes of why the target did not take it.
    """

    uuid: str
    made: str
    digest: str = ""
    owed: bool = False
    refused: str = ""

    @property
    def is_begun(self) -> bool:
        """Whether it was sent and nothing is known of the answer."""
        return not self.made and not self.refused


class Uuids:
    """The table of uuids of a book."""

    def __init__(self, book: Book) -> None:
        self._database = book.database

    def of(self, kind: str, uuids: Iterable[str]) -> dict[str, Posted]:
        """uuid → what is known of it, of those of these that were sent."""
        found: dict[str, Posted] = {}
        for part in chunks(sorted(set(uuids))):
            with self._database.transaction() as transaction:
                rows = transaction.run(
                    "SELECT uuid, made, digest, owed, refused FROM move_posted WHERE kind = ?"
                    f" AND uuid IN ({marks(part)})",
                    (kind, *part),
                )
            found.update((row[0], _posted(row)) for row in rows)
        return found

    def note(self, kind: str, posted: Iterable[Posted]) -> None:
        """Note these, in place of what was noted of them."""
        with self._database.transaction() as transaction:
            transaction.each(
                "INSERT INTO move_posted VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, uuid) DO UPDATE SET"
                " made = excluded.made, digest = excluded.digest, owed = excluded.owed,"
                " refused = excluded.refused",
                ((kind, it.uuid, it.made, it.digest, int(it.owed), it.refused) for it in posted),
            )

    def forget(self, kind: str, uuids: Iterable[str]) -> None:
        """Forget these: they are not in the target."""
        with self._database.transaction() as transaction:
            transaction.each(
                "DELETE FROM move_posted WHERE kind = ? AND uuid = ?", ((kind, uuid) for uuid in uuids)
            )

    def begun(self, kind: str) -> list[Posted]:
        """Those of which nothing is known but that they were going to be sent."""
        return self._where("kind = ? AND made = '' AND refused = ''", kind)

    def owed(self, kind: str) -> list[Posted]:
        """Those that lack a reference that they are to have."""
        return self._where("kind = ? AND owed = 1 AND made <> ''", kind)

    def missing(self, kind: str) -> frozenset[str]:
        """Those of a kind that are in the book, and not in the target."""
        with self._database.transaction() as transaction:
            rows = transaction.run(
                "SELECT uuid FROM move_resource r WHERE kind = ? AND gone = 0 AND NOT EXISTS"
                " (SELECT 1 FROM move_posted p WHERE p.kind = r.kind AND p.uuid = r.uuid AND p.made <> '')",
                (kind,),
            )
        return frozenset(uuid for (uuid,) in rows)

    def refused(self, kind: str) -> list[Posted]:
        """Those that the target did not take."""
        return self._where("kind = ? AND refused <> ''", kind)

    def left(self, kind: str) -> list[Posted]:
        """Those in the target that are not to be there any more."""
        return self._where(
            "kind = ? AND made <> '' AND NOT EXISTS (SELECT 1 FROM move_plan p"
            " WHERE p.kind = move_posted.kind AND p.uuid = move_posted.uuid AND p.why IS NULL)",
            kind,
        )

    def count(self, kind: str) -> int:
        """How many of a kind are in the target."""
        with self._database.transaction() as transaction:
            rows = transaction.run("SELECT count(*) FROM move_posted WHERE kind = ? AND made <> ''", (kind,))
        return int(rows[0][0])

    def known(self, kind: str, made: Sequence[str]) -> set[str]:
        """Those of these uuids of the target that are noted."""
        found: set[str] = set()
        for part in chunks(made):
            with self._database.transaction() as transaction:
                rows = transaction.run(
                    f"SELECT made FROM move_posted WHERE kind = ? AND made IN ({marks(part)})", (kind, *part)
                )
            found.update(uuid for (uuid,) in rows)
        return found

    def turned(self, column: str, text: str) -> Callable[[str], str]:
        """A function that puts the other uuid in the place of each in a text; `column` says which they are.

        It knows the uuids in `text`: `uuid` for those that were read, `made` for those of the target.
        """
        other = {"uuid": "made", "made": "uuid"}[column]
        known: dict[str, str] = {}
        for part in chunks(sorted({each.lower() for each in _UUID.findall(text)})):
            with self._database.transaction() as transaction:
                rows = transaction.run(
                    f"SELECT {column}, {other} FROM move_posted WHERE made <> ''"
                    f" AND {column} IN ({marks(part)})",
                    tuple(part),
                )
            known.update(rows)
        return lambda it: _UUID.sub(lambda found: known.get(found[0].lower(), found[0]), it)

    def here(self, body: Any) -> Any:
        """What the target answered, with the uuids that were read in the place of its own."""
        text = orjson.dumps(body).decode()
        return orjson.loads(self.turned("made", text)(text))

    def lines(self, kind: str) -> Iterator[str]:
        """The table as lines of a file: the kind, the uuid as read, that in the target; by the first."""
        last = ""
        while True:
            with self._database.transaction() as transaction:
                rows = transaction.run(
                    "SELECT uuid, made FROM move_posted WHERE kind = ? AND made <> '' AND uuid > ?"
                    " ORDER BY uuid LIMIT ?",
                    (kind, last, CHUNK),
                )
            if not rows:
                return
            yield "".join(f"{kind}\t{uuid}\t{made}\n" for uuid, made in rows)
            last = rows[-1][0]

    def merged_lines(self, kind: str, merged: Iterable[Sequence[tuple[str, str]]]) -> Iterator[str]:
        """Lines as those of `lines` for what was merged: (younger, oldest) of a kind."""
        for pairs in merged:
            there = self.of(kind, (oldest for _, oldest in pairs))
            made = {uuid: it.made for uuid, it in there.items() if it.made}
            yield "".join(f"{kind}\t{it}\t{made[oldest]}\n" for it, oldest in pairs if oldest in made)

    def _where(self, condition: str, kind: str) -> list[Posted]:
        with self._database.transaction() as transaction:
            rows = transaction.run(
                f"SELECT uuid, made, digest, owed, refused FROM move_posted WHERE {condition} ORDER BY uuid",
                (kind,),
            )
        return list(map(_posted, rows))


def _posted(row: Sequence[object]) -> Posted:
    uuid, made, digest, owed, refused = row
    return Posted(str(uuid), str(made), str(digest), bool(owed), str(refused))
