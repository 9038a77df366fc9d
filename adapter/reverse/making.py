"""Make and change a row of a part: what it is given for a value, as far as the new API takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from adapter.correspondence.model import GIVEN, Pair, Part, Rows
from adapter.correspondence.translating import counts, sources, written
from adapter.engine.transaction.steps import Refused
from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.paths import MISSING, copied, filled, get, put
from adapter.reverse.session import Session

Row = dict[str, Any]
Members = dict[tuple[str, ...], Any]


class Owning(Protocol):
    """What rows hang on."""

    @property
    def uuid(self) -> str: ...

    def rows(self, rows: Rows, /) -> Sequence[Row]: ...


@dataclass(frozen=True, slots=True)
class Owner:
    """A row on which other rows hang, by the key of their part."""

    uuid: str
    below: Mapping[str, list[Row]] = field(default_factory=dict)

    def rows(self, rows: Rows, /) -> list[Row]:
        """The rows of a part."""
        return self.below.get(rows.key, [])


@dataclass(frozen=True, slots=True)
class Values:
    """What a part is to say, and what it said as it was served; MISSING when that is not known."""

    was: Any
    value: Any


def members_of(session: Session, part: Part, values: Values) -> Members | None:
    """The members of a row for a value, of those that differ from what it was; None when no row can say it.

    Of two values for one member the more telling goes: one that is not false.
    """
    was, value = values.was, values.value
    if not filled(value) or (part.filled is not None and not filled(get(value, part.filled))):
        return None
    found: Members = {}
    for pair in part.pairs:
        if pair.read_only or not counts(pair, value, "right") or _unchanged(pair, was, value):
            continue
        try:
            member = written(pair, "left", value, session.deployment.links)
        except DoesNotFit:
            session.deployment.counts.add(f"aside.{part.rows.resource}")
            if pair.right in ((), part.filled):
                return None
            member = MISSING
        if member is MISSING and was is not MISSING and not pair.conversions:
            member = session.deployment.offers.blank(part.rows.resource, pair.left)
        if member is not MISSING and (pair.left not in found or get(value, pair.right)):
            found[pair.left] = member
            found |= {other: member for other in pair.left_others if other not in found}
    return found


def _unchanged(pair: Pair, was: Any, value: Any) -> bool:
    return was is not MISSING and all(get(was, path) == get(value, path) for path in sources(pair, "right"))


def _body(owner: Owning | None, part: Part, members: Mapping[tuple[str, ...], Any]) -> Row:
    body: Row = {}
    for path, value in (*part.rows.make, *(each for each in part.rows.where if each[1] is not None)):
        if value != GIVEN:
            put(body, path, value)
    for path, value in members.items():
        put(body, path, value)
    if owner is not None:
        put(body, part.rows.reference, {"uuid": owner.uuid})
    return body


def differing(part: Part, row: Row, members: Mapping[tuple[str, ...], Any]) -> Row:
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


def write_row(
    session: Session, owner: Owning, part: Part, row: Row | None, members: Members | None
) -> list[Row]:
    """The row once it has these members; none when there is none that has.

    row: the one that is there; without one it is made, when the part says that this side can.
    """
    path = part.rows.resource
    if row is not None:
        body = differing(part, row, members) if members is not None else {}
        return sent(session, part, f"{path}/{row['uuid']}", body, row) if body else [row]
    if members is None or not part.rows.makeable:
        return []
    body = _body(owner, part, members)
    made = sent(session, part, path, body)
    if not made and part.rows.refused:
        for member, value in part.rows.refused:
            put(body, member, value)
        made = sent(session, part, path, body)
    return made


def found_or_made(session: Session, part: Part, value: Any) -> Row | None:
    """The row that is known by the key of a value, found before it is made; None when none can be."""
    members = members_of(session, part, Values(MISSING, value))
    if not members:
        return None
    key = next(pair.left for pair in part.pairs if pair.right == part.rows.shared)
    offers, params = session.deployment.offers, []
    if key not in members:
        return None
    said = {**dict(part.rows.make), **members, **dict(part.rows.where)}
    compared = {path for path, _ in (*part.rows.make, *part.rows.where)} | {key}
    for path, wanted in ((path, said[path]) for path in said if path in compared):
        name = offers.parameter(part.rows.resource, path)
        if name is not None and isinstance(wanted, str):
            params.append((name, wanted))
    session.alone_with(f"{part.rows.resource} {members[key]}")
    _, rows = session.rows(part.rows.resource, tuple(params))
    if rows:
        return rows[-1]
    made = sent(session, part, part.rows.resource, _body(None, part, members))
    return made[0] if made else None


# calls


def sent(session: Session, part: Part, path: str, body: Row, former: Row | None = None) -> list[Row]:
    """The row after a write; none when the new API refuses it, which is counted. `former`: as it was."""
    try:
        return [session.patch(path, body, former) if former else session.post(path, body)]
    except Refused:
        session.deployment.counts.add(f"aside.{part.rows.resource}")
        return []
