"""What the checks stand on: the mappings of one dialect beside the documents that they are about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from adapter.mapping import paths, schemas
from adapter.mapping.language.grammar import way_out
from adapter.mapping.paths import Path
from adapter.mapping.schemas import Facts, Found
from adapter.openapi.document import Document, Schema

Content = Mapping[str, Any]


class Nowhere(Exception):
    """A path that leads nowhere; the text says where it stops and what would have been right."""


@dataclass(frozen=True, slots=True)
class Record:
    """The record of a register that a home's right side is about; `schema` may come in variants."""

    name: str
    document: Document
    schema: Schema

    @property
    def plain(self) -> bool:
        """Whether it is no record, but an item that is a plain value."""
        return schemas.at(self.document, self.schema, ()).facts.kind in ("text", "number", "boolean")

    def at(self, text: str, chosen: Iterable[str] = ()) -> Found:
        """The schemas at a path written with dots; Nowhere when there are none."""
        if self.plain and text != paths.ITSELF:
            raise Nowhere(f"an item of {self.name} is a plain value, without {text}; . is the value itself")
        if text == paths.ITSELF and not self.plain:
            raise Nowhere(
                f". is an item that is a plain value, and {self.name} has members; write one of them"
            )
        if text == paths.ITSELF:
            return schemas.at(self.document, self.schema, ())
        return _found(self.document, self.schema, text, chosen, self.name)

    def item(self, text: str) -> Record:
        """The record of one item of the list at a path; Nowhere when there is no such list."""
        kind = schemas.facts(self.at(text)).kind
        if kind not in ("list", "any"):
            raise Nowhere(f"{text} of {self.name} is a {kind}, and no list")
        found = self.at(f"{text}.0")
        return Record(f"{self.name} {text}", self.document, found[0])

    def names(self) -> dict[str, Schema]:
        """The members of the record."""
        return schemas.names(self.document, self.schema)


@dataclass(frozen=True)
class View:
    """One mapping file as the checks see it; `readable` is False when its grammar is broken."""

    name: str
    stem: str
    content: Content
    schema: str
    readable: bool

    @cached_property
    def members(self) -> Content:
        """The lines under `fields`; nothing under a name is an empty line."""
        return {name: node or {} for name, node in (self.content.get("fields") or {}).items()}

    @property
    def relations(self) -> Content:
        """The lines under `relations`."""
        return self.content.get("relations") or {}

    @property
    def homes(self) -> Content:
        """The homes by name."""
        return self.content.get("homes") or {}


@dataclass(frozen=True, slots=True)
class End:
    """Where a served path ends: at resources of a kind, or at a value."""

    resource: str = ""
    value: Found = field(default_factory=Found)

    @property
    def facts(self) -> Facts | None:
        """What is known of the value; None at a resource."""
        return self.value.facts if self.value else None


