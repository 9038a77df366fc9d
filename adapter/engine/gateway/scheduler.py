"""Reads that go on side by side: what all of them ask the registers next is asked in one round.

A read is a generator. It yields what it has to know next, and goes on when that is known; `yield from` makes
one read of several, one after the other, and `gather` lets several go on at the same pace. So nothing has to
say beforehand what a read will ask: the round is what all of them wait for.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from adapter.engine.gateway.scan_bound import ScanTooLong


class Source(Protocol):
    """What knows which register calls answer questions."""

    def calls(self, asked: Sequence[Asked]) -> Iterable[Call]: ...


@dataclass(slots=True, eq=False)
class Asked:
    """A question of one read, to a source; after its round `done`, with the `answer` or the `error`."""

    source: Source
    question: Any
    done: bool = False
    answer: Any = None
    error: ScanTooLong | None = None


@dataclass(slots=True, eq=False)
class Call:
    """One register call: how to make it, how to file what it gives, and the questions that it answers."""

    make: Callable[[], Any]
    file: Callable[[Any], None]
    asked: list[Asked]


type Read[T] = Generator[list[Asked], None, T]
"""Yields what it asks in a round; returns what it has read."""


def ask(source: Source, questions: Iterable[Any]) -> Read[list[Any]]:
    """The answers to some questions, asked in one round; ScanTooLong when one of them comes to that."""
    asked = [Asked(source, each) for each in questions]
    if asked:
        yield asked
    for each in asked:
        if each.error is not None:
            raise each.error
    return [each.answer for each in asked]


def gather[T](reads: Iterable[Read[T]]) -> Read[list[T]]:
    """Let reads go on side by side; what each returned, in their order. What one raises, this raises."""
    going = dict(enumerate(reads))
    found: dict[int, T] = {}
    order = list(going)
    while going:
        asked: list[Asked] = []
        for number, read in list(going.items()):
            try:
                asked += next(read)
            except StopIteration as end:
                found[number] = end.value
                del going[number]
        if going:
            yield asked
    return [found[number] for number in order]


def first[T](reads: Sequence[Read[T]]) -> Read[T]:
    """What the first read returns that has nothing to ask; of the first of all when each has."""
    asked: list[list[Asked]] = []
    for read in reads:
        try:
            asked.append(next(read))
        except StopIteration as end:
            found: T = end.value
            return found
    yield asked[0]
    return (yield from reads[0])


def unasked[T](read: Read[T]) -> T | None:
    """What a read returns when it has nothing to ask; else None, and nothing is asked."""
    try:
        next(read)
    except StopIteration as end:
        found: T = end.value
        return found
    return None


def first_round(read: Read[Any]) -> Read[None]:
    """No more than the first round of a read: what that asks is known afterwards."""
    for asked in read:
        yield asked
        return


@dataclass(slots=True, eq=False)
class Shared[T]:
    """A read for which several others wait side by side: it goes on when the first of them does."""

    _read: Read[T]
    _asked: list[Asked] = field(default_factory=list)
    _goes_on: bool = False
    _ended: list[T] = field(default_factory=list)
    _error: BaseException | None = None

    def wait(self) -> Read[T | None]:
        """What it returns, or raises; None for one that waits for itself."""
        while not self._ended:
            if self._error is not None:
                raise self._error
            if self._goes_on:
                return None
            if all(each.done for each in self._asked):
                self._goes_on = True
                try:
                    self._asked = next(self._read)
                except StopIteration as end:
                    self._ended.append(end.value)
                    break
                except BaseException as error:
                    self._error = error
                    raise
                finally:
                    self._goes_on = False
            yield self._asked
        return self._ended[0]


def run[T](read: Read[T], together: Callable[[Sequence[Callable[[], Any]]], list[Any]]) -> T:
    """What a read returns; the calls of each of its rounds are made by `together`, side by side.

    A ScanTooLong is raised in the reads that asked for it, which may have another way. Any other error of a
    call ends them all.
    """
    while True:
        try:
            asked = next(read)
        except StopIteration as end:
            found: T = end.value
            return found
        by_source: dict[Source, list[Asked]] = {}
        for each in asked:
            by_source.setdefault(each.source, []).append(each)
        calls = [call for source, own in by_source.items() for call in source.calls(own)]
        outcomes = together([partial(_outcome, call.make) for call in calls])
        for call, outcome in zip(calls, outcomes, strict=True):
            if isinstance(outcome, ScanTooLong):
                for each in call.asked:
                    each.error = outcome
        for call, outcome in zip(calls, outcomes, strict=True):
            # a part of an answer of which another part failed would be taken for the whole
            if any(each.error is None for each in call.asked):
                call.file(outcome)
                for each in call.asked:
                    each.answer = outcome
        for each in asked:
            each.done = True


def _outcome(make: Callable[[], Any]) -> Any:
    try:
        return make()
    except ScanTooLong as too_long:
        return too_long
