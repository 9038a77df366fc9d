"""The tables of the state: each migration is done once, in this order, and is never changed afterwards."""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # Writes that are not finished. `owner` is the replica that is busy with one, or empty; `steps` is
        # what was or will be sent, and goes with the row. `stripes` are the locks that the write holds.
        """CREATE TABLE writes (
            id TEXT PRIMARY KEY, owner TEXT NOT NULL, operation TEXT NOT NULL, state TEXT NOT NULL,
            started DOUBLE PRECISION NOT NULL, touched DOUBLE PRECISION NOT NULL,
            key TEXT NOT NULL, stripes TEXT NOT NULL, steps TEXT NOT NULL)""",
        "CREATE INDEX writes_by_owner ON writes (owner)",
        # Records that finished writes made, for as long as a crashed write could take one for its own.
        "CREATE TABLE made (uuid TEXT PRIMARY KEY, at DOUBLE PRECISION NOT NULL)",
        # Idempotency keys: keyed hashes, and the uuids that were made.
        """CREATE TABLE keys (
            id TEXT PRIMARY KEY, request TEXT NOT NULL, made TEXT NOT NULL,
            until DOUBLE PRECISION NOT NULL)""",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, fact TEXT NOT NULL)",
    ),
    # The last number of each counter that was given out.
    ("CREATE TABLE numbers (name TEXT PRIMARY KEY, last BIGINT NOT NULL)",),
    (
        # Objects whose owner was not found, and since when.
        "CREATE TABLE orphans (uuid TEXT PRIMARY KEY, since DOUBLE PRECISION NOT NULL)",
    ),
)
