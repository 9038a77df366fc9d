"""The relations: each is the other side of a reference, and composed creates fit the resources they make."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping import schemas
from adapter.mapping.check.grammar import Problem, way_out
from adapter.mapping.check.ground import Content, Ground, Nowhere, View
from adapter.mapping.check.members import served_constant
from adapter.mapping.check.settings import no_setting


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


def composition(ground: Ground, content: Content) -> Iterator[Problem]:
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