@dataclass(frozen=True, slots=True)
class Ground:
    """One dialect: its mappings by resource, its registers.yaml, and the documents of both sides."""

    served: Document
    documents: Mapping[str, Document]
    types: Mapping[str, Document]
    """Objecttype → a document whose one schema is that of its data."""
    settings: Mapping[str, Any]
    views: Mapping[str, View]
    parts: Mapping[str, Content]
    registers: Content
    gathered: frozenset[str] = frozenset()
    """The collections of which a record is made of several resources at once, as `register/collection`."""

    def schema(self, view: View) -> Schema:
        """The served schema of a resource."""
        return {"$ref": f"#/components/schemas/{view.schema}"}

    def at(self, view: View, text: str, chosen: Iterable[str] = ()) -> Found:
        """The served schemas at a path of a resource; Nowhere when there are none.

        Of a schema that does not exist, which is told elsewhere, everything is possible.
        """
        if view.schema not in self.served.raw["components"]["schemas"]:
            return Found([{}])
        return _found(self.served, self.schema(view), text, chosen, view.schema)

    def collection(self, register: str, collection: str) -> Record | None:
        """The record that a register's collection takes; None when the register has no document."""
        document = self.documents.get(register)
        operation = document.operation("post", f"/{collection}") if document else None
        if document is None or operation is None or operation.body is None:
            return None
        return Record(f"{register}/{collection}", document, operation.body)

    def record(self, home: Content) -> Record | None:
        """What the paths of a home are about; None when nothing is known about it (a type of our own)."""
        if "record" in home:
            register, _, collection = home["record"].partition("/")
            return self.collection(register, collection)
        if "object" in home:
            document = self.types.get(home["object"])
            reference = {"$ref": f"#/components/schemas/{home['object']}"}
            return Record(home["object"], document, reference) if document else None
        owner = self.home(home.get("inside", ""))
        return self.record(owner) if owner is not None and "inside" not in owner else None

    def home(self, text: str) -> Content | None:
        """The home that `resource.home` names."""
        resource, _, name = text.partition(".")
        view = self.views.get(resource)
        found: Content | None = view.homes.get(name) if view else None
        return found

    def walk(self, resource: str, text: str) -> End:
        """Where a path from a resource ends, through references and relations; Nowhere when it stops."""
        if resource not in self.views:
            raise Nowhere(f"there is no mapping for {resource}{way_out(resource, self.views)}")
        if text == paths.ITSELF:
            raise Nowhere(f"{resource} has no {text}; it is for an item that is a plain value")
        end, left = End(resource), paths.parse(text) if text else ()
        while left:
            if not end.resource:
                raise Nowhere(f"nothing stands below a value, so {left[0]} does not exist")
            end, left = self._step(self.views[end.resource], left)
        return end

    def _step(self, view: View, path: Path) -> tuple[End, Path]:
        part = path[0]
        if part in view.relations:
            return self._far_end(view.relations[part]), path[1:]
        if part in view.members:
            return self._through(view, path)
        if part == "uuid":
            return End(value=self.at(view, part)), path[1:]
        raise Nowhere(f"{view.name} has no {part}{way_out(part, [*view.members, *view.relations])}")

    def _far_end(self, relation: Content) -> End:
        resource, _, _ = str(relation.get("from", "")).partition(".")
        return self.walk(resource, relation.get("value", ""))

    def _through(self, view: View, path: Path) -> tuple[End, Path]:
        """Into a member: to the resource that it refers to, or to a value in it."""
        node = view.members[path[0]]
        if "first_of" in node:
            node = view.members.get(node["first_of"]) or {}
        for length in range(1, len(path) + 1):
            target = node.get("to")
            if target in self.views:
                return End(target), path[length:]
            if length < len(path):
                node = _inner(node, path[length])
        return End(value=self.at(view, ".".join(path))), ()


def _inner(node: Content, name: str) -> Content:
    """The line of a member inside a group, in whichever variant has one."""
    for variant in (node.get("members") or {}).values():
        if name in variant:
            return variant[name] or {}
    return {}


def _found(document: Document, schema: Schema, text: str, chosen: Iterable[str], name: str) -> Found:
    path, wanted = paths.parse(text), tuple(chosen)
    found = schemas.at(document, schema, path, wanted) if path else Found()
    if found:
        return found
    holders: Sequence[Schema] = schemas.branches(document, schema, wanted)
    where = name
    for position, part in enumerate(path):
        below = schemas.at(document, schema, path[: position + 1], wanted)
        if not below:
            known = {each for holder in holders for each in schemas.names(document, holder)}
            raise Nowhere(f"{where} has no {part}{way_out(part, known)}")
        holders, where = below, f"{name} {'.'.join(path[: position + 1])}"
    raise Nowhere(f"{name} has no {text}")


def illegal(value: Any, facts: Facts) -> str:
    """Why a constant cannot stand at a place with these facts; empty when it can."""
    if isinstance(value, Mapping) or facts.kind == "any":
        return ""
    if value is None:
        return "" if facts.nullable else "null is not allowed here"
    kind = {bool: "boolean", int: "number", str: "text"}.get(type(value))
    if kind != facts.kind:
        return f"a {facts.kind} is wanted here, not a {kind}"
    if kind == "text" and facts.format in ("date", "date-time") and not _is_moment(value):
        return f"{facts.format} is wanted here"
    if facts.choices and value not in facts.choices:
        return f"{value} is not one of its values{way_out(value, facts.choices)}"
    if kind == "text" and facts.longest is not None and len(value) > facts.longest:
        return f"longer than the {facts.longest} characters that fit"
    return ""


def _is_moment(value: str) -> bool:
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
