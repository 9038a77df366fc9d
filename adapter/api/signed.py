"""Clients that authenticate with a JWT that they sign with a shared secret, as the ZGW APIs have it."""

from __future__ import annotations

import time
from collections.abc import Iterable

import jwt

from adapter.api.tokens import Token
from adapter.errors import Unauthenticated

# The seconds after `iat` for which a JWT without `exp` is valid.
_LIFETIME = 3600
_CLOCKS_DIFFER = 60
_REFUSED = "Ongeldig JWT."


class SigningClients:
    """The configured clients by `client_id`; false when there are none."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._clients = {token.client_id: token for token in tokens if token.client_id}

    def __bool__(self) -> bool:
        return bool(self._clients)

    def verified(self, text: str) -> Token:
        """The client that signed the JWT `text`.

        Raises Unauthenticated when the client is not configured, the signature is wrong or the JWT is not
        valid now.
        """
        try:
            named = jwt.decode(text, options={"verify_signature": False}).get("client_id")
            client = self._clients.get(named) if isinstance(named, str) else None
            if client is None:
                raise Unauthenticated(given=True, detail=_REFUSED)
            claims = jwt.decode(
                text,
                client.secret,
                algorithms=["HS256"],
                leeway=_CLOCKS_DIFFER,
                options={"require": ["iat"], "verify_aud": False, "verify_sub": False, "verify_jti": False},
            )
        except (jwt.PyJWTError, ValueError, OverflowError, RecursionError):
            # A JWT that has not been verified may hold anything: a number too large for a date, say.
            raise Unauthenticated(given=True, detail=_REFUSED) from None
        if not all(_is_moment(claims[name]) for name in ("iat", "exp", "nbf") if name in claims):
            raise Unauthenticated(given=True, detail=_REFUSED)
        if "exp" not in claims and claims["iat"] + _LIFETIME < time.time():
            raise Unauthenticated(given=True, detail=_REFUSED)
        return client


def _is_moment(claim: object) -> bool:
    """Whether a claim is a NumericDate (RFC 7519, section 2): a number, not text with a number in it."""
    return isinstance(claim, int | float) and not isinstance(claim, bool)
