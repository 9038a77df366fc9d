"""Write the parts of an old record: rows of other resources that are made, changed or removed for its values.

What the new API refuses of a row is no error: the value stands aside. A row that held the earlier value goes,
since a stale one must not stay for others to see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.correspondence.model import Part
from adapter.correspondence.rows import chosen, counted, item_of
from adapter.mapping.paths import MISSING, filled, get, put
from adapter.reverse.known import Known
from adapter.reverse.making import (
    Members,
    Owning,
    Row,
    Values,
    found_or_made,
    members_of,
    sent,
    write_row,
)
from adapter.reverse.referring import refer
from adapter.reverse.session import Session


@dataclass(slots=True)
class Change:
    """What became of the rows of a part: those that were added or changed, and the uuids of those to go.

    deletes: the paths of what is to be deleted at the end, since it cannot come back with its uuid.
    """

    part: Part
    now: list[Row] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    deletes: list[str] = field(default_factory=list)

    def add(self, other: Change) -> None:
        """What became of more rows of the part."""
        self.now += other.now
        self.gone |= other.gone
        self.deletes += other.deletes

    def applied(self, rows: list[Row]) -> list[Row]:
        """The rows of the relation after it."""
        changed = {row["uuid"]: row for row in self.now}
        kept = [changed.pop(row["uuid"], row) for row in rows if row["uuid"] not in self.gone]
        return [*kept, *changed.values()]


def write_part(session: Session, known: Known, part: Part, values: Values) -> Change:
    """Make the rows of a part say a value, as far as the new API can."""
    rows = [dict(row) for row in counted(part, known.rows(part.rows))]
    if part.quantifier is not None:
        return _each_becomes(session, part, rows, values.value)
    if part.kind == "each_of":
        return write_items(session, known, part, values)
    first = chosen(part, rows, session.deployment.links)
    row = dict(first) if first is not None else None
    if part.rows.shared is not None:
        return _shared(session, known, part, row, values.value)
    return _own(session, known, part, row, values)


def _each_becomes(session: Session, part: Part, rows: list[Row], value: Any) -> Change:
    change = Change(part)
    assert part.quantifier is not None
    for member in dict(part.quantifier.becomes).get(value, ()) if isinstance(value, str) else ():
        for row in rows:
            path, wanted = member
            if get(row, path) != wanted:
                body: Row = {}
                put(body, path, wanted)
                change.now += sent(session, part, f"{part.rows.resource}/{row['uuid']}", body, row)
    return change


# rows that belong to one record


def _own(session: Session, owner: Owning, part: Part, row: Row | None, values: Values) -> Change:
    change = Change(part)
    members = members_of(session, part, values if row is not None else Values(MISSING, values.value))
    if row is None:
        if members:
            there: Row = {}
            members = _with_referred(session, part, there, values, members)
            change.now = _with_below(part, there, write_row(session, owner, part, None, members))
        return change
    if members is not None:
        members = _with_referred(session, part, row, values, members)
        change.now = _with_below(part, row, write_row(session, owner, part, row, members))
    if not change.now:
        change.deletes.append(f"{part.rows.resource}/{row['uuid']}")
        change.gone.add(row["uuid"])
    return change


def _with_below(part: Part, there: Row, rows: list[Row]) -> list[Row]:
    """Rows as they were answered, with those to which they refer under their key."""
    below = {each.rows.key: there[each.rows.key] for each in part.parts if each.rows.key in there}
    return [{**row, **below} for row in rows]


def _with_referred(session: Session, part: Part, row: Row, values: Values, members: Members) -> Members:
    """The members with the references to rows that the row is to have itself."""
    was = values.was if isinstance(values.was, Mapping) else {}
    found = refer(session, part.parts, row, was, values.value)
    row.update(found.rows)
    return {**members, **{(name,): value for name, value in found.body.items()}}


def write_items(session: Session, owner: Owning, part: Part, values: Values) -> Change:
    """Each item has a row: the one that says the same, else one that no item has any more, in their order.

    An item that stood aside whole and is as it was goes on to. The rows that are left over go.
    """
    change, key = Change(part), part.filled or ()
    former: dict[Any, Any] = {get(item, key): item for item in values.was or ()}
    items = list(values.value or ())
    rows = [dict(row) for row in counted(part, owner.rows(part.rows))]
    shown = {row["uuid"]: item_of(part, row, session.deployment.links) for row in rows}
    free = [row for row in rows if shown[row["uuid"]] is not MISSING]
    known_by = {row["uuid"]: get(shown[row["uuid"]], key) for row in free}
    taken: list[Row | None] = []
    for item in items:
        row = next((each for each in free if known_by[each["uuid"]] == get(item, key)), None)
        taken.append(row)
        free = [each for each in free if each is not row]
    for item, same in zip(items, taken, strict=True):
        row = same or (free.pop(0) if free and get(item, key) not in former else None)
        if row is None and get(item, key) in former:
            continue
        before = former.get(known_by[row["uuid"]], MISSING) if row else MISSING
        change.add(_own(session, owner, part, row, Values(before, item)))
    for row in free:
        change.add(_own(session, owner, part, row, Values(MISSING, None)))
    return change


# rows that more records share


def _shared(session: Session, known: Known, part: Part, row: Row | None, value: Any) -> Change:
    """Only the link is made and removed; a row that is there is never changed."""
    change = Change(part)
    key = part.rows.shared or ()
    wanted = get(value, key) if filled(value) else MISSING
    if row is not None and filled(wanted):
        item = item_of(part, row, session.deployment.links)
        if item is not MISSING and get(item, key) == wanted:
            return change
    found = found_or_made(session, part, value) if filled(wanted) else None
    links = _links(session, known, part, row) if row is not None else []
    link: Row = {}
    if found is not None:
        put(link, _target(session, known, part), {"uuid": found["uuid"]})
        path = f"{part.rows.via}/{links[0]['uuid']}" if links else part.rows.via
        if not links:
            put(link, part.rows.reference, {"uuid": known.uuid})
        if sent(session, part, path, link, links[0] if links else None):
            change.now.append(found)
            links = links[1:]
    change.deletes += [f"{part.rows.via}/{each['uuid']}" for each in links]
    if row is not None:
        change.gone.add(row["uuid"])
    return change


def _target(session: Session, known: Known, part: Part) -> tuple[str, ...]:
    return session.deployment.offers.taken(known.it.left.name, part.rows)


def _links(session: Session, known: Known, part: Part, row: Row) -> list[Row]:
    """The links between a record and a row that it shares."""
    offers = session.deployment.offers
    ends = ((part.rows.reference, known.uuid), (_target(session, known, part), row["uuid"]))
    named = [(offers.parameter(part.rows.via, path), uuid) for path, uuid in ends]
    params = tuple((name, uuid) for name, uuid in named if name is not None)
    return session.all_rows(part.rows.via, params)
