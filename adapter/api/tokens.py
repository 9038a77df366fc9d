"""Who may do what: tokens, kept as hashes, compared without telling anything by the time it takes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from anyio import CapacityLimiter, to_thread

from adapter.errors import TooManyAttempts, Unauthenticated

# scrypt's cost: 16 MB and some tens of milliseconds for each guess.
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1
_REMEMBERED = 1024
# So many may wait for it: a second or two of work, and less from addresses that guess.
_WAITING, _SUSPECTS_WAITING = 32, 4
_QUEUE_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Token:
    """A client's token: `hash` is what `hash_token` gave; `plain`, for trials, the token itself.

    Or a client that signs: then it has a `client_id` and a `secret` instead. `operations` are operationIds of
    the specification, in which `*` stands for anything. `expires` is in seconds since 1970; `certificate` is
    what a trusted proxy must have seen besides.
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

    def may(self, operation_id: str) -> bool:
        """Whether this token may use the operation."""
        return any(fnmatchcase(operation_id, pattern) for pattern in self.operations)


class UnreadableHash(ValueError):
    """A configured hash that `hash_token` did not make; `name` is the token's."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def hash_token(token: str) -> str:
    """The text to configure instead of the token itself: `scrypt$cost$block$parallel$salt$hash`."""
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
    """A configured hash, taken apart."""

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

    What was verified once is remembered under a keyed digest, so that the slow hash is computed once per
    token and the tokens themselves are not kept.
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
        """The token, when it can be told at once; Unauthenticated when it is known to be wrong."""
        digest = self._digest(presented)
        if digest in self._wrong:
            raise Unauthenticated(given=True)
        return self._known.get(digest)

    async def verified(self, presented: str, *, suspect: bool = False) -> Token:
        """The token, after the slow comparison where that is needed.

        Unauthenticated when there is none, TooManyAttempts when too many are compared already. What comes
        from a `suspect` address, where others tried wrong ones, waits apart from the rest.
        """
        token = self.remembered(presented)
        if token is not None:
            return token
        queue = self._suspects if suspect else self._one
        return await queue.run(self.verify, presented)

    def verify(self, presented: str) -> Token:
        """As `verified`, at the caller's expense."""
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
    """One slow comparison at a time, outside the requests' threads: guessing stops nobody who has a token."""

    def __init__(self, most: int) -> None:
        self._one = CapacityLimiter(1)
        self._most = most
        self._waiting = 0

    async def run(self, verify: Callable[[str], Token], presented: str) -> Token:
        """What `verify` gives; TooManyAttempts when `most` are waiting for it."""
        if self._waiting >= self._most:
            raise TooManyAttempts(_QUEUE_SECONDS)
        self._waiting += 1
        try:
            return await to_thread.run_sync(verify, presented, limiter=self._one)
        finally:
            self._waiting -= 1


def presented_token(header: str | None) -> str:
    """What the Authorization header holds after `Token`; Unauthenticated when it does not hold one."""
    words = (header or "").split()
    if not words or words[0].lower() != "token":
        raise Unauthenticated(given=False)
    if len(words) == 1:
        raise Unauthenticated(given=True, detail="Ongeldige token header. Geen logingegevens opgegeven")
    if len(words) > 2:
        raise Unauthenticated(given=True, detail="Ongeldige token header. Token kan geen spaties bevatten.")
    return words[1]
