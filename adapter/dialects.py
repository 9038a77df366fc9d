"""The dialects that come with KlantBrug, known without reading a mapping."""

from functools import cache
from pathlib import Path

from adapter.openapi.document import read_yaml

_PACKAGE = Path(__file__).parent


def mappings_folder() -> Path:
    """Where the mappings are: beside the package in a checkout, inside it when it is installed."""
    installed = _PACKAGE / "data" / "mappings"
    return installed if installed.exists() else _PACKAGE.parent / "mappings"


def shipped_dialects() -> list[str]:
    """The names of the dialects, in order."""
    return sorted(each.parent.name for each in mappings_folder().glob("*/registers.yaml"))


@cache
def lineage(dialect: str) -> tuple[str, ...]:
    """A dialect and those that it extends, the most particular first."""
    chain = [dialect]
    while (file := mappings_folder() / chain[-1] / "dialect.yaml").exists():
        parent = read_yaml(file).get("extends")
        if parent is None or parent in chain:
            break
        chain.append(parent)
    return tuple(chain)
