"""Tokens and what they allow. They are configured as scrypt hashes, and compared in constant time."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any

from anyio import CapacityLimiter, to_thread

from adapter.errors import TooManyAttempts, Unauthenticated

# scrypt's cost: 16 MB and some tens of milliseconds for each guess.
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
_REMEMBERED = 1024
# The most tokens that may wait to be hashed (a second or two of work), and the most from suspect addresses.
_WAITING, _SUSPECTS_WAITING = 32, 4
_QUEUE_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Token:
    """A client of the API and what it may do.

    It shows a token, configured as `hash` (see `hash_token`) or, for trials, as `plain` text; or it signs a
    JWT, and has a `client_id` and a `secret` instead.

    name: how log lines name the client.
    operations: the operationIds that it may use, with `*` for any text: `partijen*`.
    legacy_fields: whether answers to it have the members that the mappings mark as legacy.
    expires: the moment until which it is valid, in seconds since 1970; None is for ever.
    certificate: the fingerprint of the client certificate that it must be used with; "" is none.
    changing: how long it may change what closes; "" as the setting says.
    settings, settle: see `adapter.service.Caller`.
    """

    name: str
    hash: str = field(default="", repr=False)
    plain: str = field(default="", repr=False)
    operations: tuple[str, ...] = ("*",)
    legacy_fields: bool = True
    client_id: str = ""
    secret: str = field(default="", repr=False)
    expires: float | None = None
    certificate: str = field(default="", repr=False)
    changing: str = ""
    settings: Mapping[str, Any] = MappingProxyType({})
    settle: float | None = None

    def may(self, operation_id: str) -> bool:
        """Whether this token may use the operation."""
        return any(fnmatchcase(operation_id, pattern) for pattern in self.operations)


class UnreadableHash(ValueError):
    """The configured hash of the token `name` is not of the form that `hash_token` gives."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def hash_token(token: str) -> str:
    """The hash of a token, for the configuration: `scrypt$cost$block$parallel$salt$hash`."""
    salt = os.urandom(16)
    parts = (
        _COST,
        _BLOCK,
        _PARALLEL,
        _encoded(salt),
        _encoded(_scrypt(token, salt, _COST, _BLOCK, _PARALLEL)),
    )
    return "$".join(("scrypt", *map(str, parts)))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _scrypt(token: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    memory = 132 * cost * block * parallel
    return hashlib.scrypt(token.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=memory, dklen=32)


class _Hashed:
    """A configured hash, parsed. Raises UnreadableHash."""

    def __init__(self, token: Token) -> None:
        self.token = token
        try:
            _, cost, block, parallel, salt, expected = token.hash.split("$")
            self.numbers = (int(cost), int(block), int(parallel))
            self.salt, self.expected = _decoded(salt), _decoded(expected)
        except ValueError:
            raise UnreadableHash(token.name) from None

    def matches(self, presented: str) -> bool:
        return hmac.compare_digest(_scrypt(presented, self.salt, *self.numbers), self.expected)


class Tokens:
    """All tokens of a deployment.

    The outcome for a token, right or wrong, is remembered by its keyed digest: the slow hash is computed once
    for each, and no token is kept in memory as text.
    """

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._key = os.urandom(32)
        self._one, self._suspects = _Queue(_WAITING), _Queue(_SUSPECTS_WAITING)
        self._known: dict[bytes, Token] = {}
        self._wrong: OrderedDict[bytes, None] = OrderedDict()
        self._hashed: list[_Hashed] = []
        for token in tokens:
            if token.plain:
                self._known[self._digest(token.plain)] = token
            else:
                self._hashed.append(_Hashed(token))

    def remembered(self, presented: str) -> Token | None:
        """The token, or None when its hash was not computed yet. Raises Unauthenticated for a wrong one."""
        digest = self._digest(presented)
        if digest in self._wrong:
            raise Unauthenticated(given=True)
        return self._known.get(digest)

    async def verified(self, presented: str, *, suspect: bool = False) -> Token:
        """The token; waits for the slow hash the first time.

        Raises Unauthenticated when there is no such token, and TooManyAttempts when too many wait already.
        Tokens from a `suspect` address, which tried too many wrong ones, have a queue of their own.
        """
        token = self.remembered(presented)
        if token is not None:
            return token
        queue = self._suspects if suspect else self._one
        return await queue.run(self.verify, presented)

    def verify(self, presented: str) -> Token:
        """As `verified`, in this thread and without a queue."""
        token = self.remembered(presented)
        if token is not None:
            return token
        digest = self._digest(presented)
        for each in self._hashed:
            if each.matches(presented):
                self._known[digest] = each.token
                return each.token
        self._wrong[digest] = None
        if len(self._wrong) > _REMEMBERED:
            self._wrong.popitem(last=False)
        raise Unauthenticated(given=True)

    def _digest(self, presented: str) -> bytes:
        return hashlib.blake2b(presented.encode("utf-8", "surrogateescape"), key=self._key).digest()


class _Queue:
    """Computes one hash at a time, in a thread apart from those of requests: guessing slows nobody else."""

    def __init__(self, most: int) -> None:
        self._one = CapacityLimiter(1)
        self._most = most
        self._waiting = 0

    async def run(self, verify: Callable[[str], Token], presented: str) -> Token:
        """The result of `verify(presented)`. Raises TooManyAttempts when `most` tokens are waiting."""
        if self._waiting >= self._most:
            raise TooManyAttempts(_QUEUE_SECONDS)
        self._waiting += 1
        try:
            return await to_thread.run_sync(verify, presented, limiter=self._one)
        finally:
            self._waiting -= 1


def presented_token(header: str | None) -> str:
    """The token in an Authorization header of the form `Token …`. Raises Unauthenticated for any other."""
    words = (header or "").split()
    if not words or words[0].lower() != "token":
        raise Unauthenticated(given=False)
    if len(words) == 1:
        raise Unauthenticated(given=True, detail="Ongeldige token header. Geen logingegevens opgegeven")
    if len(words) > 2:
        raise Unauthenticated(given=True, detail="Ongeldige token header. Token kan geen spaties bevatten.")
    return words[1]
