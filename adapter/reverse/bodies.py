"""What is written into a new record for an old one: only what differs from what was read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from adapter.correspondence.converting import Links
from adapter.correspondence.model import GIVEN, Correspondence, FirstLine, Pair, Reference, Told
from adapter.correspondence.rows import worded
from adapter.correspondence.translating import counts, filling, sources, written
from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.paths import MISSING, Path, copied, filled, get, put
from adapter.reverse.matching import value_to_left
from adapter.reverse.offers import Offers
from adapter.reverse.session import Session

Record = Mapping[str, Any]


def created(session: Session, it: Correspondence, data: Record) -> dict[str, Any]:
    """The body that makes the new record of an old one."""
    body: dict[str, Any] = {}
    links = session.deployment.links
    for path, value in (*it.left.where, *it.left_means):
        if value not in (GIVEN, None):
            put(body, path, value)
    for pair in it.pairs:
        if counts(pair, body, "left") and not pair.read_only:
            value = fitting(pair, data, links)
            if filled(value):
                put(body, pair.left, value)
    for path, filler in it.left_fill:
        if not filled(get(body, path)):
            value = told(session, it, filler, data) if isinstance(filler, Told) else filling(filler, body, "")
            if value is not MISSING:
                put(body, path, value)
    return body


def changed(
    session: Session, it: Correspondence, record: Record, was: Record, data: Record
) -> dict[str, Any]:
    """The body that changes a new record so that it says what an old one is to say; {} when it does.

    record: the new record. was: the old record as it was served; data: as it is to be. A group is sent whole.
    """
    deployment = session.deployment
    body: dict[str, Any] = {}
    for pair in it.pairs:
        if pair.frozen == "right" or pair.read_only or not counts(pair, record, "left"):
            continue
        if all(_same(get(was, path), get(data, path)) for path in sources(pair, "right")):
            continue
        value = fitting(pair, data, deployment.links)
        if not filled(value):
            value = emptied(it, pair, {**record, **body}, deployment.offers)
        if not _same(_plain(pair, get(record, pair.left)), value):
            _put_whole(body, record, pair, value)
    for path, filler in it.left_fill:
        said = any(pair.left == path and filled(get(data, pair.right)) for pair in it.pairs)
        if isinstance(filler, FirstLine) and path[0] not in body and not said:
            _follow(body, record, path, filler)
    return body


def fitting(pair: Pair, data: Record, links: Links) -> Any:
    """What is written for a pair; MISSING when the new record cannot hold what the old one says."""
    try:
        return written(pair, "left", data, links)
    except DoesNotFit:
        return MISSING


def emptied(it: Correspondence, pair: Pair, record: Record, offers: Offers) -> Any:
    """What is written into a new record where nothing is to stand: the member's filler, else its blank."""
    for path, filler in it.left_fill:
        if path == pair.left and not isinstance(filler, Told):
            return filling(filler, record, "")
    return offers.blank(it.left.name, pair.left)


def told(session: Session, it: Correspondence, filler: Told, data: Record) -> Any:
    """What the record to which an old one refers tells; MISSING when there is no such record."""
    pair = next(each for each in it.pairs if each.right == filler.of)
    (reference,) = [each for each in pair.conversions if isinstance(each, Reference)]
    other = session.deployment.correspondences[reference.collection.rpartition("/")[2]]
    value = get(data, filler.of)
    uuid = value_to_left(pair, value, session.deployment.links) if isinstance(value, str) else None
    known = session.get(other, uuid) if isinstance(uuid, str) else None
    return worded(filler.words, get(known.served(), filler.at)) if known else MISSING


def without(body: Record, record: Record, refused: Collection[str]) -> dict[str, Any]:
    """A body without the members that were refused, by their dotted names: they stay as they are."""
    left: dict[str, Any] = copied(dict(body))
    for name in refused:
        path = tuple(name.split("."))
        while path and get(left, path) is MISSING:
            path = path[:-1]
        if not path:
            continue
        before = get(record, path)
        group = get(left, path[:-1])
        if len(path) > 1 and before is not MISSING:
            group[path[-1]] = before
        else:
            del group[path[-1]]
    return left


def _put_whole(body: dict[str, Any], record: Record, pair: Pair, value: Any) -> None:
    """Put a value into a body; its group comes whole, with the member that says what kind it is."""
    top = pair.left[0]
    if len(pair.left) > 1 and top not in body:
        body[top] = copied(record.get(top) or {})
    for when in pair.when:
        put(body, when.path, get(record, when.path))
    put(body, pair.left, value)


def _follow(body: dict[str, Any], record: Record, path: Path, filler: FirstLine) -> None:
    """A first line that we filled in follows the text of which it is the first."""
    after = filling(filler, {**record, **body}, "")
    if get(record, path) == filling(filler, record, "") != after:
        put(body, path, after)


def _plain(pair: Pair, value: Any) -> Any:
    """A reference as it is written: with its uuid alone."""
    is_reference = any(isinstance(each, Reference) and each.left == "group" for each in pair.conversions)
    return {"uuid": value.get("uuid")} if is_reference and isinstance(value, Mapping) else value


def _same(one: Any, other: Any) -> bool:
    return one == other or not (filled(one) or filled(other))
