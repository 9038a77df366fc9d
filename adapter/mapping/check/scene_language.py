"""The constructs of a scene."""

from __future__ import annotations

from adapter.mapping.check.grammar import ANYTHING, NUMBER, TEXT, Every, Kind, Shape, Table
from adapter.mapping.check.values import CONSTANTS, TEXTS

METHODS = ("get", "post", "put", "patch", "delete")

_STEP_NAMES: dict[str, Kind] = {
    **dict.fromkeys(METHODS, TEXT),
    "register": TEXT,
    "body": Table(ANYTHING),
    "as": TEXT,
    "answer": Table(ANYTHING),
    "lacks": TEXTS,
    "found": TEXTS,
    "refused": Table(TEXT),
    "status": NUMBER,
    "asks": TEXTS,
    "calls": NUMBER,
}
STEP = Shape("a step", _STEP_NAMES, one_of=METHODS)
SCENE = Shape(
    "a scene", {"name": TEXT, "settings": CONSTANTS, "steps": Every(STEP)}, required=("name", "steps")
)
