"""Resources as they are sent to an API: as they were read, but for what breaks a rule and was decided."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

from adapter.mapping.model import Resource
from adapter.mapping.model.members import walk
from adapter.mapping.paths import Path, get
from adapter.move.numbered import Kept
from adapter.move.rows import Row, Rows
from adapter.openapi.bodies import BodyValidator, compile_body
from adapter.openapi.document import Document


def decided(rows: Rows, kind: str) -> Iterator[list[Kept]]:
    """The resources of a kind that are written, by number, as the columns of the target would hold them."""
    tables = [each for each in rows.target.tables_of(kind) if not each.each]
    for kept in rows.numbered.each(kind):
        changes = rows.numbered.changes(kind, [each.uuid for each in kept])
        altered = {each.uuid: deepcopy(each.values) for each in kept}
        for table in tables:
            for row in rows.made(table, kept, {} if table.owner else changes):
                _alter(row, altered[row.uuid], {} if table.owner else changes.get(row.uuid, {}))
        yield [Kept(each.uuid, each.pk, altered[each.uuid]) for each in kept]


def _alter(row: Row, values: dict[str, Any], changes: Mapping[str, Any]) -> None:
    other = {each.name for each in (*row.too_long, *row.unreadable, *row.dangling)} | changes.keys()
    for column in row.table.columns:
        if column.name in other or column.type == "jsonb":
            *above, last = (*filter(None, [row.table.part]), *column.path)
            group = get(values, tuple(above))
            if isinstance(group, dict):
                group[last] = row.values[column.name]


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in a body: where it is, and the kind that it leads to."""

    path: Path
    to: str


def references(resource: Resource) -> tuple[Reference, ...]:
    """All places in a resource where others are named."""
    return tuple(Reference(path, member.to) for member, path in walk(resource.members) if member.to)


class Bodies:
    """Bodies that are whole and hold nothing that is not asked for, by the document of the API."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._validators: dict[str, BodyValidator] = {}

    def whole(self, kind: str, values: Mapping[str, Any], links: Collection[str]) -> dict[str, Any]:
        """The body of a new resource; `links` are its references.

        A text that says nothing is only sent if it has to be. Lists, groups and references are: Open Klant
        wants to see to whom a task is assigned, also when that is nobody, and of whom an address is.
        """
        full = self.part(kind, values)
        body = {
            name: it
            for name, it in full.items()
            if name in links or isinstance(it, list | dict) or not is_empty(it)
        }
        for problem in self._validator(kind)(body, False).problems:
            name = problem.name.partition(".")[0]
            if problem.code == "required" and problem.name in full:
                body[name] = full[name]
            elif is_empty(full.get(name)):
                # A group that is served empty was never sent.
                body.pop(name, None)
        return body

    def part(self, kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """The members of a resource that may be written."""
        checked = self._validator(kind)(dict(values), True)
        taken = {*checked.value, *(each.name.partition(".")[0] for each in checked.problems)}
        return {name: value for name, value in values.items() if name in taken}

    def _validator(self, kind: str) -> BodyValidator:
        if kind not in self._validators:
            operation = self._document.operation("post", f"/{kind}")
            assert operation is not None
            self._validators[kind] = compile_body(self._document, operation.body or {})
        return self._validators[kind]


def is_empty(value: Any) -> bool:
    """Whether a value says nothing: an empty text or list, or a group of such."""
    return all(map(is_empty, value.values())) if isinstance(value, dict) else value in (None, "", [])


def translated(
    values: Mapping[str, Any], places: tuple[Reference, ...], made: Callable[[str, str], str]
) -> dict[str, Any]:
    """Values with the uuids of the target; `made` gives that of a kind and a uuid, "" when there is none.

    A reference without one is null, and left out of a list.
    """
    found = deepcopy(dict(values))
    for place in places:
        *above, last = place.path
        group = get(found, tuple(above))
        if isinstance(group, dict) and last in group:
            group[last] = _links(group[last], partial(made, place.to))
    return found


def _links(value: Any, made: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [{"uuid": uuid} for each in value if (uuid := made(each["uuid"]))]
    if isinstance(value, dict) and value.get("uuid"):
        uuid = made(value["uuid"])
        return {"uuid": uuid} if uuid else None
    return value


def named(values: Mapping[str, Any], places: tuple[Reference, ...]) -> Iterator[tuple[Reference, str]]:
    """(where, uuid) of all that a resource names."""
    for place in places:
        value = get(values, place.path)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and each.get("uuid"):
                yield place, each["uuid"]
