"""Put the parts of gathering together: what a dialect declares, and what a deployment decides."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from adapter.correspondence.converting import Links
from adapter.correspondence.gathered import Gathered
from adapter.counts import Counts
from adapter.gathering.attempts import Attempts
from adapter.gathering.composing import DeclaredComposer
from adapter.gathering.doubles import Doubles
from adapter.gathering.dropped import Dropped
from adapter.gathering.gatherer import Gatherer, Pieces
from adapter.gathering.holds import Holds
from adapter.gathering.kept import Held, Piece
from adapter.gathering.keys import check_keys, rewrap
from adapter.gathering.lists import Lists
from adapter.gathering.ports import Composition, Objects, Record, Register
from adapter.gathering.reading import AsideStore, Reading
from adapter.gathering.sealing import Keyring
from adapter.gathering.sending import Sender, Times, Tools
from adapter.gathering.sent import Sent
from adapter.gathering.sign import Sign
from adapter.gathering.slots import Directory
from adapter.gathering.triggers import Moment, Trigger, Triggers
from adapter.mapping.paths import parse
from adapter.state.aliases import Aliases
from adapter.state.database import Database


@dataclass(frozen=True, slots=True)
class Decided:
    """What a deployment decides.

    current, keys: the id of the key that seals, and all keys by id, each 32 bytes in base64. secret: that of
    the signs; another one makes earlier signs unknown. quiet, greatest_age: see `Triggers`. settle: the
    seconds without another piece that a contact waits at least once a piece triggers it.
    """

    current: str
    keys: Mapping[str, str] = field(repr=False)
    secret: bytes = field(repr=False)
    quiet: float = 300.0
    settle: float = 0.0
    greatest_age: float = 3600.0
    times: Times = field(default_factory=Times)


class Store(Objects, AsideStore, Protocol):
    """Where asides and aliases are written, and asides read."""


@dataclass(frozen=True, slots=True)
class World:
    """What gathering works with, outside of it."""

    database: Database
    register: Register
    store: Store
    directory: Directory
    links: Links
    counts: Counts
    now: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True)
class Gathering:
    """Gathering of one dialect: takes pieces, sends contacts, and reads both. Threads may share it."""

    gatherer: Gatherer
    reading: Reading
    composer: DeclaredComposer
    _sender: Sender
    _tools: Tools
    _doubles: Doubles
    _database: Database
    _keyring: Keyring

    def sweep(self) -> int:
        """Send what is due, look for doubles, end what was deleted, and seal anew what an earlier key seals.

        Returns how many contacts were sent.

        Raises StateUnavailable; and, after all the others, KeyMissing and NotOpened for a contact that no
        key opens.
        """
        sent, tools = self._sender.sweep(), self._tools
        self._doubles.look(tools.register, tools.sign, tools.now(), tools.times.wait)
        Dropped(self._database).sweep(tools.objects, tools.now())
        rewrap(self._database, self._keyring)
        return sent

    def planned(self, held: Held) -> tuple[Moment, Composition]:
        """When and how a contact is sent that nothing changes any more, and the record that is made then."""
        moment = self._tools.triggers.of(held.hold, held.pieces)
        fall_back = moment.trigger.fall_back or bool(held.hold.reason)
        return moment, self.composer.compose(
            held.contact, held.pieces, moment.trigger.kind, fall_back=fall_back
        )

    def pieces(self, uuid: str) -> Sequence[Piece] | None:
        """The pieces of a contact, held or sent; None when there is none."""
        return self.reading.pieces(uuid)

    def listed(self, read: Callable[[], Sequence[Record]]) -> dict[str, Sequence[Piece]]:
        """The pieces of all contacts that are held, and of those that `read` gives; see `Lists`."""
        return self.reading.listed(read)


def open_gathering(declared: Gathered, decided: Decided, world: World) -> Gathering:
    """Gathering as it is declared and decided.

    Raises BadKey, and KeyMissing when a contact is held with a key that is not given.
    """
    keyring = Keyring(decided.current, decided.keys)
    check_keys(world.database, keyring)
    sign = Sign(declared.sign, decided.secret)
    composer = DeclaredComposer(declared, sign, world.directory, world.links)
    holds, aliases = Holds(world.database, keyring), Aliases(world.database)
    tools = Tools(
        holds=holds,
        attempts=Attempts(world.database),
        register=world.register,
        objects=world.store,
        composer=composer,
        triggers=triggers_of(declared, decided),
        sign=sign,
        counts=world.counts,
        now=world.now,
        times=decided.times,
    )
    sender = Sender(tools)
    doubles = Doubles(world.database)
    signed = tuple(parse(member) for _, member in declared.signed)
    lists = Lists(holds, aliases, sign, signed, doubles, world.now)
    pieces = Pieces(declared.resource, dict(declared.pieces), declared.single)
    reading = Reading(
        declared.collection,
        holds,
        aliases,
        lists,
        world.register,
        world.store,
        composer.asides,
        Sent(world.database),
    )
    gatherer = Gatherer(pieces, tools, sender)
    return Gathering(gatherer, reading, composer, sender, tools, doubles, world.database, keyring)


def triggers_of(declared: Gathered, decided: Decided) -> Triggers:
    """The triggers of a declaration."""
    rules = (
        Trigger(each.kind, each.resource, each.after, each.only, each.fall_back) for each in declared.rules
    )
    return Triggers(tuple(rules), decided.quiet, decided.greatest_age, decided.settle)
