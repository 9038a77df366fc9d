"""The construct `mirror`: an object that register clients should see as well, in part of another record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapter.mapping.language.constants import served_constant
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Content, Ground, View
from adapter.mapping.paths import Conditions
from adapter.mapping.settings import Settings
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class Mirror:
    """An object that meets `when` also fills the home `slot` in another record.

    Of several objects the one that meets `first` fills it, else the one that was made first. With `after`, it
    is filled only while that home is, and by another object than the one that fills that.
    """

    slot: str
    when: Conditions
    first: Conditions = ()
    after: str = ""


def compiled(home: Content, settings: Settings) -> tuple[Mirror, ...]:
    """The mirrors of a home that has passed the check."""
    return tuple(
        Mirror(
            slot,
            settings.pairs_of(node["when"]),
            settings.pairs_of(node.get("first")),
            node.get("after", ""),
        )
        for slot, node in (home.get("mirror") or {}).items()
    )


def problems(ground: Ground, view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with the slots that an object is mirrored in."""
    slots = [name for name, each in view.homes.items() if "inside" in each]
    for name, node in (home.get("mirror") or {}).items():
        path = (*here, "mirror", name)
        if name not in slots:
            yield Problem(path, f"{name} is no home of {view.name} inside a record{way_out(name, slots)}")
        above = list(home["mirror"])[: list(home["mirror"]).index(name)]
        if "after" in node and node["after"] not in above:
            text = f"{node['after']} is no mirror above {name}{way_out(node['after'], above)}"
            yield Problem((*path, "after"), text)
        for part in ("when", "first"):
            for member, value in (node.get(part) or {}).items():
                yield from served_constant(ground, view.name, member, value, (*path, part, member))
