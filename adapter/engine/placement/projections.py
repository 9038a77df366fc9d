"""Write for old clients, in the places where they look, what the served side knows.

What is told is made anew whenever something that it is made of changes; it is read back only from records
that an old client wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapter.engine.entities.entry import Entry, unkept
from adapter.engine.read.repository import Repository
from adapter.mapping import codecs
from adapter.mapping.model import DoesNotFit, Resource, Tell
from adapter.mapping.paths import copied, filled, get, parse, put

Values = dict[str, Any]


class Projections:
    """Makes what is told from the resources that one request sees."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.deployment = repository.deployment

    def value(self, resource: Resource, tell: Tell, values: Values, uuid: str = "") -> Any:
        """What one place in the record has to say, for a record with these served values."""
        return self.told(resource, tell, values, uuid)[0]

    def told(self, resource: Resource, tell: Tell, values: Values, uuid: str = "") -> tuple[Any, str]:
        """(what one place in the record has to say, the uuid of the resource that it is said of)."""
        spec = tell.spec
        entries = self._entries(resource, spec["of"], values, uuid)
        self.repository.complete(entries)
        if "value" in spec:
            return _one_of_two(spec["value"], [each.values for each in entries]), ""
        if "list" in spec:
            return [text for each in entries if filled(text := self._field(spec["list"], each))], ""
        if spec.get("last"):
            entries = entries[::-1]
        first = spec.get("first")
        chosen = next((each for each in entries if first and _matches(each, first)), None) or next(
            iter(entries), None
        )
        made: dict[str, Any] = copied(spec.get("required") or {})
        self._fields(spec["fields"], chosen, made)
        beside = spec.get("beside")
        if beside:
            other = next(
                (each for each in entries if each is not chosen and _matches(each, beside["where"])), None
            )
            if other is not None:
                self._fields(beside["fields"], other, made)
        return made, chosen.uuid if chosen else ""

    def from_the_start(
        self, resource: Resource, referring: Sequence[tuple[str, str, Values]]
    ) -> dict[str, Any]:
        """What a new record can say already of those (resource, member, values) that will refer to it."""
        told = {}
        for tell in [
            tell for home in resource.homes.values() if home.kind == "record" for tell in home.tells
        ]:
            said = [values for name, member, values in referring if tell.spec["of"] == f"{name}.{member}"]
            if said and "value" in tell.spec:
                told[tell.at] = _one_of_two(tell.spec["value"], said)
        return told

    def _entries(self, resource: Resource, of: str, values: Values, uuid: str) -> list[Entry]:
        first, _, rest = of.partition(".")
        if first in self.deployment.mappings.resources:
            return self.repository.related(first, rest, [uuid]) if uuid else []
        member = resource.members[first]
        value = values.get(first)
        links = value if isinstance(value, list) else [value] if value else []
        found = self.repository.get(member.to, [each["uuid"] for each in links])
        entries = [found[each["uuid"]] for each in links if each["uuid"] in found]
        if not rest:
            return entries
        relation = self.repository.resource(member.to).relations[rest]
        return self.repository.related(relation.resource, relation.member, [each.uuid for each in entries])

    def _fields(self, fields: Mapping[str, Any], entry: Entry | None, made: dict[str, Any]) -> None:
        for at, spec in fields.items():
            value = self._field(spec, entry)
            if filled(value):
                put(made, parse(at), value)

    def _field(self, spec: Mapping[str, Any], entry: Entry | None) -> Any:
        if "known_by" in spec:
            key = self.repository.naming.key_of(entry) if entry else None
            return key or self.setting(spec.get("else"))
        if entry is None:
            return None
        if "each" in spec:
            relation = entry.resource.relations[spec["each"]]
            found = []
            for each in self.repository.related(relation.resource, relation.member, [entry.uuid])[::-1]:
                item: dict[str, Any] = {}
                self._fields(spec["fields"], each, item)
                found.append(item)
            return found
        value = get(entry.values, parse(spec["from"]))
        try:
            return self._converted(spec, value)
        except DoesNotFit:
            return None

    def _converted(self, spec: Mapping[str, Any], value: Any) -> Any:
        if "words" in spec:
            return codecs.words(spec["words"]).write(value)
        if "to" in spec:
            register, _, collection = spec["to"].partition("/")
            return self.deployment.registers[register].url(collection, value["uuid"]) if value else None
        if "length" in spec:
            return codecs.cut(spec["length"])(value)
        return value

    def setting(self, node: Any) -> Any:
        """A constant of the mapping, or the setting that it names."""
        return (
            self.deployment.settings.get(node["setting"])
            if isinstance(node, Mapping) and "setting" in node
            else node
        )

    # after something that is told has changed

    def is_told(self, resource: str) -> bool:
        """Whether any record tells something of resources of this kind."""
        return resource in self.deployment.planned(("told",), self._told)

    def _told(self) -> frozenset[str]:
        return frozenset(
            name
            for owner in self.deployment.mappings.resources.values()
            for home in owner.homes.values()
            for tell in home.tells
            for name in self._said_of(owner, tell)
        )

    def _said_of(self, owner: Resource, tell: Tell) -> set[str]:
        first, _, rest = tell.spec["of"].partition(".")
        if first in self.deployment.mappings.resources:
            return {first}
        if not rest:
            return set()
        relation = self.repository.resource(owner.members[first].to).relations[rest]
        inner = self.repository.resource(relation.resource).relations
        named = [spec["each"] for spec in tell.spec["fields"].values() if "each" in spec]
        return {relation.resource, *(inner[name].resource for name in named)}

    def told_by(self, entry: Entry) -> list[tuple[Entry, Tell]]:
        """The records that tell something of this resource, and what."""
        found: dict[tuple[str, str, str], tuple[Entry, Tell]] = {}
        for resource in self.deployment.mappings.resources.values():
            for home in resource.homes.values():
                for tell in home.tells:
                    for target in self._tellers(resource, tell, entry):
                        if target.home.name == home.name:
                            found[resource.name, target.uuid, tell.at] = (target, tell)
        return list(found.values())

    def is_read(self, target: Entry, tell: Tell, value: Any) -> bool:
        """Whether a record of an old client reads from this place, and would then read otherwise."""
        return any(
            _reads_otherwise(spec, target.record, value)
            and unkept(self.repository.related(resource.name, spec["of"], [target.uuid]), home, member)
            for resource in self.deployment.mappings.resources.values()
            for home in resource.homes.values()
            for member, spec in home.legacy
            if spec["at"] == tell.at and resource.members[spec["of"]].to == target.resource.name
        )

    def _tellers(self, resource: Resource, tell: Tell, entry: Entry) -> list[Entry]:
        first, _, rest = tell.spec["of"].partition(".")
        if first == entry.resource.name:
            return list(self.repository.get(resource.name, entry.references(rest)).values())
        if first not in resource.members or not rest:
            return []
        relation = self.repository.resource(resource.members[first].to).relations[rest]
        if relation.resource == entry.resource.name:
            return self.repository.related(resource.name, first, entry.references(relation.member))
        for spec in tell.spec["fields"].values():
            inner = self.repository.resource(relation.resource).relations.get(spec.get("each", ""))
            if inner is not None and inner.resource == entry.resource.name:
                between = self.repository.get(relation.resource, entry.references(inner.member)).values()
                uuids = [uuid for each in between for uuid in each.references(relation.member)]
                return self.repository.related(resource.name, first, uuids)
        return []


def _reads_otherwise(spec: Mapping[str, Any], record: Mapping[str, Any], value: Any) -> bool:
    now = record.get(spec["at"])
    read = codecs.words(spec["words"]).read
    return bool(read(now if filled(now) else "") != read(value))


def _matches(entry: Entry, wanted: Mapping[str, Any]) -> bool:
    return _have(entry.values, wanted)


def _have(values: Values, wanted: Mapping[str, Any]) -> bool:
    return all(get(values, parse(path)) == value for path, value in wanted.items())


def _one_of_two(spec: Mapping[str, Any], said: Sequence[Values]) -> Any:
    """One word when any of these has certain values, or there is none; else the other."""
    return spec["then"] if not said or any(_have(each, spec["any"]) for each in said) else spec["else"]
