"""Counters that all replicas share."""

from __future__ import annotations

from adapter.state.database import Database


class Numbers:
    """Counters by name. A number is given once, whether it is used or not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next(self, name: str, step: int = 1) -> int:
        """The next number of a counter: the last one plus `step`, the first being `step`.

        Raises StateUnavailable.
        """
        with self._database.transaction() as transaction:
            rows = transaction.run(
                "INSERT INTO numbers VALUES (?, ?) ON CONFLICT (name)"
                " DO UPDATE SET last = numbers.last + excluded.last RETURNING last",
                (name, step),
            )
            return int(rows[0][0])
