"""What a check of outside data gives: the usable part, and everything that is wrong with the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from adapter.openapi import reasons

# The member under which problems of a whole object are named.
WHOLE = "nonFieldErrors"
# No client reads more problems than this, and nobody can make it cost more to tell them.
MOST_PROBLEMS = 100
MORE = "more-problems"
LONGEST_NAME, LONGEST_REASON = 500, 2000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a request, in the form of the ZGW standard's `invalidParams`.

    `name` is a dotted path (`group.member`, `list.0.uuid`) or a
    parameter's name. `reason` is meant for the client only: it may repeat a value, so it is never logged.
    `place` is the path of what is wrong where that is not the name: the item of a list, told of the list.
    """

    name: str
    code: str
    reason: str
    place: str = ""

    @property
    def path(self) -> str:
        """Where in the body the problem is."""
        return self.place or self.name

    def below(self, prefix: str) -> Problem:
        """The same problem, seen from the group `prefix` that holds it."""
        if not prefix:
            return self
        place = self.place and f"{prefix}.{self.place}"
        return Problem(f"{prefix}.{self.name}", self.code, self.reason, place)

    def within(self, prefix: str) -> Problem:
        """The same problem, seen from inside the group `prefix`; the reverse of `below`."""
        cut = f"{prefix}."
        return replace(self, name=self.name.removeprefix(cut), place=self.place.removeprefix(cut))

    def cut(self) -> Problem:
        """The same problem, when what was sent makes its name or reason endless: only their beginning."""
        if len(self.name) <= LONGEST_NAME and len(self.reason) <= LONGEST_REASON:
            return self
        return Problem(_cut(self.name, LONGEST_NAME), self.code, _cut(self.reason, LONGEST_REASON))


def bounded(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """So many problems as are told, the last saying that there are more."""
    told = tuple(islice(problems, MOST_PROBLEMS + 1))
    if len(told) > MOST_PROBLEMS:
        told = (*told[: MOST_PROBLEMS - 1], Problem(WHOLE, MORE, reasons.more_problems(MOST_PROBLEMS)))
    return tuple(each.cut() for each in told)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class Checked:
    """A body after validation.

    `value` holds only writable members that were sent and are valid, coerced to their type; `problems` the
    rest, in the order of the schema. Both are filled at once, so that a later layer can add problems of its
    own and answer all of them together. `rejected` keeps, by the problem's name, what was sent for a refused
    member (as text where it could be read as text): for a rule that has something to say about it too, and
    to recognise a value that a client sends back as it was served. `more` says that the check was stopped
    because it had found more problems than are told: then nothing of the value can be used.
    """

    value: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    rejected: Mapping[str, Any] = field(default_factory=dict)
    more: bool = False
