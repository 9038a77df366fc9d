"""Where dialects are: in the folder that comes with KlantBrug, and in one that a municipality may have.

A dialect is a folder in one of these, with its mappings. What its registers and objecttypes look like stands
in it too: `overlays/REGISTER.yaml`, an OpenAPI overlay, and `objecttypes/NAME.json`, a JSON Schema that has
the name of the objecttype as its title. They are found here without reading the mappings themselves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from adapter.openapi.document import read_yaml
from adapter.openapi.specifications import objecttypes_folder

OVERLAYS = "overlays"
OBJECTTYPES = "objecttypes"
CORRESPONDENCES = "correspondences"
DIALECT_FILE = "dialect.yaml"
DOCUMENT = "document"
USER_HEADER = "user_header"
# A dialect has at least one of these; in a folder with neither, mappings would belong to nothing.
_MARKS = (DIALECT_FILE, "registers.yaml")

_PACKAGE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Library:
    """The folders in which dialects are looked for: the municipality's own, if any, then the shipped one.

    A dialect of its own may extend a shipped one. Two dialects of the same name are a mistake, which
    `klantbrug check` reports.
    """

    folders: tuple[Path, ...]

    def dialects(self) -> list[str]:
        """The names of all dialects that can be served, sorted."""
        found = {name for folder in self.folders for name in _dialects_in(folder)}
        return sorted(name for name in found if not self.unfinished(name))

    def own(self) -> list[str]:
        """Those of the municipality, sorted; all of them when there is one folder."""
        return sorted(name for name in _dialects_in(self.folders[0]) if not self.unfinished(name))

    def tried(self) -> list[str]:
        """Those of `own`, and after them those of the same folder that are unfinished."""
        return [*self.own(), *sorted(name for name in _dialects_in(self.folders[0]) if self.unfinished(name))]

    def unfinished(self, dialect: str) -> str:
        """What a dialect, or one that it extends, says it lacks, so that nobody is served by it; or ""."""
        said = (_said(self, each).get("unfinished") for each in self.lineage(dialect))
        return next((each for each in said if isinstance(each, str)), "")

    def gathers(self, dialect: str) -> bool:
        """Whether a correspondence of a dialect gathers: makes one record of several resources."""
        folders = filter(None, map(self.folder, self.lineage(dialect)))
        files = (each for folder in folders for each in (folder / CORRESPONDENCES).glob("*.yaml"))
        return any(re.search(r"^gather:", each.read_text(encoding="utf-8"), re.MULTILINE) for each in files)

    def folder(self, dialect: str) -> Path | None:
        """The folder of a dialect; None when there is none of that name."""
        # A name with a separator would lead to another place.
        found = (folder / dialect for folder in self.folders if dialect == Path(dialect).name)
        return next((each for each in found if each.is_dir()), None)

    def lineage(self, dialect: str) -> tuple[str, ...]:
        """A dialect followed by those that it extends: ("openklant", "vng"); as far as they can be read."""
        return _lineage(self, dialect)

    def facts(self, register: str, lineage: Sequence[str]) -> Mapping[str, str]:
        """What the dialects of a lineage say of a register in their `dialect.yaml`; the first goes before.

        document: the name of its specification below `specs/`, when that is not the standard's;
        user_header: the header with the employee for whom a call is made.
        """
        said = [_said(self, each).get("registers", {}).get(register, {}) for each in reversed(lineage)]
        return {name: value for each in said for name, value in each.items()}

    def speaking(self, register: str, lineage: Sequence[str]) -> Sequence[str]:
        """Those of a lineage that speak of the same specification of a register as its first.

        It ends with the dialect that names another specification (`document`), if one does.
        """
        own = [DOCUMENT in _said(self, each).get("registers", {}).get(register, {}) for each in lineage]
        return lineage[: own.index(True) + 1] if True in own else lineage

    def overlays(self, register: str, lineage: Sequence[str]) -> list[Path]:
        """The overlays on the specification of a register, in the order to apply them.

        `lineage` is the dialect followed by those that it extends; the overlays of the latter come first.
        Those of dialects that have another specification of the register are left out.
        """
        folders = filter(None, map(self.folder, reversed(self.speaking(register, lineage))))
        found = (folder / OVERLAYS / f"{register}.yaml" for folder in folders)
        return [each for each in found if each.is_file()]

    def shapes(self, lineage: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """The JSON Schema of each objecttype that KlantBrug did not make up, by its name (`InterneTaak`).

        Those of a dialect replace those of the dialects that it extends, and these those that come with
        KlantBrug. A file that is no such schema is left out: `klantbrug check` reports it.
        """
        found: dict[str, Mapping[str, Any]] = {}
        folders = filter(None, map(self.folder, reversed(lineage)))
        for folder in [objecttypes_folder(), *(each / OBJECTTYPES for each in folders)]:
            for path in sorted(folder.glob("*.json")):
                schema = read_shape(path.read_bytes())
                if isinstance(schema, dict) and isinstance(schema.get("title"), str):
                    found[schema["title"]] = schema
        return found

    def with_own(self, folder: Path | None) -> Library:
        """This library with the folder of a municipality before it, if there is one."""
        return self if folder is None else Library((folder, *self.folders))


def mappings_folder() -> Path:
    """The folder `mappings/` of a checkout, or its copy inside the package when that is installed."""
    installed = _PACKAGE / "data" / "mappings"
    return installed if installed.exists() else _PACKAGE.parent / "mappings"


SHIPPED = Library((mappings_folder(),))


def _dialects_in(folder: Path) -> Iterator[str]:
    if folder.is_dir():
        yield from (each.name for each in folder.iterdir() if any((each / mark).is_file() for mark in _MARKS))


@cache
def _lineage(library: Library, dialect: str) -> tuple[str, ...]:
    chain = [dialect]
    while isinstance(parent := _said(library, chain[-1]).get("extends"), str) and parent not in chain:
        chain.append(parent)
    return tuple(chain)


@cache
def _said(library: Library, dialect: str) -> Mapping[str, Any]:
    """The content of a `dialect.yaml`, {} for what cannot be used; `klantbrug check` says what is wrong."""
    folder = library.folder(dialect)
    if folder is None or not (file := folder / DIALECT_FILE).is_file():
        return {}
    try:
        content = read_yaml(file)
    except (yaml.YAMLError, UnicodeDecodeError):
        return {}
    found = dict(content) if isinstance(content, dict) else {}
    registers = found.get("registers")
    named = registers.items() if isinstance(registers, dict) else ()
    return {**found, "registers": {name: each for name, each in named if isinstance(each, dict)}}


@lru_cache(maxsize=64)
def read_shape(text: bytes) -> Any:
    """The content of a file with a JSON Schema, which nobody changes; None when it is no JSON."""
    try:
        return json.loads(text)
    except ValueError:
        return None
