"""The `fields` parameter, which cuts an answer down to some members."""

from collections.abc import Mapping
from typing import Any

from adapter.embedded.objects.errors import invalid_query

Tree = dict[str, Any]  # the members asked for; an empty tree is the whole value

RECORD = (
    "index",
    "typeVersion",
    "data",
    "geometry",
    "references",
    "startAt",
    "endAt",
    "registrationAt",
    "correctionFor",
    "correctedBy",
)
OBJECT: Mapping[str, tuple[str, ...]] = {"url": (), "uuid": (), "type": (), "record": RECORD}


def tree_of(fields: str | None) -> Tree:
    """The nested members of a parameter such as `url,record__data__naam`; {} for all members.

    Raises Refusal for a name that no object has; below `data` any name is allowed.
    """
    tree: Tree = {}
    unknown: list[str] = []
    for name in filter(None, (part.strip() for part in (fields or "").split(","))):
        keys = name.split("__")
        if keys[0] not in OBJECT:
            unknown.append(keys[0])
        elif len(keys) > 1 and keys[1] not in OBJECT[keys[0]]:
            unknown.append(keys[1])
        else:
            _plant(tree, keys)
    if unknown:
        names = ", ".join(f"'{name}'" for name in unknown)
        reason = f"'fields' query parameter has invalid or unauthorized values: {names}"
        raise invalid_query("invalid", reason)
    return tree


def _plant(tree: Tree, keys: list[str]) -> None:
    for position, key in enumerate(keys):
        if key in tree and not tree[key]:
            return  # all of it is asked for already
        tree = tree.setdefault(key, {})
        if position == len(keys) - 1:
            tree.clear()


def cut(value: Any, tree: Tree) -> Any:
    if not tree or not isinstance(value, dict):
        return value
    return {key: cut(value[key], branch) for key, branch in tree.items() if key in value}
