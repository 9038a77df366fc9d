"""The phase in which some of the reads are asked of the target too, after they were answered."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import parse_qsl

import orjson

from adapter import context
from adapter.context import RequestContext
from adapter.errors import AdapterError
from adapter.logs import kind_and_places, logger
from adapter.move.likeness import Answer, Comparison
from adapter.phases.forward import Forward, Passed

WAITING = 100
"""So many answers wait to be compared; what comes while they do is not compared."""
SECONDS, STOP_SECONDS = 60.0, 5.0
_CHANCE = Random()  # noqa: S311  (not a secret)

log = logger("klantbrug.phases")


@dataclass(frozen=True, slots=True)
class Answered:
    """A read that was answered: `resource` is its kind, `again` answers it once more."""

    asked: Passed
    resource: str
    status: int
    body: bytes = field(repr=False)
    again: Callable[[], tuple[int, bytes]]


class Shadow:
    """Compares answers with those of the target in a thread of its own; nobody waits for it.

    Differences are counted and logged by kind and member, never with a value. An answer that is different is
    asked of KlantBrug again: when that gives another answer than before, the data changed meanwhile, which
    is noise.
    """

    def __init__(
        self,
        forward: Forward,
        rules: Mapping[str, Any],
        share: float,
        count: Callable[[str], None],
    ) -> None:
        """`rules` are the known differences of the target, `share` is that of the reads, from 0 to 1."""
        self._ask, self._share, self._count = forward, share, count
        self._compare, self._open = Comparison(rules), frozenset(rules["keys"])
        self._waiting: queue.Queue[Answered | None] = queue.Queue(WAITING)
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="shadow", daemon=True)

    def wants_one(self) -> bool:
        """Whether the read that comes now is one of the share."""
        return _CHANCE.random() < self._share

    def put(self, answered: Answered) -> None:
        """Have an answer compared, unless too many wait."""
        try:
            self._waiting.put_nowait(answered)
        except queue.Full:
            self._count("shadow_skipped")

    def start(self) -> None:
        """Compare from now on."""
        self._thread.start()

    def close(self) -> None:
        """Compare no more."""
        self._stopping = True
        # A queue that is full wakes the thread too.
        with suppress(queue.Full):
            self._waiting.put_nowait(None)
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS)

    def _work(self) -> None:
        while (answered := self._waiting.get()) is not None and not self._stopping:
            context.begin(RequestContext(deadline=time.monotonic() + SECONDS))
            try:
                self._one(answered)
            except AdapterError:
                self._count(f"shadow_unanswered.{answered.resource}")
            except Exception as error:
                # The next comparison is to be made all the same.
                log.error("shadow_failed", **kind_and_places(error))  # noqa: TRY400

    def _one(self, answered: Answered) -> None:
        asked, resource = answered.asked, answered.resource
        theirs = self._ask(asked)
        ours = Answer(answered.status, orjson.loads(answered.body), asked.base)
        found = self._compare.of(resource, ours, Answer(theirs.status, orjson.loads(theirs.body), asked.base))
        self._count(f"shadow_asked.{resource}")
        for rule in found.ignored:
            self._count(f"shadow_known.{rule}")
        if not found.different:
            self._count(f"shadow_equal.{resource}")
        elif answered.again() != (answered.status, answered.body):
            self._count(f"shadow_noise.{resource}")
        else:
            places = list(dict.fromkeys(map(self._place, found.different)))
            for each in places:
                self._count(f"shadow_differs.{resource}.{each}")
            parameters = sorted({name for name, _ in parse_qsl(asked.query, keep_blank_values=True)})
            log.warning("shadow_differs", resource=resource, parameters=parameters, places=places)

    def _place(self, place: str) -> str:
        """A place in an answer without what is in members whose keys a client makes up."""
        parts = place.split(".")
        return ".".join(parts[: next((at + 1 for at, it in enumerate(parts) if it in self._open), None)])
