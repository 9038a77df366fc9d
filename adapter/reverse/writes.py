"""Write an old record: its new record, then the rows of its parts side by side, then what stands aside.

Deletes come last: what is deleted cannot come back with its uuid when a later call fails.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from adapter.collection import MemberRefused
from adapter.correspondence.model import Correspondence, Pair, Part, Reference
from adapter.correspondence.rows import meets
from adapter.correspondence.translating import parts_of
from adapter.engine.transaction.steps import Refused
from adapter.errors import RegisterAnswer
from adapter.mapping.paths import get
from adapter.reverse import bodies
from adapter.reverse.asides import Aside, kept, rebased
from adapter.reverse.far import join
from adapter.reverse.holding import Held, held, holders, owners, same_rows, unchanged
from adapter.reverse.known import Known
from adapter.reverse.making import Values
from adapter.reverse.parts import write_part
from adapter.reverse.parts_far import claimed, write_through
from adapter.reverse.referring import refer
from adapter.reverse.session import Session, counts

Record = Mapping[str, Any]
# So often a body is sent again without what was refused of it.
TRIES = 3


def add(session: Session, it: Correspondence, data: Record) -> Known:
    """Make an old record. Raises MemberRefused for a reference that the new API does not take."""
    others = held(session, it, [data], made=True)
    body = bodies.created(session, it, data)
    there = [dict(row) for each in others for row in each.known.rows(each.holder.part.rows)]
    if (adopted := claimed(session, it, body, there)) is not None:
        change(session, adopted, data)
        return adopted
    referred = refer(session, it.parts, {}, {}, data)
    record = _accepted(session, it, {**body, **referred.body}, None)
    record |= referred.rows
    _know_far(session, it, record, others)
    known = session.keep(Known(session.deployment, it, record, None))
    _write_parts(session, known, {}, data)
    _put_aside(session, known, data, made=_now())
    _hold(session, others, set(), known)
    return known


def _know_far(session: Session, it: Correspondence, record: dict[str, Any], others: list[Held]) -> None:
    """Give a new record the rows that hang on what it refers to; where there are none, that is known."""
    for part in it.parts:
        for each in others if part.rows.through else ():
            rows = each.holder.part.rows
            if same_rows(rows, part.rows) and not each.known.rows(rows):
                record[part.rows.key] = []
    join(session, it, [record])


def change(session: Session, known: Known, data: Record) -> None:
    """Make an old record read as `data`."""
    it, was = known.it, known.served()
    body = bodies.changed(session, it, known.record, was, data)
    # what stands aside alone changes nothing of what others read
    others = held(session, it, [was, data]) if body or it.parts else []
    referred = refer(session, it.parts, known.far(), was, data)
    if body | referred.body:
        known.learn(_accepted(session, it, body | referred.body, known.record))
    for part in it.parts:
        if part.rows.key in referred.rows:
            known.learn_rows(part.rows, referred.rows[part.rows.key])
    _write_parts(session, known, was, data)
    _put_aside(session, known, data)
    _hold(session, others, {known.uuid}, known)


def remove(session: Session, known: Known) -> None:
    """Delete an old record, and what stands aside of what goes along with it."""
    it, shelf = known.it, session.deployment.shelf
    links = _links(session, it, known.uuid)
    others = held(session, it, [known.served()])
    for each in links:
        others += held(session, each.it, [each.served()])
    session.delete_at_end(f"{it.left.name}/{known.uuid}")
    # before anything is gone: these may be too many to read
    for aside in shelf.hanging(known.uuid) if _owns(session, it) else ():
        session.let_go(aside.collection, aside.uuid)
    if known.aside is not None:
        session.let_go(it.right.name, known.uuid)
    session.forget(it, known.uuid)
    _hold(session, others, {known.uuid, *(each.uuid for each in links)}, None)


# the new record


def _accepted(
    session: Session, it: Correspondence, body: dict[str, Any], record: Record | None
) -> dict[str, Any]:
    """The new record after a write, without what is refused of the body: that will stand aside.

    record: as it was; None when it is made.
    """
    for _ in range(TRIES):
        if record is not None and not body:
            return dict(record)
        try:
            if record is None:
                return session.post(it.left.name, body, it.right.name)
            return session.patch(f"{it.left.name}/{record['uuid']}", body, record)
        except Refused as refused:
            names = list(refused.names)
        _refuse_references(it, names)
        less = bodies.without(body, record or {}, names)
        if less == body:
            break
        for name in names:
            session.deployment.counts.add(f"aside.{it.left.name}.{name}")
        body = less
    raise RegisterAnswer(session.deployment.register.name)


def _refuse_references(it: Correspondence, names: list[str]) -> None:
    for pair in it.pairs:
        refers = any(isinstance(each, Reference) for each in pair.conversions)
        if refers and any(name.split(".")[0] == pair.left[0] for name in names):
            reason = "De verwijzing kan niet worden vastgelegd: het bestaat niet in het register."
            raise MemberRefused(".".join(pair.right), "bad-url", reason)


# parts


def _write_parts(session: Session, known: Known, was: Record, data: Record) -> None:
    """Make the rows say what the old record is to say; deletes are left for the end."""
    wanted: list[Callable[[], Any]] = []
    for part in parts_of(known.it, "right"):
        if part.read_only or part.rows.own or not meets(data, part.only) or unchanged(part, was, data):
            continue
        write = write_through if part.rows.through else write_part
        values = Values(get(was, part.path), get(data, part.path))
        wanted.append(partial(write, session, known, part, values))
    for done in session.deployment.together(wanted):
        known.learn_rows(done.part.rows, done.applied(known.rows(done.part.rows)))
        for path in done.deletes:
            session.delete_at_end(path)


# asides


def _put_aside(session: Session, known: Known, data: Record, made: str = "") -> None:
    """Keep aside what the new records, alone, do not say of the old record."""
    wanted = session.deployment.complete(known.collection, data)
    found = kept(wanted, known.alone(), known.it.lists("right"))
    uuids = owners(known.it, known.record)
    before = known.aside or Aside(known.collection, known.uuid, made, uuids)
    _keep(session, known, replace(before, leaves=found, owners=uuids, made_for=""))


def _keep(session: Session, known: Known, aside: Aside) -> None:
    """Write an aside if it differs from what is there; with nothing to keep none is made.

    Of a collection that is ordered by creation, and searched in asides too, the instant is something to keep.
    """
    by_creation = known.collection not in session.deployment.order and bool(known.it.parts)
    nothing = not aside.leaves and not (by_creation and aside.made)
    if aside == known.aside or (known.aside is None and nothing):
        return
    session.put_aside(known, aside)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")


# what others read


def _hold(session: Session, others: list[Held], gone: set[str], after: Known | None) -> None:
    """Keep what other records served, on the basis of what the new ones say of them now.

    gone: the uuids of the rows that are there no longer, or are no longer as they were.
    """
    for each in others:
        known, part = each.known, each.holder.part
        known.learn_rows(part.rows, _rows_after(session, each, gone, after))
        stored = known.aside or Aside(known.collection, known.uuid)
        lists = known.it.lists("right")
        new = rebased(stored.leaves, [part.path], each.was, known.alone(), lists)
        _keep(session, known, replace(stored, leaves=new))


def _rows_after(
    session: Session, held_one: Held, gone: set[str], after: Known | None
) -> list[dict[str, Any]]:
    """The rows that a held record reads once all is written; see `_hold`."""
    known, rows = held_one.known, held_one.holder.part.rows
    written = _rows_of(after) if after is not None else []
    on = _owner(known, held_one.holder.part)
    changed = {row["uuid"]: row for row in written if _refers(row, rows.reference, on)}
    gone = (gone | {row["uuid"] for row in written}).difference(changed)
    there = {row["uuid"]: row for row in known.rows(rows) if row["uuid"] not in gone}
    if rows.through and not changed.keys() <= there.keys() | session.made:
        # one that comes from elsewhere stands among the others by its age, with the rows that hang on it
        record = {name: value for name, value in known.record.items() if name != rows.key}
        join(session, known.it, [record])
        return [row for row in record[rows.key] if row["uuid"] not in gone]
    # one that was changed stays in its place, with the rows that hang on it
    return list((there | {uuid: {**there.get(uuid, {}), **row} for uuid, row in changed.items()}).values())


def _rows_of(known: Known) -> list[dict[str, Any]]:
    """The new record of an old one, and those rows of others that it writes."""
    far = [row for part in known.it.parts if part.rows.through for row in known.rows(part.rows)]
    return [dict(known.record), *(dict(row) for row in far)]


def _owner(known: Known, part: Part) -> str:
    """The uuid of the record on which the rows of a part hang."""
    through = part.rows.through
    return str(get(known.record, (*through, "uuid"))) if through else known.uuid


def _refers(record: Record, path: tuple[str, ...], uuid: str) -> bool:
    return bool(get(record, (*path, "uuid")) == uuid)


def _links(session: Session, it: Correspondence, uuid: str) -> list[Known]:
    """The links to a record that go along with it and of which others than itself are held."""
    found: list[Known] = []
    for link in session.deployment.correspondences.values():
        held_by = [each for each in holders(session, link) if each.it.name != it.name]
        for pair in link.pairs if held_by else ():
            parameter = session.deployment.offers.parameter(link.left.name, pair.left)
            if parameter and refers_to(pair, it.right.collection):
                rows = session.all_rows(link.left.name, ((parameter, uuid),))
                known = session.learn(link, rows)
                found += [*known, *_made_for_others(session, link, rows, {each.uuid for each in known})]
    return found


def _made_for_others(
    session: Session, link: Correspondence, rows: list[dict[str, Any]], known: set[str]
) -> list[Known]:
    """Rows that are no record for old clients, but that others read; they go along just the same."""
    apart = [dict(row) for row in rows if row["uuid"] not in known and counts(link, row)]
    join(session, link, apart)
    return [Known(session.deployment, link, row, None) for row in apart]


def refers_to(pair: Pair, collection: str) -> bool:
    """Whether a pair refers to records of a collection."""
    return any(isinstance(each, Reference) and each.collection == collection for each in pair.conversions)


def _owns(session: Session, it: Correspondence) -> bool:
    """Whether other old records refer to those of the collection."""
    others = (each for each in session.deployment.correspondences.values() if each is not it)
    return any(refers_to(pair, it.right.collection) for other in others for pair in other.pairs)
