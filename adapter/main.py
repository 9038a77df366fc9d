"""Assembly of a deployment from its configuration: registers, mappings, engine and HTTP face."""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from starlette.types import ASGIApp

from adapter.api.app import create_app
from adapter.api.room import Room
from adapter.api_settings import api_settings
from adapter.condition import health_of
from adapter.configuration import LISTS, Configuration
from adapter.counts import Counts
from adapter.engine.deployment import Deployment, ObjectType
from adapter.engine.gateway.aliased import aliased, becoming
from adapter.engine.gateway.found_by import findable
from adapter.engine.maintenance.hearing import heard_places, listening
from adapter.engine.maintenance.objecttypes import (
    ObjectTypeDefinition,
    changed_types,
    known_types,
    objecttypes,
)
from adapter.engine.maintenance.sweeper import (
    TURN_SECONDS,
    Sweeper,
    sweep_journal,
    sweep_orphans,
    sweep_rights,
)
from adapter.engine.rights import REFRESH_SECONDS, Rights
from adapter.engine.service import Engine, service_of
from adapter.gathering.starting import TYPES, Around, CollectionLinks, Started, start_gathering
from adapter.gathering.store import ALIAS
from adapter.logbook.starting import logged
from adapter.mapping.model import Mappings
from adapter.notifications.starting import publishing, start_publisher
from adapter.old_apis import NEW, OldOrNew, aside_table, aside_type, keeper_of, old_application, old_documents
from adapter.openapi.document import Document
from adapter.opening import load_mappings, open_registers
from adapter.phases.forward import Forward, Into
from adapter.phases.moving import Moving, open_moving
from adapter.phases.phase import Phase, Phases
from adapter.phases.whose import Whose
from adapter.registers.client import Register
from adapter.registers.objecttypes import Definition, Outcome, set_up
from adapter.registers.permissions import Lacking, lacking
from adapter.registers.reference_lists import ReferenceLists
from adapter.shipped import expands, gathered, served_document
from adapter.state.aliases import Aliases
from adapter.state.opening import State, open_state
from adapter.telemetry.starting import start_telemetry

OBJECTS = "objects"


