"""The check of the JSON Web Token of a ZGW client, with the answers of Open Klant 1.0.

A failure is a 403; but an `exp` in the past or an `iat` in the future is a 500, as there.
"""

from __future__ import annotations

import time
from collections.abc import Container, Mapping
from functools import lru_cache
from typing import Any

import jwt

from adapter.embedded.answers import Refused, broken, denied

PREFIX = "Bearer "

UNREADABLE = denied(
    "jwt-decode-error", "Het JWT kon niet gedecodeerd worden. Mogelijks heb je een copy-paste fout gemaakt"
).detail


def check_token(header: str | None, secrets: Mapping[str, str]) -> None:
    """Raise Refused unless `header` is an Authorization header with a token of one of the clients.

    `secrets` gives the secret of each client identifier.
    """
    token, client = claimed(header, secrets)
    try:
        _verify(token, secrets[client], int(time.time()))
    except jwt.InvalidSignatureError:
        raise wrongly_signed() from None
    except jwt.InvalidTokenError:
        raise broken() from None


def wrongly_signed() -> Refused:
    """403: the token is not signed with the secret of its client."""
    return denied("invalid-jwt-signature", "Client credentials zijn niet geldig")


def claimed(header: str | None, clients: Container[str]) -> tuple[str, str]:
    """The token in an Authorization header, and which of the clients it says to be of; it is not verified.

    Raises Refused when it says that of none.
    """
    if header is None or not header.startswith(PREFIX):
        raise denied()
    token = header.removeprefix(PREFIX)
    try:
        claims = _claims(token)
    except jwt.DecodeError:
        raise denied("jwt-decode-error", UNREADABLE) from None
    client = claims.get("client_id")
    if client is None:
        raise denied("missing-client-identifier", "Client identifier is niet aanwezig in JWT")
    if not isinstance(client, str) or client not in clients:
        raise denied("invalid-client-identifier", "Client identifier bestaat niet")
    return token, client


# A client sends the same token with every call.
@lru_cache(maxsize=100)
def _verify(token: str, secret: str, _second: int) -> None:
    jwt.decode(token, secret, algorithms=["HS256"], options={"verify_aud": False})


@lru_cache(maxsize=100)
def _claims(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found
