"""References that a register names by a key: the homes in which to look for it."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping import schemas
from adapter.mapping.check.grammar import Problem, way_out
from adapter.mapping.check.ground import Content, Ground, View
from adapter.mapping.source import NodePath


def known(ground: Ground, view: View, home: Content, line: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with the line of a known reference."""
    for part in ("known", "and_known"):
        if part in line:
            yield from _home(ground, view, str(here[-1]), line[part], (*here, part))
    told, tells = line.get("told"), home.get("tells") or {}
    if told is not None and told not in tells:
        yield Problem((*here, "told"), f"nothing is told at {told}{way_out(told, tells)}")


def _home(ground: Ground, view: View, served: str, name: str, here: NodePath) -> Iterator[Problem]:
    """A home of what the reference refers to, with a key to look for."""
    to, other = view.members.get(served, {}).get("to", ""), ground.home(name)
    if other is None:
        homes = ground.views[to].homes if to in ground.views else {}
        yield Problem(here, f"there is no home {name}{way_out(name, [f'{to}.{each}' for each in homes])}")
    elif to != name.partition(".")[0]:
        yield Problem(here, f"{served} does not refer to {name.partition('.')[0]}")
    elif "known_at" not in other:
        yield Problem(here, f"{name} has no known_at, the key to look for")
    elif "each" in other and schemas.facts(ground.at(view, served)).kind != "list":
        yield Problem(here, f"{served} is one reference, and {name} is every item of a list")
