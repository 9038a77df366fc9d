"""`passed_over`: filters that do not look in a home when all of it would have to be read for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapter.mapping.language.constants import no_setting
from adapter.mapping.language.grammar import TEXT, Described, Problem, Shape, way_out
from adapter.mapping.language.ground import Content, Ground, View
from adapter.mapping.language.values import TEXTS
from adapter.mapping.settings import Settings
from adapter.mapping.source import NodePath

PASSED_OVER = Shape(
    "passed_over",
    {
        "filters": Described(TEXTS, "The parameters of the list."),
        "setting": Described(TEXT, "The setting with which that is so."),
    },
    required=("filters", "setting"),
)
NAMES = {
    "passed_over": Described(
        PASSED_OVER, "Filters that do not look here when all records would have to be read for them."
    )
}


def compiled(home: Content, settings: Settings) -> Mapping[str, tuple[str, bool]]:
    """By parameter the setting, and whether it is true in the deployment; a client may have its own."""
    node = home.get("passed_over")
    if node is None:
        return {}
    found = node["setting"], settings.values.get(node["setting"]) is True
    return dict.fromkeys(node["filters"], found)


def problems(ground: Ground, view: View, home: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with it: a setting, or a parameter, that there is not."""
    node = home.get("passed_over")
    if node is None:
        return
    path = (*here, "passed_over")
    if node["setting"] not in ground.settings:
        yield Problem((*path, "setting"), no_setting(node["setting"], ground))
    known = view.content.get("filters") or {}
    for number, name in enumerate(node["filters"]):
        if name not in known:
            text = f"{view.name} has no filter {name}{way_out(name, known)}"
            yield Problem((*path, "filters", number), text)
