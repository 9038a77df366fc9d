"""The construct `parts`: several creates as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapter.mapping.language.grammar import TEXT, Described, Every, Problem, Shape, Table, way_out
from adapter.mapping.language.ground import Content, Ground
from adapter.mapping.language.scenes import SCENE
from adapter.openapi.document import Document


@dataclass(frozen=True, slots=True)
class Part:
    """One create of a composed one."""

    name: str
    resource: str
    fills: tuple[str, str] | None
    unless_empty: bool


@dataclass(frozen=True, slots=True)
class Composition:
    """A create that stands for several, as one write."""

    name: str
    parts: tuple[Part, ...]


COMPOSITION = Shape(
    "a mapping",
    {
        "resource": Described(TEXT, "The first part of the path under which the API serves it."),
        "parts": Described(
            Table(
                Shape(
                    "a part",
                    {
                        "resource": Described(TEXT, "The resource that is made."),
                        "with": Described(Table(TEXT), "A reference to what another part made."),
                    },
                    required=("resource",),
                    former={"unless": "leave it out: what the specification does not require may be empty"},
                )
            ),
            "The members of the body, each a create of a resource.",
        ),
        "scenes": Described(
            Every(SCENE), "What clients do, new and old, and what comes of it; klantbrug test plays them."
        ),
    },
    required=("resource", "parts"),
)


def compiled(content: Content, served: Document) -> Composition:
    """A mapping file of parts, which has passed the check."""
    operation = served.operation("post", f"/{content['resource']}")
    assert operation is not None and operation.body is not None
    required = served.merged(operation.body).get("required", ())
    return Composition(
        content["resource"],
        tuple(
            Part(
                name,
                node["resource"],
                next(iter(node["with"].items())) if "with" in node else None,
                name not in required,
            )
            for name, node in content["parts"].items()
        ),
    )


def problems(ground: Ground, content: Content) -> Iterator[Problem]:
    """What is wrong with a create that stands for several."""
    operation = ground.served.operation("post", f"/{content['resource']}")
    if operation is None or operation.body is None:
        text = f"there is no POST /{content['resource']}{way_out(content['resource'], _creates(ground))}"
        yield Problem(("resource",), text)
        return
    known = ground.served.properties(operation.body)
    for name in known:
        if name not in content["parts"]:
            yield Problem(("parts",), f"{name} of {content['resource']} is missing")
    for name, part in content["parts"].items():
        if name not in known:
            yield Problem(("parts", name), f"{content['resource']} has no {name}{way_out(name, known)}")
        yield from _part(ground, content, name, part)


def _part(ground: Ground, content: Content, name: str, part: Content) -> Iterator[Problem]:
    view = ground.views.get(part["resource"])
    if view is None:
        text = f"there is no mapping for {part['resource']}{way_out(part['resource'], ground.views)}"
        yield Problem(("parts", name, "resource"), text)
        return
    if "with" in part and len(part["with"]) != 1:
        yield Problem(("parts", name, "with"), f"with of {name} names one reference, and what it refers to")
    for member, other in part.get("with", {}).items():
        here = ("parts", name, "with", member)
        if member not in view.members:
            yield Problem(here, f"{view.name} has no {member}{way_out(member, view.members)}")
        elif other not in content["parts"]:
            yield Problem(here, f"there is no part {other}{way_out(other, content['parts'])}")
        elif view.members[member].get("to") != content["parts"][other]["resource"]:
            yield Problem(here, f"{member} of {view.name} does not refer to what {other} makes")


def _creates(ground: Ground) -> list[str]:
    return [each.collection for each in ground.served.operations if each.method == "post"]