@dataclass(frozen=True, slots=True)
class Adapter:
    """The parts of a deployment; making them calls no register."""

    configuration: Configuration
    registers: Mapping[str, Register]
    mappings: Mappings
    closing: ExitStack = field(default_factory=ExitStack, repr=False)
    counts: Counts = field(default_factory=Counts)

    def set_up(self) -> Iterator[Outcome]:
        """Create or update KlantBrug's objecttypes in the Objects API; see `objecttypes.set_up`."""
        own = self._own_types()
        return set_up(self.registers[OBJECTS], own) if OBJECTS in self.registers else iter(())

    def _own_types(self) -> list[ObjectTypeDefinition]:
        """The objecttypes that KlantBrug creates: not those shared ones that the deployment has already."""
        configured = self.configuration
        known = [aside_type()] if configured.asides_in_objects else []
        if configured.serves_new:
            known += objecttypes(self.mappings)
        if configured.gathering is not None:
            known += map(_own_type, TYPES)
        elif configured.phases is not None or becoming(self.mappings):
            known.append(_own_type(ALIAS))
        return [each for each in known if not (each.shared and each.name in configured.objecttypes)]

    def types(self) -> dict[str, ObjectType]:
        """The objecttypes by name: KlantBrug's own in version 1, unless the configuration says otherwise."""
        return object_types(self.configuration, self._own_types())

    def application(self, made: Iterable[Outcome] = ()) -> ASGIApp:
        """The ASGI application, with its periodic sweeps started; the first recovers abandoned writes.

        `made` are the outcomes of `set_up`, for the versions of KlantBrug's own objecttypes. Raises
        StateUnavailable, StateNotSetUp, PhaseUnknown, and TelemetryInvalid for what the environment asks.
        """
        moving = self._moving(lambda it: deployment.state.merged.into(it))  # noqa: PLW0108  (made below)
        deployment = self.deployment(made, moving.phases)
        telemetry = start_telemetry(
            os.environ, deployment, self.registers, self._documents(), lambda: str(moving.phases.current)
        )
        limits = self.configuration.limits
        sweepers = [
            Sweeper(lambda: sweep_rights(deployment), REFRESH_SECONDS, at_once=True),
            Sweeper(lambda: sweep_journal(deployment), limits.sweep, at_once=True),
        ]
        if (gathers := deployment.gathers) is not None and self.configuration.gathering is not None:
            sweepers.append(Sweeper(gathers.sweep, self.configuration.gathering.sweep, at_once=False))
        if limits.orphans and self.configuration.serves_new:
            often = min(TURN_SECONDS, limits.orphans)
            sweepers.append(
                Sweeper(lambda: self._sweep_orphans(deployment, moving.phases), often, at_once=False)
            )
        for each in sweepers:
            self.closing.callback(each.close)
            each.start()
        if telemetry is not None:
            self.closing.callback(telemetry.close)
        self.closing.callback(moving.close)
        moving.start()
        start_publisher(self.configuration, deployment, self.registers, self.closing)
        settings = api_settings(self.configuration)
        health = health_of(self.configuration, self.registers, deployment, moving.phases)
        room = Room(settings.threads, settings.most_threads)
        apps = []
        if self.configuration.serves_new:
            book, base = self.configuration.logbook, self.configuration.public_url
            service, action = logged(service_of(deployment), book, base, self.closing)
            apps.append(
                create_app(service, settings, health, telemetry, room=room, moving=moving, action=action)
            )
        if self.configuration.serves_old:
            apps.append(
                old_application(
                    self.configuration,
                    self.registers,
                    keeper_of(self.configuration, self.registers, deployment),
                    settings,
                    health=health,
                    room=room,
                    watch=telemetry,
                    phases=moving.phases,
                )
            )
        app = OldOrNew(apps[0], apps[1]) if len(apps) > 1 else apps[0]
        return listening(app, self.configuration.notifications.receive, deployment, self.closing)

    def _documents(self) -> list[Document]:
        """The documents of the APIs that are served."""
        old = old_documents(self.configuration).values() if self.configuration.serves_old else ()
        return [*([served_document()] if self.configuration.serves_new else []), *old]

    def _moving(self, into: Into) -> Moving:
        """What the phases need. Raises PhaseUnknown."""
        settings = self.configuration.phases
        if settings is None:
            return Moving()
        new, old = self.configuration.serves_new, self.configuration.serves_old
        return open_moving(
            settings,
            self.registers.get(NEW) if new else None,
            (self.configuration.public_url, *self.configuration.other_urls),
            self.counts.add,
            both=new and old,
            whose=self._whose if self.configuration.logbook else None,
            into=into,
        )

    def _whose(self, forward: Forward) -> Whose:
        return Whose(forward, self.mappings.resources, expands())

    def _sweep_orphans(self, deployment: Deployment, phases: Phases) -> None:
        """Search for orphans, unless the registers are to stay as they are."""
        if phases.current in {Phase.TRANSLATE, Phase.SHADOW}:
            sweep_orphans(deployment, self.configuration.limits.orphans)

    def deployment(self, made: Iterable[Outcome] = (), phases: Phases | None = None) -> Deployment:
        """What the engine serves with, with its state opened; `close` closes it.

        `made` are the outcomes of `set_up`; while `phases` say so no write begins. Raises
        StateUnavailable and StateNotSetUp.
        """
        limits = self.configuration.limits
        kept = self.configuration.serves_old and not self.configuration.asides_in_objects
        state = open_state(self.configuration.state, key_seconds=limits.idempotency, lasting=kept)
        self.closing.callback(state.close)
        tables, own = aside_table(state) if kept else ({}, {})
        types = self.types()
        types |= {it.name: ObjectType(it.name, it.uuid, it.url, it.version) for it in made}
        aliases = self._aliases(state)
        # What is gathered looks after its own aliases.
        registers = aliased(self.registers, aliases, but=NEW, of=becoming(self.mappings))
        registers = findable(registers, self.mappings, state.found, state.aliases)
        started = self._gathering(types, state, registers)
        objects = {} if started is None else {OBJECTS: started.objects}
        made_with = Deployment(
            mappings=self.mappings,
            registers={**registers, **objects, **tables},
            types={**types, **own},
            settings=self.configuration.settings,
            public_url=self.configuration.public_url,
            pool=ThreadPoolExecutor(limits.threads * len(self.registers), thread_name_prefix="register"),
            scan_bound=limits.scan,
            counts=self.counts,
            state=state,
            settle=limits.settle,
            lists=ReferenceLists(self.registers[LISTS], limits.reference_lists)
            if LISTS in self.registers
            else None,
            publishing=publishing(self.configuration),
            heard=heard_places(self.mappings, types)
            if self.configuration.notifications.receive
            else frozenset(),
            rights=Rights(lambda: self._lacking(types)),
            may_write=phases.check_write if phases else lambda: None,
            gathers=started,
            aliases=aliases,
        )
        if started is not None:
            # Those that pieces refer to are nowhere among the pieces.
            started.directory.service = Engine(replace(made_with, registers=registers, gathers=None))
        return made_with

    def _aliases(self, state: State) -> Aliases | None:
        """The aliases of records; None where nothing makes any."""
        if becoming(self.mappings):
            return state.aliases
        if self.configuration.gathering is not None:
            return None
        moves = self.configuration.phases is not None
        return state.aliases if moves or state.aliases.there_are_any() else None

    def _gathering(
        self, types: Mapping[str, ObjectType], state: State, registers: Mapping[str, Register]
    ) -> Started | None:
        """What gathers, where the dialect does. Raises KeyMissing."""
        configuration = self.configuration
        declared = gathered(configuration.dialect, configuration.settings, configuration.library)
        if declared is None or configuration.gathering is None:
            return None
        around = Around(
            self.mappings,
            registers,
            types,
            state.database,
            CollectionLinks(registers),
            self.counts,
            configuration.limits.scan,
        )
        return start_gathering(declared, configuration.gathering, around)

    def lacking(self) -> Lacking:
        """The permissions that the token for the Objects API lacks, asked now. Raises RegisterError."""
        return self._lacking(object_types(self.configuration, self._own_types()))

    def _lacking(self, types: Mapping[str, ObjectType]) -> Lacking:
        changed = {aside_type().name} if self.configuration.asides_in_objects else set()
        if self.configuration.serves_new:
            changed.update(changed_types(self.mappings))
        if self.configuration.gathering is not None:
            changed.update(each.name for each in TYPES)
        elif self.configuration.phases is not None or becoming(self.mappings):
            changed.add(ALIAS.name)
        objects = self.registers.get(OBJECTS)
        return lacking(objects, types.values(), changed) if objects else Lacking({})

    def close(self) -> None:
        """Stop the sweeps, and close the state and the connections to the registers."""
        self.closing.close()
        for register in self.registers.values():
            register.close()


def prepare(configuration: Configuration) -> Adapter:
    """Open the clients of the registers and compile the mappings; no register is called.

    Raises MappingError, and ConfigurationInvalid for objecttypes that no mapping has.
    """
    counts = Counts()
    registers = open_registers(configuration, counts)
    mappings = load_mappings(configuration, registers)
    configuration.check_objecttypes(known_types(mappings))
    configuration.check_lists(mappings.tables)
    return Adapter(configuration, registers, mappings, counts=counts)


def _own_type(known: Definition) -> ObjectTypeDefinition:
    return ObjectTypeDefinition(known.uuid, known.name, known.name_plural, known.schema)


def object_types(configuration: Configuration, own: Iterable[Definition]) -> dict[str, ObjectType]:
    """The objecttypes by name: KlantBrug's own in version 1, unless the configuration says otherwise."""
    objects = configuration.registers.get(OBJECTS)
    base = objects.service["api_root"].rstrip("/") if objects else ""
    types = {
        each.name: ObjectType(each.name, each.uuid, f"{base}/objecttypes/{each.uuid}", 1) for each in own
    }
    for name, found in configuration.objecttypes.items():
        types[name] = ObjectType(name, found.url.rstrip("/").rpartition("/")[2], found.url, found.version)
    return types
