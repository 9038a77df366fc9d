"""Store a served resource as an object of the Objects API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.engine.entities.annotations import (
    CREATED,
    MIRROR,
    OTHERS,
    SEARCH,
    TOLD,
    Annotations,
    noting,
    projection,
)
from adapter.engine.entities.clock import now
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import Record, StoredObject
from adapter.engine.placement.echo_records import EchoRecords
from adapter.engine.placement.projections import Projections
from adapter.engine.placement.register_records import New
from adapter.engine.placement.sidecar import keys_of, searched, without_said
from adapter.engine.read.embedded_values import is_ours
from adapter.engine.read.repository import Repository
from adapter.engine.transaction.creations import Plan, an_object
from adapter.engine.unit_of_work import UnitOfWork
from adapter.mapping import codecs, translate
from adapter.mapping.model import Home, Resource, whole
from adapter.mapping.paths import copied, filled, get, put

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """What an object is made of: the record as intended, and the object as it was."""

    resource: Resource
    home: Home
    uuid: str
    intended: Values
    created: str
    before: Entry | None = None
    extra: Record = field(default_factory=dict)
    claims: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ObjectHome:
    """Resources that are an object each: the home that takes everything."""

    repository: Repository
    unit: UnitOfWork
    echoes: EchoRecords
    projections: Projections

    def creating(self, home: Home, new: New) -> Plan:
        """Make an object of a new resource; its uuid."""
        content = Content(new.resource, home, new.uuid, new.intended, now())
        self.unit.session.made(new.uuid)
        new.known(new.uuid)
        yield an_object(home.object_type, new.uuid, self._data(content))
        return new.uuid

    def delete(self, entry: Entry) -> None:
        """Delete an object and its echo."""
        assert entry.stored is not None
        self.echoes.remove(entry)
        self.unit.delete_object(entry.stored)

    def become(self, entry: Entry, intended: Values, claims: Mapping[str, str] | None = None) -> None:
        """Make an object, with the uuid that it has, of a resource that lives elsewhere."""
        home = own_objects(entry.resource)
        echo = self.echoes.after(entry, home, intended) if home.echo else {}
        claims = {**(claims or {}), **echo}
        self.create(entry.resource, entry.uuid, intended, created=entry.created, claims=claims)

    def create(
        self,
        resource: Resource,
        uuid: str,
        intended: Values,
        *,
        created: str = "",
        claims: Mapping[str, str] | None = None,
    ) -> StoredObject:
        """Store a resource as an object with that uuid; `claims` are the slots that it stands for by now."""
        home = own_objects(resource)
        content = Content(resource, home, uuid, intended, created or now(), claims=claims or {})
        stored: StoredObject = self.unit.make(an_object(home.object_type, uuid, self._data(content)))
        return stored

    def update(
        self, entry: Entry, intended: Values, aside: Mapping[str, Any], *, alone: bool = False
    ) -> StoredObject:
        """Make an object read as intended; its echo too, unless the object is written `alone`."""
        assert entry.stored is not None
        echo = self.echoes.after(entry, entry.home, intended) if entry.home.echo and not alone else {}
        extra = {OTHERS: dict(aside)} if any(aside.values()) else {}
        before = entry
        if entry.from_mirror:
            before = self.repository.alone(entry.resource, entry.home, entry.stored)
        content = Content(
            entry.resource, entry.home, entry.uuid, intended, entry.created, before, extra, echo
        )
        stored: StoredObject = self.unit.put_object(entry.stored, self._data(content))
        return stored

    def stored(self, entry: Entry) -> StoredObject:
        """The object of a resource as this request wants it by now."""
        session = self.unit.session
        return session.run(session.objects.get([entry.uuid]))[entry.uuid]

    def claim(self, entry: Entry, slot: str, claim: str) -> None:
        """Remember in the object what it put into a slot; without a claim, that it stands there no more.

        Nothing is written when that is known. First, what a register client wrote where it is mirrored.
        """
        stored = self.stored(entry)
        if entry.from_mirror and stored is entry.stored:
            stored = self.update(entry, entry.values, {}, alone=True)
        claims = {**Annotations.of(entry.home, stored.data).mirrors, slot: claim}
        left = {name: each for name, each in claims.items() if each}
        self.unit.put_object(stored, noting(entry.home, stored.data, MIRROR, left))

    def _data(self, content: Content) -> Record:
        resource, home, before, intended = content.resource, content.home, content.before, content.intended
        was, former = (before.values, before.record) if before else ({}, {})
        keys = keys_of(self.repository, home, content.uuid, intended)
        for key, member in home.keys.items():
            name = member.partition(".")[0]
            if (link := intended.get(name)) and link == was.get(name) and key in former:
                # the record that it hung on, where the reference leads nowhere by now
                keys.setdefault(key, former[key])
        claims = {}
        for name, claim in Annotations.of(home, former).mirrors.items():
            owner = resource.homes[name].owner if name in resource.homes else None
            if owner is not None and was.get(owner[0]) == intended.get(owner[0]):
                # it stands for that slot still: it does not leave the owner
                claims[name] = claim
        claims.update(content.claims)
        if home.rest:
            shared = {**self._shared(content), **keys, **content.extra}
            return noting(home, shared, MIRROR, claims) if home.mirrors else shared
        members = resource.members
        values = {name: value for name, value in intended.items() if members[name].computed is None}
        known = {home.known_by: self._known_by(content)} if home.known_by else {}
        made = {"uuid": content.uuid, **values, **known, **keys, **content.extra}
        if content.created:
            made[CREATED] = content.created
        return noting(home, made, MIRROR, claims)

    def _shared(self, content: Content) -> Record:
        """The data of an object in a shape of register clients, with a group for what that shape lacks."""
        home, before = content.home, content.before
        ours = before is None or is_ours(before)
        former = before.record if before else {}
        data: Record = copied(former)
        was = before.values if before else None
        changes = translate.changes(content.resource, home, content.intended, was, former)
        for path, value in changes.items():
            put(data, path, value)
        told = dict(Annotations.of(home, data).projected)
        for each in home.projections:
            member = each.source.reference
            if ours or (before and content.intended.get(member) != before.values.get(member)):
                data[each.at], of = self.projections.told(content.resource, each, content.intended)
                told[each.at] = projection(of, codecs.fingerprint(data[each.at]))
        kept = {name: value for name, value in (data.get(home.rest) or {}).items() if name not in _RENEWED}
        rest = translate.supplement(content.resource, home, content.intended, data, None)
        if before and not ours:
            named = [".".join(each.served) for each in home.known]
            beside = Annotations.of(home, former).values
            rest = without_said(rest, named, before, content.intended, beside)
        group = {**kept, **rest}
        if ours:
            group |= {"uuid": content.uuid, CREATED: content.created or now()}
        if told:
            group[TOLD] = told
        if search := searched(group.get(translate.VALUES) or {}):
            group[SEARCH] = search
        if group:
            data[home.rest] = group
        else:
            data.pop(home.rest, None)
        return data

    def _known_by(self, content: Content) -> str:
        """The key by which old records name a resource."""
        known = content.resource.known_by
        assert known is not None
        value = get(content.intended, known.of)
        if not filled(value):
            value = get(content.intended, known.otherwise)

        def taken(key: str) -> bool:
            return self.repository.by_key(content.resource.name, [key]).get(key, content.uuid) != content.uuid

        return codecs.short_identifier(value or content.uuid, taken)


_RENEWED = frozenset({translate.VALUES, translate.BASIS, SEARCH})


def own_objects(resource: Resource) -> Home:
    """The home of a resource that takes everything: objects of a type of its own."""
    return whole(resource.homes.values())
