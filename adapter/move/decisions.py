"""What a municipality decides about what the target cannot hold as it is, in a file beside the book."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from adapter.move.target import Target

STOP, REMEDY, MERGE = "stop", "remedy", "merge"
KEEP, GENERATE = "keep", "generate"
DANGLING, TOO_LONG, UNREADABLE = "dangling", "too_long", "unreadable"
"""Rules for every table: a reference to nothing, a text that does not fit, a value that is none."""

_KNOWN = ("rules", "numbers", "keep_in_metadata")
FILE = "decisions.yaml"

EXAMPLE = """\
# What becomes of what the target cannot hold as it is. `klantbrug move check` says what is to be decided.
# rules: each is `stop` (nothing is written while something breaks it) or `remedy` (what check says happens);
# those of an identificator can be `merge` (the partijen that have it become one, the oldest).
rules: {}
# numbers: keep (as they are; what has none gets none where the target allows it) or generate (each gets one).
numbers: keep
# Members of a klantcontact that the target has no place for, to be kept in its metadata.
keep_in_metadata: []
"""


class DecisionsInvalid(Exception):
    """A file of decisions cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of a move."""

    rules: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    numbers: str = KEEP
    keep_in_metadata: tuple[str, ...] = ()

    def of(self, rule: str, *, decide: bool) -> str:
        """What is decided about a rule; by default a rule that asks for a decision stops."""
        return self.rules.get(rule, STOP if decide else REMEDY)

    def shown(self) -> dict[str, Any]:
        """As in the file."""
        return {
            "rules": dict(self.rules),
            "numbers": self.numbers,
            "keep_in_metadata": list(self.keep_in_metadata),
        }


def rules_of(target: Target) -> tuple[str, ...]:
    """The names of all rules about which something can be decided."""
    own = (*(each.name for each in target.uniques), *(each.name for each in target.checks))
    return (*own, DANGLING, TOO_LONG, UNREADABLE)


def read_decisions(file: Path, target: Target) -> Decisions:
    """The decisions in a file, or the defaults when there is none. Raises DecisionsInvalid."""
    if not file.exists():
        return Decisions()
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError, OSError):
        raise DecisionsInvalid(f"{file} is no YAML file that can be read") from None
    if not isinstance(raw, dict):
        raise DecisionsInvalid(f"{file} is not a list of names with values")
    for name in raw:
        _one_of(file, str(name), _KNOWN)
    rules = raw.get("rules") or {}
    if not isinstance(rules, dict):
        raise DecisionsInvalid(f"{file}: rules has a name and a value on each line")
    for name, value in rules.items():
        _one_of(file, f"{name}", rules_of(target), "rules: ")
        merge = (MERGE,) if any(each.merge for each in target.uniques if each.name == name) else ()
        _one_of(file, f"{value}", (STOP, REMEDY, *merge), f"rules: {name}: ")
    numbers = raw.get("numbers", KEEP)
    _one_of(file, f"{numbers}", (KEEP, GENERATE), "numbers: ")
    kept = raw.get("keep_in_metadata") or []
    lost = {name for members in target.not_stored.values() for name in members}
    for name in kept:
        _one_of(file, f"{name}", sorted(lost), "keep_in_metadata: ")
    return Decisions(MappingProxyType(dict(rules)), numbers, tuple(kept))


def _one_of(file: Path, value: str, known: Collection[str], where: str = "") -> None:
    if value not in known:
        raise DecisionsInvalid(f"{file}: {where}{value} is none of {', '.join(known)}")
