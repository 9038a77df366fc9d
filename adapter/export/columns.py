"""The columns of a table of resources: each member of one, and each part of a group of members."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from adapter.mapping.model import Member, Resource
from adapter.mapping.paths import MISSING, Path, get
from adapter.openapi.document import Document, Schema

Kind = Literal["text", "boolean", "integer", "instant"]
Shown = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; its name is the path with dots. A reference has its uuid, a list its JSON as text."""

    path: Path
    kind: Kind = "text"

    @property
    def name(self) -> str:
        """The names on its path with dots between them: `group.member`."""
        return ".".join(self.path)

    def text(self, shown: Shown) -> str:
        """The value as text; empty when there is none."""
        value = self._found(shown)
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else str(value)

    def value(self, shown: Shown) -> Any:
        """The value as its kind has it; None when there is none."""
        value = self._found(shown)
        if self.kind == "instant":
            return dt.datetime.fromisoformat(value) if value else None
        return value

    def _found(self, shown: Shown) -> Any:
        """A reference as its uuid, a list or group as JSON, anything else as it is."""
        value = get(shown, self.path)
        if value is MISSING:
            return None
        if isinstance(value, dict) and "uuid" in value:
            return value["uuid"]
        return orjson.dumps(value).decode() if isinstance(value, dict | list) else value


def columns(resource: Resource, document: Document) -> list[Column]:
    """The columns of a kind of resources, in the order of the specification; the same for all of them."""
    schema = document.schema(resource.schema)
    found: list[Column] = []
    for name in resource.shown:
        member = resource.members.get(name)
        if member is None:
            found.append(Column((name,)))
        else:
            found += _columns(member, (name,), _below(document, schema, name), document)
    return list({each.path: each for each in found}.values())


def _columns(member: Member, path: Path, schema: Schema, document: Document) -> Iterator[Column]:
    inner = [*member.members.values()]
    inner += [each for variant in member.variants.values() for each in variant.values()]
    if member.to or not inner:
        yield Column(path, "text" if member.to else _kind(schema))
        return
    for each in inner:
        yield from _columns(each, (*path, each.name), _below(document, schema, each.name), document)


def _below(document: Document, schema: Schema, name: str) -> Schema:
    """What the specification says of a member; nothing of one that only some kinds of a group have."""
    found = document.merged(schema).get("properties", {}).get(name)
    return {} if found is None else document.merged(found)


def _kind(schema: Schema) -> Kind:
    if schema.get("format") == "date-time":
        return "instant"
    kinds: dict[Any, Kind] = {"boolean": "boolean", "integer": "integer"}
    return kinds.get(schema.get("type"), "text")
