"""The construct `first`: a record in another register that is made before one, and removed after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping.language.grammar import TEXT, Described, Problem, Shape, Table, way_out
from adapter.mapping.language.ground import Content, Ground
from adapter.mapping.language.places import known_place
from adapter.mapping.places import Place, place
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class Companion:
    """A record at `place`, without which the register does not take the record that it goes with.

    `fields` are its members, each with the member of that other record from which its value comes.
    """

    place: Place
    fields: Mapping[str, str]

    def of(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """What the companion of a record says, which is also what it is found by."""
        return {name: record[source] for name, source in self.fields.items()}


_COMPANION = Shape(
    "a companion",
    {
        "record": Described(TEXT, "The other record, as register/collection."),
        "fields": Described(Table(TEXT), "Its members, with those of this record on the right."),
    },
    required=("record", "fields"),
)
NAMES = {
    "first": Described(_COMPANION, "A record elsewhere that is made before and removed after one of these.")
}


def compiled(home: Content) -> Companion | None:
    """The companion of the records of a home that has passed the check; None where they have none."""
    if "first" not in home:
        return None
    node = home["first"]
    return Companion(place(node["record"]), node["fields"])


def problems(ground: Ground, home: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with the companion of a home: it can be made, and found by all of its fields."""
    node, registers = home["first"], ground.registers.get("registers", {})
    register, _, collection = node["record"].partition("/")
    yield from known_place(ground, node["record"], here)
    own = ground.record(home)
    offered = registers.get(register, {}).get("collections", {}).get(collection) or {}
    for theirs, ours in node["fields"].items():
        path = (*here, "fields", theirs)
        if theirs not in offered.get("search", {}):
            text = (
                f"{collection} is not searched by {theirs} (registers.yaml): what a write made "
                "that was interrupted is found by all of its fields"
            )
            yield Problem(path, text)
        if own is not None and ours not in own.names():
            yield Problem(path, f"{own.name} has no {ours}{way_out(ours, own.names())}")
