"""Pieces as objects of the Objects API, in the form in which the engine keeps a resource as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapter.gathering.kept import Piece
from adapter.gathering.ports import Body
from adapter.gathering.slots import NAMED
from adapter.mapping.paths import Path, copied, get

# The member of an object with the moment at which it was made: what no client recorded came with its contact.
CREATED = "aangemaakt"


@dataclass(frozen=True, slots=True)
class Shape:
    """The objects of a resource.

    url: of their objecttype. instants: the members that read as the moment at which it was made.
    keys: members that carry the URL of what the object hangs on, each with the reference that leads there,
    how such a URL is made of a uuid, and whether that is the contact. members: what else their data may have.
    """

    resource: str
    url: str
    version: int
    keys: Mapping[str, tuple[Path, Callable[[str], str], bool]]
    instants: tuple[str, ...] = ()
    members: frozenset[str] = frozenset()

    def may_have(self, path: Path) -> bool:
        """Whether the data of such an object may have something at a path."""
        return path[0] in self.members or path[0] in self.keys or path[0] in {NAMED, CREATED}

    @property
    def type(self) -> str:
        """The uuid of their objecttype."""
        return self.url.rstrip("/").rpartition("/")[2]

    def body(self, data: Body) -> Body:
        """A piece of the data of an object."""
        return {name: value for name, value in data.items() if name != NAMED and name not in self.keys}

    def data(self, piece: Piece, pieces: Sequence[Piece]) -> Body:
        """The data of the object of a piece; `pieces` are all of its contact."""
        made = pieces[0].body.get(CREATED)
        found = {NAMED: piece.uuid, **({CREATED: made} if made else {}), **copied(piece.body)}
        for name in self.instants if made else ():
            if found.get(name) is None:
                found[name] = made
        for key, (path, url, _) in self.keys.items():
            uuid = _referred(piece.body, path, pieces)
            if uuid:
                found[key] = url(uuid)
        return found

    def object(self, piece: Piece, pieces: Sequence[Piece], base: str) -> Body:
        """The object of a piece, as the Objects API shows it; `base` is the URL of its objects."""
        record = {
            "typeVersion": self.version,
            "startAt": "1970-01-01",
            "data": self.data(piece, pieces),
        }
        return {"url": f"{base}/{piece.uuid}", "uuid": piece.uuid, "type": self.url, "record": record}


def _referred(body: Mapping[str, Any], path: Path, pieces: Sequence[Piece]) -> str | None:
    """The uuid at the end of references from piece to piece."""
    first, *rest = path
    uuid = get(body, (first, NAMED))
    if not isinstance(uuid, str) or not rest:
        return uuid if isinstance(uuid, str) else None
    there = next((each for each in pieces if each.uuid == uuid), None)
    return _referred(there.body, tuple(rest), pieces) if there else None
