"""The steps of `move` that have `serve` go to another phase: `shadow`, `freeze`, `unfreeze`, `cutover`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from adapter.commands.opening import Failure, phase_of, prepared, reason, register_failures, together
from adapter.commands.terminal import progress

if TYPE_CHECKING:
    from pathlib import Path

    from adapter.main import Adapter
    from adapter.move.book import Book
    from adapter.registers.client import Register
    from adapter.registers.messages import Parameters


def shadow(options: argparse.Namespace, book: Book) -> None:
    """Compare a share of the reads with the target from now on."""
    _go(options, book, "shadow", after=("translate", "shadow"))


def freeze(options: argparse.Namespace, book: Book) -> None:
    """Have writes refused, wait until those that had begun are done, and see that nobody else writes."""
    _go(options, book, "frozen", after=("translate", "shadow", "frozen", "forward"))
    adapter = prepared(options.config)
    try:
        _wait_for_writes(adapter, options.wait)
        _say_scopes(adapter)
        _see_that_nobody_writes(adapter, options.watch, unseen=options.unseen)
    finally:
        adapter.close()


def unfreeze(options: argparse.Namespace, book: Book) -> None:
    """Have everything translated again, unless the target was written and the registers were not."""
    from adapter.move.phasing import is_owed  # noqa: PLC0415

    _note_what_is(options, book)
    if is_owed(book):
        raise Failure("the target answered meanwhile: klantbrug move back --yes first")
    _go(options, book, "translate", after=("translate", "shadow", "frozen"))


def cutover(options: argparse.Namespace, book: Book) -> None:
    """Have the target answer, when what was frozen was read, written, loaded and found there."""
    from adapter.commands.move_back import target_pages  # noqa: PLC0415
    from adapter.commands.move_verify import loaded, merged  # noqa: PLC0415
    from adapter.move.marks import mark, mark_by_rows  # noqa: PLC0415
    from adapter.move.phasing import is_owed, missing  # noqa: PLC0415
    from adapter.move.writing import now  # noqa: PLC0415

    _, before = _note_what_is(options, book)
    adapter = prepared(options.config)
    try:
        problems = [*missing(book), *_obstacles(adapter)]
        if problems:
            raise Failure(together("not yet:", problems))
        # What the target holds once it answers is not what it began with.
        if before == "frozen" and not is_owed(book) and options.by_rows:
            loaded(options, book.fact("written"))
            mark_by_rows(book)
        elif before == "frozen" and not is_owed(book):
            with register_failures(), progress("Noting what the target holds, for the way back"):
                mark(book, target_pages(adapter, book), now())
        _note_merged(adapter, merged(options, book.fact("written")))
    finally:
        adapter.close()
    _go(options, book, "forward", after=("frozen", "forward"))


def _note_merged(adapter: Adapter, found: Mapping[str, Mapping[str, str]]) -> None:
    """Have every process know what was merged: who asks for a younger one gets the oldest."""
    from adapter.commands.opening import state_failures  # noqa: PLC0415
    from adapter.state.database import MEMORY  # noqa: PLC0415
    from adapter.state.opening import open_state  # noqa: PLC0415

    if found and adapter.configuration.state == MEMORY:
        raise Failure("what was merged has to be kept in a state that lasts, and this one is in memory")
    with state_failures():
        state = open_state(adapter.configuration.state)
        try:
            state.merged.note(
                {younger: oldest for each in found.values() for younger, oldest in each.items()}
            )
        finally:
            state.close()


STEPS = {"shadow": shadow, "freeze": freeze, "unfreeze": unfreeze, "cutover": cutover}


def _go(options: argparse.Namespace, book: Book, phase: str, *, after: tuple[str, ...]) -> None:
    """Write the phase into the file that `serve` follows, and wait until it has looked. Raises Failure."""
    from adapter.move.phasing import note_phase  # noqa: PLC0415
    from adapter.move.writing import now  # noqa: PLC0415
    from adapter.phases import phase as phases  # noqa: PLC0415

    file, before = _note_what_is(options, book)
    if before not in after:
        raise Failure(f"the phase is {before}; this goes from {' or '.join(after)}")
    if before != phase:
        try:
            phases.write_phase(file, phases.Phase(phase))
        except OSError as error:
            raise Failure(reason(error)) from None
        note_phase(book, phase, now())
        time.sleep(2 * phases.LOOK_SECONDS)
    sys.stdout.write(f"phase: {phase}, in {file}\n")


def _note_what_is(options: argparse.Namespace, book: Book) -> tuple[Path, str]:
    """The file of the phase, and the phase in it, which is in the book now. Raises Failure.

    Somebody may have changed it by hand, or a command may have died before it noted what it had written.
    """
    from adapter.commands.opening import configured  # noqa: PLC0415
    from adapter.move.phasing import note_phase  # noqa: PLC0415
    from adapter.move.writing import now  # noqa: PLC0415

    configuration = configured(options.config)
    if configuration.phases is None:
        raise Failure(f"{options.config} has no phases: see docs/migration.md")
    found = phase_of(configuration)
    note_phase(book, found, now())
    return configuration.phases.file, found


def _wait_for_writes(adapter: Adapter, seconds: float) -> None:
    """Wait until the journal is empty: what stands in it may still change a register."""
    from adapter.commands.opening import state_failures  # noqa: PLC0415
    from adapter.state.opening import open_state  # noqa: PLC0415

    end = time.monotonic() + seconds
    with state_failures(), progress("Waiting for writes that have begun"):
        state = open_state(adapter.configuration.state)
        try:
            while (left := state.journal.backlog()[0]) and time.monotonic() < end:
                time.sleep(0.2)
        finally:
            state.close()
    if left:
        raise Failure(
            f"writes that are still in the journal: {left}; klantbrug journal lists them, then freeze again"
        )


def _say_scopes(adapter: Adapter) -> None:
    from adapter.shipped import known_registers  # noqa: PLC0415

    sys.stdout.write("take from every application but KlantBrug, in\n")
    for name in adapter.configuration.registers:
        if scopes := known_registers()[name].get("writes"):
            sys.stdout.write(f"  {name}: {', '.join(scopes)}\n")


def _see_that_nobody_writes(adapter: Adapter, seconds: float, *, unseen: bool) -> None:
    """Look twice at what comes first in each collection, and at how many there are. Raises Failure.

    With `unseen` a collection at which nobody can look is said, and no reason to fail.
    """
    with register_failures(), progress("Looking whether somebody writes"):
        before = dict(_heads(adapter))
        blind = [name for name, head in before.items() if not head]
        if blind and not unseen:
            raise Failure(
                f"no list shows whether somebody writes to {', '.join(blind)}: see to it where they are kept,"
                " then freeze again with --unseen"
            )
        time.sleep(seconds)
        moved = [name for name, head in _heads(adapter) if head != before.get(name)]
    if moved:
        raise Failure(f"somebody writes to {', '.join(moved)}; freeze again when that has stopped")
    sys.stdout.write(f"nothing was written in {seconds:g} seconds\n")
    if blind:
        sys.stdout.write(f"not seen, since no list shows them: {', '.join(blind)}\n")


def _heads(adapter: Adapter) -> Iterator[tuple[str, str]]:
    """(the name of a collection, a fingerprint of its count and its first page; "" when it gives no list)."""
    from adapter.main import OBJECTS  # noqa: PLC0415
    from adapter.shipped import known_registers  # noqa: PLC0415

    places = [
        (each.register, each.collection, it.no_list, it.all_with)
        for each, it in adapter.mappings.collections.items()
    ]
    for name, collection, no_list, asked in [*places, (OBJECTS, OBJECTS, "", ())]:
        if name in adapter.registers and known_registers()[name].get("writes"):
            head = "" if no_list else _head(adapter.registers[name], collection, asked)
            yield f"{name}/{collection}", head


def _head(register: Register, collection: str, asked: Parameters) -> str:
    """Raises RegisterError."""
    from adapter.move.book import digest_of  # noqa: PLC0415

    answer = register.call("GET", collection, params=asked)
    return digest_of({"page": answer.body}) if answer.status == 200 else ""


def _obstacles(adapter: Adapter) -> Iterator[str]:
    """Why this deployment cannot have the target answer now."""
    from adapter.errors import RegisterError  # noqa: PLC0415
    from adapter.old_apis import NEW  # noqa: PLC0415

    if NEW not in adapter.registers:
        yield f"there is no register {NEW}: it is the target"
        return
    kind = next(iter(adapter.mappings.resources))
    try:
        if adapter.registers[NEW].call("GET", kind).status != 200:
            yield f"the register {NEW} does not let KlantBrug read {kind}"
    except RegisterError:
        yield f"the register {NEW} cannot be used: klantbrug doctor says why"
