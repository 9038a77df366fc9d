"""Where the API documents are: beside the package in a checkout, inside it when it is installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def specification(name: str) -> Path:
    """The file of a document, by its name below `specs/` without extension (`klanten`)."""
    installed = _PACKAGE / "data" / "specs" / f"{name}.yaml"
    return installed if installed.exists() else _PACKAGE.parent / "specs" / f"{name}.yaml"
