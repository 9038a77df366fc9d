"""The construct `made_of`: a record that is made of what comes nested in a body, and not without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping.language.grammar import TEXT, Described, Problem, Shape, Table, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, View
from adapter.mapping.language.values import CONSTANTS
from adapter.mapping.paths import Conditions, Path, filled, get, parse
from adapter.mapping.settings import Settings
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class MadeOf:
    """A field of the record for the first of these that an item of the relation meets.

    choices: (field, conditions on an item, path in it of the value). refused: the sentence for a client when
    the register does not take it.
    """

    relation: str
    choices: tuple[tuple[Path, Conditions, Path], ...]
    refused: str

    def of(self, body: Mapping[str, Any]) -> tuple[Path, Any] | None:
        """The field and its value; None when nothing is nested of which the record can be made."""
        for at, conditions, take in self.choices:
            for item in body.get(self.relation) or ():
                value = get(item, take)
                if filled(value) and all(get(item, path) == wanted for path, wanted in conditions):
                    return at, value
        return None


_CHOICE = Shape(
    "a field of made_of",
    {
        "one_of": Described(TEXT, "The relation whose nested resources are looked at."),
        "where": Described(CONSTANTS, "What the nested resource is like."),
        "value": Described(TEXT, "Its member with the value."),
    },
    required=("one_of", "where", "value"),
    former={"take": "say value"},
)
NAMES = {
    "made_of": Described(
        Shape(
            "made_of",
            {
                "fields": Described(Table(_CHOICE), "The fields of the record; the first that has a value."),
                "reason": Described(TEXT, "The sentence when the register does not take that value."),
            },
            required=("fields", "reason"),
            former={"nested": "say one_of in each of its fields", "refused": "say reason"},
        ),
        "A record that is made only with what is nested in the body, of that.",
    )
}


def compiled(home: Content, settings: Settings) -> MadeOf | None:
    """What the records of a home that has passed the check are made of; None for most."""
    if "made_of" not in home:
        return None
    node = home["made_of"]
    choices = (
        (parse(at), settings.pairs_of(each["where"]), parse(each["value"]))
        for at, each in node["fields"].items()
    )
    return MadeOf(_relation(node), tuple(choices), node["reason"])


def _relation(node: Content) -> str:
    """The one relation that all fields are about."""
    return str(next(each["one_of"] for each in node["fields"].values()))


def problems(ground: Ground, view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with what the records of a home are made of."""
    if "made_of" not in home:
        return
    node, path, record = home["made_of"], (*here, "made_of"), ground.record(home)
    if "record" not in home:
        yield Problem(path, "made_of is for a record of a register")
    nested = [name for name, each in view.relations.items() if each.get("write") == "nested"]
    if not node["fields"]:
        yield Problem((*path, "fields"), "fields wants at least one field of the record")
    for at, each in node["fields"].items():
        relation, at_relation = each["one_of"], (*path, "fields", at, "one_of")
        if relation not in nested:
            text = f"{relation} does not come nested in {view.name}{way_out(relation, nested)}"
            yield Problem(at_relation, text)
            continue
        if relation != _relation(node):
            yield Problem(
                at_relation, f"all fields are of one relation, and the first is of {_relation(node)}"
            )
        try:
            if record is not None:
                record.at(at)
            for member in (each["value"], *each["where"]):
                ground.walk(view.name, f"{relation}.{member}")
        except Nowhere as nowhere:
            yield Problem((*path, "fields", at), str(nowhere))
