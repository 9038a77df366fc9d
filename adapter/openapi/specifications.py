"""The files of the API documents: in `specs/` of a checkout, or inside the package when it is installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def specification(name: str) -> Path:
    """The file of a document, by its path below `specs/` without extension: `klanten`, `overlays/…`."""
    installed = _PACKAGE / "data" / "specs" / f"{name}.yaml"
    return installed if installed.exists() else _PACKAGE.parent / "specs" / f"{name}.yaml"


def objecttypes_folder() -> Path:
    """The folder with the JSON Schemas of objecttypes that KlantBrug shares with other applications."""
    return specification("klanten").parent / "objecttypes"
