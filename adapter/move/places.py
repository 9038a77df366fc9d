"""Where a resource comes among those of its kind, as text that sorts the oldest first.

Numbered so, the lists of the target have the order of the lists that KlantBrug serves; see
`adapter.engine.entities.ordering`, which this turns round.
"""

from __future__ import annotations

from adapter.engine.entities.entry import Entry
from adapter.mapping.codecs import moment
from adapter.mapping.model import Home, Resource

# Digits of an uuid, turned round: in a list the lowest uuid of one instant comes first, and is the latest.
_TURNED = str.maketrans("0123456789abcdef", "fedcba9876543210")
_MOST = 10**9
# As long as an instant: databases that pass over punctuation sort the same.
_NONE = "0" * 32
LEGACY = f"{_NONE} {_NONE} "
"""How the places begin of what register clients made."""


def place_of(entry: Entry, number: str) -> str:
    """The place of a resource; `number` is that of the record that it is, or hangs on, in its register."""
    resource = entry.resource
    if _is_register_order(resource):
        return number
    instant = moment(entry.values.get(resource.order)) if resource.order else ""
    rank = 9 - resource.ranks[entry.home.name]
    owner = entry.owner
    if entry.home.kind == "object":
        tail = entry.uuid.translate(_TURNED)
    elif owner is not None and owner.home.kind == "object":
        made = moment(owner.created) or _NONE
        tail = f"{made}.{owner.uuid.translate(_TURNED)}.{_MOST - entry.item:010}"
    else:
        tail = f"{number}.{_MOST - entry.position:010}.{_MOST - entry.item:010}"
    return f"{instant or _NONE} {moment(entry.created) or _NONE} {rank} {tail}"


def legacy_place(resource: Resource, home: Home, number: str) -> str:
    """The place of a record of a register client, by its number in its own collection."""
    return f"{LEGACY}{9 - resource.ranks[home.name]} {number}.{_MOST:010}.{_MOST:010}"


def record_number(start: str, count: int, offset: int) -> str:
    """The number of a record at an offset of a list with the newest first; windows sort by their start."""
    return f"{start}:{count - offset:010}"


def _is_register_order(resource: Resource) -> bool:
    """Whether the list has the order of a register's collection, whatever was created when."""
    return len(resource.listed) == 1 and resource.listed[0].place is not None and not resource.order
