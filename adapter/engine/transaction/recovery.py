"""Take back a write that failed, or finish one that deletes: at once, or when the journal is swept."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from adapter.engine.deployment import Deployment
from adapter.engine.transaction.steps import (
    AHEAD,
    DELETE,
    MAKE,
    REMEMBER,
    TELL,
    Refused,
    delete,
    earlier,
    take_back,
)
from adapter.errors import AdapterError
from adapter.logs import logger
from adapter.state.errors import StateUnavailable
from adapter.state.fences import NAMES
from adapter.state.journal import TURNED, Made, OpenWrite, Step
from adapter.state.outbox import Message

# Each time another write on the same was left meanwhile.
ATTEMPTS = 8

log = logger("klantbrug.journal")


def take_all_back(deployment: Deployment, write: OpenWrite) -> list[Step]:
    """Take back the steps of a write, the last first; those that have to be tried again, in their order.

    Again because a register did not answer, or because it may yet do what it was asked. Companions go first,
    before the records that needed them. Those that were still ahead have done nothing.
    """
    left = []
    steps = [step for step in write.steps if not step.get(AHEAD)]
    order = sorted(range(len(steps)), key=lambda at: (bool(steps[at].get("companion")), at))
    for step in [steps[at] for at in reversed(order)]:
        try:
            done = take_back(deployment, write, step)
        except Refused as refused:
            _failed(deployment, refused)
            done = step["do"] != MAKE
        except AdapterError as error:
            _failed(deployment, error)
            step["failed"] = True
            done = False
        else:
            step.pop("failed", None)
        if not done:
            left.append(step)
    _bring_back_further(steps, left)
    return [step for step in steps if step in left]


def _bring_back_further(steps: list[Step], left: list[Step]) -> None:
    """Let steps that are tried again lead back to before those that are taken back by now.

    Prevents that a value which stood there before the write, and stands there again, is taken for what a
    later step of the write sent.
    """
    for number, step in enumerate(steps):
        if step not in left or "former" not in step:
            continue
        for each in reversed(steps[:number]):
            same = (each["register"], each["path"]) == (step["register"], step["path"])
            if same and "sent" in each and "former" in each and each not in left:
                step["former"] = earlier(step["former"], each)


def _failed(deployment: Deployment, error: AdapterError) -> None:
    log.warning("write_not_undone", error=type(error).__name__)
    deployment.count("undo_failed")


def _version(write: OpenWrite) -> tuple[str, float]:
    """A write as it was last saved."""
    return write.id, write.touched


@dataclass(frozen=True, slots=True)
class Recovery:
    """Finishes or undoes what processes left that died, and what could not be undone at the time.

    Several replicas may do this at once. A step that is not found is looked for until `world.settle` seconds
    after it was sent: a slow register may have got it.
    """

    deployment: Deployment

    def sweep(self, now: float) -> int:
        """Treat everything that nobody is busy with; how many writes are still open and abandoned then."""
        journal, left = self.deployment.state.journal, 0
        for write in journal.abandoned(journal.all()):
            left += not self.settle(write, now)
        journal.forget()
        return left

    @contextmanager
    def hold(
        self, stripes: Collection[int], besides: Collection[int] = ()
    ) -> Iterator[tuple[list[int], bool]]:
        """Hold locks, after finishing or undoing what was left of writes that concern the same.

        Gives the numbers of the locks, and whether there were any such writes. `besides` are locks that the
        caller holds by now. Raises StateUnavailable when a register does not let it.

        Prevents that this caller's values, when they are the same, are later taken for theirs and undone.
        It is looked for while the locks are held: whoever leaves a write holds its locks until then.
        """
        settled: set[tuple[str, float]] = set()
        met = False
        for _ in range(ATTEMPTS):
            with self.deployment.state.locks.hold_numbers(NAMES, stripes) as held:
                ahead = [each for each in self.in_the_way(stripes, besides) if _version(each) not in settled]
                if not ahead:
                    yield held, met
                    return
            met = True
            for write in ahead:
                found = _version(write)
                if not self.settle(write, time.time(), way=True):
                    raise StateUnavailable
                if _version(write) != found:
                    settled.add(_version(write))
        raise StateUnavailable

    def in_the_way(self, stripes: Collection[int], besides: Collection[int] = ()) -> list[OpenWrite]:
        """What was left of writes that concern the same; to be asked while these locks are held."""
        journal = self.deployment.state.journal
        # Those that concern `besides` too were treated when these were taken, and are as they were.
        return [
            write
            for write in journal.abandoned(journal.all())
            if not set(stripes).isdisjoint(write.stripes) and set(besides).isdisjoint(write.stripes)
        ]

    def settle(self, write: OpenWrite, now: float, *, way: bool = False) -> bool:
        """Finish or undo one abandoned write; whether nothing is left of it to do.

        To make `way`, only what may yet be made is left: that can be told from what others make.
        """
        journal = self.deployment.state.journal
        try:
            with self.deployment.state.locks.hold_numbers(NAMES, write.stripes):
                try:
                    return self._settle(write, now, way=way) if journal.take_over(write) else True
                finally:
                    journal.idle(write)
        except StateUnavailable:
            return False

    def _settle(self, write: OpenWrite, now: float, *, way: bool) -> bool:
        if write.state == TURNED:
            return self._finish(write)
        write.steps = [
            step
            for step in take_all_back(self.deployment, write)
            if step.get("failed")
            or step["sure"]
            or (now < step["at"] + self.deployment.settle and (step["do"] == MAKE or not way))
        ]
        if write.steps:
            self.deployment.state.journal.leave(write)
            return way and not any(step.get("failed") or step["sure"] for step in write.steps)
        self.deployment.state.journal.close(write, done=False)
        return True

    def _finish(self, write: OpenWrite) -> bool:
        remember: tuple[str, Made, float] | None = None
        tell: list[Message] = []
        for step in write.steps:
            try:
                if step["do"] == DELETE:
                    delete(self.deployment, step["register"], step["path"])
                elif step["do"] == REMEMBER:
                    remember = (step["request"], step["made"], step["until"])
                elif step["do"] == TELL:
                    tell += step["messages"]
            except AdapterError as error:
                log.warning("write_not_finished", error=type(error).__name__)
                self.deployment.count("finish_failed")
                self.deployment.state.journal.leave(write)
                return False
        self.deployment.state.journal.close(write, done=True, remember=remember, tell=tell)
        return True
