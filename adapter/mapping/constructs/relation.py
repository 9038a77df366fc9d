"""The construct `relations`: what other resources make of a resource by their references to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from adapter.mapping import schemas
from adapter.mapping.language.constants import no_setting, served_constant
from adapter.mapping.language.grammar import TEXT, Described, Problem, Shape, Table, Word, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, View
from adapter.mapping.language.values import CONSTANTS
from adapter.mapping.paths import Conditions, Path, parse
from adapter.mapping.settings import Settings
from adapter.openapi.document import Document, Schema


@dataclass(frozen=True, slots=True)
class Relation:
    """The resources that refer to this one: `resource` whose `member` is a reference here."""

    name: str
    resource: str
    member: str
    take: str = ""
    whole: bool = False
    hidden: bool = False
    write: Literal["", "link", "nested"] = ""
    pick: Literal["", "oldest"] = ""
    shows: tuple[tuple[str, Path], ...] = ()
    """(name, path from the referring resource): what a link shows beside its uuid and url."""
    make: Mapping[str, Any] | None = None
    only_if: Conditions = ()
    refused: str = ""
    feature: str = ""


RELATION = Shape(
    "a relation",
    {
        "from": Described(TEXT, "The resource and its reference that points here."),
        "value": Described(TEXT, "The member of it that is shown instead."),
        "shows": Described(Table(TEXT), "What a link shows beside its uuid and url."),
        "write": Described(
            Word(("link", "nested")), "Whether a body may give it, as links or as nested bodies."
        ),
        "group": Described(TEXT, "The setting without which it is not served."),
        "make": Described(
            CONSTANTS,
            "It is the value of the oldest one; this is what a new one gets when a value is written.",
        ),
        "if": Described(CONSTANTS, "What the oldest one is like while it is changed or removed by a value."),
        "reason": Described(TEXT, "The sentence that a client reads when it is not like that."),
    },
    required=("from",),
    former={
        "take": "say value",
        "show": "leave it out: the specification says what is shown",
        "hidden": "leave it out: what the specification does not have is not served",
        "pick": "leave it out: with make it is the oldest",
        "only_if": "say if",
        "refused": "say reason",
    },
)


def is_served(document: Document, schema: Schema, name: str) -> bool:
    """Whether a schema has a relation; one that it has not is for filters only."""
    return name in schemas.names(document, schema)


def is_whole(document: Document, schema: Schema, name: str, node: Content) -> bool:
    """Whether a relation shows whole resources: more than links with the members that the node names."""
    return "shows" not in node and bool(_members(document, schema, name))


def _members(document: Document, schema: Schema, name: str) -> set[str]:
    """What each of a relation has beside its uuid and url, in the specification."""
    found = schemas.at(document, schema, (name, "0"))
    return {each for one in found for each in schemas.names(document, one)} - {"uuid", "url"}


def compiled(name: str, node: Content, settings: Settings, document: Document, schema: Schema) -> Relation:
    """A relation of the schema, from a line that has passed the check."""
    resource, _, member = node["from"].partition(".")
    return Relation(
        name=name,
        resource=resource,
        member=member,
        take=node.get("value", ""),
        whole=is_whole(document, schema, name, node),
        hidden=not is_served(document, schema, name),
        write=node.get("write", ""),
        pick="oldest" if "make" in node else "",
        shows=tuple((each, parse(path)) for each, path in (node.get("shows") or {}).items()),
        make=node.get("make"),
        only_if=settings.pairs_of(node.get("if")),
        refused=node.get("reason", ""),
        feature=node.get("group", ""),
    )


def relations(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong under `relations`."""
    served = schemas.names(ground.served, ground.schema(view))
    for name, node in view.relations.items():
        if name not in served and not _is_walked(ground, name):
            text = f"{view.schema} has no {name}{way_out(name, served)}, and no filter goes by it"
            yield Problem(("relations", name), text)
        yield from _origin(ground, view, name, node)
        if "group" in node and node["group"] not in ground.settings:
            yield Problem(("relations", name, "group"), no_setting(node["group"], ground))
        yield from _shown(ground, view, name, node)


def _origin(ground: Ground, view: View, name: str, node: Content) -> Iterator[Problem]:
    resource, _, member = node["from"].partition(".")
    far, here = ground.views.get(resource), ("relations", name, "from")
    if far is None:
        yield Problem(here, f"there is no mapping for {resource}{way_out(resource, ground.views)}")
        return
    pointing = [each for each, line in far.members.items() if line.get("to") == view.name]
    if member not in far.members:
        yield Problem(here, f"{resource} has no {member}{way_out(member, pointing)}")
        return
    if member not in pointing:
        yield Problem(
            here, f"{member} of {resource} does not refer to {view.name}{way_out(member, pointing)}"
        )
    value = node.get("value")
    if value is not None and value not in far.members:
        text = f"{resource} has no {value}{way_out(value, far.members)}"
        yield Problem(("relations", name, "value"), text)
    yield from _made(ground, far, name, node)
    yield from _written(view, far, name, node)


def _made(ground: Ground, far: View, name: str, node: Content) -> Iterator[Problem]:
    for part in ("make", "if"):
        for member, value in (node.get(part) or {}).items():
            yield from served_constant(ground, far.name, member, value, ("relations", name, part, member))
    if "if" in node and "make" not in node:
        yield Problem(
            ("relations", name, "if"), f"{name} makes nothing, so it has no conditions for a change"
        )
    if "if" in node and "reason" not in node:
        text = f"{name} is not always changed; say with reason what a client reads then"
        yield Problem(("relations", name, "if"), text)
    if "make" in node and "value" not in node:
        text = f"{name} makes a resource from one value, so it needs value: the member that it is"
        yield Problem(("relations", name, "make"), text)


def _written(view: View, far: View, name: str, node: Content) -> Iterator[Problem]:
    member = node["from"].partition(".")[2]
    if node.get("write") == "link" and far.members[member].get("when_deleted") == "refuse":
        text = f"{member} of {far.name} is never cleared, so {name} of {view.name} cannot be written as links"
        yield Problem(("relations", name, "write"), text)


def _shown(ground: Ground, view: View, name: str, node: Content) -> Iterator[Problem]:
    """What a link shows beside its uuid and url is all that the schema of a link has."""
    members, here = _members(ground.served, ground.schema(view), name), ("relations", name)
    shows = node.get("shows") or {}
    if members and not shows and members == _own_members(ground, view, name):
        return
    for member in sorted(members - set(shows)):
        yield Problem(here, f"a link of {name} has {member} too; say with shows where it comes from")
    for member, path in shows.items():
        if member not in members:
            yield Problem(
                (*here, "shows", member), f"a link of {name} has no {member}{way_out(member, members)}"
            )
            continue
        try:
            ground.walk(node["from"].partition(".")[0], path)
        except Nowhere as nowhere:
            yield Problem((*here, "shows", member), str(nowhere))


def _own_members(ground: Ground, view: View, name: str) -> set[str]:
    """What a whole resource of those that a relation leads to has beside its uuid and url."""
    try:
        far = ground.views.get(ground.walk(view.name, name).resource)
    except Nowhere:
        return set()
    is_known = far is not None and far.schema in ground.served.raw["components"]["schemas"]
    names = schemas.names(ground.served, ground.schema(far)) if far and is_known else ()
    return set(names) - {"uuid", "url"}


def _is_walked(ground: Ground, name: str) -> bool:
    """Whether a filter goes by a relation of that name."""
    filters = (
        text for view in ground.views.values() for text in (view.content.get("filters") or {}).values()
    )
    return any(name in text.partition(" ")[0].split(".") for text in filters)
