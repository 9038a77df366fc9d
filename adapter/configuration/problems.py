"""Problems with a configuration. Their text repeats no value, since any value may be a secret."""

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConfigurationProblem:
    """One problem: its line and column, the dotted name (`klantbrug.tokens.0.name`), and how to fix it.

    Lines and columns count from 1; 0 stands for none.
    """

    line: int
    name: str
    reason: str
    column: int = 0

    def __str__(self) -> str:
        column = f", column {self.column}" if self.column else ""
        place = f"line {self.line}{column}: " if self.line else ""
        return f"{place}{self.name}: {self.reason}" if self.name else f"{place}{self.reason}"


class ConfigurationInvalid(Exception):
    """The configuration cannot be used; `problems` are all problems, in the order of the file."""

    def __init__(self, problems: Iterable[ConfigurationProblem]) -> None:
        self.problems = tuple(sorted(set(problems), key=lambda it: (it.line, it.column, it.name)))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(name: str, known: Collection[str]) -> str | None:
    """The known name that is most similar to `name`, apart from case; None when none is similar."""
    by_looks = {str(each).casefold(): str(each) for each in known}
    near = difflib.get_close_matches(name.casefold(), by_looks, 1)
    return by_looks[near[0]] if near else None


def suggestion(name: str, known: Collection[str]) -> str:
    """`; did you mean …?` with the known name that is similar to a wrong one; "" when none is."""
    near = nearest(name, known)
    return f"; did you mean {near}?" if near else ""
