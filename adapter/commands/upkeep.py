"""The commands for operators of a deployment: `setup`, `journal`, `sweep`, `doctor`, `token`, `pseudonym`."""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from typing import TYPE_CHECKING

from adapter.commands.opening import (
    Failure,
    check_held,
    checked_rights,
    configured,
    opened,
    phase_of,
    prepared,
    register_failures,
    state_failures,
    together,
)
from adapter.commands.terminal import Progress, progress

if TYPE_CHECKING:
    from adapter.main import Adapter
    from adapter.registers.objecttypes import Outcome
    from adapter.state.opening import State

TOKEN_BYTES = 32


def setup(options: argparse.Namespace) -> None:
    """Create or update the tables of the state, the objecttypes and the channels, and print what was done."""
    from adapter.configuration import NOTIFICATIONS  # noqa: PLC0415
    from adapter.notifications import channels  # noqa: PLC0415
    from adapter.notifications.starting import channels as published  # noqa: PLC0415
    from adapter.registers.objecttypes import ObjecttypeRefused  # noqa: PLC0415
    from adapter.state.opening import is_server, set_up  # noqa: PLC0415

    adapter = prepared(options.config)
    try:
        with state_failures():
            done = set_up(adapter.configuration.state)
        if is_server(adapter.configuration.state):
            sys.stdout.write(f"journal: {done or 'no'} migrations done\n")
        _check_registers(adapter, made=False)
        with register_failures(), progress("Looking at the objecttypes") as shown:
            for outcome in adapter.set_up():
                shown.say(f"{outcome.name}: {outcome.done}, version {outcome.version}, {outcome.url}")
                _restore_aliases(adapter, outcome, shown)
            if NOTIFICATIONS in adapter.registers:
                for channel in channels.set_up(adapter.registers[NOTIFICATIONS], published(adapter.mappings)):
                    shown.say(f"channel {channel.name}: {channel.done}")
                _subscribe(adapter, shown)
        checked_rights(adapter)
    except (ObjecttypeRefused, channels.ChannelRefused) as refused:
        raise Failure(str(refused)) from None
    finally:
        adapter.close()


def _restore_aliases(adapter: Adapter, made: Outcome, shown: Progress) -> None:
    """Note the aliases again of which there are objects, when the state has fewer: it may have been lost."""
    from adapter.gathering.store import ALIAS, OBJECTS, ObjectStore, lacks, restore  # noqa: PLC0415
    from adapter.state.opening import open_state  # noqa: PLC0415

    if made.uuid != ALIAS.uuid:
        return
    with state_failures():
        state = open_state(adapter.configuration.state)
        try:
            store = ObjectStore(adapter.registers[OBJECTS], {made.uuid: made.version})
            if lacks(store, state.aliases):
                count, failed = restore(store, state.aliases)
                if count:
                    shown.say(f"aliases: {count - failed} noted again, {failed} not")
        finally:
            state.close()


def _subscribe(adapter: Adapter, shown: Progress) -> None:
    """Subscribe to what registers tell, where that is wanted; that it is refused ends nothing."""
    from adapter.configuration import NOTIFICATIONS  # noqa: PLC0415
    from adapter.notifications.subscriptions import heard_channels, subscribe  # noqa: PLC0415

    if (receive := adapter.configuration.notifications.receive) is not None:
        done = subscribe(adapter.registers[NOTIFICATIONS], receive, heard_channels(adapter.mappings))
        shown.say(f"subscription: {done}")


def journal(options: argparse.Namespace) -> None:
    """Print every open write with its steps and what is held, without values; or change one of them."""
    from adapter.gathering.listing import held_lines  # noqa: PLC0415
    from adapter.state.listing import open_writes  # noqa: PLC0415

    with opened(options.config) as state:
        if options.retry or options.fall_back:
            _unpark(state, options.retry or options.fall_back, fall_back=bool(options.fall_back))
            return
        if options.settle:
            _settle(state, options.settle)
            return
        if options.drop:
            _drop(state, options.drop, sure=options.yes)
            return
        for line in (*open_writes(state), *held_lines(state.database)):
            sys.stdout.write(f"{line}\n")


def _unpark(state: State, contact: str, *, fall_back: bool) -> None:
    from adapter import logs  # noqa: PLC0415
    from adapter.gathering.attempts import Attempts  # noqa: PLC0415

    if not Attempts(state.database).unpark(contact, time.time(), fall_back=fall_back):
        raise Failure("no parked contact has this uuid: klantbrug journal lists them")
    logs.to_stream("info", sys.stderr)
    logs.logger("klantbrug.journal").warning("contact_unparked", contact=contact, fall_back=fall_back)


def _settle(state: State, record: str) -> None:
    from adapter import logs  # noqa: PLC0415
    from adapter.gathering.doubles import Doubles  # noqa: PLC0415

    if not Doubles(state.database).settle(record):
        raise Failure("no second record of a contact has this uuid: klantbrug journal lists them")
    logs.to_stream("info", sys.stderr)
    logs.logger("klantbrug.journal").warning("double_settled", record=record)


