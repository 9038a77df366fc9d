"""What takes back a write that stops halfway: each call that was made, the last one first.

A call that was refused made nothing. One without an answer is left as it is: it may have been done or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from adapter.counts import Counts
from adapter.errors import AdapterError

Record = Mapping[str, Any]
# (method, path, body) → the call that is made.
Send = Callable[[str, str, Any], Any]
# Of a record, what it is called and what comes along; a body has none of it.
OWN = ("uuid", "url", "_expand")


@dataclass(slots=True)
class Undoing:
    """The calls that take back what was done; threads may add to it."""

    steps: list[Callable[[], Any]] = field(default_factory=list)

    def done(self, send: Send, method: str, path: str, body: Any, former: Record | None) -> None:
        """Note a call that was done: of what is changed or deleted, `former` is how it was.

        path: of a record that was made, its own.
        """
        match method:
            case "POST":
                self.steps.append(lambda: send("DELETE", path, None))
            case "PATCH" if former is not None:
                before = {name: plain(former.get(name)) for name in body}
                self.steps.append(lambda: send("PATCH", path, before))
            case "DELETE" if former is not None:
                again = {name: plain(value) for name, value in former.items() if name not in OWN}
                self.steps.append(lambda: send("POST", path.rpartition("/")[0], again))

    @contextmanager
    def whole(self, counts: Counts) -> Iterator[None]:
        """A write that is done as a whole or not at all; what cannot be taken back is counted."""
        try:
            yield
        except BaseException:
            while self.steps:
                try:
                    self.steps.pop()()
                except AdapterError:
                    counts.add("reverse_not_taken_back")
            raise
        self.steps.clear()


def plain(value: Any) -> Any:
    """A value as it is written: of a reference, the uuid alone."""
    if isinstance(value, Mapping):
        if {"uuid", "url"} <= set(value):
            return {"uuid": value["uuid"]}
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value
