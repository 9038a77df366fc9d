"""Aliases: the uuid under which a record is served, where its register gave it another."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Iterator

from adapter.state.database import Database, Transaction

AT_ONCE = 500
# Of the objects that keep the aliases as well, so that these rows can be made again.
_SPACE = uuids.UUID("6f1d4f0e-6a53-5f0b-9c7e-2f7f4f1f4f70")


def object_of(served: str) -> str:
    """The uuid of the object that keeps an alias; it follows from the served uuid, so one GET finds it."""
    return str(uuids.uuid5(_SPACE, f"alias {served}"))


class Aliases:
    """The aliases of all replicas. There is no personal value in them, and they stay for ever."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._any = False

    def there_are_any(self) -> bool:
        """Whether there is an alias, in any replica. Without one, all that they cost is this look."""
        if not self._any:
            with self._database.transaction() as transaction:
                self._any = bool(transaction.run("SELECT 1 FROM aliases LIMIT 1"))
        return self._any

    def served(self, records: Iterable[str], of: str = "") -> dict[str, str]:
        """The uuid under which each of these records is served: its own when it has no alias.

        With `of`, a collection, those of other ones do not count.
        """
        wanted = list(dict.fromkeys(records))
        return {each: each for each in wanted} | dict(self._pairs("record", "served", wanted, of))

    def records(self, served: Iterable[str], of: str = "") -> dict[str, str]:
        """The uuid of the record of each of these served uuids: the same one when it has no alias."""
        wanted = list(dict.fromkeys(served))
        return {each: each for each in wanted} | dict(self._pairs("served", "record", wanted, of))

    def collection(self, served: str) -> str:
        """The collection of the record of a served uuid: `klanten/klanten`; "" when it has no alias."""
        return dict(self._pairs("served", "collection", [served])).get(served, "")

    def note(self, served: str, record: str, collection: str) -> bool:
        """Note an alias; returns false when either uuid has another one already."""
        with self._database.transaction() as transaction:
            return note(transaction, served, record, collection)

    def made(self, served: str, record: str, collection: str) -> None:
        """Note the alias of a record that was made just now: one made before for this uuid is gone."""
        with self._database.transaction() as transaction:
            transaction.run("DELETE FROM aliases WHERE served=?", (served,))
            transaction.run("INSERT INTO aliases VALUES (?,?,?)", (served, record, collection))
        self._any = True

    def __len__(self) -> int:
        with self._database.transaction() as transaction:
            return int(transaction.run("SELECT count(*) FROM aliases")[0][0])

    def _pairs(self, of: str, to: str, wanted: list[str], only: str = "") -> Iterator[tuple[str, str]]:
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            marks = ",".join("?" * len(part))
            with self._database.transaction() as transaction:
                rows = transaction.run(
                    f"SELECT {of}, {to}, collection FROM aliases WHERE {of} IN ({marks})",  # noqa: S608
                    part,
                )
            yield from ((str(here), str(there)) for here, there, whose in rows if only in {"", whose})


def note(transaction: Transaction, served: str, record: str, collection: str) -> bool:
    """Note an alias as part of a transaction; returns false when either uuid has another one already."""
    transaction.run("INSERT INTO aliases VALUES (?,?,?) ON CONFLICT DO NOTHING", (served, record, collection))
    rows = transaction.run("SELECT record FROM aliases WHERE served=?", (served,))
    return bool(rows) and rows[0][0] == record
