"""Registers as a write sees them that is going to delete: without what goes.

Deletes are done last, since a record that is deleted cannot come back. Until then the rest of the write must
read as if they had been done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapter.engine.deployment import Register
from adapter.registers.messages import Answer

Going = set[tuple[str, str]]
NOTHING = Answer(404, {})


class WithoutPendingDeletes:
    """A register without the records in `going` (collection, uuid)."""

    def __init__(self, register: Register, going: Going) -> None:
        self._register, self._going = register, going
        self.name = register.name
        self.url, self.urls, self.identify = register.url, register.urls, register.identify

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None
    ) -> Answer:
        """As the register's own."""
        if not self._going:
            return self._register.call(method, path, params=params, json=json)
        collection, _, uuid = path.partition("/")
        if method == "GET" and (collection, uuid) in self._going:
            return NOTHING
        answer = self._register.call(method, path, params=params, json=json)
        return Answer(answer.status, self._without(answer.body))

    def _without(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self._without(each) for each in node if not self._goes(each)]
        if isinstance(node, Mapping):
            return {name: self._without(each) for name, each in node.items()}
        return node

    def _goes(self, row: Any) -> bool:
        url = row.get("url") if isinstance(row, Mapping) else None
        if not isinstance(url, str):
            return False
        collection, _, uuid = url.rstrip("/").rpartition("/")
        return (collection.rpartition("/")[2], uuid.lower()) in self._going
