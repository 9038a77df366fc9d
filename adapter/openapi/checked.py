"""The result of validating a body: the valid part and all problems with the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from adapter.openapi import reasons

# The name of a problem that concerns an object as a whole, as Django REST framework has it.
WHOLE = "nonFieldErrors"
# A bound on the length of an answer, which a client could otherwise make arbitrarily long.
MOST_PROBLEMS = 100
MORE = "more-problems"
LONGEST_NAME, LONGEST_REASON = 500, 2000


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem with a request: an item of `invalidParams` in an error of the ZGW standard.

    name: a dotted path into the body (`group.member`, `list.0.uuid`) or the name of a parameter.
    code: `required`, `max_length`, …
    reason: the sentence for the client. It may repeat a value that was sent, so it is never logged.
    place: the path of what is wrong where that differs from the name: `list.0` for an item that is reported
        under the name of its list.
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
        """The same problem with paths that begin at the object that holds the group `prefix`."""
        if not prefix:
            return self
        place = self.place and f"{prefix}.{self.place}"
        return Problem(f"{prefix}.{self.name}", self.code, self.reason, place)

    def within(self, prefix: str) -> Problem:
        """The same problem with paths that begin in the group `prefix`; the reverse of `below`."""
        cut = f"{prefix}."
        return replace(self, name=self.name.removeprefix(cut), place=self.place.removeprefix(cut))

    def cut(self) -> Problem:
        """The same problem with a name and reason of bounded length; both may repeat what was sent."""
        if len(self.name) <= LONGEST_NAME and len(self.reason) <= LONGEST_REASON:
            return self
        return Problem(_cut(self.name, LONGEST_NAME), self.code, _cut(self.reason, LONGEST_REASON))


def bounded(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The first MOST_PROBLEMS problems; the last of them says that there are more, if there are."""
    shown = tuple(islice(problems, MOST_PROBLEMS + 1))
    if len(shown) > MOST_PROBLEMS:
        shown = (*shown[: MOST_PROBLEMS - 1], Problem(WHOLE, MORE, reasons.more_problems(MOST_PROBLEMS)))
    return tuple(each.cut() for each in shown)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class Checked:
    """A body after validation.

    value: the writable members that were sent and are valid, coerced to their type.
    problems: what is wrong with the others, in the order of the schema. There may be a value and problems, so
        that later checks can add theirs and the client gets all of them in one answer.
    rejected: the invalid values by the name of their problem, trimmed if they are text. A value that the
        client read from this API and sends back is accepted after all, although it is invalid.
    more: whether validation stopped because there were too many problems; then `value` is incomplete.
    """

    value: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    rejected: Mapping[str, Any] = field(default_factory=dict)
    more: bool = False
