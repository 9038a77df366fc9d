"""A stand-in for a logbook: it takes records in the JSON form of OTLP, and can be told not to."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.posts import Answer, taking_posts

PREFIX = "dpl.core."


@dataclass
class Book:
    """What came in: `exports` are the records of each request that was confirmed.

    `answers` is (status, body) of the next requests; `headers` are those of the last one.
    """

    url: str
    exports: list[list[dict[str, Any]]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    answer: tuple[int, bytes] = (200, b'{"partialSuccess":{}}')

    @property
    def records(self) -> list[dict[str, Any]]:
        """All records, with their attributes as a dict, `dpl.core.` left out of the names."""
        return [each for export in self.exports for each in export]

    def receive(self, body: bytes) -> None:
        """Keep the records of a request."""
        self.raw.append(body.decode())
        found = [
            span
            for resource in json.loads(body)["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        ]
        for each in found:
            pairs = [(pair["key"], pair["value"]["stringValue"]) for pair in each["attributes"]]
            each["attributes"] = {key.removeprefix(PREFIX): value for key, value in pairs}
        self.exports.append(found)

    def wait_for(self, number: int, name: str = "") -> list[dict[str, Any]]:
        """The records of an operation, once there are so many; those of a read may come after its answer."""
        until = time.monotonic() + 20
        while len(found := [each for each in self.records if name in ("", each["name"])]) < number:
            assert time.monotonic() < until, [each["name"] for each in self.records]
            time.sleep(0.02)
        return found

    def forget(self) -> None:
        """Begin with an empty book that takes everything."""
        self.answer = (200, b'{"partialSuccess":{}}')
        self.exports.clear()
        self.raw.clear()


@contextmanager
def keeping() -> Iterator[Book]:
    """A logbook at a free port, as long as the context lasts."""

    found = Book("")

    def answer(_path: str, headers: Any, body: bytes) -> Answer:
        found.headers = {name.lower(): value for name, value in headers.items()}
        status, content = found.answer
        if status == 200 and b"rejectedSpans" not in content:
            found.receive(body)
        return status, "application/json", content

    with taking_posts(answer) as url:
        found.url = f"{url}/v1/traces"
        yield found
