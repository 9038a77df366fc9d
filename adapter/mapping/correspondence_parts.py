"""The parts of correspondences as they are written: where each stands in its file, and in the old record.

A part is a value, a group or a list of an old record that is rows of another resource.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.mapping.paths import ITSELF, MISSING, get, parse
from adapter.mapping.source import NodePath
from adapter.openapi.objecttypes import OBJECTTYPES

Content = Mapping[str, Any]

KINDS = ("one_of", "any_of", "each_of")
# Below this, the record of an object has the members of its type.
DATA = "data."


@dataclass(frozen=True, slots=True)
class Part:
    """A part with what it is the same as filled in.

    name: as a home says it, `correspondence.part`, or `correspondence.part.member` for one that is a member
    of the items of another, `outer`. at: its path in the record as the home of the record has it.
    """

    name: str
    node: Content
    at: str
    path: NodePath
    correspondence: Content
    outer: Part | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """`one_of`, `any_of` or `each_of`."""
        return next((each for each in KINDS if each in self.node), "")

    @property
    def rows(self) -> str:
        """The resource of its rows."""
        return str(self.node.get(self.kind, "")).partition(".")[0]

    @property
    def reference(self) -> str:
        """The member by which a row refers to the record; nothing where it does not."""
        return str(self.node.get(self.kind, "")).partition(".")[2]

    @property
    def link(self) -> str:
        """The resource that links the rows with the record; nothing where there is none."""
        resource, _, member = self._via
        return resource if member else ""

    @property
    def link_reference(self) -> str:
        """The member by which such a link refers to the record."""
        return self._via[2]

    @property
    def listed(self) -> str:
        """The member of the new record that has a list of references to the rows; nothing without one."""
        resource, _, member = self._via
        return "" if member else resource

    @property
    def _via(self) -> tuple[str, str, str]:
        return str(self.node.get("via", "")).partition(".")

    @property
    def items(self) -> Content:
        """The pairs of a row, by the member of the old record; `.` is the value itself."""
        items = {ITSELF: self.node["value"]} if "value" in self.node else self.node.get("item")
        return items if isinstance(items, dict) else {}

    @property
    def conditions(self) -> Content:
        """What a row is like."""
        return table(self.node.get("where"))

    def filler(self, filled: Any) -> Any:
        """What a record has at a path while there is no row; MISSING for an object, and an item of a list."""
        if is_object(self.correspondence) or not isinstance(filled, str) or filled == ITSELF:
            return MISSING
        return get(table(table(self.correspondence.get("fill")).get("old")), parse(filled))

    def line(self, name: str) -> NodePath:
        """Where one of the pairs stands."""
        return (*self.path, "value") if name == ITSELF else (*self.path, "item", name)

    def pairs(self) -> Iterator[tuple[str, Content]]:
        """(the old member, the pair) of each that is one; what is a part itself is left out."""
        for name, node in self.items.items():
            pair = {"new": node} if isinstance(node, str) else node
            if isinstance(pair, dict) and isinstance(pair.get("new"), str):
                yield name, pair

    def parts(self) -> Iterator[Part]:
        """Those that are members of its items."""
        for name, node in self.items.items():
            if isinstance(node, dict) and not set(KINDS).isdisjoint(node):
                at = f"{self.at}.{name}"
                yield Part(f"{self.name}.{name}", node, at, self.line(name), self.correspondence, self)


def parts_of(correspondences: Mapping[str, Content]) -> dict[str, Part]:
    """All parts of correspondences that do not gather, by name; those in the items of others too."""
    found: dict[str, Part] = {}
    for stem, content in correspondences.items():
        for name in table(content.get("parts")) if "gather" not in content else ():
            node = filled_in(content, name)
            if node is not None:
                at = str(node.get("at", name))
                at = at.removeprefix(DATA) if is_object(content) else at
                part = Part(f"{stem}.{name}", node, at, ("parts", name), content)
                found |= {each.name: each for each in (part, *part.parts())}
    return found


def is_object(correspondence: Content) -> bool:
    """Whether the old record is an object of the Objects API."""
    return str(correspondence.get("old")).startswith(OBJECTTYPES)


def table(node: Any) -> Content:
    """The names and values of a node; none where it is something else."""
    return node if isinstance(node, dict) else {}


def filled_in(correspondence: Content, name: str, seen: tuple[str, ...] = ()) -> dict[str, Any] | None:
    """A part with what it is the same as; None for one that is the same as itself, or as none."""
    node = table(correspondence.get("parts")).get(name)
    if not isinstance(node, dict) or name in seen:
        return None
    other = filled_in(correspondence, str(node["same_as"]), (*seen, name)) if "same_as" in node else {}
    return None if other is None else {**other, **node}
