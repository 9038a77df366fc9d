"""Gathering in a deployment: the objects with the pieces in them, what the engine is told, and the sweep."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.configuration.gathering import GatheringSettings
from adapter.correspondence.converting import Links
from adapter.correspondence.gathered import Gathered as Declared
from adapter.counts import Counts
from adapter.gathering.calls import Calls
from adapter.gathering.directory import ServedDirectory
from adapter.gathering.finding import Finding
from adapter.gathering.held_objects import HeldObjects
from adapter.gathering.known_names import KnownNames
from adapter.gathering.late import Late
from adapter.gathering.opening import Decided, Gathering, World, open_gathering
from adapter.gathering.ports import Record
from adapter.gathering.sending import Times
from adapter.gathering.service import Gathered
from adapter.gathering.shapes import Shape
from adapter.gathering.store import ALIAS, ASIDE, ObjectStore
from adapter.mapping.model import Mappings, Place, Resource, whole
from adapter.mapping.paths import parse
from adapter.mapping.places import place
from adapter.mapping.translate import absent
from adapter.registers.client import Register
from adapter.service import Service
from adapter.state.database import Database

OBJECTS = "objects"
TYPES = (ASIDE, ALIAS)


@dataclass(frozen=True, slots=True)
class Started:
    """Gathering of a deployment; see `engine.deployment.Gathers`. `objects` stands in for its Objects API."""

    gathering: Gathering
    objects: HeldObjects
    resources: frozenset[str]
    types: Mapping[str, Shape]
    late: Late
    directory: ServedDirectory

    def shown(self, place: Place, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The records of a collection but those of contacts that are held, or were made of pieces."""
        if f"{place.register}/{place.collection}" != self.late.declared.collection or not rows:
            return rows
        by_uuid = {str(row["url"]).rstrip("/").rpartition("/")[2]: row for row in rows}
        records = [Record(uuid, row) for uuid, row in by_uuid.items()]
        beside = self.gathering.reading.lists.beside(records)
        return [by_uuid[each.uuid] for served, each in beside if served == each.uuid]

    def elsewhere(self, place: Place, uuids: Collection[str]) -> Collection[str]:
        """Those of these uuids that are of contacts that are held, or under which no record is shown."""
        if f"{place.register}/{place.collection}" != self.late.declared.collection:
            return ()
        reading = self.gathering.reading
        records, served = reading.aliases.records(uuids), reading.aliases.served(uuids)
        held = {each.contact for each in reading.holds.all()}
        return {uuid for uuid in uuids if uuid in held or not records[uuid] == uuid == served[uuid]}

    def held(self, uuids: Collection[str]) -> Collection[str]:
        """Those of these uuids that are of contacts that are held."""
        held = {each.contact for each in self.gathering.reading.holds.all()}
        return held.intersection(uuids)

    def there(self, resource: str, body: Mapping[str, Any]) -> str:
        """See `Late.there`."""
        return self.late.there(resource, body) if resource in self.late.linking else ""

    def seals(self, object_type: str, data: dict[str, Any]) -> bool:
        """Whether an object is a piece of a contact, or a contact."""
        shape = self.types.get(object_type)
        if shape is None or shape.resource not in self.resources:
            return False
        own = shape.resource == self.late.declared.resource
        return own or self.late.contact_of(shape.resource, shape.body(data)) is not None

    def settled(self, new: bool, uuid: str) -> bool:
        """See `HeldObjects.settled`."""
        return self.objects.settled(new, uuid)

    def delete_held(self, uuids: Sequence[str]) -> frozenset[str]:
        """See `HeldObjects.delete_held`."""
        return self.objects.delete_held(uuids)

    def sweep(self) -> None:
        """Send what is due; see `Gathering.sweep`."""
        self.gathering.sweep()

    def around(self, service: Service) -> Service:
        """The service around one whose engine works with `objects`."""
        return Gathered(service, self.late)


