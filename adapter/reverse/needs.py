"""What the reverse direction needs of a register of the new API: what it reads, writes and asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.correspondence.model import Correspondence, Part
from adapter.openapi.document import Document
from adapter.reverse.offers import Offers

UUID, MOMENT = "uuid", "date-time"


@dataclass(slots=True)
class Need:
    """Of one resource: the names to expand, and the parameters that are asked, each with its schema."""

    resource: str
    expand: set[str] = field(default_factory=set)
    parameters: dict[str, Mapping[str, Any]] = field(default_factory=dict)


def needs(found: Iterable[Correspondence], offers: Offers, document: Document) -> dict[str, Need]:
    """What these correspondences need, by resource."""
    needed: dict[str, Need] = {}

    def need(resource: str) -> Need:
        return needed.setdefault(resource, Need(resource))

    def ask(resource: str, name: str | None) -> None:
        schema = _parameter(document, resource, name) if name is not None else None
        if name is not None and schema is not None:
            need(resource).parameters[name] = schema

    for it in found:
        own = need(it.left.name)
        own.expand |= {each for each in offers.expand(it).split(",") if each}
        for pair in it.pairs:
            ask(it.left.name, offers.parameter(it.left.name, pair.left))
        for part in _parts(it.parts):
            rows = part.rows
            need(rows.resource)
            ask(rows.resource, offers.parameter(rows.resource, rows.reference))
            for path in (*(path for path, _ in rows.where), *(pair.left for pair in part.pairs)):
                ask(rows.resource, offers.parameter(rows.resource, path))
                ask(it.left.name, offers.parameter(it.left.name, (offers.related(it.left.name, rows), *path)))
            if rows.via:
                need(rows.via)
                ask(rows.via, offers.parameter(rows.via, rows.reference))
    return needed


def _parts(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _parts(part.parts)


def _parameter(document: Document, resource: str, name: str) -> Mapping[str, Any] | None:
    operation = document.operation("get", f"/{resource}")
    found = operation.parameters_in("query") if operation else ()
    return next((document.merged(each.schema) for each in found if each.name == name), None)
