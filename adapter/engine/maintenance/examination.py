"""Examine everything that the registers hold, for `klantbrug doctor`.

Duplicates, dangling references and leftovers are looked for; where follows from the mappings. Findings name
resources, members and uuids, never a value.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapter.engine.deployment import Deployment
from adapter.engine.entities.annotations import SUPPLEMENT, Annotations
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import StoredObject
from adapter.engine.gateway.scan_bound import NoList
from adapter.engine.gateway.session import Session
from adapter.engine.read.repository import Repository
from adapter.mapping import translate
from adapter.mapping.constructs.rules import UniqueTogether
from adapter.mapping.model import Resource
from adapter.mapping.paths import filled, get
from adapter.mapping.references import plain

WITHOUT_END = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of disorder, with a line for each time that it occurs, such as `partijen naam: UUID UUID`."""

    what: str
    lines: tuple[str, ...]

    @property
    def count(self) -> int:
        """How often."""
        return len(self.lines)


def examine(deployment: Deployment, at: Callable[[str], None] = lambda _: None) -> list[Finding]:
    """One finding per kind of disorder, also without lines; `at` is called with each resource that is read.

    One more says of which resources a register gives no list, if there are any: they are not examined.

    Raises RegisterError.
    """
    examination = Examination(replace(deployment, scan_bound=WITHOUT_END), at)
    unlisted = Finding("lists that a register does not give", tuple(sorted(examination.unlisted)))
    return [unlisted] * bool(unlisted.lines) + [
        Finding(what, tuple(sorted(look())))
        for what, look in (
            ("duplicates", examination.duplicates),
            ("references to unknown hosts", examination.unknown_hosts),
            ("dangling references", examination.dangling),
            ("supplements whose basis changed", examination.stale),
            ("supplements without a record", examination.loose),
        )
    ]


class Examination:
    """One reading of everything."""

    def __init__(self, deployment: Deployment, at: Callable[[str], None]) -> None:
        self.deployment = deployment
        self.repository = Repository(Session(deployment))
        self._every: dict[str, list[Entry]] = {}
        self.unlisted: list[str] = []
        for name in deployment.mappings.resources:
            at(name)
            try:
                self._every[name] = self.repository.every(name)
            except NoList:
                self._every[name] = []
                self.unlisted.append(name)
            self.repository.complete(self._every[name])

    def _all(self) -> Iterator[tuple[Resource, list[Entry]]]:
        for name, entries in self._every.items():
            yield self.deployment.mappings.resources[name], entries

    # values that only one may have

    def duplicates(self) -> Iterator[str]:
        """Resources that share a value that only one may have."""
        for resource, entries in self._all():
            for name, member in resource.members.items():
                if member.unique:
                    yield from _shared(resource, name, {each.uuid: each.values.get(name) for each in entries})
            for rule in resource.rules:
                if isinstance(rule, UniqueTogether):
                    names = " ".join(map(".".join, rule.members))
                    values = {each.uuid: _together(each, rule) for each in entries}
                    yield from _shared(resource, names, values)

    # references

    def unknown_hosts(self) -> Iterator[str]:
        """Records with a URL that leads to no configured register."""
        for resource, entries in self._all():
            for each in entries:
                yield from (f"{resource.name} {each.uuid} {at}" for at in self._elsewhere(each))

    def _elsewhere(self, entry: Entry) -> Iterator[str]:
        owner = entry.owner or entry
        for pair in entry.home.pairs:
            url = get(entry.record, pair.at)
            if pair.to is None or not isinstance(url, str) or not filled(url):
                continue
            register = self.deployment.registers.get(pair.to.register)
            if register is not None and register.identify(plain(url)) is None:
                yield ".".join(pair.at)
        if owner.stored is not None:
            yield from self._keys_elsewhere(owner.stored)

    def _keys_elsewhere(self, stored: StoredObject) -> Iterator[str]:
        for key, place in self.deployment.mappings.keys.items():
            url = stored.data.get(key)
            register = self.deployment.registers[place.register]
            if isinstance(url, str) and filled(url) and register.identify(plain(url)) is None:
                yield key

    def dangling(self) -> Iterator[str]:
        """References to resources that do not exist."""
        for resource, entries in self._all():
            for member, path in resource.walked:
                if member.to:
                    named = {each.uuid: _links(get(each.values, path)) for each in entries}
                    there = self._there(member.to, {uuid for uuids in named.values() for uuid in uuids})
                    for uuid, uuids in named.items():
                        if uuids - there:
                            yield f"{resource.name} {uuid} {'.'.join(path)}"

    def _there(self, name: str, uuids: set[str]) -> set[str]:
        found = {each.uuid for each in self._every[name]} & uuids
        # What no list shows may be there all the same.
        return found | set(self.repository.get(name, uuids - found))

    # sidecars

    def stale(self) -> Iterator[str]:
        """Values in sidecars that count no longer: a register client changed the value beside them."""
        for resource, entries in self._all():
            for each in entries:
                rest = each.notes
                standing = translate.standing(resource, each.home, each.values, each.record, rest.group)
                for text in rest.values:
                    if text not in standing:
                        yield f"{resource.name} {each.uuid} {text}"

    def loose(self) -> Iterator[str]:
        """Sidecars of records that do not exist."""
        session = self.repository.session
        if not self.deployment.has(SUPPLEMENT):
            return
        for stored in session.run(session.objects.all(SUPPLEMENT)):
            notes = Annotations(stored.data)
            resource = self.deployment.mappings.resources.get(notes.kind)
            record = next((it for it in resource.homes.values() if it.place), None) if resource else None
            place = record.place if record else None
            if place is None or not session.run(session.records.get(place, [notes.record])):
                yield f"{SUPPLEMENT} {stored.uuid}"


def _together(entry: Entry, rule: UniqueTogether) -> Any:
    """The values that are to be unique together; None when there are none, or the rule passes over it."""
    values = [value for _, value in rule.values(entry.values)]
    return values if any(map(filled, values)) else None


def _shared(resource: Resource, names: str, values: Mapping[str, Any]) -> Iterator[str]:
    """A line for each value that more than one has."""
    found: dict[str, list[str]] = defaultdict(list)
    for uuid, value in values.items():
        if filled(value):
            found[json.dumps(value, sort_keys=True, default=str)].append(uuid)
    for uuids in found.values():
        if len(uuids) > 1:
            yield f"{resource.name} {names}: {' '.join(sorted(uuids))}"


def _links(value: Any) -> set[str]:
    links: Iterable[Any] = value if isinstance(value, list) else [value]
    return {each["uuid"] for each in links if isinstance(each, dict) and each.get("uuid")}
