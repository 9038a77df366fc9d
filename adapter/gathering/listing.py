"""What is held, as numbers and as lines of text: uuids, phases, ages and names of members, never a value."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from adapter.gathering.doubles import Doubles
from adapter.gathering.kept import ASKED, NEVER, PARKED, PHASES, Hold, all_holds
from adapter.state.database import Database


@dataclass(frozen=True, slots=True)
class InPhase:
    """The contacts in a phase: how many, and since when the oldest, in seconds since 1970.

    That is when it was asked for, in the phase ASKED, and otherwise when it was made.
    """

    number: int
    oldest: float


def by_phase(database: Database) -> dict[str, InPhase]:
    """The contacts that are held in each phase. Raises StateUnavailable."""
    with database.transaction() as transaction:
        rows = transaction.run(
            "SELECT phase, count(*), min(CASE WHEN phase=? THEN asked ELSE made END)"
            " FROM holds GROUP BY phase",
            (ASKED,),
        )
    found = {str(phase): InPhase(int(number), float(oldest)) for phase, number, oldest in rows}
    return {phase: found.get(phase, InPhase(0, NEVER)) for phase in PHASES}


def held_lines(database: Database) -> Iterator[str]:
    """A line for each phase in which contacts are held, for each key that seals some, and for some contacts.

    That are those that wait for somebody: the parked ones, those of which it is not known whether their
    record was made, and those of which the register has a second record.
    """
    doubles = Doubles(database).open()
    for phase, those in by_phase(database).items():
        if those.number:
            yield f"contacts {phase}: {those.number}, the oldest since {_instant(those.oldest)}"
    holds = all_holds(database)
    keys = Counter(each.key for each in holds)
    yield from (f"contacts sealed with key {name}: {number}" for name, number in sorted(keys.items()))
    reasons = Counter(name for each in holds if each.phase == PARKED for name in each.reason.split(", "))
    yield from (f"contacts refused for {name}: {number}" for name, number in sorted(reasons.items()))
    for each in holds:
        if each.phase == PARKED:
            yield f"{each.contact} parked, made {_instant(each.made)}, refused: {each.reason}, {_tries(each)}"
        elif each.unsure != NEVER:
            when = f"sent {_instant(each.unsure)}, looked for at {_instant(each.due)}"
            yield f"{each.contact} {when}, {_tries(each)}"
    if doubles:
        yield f"records of a contact that has another one: {len(doubles)}"
    yield from (f"{each.record} doubles {each.contact}, found {_instant(each.found)}" for each in doubles)


def _tries(hold: Hold) -> str:
    return f"{hold.tries} failed attempt{'' if hold.tries == 1 else 's'}"


def _instant(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="seconds")
