"""Requests to registers and their answers, independent of the HTTP client."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from adapter.errors import RegisterUnavailable

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sent:
    """A request: `path` is relative to the register's base URL, `body` the bytes that are sent."""

    method: str
    path: str
    params: Parameters
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """An answer as it was received; the names of headers compare without regard to case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with status 2xx or 4xx; `body` is a dict or a list, None when the answer has no body."""

    status: int
    body: Any


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call that ended, as observers see it; `status` is 0 when there was no answer.

    `seconds` is the time from the first byte that was sent to the last that was read; it does not include
    the wait for a place.
    """

    register: str
    method: str
    path: str
    status: int
    seconds: float


Observer = Callable[[Exchange], None]


class CallSpan(Protocol):
    """The span of one call; its `headers` go with the call, so that the register continues the trace."""

    headers: Mapping[str, str]

    def end(self, status: int) -> None:
        """The call ended; `status` is 0 when there was no answer."""


Tracer = Callable[[str, Sent], CallSpan]
"""Begins the span of a call to the register with this name."""


class Mode(StrEnum):
    """What happens to an exchange that breaks the contract."""

    OFF = "off"
    LOG = "log"
    REFUSE = "refuse"


class Contract(Protocol):
    """Checks both halves of an exchange. Both methods may raise RegisterAnswer to end it."""

    def request(self, sent: Sent) -> None:
        """Called before a request is sent."""

    def answer(self, sent: Sent, received: Received) -> None:
        """Called with every answer below 500 that is JSON or empty."""


class NotSent(RegisterUnavailable):
    """Nothing of the request reached the register: it refused the connection, or was not called at all."""


class RegisterFault(RegisterUnavailable):
    """The register answered with a server error (5xx), or asked to come back (408, 425, 429)."""

    def __init__(self, register: str, status: int, retry_after: int) -> None:
        super().__init__(register, retry_after)
        self.status = status
