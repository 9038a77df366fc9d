"""What an answer of a register is: JSON to go on with, or a fault of the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from adapter.errors import RegisterAnswer
from adapter.registers.messages import Answer, Received, RegisterFault

# The client is to repeat its request later.
COME_BACK = frozenset({408, 425, 429})
NO_CONTENT = frozenset({204, 205})
# In seconds.
LONGEST_RETRY = 300


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges the answers of one register.

    retry_after: the seconds after which a request may come back, when the register says nothing of it.
    """

    register: str
    retry_after: int

    def check(self, received: Received) -> None:
        """Raise RegisterFault for 5xx, 408, 425 and 429, RegisterAnswer for a redirect or no JSON."""
        status = received.status
        if status >= 500 or status in COME_BACK:
            raise RegisterFault(self.register, status, self._retry_after(received.headers))
        if status in NO_CONTENT and not received.body:
            return
        if status < 200 or 300 <= status < 400 or "json" not in received.headers.get("Content-Type", ""):
            raise RegisterAnswer(self.register)

    def answer(self, received: Received) -> Answer:
        """What an answer says. Raises what `check` raises, and RegisterAnswer for JSON without members."""
        self.check(received)
        if received.status in NO_CONTENT and not received.body:
            return Answer(received.status, None)
        try:
            body = orjson.loads(received.body)
        except orjson.JSONDecodeError:
            raise RegisterAnswer(self.register) from None
        if not isinstance(body, dict | list):
            raise RegisterAnswer(self.register)
        return Answer(received.status, body)

    def _retry_after(self, headers: Mapping[str, str]) -> int:
        asked = headers.get("Retry-After", "")
        said = asked.isascii() and asked.isdigit()
        return min(int(asked), LONGEST_RETRY) if said else self.retry_after
