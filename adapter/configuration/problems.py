"""What can be wrong with a configuration, said without repeating a value: it may be a secret."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class ConfigurationProblem:
    """One problem: the line (from 1, or 0 when there is none), the dotted name, and what to do about it."""

    line: int
    name: str
    reason: str

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.name}: {self.reason}" if self.name else f"{place}{self.reason}"


class ConfigurationInvalid(Exception):
    """The configuration cannot be used; `problems` are all of them, in the order of the file."""

    def __init__(self, problems: Iterable[ConfigurationProblem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))
