"""The public URL under which a request was asked, for the links in its answer."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

_FORWARDED_HOST = "X-Forwarded-Host"
_FORWARDED_PROTOCOL = "X-Forwarded-Proto"
_PORTS = {"http": "80", "https": "443"}


class Bases:
    """The public URLs of a deployment, the first of which is for whoever did not ask under one.

    A host that is none of theirs is never repeated: whoever sends a request can write what it likes there.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        self.first = urls[0].rstrip("/") if urls else ""
        self._by_host: dict[str, dict[str, str]] = {}
        for url in urls:
            parts = urlsplit(url)
            schemes = self._by_host.setdefault(_host(parts.netloc, parts.scheme), {})
            schemes.setdefault(parts.scheme, url.rstrip("/"))
        self._one = len(urls) < 2

    def asked(self, scope: Scope, headers: Headers, *, by_proxy: bool) -> str:
        """The public URL with the host, and if possible the protocol, that the request was sent to.

        `by_proxy` is whether it came from a trusted proxy, of which X-Forwarded-Host and X-Forwarded-Proto
        are believed; of several values the first is that of the outermost proxy.
        """
        if self._one:
            return self.first
        host, scheme = headers.get("host", ""), scope.get("scheme", "http")
        if by_proxy:
            host = _first(headers.get(_FORWARDED_HOST)) or host
            scheme = _first(headers.get(_FORWARDED_PROTOCOL)).lower() or scheme
        found = self._by_host.get(_host(host, scheme), {})
        return found.get(scheme) or next(iter(found.values()), self.first)


def _first(header: str | None) -> str:
    return (header or "").partition(",")[0].strip()


def _host(netloc: str, scheme: str) -> str:
    """The host in small letters, with its port unless that is the usual one of the protocol."""
    host, _, port = netloc.lower().rpartition(":")
    return host if host and port == _PORTS.get(scheme) else netloc.lower()
