"""Write rows that hang on another record, to which an old one refers.

They belong to that one: they are changed only while no other old record says something by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.correspondence.model import Correspondence, Part, Reference
from adapter.correspondence.rows import counted, item_of, meets
from adapter.mapping.paths import MISSING, filled, get
from adapter.reverse.asides import Aside
from adapter.reverse.holding import owners
from adapter.reverse.known import Known
from adapter.reverse.making import Owner, Row, Values, members_of, write_row
from adapter.reverse.parts import Change, write_items
from adapter.reverse.session import Session

Record = Mapping[str, Any]


def write_through(session: Session, known: Known, part: Part, values: Values) -> Change:
    """Make a row of the other record say the value, as far as that is this record's to say."""
    rows = [dict(row) for row in counted(part, known.rows(part.rows))]
    owner = str(get(known.record, (*part.rows.through, "uuid")))
    row = rows[0] if rows else None
    if values.was is MISSING:
        row = _adopted(session, part, rows, values.value)
        if row is None:
            return _made(session, known, part, owner, values.value)
        values = Values(
            item_of(part, row, session.deployment.links), _blanks(part, session, row, values.value)
        )
    if row is None or not _alone(session, known, part, owner):
        return Change(part)
    return _changed(session, part, row, _own_members(session, part, row, values))


def _adopted(session: Session, part: Part, rows: list[Row], value: Any) -> Row | None:
    """The row that says the same member by which one is taken over."""
    wanted = get(value, part.rows.adopted) if part.rows.adopted else MISSING
    links = session.deployment.links
    same = (row for row in rows if get(item_of(part, row, links), part.rows.adopted) == wanted)
    return next(same, None) if filled(wanted) else None


def _blanks(part: Part, session: Session, row: Row, value: Any) -> Any:
    """What the row says, and of the value what it says nothing of."""
    said = item_of(part, row, session.deployment.links)
    return _over(value, said if isinstance(said, Mapping) else {})


def _over(value: Any, said: Any) -> Any:
    if not isinstance(value, Mapping) or not isinstance(said, Mapping):
        return said if filled(said) else value
    return {name: _over(value.get(name), said.get(name)) for name in {**value, **said}}


def _made(session: Session, known: Known, part: Part, owner: str, value: Any) -> Change:
    change, members = Change(part), members_of(session, part, Values(MISSING, value))
    below = any(filled(get(value, each.path)) for each in part.parts)
    if members or (members is not None and below):
        change.now = write_row(session, Owner(owner), part, None, members)
    for row in change.now:
        _mark(session, known, part, row)
        _below(session, part, row, Values(MISSING, value))
    return change


def _mark(session: Session, known: Known, part: Part, row: Row) -> None:
    """Note that a row was made for this record: older clients have no record of their own of it yet."""
    for it in of_row(session, part, row):
        aside = Aside(it.right.name, row["uuid"], "", owners(it, row), known.it.right.name)
        session.deployment.shelf.put(session.calls, aside, None)


def of_row(session: Session, part: Part, row: Row) -> list[Correspondence]:
    """The correspondences of which a row of a part is a new record."""
    found = session.deployment.of_resource(part.rows.resource)
    return [it for it in found if meets(row, it.left.where)]


def _alone(session: Session, known: Known, part: Part, owner: str) -> bool:
    """Whether this is the only record that says something by the rows of the other one."""
    resource = known.it.left.name
    name = session.deployment.offers.parameter(resource, part.rows.through)
    return name is not None and session.rows(resource, ((name, owner), ("pageSize", "2")))[0] < 2


def _own_members(session: Session, part: Part, row: Row, values: Values) -> Values:
    """The values without members that another old record says by the same row: those stay as they are."""
    paths = {pair.left for it in of_row(session, part, row) for pair in it.pairs}
    shared = [pair.right for pair in part.pairs if pair.left in paths]
    value = {**values.value} if isinstance(values.value, Mapping) else values.value
    for path in shared:
        value.pop(path[0], None)
        if (said := get(values.was, path)) is not MISSING:
            value[path[0]] = said
    return Values(values.was, value)


def _changed(session: Session, part: Part, row: Row, values: Values) -> Change:
    change = Change(part)
    members = members_of(session, part, values)
    for each in write_row(session, Owner(row["uuid"]), part, row, members) or [row]:
        now = {**row, **each}
        _below(session, part, now, values)
        change.now.append(now)
    return change


def _below(session: Session, part: Part, row: Row, values: Values) -> None:
    """Make the rows that hang on a row say their items; deletes are left for the end."""
    for each in part.parts:
        before, value = get(values.was, each.path), get(values.value, each.path)
        if each.rows.far or before == value:
            continue
        owner = Owner(row["uuid"], {each.rows.key: list(row.get(each.rows.key) or ())})
        change = write_items(session, owner, each, Values(before or None, value))
        for path in change.deletes:
            session.delete_at_end(path)
        row[each.rows.key] = change.applied(owner.rows(each.rows))


def claimed(session: Session, it: Correspondence, body: Record, rows: list[Row]) -> Known | None:
    """What was made for another record and refers to what one that is to be made does: it is that one now."""
    refer = [
        pair.left
        for pair in it.pairs
        if any(isinstance(each, Reference) and each.left == "group" for each in pair.conversions)
    ]
    for row in rows if refer else ():
        same = all(get(row, (*path, "uuid")) == get(body, (*path, "uuid")) for path in refer)
        if not same or not meets(row, it.left.where):
            continue
        aside = session.deployment.shelf.many(it.right.name, [row["uuid"]]).get(row["uuid"])
        if aside is not None and aside.made_for:
            return session.keep(Known(session.deployment, it, dict(row), aside))
    return None
