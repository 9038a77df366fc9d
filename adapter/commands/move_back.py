"""The step `back` of the command `move`: what was done to the target is done to the old registers too."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from adapter.commands.opening import Failure, phase_of, prepared, register_failures, state_failures
from adapter.commands.terminal import Progress, progress

if TYPE_CHECKING:
    from adapter.engine.service import Engine
    from adapter.gathering.store import ObjectStore
    from adapter.main import Adapter
    from adapter.move.back import Back, Do
    from adapter.move.book import Book
    from adapter.move.marks import Deed, Held
    from adapter.openapi.checked import Checked
    from adapter.service import Caller
    from adapter.state.aliases import Aliases

MOST_SHOWN = 20
PAGE_SIZE = "100"
"""500 contacts may take Open Klant longer than a register is waited for."""
READINGS = 3
FROZEN = "frozen"


def back(options: argparse.Namespace, book: Book) -> None:
    """Say what is different in the target since it began to answer; with --yes, write it to the registers."""
    from adapter.commands.move_verify import merged  # noqa: PLC0415
    from adapter.move.back import parted  # noqa: PLC0415
    from adapter.move.marks import MARKED, differences  # noqa: PLC0415

    if not options.rows and not book.fact(MARKED):
        raise Failure(
            "what the target held when it began to answer was not noted: klantbrug move cutover notes it;"
            " or say with --rows where the output of verify.sql is"
        )
    adapter = prepared(options.config)
    try:
        if adapter.configuration.gathering is not None:
            # Its contacts are made of pieces, and the uuids of its records are not looked for everywhere.
            raise Failure("with gathering there is no way back by a command")
        with register_failures(), progress("Reading the target") as shown:
            if options.rows:
                deeds = _by_rows(adapter, options, book, shown)
            else:
                deeds = differences(book, target_pages(adapter, book))
        deeds = list(parted(book, deeds, merged(options, book.fact("written"))))
        _say(deeds)
        if options.yes:
            _write(adapter, book, deeds)
        elif deeds:
            sys.stdout.write("nothing was written; --yes writes it to the old registers\n")
    finally:
        adapter.close()


def _by_rows(adapter: Adapter, options: argparse.Namespace, book: Book, shown: Progress) -> list[Deed]:
    """What is different, by the rows of the target; its API is asked for that alone. Raises Failure."""
    from adapter.commands.move_verify import loaded  # noqa: PLC0415
    from adapter.move.changed_rows import deeds_of, different  # noqa: PLC0415
    from adapter.move.target import target  # noqa: PLC0415
    from adapter.move.verifying import NotReadBack  # noqa: PLC0415
    from adapter.old_apis import NEW  # noqa: PLC0415

    manifest = book.fact("written")
    if not manifest:
        raise Failure("nothing was written by this move, so its rows say nothing of what was changed")
    load, register = loaded(options, manifest), adapter.registers[NEW]

    def fetch(kind: str, uuid: str) -> Mapping[str, Any]:
        shown.at(f"Reading the target: {kind}")
        answer = register.call("GET", f"{kind}/{uuid}")
        if answer.status != 200:
            raise Failure(f"the target does not give {kind} {uuid}: are the rows those that it has now?")
        found: Mapping[str, Any] = answer.body
        return found

    try:
        there = target(manifest["target"], manifest["version"])
        found = different(there, load, options.rows, lambda name: shown.at(f"Reading the rows of {name}"))
    except NotReadBack as wrong:
        raise Failure(f"{options.rows} is not the output of verify.sql: {wrong}") from None
    return list(deeds_of(found, adapter.mappings.resources, fetch))


def target_pages(adapter: Adapter, book: Book) -> Iterator[list[Held]]:
    """Everything that the target holds, what was sent to its API by the uuids that KlantBrug knows.

    Raises Failure, RegisterError.
    """
    from adapter.move.marks import Moving, read_target  # noqa: PLC0415
    from adapter.move.posted import Uuids  # noqa: PLC0415
    from adapter.move.target import target  # noqa: PLC0415
    from adapter.old_apis import NEW  # noqa: PLC0415

    register, uuids = adapter.registers[NEW], Uuids(book)

    def ask(kind: str, page: int) -> Mapping[str, Any]:
        answer = register.call("GET", kind, params=[("pageSize", PAGE_SIZE), ("page", str(page))])
        if answer.status != 200:
            raise Failure(f"the register {NEW} does not let KlantBrug read {kind}: {answer.status}")
        found: Mapping[str, Any] = uuids.here(answer.body)
        return found

    try:
        for name in target("openklant").resources:
            yield from read_target([adapter.mappings.resources[name]], ask)
    except Moving:
        raise Failure("the target changed while it was read: klantbrug move freeze first") from None


def _say(deeds: list[Deed]) -> None:
    counts = Counter((each.held.kind, each.what) for each in deeds)
    for (kind, what), count in counts.items():
        sys.stdout.write(f"{kind}: {count} {what}\n")
        for uuid in [it.held.uuid for it in deeds if (it.held.kind, it.what) == (kind, what)][:MOST_SHOWN]:
            sys.stdout.write(f"  {uuid}\n")
    if not deeds:
        sys.stdout.write("nothing is different in the target since it began to answer\n")


def _write(adapter: Adapter, book: Book, deeds: list[Deed]) -> None:
    from adapter.move.back import BACK, carry_out, note_returned  # noqa: PLC0415
    from adapter.move.writing import now  # noqa: PLC0415
    from adapter.state.database import MEMORY  # noqa: PLC0415

    if phase_of(adapter.configuration) != FROZEN:
        raise Failure("the phase is not frozen: klantbrug move freeze first")
    if adapter.configuration.state in {"", MEMORY}:
        raise Failure("the aliases would be lost with this process: set state to what the replicas use")
    with state_failures(), register_failures(), progress("Writing to the registers") as shown:
        do = _doing(adapter, _alias_objects(adapter))
        result = carry_out(book, deeds, do, lambda number: shown.at(f"Writing {number} of {len(deeds)}"))
    note_returned(book, deeds, result, now())
    _say_result(result)
    if result.refused:
        raise Failure("not everything could be written: do the rest by hand, or repeat this")
    book.note(BACK, now())


def _say_result(result: Back) -> None:
    sys.stdout.write(f"written: {result.done}\n")
    for deed, codes in result.refused:
        held = deed.held
        sys.stdout.write(f"refused: {deed.what} {held.kind} {held.uuid}: {', '.join(codes)}\n")


def _alias_objects(adapter: Adapter) -> ObjectStore:
    """Where aliases are kept as objects, so that the state can be made again. Raises Failure."""
    from adapter.gathering.store import ALIAS, OBJECTS, ObjectStore  # noqa: PLC0415
    from adapter.registers.objecttypes import ObjecttypeRefused, set_up  # noqa: PLC0415

    objects = adapter.registers[OBJECTS]
    try:
        return ObjectStore(objects, {each.uuid: each.version for each in set_up(objects, [ALIAS])})
    except ObjecttypeRefused as refused:
        raise Failure(str(refused)) from None


def _doing(adapter: Adapter, objects: ObjectStore) -> Do:
    """What does a deed through the engine, which keeps every rule of the mappings."""
    from adapter import context  # noqa: PLC0415
    from adapter.engine.service import Engine  # noqa: PLC0415
    from adapter.errors import AdapterError, Invalid, NotFound, RegisterError  # noqa: PLC0415
    from adapter.move.marks import GONE, NEW  # noqa: PLC0415
    from adapter.service import Caller  # noqa: PLC0415

    engine = Engine(adapter.deployment())
    bodies, caller = Bodies(engine), Caller("move back", changing="altijd")

    def do(deed: Deed, values: Mapping[str, Any]) -> Sequence[str]:
        kind, uuid = deed.held.kind, deed.held.uuid
        context.begin(context.RequestContext())
        try:
            if deed.what == NEW:
                _make(engine, bodies, deed, values, caller)
                _keep_alias(engine.deployment.state.aliases, objects, uuid)
            elif deed.what == GONE:
                engine.destroy(kind, uuid, {}, caller)
            else:
                engine.update(kind, uuid, bodies.part(kind, values), True, caller)
        except NotFound:
            # It went along with another.
            return () if deed.what == GONE else ("not_found",)
        except RegisterError:
            raise
        except Invalid as invalid:
            return [f"{each.name} {each.code}" for each in invalid.problems]
        except AdapterError as error:
            return (type(error).__name__,)
        return ()

    return do


def _make(engine: Engine, bodies: Bodies, deed: Deed, values: Mapping[str, Any], caller: Caller) -> None:
    """Make what is new under the uuid that clients know: where its register gave it another, by an alias.

    What an attempt made that ended before its note is changed: the target may hold something else by now.
    """
    from adapter import context  # noqa: PLC0415
    from adapter.service import IdempotencyKey  # noqa: PLC0415
    from adapter.state.errors import KeyUsed  # noqa: PLC0415

    kind, uuid = deed.held.kind, deed.held.uuid
    key = IdempotencyKey(f"move back {deed.what} {kind} {uuid}", deed.held.digest)
    if not _is_made(engine, kind, uuid, caller):
        context.begin(context.RequestContext(uuid=uuid))
        try:
            engine.create(kind, bodies.whole(kind, values), replace(caller, idempotency=key))
        except KeyUsed:
            context.begin(context.RequestContext())
        else:
            return
    engine.update(kind, uuid, bodies.part(kind, values), True, caller)


def _is_made(engine: Engine, kind: str, uuid: str, caller: Caller) -> bool:
    """Whether an attempt made it that an alias is left of, of whose write the key may be forgotten."""
    from adapter.engine.transaction.recovery import Recovery  # noqa: PLC0415
    from adapter.errors import NotFound  # noqa: PLC0415

    if not engine.deployment.state.aliases.collection(uuid):
        return False
    # That write is finished or undone first.
    Recovery(engine.deployment).sweep(time.time())
    try:
        engine.retrieve(kind, uuid, (), caller)
    except NotFound:
        return False
    return True


def _keep_alias(aliases: Aliases, objects: ObjectStore, uuid: str) -> None:
    """Keep the alias of a resource as an object too, if it has one."""
    if collection := aliases.collection(uuid):
        objects.put_alias(uuid, aliases.records([uuid])[uuid], collection)


class Bodies:
    """Bodies for the engine, checked as those of clients are."""

    def __init__(self, engine: Engine) -> None:
        from adapter.shipped import served_document  # noqa: PLC0415

        self._engine, self._document = engine, served_document()
        self._validators: dict[tuple[str, str], Any] = {}

    def whole(self, kind: str, values: Mapping[str, Any]) -> Checked:
        """The body of a new one: what has to be said and is not there is nothing, or no items."""
        body = dict(values)
        for _ in range(2):
            for problem in self._checked("post", f"/{kind}", kind, body).problems:
                name = problem.name.partition(".")[0]
                if problem.code == "required" and name == problem.name:
                    body[name] = None
                elif name not in values:
                    body[name] = []
                elif _is_empty(values[name]):
                    # What is served empty here was never sent.
                    body.pop(name, None)
        return self._checked("post", f"/{kind}", kind, body)

    def part(self, kind: str, values: Mapping[str, Any]) -> Checked:
        """The body of a change."""
        return self._checked("put", f"/{kind}/{{uuid}}", kind, values, partial=True)

    def _checked(
        self, method: str, path: str, kind: str, body: Mapping[str, Any], *, partial: bool = False
    ) -> Checked:
        from adapter.openapi.bodies import compile_body  # noqa: PLC0415

        if (method, kind) not in self._validators:
            operation = self._document.operation(method, path)
            schema = (operation.body if operation else None) or {}
            options = self._engine.body_options(kind)
            self._validators[method, kind] = compile_body(self._document, schema, options=options)
        checked: Checked = self._validators[method, kind](dict(body), partial)
        return checked


def _is_empty(value: Any) -> bool:
    return all(map(_is_empty, value.values())) if isinstance(value, dict) else value in (None, "", [])
