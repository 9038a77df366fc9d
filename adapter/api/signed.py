"""Clients that sign a JWT with a secret, as the ZGW APIs have it, instead of showing a token."""

from __future__ import annotations

import time
from collections.abc import Iterable

import jwt

from adapter.api.tokens import Token
from adapter.errors import Unauthenticated

# A JWT that does not say when it ends is good for this long.
_LIFETIME = 3600
_CLOCKS_DIFFER = 60
_REFUSED = "Ongeldig JWT."


class SigningClients:
    """The configured clients by their `client_id`; false when there is none."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._clients = {token.client_id: token for token in tokens if token.client_id}

    def __bool__(self) -> bool:
        return bool(self._clients)

    def verified(self, text: str) -> Token:
        """The client that signed; Unauthenticated when it is not known, or not now, or did not sign this."""
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
            # What is signed by nobody we know may hold anything, such as a moment without end.
            raise Unauthenticated(given=True, detail=_REFUSED) from None
        if not all(_is_moment(claims[name]) for name in ("iat", "exp", "nbf") if name in claims):
            raise Unauthenticated(given=True, detail=_REFUSED)
        if "exp" not in claims and claims["iat"] + _LIFETIME < time.time():
            raise Unauthenticated(given=True, detail=_REFUSED)
        return client


def _is_moment(claim: object) -> bool:
    """Whether this is a NumericDate (RFC 7519, section 2): a number, and not the text of one."""
    return isinstance(claim, int | float) and not isinstance(claim, bool)
