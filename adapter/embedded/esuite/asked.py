"""What is known of a request on the embedded e-Suite, and the JWT that says who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jwt
from starlette.datastructures import QueryParams
from starlette.requests import Request

from adapter.embedded.esuite.faults import Refused, invalid
from adapter.embedded.esuite.organisation import Organisation
from adapter.openapi import formats
from adapter.openapi.checked import Problem

PREFIX = "Bearer "
USER_HEADER = "X-Esuite-Request-User-Id"
CLAIMS = ("client_id", "user_id", "user_representation")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its path and parameters, the origin of the URLs in its answer, for whom it is made."""

    path: str
    parameters: QueryParams
    origin: str
    user: str

    def given(self, name: str) -> str:
        """The value of a parameter; "" when it has none."""
        return self.parameters.get(name, "").strip()

    def url(self, name: str) -> str:
        """The URL in a parameter; "" when it has none. Raises Refused."""
        value = self.given(name)
        if value and formats.web_address(value) is None:
            raise invalid([Problem(name, "invalid", "Dit is geen URL.")])
        return value

    def page(self) -> int:
        """The number of the page, from 1. Raises Refused."""
        value = self.given("page") or "1"
        if not value.isdecimal() or not value.isascii() or not 0 < int(value) < 10**12:
            raise invalid([Problem("page", "invalid", "Dit is geen nummer van een bladzijde.")])
        return int(value)


def asked(request: Request, secrets: Mapping[str, str], organisation: Organisation) -> Asked:
    """The request, when its token is right. Raises Refused (401, 403).

    The employee of the header X-Esuite-Request-User-Id must exist. As in the real one, X-Forwarded headers
    decide what the URLs in the answer begin with.
    """
    claims = _claims(request.headers.get("authorization", ""), secrets)
    user = request.headers.get(USER_HEADER, "")
    if user and user not in organisation.medewerkers:
        raise Refused(403, "NOT_AUTHORISED", "Deze medewerker bestaat niet.")
    scheme = request.headers.get("x-forwarded-proto", request.url.scheme)
    host = request.headers.get("x-forwarded-host") or request.headers.get("host", request.url.netloc)
    origin = f"{scheme}://{host}"
    return Asked(request.url.path, request.query_params, origin, user or str(claims["user_id"]))


def _claims(header: str, secrets: Mapping[str, str]) -> Mapping[str, object]:
    """The claims of a token, which is signed by its client and names a user. Raises Refused (401)."""
    token = header.removeprefix(PREFIX)
    try:
        client = str(jwt.decode(token, options={"verify_signature": False}).get("client_id", ""))
        options: dict[str, object] = {"verify_aud": False, "require": ["exp", "iat"]}
        claims = jwt.decode(token, secrets.get(client, ""), algorithms=["HS256"], options=options)  # type: ignore[arg-type]
    except (jwt.InvalidTokenError, jwt.InvalidKeyError):
        raise _unknown("Het JWT is niet geldig.") from None
    if not header.startswith(PREFIX) or client not in secrets:
        raise _unknown("Het JWT is niet geldig.")
    missing = [name for name in CLAIMS if not claims.get(name)]
    if missing:
        raise _unknown(f"In het JWT ontbreekt {', '.join(missing)}.")
    found: Mapping[str, object] = claims
    return found


def _unknown(detail: str) -> Refused:
    return Refused(401, "NOT_AUTHORISED", detail)
