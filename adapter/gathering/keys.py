"""The keys with which contacts are sealed, over time: none may be missing, and a new one takes over."""

from __future__ import annotations

from adapter.gathering.sealing import KeyMissing, Keyring, NotOpened
from adapter.state.database import Database


def check_keys(database: Database, keyring: Keyring) -> None:
    """Raise KeyMissing when a contact is held with a key that is not there: it could not even be read."""
    with database.transaction() as transaction:
        rows = transaction.run("SELECT DISTINCT key_id FROM holds")
    for missing in keyring.missing(str(row[0]) for row in rows):
        raise KeyMissing(missing)


def rewrap(database: Database, keyring: Keyring) -> int:
    """Seal the data keys of all held contacts with the current key; returns how many were not yet.

    What is sealed with the data keys stays as it is. A contact that is finished or changed meanwhile is left
    to the next time. Afterwards, once no replica seals with the old key any more, that can be thrown away.
    Raises KeyMissing and NotOpened for a contact that no key opens, after all the others are sealed.
    """
    with database.transaction() as transaction:
        rows = transaction.run(
            "SELECT contact, key_id, data_key FROM holds WHERE key_id<>?", (keyring.current,)
        )
    done = 0
    failed: KeyMissing | NotOpened | None = None
    for contact, key, wrapped in rows:
        try:
            made = keyring.rewrapped(contact, key, wrapped)
        except (KeyMissing, NotOpened) as error:
            failed = error
            continue
        with database.transaction() as transaction:
            done += transaction.changed(
                "UPDATE holds SET key_id=?, data_key=? WHERE contact=? AND data_key=?",
                (keyring.current, made, contact, wrapped),
            )
    if failed is not None:
        raise failed
    return done
