"""The construct `relations`: what other resources make of a resource by their references to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from adapter.mapping import schemas
from adapter.mapping.language.constants import no_setting, served_constant
from adapter.mapping.language.grammar import FLAG, TEXT, Described, Problem, Shape, Table, Word, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, View
from adapter.mapping.language.values import CONSTANTS
from adapter.mapping.paths import Conditions, Path, parse
from adapter.mapping.settings import Settings


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
        "take": Described(TEXT, "The member of it that is shown instead."),
        "show": Described(Word(("whole",)), "whole shows the whole resource instead of a link."),
        "shows": Described(Table(TEXT), "What a link shows beside its uuid and url."),
        "pick": Described(Word(("oldest",)), "oldest takes one of several."),
        "write": Described(
            Word(("link", "nested")), "Whether a body may give it, as links or as nested bodies."
        ),
        "hidden": Described(FLAG, "Not served, for filters only."),
        "group": Described(TEXT, "The setting without which it is not served."),
        "make": Described(CONSTANTS, "What a new one gets when a value is written."),
        "only_if": Described(CONSTANTS, "It is changed or removed only while it is like this."),
        "refused": Described(TEXT, "The sentence that the client reads otherwise."),
    },
    required=("from",),
)


def compiled(name: str, node: Content, settings: Settings) -> Relation:
    """A relation, from a line that has passed the check."""
    resource, _, member = node["from"].partition(".")
    return Relation(
        name=name,
        resource=resource,
        member=member,
        take=node.get("take", ""),
        whole=node.get("show") == "whole",
        hidden=node.get("hidden", False),
        write=node.get("write", ""),
        pick=node.get("pick", ""),
        shows=tuple((each, parse(path)) for each, path in (node.get("shows") or {}).items()),
        make=node.get("make"),
        only_if=settings.pairs_of(node.get("only_if")),
        refused=node.get("refused", ""),
        feature=node.get("group", ""),
    )


def relations(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong under `relations`."""
    served = schemas.names(ground.served, ground.schema(view))
    for name, node in view.relations.items():
        if not node.get("hidden") and name not in served:
            text = f"{view.schema} has no {name}{way_out(name, served)}; or hide it with hidden: true"
            yield Problem(("relations", name), text)
        elif node.get("hidden") and name in served:
            yield Problem(("relations", name, "hidden"), f"{view.schema} serves {name}; leave out hidden")
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
    take = node.get("take")
    if take is not None and take not in far.members:
        text = f"{resource} has no {take}{way_out(take, far.members)}"
        yield Problem(("relations", name, "take"), text)
    yield from _made(ground, far, name, node)
    yield from _written(view, far, name, node)


def _made(ground: Ground, far: View, name: str, node: Content) -> Iterator[Problem]:
    for part in ("make", "only_if"):
        for member, value in (node.get(part) or {}).items():
            yield from served_constant(ground, far.name, member, value, ("relations", name, part, member))
    if "only_if" in node and "refused" not in node:
        text = f"{name} is not always changed; say with refused what a client reads then"
        yield Problem(("relations", name, "only_if"), text)
    if "make" in node and not ("take" in node and "pick" in node):
        text = f"{name} makes a resource from one value, so it needs take and pick"
        yield Problem(("relations", name, "make"), text)


def _written(view: View, far: View, name: str, node: Content) -> Iterator[Problem]:
    member = node["from"].partition(".")[2]
    if node.get("write") == "link" and far.members[member].get("when_deleted") == "refuse":
        text = f"{member} of {far.name} is never cleared, so {name} of {view.name} cannot be written as links"
        yield Problem(("relations", name, "write"), text)
    if node.get("pick") and "take" not in node:
        text = f"{name} picks one resource, so it needs take: the member that is shown"
        yield Problem(("relations", name, "pick"), text)


def _shown(ground: Ground, view: View, name: str, node: Content) -> Iterator[Problem]:
    """What a link shows beside its uuid and url is all that the schema of a link has."""
    if node.get("show") or node.get("hidden") or node.get("pick"):
        return
    try:
        found = ground.at(view, f"{name}.0")
    except Nowhere:
        return
    members = {each for one in found for each in schemas.names(ground.served, one)} - {"uuid", "url"}
    shows, here = node.get("shows") or {}, ("relations", name)
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
