"""What belongs to one request wherever it is worked on: its names, its deadline, its register calls.

The HTTP face sets it, the clients of the registers read it. It goes along into worker threads with the
context that they run in. Outside a request (at a start, in a sweep) there is none.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class RequestContext:
    """`headers` go along with every register call; `deadline` is on the clock of `time.monotonic`.

    `calls` gets the seconds of each register call, from any thread. `writing` becomes true with the first
    register call that changes something: from then on the deadline no longer counts, because a write that
    is stopped halfway is worse than one that comes late. `admitted` names the registers that have taken a
    call of it. `most_calls` is how many calls it may make, `begun` how many it has begun with.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    deadline: float = math.inf
    writing: bool = False
    calls: list[float] = field(default_factory=list)
    admitted: set[str] = field(default_factory=set)
    most_calls: int = sys.maxsize
    begun: int = 0

    def seconds_left(self) -> float:
        """Until the deadline; never less than nothing, without end once the request writes."""
        return math.inf if self.writing else max(0.0, self.deadline - time.monotonic())


_current: ContextVar[RequestContext | None] = ContextVar("request", default=None)


def current() -> RequestContext | None:
    """That of the request which this code is run for, if there is one."""
    return _current.get()


def begin(context: RequestContext) -> None:
    """From here on, and in everything that is started from here, this is the request."""
    _current.set(context)
