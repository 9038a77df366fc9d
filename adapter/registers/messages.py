"""What goes to a register and what comes back, apart from how."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from adapter.errors import RegisterUnavailable

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request: `path` relative to the register's base, `body` as the bytes on the wire."""

    method: str
    path: str
    params: Parameters
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as it came; header names compare without case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a register answered: 2xx or 4xx, and the JSON of its body (None when there is none)."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class Exchange:
    """One finished call, for who counts it; `status` is 0 when there was no answer.

    `seconds` runs from the first byte sent to the last one read, without the wait for a free connection.
    """

    register: str
    method: str
    path: str
    status: int
    seconds: float


Observer = Callable[[Exchange], None]


class Contract(Protocol):
    """Checks both halves of an exchange; either may raise RegisterAnswer to end it."""

    def request(self, sent: Sent) -> None:
        """Called before sending."""

    def answer(self, sent: Sent, received: Received) -> None:
        """Called with every answer that is JSON or empty, below 500."""


class RegisterFault(RegisterUnavailable):
    """The register itself answered with a server error, or asked for patience: `status` says which."""

    def __init__(self, register: str, status: int, retry_after: int) -> None:
        super().__init__(register, retry_after)
        self.status = status
