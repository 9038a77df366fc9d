"""The contract of a register for many exchanges: what was found right is not checked again."""

import re
from collections.abc import Iterator
from typing import Any

import orjson
from adapter.api.trail import REQUEST_ID
from adapter.registers.contract import RegisterContract
from adapter.registers.messages import Received, Sent

# What stands for one of its kind: to a contract all of them are alike. Moments are real ones, digits are
# counted, and a number is one that KlantBrug gives.
KINDS = {
    "uuid": re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "moment": re.compile(
        r"\b20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{1,6}(?=Z|\+00:00)"
    ),
    "fingerprint": re.compile(r"(?<=\")[0-9a-f]{16}(?=\")"),
    "number": re.compile(r"(?<=\")K[A-Z2-7]{7}(?=\")"),
    "version": re.compile(r"(?<=\"index\":)\d+"),
}


class CheckedOnce(RegisterContract):
    """Checks every exchange, unless the same was right before; what it reports to must raise.

    Nine in ten requests of a long run, and most of the answers, are repeats, and to check one costs more than
    the exchange itself. Which uuid stands somewhere makes no difference to a contract, nor what the request
    is called; and a page is right when it is without its records, and each of those was right on a page.
    """

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._right = set()

    def request(self, sent: Sent) -> None:
        """Check a request before it goes out."""
        headers = [(name, value) for name, value in sent.headers.items() if name != REQUEST_ID]
        content = _alike(sent.method, sent.path, sent.params, headers, sent.body)
        if content not in self._right:
            super().request(sent)
            self._right.add(content)

    def answer(self, sent: Sent, received: Received) -> None:
        """Check an answer."""
        names = sorted(received.headers)
        content_type = received.headers.get("Content-Type")
        about = (sent.method, sent.path, received.status, names, content_type)
        content = {_alike(*about, each) for each in _parts(received.body)}
        if not content <= self._right:
            super().answer(sent, received)
            self._right |= content


def _parts(body: bytes | None) -> Iterator[bytes | None]:
    """What an answer says; of a page what stands around its records, and each of them."""
    page = _json(body) if body and b'"results"' in body else None
    if not isinstance(page, dict) or not isinstance(page.get("results"), list):
        yield body
        return
    yield orjson.dumps({**page, "results": []})
    yield from map(orjson.dumps, page["results"])


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:
        return None


def _alike(*parts: object) -> int:
    found = repr(parts)
    for kind, pattern in KINDS.items():
        found = pattern.sub(kind, found)
    return hash(found)
