"""What still can be done with a contact of which the record is made: nothing changes in that any more.

What the record does not say can be added and changed beside it, and a link can be made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from adapter.configuration.gathering import BESIDE, Afterwards
from adapter.correspondence.gathered import Gathered
from adapter.correspondence.leaves import leaves
from adapter.counts import Counts
from adapter.errors import Forbidden, RegisterUnavailable
from adapter.gathering.answering import STAYS as UNCHANGED
from adapter.gathering.answering import is_answer
from adapter.gathering.kept import Piece
from adapter.gathering.ports import Body, Composer, Link, NotSent, Objects, Refused, Unanswered
from adapter.gathering.reading import Reading
from adapter.gathering.refusals import Waits, immutable, late, only_one
from adapter.gathering.slots import NAMED
from adapter.mapping.paths import MISSING, get
from adapter.mapping.references import uuid_at_end
from adapter.registers.messages import Answer

STAYS = "Dit staat in het register en kan hier niet verwijderd worden."


@dataclass(frozen=True, slots=True)
class Late:
    """The contacts that are sent. Methods raise Invalid, Forbidden and RegisterUnavailable.

    afterwards: what is decided of each resource; what is kept beside a record by such a decision is counted.
    absent: by resource what its members are served as without a value. numbered: by resource the members that
    are given a number where a client sends none. searched: by collection of links the parameter that finds
    those of a contact, where there is one.
    """

    declared: Gathered
    reading: Reading
    objects: Objects
    composer: Composer
    counts: Counts
    afterwards: Mapping[str, Afterwards] = MappingProxyType({})
    absent: Mapping[str, Body] = field(default_factory=dict)
    numbered: Mapping[str, frozenset[str]] = field(default_factory=dict)
    searched: Mapping[str, str] = field(default_factory=dict)

    @property
    def pieces(self) -> frozenset[str]:
        """The resources that are pieces, that of the contact included."""
        return frozenset({self.declared.resource, *(each for each, _ in self.declared.pieces)})

    @property
    def linking(self) -> frozenset[str]:
        """The resources of which some have a link in the register."""
        return frozenset(each.resource for each in self.declared.links)

    def contact_of(self, resource: str, body: Mapping[str, Any]) -> str | None:
        """The contact, held or sent, of which a body would be a piece."""
        named = self.contact_named(resource, body)
        return None if named is None else self.reading.places.contact_of(named)

    def contact_named(self, resource: str, body: Mapping[str, Any]) -> str | None:
        """What a body refers to as the contact, or as another piece of it."""
        reference = dict(self.declared.pieces).get(resource)
        named = None if reference is None else get(body, (*reference, NAMED))
        return named if isinstance(named, str) else None

    def added(self, piece: Piece, kept: Callable[[], Answer]) -> Answer:
        """A new piece, which is `kept` as an object of its own, with its link."""
        contact = self.contact_of(piece.resource, piece.body)
        sent = None if contact is None else self.reading.sent(contact)
        if sent is None:
            answer = kept()
            if answer.status < 400:
                self.linked(piece)
            return answer
        record, pieces = sent
        if piece.resource in self.declared.single:
            one = any(each.resource == piece.resource for each in pieces)
            raise only_one(piece, self.declared) if one else late(piece, self.declared)
        if self._decided(piece).added != BESIDE:
            raise late(piece, self.declared)
        answer = kept()
        if answer.status < 400:
            self._make_links(piece, record.uuid)
        return answer

    def linked(self, piece: Piece) -> None:
        """Make the links of a piece that is kept as an object, should its record lack them."""
        for link in self._links(piece):
            self._link(link.collection, link.body)

    def _make_links(self, piece: Piece, record: str) -> None:
        for link in self.composer.links([piece], record):
            self._link(link.collection, link.body)

    def _links(self, piece: Piece) -> list[Link]:
        """The links of a piece of a contact that has a record, whoever made that; none while it is held."""
        named = self.contact_named(piece.resource, piece.body) if piece.resource in self.linking else None
        if named is None or self.reading.holds.of_piece(named) is not None:
            return []
        contact = self.reading.places.contact_of(named) or named
        return self.composer.links([piece], self.reading.aliases.records([contact])[contact])

    def there(self, resource: str, body: Mapping[str, Any]) -> str:
        """The uuid under which a link is served that a new piece would make, and an employee made already.

        "" when there is none, or a piece that says the same has that uuid.
        """
        for link in self._links(Piece("", resource, dict(body))):
            if link.collection in self.searched and (row := self._row(link)) is not None:
                uuid = str(row.get("url")).rpartition("/")[2]
                return "" if self.objects.has(uuid) else uuid
        return ""

    def _row(self, link: Link) -> Body | None:
        """What the register has of a link, in a collection that can be searched; None when it has none."""
        owner = next(rule.contact for rule in self.declared.links if rule.collection == link.collection)
        said = {name: value for name, value in link.body.items() if (name,) != owner}
        rows = self.reading.register.linked(
            link.collection, self.searched[link.collection], get(link.body, owner)
        )
        return next((row for row in rows if all(_is_same(row.get(it), said[it]) for it in said)), None)

    def _standing(self, links: Iterable[Link]) -> list[Link]:
        """Those of these links that the register has: one that it refused can be changed, and go.

        Where its links cannot be searched, each counts.
        """
        return [each for each in links if each.collection not in self.searched or self._row(each) is not None]

    def check_links(self, piece: Piece, body: dict[str, Any] | None) -> None:
        """Of what is no piece: raise Invalid for a change that takes a link away, Forbidden for a DELETE."""
        was = self._links(piece)
        after = [] if body is None else self._links(replace(piece, body=body))
        if was == after or not self._standing(was):
            return
        if body is None:
            raise Forbidden(STAYS)
        reference = dict(self.declared.pieces)[piece.resource]
        said = {pair.left for rule in self.declared.links for pair in rule.pairs}
        said |= {path for rule in self.declared.links for path, _ in rule.where}
        raise immutable(_among({reference, *said}, _differing(piece.body, body)))

    def _link(self, collection: str, body: dict[str, Any]) -> None:
        try:
            self.reading.register.link(collection, body, "")
        except Refused as refused:
            if not refused.conflict:
                self.counts.add(f"refused.{collection}")
        except (NotSent, Unanswered):
            raise RegisterUnavailable(collection.partition("/")[0]) from None

    def changed(self, piece: Piece, body: dict[str, Any]) -> None:
        """A piece that stands in the record, or beside it. Raises Invalid for what the record says."""
        contact = self.reading.places.contact_of(piece.uuid)
        if contact is not None and self.reading.holds.held(contact) is not None:
            # What its record says is not beside it yet.
            raise Waits(self.declared.collection.partition("/")[0])
        sent = None if contact is None else self.reading.sent(contact)
        if contact is None or sent is None:
            return
        if is_answer(self.declared, contact, piece):
            raise Forbidden(UNCHANGED)
        record, asides, after = sent[0], self.reading.asides, replace(piece, body=body)
        aside = self.reading.store.aside(contact, anew=True)
        said = asides.said(contact, record.content, aside, piece.uuid)
        before, linked = (self.composer.links([each], record.uuid) for each in (piece, after))
        was = self._standing(before)
        differ = _differing({**self.absent.get(piece.resource, {}), **piece.body}, body)
        names = _among(said, differ)
        # There is no way to take a link away.
        moved = was and was != linked
        fixed = {pair.left for rule in self.declared.links for pair in rule.pairs if moved}
        stuck = _among(fixed, differ)
        if stuck or (names and self._decided(piece).changed != BESIDE):
            raise immutable(sorted({*stuck, *names}))
        changed = asides.changed(contact, record.content, aside, after)
        self.objects.put_aside(contact, changed, there=aside is not None)
        if names:
            self.counts.add(f"gathered.beside_{piece.resource}")
        # Beside the record first: until then a reader of the link would not know whose it is.
        for link in linked if not was else ():
            self._link(link.collection, link.body)

    def _decided(self, piece: Piece) -> Afterwards:
        return self.afterwards.get(piece.resource, Afterwards())

    def is_piece(self, uuid: str) -> bool:
        """Whether this is the uuid of a piece, or of a contact that is gathered."""
        return self.reading.places.contact_of(uuid) is not None

    def check_delete(self, uuid: str) -> None:
        """Raise Forbidden for what cannot be deleted: a piece of a contact that is sent, unless beside it."""
        contact = self.reading.places.contact_of(uuid)
        if contact is None or self.reading.holds.held(contact) is not None:
            return
        sent = self.reading.sent(contact)
        piece = next((each for each in sent[1] if each.uuid == uuid), None) if sent else None
        if piece is not None:
            self._row_beside(contact, piece)

    def _row_beside(self, contact: str, piece: Piece) -> tuple[Body, Body]:
        """(what stands beside a record, the row of a piece that stands there alone). Raises Forbidden."""
        aside = self.reading.store.aside(contact, anew=True) or {"kind": "", "rows": []}
        row = next((each for each in aside["rows"] if each["uuid"] == piece.uuid), None)
        record = self.reading.aliases.records([contact])[contact]
        if row is None or row["place"] is not None or self._standing(self.composer.links([piece], record)):
            raise Forbidden(STAYS)
        return aside, row

    def removed(self, piece: Piece) -> None:
        """A piece that only stands beside the record. Raises Forbidden for any other."""
        contact = self.reading.places.contact_of(piece.uuid)
        if contact is None:
            return
        aside, row = self._row_beside(contact, piece)
        rows = [each for each in aside["rows"] if each is not row]
        self.objects.put_aside(contact, {**aside, "rows": rows}, there=True)
        self.reading.places.forget(piece.uuid)


def _is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same text, or name the same record."""
    if one == other or not (isinstance(one, str) and isinstance(other, str)):
        return bool(one == other)
    return uuid_at_end(one) is not None and uuid_at_end(one) == uuid_at_end(other)


def _differing(before: dict[str, Any], after: dict[str, Any]) -> set[tuple[str, ...]]:
    was, will = leaves(before, {}), leaves(after, {})
    return {path for path in {*was, *will} if was.get(path, MISSING) != will.get(path, MISSING)}


def _among(said: Iterable[tuple[str, ...]], differ: set[tuple[str, ...]]) -> list[str]:
    """The names of what is said and differs."""
    return sorted({".".join(each) for each in said if any(_along(each, path) for path in differ)})


def _along(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