class CollectionLinks:
    """References as the registers have them; to one that is not configured there is none."""

    def __init__(self, registers: Mapping[str, Register]) -> None:
        self._registers = registers

    def url(self, collection: str, uuid: str) -> str:
        """The URL that is written for a record; empty where its register is not configured."""
        register, _, name = collection.partition("/")
        return self._registers[register].url(name, uuid) if register in self._registers else ""

    def uuid(self, collection: str, url: str) -> str | None:
        """The uuid of the record that a URL names; None for any other."""
        register, _, name = collection.partition("/")
        found = self._registers[register].identify(url) if register in self._registers else None
        return found[1] if found and found[0] == name else None


@dataclass(frozen=True, slots=True)
class Around:
    """What gathering is started with: the parts of the deployment."""

    mappings: Mappings
    registers: Mapping[str, Register]
    types: Mapping[str, Any]
    database: Database
    links: Links
    counts: Counts
    bound: int
    now: Callable[[], float] = time.time


def start_gathering(declared: Declared, settings: GatheringSettings, around: Around) -> Started:
    """Gathering of a deployment. Raises KeyMissing when a contact is held with a key that is not given."""
    resources = around.mappings.resources
    store = ObjectStore(
        around.registers[OBJECTS], {each.uuid: around.types[each.name].version for each in TYPES}
    )
    directory = ServedDirectory(
        {
            name: {each.path: asked for asked, each in found.filters.items() if each.operator == "equals"}
            for name, found in resources.items()
        }
    )
    calls = Calls(around.registers)
    world = World(around.database, calls, store, directory, around.links, around.counts, around.now)
    gathering = open_gathering(declared, decided(settings), world)
    pieces = frozenset({declared.resource, *(piece for piece, _ in declared.pieces)})
    # Whom no directory knows stands in the record alone, and is read from there.
    named = {*pieces, *(slot.resource for slot in declared.slots)}
    shapes = {name: _shape(name, declared, around) for name in sorted(named)}
    by_name = {whole(resources[name].homes.values()).object_type: each for name, each in shapes.items()}
    reading = gathering.reading
    finding = Finding(declared, reading, shapes, around.bound)
    late = Late(
        declared,
        reading,
        store,
        gathering.composer,
        around.counts,
        settings.afterwards,
        absent={name: absent(resources[name]) for name in pieces},
        numbered={name: _numbered(resources[name]) for name in pieces},
        searched=_searched(declared, around.mappings),
    )
    names = KnownNames(declared, directory, around.links)
    objects = HeldObjects(around.registers[OBJECTS], gathering.gatherer, finding, late, names)
    return Started(gathering, objects, pieces, by_name, late, directory)


def decided(settings: GatheringSettings) -> Decided:
    """What a configuration decides."""
    times = Times(settings.unsure, settings.lease, settings.retry)
    return Decided(
        settings.current,
        settings.keys,
        settings.sign.encode(),
        settings.quiet,
        settings.settle,
        settings.greatest_age,
        times,
    )


def _numbered(resource: Resource) -> frozenset[str]:
    return frozenset(name for name, member in resource.members.items() if member.numbers is not None)


def _searched(declared: Declared, mappings: Mappings) -> dict[str, str]:
    """By collection of links: the parameter that finds those of a contact, where there is one."""
    found = {}
    for rule in declared.links:
        offered = mappings.collections.get(place(rule.collection))
        parameter = offered.search.get(".".join(rule.contact)) if offered is not None else None
        if parameter is not None:
            found[rule.collection] = parameter
    return found


def _shape(name: str, declared: Declared, around: Around) -> Shape:
    """The objects of a resource: those of its home that holds it as a whole."""
    home = whole(around.mappings.resources[name].homes.values())
    kind = around.types[home.object_type]
    keys = {}
    for key, member in home.keys.items():
        place = around.mappings.keys[key]
        collection = f"{place.register}/{place.collection}"
        register = around.registers[place.register]
        keys[key] = (
            parse(member),
            lambda uuid, register=register, place=place: register.url(place.collection, uuid),
            collection == declared.collection,
        )
    resource = around.mappings.resources[name]
    members = frozenset(resource.stored_schema["properties"])
    return Shape(name, kind.url, kind.version, keys, resource.instants, members)
