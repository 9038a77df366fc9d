import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from adapter.configuration.schemas import read_data
from adapter.dialects import Library
from adapter.mapping.checking import check
from adapter.mapping.source import MappingError
from adapter.openapi.document import Document
from adapter.openapi.specifications import specification
from adapter.shipped import served_document

SHIPPED = Path(__file__).parents[2] / "mappings"


def leave_what_it_is_not_in(mappings: Path, dialect: str) -> None:
    """Remove the dialects that another does not extend, which would only be checked as well."""
    needed = Library((mappings,)).lineage(dialect)
    for each in mappings.iterdir():
        if each.is_dir() and each.name not in needed:
            shutil.rmtree(each)


@pytest.fixture(scope="session")
def served() -> Document:
    return served_document()


@pytest.fixture(scope="session")
def registers() -> dict[str, Document]:
    return {name: Document.load(specification(name)) for name in ("klanten", "contactmomenten", "objects")}


@pytest.fixture(scope="session")
def settings() -> dict[str, object]:
    """The settings that a deployment has."""
    return dict(read_data("settings.yaml")["properties"])


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    """A copy of the shipped mappings, to be broken; of one with most of its own there is no need."""
    without = shutil.ignore_patterns("esuite")
    return Path(shutil.copytree(SHIPPED, tmp_path / "mappings", ignore=without))


@pytest.fixture
def checked(
    served: Document, registers: dict[str, Document], settings: dict[str, object]
) -> Callable[[Path], list[MappingError]]:
    """The findings in a folder of mappings."""
    return lambda folder: check(Library((folder,)), served=served, registers=registers, settings=settings)
