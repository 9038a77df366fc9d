"""What the new API offers: under which name rows are shown in a record, and which parameter asks for what.

It is read from the mappings that serve that API; the register behind offers the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapter.correspondence.model import Correspondence, Rows
from adapter.mapping import schemas
from adapter.mapping.constructs.relation import is_served, is_whole
from adapter.mapping.paths import Path
from adapter.openapi.document import Document

EXPAND = "expand"
BY_URL = "__url"
# The longest text that is asked for: others make an address too long.
ASKED_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """Where the rows of a relation stand in a record; `along` is whether `expand` has to ask for them."""

    name: str
    along: bool


class Offers:
    """The relations and filters of the new API, by resource; `files` are the mappings by resource."""

    def __init__(self, files: Mapping[str, Mapping[str, Any]], document: Document) -> None:
        self._files, self._document = files, document

    def shown(self, resource: str, rows: Rows) -> Shown | None:
        """Where a record of `resource` shows these rows; None when it does not."""
        wanted = f"{rows.via or rows.resource}.{'.'.join(rows.reference)}"
        for name, relation in (self._files[resource].get("relations") or {}).items():
            if relation.get("from") != wanted or "make" in relation:
                continue
            schema = {"$ref": f"#/components/schemas/{self._files[resource]['schema']}"}
            if is_served(self._document, schema, name):
                return Shown(name, not is_whole(self._document, schema, name, relation))
        return None

    def expand(self, it: Correspondence) -> str:
        """The value of `expand` with which all rows of its parts come along; "" when none has to be asked."""
        names = dict.fromkeys(
            shown.name
            for part in it.parts
            if (shown := self.shown(it.left.name, part.rows)) is not None and shown.along
        )
        return ",".join(names)

    def parameter(self, resource: str, path: Path) -> str | None:
        """The parameter of the list of a resource that compares the value at a path; None if there is none.

        A path may begin with the name of a relation; one that ends at a record is compared by its uuid.
        """
        for name, line in (self._files[resource].get("filters") or {}).items():
            if not name.endswith(BY_URL) and line.split() == [".".join(path)]:
                return str(name)
        return None

    def existing(self, resource: str, relation: str) -> str | None:
        """The parameter that asks for those that have rows of a relation; None if there is none."""
        for name, line in (self._files[resource].get("filters") or {}).items():
            if line.split() == [relation, "exists"]:
                return str(name)
        return None

    def containing(self, resource: str, path: Path) -> str | None:
        """The parameter that asks for those where the text at a path contains another; None if none does."""
        for name, line in (self._files[resource].get("filters") or {}).items():
            if line.split() == [".".join(path), "contains"]:
                return str(name)
        return None

    def target(self, resource: str, path: Path) -> str:
        """The resource to which a member refers."""
        return str(self._files[resource]["fields"][".".join(path)]["to"])

    def asked(self, resource: str, body: Mapping[str, Any], at: Path = ()) -> list[tuple[str, str]]:
        """The parameters, each with its text, by which a list has the record that is made of a body."""
        found: list[tuple[str, str]] = []
        for name, value in body.items():
            path = (*at, name)
            if isinstance(value, Mapping) and set(value) != {"uuid"}:
                found += self.asked(resource, value, path)
                continue
            text = value["uuid"] if isinstance(value, Mapping) else value
            parameter = self.parameter(resource, path)
            if parameter and isinstance(text, str) and 0 < len(text) <= ASKED_LENGTH:
                found.append((parameter, text))
        return found

    def blank(self, resource: str, path: Path) -> Any:
        """How a member without a value is written: null where the document allows it, else empty text."""
        found = schemas.at(self._document, self._body(resource), path).facts
        if found.nullable or found.kind not in ("text", "any"):
            return None
        return ""

    def _body(self, resource: str) -> Any:
        operation = self._document.operation("post", f"/{resource}")
        return operation.body if operation else {}

    def related(self, resource: str, rows: Rows) -> str:
        """The name of the relation in filters: as it is shown, or as nothing shows it."""
        return self.relation(resource, rows.via or rows.resource, rows.reference)

    def relation(self, resource: str, other: str, reference: Path) -> str:
        """The name of the relation of a resource to the rows of another that refer to it by that member."""
        wanted = f"{other}.{'.'.join(reference)}"
        relations = (self._files[resource].get("relations") or {}).items()
        return next((name for name, each in relations if each.get("from") == wanted), "")

    def taken(self, resource: str, rows: Rows) -> Path:
        """The member of a link that refers to the row at its other end."""
        relation = (self._files[resource].get("relations") or {})[self.related(resource, rows)]
        return (str(relation["value"]),)
