"""An OpenAPI 3.0 document: its operations, its schemas and its references.

A document is immutable by agreement: `raw` is not changed after loading, so whatever is derived from it is
cached.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

Schema = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete", "head", "options")


class UnknownReference(LookupError):
    """The document has nothing at the target of a `$ref`."""

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(reference)


class _TextLoader(yaml.CSafeLoader):
    """Reads dates and times as text, as they are in JSON."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> Any:
    """The content of a YAML file, in which timestamps stay text."""
    return parse_yaml(path.read_text(encoding="utf-8"))


def parse_yaml(text: str) -> Any:
    """The content of YAML, in which timestamps stay text."""
    return yaml.load(text, Loader=_TextLoader)  # noqa: S506 (a safe loader)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation; `where` is query, path, header or cookie."""

    name: str
    where: str
    schema: Schema
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path. `body` and the values of `answers` are JSON schemas, references unresolved."""

    method: str
    path: str
    operation_id: str
    parameters: tuple[Parameter, ...]
    body: Schema | None
    body_required: bool
    answers: Mapping[str, Schema | None]

    def parameters_in(self, where: str) -> tuple[Parameter, ...]:
        """The parameters of one kind, in the order of the document."""
        return tuple(parameter for parameter in self.parameters if parameter.where == where)

    @property
    def collection(self) -> str:
        """The first segment of the path: the name of the resource; empty for the root."""
        return self.path.strip("/").partition("/")[0]

    @property
    def answer(self) -> Schema | None:
        """The schema of the successful answer, when it has a body."""
        return next((schema for status, schema in self.answers.items() if status.startswith("2")), None)


@dataclass(frozen=True)
class Document:
    """A loaded OpenAPI document."""

    raw: Mapping[str, Any]

    @classmethod
    def load(cls, source: Mapping[str, Any] | str | Path) -> Document:
        """The document of a YAML file, or of a dict that was loaded before."""
        return cls(source if isinstance(source, Mapping) else read_yaml(Path(source)))

    @cached_property
    def kept(self) -> dict[Hashable, Any]:
        """A cache for callers: what they derive from this document, under keys of their own."""
        return {}

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """All operations, in the order of the document."""
        return tuple(self._operations())

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], Operation]:
        return {(operation.method, operation.path): operation for operation in self.operations}

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation of a method (lower case) on a path template, or None."""
        return self._by_key.get((method, path))

    def schema(self, name: str) -> Schema:
        """The component schema with this name. Raises UnknownReference."""
        return self.resolve({"$ref": f"#/components/schemas/{name}"})

    def resolve(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """The node itself, or the target of its `$ref`, through any number of references.

        Raises UnknownReference.
        """
        while isinstance(reference := node.get("$ref"), str):
            found = self._targets.get(reference)
            if found is None:
                found = self._targets[reference] = self._target(reference)
            node = found
        return node

    @cached_property
    def _targets(self) -> dict[str, Mapping[str, Any]]:
        """A cache of the targets of references."""
        return {}

    def _target(self, reference: str) -> Mapping[str, Any]:
        found: Any = self.raw
        for part in reference.removeprefix("#/").split("/"):
            try:
                found = found[part.replace("~1", "/").replace("~0", "~")]
            except (KeyError, TypeError):
                raise UnknownReference(reference) from None
        if not isinstance(found, Mapping):
            raise UnknownReference(reference)
        return found

    def merged(self, schema: Schema) -> Schema:
        """One schema with the keywords of `schema`, its `$ref` and its `allOf`.

        `properties` and `required` of the parts are joined, in order. For any other keyword the schema itself
        goes before its parts. The schemas of the properties and the branches of `oneOf` are not merged.
        """
        schema = self.resolve(schema)
        if "allOf" not in schema:
            return schema
        # The cache holds the schema too: its id may not be reused as long as it is a key.
        kept = self._joined.get(id(schema))
        if kept is None:
            kept = self._joined[id(schema)] = schema, self._joined_parts(schema)
        return kept[1]

    @cached_property
    def _joined(self) -> dict[int, tuple[Schema, Schema]]:
        """A cache of merged schemas: id of a schema → (that schema, the merged one)."""
        return {}

    def _joined_parts(self, schema: Schema) -> Schema:
        result: dict[str, Any] = {}
        own = {key: value for key, value in schema.items() if key != "allOf"}
        for part in (*(self.merged(part) for part in schema["allOf"]), own):
            joined = {
                "properties": {**result.get("properties", {}), **part.get("properties", {})},
                "required": [*result.get("required", ()), *part.get("required", ())],
            }
            result |= part
            result |= {key: value for key, value in joined.items() if value}
        return result

    def properties(self, schema: Schema) -> dict[str, Schema]:
        """The members of an object schema, allOf included, each as written in the document."""
        properties: dict[str, Schema] = self.merged(schema).get("properties", {})
        return properties

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.raw.get("paths", {}).items():
            shared = item.get("parameters", ())
            for method in METHODS:
                if method in item:
                    yield self._operation(path, method, item[method], shared)

    def _operation(self, path: str, method: str, node: Mapping[str, Any], shared: Any) -> Operation:
        parameters = {}
        for each in (*shared, *node.get("parameters", ())):
            found = self.resolve(each)
            key = (found["in"], found["name"])
            parameters[key] = Parameter(
                found["name"], found["in"], found.get("schema", {}), found.get("required", False)
            )
        body = self.resolve(node.get("requestBody", {}))
        return Operation(
            method=method,
            path=path,
            operation_id=node.get("operationId", ""),
            parameters=tuple(parameters.values()),
            body=_json_schema(body),
            body_required=body.get("required", False),
            answers={
                str(status): _json_schema(self.resolve(answer))
                for status, answer in node.get("responses", {}).items()
            },
        )


def _json_schema(node: Mapping[str, Any]) -> Schema | None:
    """The schema of the JSON content of a request body or an answer."""
    for media_type, content in node.get("content", {}).items():
        if media_type.partition(";")[0].endswith("json"):
            schema: Schema | None = content.get("schema")
            return schema
    return None
