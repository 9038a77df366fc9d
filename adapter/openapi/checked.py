"""What a check of outside data gives: the usable part, and everything that is wrong with the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# The member under which problems of a whole object are named.
WHOLE = "nonFieldErrors"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a request, in the form of the ZGW standard's `invalidParams`.

    `name` is a dotted path (`group.member`, `list.0.uuid`) or a
    parameter's name. `reason` is meant for the client only: it may repeat a value, so it is never logged.
    """

    name: str
    code: str
    reason: str

    def below(self, prefix: str) -> Problem:
        """The same problem, seen from the group `prefix` that holds it."""
        return Problem(f"{prefix}.{self.name}", self.code, self.reason) if prefix else self


@dataclass(frozen=True, slots=True)
class Checked:
    """A body after validation.

    `value` holds only writable members that were sent and are valid, coerced to their type; `problems` the
    rest, in the order of the schema. Both are filled at once, so that a later layer can add problems of its
    own and answer all of them together. `rejected` keeps, by the problem's name, what was sent for a refused
    member (as text where it could be read as text): for a rule that has something to say about it too, and
    to recognise a value that a client sends back as it was served.
    """

    value: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    rejected: Mapping[str, Any] = field(default_factory=dict)
