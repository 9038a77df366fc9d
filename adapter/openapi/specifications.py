"""Where the API documents are: beside the package in a checkout, inside it when it is installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parents[1]


def specification(name: str) -> Path:
    """The file of a document, by its name below `specs/` without extension (`klanten`)."""
    installed = _PACKAGE / "data" / "specs" / f"{name}.yaml"
    return installed if installed.exists() else _PACKAGE.parent / "specs" / f"{name}.yaml"


def shape(name: str) -> dict[str, Any]:
    """The JSON schema of an objecttype that others made, by its name (`InterneTaak`)."""
    file = specification("klanten").parent / "objecttypes" / f"{name.lower()}.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
