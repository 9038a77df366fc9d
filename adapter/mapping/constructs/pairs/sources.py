"""The constructs `at`, `else_at`, `else_unless` and `joined`: where in a record the value stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapter.mapping import schemas
from adapter.mapping.constructs.pairs.conversion import Line
from adapter.mapping.language.grammar import TEXT, Described, Problem
from adapter.mapping.language.ground import Content, Nowhere
from adapter.mapping.language.values import TEXTS
from adapter.mapping.paths import Path, parse

NAMES = {
    "at": Described(
        TEXT, "The path in the register's record; a dot for the item of a list of plain values itself."
    ),
    "else_at": Described(TEXTS, "Where else to read when it is empty."),
    "else_unless": Described(TEXTS, "Nothing is read elsewhere while any of these has a value."),
    "joined": Described(TEXTS, "Texts that are read together when it is empty."),
}
_LISTS = ("else_at", "joined", "else_unless")


def elsewhere(node: Content) -> bool:
    """Whether the value may come from other fields as well."""
    return bool(node.get("else_at") or node.get("joined"))


def listed(node: Content, name: str) -> tuple[Path, ...]:
    """The paths that stand under one of the names."""
    return tuple(map(parse, node.get(name, ())))


def sources(node: Content) -> list[str]:
    """All fields that a line names, the one that is written first."""
    return [node["at"], *(text for name in _LISTS for text in node.get(name, ()))]


def check(line: Line) -> Iterator[Problem]:
    """Every field is in the record."""
    lists = [(name, number) for name in _LISTS for number, _ in enumerate(line.node.get(name, ()))]
    places: list[tuple[str | int, ...]] = [("at",), *lists]
    for place, text in zip(places, sources(line.node), strict=True):
        try:
            line.facts(text)
        except Nowhere as nowhere:
            yield line.problem(str(nowhere), *place)


def variant(line: Line) -> Iterator[Problem]:
    """A field that only some variants of the record have is written under a condition."""
    if line.node.get("read_only"):
        return
    document, schema = line.record.document, line.record.schema
    variants = schemas.variants(document, schema)
    having = [each for each in variants if schemas.at(document, schema, parse(line.at), (each,))]
    if 0 < len(having) < len(variants) and not set(having) & set(line.kinds):
        name = document.resolve(schema)["discriminator"]["propertyName"]
        text = f"{line.at} is there only when {name} is {' or '.join(having)}; say so with if"
        yield line.problem(text, "at")


def says(node: Content) -> Iterable[str]:
    """Where else a value may come from, for the reference."""
    if node.get("joined"):
        yield f"when empty, read together from {', '.join(node['joined'])}"
    if node.get("else_at"):
        yield f"when empty, read from {', '.join(node['else_at'])}"
    if "else_unless" in node:
        yield f"but not while {' or '.join(node['else_unless'])} has a value"
