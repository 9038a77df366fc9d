"""Opening of the state of a deployment: a SQLite file, a PostgreSQL database, or memory."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.state.aliases import Aliases
from adapter.state.asides import Asides
from adapter.state.database import MEMORY, Database, SqliteDatabase
from adapter.state.errors import StateNotSetUp
from adapter.state.fences import Fence, FileFence, NoFence
from adapter.state.found import Found
from adapter.state.inbox import Inbox
from adapter.state.journal import Journal
from adapter.state.keys import Keys
from adapter.state.locks import Locks
from adapter.state.merged import Merged
from adapter.state.migrations import MIGRATIONS
from adapter.state.numbers import Numbers
from adapter.state.orphans import Orphans
from adapter.state.outbox import Outbox

POSTGRES = ("postgresql://", "postgres://")
LOCK_FILE = "-locks"
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class State:
    """The state of a deployment. Threads may share it."""

    database: Database
    fence: Fence
    locks: Locks
    journal: Journal
    keys: Keys
    numbers: Numbers
    orphans: Orphans
    outbox: Outbox
    inbox: Inbox
    aliases: Aliases
    asides: Asides
    merged: Merged
    found: Found

    def close(self) -> None:
        """Close the database and release all locks."""
        self.fence.close()
        self.database.close()


def open_state(address: str = MEMORY, *, key_seconds: float = DAY, lasting: bool = False) -> State:
    """Open the state at an address: the path of a file, a URL `postgresql://…`, or `:memory:`.

    A file is created and migrated when it is opened; a PostgreSQL database by `set_up` only. Raises
    StateUnavailable, and StateNotSetUp for a PostgreSQL database that is not migrated. `key_seconds` is how
    long idempotency keys are kept; `lasting` is whether a power failure may not lose the last transactions.
    """
    database = open_database(address, lasting=lasting)
    try:
        _bring_up(database, server=is_server(address))
        fence = _fence(address)
    except Exception:
        database.close()
        raise
    locks = Locks(fence)
    journal, keys = Journal(database, fence), Keys(database, locks, key_seconds)
    numbers, orphans = Numbers(database), Orphans(database)
    outbox, inbox, aliases = Outbox(database, locks), Inbox(database), Aliases(database)
    asides, merged, found = Asides(database), Merged(database), Found(database)
    return State(
        database,
        fence,
        locks,
        journal,
        keys,
        numbers,
        orphans,
        outbox,
        inbox,
        aliases,
        asides,
        merged,
        found,
    )


def _bring_up(database: Database, *, server: bool) -> None:
    if not server:
        database.migrate()
    elif database.version() < len(MIGRATIONS):
        raise StateNotSetUp


def set_up(address: str) -> int:
    """Create the tables or migrate them; returns the number of migrations that were applied."""
    database = open_database(address)
    try:
        before = database.version()
        database.migrate()
        return len(MIGRATIONS) - before
    finally:
        database.close()


def open_database(address: str, *, lasting: bool = False) -> Database:
    """The database of the state at an address, unmigrated."""
    if is_server(address):
        from adapter.state.postgres import PostgresDatabase  # noqa: PLC0415  (only who uses it pays for it)

        return PostgresDatabase(address)
    return SqliteDatabase(address, lasting=lasting)


def is_server(address: str) -> bool:
    """Whether an address is the URL of a database server."""
    return address.startswith(POSTGRES)


def _fence(address: str) -> Fence:
    if is_server(address):
        from adapter.state.postgres import PostgresFence  # noqa: PLC0415

        return PostgresFence(address)
    return NoFence() if address == MEMORY else FileFence(address + LOCK_FILE)
