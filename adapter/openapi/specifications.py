"""Where the API documents are: beside the package in a checkout, inside it when it is installed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parents[1]


def specification(name: str) -> Path:
    """The file of a document, by its name below `specs/` without extension (`klanten`)."""
    installed = _PACKAGE / "data" / "specs" / f"{name}.yaml"
    return installed if installed.exists() else _PACKAGE.parent / "specs" / f"{name}.yaml"


def overlay_names(register: str, lineage: Sequence[str]) -> list[str]:
    """The overlays of a dialect on the document of a register: those of what it extends come first.

    `lineage` is the dialect with those that it extends, the most particular first.
    """
    names = [f"{dialect}-{register}" for dialect in reversed(lineage)]
    return [name for name in names if specification(f"overlays/{name}").exists()]


def shape(name: str) -> dict[str, Any]:
    """The JSON schema of an objecttype that others made, by its name (`InterneTaak`)."""
    file = specification("klanten").parent / "objecttypes" / f"{name.lower()}.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
