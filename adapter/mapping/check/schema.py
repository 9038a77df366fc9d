"""The mapping language as a JSON Schema, so that editors complete and check mapping files."""

from __future__ import annotations

from typing import Any

from adapter.mapping.check.language import RESOURCE
from adapter.mapping.check.register_language import DIALECT, REGISTERS
from adapter.mapping.constructs.composition import COMPOSITION
from adapter.mapping.constructs.rules import RULES, rule
from adapter.mapping.language.grammar import (
    Anything,
    Choice,
    Described,
    Every,
    Kind,
    Plain,
    Shape,
    Table,
    Word,
)

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
_TYPES = {str: "string", int: "integer", bool: "boolean", type(None): "null"}
# Nodes of every sort: whatever a choice depends on, one of them brings it out.
_PROBES: tuple[Any, ...] = (
    "text",
    [],
    None,
    {},
    *({name: 1} for name in ("known", "same_as", "first_line_of", "write", "setting")),
)


def language_schema() -> Schema:
    """The JSON Schema of every kind of mapping file."""
    exporter = _Exporter()
    files = [exporter.schema(kind) for kind in (RESOURCE, COMPOSITION, REGISTERS, DIALECT)]
    return {
        "$schema": DRAFT,
        "title": "A mapping of KlantBrug",
        "description": "How a resource of the Klantinteracties API and the records of registers correspond.",
        "type": "object",
        # A file of a dialect that extends another holds only what differs.
        "anyOf": files,
        "definitions": exporter.definitions,
    }


_WITHOUT: Schema = {
    "without": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Names of the dialect that this one extends that do not hold here.",
    }
}


class _Exporter:
    """Gives every kind of the grammar its schema; shapes and choices once, as definitions."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}
        self._names: dict[int, str] = {}
        # Kinds made for a probe are kept, since they are known by their identity.
        self._kinds: list[Kind] = []

    def schema(self, kind: Kind) -> Schema:
        """The schema of one kind."""
        if isinstance(kind, Plain):
            types = [_TYPES[each] for each in kind.types]
            return {"type": types if len(types) > 1 else types[0]}
        if isinstance(kind, Word):
            return {"enum": list(kind.words)}
        if isinstance(kind, Every):
            rows = {"type": "array", "items": self.schema(kind.item)}
            also = {**rows, "description": "What comes on top of the list of the dialect that is extended."}
            more = {
                "type": "object",
                "properties": {"also": also, **_WITHOUT},
                "additionalProperties": False,
            }
            return {"anyOf": [rows, more]}
        if isinstance(kind, Table):
            return {"type": "object", "properties": _WITHOUT, "additionalProperties": self.schema(kind.item)}
        if isinstance(kind, Anything):
            return {}
        assert isinstance(kind, Shape | Choice)
        return {"$ref": f"#/definitions/{self._defined(kind)}"}

    def _defined(self, kind: Shape | Choice) -> str:
        key = id(kind) if isinstance(kind, Shape) else id(kind.of)
        if key not in self._names:
            noun = kind.noun if isinstance(kind, Shape) else "choice"
            name = f"{noun.replace(' ', '_')}_{len(self._names)}"
            self._names[key] = name
            self._kinds.append(kind)
            self.definitions[name] = {}
            self.definitions[name].update(
                self._shape(kind) if isinstance(kind, Shape) else self._choice(kind)
            )
        return self._names[key]

    def _shape(self, shape: Shape) -> Schema:
        properties = {
            name: self._described(shape, name, kind)
            for name, kind in shape.names.items()
            if name not in shape.lowered
        }
        return {"type": "object", "properties": {**properties, **_WITHOUT}, "additionalProperties": False}

    def _described(self, shape: Shape, name: str, kind: Kind) -> Schema:
        assert isinstance(kind, Described), f"{name} of {shape.noun} has no words for an editor"
        schema = self.schema(kind.kind)
        # What stands beside a reference is not read in this draft.
        return (
            {"allOf": [schema], "description": kind.text}
            if "$ref" in schema
            else {**schema, "description": kind.text}
        )

    def _choice(self, choice: Choice) -> Schema:
        if choice.of is rule:
            kinds: list[Kind] = [each.shape for each in RULES.values()]
        else:
            kinds = [choice.of(probe) for probe in _PROBES]
        found: list[Schema] = []
        for kind in kinds:
            schema = self.schema(kind)
            if schema not in found:
                found.append(schema)
        return {"anyOf": found}
