"""What records have to say for register clients, in the places where they look, of what is served.

It is made anew whenever something that it is made of changes, and read back only from records that a register
client wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from adapter.engine.entities.entry import Entry
from adapter.engine.read.business_keys import key_of
from adapter.engine.read.repository import Repository
from adapter.mapping.constructs.tells import (
    Each,
    Field,
    Fields,
    Group,
    Key,
    OneOfTwo,
    Projection,
    Source,
    Taken,
    TextList,
)
from adapter.mapping.model import Resource
from adapter.mapping.paths import Conditions, copied, filled, meets, put

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Projections:
    """Makes what is told from the resources that one request sees."""

    repository: Repository

    def value(self, resource: Resource, projection: Projection, values: Values, uuid: str = "") -> Any:
        """What one place in the record has to say, for a record with these served values."""
        return self.told(resource, projection, values, uuid)[0]

    def told(
        self, resource: Resource, projection: Projection, values: Values, uuid: str = ""
    ) -> tuple[Any, str]:
        """(what one place in the record has to say, the uuid of the resource that it is said of)."""
        entries = self._entries(resource, projection.source, values, uuid)
        self.repository.complete(entries)
        match projection.value:
            case OneOfTwo():
                return projection.value.of([each.values for each in entries]), ""
            case TextList(field):
                return [text for each in entries if filled(text := self._field(field, each))], ""
            case Group():
                return self._group(projection.value, entries)
        assert_never(projection.value)

    def _group(self, group: Group, entries: list[Entry]) -> tuple[dict[str, Any], str]:
        if group.last:
            entries = entries[::-1]
        like_first = _first(entries, group.first) if group.first else None
        chosen = like_first or next(iter(entries), None)
        made: dict[str, Any] = copied(group.required or {})
        self._put(group.fields, chosen, made)
        if group.beside is not None:
            conditions, fields = group.beside
            other = _first([each for each in entries if each is not chosen], conditions)
            if other is not None:
                self._put(fields, other, made)
        return made, chosen.uuid if chosen else ""

    def from_the_start(
        self, resource: Resource, referring: Sequence[tuple[str, str, Values]]
    ) -> dict[str, Any]:
        """What a new record can say already of those (resource, member, values) that will refer to it."""
        told = {}
        for each in [
            each for home in resource.homes.values() if home.kind == "record" for each in home.projections
        ]:
            said = [values for name, member, values in referring if Source(member, name) == each.source]
            if said and isinstance(each.value, OneOfTwo):
                told[each.at] = each.value.of(said)
        return told

    def _entries(self, resource: Resource, source: Source, values: Values, uuid: str) -> list[Entry]:
        if source.resource:
            return self.repository.related(source.resource, source.member, [uuid]) if uuid else []
        member = resource.members[source.member]
        value = values.get(source.member)
        links = value if isinstance(value, list) else [value] if value else []
        found = self.repository.get(member.to, [each["uuid"] for each in links])
        entries = [found[each["uuid"]] for each in links if each["uuid"] in found]
        if not source.relation:
            return entries
        relation = self.repository.resources[member.to].relations[source.relation]
        return self.repository.related(relation.resource, relation.member, [each.uuid for each in entries])

    def _put(self, fields: Fields, entry: Entry | None, made: dict[str, Any]) -> None:
        for at, field in fields:
            value = self._field(field, entry)
            if filled(value):
                put(made, at, value)

    def _field(self, field: Field, entry: Entry | None) -> Any:
        if isinstance(field, Key):
            return (key_of(entry) if entry else None) or field.otherwise
        if entry is None:
            return None
        match field:
            case Taken():
                return field.of(entry.values)
            case Each():
                return self._each(field, entry)
        assert_never(field)

    def _each(self, field: Each, entry: Entry) -> list[dict[str, Any]]:
        relation = entry.resource.relations[field.relation]
        found = []
        for each in self.repository.related(relation.resource, relation.member, [entry.uuid])[::-1]:
            item: dict[str, Any] = {}
            self._put(field.fields, each, item)
            found.append(item)
        return found


def _first(entries: Sequence[Entry], conditions: Conditions) -> Entry | None:
    return next((each for each in entries if meets(each.values, conditions)), None)
