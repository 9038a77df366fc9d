"""What KlantBrug notes beside the values of a resource, and the names under which it stands in objects.

The notes of a record stand in its sidecar, the object of type `KlantinteractiesAanvulling` that hangs on it;
those of an object stand in the object, beside its members or in a group of their own (`rest` of its home).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapter.engine.entities.stored_object import Record
from adapter.mapping.model import Home
from adapter.mapping.translate import BASIS, VALUES

CREATED, MIRROR, EMPTIED, LEFT, OTHERS = "aangemaakt", "spiegel", "leeg", "vertrokken", "andere"
TOLD, MADE_FROM = "verteld", "gemaaktUit"
_TOLD_OF, _TOLD_BASIS = "van", "basis"

SUPPLEMENT = "KlantinteractiesAanvulling"
KIND, RECORD, SEARCH = "soort", "bij", "zoek"
"""In a sidecar: the kind of resource, the uuid of its record, the values that can be searched."""


class _Group[T]:
    """A group that is noted under a name; {} when there is none."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, notes: Annotations, _owner: type[Annotations]) -> Mapping[str, T]:
        return notes.group.get(self.name) or {}


# Not frozen, which halves what one costs: one is made for nearly every object that is read.
@dataclass(slots=True)
class Annotations:
    """A typed view of the notes in one object; `group` is the JSON in which they stand."""

    group: Mapping[str, Any]

    values = _Group[Any](VALUES)
    """Path with dots → the value that the register has no place for, e.g. `{"group.member": "nld"}`."""
    basis = _Group[str](BASIS)
    """Path with dots → fingerprint of the register values beside which a value was stored."""
    mirrors = _Group[str](MIRROR)
    """Embedded home → fingerprint of what the object put there for register clients."""
    suppressed = _Group[str](EMPTIED)
    """Embedded home → fingerprint of the value there that means nothing as long as it stays that."""
    released = _Group[str](LEFT)
    """Embedded home → the slot digits of which the value went away with its uuid, e.g. `"89"`."""
    variants = _Group[Any](OTHERS)
    """Group → variant → the values that the group had when it was of that variant."""
    projected = _Group[Any](TOLD)
    """Member of the object → what was written there for register clients; see `projection`."""

    @classmethod
    def of(cls, home: Home, data: Record | None) -> Annotations:
        """The notes in an object of `home`, or in the sidecar of a record of it; none without data."""
        if data and home.rest:
            data = data.get(home.rest)
        return cls(data or {})

    @property
    def kind(self) -> str:
        """In a sidecar: the name of the kind of resource that its record is."""
        return str(self.group.get(KIND, ""))

    @property
    def record(self) -> str:
        """In a sidecar: the uuid of its record."""
        return str(self.group.get(RECORD))

    @property
    def created(self) -> str:
        """The instant of creation (ISO 8601, UTC); empty for what a register client made."""
        found: str = self.group.get(CREATED) or ""
        return found

    @property
    def is_ours(self) -> bool:
        """Whether KlantBrug made the object."""
        return CREATED in self.group

    @property
    def made_from(self) -> str:
        """`resource.relation` of another resource whose member this one was made from; or empty."""
        found: str = self.group.get(MADE_FROM) or ""
        return found

    def projected_of(self, at: str) -> str:
        """The uuid of the resource of which a member of the object speaks; empty without one."""
        found: str = (self.projected.get(at) or {}).get(_TOLD_OF) or ""
        return found

    def projected_as(self, at: str) -> str | None:
        """The fingerprint of what was projected to a member of the object."""
        found: str | None = (self.projected.get(at) or {}).get(_TOLD_BASIS)
        return found


def noting(home: Home, data: Record, name: str, value: Any) -> Record:
    """The data of an object of `home`, or of the sidecar of a record of it, with a note under a name.

    It takes the place of what was noted there; nothing, or an empty group, takes the name out.
    """
    notes = data.get(home.rest) or {} if home.rest else data
    noted = {each: other for each, other in notes.items() if each != name}
    if value:
        noted[name] = value
    return {**data, home.rest: noted} if home.rest else noted


def projection(of: str, fingerprint: str) -> Record:
    """What is noted of a projection: of which resource, and the fingerprint of what was written."""
    return {_TOLD_OF: of, _TOLD_BASIS: fingerprint}
