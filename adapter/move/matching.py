"""Whether a resource of a target is the one that was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from adapter.mapping.paths import get, parse
from adapter.move.decided import is_empty


def is_like(sent: Any, found: Any) -> bool:
    """Whether all that was sent and says something is there; texts are stored without spaces around them.

    Instants may be spelled otherwise, items of a list come in any order, and keys of open groups in any case.
    """
    if is_empty(sent) or sent is False:
        return True
    if isinstance(sent, dict):
        if not isinstance(found, dict):
            return False
        there = {_plain(name): value for name, value in found.items()}
        return all(is_like(value, there.get(_plain(name))) for name, value in sent.items())
    if isinstance(sent, list):
        return isinstance(found, list) and all(any(is_like(it, each) for each in found) for it in sent)
    return _same(sent, found)


def without(body: Mapping[str, Any], paths: Collection[str]) -> dict[str, Any]:
    """A copy of a body without what is at these paths, with dots."""
    found = deepcopy(dict(body))
    for path in paths:
        *above, last = parse(path)
        group = get(found, tuple(above))
        if isinstance(group, dict):
            group.pop(last, None)
    return found


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()


def _same(sent: Any, found: Any) -> bool:
    if sent == found:
        return True
    if not isinstance(found, str):
        return False
    one, other = str(sent).strip(), found.strip()
    return one == other or _instant(one) == _instant(other) is not None


def _instant(text: str) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
