"""The open writes of the journal as lines of text: names, numbers and times, never a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from adapter.state.journal import TURNED, OpenWrite, Step
from adapter.state.opening import State

_WORDS = {
    "make": "POST to",
    "change": "PATCH in",
    "put": "PUT in",
    "drop": "DELETE in",
    "delete": "DELETE in",
}


def open_writes(state: State) -> Iterator[str]:
    """A line for each write that is not closed, followed by an indented line for each of its steps."""
    writes = state.journal.all()
    abandoned = {each.id for each in state.journal.abandoned(writes)}
    for write in writes:
        yield from open_write(write, busy=write.id not in abandoned)


def open_write(write: OpenWrite, *, busy: bool) -> Iterator[str]:
    """A line for the write, followed by an indented line for each of its steps.

    `busy` is whether a process is working on it.
    """
    yield _write(write, busy=busy)
    for step in write.steps:
        if step["do"] in _WORDS:
            yield f"  {_step(step)}"


def _write(write: OpenWrite, *, busy: bool) -> str:
    began = dt.datetime.fromtimestamp(write.started, dt.UTC).isoformat(timespec="seconds")
    who = "a process is busy with it" if busy else "left behind"
    how = "to be finished" if write.state == TURNED else "to be undone unless it is finished"
    return f"{write.id} {write.operation}, begun {began}, {who}, {how}"


def _step(step: Step) -> str:
    collection = step["path"].partition("/")[0]
    sure = step.get("sure") if not step.get("ahead") else None
    answered = "" if sure is None else ", answered" if sure else ", not answered"
    failed = ", could not be undone yet" if step.get("failed") else ""
    ahead = ", still to be sent" if step.get("ahead") else ""
    return f"{_WORDS[step['do']]} {step['register']}/{collection}{answered}{ahead}{failed}"
