"""Idempotency keys: a POST that is repeated is done once (draft-ietf-httpapi-idempotency-key-header).

Stored are a keyed hash of token and key, a keyed hash of the request, and the uuids that were created.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import orjson

from adapter.state.database import Database
from adapter.state.errors import KeyUsed
from adapter.state.fences import KEYS
from adapter.state.journal import Made
from adapter.state.locks import Locks

HASH_KEY = "hash_key"


@dataclass(frozen=True, slots=True)
class Claim:
    """A key of which the request is being handled.

    `id` is its hash, `request` that of its request; `until` is when it will be forgotten, in seconds since
    1970.
    """

    id: str
    request: str
    until: float


class Keys:
    """The keys of a deployment; each is kept for `seconds`."""

    def __init__(self, database: Database, locks: Locks, seconds: float) -> None:
        self._database, self._locks, self._seconds = database, locks, seconds
        self._hash_key = self._fact(HASH_KEY, secrets.token_hex(32)).encode()

    @contextmanager
    def alone(self, token: str, key: str, request: str) -> Iterator[Claim]:
        """Holds a key of a token: while the context lasts, no replica handles another request with it."""
        claim = Claim(self._hash(token, key), self._hash(request), time.time() + self._seconds)
        with self._locks.hold(KEYS, [claim.id]):
            yield claim

    def found(self, claim: Claim) -> Made | None:
        """The uuids that an earlier request with this key created; None when there was none.

        Raises KeyUsed when the earlier request was another one.
        """
        with self._database.transaction() as transaction:
            rows = transaction.run(
                "SELECT request, made FROM keys WHERE id = ? AND until >= ?", (claim.id, time.time())
            )
            if not rows:
                transaction.run("DELETE FROM keys WHERE id = ?", (claim.id,))
                return None
        if rows[0][0] != claim.request:
            raise KeyUsed
        made: Made = orjson.loads(rows[0][1])
        return made

    def _fact(self, name: str, fact: str) -> str:
        with self._database.transaction() as transaction:
            transaction.run("INSERT INTO facts VALUES (?, ?) ON CONFLICT DO NOTHING", (name, fact))
            return str(transaction.run("SELECT fact FROM facts WHERE name = ?", (name,))[0][0])

    def _hash(self, *texts: str) -> str:
        return hashlib.blake2b("\0".join(texts).encode(), key=self._hash_key, digest_size=32).hexdigest()
