"""Who a request comes from: by its token or JWT, its certificate, its address."""

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
# One household or office has all addresses of such a network.
_IPV6_PREFIX = 64
_BRACKETED = re.compile(r"\[([^\[\]]+)\](?::\d+)?")


@dataclass(frozen=True, slots=True)
class Proxies:
    """The networks whose hosts are believed about who is behind them, and how they name a certificate."""

    networks: tuple[str, ...] = ()
    certificate_header: str = "X-SSL-Client-Fingerprint"


class Access:
    """Verifies callers. Guessing is slowed down per address; who shows a good token is not."""

    def __init__(self, tokens: Sequence[Token], proxies: Proxies, wrong_tokens: int) -> None:
        self._tokens = Tokens(token for token in tokens if not token.client_id)
        self._clients = SigningClients(tokens)
        self._attempts = Attempts(wrong_tokens)
        self._proxies = tuple(ip_network(each) for each in proxies.networks)
        self._certificate_header = proxies.certificate_header

    async def verified(self, scope: Scope, headers: Headers) -> Token:
        """The token; Unauthenticated, or TooManyAttempts for an address that tries too many wrong ones."""
        token = await self._shown(scope, headers)
        if token.expires is not None and time.time() >= token.expires:
            raise Unauthenticated(given=True)
        if token.certificate and not self._has_certificate(token.certificate, scope, headers):
            raise Unauthenticated(given=True)
        return token

    async def _shown(self, scope: Scope, headers: Headers) -> Token:
        header = headers.get("authorization")
        if self._clients and header is not None and header[:7].lower() == "bearer ":
            signed, presented = True, header[7:].strip()
        else:
            signed, presented = False, presented_token(header)
            # A wrong token that somebody goes on sending is a mistake, and no guess.
            if (known := self._tokens.remembered(presented)) is not None:
                return known
        address = self._address(scope, headers)
        wait = self._attempts.seconds_to_wait(address)
        try:
            if signed:
                return self._clients.verified(presented)
            return await self._tokens.verified(presented, suspect=wait > 0)
        except Unauthenticated:
            # Whether this one was wrong as well is not told to who has tried too many.
            if wait:
                raise TooManyAttempts(wait) from None
            self._attempts.failed(address)
            raise

    def _has_certificate(self, certificate: str, scope: Scope, headers: Headers) -> bool:
        """Whether a trusted proxy says so, with one voice: from anybody else the header means nothing."""
        said = {each.strip().casefold() for each in headers.getlist(self._certificate_header)}
        if len(said) != 1 or not self._is_proxy(_peer(scope)):
            return False
        return hmac.compare_digest(said.pop().encode(), certificate.casefold().encode())

    def _address(self, scope: Scope, headers: Headers) -> str:
        """The nearest address that is not a trusted proxy's; of IPv6 the network."""
        found = peer = _peer(scope)
        # A proxy adds to the header, or adds one of its own: what counts is what stands last.
        hops = ",".join(headers.getlist(_FORWARDED_FOR)).split(",") if self._is_proxy(peer) else []
        for hop in reversed(hops):
            found = hop.strip()
            if not self._is_proxy(found):
                break
        address = _parsed(found)
        if isinstance(address, IPv6Address):
            return str(IPv6Network((address, _IPV6_PREFIX), strict=False))
        # What is no address is not kept either: it may be any text.
        return str(address) if address is not None else ""

    def _is_proxy(self, text: str) -> bool:
        address = _parsed(text)
        return address is not None and any(address in network for network in self._proxies)


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """An address, perhaps with the port from which it came: `192.0.2.1:5678` or `[2001:db8::1]:5678`."""
    if (bracketed := _BRACKETED.fullmatch(text)) is not None:
        text = bracketed[1]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
