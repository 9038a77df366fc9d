"""Idempotency keys: a POST that comes twice is done once (draft-ietf-httpapi-idempotency-key-header).

Kept are a keyed hash of token and key, one of the request, and the uuids that were made.
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
    """A key while it is being used: hashed, with the hash of its request, and until when it is kept."""

    id: str
    request: str
    until: float


class Keys:
    """The keys of a deployment; each is kept for `seconds` after its request was done."""

    def __init__(self, database: Database, locks: Locks, seconds: float) -> None:
        self._database, self._locks, self._seconds = database, locks, seconds
        self._hash_key = self._fact(HASH_KEY, secrets.token_hex(32)).encode()

    @contextmanager
    def alone(self, token: str, key: str, request: str) -> Iterator[Claim]:
        """Nobody else, in any replica, does a request with this key of this token meanwhile."""
        claim = Claim(self._hash(token, key), self._hash(request), time.time() + self._seconds)
        with self._locks.hold(KEYS, [claim.id]):
            yield claim

    def found(self, claim: Claim) -> Made | None:
        """What was made under this key before. Raises KeyUsed when that was another request."""
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
