"""Where something is found again that no register gives by its own uuid: the record that it belongs to."""

from __future__ import annotations

from collections.abc import Iterable

from adapter.state.database import Database

AT_ONCE = 500


class Found:
    """The table of all replicas, uuid → that of a record. There is no personal value in it.

    It is made again as things are read. Methods raise StateUnavailable.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def owner(self, uuid: str) -> str | None:
        """The record to which what has a uuid belongs; None for what was never shown."""
        with self._database.transaction() as transaction:
            rows = transaction.run("SELECT owner FROM found WHERE uuid=?", (uuid,))
        return str(rows[0][0]) if rows else None

    def note(self, owners: Iterable[tuple[str, str]]) -> None:
        """Note (uuid, owner) of what is about to be shown."""
        wanted = dict(owners)
        names = [*wanted]
        for start in range(0, len(names), AT_ONCE):
            part = names[start : start + AT_ONCE]
            marks = ",".join("?" * len(part))
            with self._database.transaction() as transaction:
                rows = transaction.run(f"SELECT uuid FROM found WHERE uuid IN ({marks})", part)  # noqa: S608
                known = {str(row[0]) for row in rows}
                for uuid in part:
                    if uuid not in known:
                        transaction.run(
                            "INSERT INTO found VALUES (?,?) ON CONFLICT DO NOTHING", (uuid, wanted[uuid])
                        )
