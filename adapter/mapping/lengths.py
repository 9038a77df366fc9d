"""What the fields of both sides can hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping import schemas
from adapter.mapping.paths import Path, parse
from adapter.openapi.document import Document, Schema

Content = Mapping[str, Any]


class Lengths:
    """The longest texts that the fields of both sides take."""

    def __init__(self, served: Document, registers: Mapping[str, Document]) -> None:
        self._served, self.registers = served, registers

    def served(self, home: Content, path: Path, chosen: Mapping[str, str]) -> int | None:
        """The limit of a served member, in the variant that is `chosen`."""
        schema = self._served.schema(home["schema"]) if "schema" in home else None
        if schema is None:
            return None
        return _longest(self._served, schema, path, tuple(chosen.values()))

    def is_text(self, home: Content, path: Path, chosen: Mapping[str, str]) -> bool:
        """Whether a served member is a text, in the variant that is `chosen`."""
        schema = self._served.schema(home["schema"]) if "schema" in home else None
        if schema is None:
            return False
        return schemas.facts(schemas.at(self._served, schema, path, tuple(chosen.values()))).kind == "text"

    def least(self, home: Content, path: Path, chosen: Mapping[str, str]) -> int | None:
        """The least that a served number may be."""
        schema = self._served.schema(home["schema"]) if "schema" in home else None
        if schema is None:
            return None
        found = schemas.at(self._served, schema, path, tuple(chosen.values()))
        return max((each["minimum"] for each in found if "minimum" in each), default=None)

    def facts(self, home: Content, path: Path, chosen: Mapping[str, str]) -> schemas.Facts:
        """What the specification says of a served member."""
        schema = self._served.schema(home["schema"])
        return schemas.facts(schemas.at(self._served, schema, path, tuple(chosen.values())))

    def takes_blank(self, home: Content, path: Path) -> bool:
        """Whether a register's field may hold an empty text; an object's fields may."""
        return all(schemas.takes_blank(each) for each in self._at(home, path))

    def takes_null(self, home: Content, path: Path) -> bool:
        """Whether a register's field may be null."""
        found = self._at(home, path)
        return bool(found) and schemas.facts(found).nullable

    def register(self, home: Content, path: Path) -> int | None:
        """The limit of a register's field; None for an object, whose schema has none."""
        return schemas.facts(self._at(home, path)).longest

    def _at(self, home: Content, path: Path) -> schemas.Found:
        register, _, collection = (home.get("record") or home.get("inside_record", "")).partition("/")
        document = self.registers.get(register)
        operation = document.operation("post", f"/{collection}") if document else None
        if document is None or operation is None or operation.body is None:
            return schemas.Found()
        start = (*parse(home["each"]), "0") if "each" in home else ()
        return schemas.at(document, operation.body, (*start, *path))


def _longest(document: Document, schema: Schema, path: Path, variants: tuple[str, ...]) -> int | None:
    return schemas.facts(schemas.at(document, schema, path, variants)).longest
