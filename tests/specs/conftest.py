"""The documents of the checkout, read once for all tests."""

from functools import cache
from pathlib import Path

import yaml

SPECS = Path(__file__).parents[2] / "specs"
DOCUMENTS = (
    "klantinteracties",
    "klanten",
    "contactmomenten",
    "objects",
    "esuite-klanten",
    "esuite-contactmomenten",
)
# Each overlay, in specs/ or of a dialect, and the document that it belongs on.
OVERLAYS = {
    "openklant/overlays/klanten": "klanten",
    "openklant/overlays/contactmomenten": "contactmomenten",
    "overlays/openobject-objects": "objects",
    "overlays/published-klantinteracties": "klantinteracties",
}


@cache
def read(name):
    folder = SPECS if (SPECS / f"{name}.yaml").exists() else SPECS.parent / "mappings"
    return yaml.load((folder / f"{name}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def operations(document):
    """Method, path template and operation, of everything that the document offers."""
    return [
        (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    ]


def resolved(document, node):
    """What the node, or the `$ref` in it, stands for."""
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node
