"""What a move merged: uuids that clients still have, and that of the resource which has become of each."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from adapter.state.database import Database

LOOK_SECONDS = 1.0
"""Seconds after which a process knows what a command has noted."""
AT_ONCE = 500


class Merged:
    """The table of all replicas, younger → oldest. There is no personal value in it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._any, self._look_at = False, 0.0

    def there_are_any(self) -> bool:
        """Whether something was merged. Where nothing was, all that it costs is this look, each second."""
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK_SECONDS
            with self._database.transaction() as transaction:
                self._any = bool(transaction.run("SELECT 1 FROM merged LIMIT 1"))
        return self._any

    def into(self, uuids: Iterable[str]) -> dict[str, str]:
        """uuid → what has become of it, of those of these that were merged."""
        if not self.there_are_any():
            return {}
        found, wanted = dict[str, str](), list(dict.fromkeys(uuids))
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            marks = ",".join("?" * len(part))
            with self._database.transaction() as transaction:
                found.update(
                    transaction.run(f"SELECT uuid, into_uuid FROM merged WHERE uuid IN ({marks})", part)  # noqa: S608
                )
        return found

    def note(self, pairs: Mapping[str, str]) -> None:
        """Note all that was merged, in place of what was noted before."""
        with self._database.transaction() as transaction:
            transaction.run("DELETE FROM merged")
            transaction.each("INSERT INTO merged VALUES (?, ?)", pairs.items())
        self._look_at = 0.0
