"""What one process serves with: mappings, registers, objecttypes, settings, state."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any, Protocol

from adapter.counts import Counts
from adapter.engine.rights import Rights
from adapter.engine.spellings import Spellings
from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.model import Mappings, Place
from adapter.mapping.references import plain, spellings
from adapter.notifications.messages import Publishing
from adapter.registers.messages import Answer
from adapter.registers.reference_lists import ReferenceLists
from adapter.service import Service
from adapter.state.aliases import Aliases
from adapter.state.opening import State, open_state


class Register(Protocol):
    """What is asked of a register's client; see `adapter.registers.client.Register`."""

    name: str

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None
    ) -> Answer: ...
    def url(self, collection: str, uuid: str) -> str: ...
    def urls(self, collection: str, uuid: str) -> tuple[str, ...]: ...
    def identify(self, url: str) -> tuple[str, str] | None: ...


class Gathers(Protocol):
    """Resources of which a register takes one record, made of several; see `adapter.gathering`."""

    @property
    def resources(self) -> frozenset[str]:
        """Those that are made as objects of their own, whatever else their homes are."""

    def shown(self, place: Place, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The records of a collection but those of which the objects say everything."""

    def elsewhere(self, place: Place, uuids: Collection[str]) -> Collection[str]:
        """Those of these uuids under which a collection has no record, since objects have them."""

    def held(self, uuids: Collection[str]) -> Collection[str]:
        """Those of these uuids of which no record is made yet."""

    def there(self, resource: str, body: Mapping[str, Any]) -> str:
        """The uuid of what a new resource with this body would be, where a register has that already.

        "" where it does not, or another resource has that uuid.
        """

    def seals(self, object_type: str, data: dict[str, Any]) -> bool:
        """Whether an object is held sealed, so that what it says must stand nowhere else."""

    def settled(self, new: bool, uuid: str) -> bool:
        """Take back, or finish, a write of a sealed object whose process died, whether it was a new one.

        Whether that is certain: False when the Objects API may still be about to do it. Safe to repeat.
        """

    def delete_held(self, uuids: Sequence[str]) -> frozenset[str]:
        """Delete those that are held, all at once; which they were."""

    def sweep(self) -> None:
        """Send what is due."""

    def around(self, service: Service) -> Service:
        """The service with what is to be done before a request."""


@dataclass(frozen=True, slots=True)
class ObjectType:
    """An objecttype of the deployment's Objects API."""

    name: str
    uuid: str
    url: str
    version: int


@dataclass(slots=True)
class Watch:
    """What is told of the work of the engine while somebody measures it; nothing by default.

    round: given the number of the calls that are made side by side, a context that lasts as long as they do.
    wrote: given a resource (`partijen`) and what a client did to one of them: CREATES, UPDATES or DELETES.
    """

    round: Callable[[int], AbstractContextManager[None]] | None = None
    wrote: Callable[[str, str], None] | None = None


CREATES, UPDATES, DELETES = "creates", "updates", "deletes"


@dataclass(frozen=True)
class Deployment:
    """The deployment that requests are answered for; safe to share between threads."""

    mappings: Mappings
    registers: Mapping[str, Register]
    types: Mapping[str, ObjectType]
    settings: Mapping[str, Any]
    public_url: str
    """The address of the served API, without a slash at the end: `https://brug.example/klantinteracties/api/v1`."""
    pool: Executor
    scan_bound: int = 10_000
    """How many records or objects may be read to answer one question; see `ScanTooLong`."""
    counts: Counts = field(default_factory=Counts)
    """How often a register refused a value, or a value could not be served: names, never values."""
    state: State = field(default_factory=open_state)
    settle: float = 60.0
    """Seconds after which a register that was asked to write, and did not answer, will not do it any more."""
    lists: ReferenceLists | None = None
    """The lists that a text may have to be on; None when none are configured."""
    may_write: Callable[[], None] = lambda: None
    """Called before a write begins; raises Paused when none may."""
    publishing: Publishing | None = None
    """How subscribers are told what clients write; None when nobody is."""
    heard: frozenset[tuple[str, str]] = frozenset()
    """(register, collection) of the records of which registers tell KlantBrug when somebody writes them."""
    gathers: Gathers | None = None
    """What gathers resources of which the register takes one record; None where none does."""
    aliases: Aliases | None = None
    """The uuids under which records are served that have others; None where nothing makes any."""
    # What `planned` worked out, by its key.
    plans: dict[tuple[Any, ...], Any] = field(default_factory=dict, compare=False, repr=False)
    rights: Rights = field(default_factory=Rights, compare=False, repr=False)
    spelt: Spellings = field(default_factory=Spellings, compare=False, repr=False)
    watch: Watch = field(default_factory=Watch, compare=False, repr=False)

    def together(self, calls: Sequence[Callable[[], Any]]) -> list[Any]:
        """The results of register calls that do not depend on each other, made side by side, in their order.

        A call must not use this itself: it would wait for the threads that it is one of.
        """
        with self.watch.round(len(calls)) if self.watch.round and calls else nullcontext():
            # Each in a copy of this context, so that the request they belong to is known there too. One of
            # them in this thread, which would only wait.
            waiting = [self.pool.submit(copy_context().run, call) for call in calls[1:]]
            try:
                found = [call() for call in calls[:1]]
                for call, future in zip(calls[1:], waiting, strict=True):
                    # What no thread has begun with, because others wait in all of them, is done here.
                    found.append(call() if future.cancel() else future.result())
            finally:
                for future in waiting:
                    future.cancel()
            return found

    def planned[T](self, key: tuple[Any, ...], work: Callable[[], T]) -> T:
        """The result of `work`, which depends on the mappings alone: worked out once and kept by `key`."""
        if key not in self.plans:
            self.plans[key] = work()
        found: T = self.plans[key]
        return found

    def count(self, what: str) -> None:
        """Count something that an administrator may want to know of; names only, never values."""
        self.counts.add(what)

    def wrote(self, resource: str, deed: str) -> None:
        """Tell that a client created, changed or deleted a resource; see `Watch`."""
        if self.watch.wrote is not None:
            self.watch.wrote(resource, deed)

    @cached_property
    def types_by_uuid(self) -> dict[str, ObjectType]:
        """The objecttypes by their uuids."""
        return {each.uuid: each for each in self.types.values()}

    def names(self, place: Place, uuid: str) -> list[str]:
        """Every text under which others may name a record, for searches that compare whole texts."""
        usual = self.registers[place.register].urls(place.collection, uuid)
        return [*usual, *self.spelt.texts(place, uuid)]

    def naming(self, place: Place, uuids: Sequence[str]) -> tuple[str, list[str]]:
        """(operator, texts) of a search that finds all objects which name one of these records.

        One record is looked for by its uuid, however the rest is spelt. For several one search can only ask
        for whole texts: those that clients are known to write.
        """
        if len(uuids) == 1:
            return "icontains", list(uuids)
        bases = self.registers[place.register].urls(place.collection, "")
        urls = [base + uuid for uuid in uuids for base in bases]
        return "in", list(chain.from_iterable(map(spellings, urls)))

    def has(self, object_type: str) -> bool:
        """Whether the deployment has this objecttype. Raises NotPermitted when the token may not read it."""
        hidden = self.rights.hidden
        if hidden is None or object_type in hidden:
            self.rights.need(object_type)
        return object_type in self.types


class RegisterLinks:
    """How the mappings' codecs see the registers: URLs to uuids and back."""

    def __init__(self, registers: Mapping[str, Register]) -> None:
        self._registers = registers

    def url(self, place: Place, uuid: str) -> str:
        """The URL that is written for a record. Raises DoesNotFit where its register is not configured."""
        if place.register not in self._registers:
            raise DoesNotFit
        return self._registers[place.register].url(place.collection, uuid)

    def urls(self, place: Place, uuid: str) -> tuple[str, ...]:
        """Every URL of a record."""
        return self._registers[place.register].urls(place.collection, uuid)

    def uuid(self, place: Place, url: str) -> str | None:
        """The uuid of the record that a URL names under any base of its register; else None."""
        register = self._registers.get(place.register)
        found = register.identify(plain(url)) if register else None
        return found[1] if found and found[0] == place.collection else None
