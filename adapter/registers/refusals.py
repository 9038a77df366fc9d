"""The calls that a register refuses to KlantBrug itself, with 401 or 403."""

from __future__ import annotations

from adapter.logs import logger
from adapter.registers.messages import Sent

REFUSED = frozenset({401, 403})

log = logger("klantbrug.registers")


class Refusals:
    """The calls, as (method, collection), of which the last one was refused. Threads may share it."""

    def __init__(self, register: str) -> None:
        self._register = register
        self._calls: set[tuple[str, str]] = set()

    def __bool__(self) -> bool:
        return bool(self._calls)

    def heard(self, sent: Sent, status: int) -> None:
        """Note the status of an answer; a refusal is logged."""
        method, collection = sent.method, sent.path.partition("/")[0]
        if status in REFUSED:
            self._calls.add((method, collection))
            log.warning(
                "register_refused",
                register=self._register,
                method=method,
                collection=collection,
                status=status,
                request_id=sent.headers.get("X-Request-Id", ""),
            )
        elif self._calls:
            self._calls.discard((method, collection))
