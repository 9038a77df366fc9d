"""The dialects that come with KlantBrug, found without reading their mappings."""

from functools import cache
from pathlib import Path

from adapter.openapi.document import read_yaml

_PACKAGE = Path(__file__).parent


def mappings_folder() -> Path:
    """The folder `mappings/` of a checkout, or its copy inside the package when that is installed."""
    installed = _PACKAGE / "data" / "mappings"
    return installed if installed.exists() else _PACKAGE.parent / "mappings"


def shipped_dialects() -> list[str]:
    """The names of the dialects, sorted."""
    return sorted(each.parent.name for each in mappings_folder().glob("*/registers.yaml"))


@cache
def lineage(dialect: str) -> tuple[str, ...]:
    """A dialect followed by those that it extends: ("openklant", "vng")."""
    chain = [dialect]
    while (file := mappings_folder() / chain[-1] / "dialect.yaml").exists():
        parent = read_yaml(file).get("extends")
        if parent is None or parent in chain:
            break
        chain.append(parent)
    return tuple(chain)
