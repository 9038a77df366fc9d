"""Ask an OpenAPI document what stands at a path of a record: does it exist, of what kind, how long.

A schema that comes in variants (a discriminator, with its mapping written out or following from the schemas
that build on it) has a path when one of the variants has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from adapter.mapping.paths import Path
from adapter.openapi.document import Document, Schema

ValueKind = Literal["text", "number", "boolean", "group", "list", "any"]

_KINDS: dict[str, ValueKind] = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "object": "group",
    "array": "list",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the schemas at one path say together; `longest` is the tightest limit, None when one has none.

    `exact` says that the text is an address, a key or a choice, which means nothing once it is cut.
    """

    kind: ValueKind
    nullable: bool
    longest: int | None
    choices: tuple[str, ...]
    format: str
    exact: bool
    read_only: bool


class Found(tuple[Schema, ...]):
    """The schemas at one path, worked into one each, and what they say together."""

    @cached_property
    def facts(self) -> Facts:
        """Worked out once, however many ask."""
        return _facts(self)


def _once[Answer](
    document: Document, schema: Schema, question: tuple[object, ...], answer: Callable[[], Answer]
) -> Answer:
    """The answer to a question about a schema of the document, kept with the document."""
    key = (id(schema), *question)
    if key not in document.kept:
        # The schema is kept with what came of it, so that its id stays its own.
        document.kept[key] = schema, answer()
    found: Answer = document.kept[key][1]
    return found


def variants(document: Document, schema: Schema) -> dict[str, Schema]:
    """The variants of a schema by the value of its discriminator; none when it has no discriminator."""
    resolved = document.resolve(schema)
    if not resolved.get("discriminator"):
        return {}
    return _once(document, resolved, ("variants",), lambda: _variants(document, resolved))


def _variants(document: Document, resolved: Schema) -> dict[str, Schema]:
    discriminator = resolved["discriminator"]
    if "mapping" in discriminator:
        targets = discriminator["mapping"].items()
        return {value: document.resolve({"$ref": target}) for value, target in targets}
    candidates = document.raw.get("components", {}).get("schemas", {})
    return {
        name: each
        for name, each in candidates.items()
        if any(document.resolve(part) is resolved for part in each.get("allOf", ()))
    }


def branches(document: Document, schema: Schema, chosen: Iterable[str] = ()) -> list[Schema]:
    """The variants with one of the chosen values (all when nothing is chosen), or the schema itself."""
    found, wanted = variants(document, schema), set(chosen)
    if found and wanted:
        found = {value: each for value, each in found.items() if value in wanted}
    return list(found.values()) or [document.resolve(schema)]


def at(document: Document, schema: Schema, path: Path, chosen: Iterable[str] = ()) -> Found:
    """The schemas at a path, worked into one each, of all variants; none when the path leads nowhere."""
    whole, wanted = document.resolve(schema), tuple(chosen)
    return _once(document, whole, (path, wanted), lambda: _at(document, whole, path, wanted))


def _at(document: Document, schema: Schema, path: Path, chosen: tuple[str, ...]) -> Found:
    found = branches(document, schema, chosen)
    for part in path:
        found = [below for each in found for below in _below(document, each, part)]
    return Found(document.merged(each) for each in found)


def _below(document: Document, schema: Schema, part: str) -> Iterator[Schema]:
    for branch in branches(document, schema):
        merged = document.merged(branch)
        if part.isdigit() and merged.get("type") == "array":
            yield merged.get("items", {})
        elif part in merged.get("properties", {}):
            yield merged["properties"][part]


def names(document: Document, schema: Schema, chosen: Iterable[str] = ()) -> dict[str, Schema]:
    """The members of all variants, in order."""
    whole, wanted = document.resolve(schema), tuple(chosen)
    return _once(document, whole, ("names", wanted), lambda: _names(document, whole, wanted))


def _names(document: Document, schema: Schema, chosen: tuple[str, ...]) -> dict[str, Schema]:
    found: dict[str, Schema] = {}
    for branch in branches(document, schema, chosen):
        for name, each in document.properties(branch).items():
            found.setdefault(name, each)
    return found


def writable(document: Document, *found: Schema) -> Iterator[Path]:
    """The paths of all members that can be written, each before those below it, in the order of the schemas.

    `*` is any item of a list; members of several variants keep the order of each.
    """
    every = [branch for each in found for branch in branches(document, each)]
    for name, alike in _in_order(document, every).items():
        merged = [document.merged(each) for each in alike]
        if all(each.get("readOnly") for each in merged):
            continue
        yield (name,)
        items = [each["items"] for each in merged if "items" in each]
        if items:
            yield (name, "*")
            yield from ((name, "*", *path) for path in writable(document, *items))
        else:
            yield from ((name, *path) for path in writable(document, *merged))


def _in_order(document: Document, found: Iterable[Schema]) -> dict[str, list[Schema]]:
    """The members of several schemas: what comes first in any of them does so among all."""
    members: dict[str, list[Schema]] = {}
    order: list[str] = []
    for each in found:
        place = 0
        for name, schema in document.properties(each).items():
            members.setdefault(name, []).append(schema)
            if name not in order:
                order.insert(place, name)
            place = order.index(name) + 1
    return {name: members[name] for name in order}


def required(document: Document, schema: Schema) -> list[str]:
    """The members that every variant of a record must have."""
    each = [set(document.merged(branch).get("required", ())) for branch in branches(document, schema)]
    return sorted(set.intersection(*each))


def is_reference(document: Document, schema: Schema) -> bool:
    """Whether a served member names another resource: a group with a uuid and a url, or a list of such."""
    merged = document.merged(schema)
    if merged.get("type") == "array":
        merged = document.merged(merged.get("items", {}))
    return {"uuid", "url"} <= set(merged.get("properties", {}))


def facts(found: Iterable[Schema]) -> Facts:
    """What the schemas at one path (see `at`) say together."""
    return found.facts if isinstance(found, Found) else _facts(found)


def _facts(found: Iterable[Schema]) -> Facts:
    each = list(found)
    kinds = {_KINDS.get(one.get("type", ""), "any") for one in each}
    limits = [one["maxLength"] for one in each if "maxLength" in one]
    formats = [form for one in each for form in _formats(one)]
    choices = dict.fromkeys(
        str(word) for one in each for word in one.get("enum", ()) if word not in (None, "")
    )
    return Facts(
        kind=kinds.pop() if len(kinds) == 1 else "any",
        nullable=any(one.get("nullable", False) for one in each),
        longest=min(limits) if limits else None,
        choices=tuple(choices),
        format=formats[0] if formats else "",
        exact=bool(choices) or bool(set(formats) & {"email", "uri", "uuid"}) or _patterned(each),
        read_only=all(one.get("readOnly", False) for one in each),
    )


def _formats(schema: Schema) -> list[str]:
    options: list[Any] = [schema, *schema.get("anyOf", ())]
    return [one["format"] for one in options if "format" in one]


def _patterned(found: list[Schema]) -> bool:
    return any("pattern" in option for one in found for option in (one, *one.get("anyOf", ())))


def takes_blank(schema: Schema) -> bool:
    """Whether a text may be empty: no format, choice or least length speaks against it."""
    if "anyOf" in schema:
        return any(takes_blank(one) for one in schema["anyOf"])
    if schema.get("enum") is not None:
        return "" in schema["enum"]
    return schema.get("maxLength") == 0 or ("format" not in schema and schema.get("minLength", 0) == 0)
