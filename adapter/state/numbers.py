"""Numbers that are given out once, by all processes that share a state together."""

from __future__ import annotations

from adapter.state.database import Database


class Numbers:
    """Counters by name. What was given out and then not used is never given out again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next(self, name: str, step: int = 1) -> int:
        """A number of a counter that nobody else gets, from 1; with a `step`, so many further on.

        Raises StateUnavailable.
        """
        with self._database.transaction() as transaction:
            rows = transaction.run(
                "INSERT INTO numbers VALUES (?, ?) ON CONFLICT (name)"
                " DO UPDATE SET last = numbers.last + excluded.last RETURNING last",
                (name, step),
            )
            return int(rows[0][0])
