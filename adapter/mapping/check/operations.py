"""What a mapping says of the operations themselves: options of a body, what closes, who is told."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping.constructs import closing, publishing
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Ground, Nowhere, View


def operations(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong under `body`, `cascade`, `closes`, `publishes` and `links`."""
    for path in view.content.get("body") or ():
        try:
            # Items of a list and values of a map stand under the path of the whole.
            ground.at(view, path.removesuffix(".*"))
        except Nowhere as nowhere:
            yield Problem(("body", path), str(nowhere))
    if "cascade" in view.content:
        yield from _cascade(ground, view)
    yield from closing.problems(ground, view)
    yield from publishing.problems(ground, view)


def _cascade(ground: Ground, view: View) -> Iterator[Problem]:
    node = view.content["cascade"]
    operation = ground.served.operation("delete", f"/{view.name}/{{uuid}}")
    known = [each.name for each in operation.parameters_in("query")] if operation else []
    if node["parameter"] not in known:
        text = (
            f"DELETE of {view.name} has no parameter {node['parameter']}{way_out(node['parameter'], known)}"
        )
        yield Problem(("cascade", "parameter"), text)
    answer = operation.answer if operation else None
    members = ground.served.properties(answer) if answer else {}
    if node["stays"] not in members:
        text = f"the answer of DELETE has no {node['stays']}{way_out(node['stays'], members)}"
        yield Problem(("cascade", "stays"), text)
