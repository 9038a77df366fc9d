"""The tables of the state, as migrations. Each is applied once, in this order; an old one never changes."""

from __future__ import annotations

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # Writes that are not closed; see `journal.OpenWrite`.
        """CREATE TABLE writes (
            id TEXT PRIMARY KEY, owner TEXT NOT NULL, operation TEXT NOT NULL, state TEXT NOT NULL,
            started DOUBLE PRECISION NOT NULL, touched DOUBLE PRECISION NOT NULL,
            key TEXT NOT NULL, stripes TEXT NOT NULL, steps TEXT NOT NULL)""",
        "CREATE INDEX writes_by_owner ON writes (owner)",
        # Records that closed writes created; see `Journal.accounted`.
        "CREATE TABLE made (uuid TEXT PRIMARY KEY, at DOUBLE PRECISION NOT NULL)",
        # Idempotency keys: the hash of a key, that of its request, and the uuids that were created.
        """CREATE TABLE keys (
            id TEXT PRIMARY KEY, request TEXT NOT NULL, made TEXT NOT NULL,
            until DOUBLE PRECISION NOT NULL)""",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, fact TEXT NOT NULL)",
    ),
    # The last number that each counter gave.
    ("CREATE TABLE numbers (name TEXT PRIMARY KEY, last BIGINT NOT NULL)",),
    (
        # Objects of which the owner is missing, and since when.
        "CREATE TABLE orphans (uuid TEXT PRIMARY KEY, since DOUBLE PRECISION NOT NULL)",
    ),
    (
        # Contacts whose record is not made yet, and their pieces; see `gathering.holds`. What a client sent
        # stands in data_key, plan and body alone, sealed.
        """CREATE TABLE holds (
            contact TEXT PRIMARY KEY, phase TEXT NOT NULL, version BIGINT NOT NULL,
            made DOUBLE PRECISION NOT NULL, changed DOUBLE PRECISION NOT NULL,
            due DOUBLE PRECISION NOT NULL, asked DOUBLE PRECISION NOT NULL, unsure DOUBLE PRECISION NOT NULL,
            lease TEXT NOT NULL, lease_until DOUBLE PRECISION NOT NULL, settled DOUBLE PRECISION NOT NULL,
            record TEXT NOT NULL, reason TEXT NOT NULL, tries BIGINT NOT NULL,
            key_id TEXT NOT NULL, data_key TEXT NOT NULL, plan TEXT NOT NULL)""",
        """CREATE TABLE pieces (
            uuid TEXT PRIMARY KEY, contact TEXT NOT NULL, resource TEXT NOT NULL, seq BIGINT NOT NULL,
            late BIGINT NOT NULL, body TEXT NOT NULL)""",
        "CREATE INDEX pieces_by_contact ON pieces (contact)",
        # The uuid that a client was given for a record that its register gave another: `state.aliases`.
        """CREATE TABLE aliases (
            served TEXT PRIMARY KEY, record TEXT NOT NULL UNIQUE, collection TEXT NOT NULL)""",
    ),
    (
        # What has to be told to subscribers; see `outbox.Waiting`.
        """CREATE TABLE outbox (
            id TEXT PRIMARY KEY, number BIGINT NOT NULL, about TEXT NOT NULL, kind TEXT NOT NULL,
            name TEXT NOT NULL, body TEXT NOT NULL, made DOUBLE PRECISION NOT NULL,
            due DOUBLE PRECISION NOT NULL, attempts INTEGER NOT NULL)""",
        "CREATE INDEX outbox_by_number ON outbox (number)",
        "CREATE INDEX outbox_by_about ON outbox (about, number)",
    ),
    (
        # Notifications of registers, and what KlantBrug wrote there itself; see `inbox`.
        """CREATE TABLE inbox (
            resource TEXT NOT NULL, record TEXT NOT NULL, action TEXT NOT NULL, moment TEXT NOT NULL,
            at DOUBLE PRECISION NOT NULL, received DOUBLE PRECISION NOT NULL, judged INTEGER NOT NULL,
            PRIMARY KEY (record, action, moment))""",
        "CREATE INDEX inbox_by_judged ON inbox (judged, received)",
        "CREATE TABLE wrote (record TEXT NOT NULL, action TEXT NOT NULL, at DOUBLE PRECISION NOT NULL)",
        "CREATE INDEX wrote_by_record ON wrote (record, action, at)",
    ),
    (
        # Of which contact a piece is whose record is made; see `gathering.sent`.
        "CREATE TABLE sent (uuid TEXT PRIMARY KEY, contact TEXT NOT NULL)",
        "CREATE INDEX sent_by_contact ON sent (contact)",
    ),
    (
        # What stands aside of old records where the configuration keeps it here; see `asides.Entry`.
        """CREATE TABLE asides (
            id TEXT PRIMARY KEY, collection TEXT NOT NULL, record TEXT NOT NULL, content TEXT NOT NULL)""",
        "CREATE INDEX asides_by_record ON asides (collection, record)",
        # By what an aside is found: texts by their path, and at the path "" the records on which it hangs.
        "CREATE TABLE aside_words (id TEXT NOT NULL, path TEXT NOT NULL, word TEXT NOT NULL)",
        "CREATE INDEX aside_words_by_id ON aside_words (id)",
        "CREATE INDEX aside_words_by_word ON aside_words (path, word)",
    ),
    (
        # The uuids of what a move merged, and of what has become of each; see `state.merged`.
        "CREATE TABLE merged (uuid TEXT PRIMARY KEY, into_uuid TEXT NOT NULL)",
    ),
    (
        # Records with the sign of a contact that has another one, and contacts that may get such a record;
        # see `gathering.doubles`.
        """CREATE TABLE doubles (
            record TEXT PRIMARY KEY, contact TEXT NOT NULL, found DOUBLE PRECISION NOT NULL,
            settled BIGINT NOT NULL)""",
        """CREATE TABLE doubted (
            contact TEXT PRIMARY KEY, plan TEXT NOT NULL, due DOUBLE PRECISION NOT NULL,
            looks BIGINT NOT NULL)""",
    ),
    (
        # The record of what is found by way of it alone; see `state.found`.
        "CREATE TABLE found (uuid TEXT PRIMARY KEY, owner TEXT NOT NULL)",
    ),
    (
        # Contacts that were deleted before they were sent; see `gathering.dropped`.
        "CREATE TABLE dropped (contact TEXT PRIMARY KEY, due DOUBLE PRECISION NOT NULL)",
    ),
    # How long a contact waits once a piece triggers it, where its client has its own; see `gathering.kept`.
    ("ALTER TABLE holds ADD COLUMN settle DOUBLE PRECISION",),
)
