"""Overlays: changes to an OpenAPI document, written as data.

Follows the OpenAPI Overlay Specification 1.0.0. The JSONPath of a target may have names (`$.paths`), quoted
names (`['/klanten']`), all members (`[*]`) and the items of a list with a text (`[?@.name=='page']`); any
other expression is refused.

OverlayError
├── MalformedOverlay   the overlay lacks something that the specification demands
├── UnreadableTarget   a target uses JSONPath that is not supported
└── TargetNotFound     a target selects nothing
"""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

type Json = Any
type Step = str | tuple[str, str] | None  # a name, (member, text) of list items to select, or None for all
type Place = tuple[Json, str | int]  # a container and a key in it

VERSION = "1.0.0"
_STEP = re.compile(
    r"""\.(?P<name>[A-Za-z_][A-Za-z0-9_-]*)
      | \['(?P<single>[^']+)'\]
      | \["(?P<double>[^"]+)"\]
      | \[\?@\.(?P<member>[A-Za-z]+)=='(?P<text>[^']+)'\]
      | (?P<every>\[\*\])""",
    re.VERBOSE,
)


class OverlayError(Exception):
    """An overlay cannot be applied; `position` is the index of the action at fault, None without one."""

    def __init__(self, problem: str, position: int | None = None) -> None:
        self.position = position
        super().__init__(problem if position is None else f"actions[{position}]: {problem}")


class MalformedOverlay(OverlayError):
    """The overlay lacks something that the specification demands."""


class UnreadableTarget(OverlayError):
    """A target is beyond the supported JSONPath."""

    def __init__(self, target: str, position: int) -> None:
        self.target = target
        super().__init__(f"cannot read the target {target}", position)


class TargetNotFound(OverlayError):
    """A target selects nothing, so the overlay was written for another document."""

    def __init__(self, target: str, position: int) -> None:
        self.target = target
        super().__init__(f"nothing in the document matches {target}", position)


def apply(document: Mapping[str, Json], overlay: Mapping[str, Json]) -> dict[str, Json]:
    """A new document: `document` with the actions of the overlay applied in order; neither is changed.

    An update of an object is merged recursively: lists are concatenated and other values replaced. An update
    of a list is an item to append. Raises OverlayError.
    """
    # A container around the document, so that `$` is a place like any other.
    holder: dict[str, dict[str, Json]] = {"$": copy.deepcopy(dict(document))}
    for position, action in enumerate(_actions(overlay)):
        target = action["target"]
        places = list(_select(holder, _steps(target, position)))
        if not places:
            raise TargetNotFound(target, position)
        if action.get("remove"):
            _remove(places)
        else:
            _update(places, action["update"])
    return holder["$"]


def _actions(overlay: Mapping[str, Json]) -> list[dict[str, Json]]:
    if overlay.get("overlay") != VERSION:
        raise MalformedOverlay(f"overlay: must be {VERSION}")
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        raise MalformedOverlay("actions: must be a list with at least one action")
    for position, action in enumerate(actions):
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            raise MalformedOverlay("needs a target", position)
        if "update" not in action and not action.get("remove"):
            raise MalformedOverlay("needs update, or remove: true", position)
        if action["target"] == "$" and not isinstance(action.get("update"), dict):
            raise MalformedOverlay("the document itself can only be updated with an object", position)
    return actions


def _steps(target: str, position: int) -> list[Step]:
    steps: list[Step] = []
    end = 1 if target.startswith("$") else 0
    while end and (match := _STEP.match(target, end)):
        one = (match["member"], match["text"]) if match["member"] else None
        steps.append(match["name"] or match["single"] or match["double"] or one)
        end = match.end()
    if not end or end < len(target):
        raise UnreadableTarget(target, position)
    return steps


def _select(holder: dict[str, Json], steps: Iterable[Step]) -> Iterable[Place]:
    places: list[Place] = [(holder, "$")]
    for step in steps:
        places = [inner for container, key in places for inner in _members(container[key], step)]
    return places


def _members(node: Json, step: Step) -> Iterator[Place]:
    if isinstance(step, tuple):
        rows = enumerate(node) if isinstance(node, list) else ()
        yield from ((node, at) for at, row in rows if isinstance(row, dict) and row.get(step[0]) == step[1])
    elif isinstance(node, dict):
        names = list(node) if step is None else [step] if step in node else []
        yield from ((node, name) for name in names)
    elif isinstance(node, list) and step is None:
        yield from ((node, index) for index in range(len(node)))


def _remove(places: list[Place]) -> None:
    # From the back, so that the index of an item still to be removed does not shift.
    for container, key in reversed(places):
        del container[key]


def _update(places: list[Place], update: Json) -> None:
    for container, key in places:
        if isinstance(container[key], list):
            container[key].append(copy.deepcopy(update))
        else:
            container[key] = _merged(container[key], update)


def _merged(old: Json, new: Json) -> Json:
    """`old` updated with `new`; the result shares nothing with `new`."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {name: _merged(old.get(name), value) for name, value in new.items()}
    if isinstance(old, list) and isinstance(new, list):
        return old + copy.deepcopy(new)
    return copy.deepcopy(new)
