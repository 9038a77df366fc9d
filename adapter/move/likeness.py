"""Whether two servers answer a question alike, but for differences that are known and counted.

What is told of a difference is where it is and of which kind; never a value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import orjson

from adapter.registers.renaming import renamed

_UNDERSCORE = re.compile(r"_([a-z0-9])")
RESULTS, COUNT, UUID = "results", "count", "uuid"
SCAN_BOUND, UNLISTED, EXPAND = "scan_bound", "unlisted", "expand"
MOVING, REPEATED = "moving", "repeated"
LOST, NOT_TAKEN, MERGED = "lost", "not_taken", "merged"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, and the address below which its resources are."""

    status: int
    body: Any
    base: str


@dataclass(slots=True)
class Likeness:
    """The outcome of a comparison: `ignored` counts known differences, `different` says where others are."""

    ignored: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)


class Comparison:
    """Compares answers to one question; `rules` are the `ignored` of a target."""

    def __init__(
        self,
        rules: Mapping[str, Any],
        missing: Collection[str] = (),
        merged: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """`missing` are the uuids of what the target did not take; `merged` is kind → younger → oldest."""
        self._missing, self._merged = missing, merged or {}
        self._into = {uuid: oldest for pairs in self._merged.values() for uuid, oldest in pairs.items()}
        self._oldest = frozenset(self._into.values())
        self._rules = {
            name: frozenset([value] if isinstance(value, str) else value) for name, value in rules.items()
        }

    def of(self, resource: str, control: Answer, other: Answer) -> Likeness:
        """How an answer of another server compares with that of KlantBrug, the control."""
        found = Likeness()
        if control.status == 400 and _is_scan_bound(control.body):
            found.ignored[SCAN_BOUND] += 1
            return found
        if control.status != other.status:
            # Also the last page of a list that is shorter there.
            if _uuids(control.body) & set(self._missing) or (self._missing and _count(control.body)):
                found.ignored[NOT_TAKEN] += 1
                return found
            if resource in self._merged and _count(control.body):
                found.ignored[MERGED] += 1
                return found
            found.different.append(f"status {control.status} against {other.status}")
            return found
        ours = _without_base(control.body, control.base)
        theirs = _without_base(other.body, other.base)
        if self._missing:
            ours = _without(ours, self._missing)
        if self._into:
            ours = _once(renamed(ours, self._into))
        if control.status >= 400:
            self._drop(ours, theirs, found)
        if rule := self._other_results(resource, ours, theirs):
            found.ignored[rule] += 1
            ours, theirs = _shared(ours, theirs)
        seen: set[str] = set()
        self._compare("", ours, theirs, found, seen)
        return found

    def _other_results(self, resource: str, ours: Any, theirs: Any) -> str:
        """The rule by which the results of a list may be others; empty when they may not, or are the same."""
        if resource in self._rules[UNLISTED] and _count(ours) != _count(theirs):
            return UNLISTED
        here, there = _named(ours), _named(theirs)
        if self._missing and (_count(ours), here) != (_count(theirs), there):
            return NOT_TAKEN
        if resource in self._merged and (_count(ours), here) != (_count(theirs), there):
            return MERGED
        if len(set(there)) < len(there):
            return REPEATED
        moved = here != there and _count(ours) == _count(theirs)
        return MOVING if moved and resource in self._rules[MOVING] else ""

    def _drop(self, ours: Any, theirs: Any, found: Likeness) -> None:
        for name in self._rules["of_errors"]:
            if isinstance(ours, dict) and isinstance(theirs, dict) and ours.get(name) != theirs.get(name):
                found.ignored["of_errors"] += 1
                ours.pop(name, None)
                theirs.pop(name, None)

    def _compare(self, at: str, ours: Any, theirs: Any, found: Likeness, seen: set[str]) -> None:
        if isinstance(ours, dict) and isinstance(theirs, dict):
            self._groups(at, ours, theirs, found, seen)
        elif isinstance(ours, list) and isinstance(theirs, list):
            self._lists(at, ours, theirs, found, seen)
        elif ours != theirs:
            found.different.append(at or "the whole answer")

    def _groups(
        self, at: str, ours: dict[str, Any], theirs: dict[str, Any], found: Likeness, seen: set[str]
    ) -> None:
        if ours.get(UUID) in self._oldest and ours[UUID] == theirs.get(UUID) and ours != theirs:
            # It has what the others had too.
            found.ignored[MERGED] += 1
            return
        name = at.rpartition(".")[2]
        if name in self._rules["keys"] and ours.keys() != theirs.keys():
            found.ignored["keys"] += 1
            ours, theirs = _camelised(ours), _camelised(theirs)
        in_expand = name in self._rules[EXPAND]
        for member in dict.fromkeys((*ours, *theirs)):
            one, other = ours.get(member), theirs.get(member)
            rule = self._known(member, ours, theirs, seen, in_expand=in_expand)
            if (
                not rule
                and one != other
                and {member, f"{name}.{member}"} & self._rules.get(LOST, frozenset())
            ):
                rule = LOST
            if rule:
                found.ignored[rule] += 1
            else:
                self._compare(f"{at}.{member}" if at else member, one, other, found, seen)
            if in_expand:
                seen.update(_uuids(one))

    def _known(
        self,
        member: str,
        ours: Mapping[str, Any],
        theirs: Mapping[str, Any],
        seen: set[str],
        *,
        in_expand: bool,
    ) -> str:
        """The rule by which a difference in a member is none; empty when there is none, or it is one."""
        one, other = ours.get(member), theirs.get(member)
        if one == other and (member in ours) == (member in theirs):
            return ""
        if member in self._rules["extra"] and member not in theirs:
            return "extra"
        if member in self._rules["null_link"] and one is None and _is_empty_link(other):
            return "null_link"
        if member in self._rules["computed"] and one and not other:
            return "computed"
        if in_expand and not other and (not one or (_uuids(one) and _uuids(one) <= seen)):
            return EXPAND
        return ""

    def _lists(self, at: str, ours: list[Any], theirs: list[Any], found: Likeness, seen: set[str]) -> None:
        if len(ours) != len(theirs):
            found.different.append(f"{at}: how many")
            return
        if ours != theirs and at.rpartition(".")[2] in self._rules["order"]:
            one, other = sorted(ours, key=_order), sorted(theirs, key=_order)
            if list(map(_order, ours)) != list(map(_order, theirs)):
                found.ignored["order"] += 1
            ours, theirs = one, other
        for one, other in zip(ours, theirs, strict=True):
            self._compare(f"{at}[]", one, other, found, seen)


def _without_base(value: Any, base: str) -> Any:
    """A copy in which addresses of a server's own resources do not say where it is."""
    if isinstance(value, str):
        return value.replace(base, "").replace(quote(base, safe=""), "")
    if isinstance(value, list):
        return [_without_base(each, base) for each in value]
    if isinstance(value, dict):
        return {name: _without_base(each, base) for name, each in value.items()}
    return value


def _without(value: Any, uuids: Collection[str]) -> Any:
    """A copy without what has one of these uuids: it is not in lists, and null elsewhere."""
    if isinstance(value, list):
        return [_without(each, uuids) for each in value if not _is_one(each, uuids)]
    if isinstance(value, dict):
        return {name: None if _is_one(each, uuids) else _without(each, uuids) for name, each in value.items()}
    return value


def _once(value: Any) -> Any:
    """A copy in which no list has one uuid twice: the first stays."""
    if isinstance(value, list):
        named = {each[UUID]: each for each in reversed(value) if isinstance(each, dict) and each.get(UUID)}
        return [_once(it) for it in value if not _is_one(it, named) or named[it[UUID]] is it]
    return {name: _once(each) for name, each in value.items()} if isinstance(value, dict) else value


def _is_one(value: Any, uuids: Collection[str]) -> bool:
    return isinstance(value, dict) and value.get(UUID) in uuids


def _named(body: Any) -> list[Any]:
    """The uuids of the results of a list, in their order."""
    results = body.get(RESULTS) if isinstance(body, dict) else None
    return [each.get(UUID) for each in results or ()]


def _shared(ours: dict[str, Any], theirs: dict[str, Any]) -> tuple[Any, Any]:
    """Of two lists the results that both have, in one order."""
    here, there = ({each[UUID]: each for each in body[RESULTS]} for body in (ours, theirs))
    shared = [uuid for uuid in here if uuid in there]
    return [here[uuid] for uuid in shared], [there[uuid] for uuid in shared]


def _count(body: Any) -> Any:
    return body.get(COUNT) if isinstance(body, dict) else None


def _is_scan_bound(body: Any) -> bool:
    problems = body.get("invalidParams") if isinstance(body, dict) else None
    return any(each.get("code") in ("scan-bound", "call-bound") for each in problems or ())


def _is_empty_link(value: Any) -> bool:
    return isinstance(value, dict) and not any(value.values())


def _uuids(value: Any) -> set[str]:
    items: Iterable[Any] = value if isinstance(value, list) else [value]
    return {each[UUID] for each in items if isinstance(each, dict) and each.get(UUID)}


def _order(value: Any) -> str:
    if isinstance(value, dict) and isinstance(value.get(UUID), str):
        return str(value[UUID])
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _camelised(group: Mapping[str, Any]) -> dict[str, Any]:
    return {_UNDERSCORE.sub(lambda found: found[1].upper(), name): value for name, value in group.items()}