def _drop(state: State, identifier: str, *, sure: bool) -> None:
    from adapter import logs  # noqa: PLC0415
    from adapter.state.listing import open_write  # noqa: PLC0415

    write = next((each for each in state.journal.all() if each.id == identifier), None)
    if write is None:
        raise Failure("no open write has this id: klantbrug journal lists them")
    if not state.journal.abandoned([write]):
        raise Failure("a process is busy with this write")
    for line in open_write(write, busy=False):
        sys.stdout.write(f"{line}\n")
    if not sure and not _confirmed("Forget it, and leave the registers as they are now? [y/N] "):
        raise Failure("nothing was dropped; answer y, or say --yes")
    if not state.journal.drop(write):
        raise Failure("somebody else finished or took over this write just now")
    logs.to_stream("info", sys.stderr)
    logs.logger("klantbrug.journal").warning("write_dropped", write=write.id, operation=write.operation)


def _confirmed(question: str) -> bool:
    sys.stdout.write(question)
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def sweep(options: argparse.Namespace) -> None:
    """Recover abandoned writes and remove orphans, once, as a serving process does periodically."""
    from adapter.engine.maintenance.orphans import OrphanSweep  # noqa: PLC0415
    from adapter.engine.transaction.recovery import Recovery  # noqa: PLC0415

    adapter = prepared(options.config)
    try:
        check_held(adapter.configuration)
        with progress("Finishing or undoing writes") as shown:
            with state_failures():
                deployment = adapter.deployment()
                left = Recovery(deployment).sweep(time.time())
            shown.say(f"writes left behind: {left}")
            if not adapter.configuration.serves_new:
                return
            shown.at("Looking for objects without an owner")
            with register_failures():
                swept = OrphanSweep(deployment).run()
    finally:
        adapter.close()
    counts = f"{swept.removed} removed, {swept.waiting} waiting, of {swept.seen}"
    sys.stdout.write(f"objects without an owner: {counts}\n")


def doctor(options: argparse.Namespace) -> None:
    """Read all records of the registers, and print counts and uuids of those with faults."""
    from adapter.commands.gathered import sections  # noqa: PLC0415
    from adapter.engine.maintenance.examination import examine  # noqa: PLC0415

    adapter = prepared(options.config)
    try:
        if phase := phase_of(adapter.configuration):
            sys.stdout.write(f"phase: {phase}\n")
        check_held(adapter.configuration)
        _check_registers(adapter, made=True)
        checked_rights(adapter)
        if not adapter.configuration.serves_new:
            _tell_old(adapter)
            return
        with state_failures(), register_failures(), progress("Reading the registers") as shown:
            deployment = adapter.deployment()
            found = examine(deployment, lambda name: shown.at(f"Reading the registers: {name}"))
            shown.at("Looking at what is gathered")
            gathered = list(sections(adapter, deployment, trying=options.try_names))
    finally:
        adapter.close()
    for heading, lines in [*((f"{each.what}: {each.count}", each.lines) for each in found), *gathered]:
        sys.stdout.write(f"{heading}\n")
        for line in lines:
            sys.stdout.write(f"  {line}\n")


def _tell_old(adapter: Adapter) -> None:
    """Print what the old APIs are served from, whose records nobody examines."""
    from adapter.commands.probes_old import version  # noqa: PLC0415
    from adapter.old_apis import NEW  # noqa: PLC0415

    with register_failures():
        said = version(adapter.registers[NEW])
    sys.stdout.write("the registers can be used; the records of klantinteracties are not examined\n")
    sys.stdout.write(f"version of klantinteracties: {said or 'it does not say'}\n")
    if not adapter.configuration.asides_in_objects:
        with state_failures():
            count = adapter.deployment().state.asides.count()
        sys.stdout.write(f"asides in the state, to be backed up: {count}\n")


def _check_registers(adapter: Adapter, *, made: bool) -> None:
    """Raise Failure with every reason why a register or an objecttype cannot be used."""
    from adapter.commands.probes import problems  # noqa: PLC0415

    with progress("Looking at the registers"):
        found = list(problems(adapter, made=made))
    if found:
        raise Failure(together("the registers cannot be used:", found))


def token(options: argparse.Namespace) -> None:
    """Print a new token and its hash, or the hash of a given token."""
    from adapter.api.tokens import hash_token  # noqa: PLC0415

    if options.stdin:
        given = sys.stdin.readline().strip()
        if not given or " " in given:
            raise Failure("the token on the input is empty or has a space in it")
        sys.stdout.write(f"hash: {hash_token(given)}\n")
        return
    made = secrets.token_urlsafe(TOKEN_BYTES)
    sys.stdout.write(f"token: {made}\nhash: {hash_token(made)}\n")


def pseudonym(options: argparse.Namespace) -> None:
    """Print the pseudonym that the log of processing has, for each line `KIND VALUE` of the input."""
    configuration = configured(options.config)
    if configuration.logbook is None:
        raise Failure(f"{options.config} has no logbook")
    from adapter.logbook.records import Pseudonyms  # noqa: PLC0415
    from adapter.processing import Subject  # noqa: PLC0415

    pseudonyms = Pseudonyms(configuration.logbook.key, configuration.public_url)
    for number, line in enumerate(sys.stdin, 1):
        kind, *values = line.split()
        if len(values) != 1:
            # Without the line itself: somebody's number is in it.
            raise Failure(f"line {number} of the input is not two words: BSN and a number, say")
        sys.stdout.write(f"{kind} {pseudonyms.of(Subject(kind, values[0]))}\n")
