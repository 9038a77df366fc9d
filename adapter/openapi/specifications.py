"""The files of the API documents: in `specs/` of a checkout, or inside the package when it is installed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parents[1]


def specification(name: str) -> Path:
    """The file of a document, by its path below `specs/` without extension: `klanten`, `overlays/…`."""
    installed = _PACKAGE / "data" / "specs" / f"{name}.yaml"
    return installed if installed.exists() else _PACKAGE.parent / "specs" / f"{name}.yaml"


def overlay_names(register: str, lineage: Sequence[str]) -> list[str]:
    """The overlays that make the document of a register that of a dialect, in the order to apply them.

    `lineage` is the dialect followed by the dialects that it extends; the overlays of the latter come first.
    """
    names = [f"{dialect}-{register}" for dialect in reversed(lineage)]
    return [name for name in names if specification(f"overlays/{name}").exists()]


def shape(name: str) -> dict[str, Any]:
    """The JSON Schema of an objecttype that is not KlantBrug's own, by its name (`InterneTaak`)."""
    file = specification("klanten").parent / "objecttypes" / f"{name.lower()}.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found
