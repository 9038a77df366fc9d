"""Rows that neither stand in a record nor refer to it: read apart, and put into it under their key.

Those that the record refers to in a list of its own, and those that hang on another record that it refers to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from adapter.correspondence.model import Correspondence, Part, Rows
from adapter.engine.gateway import answers
from adapter.mapping.paths import get
from adapter.reverse.deployment import Deployment
from adapter.reverse.known import EXPANDED
from adapter.reverse.offers import EXPAND
from adapter.reverse.paging import PAGE, Params, paging

Row = dict[str, Any]
# A record of a resource by its uuid, or the rows of one that refer by a member to another: its uuid.
Asked = tuple[str, tuple[str, ...], str]


class Reader(Protocol):
    """What is asked of a session; `far` has what was read, until something is written."""

    deployment: Deployment
    far: dict[Asked, list[Row]]

    def rows(self, resource: str, params: Params) -> tuple[int, list[Row]]: ...

    def all_rows(self, resource: str, params: Params) -> list[Row]: ...


def join(session: Reader, it: Correspondence, records: Iterable[Row]) -> None:
    """Put the rows of parts that are far into records that do not have them yet, read in one round."""
    places = [place for record in records for place in _places(session, it.left.name, it.parts, record)]
    asked = list(dict.fromkeys(each for _, part, record in places for each in _asked(part.rows, record)))
    new = [each for each in asked if each not in session.far]
    parts = {each: part for _, part, record in places for each in _asked(part.rows, record)}
    found = session.deployment.together([partial(_read, session, each, parts[each]) for each in new])
    session.far.update(zip(new, found, strict=True))
    for key, part, record in places:
        rows = [row for each in _asked(part.rows, record) for row in session.far[each]]
        record[key] = [dict(row) for row in rows]


def _places(
    session: Reader, resource: str, parts: Sequence[Part], record: Row
) -> Iterator[tuple[str, Part, Row]]:
    """Where rows are to be put: the key, the part, the record that gets them."""
    for part in parts:
        if part.rows.far and part.rows.key not in record:
            yield part.rows.key, part, record
        if any(below.rows.far for below in part.parts) and not part.rows.far:
            name = session.deployment.offers.related(resource, part.rows)
            for row in (record.get(EXPANDED) or {}).get(name) or ():
                yield from _places(session, part.rows.resource, part.parts, row)


def _asked(rows: Rows, record: Mapping[str, Any]) -> list[Asked]:
    if rows.through:
        uuid = get(record, (*rows.through, "uuid"))
        return [(rows.resource, rows.reference, uuid)] if isinstance(uuid, str) else []
    listed = get(record, rows.own) or ()
    return [(rows.resource, (), each["uuid"]) for each in listed if each]


def _read(session: Reader, asked: Asked, part: Part) -> list[Row]:
    resource, reference, uuid = asked
    offers, register = session.deployment.offers, session.deployment.register
    if not reference:
        answer = register.call("GET", f"{resource}/{uuid}")
        return [] if answer.status == 404 else [dict(answers.record(answer, register.name))]
    parameter = offers.parameter(resource, reference)
    assert parameter is not None
    names = ",".join(name for _, name in _below(session, part))
    along: Params = ((EXPAND, names),) if names else ()
    rows = session.all_rows(resource, ((parameter, uuid), *along))
    # lists have the newest first
    return [with_below(session, part, row) for row in reversed(rows)]


def _below(session: Reader, part: Part) -> list[tuple[Part, str]]:
    """The parts of an item of which the rows come along with the item's row, and under which name."""
    shown = ((each, session.deployment.offers.shown(part.rows.resource, each.rows)) for each in part.parts)
    return [(each, found.name) for each, found in shown if found is not None]


def with_below(session: Reader, part: Part, row: Row) -> Row:
    """A row with the rows of its own parts, that came along, under their key."""
    came = row.get(EXPANDED) or {}
    return {**row, **{each.rows.key: list(came.get(name) or ()) for each, name in _below(session, part)}}


def whole(session: Reader, part: Part, row: Row) -> Row:
    """A row with the rows of its own parts, which are read when it came without them."""
    names = [name for each, name in _below(session, part) if each.rows.key not in row]
    if not names:
        return row
    register = session.deployment.register
    answer = register.call("GET", f"{part.rows.resource}/{row['uuid']}", params=((EXPAND, ",".join(names)),))
    found = {} if answer.status == 404 else dict(answers.record(answer, register.name))
    return {**with_below(session, part, found), **row}


# lists


def through(it: Correspondence) -> Part | None:
    """The part of which the rows hang on another record: a list of such records has all rows along."""
    return next((part for part in it.parts if part.rows.through), None)


def listed(
    session: Reader, it: Correspondence, part: Part, params: Params
) -> Iterator[tuple[int, list[Row]]]:
    """The new records, page by page, through those that they refer to, with the rows that hang on these.

    With each page, how many records there are on which they hang.
    """
    offers = session.deployment.offers
    owner = offers.target(it.left.name, part.rows.through)
    name = offers.relation(owner, it.left.name, part.rows.through)
    rows = offers.relation(owner, part.rows.resource, part.rows.reference)
    names = [name, rows, *(f"{rows}.{below}" for _, below in _below(session, part))]
    asked = [(EXPAND, ",".join(names)), ("pageSize", str(PAGE)), *params]
    if (given := offers.existing(owner, name)) is not None:
        asked.append((given, "true"))
    number, seen = 1, 0
    while True:
        count, owners = session.rows(owner, (*asked, *paging(number)))
        seen += len(owners)
        yield count, [each for one in owners for each in _of(session, part, one, name, rows)]
        if not owners or seen >= count:
            return
        number += 1


def _of(session: Reader, part: Part, owner: Row, name: str, rows: str) -> Iterator[Row]:
    came = owner.get(EXPANDED) or {}
    hanging = [with_below(session, part, row) for row in came.get(rows) or ()]
    for record in came.get(name) or ():
        yield {**record, part.rows.key: [dict(each) for each in hanging]}
