"""The pages of the mapping reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from adapter.dialects import Library
from adapter.mapping.documents import overlaid, shape_documents
from adapter.mapping.files import REGISTERS, read_files
from adapter.mapping.language.ground import Ground, View
from adapter.mapping.reference.blocks import Block, Heading, Paragraph, Table
from adapter.mapping.reference.rows import Row, place, rows
from adapter.openapi.document import Document

PROPERTIES = ("property", "home", "register", "field", "conversion", "length", "what does not fit")

Ways = Mapping[tuple[str, str], str]
"""(resource, parameter) → how a filter is answered."""


@dataclass(frozen=True, slots=True)
class Described:
    """One dialect, and how it answers its filters."""

    name: str
    ground: Ground
    ways: Ways


def ground_of(
    library: Library, dialect: str, *, served: Document, registers: Mapping[str, Document]
) -> Ground:
    """The mappings of a dialect beside the documents. They have passed the check."""
    files = read_files(library, dialect)
    contents = {
        content["resource"]: (stem, content)
        for stem, content in files.contents.items()
        if "resource" in content
    }
    return Ground(
        served=served,
        documents={name: overlaid(library, each, name, files.chain) for name, each in registers.items()},
        types=shape_documents(library, files.chain),
        settings={},
        views={
            name: View(name, stem, content, content["schema"], True)
            for name, (stem, content) in sorted(contents.items())
            if "parts" not in content
        },
        parts={name: content for name, (_, content) in contents.items() if "parts" in content},
        registers=files.contents[REGISTERS],
        gathered=files.gathered,
    )


def page(resource: str, dialects: list[Described]) -> list[Block]:
    """The page of one resource: its homes, its properties and its filters."""
    first = dialects[0].ground.views[resource]
    blocks: list[Block] = [
        Heading(resource),
        Paragraph(f"How {resource} are served, in every dialect."),
        Heading("Homes", 2),
        Table(("home", "where", "new ones"), [_home(*each) for each in first.homes.items()]),
    ]
    blocks += _properties(resource, dialects)
    blocks += _filters(resource, dialects)
    return blocks


def coverage(ground: Ground) -> Iterator[tuple[str, str, str]]:
    """(resource, property, where it lives) for everything that is served."""
    for name, view in ground.views.items():
        for row in rows(ground, view):
            yield name, row.name, _where(row)


def _where(row: Row) -> str:
    if not row.home:
        return row.conversion
    where = f"{row.home}: {' '.join(filter(None, (row.register, row.field)))}"
    return where if row.field else f"{where} ({row.conversion})"


def _home(name: str, home: Mapping[str, object]) -> tuple[str, str, str]:
    if "read_only" in home:
        return name, place(home), "none: read only"
    if "inside" in home:
        return name, place(home), "none: read from older records"
    takes = home.get("takes")
    if isinstance(takes, Mapping):
        return name, place(home), f"with {', '.join(_condition(*each) for each in takes.items())}"
    return name, place(home), "all others"


def _condition(path: str, wanted: object) -> str:
    if isinstance(wanted, Mapping):
        return f"{path} as the setting {wanted['setting']} says"
    words = {"given": "a value", "a_uuid": "a uuid", None: "no value"}
    said = words.get(wanted, f"the value {wanted}") if isinstance(wanted, str | None) else f"{wanted}"
    return f"{said} for {path}"


def _properties(resource: str, dialects: list[Described]) -> Iterator[Block]:
    """One table for all dialects that say the same."""
    tables: dict[tuple[Row, ...], list[str]] = {}
    for each in dialects:
        found = tuple(rows(each.ground, each.ground.views[resource]))
        tables.setdefault(found, []).append(each.name)
    for found, names in tables.items():
        if len(tables) == 1:
            yield Heading("Properties", 2)
        else:
            yield Heading(f"Properties in {' and '.join(names)}", 2, tuple(names))
        yield Table(
            PROPERTIES,
            [
                (row.name, row.home, row.register, row.field, row.conversion, row.limits, row.unfit)
                for row in found
            ],
        )


def _filters(resource: str, dialects: list[Described]) -> Iterator[Block]:
    view: View = dialects[0].ground.views[resource]
    lines = view.content.get("filters") or {}
    if not lines:
        return
    yield Heading("Filters", 2)
    yield Table(
        ("parameter", "looks at", *(each.name for each in dialects)),
        [
            (name, str(text), *(each.ways[resource, name] for each in dialects))
            for name, text in lines.items()
        ],
    )
