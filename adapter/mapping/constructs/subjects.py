"""The constructs `concerns` and `identified`: whose data a resource holds, for the log of processing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapter.mapping.language.grammar import TEXT, Described, Problem, Shape, Table, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, View
from adapter.mapping.language.values import CONSTANTS, TEXTS
from adapter.mapping.paths import Conditions, Path, parse
from adapter.mapping.settings import Settings
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class Identity:
    """By what a data subject is known: the `value` of one `among` a relation that is like `where`.

    `kind` is how the log of processing calls it: `BSN`.
    """

    kind: str
    among: str
    where: Conditions
    value: Path


_IDENTITY = Shape(
    "an identity",
    {
        "one_of": Described(TEXT, "The relation in which it stands."),
        "where": Described(CONSTANTS, "What the one that has it is like."),
        "value": Described(TEXT, "The path from there to the value."),
    },
    required=("one_of", "where", "value"),
    former={"among": "say one_of"},
)
NAMES = {
    "concerns": Described(TEXTS, "The paths to the data subjects whose data it holds."),
    "identified": Described(
        Table(_IDENTITY),
        "Says that one of these is a data subject, and by what it is known; the first that it has counts.",
    ),
}


def concerned(node: Content) -> tuple[Path, ...]:
    """The paths to data subjects, of a mapping that has passed the check."""
    return tuple(parse(text) for text in node.get("concerns") or ())


def identities(node: Content, settings: Settings) -> tuple[Identity, ...]:
    """By what a data subject is known, the best first."""
    return tuple(
        Identity(kind, each["one_of"], settings.pairs_of(each["where"]), parse(each["value"]))
        for kind, each in (node.get("identified") or {}).items()
    )


def subjects(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong under `concerns` and `identified`."""
    for position, text in enumerate(view.content.get("concerns") or ()):
        yield from _path(ground, view, text, ("concerns", position))
    for kind, node in (view.content.get("identified") or {}).items():
        yield from _identity(ground, view, node, ("identified", kind))


def _path(ground: Ground, view: View, text: str, here: NodePath) -> Iterator[Problem]:
    known = [name for name, each in ground.views.items() if "identified" in each.content]
    try:
        end = ground.walk(view.name, text)
    except Nowhere as nowhere:
        yield Problem(here, str(nowhere))
        return
    if end.resource not in known:
        yield Problem(here, f"{text} leads to no data subject: those are {', '.join(known) or 'not said'}")


def _identity(ground: Ground, view: View, node: Content, here: NodePath) -> Iterator[Problem]:
    relation = view.relations.get(node["one_of"])
    if relation is None or "value" in relation:
        problem = f"{view.name} has no relation {node['one_of']}{way_out(node['one_of'], view.relations)}"
        yield Problem((*here, "one_of"), problem)
        return
    resource = str(relation["from"]).partition(".")[0]
    places = [("value", node["value"]), *(("where", path) for path in node["where"])]
    for part, text in places:
        try:
            found = ground.walk(resource, text)
        except Nowhere as nowhere:
            yield Problem((*here, part), str(nowhere))
            continue
        if found.resource:
            yield Problem((*here, part), f"{text} is a reference, not a value")
