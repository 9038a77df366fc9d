"""The phase in which the target answers: a plain proxy to it, below KlantBrug's own addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import parse_qsl, quote, urlsplit

from adapter.errors import RegisterAnswer
from adapter.registers.messages import Parameters, Received
from adapter.registers.renaming import renamed, uuids_within

KEPT = ("Content-Type", "Location", "ETag", "Content-Language", "API-version")
"""The headers of an answer that are passed on; the others are KlantBrug's own."""
UNKNOWN_TOKEN, REFUSED = 401, 400


Into = Callable[[Iterable[str]], Mapping[str, str]]
"""Gives uuid → what has become of it, of those of some uuids that a move has merged."""


class Target(Protocol):
    """What is asked of the client of the target; see `adapter.registers.client.Register`."""

    name: str
    aliases: tuple[str, ...]

    def relay(
        self,
        method: str,
        path: str,
        *,
        params: Parameters = (),
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Received: ...


@dataclass(frozen=True, slots=True)
class Passed:
    """A request that is passed on.

    path: below the base (`partijen/{uuid}`), as it was sent. query: without its question mark.
    base: the public URL under which it was asked, without a slash at the end.
    """

    method: str
    path: str
    query: str
    base: str
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Forward:
    """Has the target answer requests; the addresses of its resources become public ones, and back."""

    def __init__(self, target: Target, public: Sequence[str], into: Into = lambda _: {}) -> None:
        """`public` are the public URLs of this deployment, without a slash at the end."""
        self._target, self._into = target, into
        own = [each.rstrip("/") for each in target.aliases]
        self._theirs = own[0]
        self._public = _turning(public)
        self._own = _turning(own)
        self._origins = tuple(dict.fromkeys(_origin(each) for each in own))

    def __call__(self, asked: Passed) -> Received:
        """The answer of the target. Raises RegisterUnavailable and RegisterAnswer."""
        asked = self._merged(asked)
        method = "GET" if asked.method == "HEAD" else asked.method
        received = self._target.relay(
            method,
            quote(asked.path, safe="/"),
            params=[
                (name, self._public(value.encode("utf-8", "replace"), self._theirs).decode())
                for name, value in parse_qsl(asked.query, keep_blank_values=True)
            ],
            headers=asked.headers,
            body=asked.body or None,
        )
        if received.status == UNKNOWN_TOKEN:
            # The client's own token is right: it is KlantBrug's that the target does not know.
            raise RegisterAnswer(self._target.name)
        headers = {name: received.headers[name] for name in KEPT if name in received.headers}
        if location := headers.get("Location"):
            headers["Location"] = self._own(location.encode(), asked.base).decode()
        body = self._own(received.body, asked.base)
        if received.status >= REFUSED:
            body = self._explained(body, asked.base)
        return Received(received.status, headers, body)

    def _merged(self, asked: Passed) -> Passed:
        """A request that names the oldest where it named what was merged into it.

        What is to be deleted is never another than the one that was named.
        """
        body = asked.body.decode("utf-8", "surrogateescape")
        names = self._into(uuids_within((asked.path, asked.query, body)))
        if not names:
            return asked
        return replace(
            asked,
            path=asked.path if asked.method == "DELETE" else renamed(asked.path, names),
            query=renamed(asked.query, names),
            body=renamed(body, names).encode("utf-8", "surrogateescape"),
        )

    def _explained(self, body: bytes, base: str) -> bytes:
        """An error of the target; the address that explains it is below the name of its server."""
        for each in self._origins:
            body = body.replace(b'"%b/' % each.encode(), b'"%b/' % _origin(base).encode())
        return body


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _turning(bases: Sequence[str]) -> Callable[[bytes, str], bytes]:
    """A function that puts another base in the place of these, wherever a URL in a text begins with one.

    In the links to other pages the filters hold URLs too, encoded with percent signs.
    """
    longest = sorted(bases, key=len, reverse=True)
    plain = re.compile(b'(?:%b)(?=[/?"]|$)' % b"|".join(re.escape(it.encode()) for it in longest))
    within = re.compile(b'(?:%b)(?=%%2[Ff]|[&"]|$)' % b"|".join(re.escape(_quoted(it)) for it in longest))

    def turned(text: bytes, base: str) -> bytes:
        # As functions, since a base may hold what a replacement would be read as.
        text = plain.sub(lambda _: base.encode(), text)
        return within.sub(lambda _: _quoted(base), text) if b"%3A" in text else text

    return turned


def _quoted(base: str) -> bytes:
    return quote(base, safe="").encode()
