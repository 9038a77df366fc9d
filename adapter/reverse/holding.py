"""Old records whose reading another write can change: a write keeps what they serve.

A part of X over resource Y means that a write of the correspondence over Y can change how X reads, besides
what it is about itself: before it X is read, after it what X served is put aside on its new basis.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.correspondence.converting import Links
from adapter.correspondence.model import GIVEN, Correspondence, Pair, Part, Reference, Rows
from adapter.mapping.paths import Path, filled, get
from adapter.reverse.known import Known
from adapter.reverse.matching import value_to_left
from adapter.reverse.session import Session

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Holder:
    """A correspondence of which a part reads the rows that another writes; `pair` of that one leads there."""

    it: Correspondence
    part: Part
    pair: Pair

    def owner(self, record: Record, links: Links) -> str | None:
        """The uuid of the record to which that of the other correspondence leads; None when to none."""
        value = get(record, self.pair.right)
        found = value_to_left(self.pair, value, links) if isinstance(value, str) else None
        return found if isinstance(found, str) else None


@dataclass(frozen=True, slots=True)
class Held:
    """A record that is held, and what it served before the write."""

    holder: Holder
    known: Known
    was: Record


def holders(
    session: Session, it: Correspondence, records: Sequence[Record] = (), *, made: bool = False
) -> list[Holder]:
    """What a write of the correspondence concerns besides its own record.

    records: the old record before and after the write; without both, all that any write concerns.
    made: whether it is a new one: others of the same collection may read what it makes.
    """
    return [
        Holder(other, part, pair)
        for other in session.deployment.correspondences.values()
        for part in other.parts
        for member in _written(it, part, records, made=made)
        for pair in it.pairs
        if pair.left == member and (other is not it or (made and part.rows.through))
    ]


def _written(it: Correspondence, part: Part, records: Sequence[Record], *, made: bool) -> Iterator[Path]:
    """The members by which a new record leads to what has the rows of a part that a write of it makes.

    It is such a row itself, or such rows hang on what it refers to and the write does not leave them alone.
    """
    if part.rows.resource == it.left.name and not _apart(part.rows.where, it.left.where):
        yield part.rows.reference
    for own in it.parts:
        same = own.rows.through and same_rows(own.rows, part.rows) and (made or not part.rows.through)
        if same and not (len(records) > 1 and unchanged(own, *records)):
            yield own.rows.through


def unchanged(part: Part, before: Record, after: Record) -> bool:
    """Whether two old records say the same by a part; what is empty says what is absent says."""
    one, other = get(before, part.path), get(after, part.path)
    return bool(one == other) or not (one or other)


def same_rows(one: Rows, other: Rows) -> bool:
    """Whether the rows are of one resource and refer by the same member."""
    return one.resource == other.resource and one.reference == other.reference


def _apart(one: Iterable[tuple[Any, Any]], other: Iterable[tuple[Any, Any]]) -> bool:
    """Whether no row is like both."""
    others = dict(other)
    return any(path in others and {value, others[path]} == {GIVEN, None} for path, value in one)


def held(
    session: Session, it: Correspondence, records: Sequence[Record], *, made: bool = False
) -> list[Held]:
    """What the write of these records, before and after, must leave as it reads. Takes their locks.

    made: whether the record is a new one, which changes nothing of what reads the oldest rows of another,
        when there are any.
    """
    found: dict[tuple[str, str, tuple[str, ...]], Held] = {}
    # those on which rows hang first: what is known of them tells whether others read these
    concerned = holders(session, it, records, made=made)
    for holder in sorted(concerned, key=lambda each: bool(each.part.rows.through)):
        owners = (holder.owner(record, session.deployment.links) for record in records)
        uuids = {uuid for uuid in owners if uuid is not None}
        if holder.part.rows.through:
            owners_of = [each for each in uuids if not (made and _has_rows(session, holder.part, each))]
            uuids = _through(session, holder, owners_of)
        session.alone_with(*(f"{holder.it.right.name}/{uuid}" for uuid in uuids))
        for known in session.many(holder.it, sorted(uuids)):
            key = (holder.it.name, known.uuid, holder.part.path)
            found[key] = Held(holder, known, known.served())
    return list(found.values())


def _through(session: Session, holder: Holder, owners: Iterable[str]) -> set[str]:
    """The uuids of the records that read rows of these: the owners say them, or they are asked for."""
    offers, resource, through = session.deployment.offers, holder.it.left.name, holder.part.rows.through
    name = offers.parameter(resource, through)
    target = offers.target(resource, through)
    shown = offers.relation(target, resource, through)
    found: set[str] = set()
    for owner in owners:
        said = [each.record[shown] for each in _known(session, target, owner) if shown in each.record]
        rows = said[0] if said else session.all_rows(resource, ((name, owner),)) if name else ()
        found |= {str(row["uuid"]) for row in rows or ()}
    return found


def _known(session: Session, resource: str, uuid: str) -> list[Known]:
    """A new record as far as this request has read it, by each correspondence of its resource."""
    found = (session.known(it, uuid) for it in session.deployment.of_resource(resource))
    return [each for each in found if each is not None]


def _has_rows(session: Session, part: Part, owner: str) -> bool:
    """Whether it is known that rows of a part hang on a record already."""
    return any(
        each.rows(other.rows)
        for it in session.deployment.correspondences.values()
        for other in it.parts
        if same_rows(other.rows, part.rows) and not other.rows.through
        for each in [session.known(it, owner)]
        if each is not None
    )


def owners(it: Correspondence, data: Record) -> tuple[str, ...]:
    """The uuids of the records that take a new record along when they are deleted: those it refers to."""
    found = [
        uuid
        for pair in it.pairs
        if any(isinstance(each, Reference) and each.left == "group" for each in pair.conversions)
        if filled(uuid := get(data, (*pair.left, "uuid")))
    ]
    return tuple(map(str, found))
