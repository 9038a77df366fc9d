"""Write the parts of an old record: rows of other resources that are made, changed or removed for its values.

What the new API refuses of a row is no error: the value stands aside. A row that held the earlier value goes,
since a stale one must not stay for others to see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.correspondence.model import GIVEN, Pair, Part
from adapter.correspondence.rows import counted, item_of
from adapter.correspondence.translating import sources, written
from adapter.engine.transaction.steps import Refused
from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.paths import MISSING, copied, filled, get, put
from adapter.reverse.known import Known
from adapter.reverse.session import Session

Row = dict[str, Any]
Members = dict[tuple[str, ...], Any]


@dataclass(frozen=True, slots=True)
class Values:
    """What a part is to say, and what it said as it was served; MISSING when that is not known."""

    was: Any
    value: Any


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
        return _items(session, known, part, values)
    row = rows[0] if rows else None
    if part.rows.shared:
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
                change.now += _sent(session, part, f"{part.rows.resource}/{row['uuid']}", body, row)
    return change


# rows that belong to one record


def _own(session: Session, known: Known, part: Part, row: Row | None, values: Values) -> Change:
    change = Change(part)
    members = _members(session, part, values if row is not None else Values(MISSING, values.value))
    if row is None:
        if members and part.rows.makeable:
            change.now = _sent(session, part, part.rows.resource, _made(known, part, members))
        return change
    path = f"{part.rows.resource}/{row['uuid']}"
    if members is not None:
        body = _differing(part, row, members)
        change.now = _sent(session, part, path, body, row) if body else [row]
    if not change.now:
        change.deletes.append(path)
        change.gone.add(row["uuid"])
    return change


def _items(session: Session, known: Known, part: Part, values: Values) -> Change:
    """Each item has a row: the one that says the same, else one that no item has any more, in their order.

    An item that stood aside whole and is as it was goes on to. The rows that are left over go.
    """
    change, key = Change(part), part.filled or ()
    former: dict[Any, Any] = {get(item, key): item for item in values.was or ()}
    items = list(values.value or ())
    rows = [dict(row) for row in counted(part, known.rows(part.rows))]
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
        change.add(_own(session, known, part, row, Values(before, item)))
    for row in free:
        change.add(_own(session, known, part, row, Values(MISSING, None)))
    return change


def _members(session: Session, part: Part, values: Values) -> Members | None:
    """The members of a row for a value, of those that differ from what it was; None when no row can say it.

    Of two values for one member the more telling goes: one that is not false.
    """
    was, value = values.was, values.value
    if not filled(value) or (part.filled is not None and not filled(get(value, part.filled))):
        return None
    found: Members = {}
    for pair in part.pairs:
        if pair.read_only or _unchanged(pair, was, value):
            continue
        try:
            member = written(pair, "left", value, session.deployment.links)
        except DoesNotFit:
            session.deployment.counts.add(f"aside.{part.rows.resource}")
            return None
        if member is MISSING and was is not MISSING and not pair.conversions:
            member = session.deployment.offers.blank(part.rows.resource, pair.left)
        if member is not MISSING and (pair.left not in found or get(value, pair.right)):
            found[pair.left] = member
    return found


def _unchanged(pair: Pair, was: Any, value: Any) -> bool:
    return was is not MISSING and all(get(was, path) == get(value, path) for path in sources(pair, "right"))


def _made(known: Known, part: Part, members: Mapping[tuple[str, ...], Any]) -> Row:
    body: Row = {}
    for path, value in (*part.rows.make, *part.rows.where):
        if value not in (GIVEN, None):
            put(body, path, value)
    for path, value in members.items():
        put(body, path, value)
    if not part.rows.via:
        put(body, part.rows.reference, {"uuid": known.uuid})
    return body


def _differing(part: Part, row: Row, members: Mapping[tuple[str, ...], Any]) -> Row:
    """What to change in a row, groups whole, with what a change resets."""
    body: Row = {}
    for path, value in members.items():
        if not _says(get(row, path), value):
            if len(path) > 1 and path[0] not in body:
                body[path[0]] = copied(row.get(path[0]) or {})
            put(body, path, value)
    if body:
        for path, value in part.rows.on_change:
            put(body, path, value)
    return body


def _says(value: Any, wanted: Any) -> bool:
    if isinstance(value, Mapping) and isinstance(wanted, Mapping):
        return value.get("uuid") == wanted.get("uuid")
    return bool(value == wanted)


# rows that more records share


def _shared(session: Session, known: Known, part: Part, row: Row | None, value: Any) -> Change:
    """Only the link is made and removed; a row that is there is never changed."""
    change = Change(part)
    key = (part.rows.shared,)
    wanted = get(value, key) if filled(value) else MISSING
    if row is not None and filled(wanted):
        item = item_of(part, row, session.deployment.links)
        if item is not MISSING and get(item, key) == wanted:
            return change
    found = _found_or_made(session, known, part, value) if filled(wanted) else None
    links = _links(session, known, part, row) if row is not None else []
    link: Row = {}
    if found is not None:
        put(link, _target(session, known, part), {"uuid": found["uuid"]})
        path = f"{part.rows.via}/{links[0]['uuid']}" if links else part.rows.via
        if not links:
            put(link, part.rows.reference, {"uuid": known.uuid})
        if _sent(session, part, path, link, links[0] if links else None):
            change.now.append(found)
            links = links[1:]
    change.deletes += [f"{part.rows.via}/{each['uuid']}" for each in links]
    if row is not None:
        change.gone.add(row["uuid"])
    return change


def _found_or_made(session: Session, known: Known, part: Part, value: Any) -> Row | None:
    members = _members(session, part, Values(MISSING, value))
    if not members:
        return None
    key = next(pair.left for pair in part.pairs if pair.right == (part.rows.shared,))
    offers, params = session.deployment.offers, []
    for path, wanted in (*part.rows.make, *part.rows.where, (key, members[key])):
        name = offers.parameter(part.rows.resource, path)
        if name is not None and isinstance(wanted, str):
            params.append((name, wanted))
    session.alone_with(f"{part.rows.resource} {members[key]}")
    _, rows = session.rows(part.rows.resource, tuple(params))
    if rows:
        return rows[-1]
    made = _sent(session, part, part.rows.resource, _made(known, part, members))
    return made[0] if made else None


def _target(session: Session, known: Known, part: Part) -> tuple[str, ...]:
    return session.deployment.offers.taken(known.it.left.name, part.rows)


def _links(session: Session, known: Known, part: Part, row: Row) -> list[Row]:
    """The links between a record and a row that it shares."""
    offers = session.deployment.offers
    ends = ((part.rows.reference, known.uuid), (_target(session, known, part), row["uuid"]))
    named = [(offers.parameter(part.rows.via, path), uuid) for path, uuid in ends]
    params = tuple((name, uuid) for name, uuid in named if name is not None)
    return session.all_rows(part.rows.via, params)


# calls


def _sent(session: Session, part: Part, path: str, body: Row, former: Row | None = None) -> list[Row]:
    """The row after a write; none when the new API refuses it, which is counted. `former`: as it was."""
    try:
        return [session.patch(path, body, former) if former else session.post(path, body)]
    except Refused:
        session.deployment.counts.add(f"aside.{part.rows.resource}")
        return []
