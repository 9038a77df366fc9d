"""A record as its leaves: each value that has no members, by its path.

A group that is null or empty is a leaf itself, so that null, `{}` and a group of blanks stay apart. A list
is a leaf, but for `Lists` of which the items are known by a member: each of those items has leaves of its
own, below a name that follows from that member, so that one can change and the others stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapter.correspondence.model import BY_PLACE
from adapter.mapping.codecs import fingerprint
from adapter.mapping.paths import Path, get, put

Leaves = dict[Path, Any]
# By the path of a list, the member by which its items are known: `{("emails",): ("email",)}`, or BY_PLACE.
Lists = Mapping[Path, Path]
# Below a list: the names of its items in their order. Below an item: what it is, `{}` for one with members.
ITSELF = "#"


def leaves(record: Mapping[str, Any], lists: Lists) -> Leaves:
    """The leaves of a record."""
    return dict(_leaves(record, (), lists))


def _leaves(node: Mapping[str, Any], below: Path, lists: Lists) -> Iterator[tuple[Path, Any]]:
    for name, value in node.items():
        path = (*below, name)
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, path, lists)
        elif path in lists and isinstance(value, list):
            yield from _items(value, path, lists[path])
        else:
            yield path, value


def _items(items: Sequence[Any], path: Path, key: Path) -> Iterator[tuple[Path, Any]]:
    names: list[str] = []
    for item in items:
        known = str(len(names)) if key == BY_PLACE else fingerprint(get(item, key))
        again = 0 if key == BY_PLACE else sum(name.startswith(known) for name in names)
        names.append(f"{known}-{again}" if again else known)
        yield (*path, names[-1], ITSELF), {} if isinstance(item, Mapping) else item
        if isinstance(item, Mapping):
            yield from _leaves(item, (*path, names[-1]), {})
    yield (*path, ITSELF), names


def assembled(found: Mapping[Path, Any], lists: Lists) -> dict[str, Any]:
    """The record with these leaves. What stands below a path goes before an empty group at it."""
    plain = dict(found)
    for path in lists:
        below = {leaf[len(path) :]: plain.pop(leaf) for leaf in found if _is_below(leaf, path)}
        items = _in_order(below)
        if items or ((ITSELF,) in below and path not in found):
            plain[path] = items
    record: dict[str, Any] = {}
    for path in sorted(plain, key=len):
        put(record, path, plain[path])
    return record


def _is_below(leaf: Path, path: Path) -> bool:
    return len(leaf) > len(path) and leaf[: len(path)] == path


def _in_order(below: Mapping[Path, Any]) -> list[Any]:
    """The items that are there: those that the list names in its order, then those that it does not."""
    there = {leaf[0]: value for leaf, value in below.items() if len(leaf) == 2 and leaf[1] == ITSELF}
    named = [name for name in below.get((ITSELF,), ()) if name in there]
    return [_item(there[name], name, below) for name in dict.fromkeys([*named, *there])]


def _item(what: Any, name: str, below: Mapping[Path, Any]) -> Any:
    if not isinstance(what, Mapping):
        return what
    own = {leaf[1:]: value for leaf, value in below.items() if leaf[0] == name and leaf[1:] != (ITSELF,)}
    return assembled(own, {})
