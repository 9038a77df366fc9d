"""References that a register names by a key: the homes in which to look for it."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping.check.grammar import Problem, way_out
from adapter.mapping.check.ground import Content, Ground, View
from adapter.mapping.source import NodePath


def known(ground: Ground, view: View, home: Content, line: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with the line of a known reference."""
    served, views = str(here[-1]), ground.views
    to = view.members.get(served, {}).get("to", "")
    other = ground.home(line["known"])
    at_known = (*here, "known")
    homes = views[to].homes if to in views else {}
    if other is None:
        text = f"there is no home {line['known']}{way_out(line['known'], [f'{to}.{name}' for name in homes])}"
        yield Problem(at_known, text)
    elif to != line["known"].partition(".")[0]:
        yield Problem(at_known, f"{served} does not refer to {line['known'].partition('.')[0]}")
    elif "known_at" not in other:
        yield Problem(at_known, f"{line['known']} has no known_at, the key to look for")
    yield from _others(line, [f"{to}.{name}" for name, each in homes.items() if "known_at" in each], here)
    told, tells = line.get("told"), home.get("tells") or {}
    if told is not None and told not in tells:
        yield Problem((*here, "told"), f"nothing is told at {told}{way_out(told, tells)}")


def _others(line: Content, right: list[str], here: NodePath) -> Iterator[Problem]:
    """Others that the record names have a key to look for too."""
    others = line.get("and_known", ())
    for number, name in enumerate([others] if isinstance(others, str) else others):
        if name not in right:
            where = (*here, "and_known") if isinstance(others, str) else (*here, "and_known", number)
            yield Problem(where, f"there is no home {name} with a known_at{way_out(name, right)}")
