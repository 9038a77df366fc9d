"""Authentication of a request: its token or signed JWT, and the client certificate and address behind it."""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

from adapter.api.attempts import Attempts
from adapter.api.signed import SigningClients
from adapter.api.tokens import Token, Tokens, presented_token
from adapter.errors import TooManyAttempts, Unauthenticated

_FORWARDED_FOR = "X-Forwarded-For"
# A provider gives one household or office a whole /64, so attempts are counted per /64.
_IPV6_PREFIX = 64
_BRACKETED = re.compile(r"\[([^\[\]]+)\](?::\d+)?")


@dataclass(frozen=True, slots=True)
class Proxies:
    """Reverse proxies that KlantBrug trusts.

    `networks` are theirs in CIDR notation (`10.0.0.0/8`). From these, `X-Forwarded-For` and the header
    `certificate_header`, which holds the fingerprint of the client's certificate, are believed.
    """

    networks: tuple[str, ...] = ()
    certificate_header: str = "X-SSL-Client-Fingerprint"


class Access:
    """Verifies tokens and certificates. Limits wrong tokens per address; a known token is never delayed."""

    def __init__(self, tokens: Sequence[Token], proxies: Proxies, wrong_tokens: int) -> None:
        self._tokens = Tokens(token for token in tokens if not token.client_id)
        self._clients = SigningClients(tokens)
        self._attempts = Attempts(wrong_tokens)
        self._proxies = tuple(ip_network(each) for each in proxies.networks)
        self._certificate_header = proxies.certificate_header

    async def verified(self, scope: Scope, headers: Headers) -> Token:
        """The token that the request was sent with, not expired and with its certificate.

        Raises Unauthenticated, and TooManyAttempts when the address has tried too many wrong tokens.
        """
        token = await self._presented(scope, headers)
        if token.expires is not None and time.time() >= token.expires:
            raise Unauthenticated(given=True)
        if token.certificate and not self._has_certificate(token.certificate, scope, headers):
            raise Unauthenticated(given=True)
        return token

    async def _presented(self, scope: Scope, headers: Headers) -> Token:
        header = headers.get("authorization")
        if self._clients and header is not None and header[:7].lower() == "bearer ":
            signed, presented = True, header[7:].strip()
        else:
            signed, presented = False, presented_token(header)
            # A token that is already known needs no attempt, and the same wrong one again is no new guess.
            if (known := self._tokens.remembered(presented)) is not None:
                return known
        address = self._address(scope, headers)
        wait = self._attempts.seconds_to_wait(address)
        try:
            if signed:
                return self._clients.verified(presented)
            return await self._tokens.verified(presented, suspect=wait > 0)
        except Unauthenticated:
            # Past the limit the answer is 429 whether the token exists or not: 401 would confirm a guess.
            if wait:
                raise TooManyAttempts(wait) from None
            self._attempts.failed(address)
            raise

    def is_by_proxy(self, scope: Scope) -> bool:
        """Whether the request came from a trusted proxy."""
        return self._is_proxy(_peer(scope))

    def _has_certificate(self, certificate: str, scope: Scope, headers: Headers) -> bool:
        """Whether a trusted proxy reports exactly this certificate.

        The header is ignored unless the peer is such a proxy, since any client can send it; two different
        values mean that one of them came from the client.
        """
        said = {each.strip().casefold() for each in headers.getlist(self._certificate_header)}
        if len(said) != 1 or not self._is_proxy(_peer(scope)):
            return False
        return hmac.compare_digest(said.pop().encode(), certificate.casefold().encode())

    def _address(self, scope: Scope, headers: Headers) -> str:
        """The client's address: the last hop that is not a trusted proxy; for IPv6 its /64 (`2001:db8::/64`).

        Empty when that hop is not an IP address.
        """
        found = peer = _peer(scope)
        # Each proxy appends the peer that it saw, so the entries at the end are not the client's own text.
        hops = ",".join(headers.getlist(_FORWARDED_FOR)).split(",") if self._is_proxy(peer) else []
        for hop in reversed(hops):
            found = hop.strip()
            if not self._is_proxy(found):
                break
        address = _parsed(found)
        if isinstance(address, IPv6Address):
            return str(IPv6Network((address, _IPV6_PREFIX), strict=False))
        # The text is the client's own and must not become a key in memory.
        return str(address) if address is not None else ""

    def _is_proxy(self, text: str) -> bool:
        address = _parsed(text)
        return address is not None and any(address in network for network in self._proxies)


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """The IP address in a text such as `192.0.2.1`, `192.0.2.1:5678` or `[2001:db8::1]:5678`, without port.

    None for any other text. An IPv4 address that is mapped into IPv6 is given as IPv4.
    """
    if (bracketed := _BRACKETED.fullmatch(text)) is not None:
        text = bracketed[1]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
