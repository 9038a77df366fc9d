"""The construct `known`: a reference that a register names by a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapter.mapping import schemas
from adapter.mapping.language.grammar import Described, Problem, Shape, way_out
from adapter.mapping.language.ground import Content, Ground, View
from adapter.mapping.language.values import TEXTS
from adapter.mapping.paths import Path
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class Known:
    """A served reference that a register names by a key: the resource with that key, else a slot."""

    served: Path
    resource: str
    home: str
    told: str = ""


KNOWN = Shape(
    "a known reference",
    {
        "known": Described(
            TEXTS, "The homes of the resources that have a key in the record, as resource.home."
        ),
    },
    required=("known",),
)


def compiled(served: Path, node: Content) -> list[Known]:
    """The references of a line that has passed the check."""
    found = [each.partition(".") for each in node["known"]]
    return [Known(served, resource, home, node.get("told", "")) for resource, _, home in found]


def problems(ground: Ground, view: View, line: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with the line of a known reference."""
    for number, each in enumerate(line["known"]):
        yield from _home(ground, view, str(here[-1]), each, (*here, "known", number))


def _home(ground: Ground, view: View, served: str, name: str, here: NodePath) -> Iterator[Problem]:
    """A home of what the reference refers to, with a key to look for."""
    to, other = view.members.get(served, {}).get("to", ""), ground.home(name)
    if other is None:
        homes = ground.views[to].homes if to in ground.views else {}
        yield Problem(here, f"there is no home {name}{way_out(name, [f'{to}.{each}' for each in homes])}")
    elif to != name.partition(".")[0]:
        yield Problem(here, f"{served} does not refer to {name.partition('.')[0]}")
    elif "known_at" not in other:
        yield Problem(here, f"{name} stands in no record, so none names it by a key")
    elif "each" in other and schemas.facts(ground.at(view, served)).kind != "list":
        yield Problem(here, f"{served} is one reference, and {name} is every item of a list")
