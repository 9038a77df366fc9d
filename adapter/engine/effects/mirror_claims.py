"""What objects remember of the slots in which they are mirrored: a fingerprint of what they put there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapter.engine.entities.annotations import Annotations, with_mirrors
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.stored_object import StoredObject
from adapter.engine.placement.store import Store

Claims = Mapping[str, str]


class MirrorClaims:
    """The claims of the objects of one request."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def remember(self, entry: Entry, slot: str, claim: str) -> None:
        """Remember in the object what it put into a slot; nothing is written when that is known."""
        self._put_claims(entry, lambda claims: {**claims, slot: claim})

    def _put_claims(self, entry: Entry, new: Callable[[Claims], Claims]) -> None:
        """Write what an object claims; first, what a register client wrote where it is mirrored."""
        stored = self.stored(entry)
        if entry.from_mirror and stored is entry.stored:
            stored = self.store.objects.rewrite(entry, entry.values, {})
        claims = new(Annotations.of(entry.home, stored.data).mirrors)
        self.store.unit.put_object(stored, with_mirrors(entry.home, stored.data, claims))

    def stored(self, entry: Entry) -> StoredObject:
        """The object of a resource as this request wants it by now."""
        session = self.store.unit.session
        return session.run(session.objects.get([entry.uuid]))[entry.uuid]

    def release(self, entry: Entry, slot: str) -> None:
        """Forget that an object stands in a slot."""
        self._put_claims(entry, lambda claims: {name: it for name, it in claims.items() if name != slot})
