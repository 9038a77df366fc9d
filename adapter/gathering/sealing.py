"""What is held is sealed with AES-256-GCM: a data key per contact, sealed with a key of the deployment.

A sealed text is bound to its place (the contact, and the piece or column): in another row it does not open.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapter.errors import RegisterUnavailable

KEY_BYTES = 32
_NONCE_BYTES = 12
HELD = "held"
SECONDS = 60


class KeyMissing(RegisterUnavailable):
    """A contact is sealed with a key that this process was not given; `key` is its id, which is no secret."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(HELD, SECONDS)


class NotOpened(RegisterUnavailable):
    """A sealed text does not open: it was changed, or stands in another place than it was made for."""

    def __init__(self) -> None:
        super().__init__(HELD, SECONDS)


class BadKey(ValueError):
    """A key of the deployment is not 32 bytes in base64; `id` is which."""

    def __init__(self, key: str) -> None:
        self.id = key
        super().__init__(f"key {key} must be {KEY_BYTES} bytes in base64")


def new_key() -> str:
    """A key for the environment: 32 random bytes in base64."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of the deployment by id. `current` seals; the others only open.

    keys: `{"2026-11": <base64 of 32 bytes>}`. Raises BadKey.
    """

    current: str
    keys: Mapping[str, str] = field(repr=False)
    _opened: dict[str, AESGCM] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name, text in self.keys.items():
            self._opened[name] = AESGCM(_key(name, text))
        if self.current not in self._opened:
            raise KeyMissing(self.current)

    def missing(self, names: Iterable[str]) -> list[str]:
        """The ids of these that there is no key for."""
        return sorted(set(names) - set(self._opened))

    def new(self, contact: str) -> tuple[Sealer, str]:
        """A new data key for a contact, and that key as it is stored, sealed with the current one."""
        data = secrets.token_bytes(KEY_BYTES)
        return Sealer(contact, AESGCM(data)), self._wrapped(contact, data)

    def sealer(self, contact: str, key: str, wrapped: str) -> Sealer:
        """The data key of a contact, from what is stored. Raises KeyMissing, NotOpened."""
        return Sealer(contact, AESGCM(self._unwrapped(contact, key, wrapped)))

    def rewrapped(self, contact: str, key: str, wrapped: str) -> str:
        """The stored form of the same data key under the current key. Raises KeyMissing, NotOpened."""
        return self._wrapped(contact, self._unwrapped(contact, key, wrapped))

    def _wrapped(self, contact: str, data: bytes) -> str:
        return _seal(self._opened[self.current], data, _place(contact, self.current))

    def _unwrapped(self, contact: str, key: str, wrapped: str) -> bytes:
        if key not in self._opened:
            raise KeyMissing(key)
        return _open(self._opened[key], wrapped, _place(contact, key))


@dataclass(frozen=True, slots=True)
class Sealer:
    """The data key of one contact. `place` is the uuid of a piece, or the name of a column."""

    contact: str
    _cipher: AESGCM = field(repr=False)

    def seal(self, content: Any, place: str) -> str:
        """JSON, sealed."""
        return _seal(self._cipher, orjson.dumps(content), _place(self.contact, place))

    def open(self, text: str, place: str) -> Any:
        """What was sealed for this place. Raises NotOpened."""
        return orjson.loads(_open(self._cipher, text, _place(self.contact, place)))


def _key(name: str, text: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        found = b""
    if len(found) != KEY_BYTES:
        raise BadKey(name)
    return found


def _place(contact: str, place: str) -> bytes:
    return f"{contact}\0{place}".encode()


def _seal(cipher: AESGCM, content: bytes, place: bytes) -> str:
    # A random nonce: a data key seals tens of texts, far from where random nonces of 96 bits repeat.
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.b64encode(nonce + cipher.encrypt(nonce, content, place)).decode()


def _open(cipher: AESGCM, text: str, place: bytes) -> bytes:
    try:
        sealed = base64.b64decode(text, validate=True)
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place)
    except (InvalidTag, ValueError):
        raise NotOpened from None
