"""Answers in a form in which two servers can be compared.

A kept value reads {name}, the base URL {base}, its scheme and host {origin}; any other UUID reads <uuid>, an
instant reads as UTC, one of the last ten minutes <now>, and today <today>.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
INSTANT = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$")
# What happened less long ago happened during the scenario.
RECENT = 600
# A shorter kept value may stand in a text by chance.
TELLING = 6
LINKS = ("next", "previous")


def origin(base: str) -> str:
    """Scheme and host of a URL."""
    return "/".join(base.split("/")[:3])


def normal(value: Any, names: Mapping[str, Any], base: str) -> Any:
    """A JSON value with everything that differs from run to run replaced."""
    if isinstance(value, dict):
        found = {normal(key, names, base): normal(each, names, base) for key, each in value.items()}
        return {key: _sorted_query(each) if key in LINKS else each for key, each in found.items()}
    if isinstance(value, list):
        return [normal(each, names, base) for each in value]
    return _text(value, names, base) if isinstance(value, str) else value


def _text(value: str, names: Mapping[str, Any], base: str) -> str:
    for kept, name in _known(names, base):
        for form in (kept, quote(kept, safe="")):
            value = value.replace(form, f"{{{name}}}")
    if INSTANT.match(value):
        return _instant(value)
    if value == dt.date.today().isoformat():
        return "<today>"
    return UUID.sub("<uuid>", value)


def _known(names: Mapping[str, Any], base: str) -> list[tuple[str, str]]:
    """Texts and what they read as: a kept URL before the UUID in it, and both before the base."""
    kept = [(each, name) for name, each in names.items() if isinstance(each, str) and len(each) >= TELLING]
    return [*sorted(kept, key=lambda pair: -len(pair[0])), (base, "base"), (origin(base), "origin")]


def _instant(value: str) -> str:
    try:
        instant = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=dt.UTC)
    instant = instant.astimezone(dt.UTC)
    if abs((dt.datetime.now(dt.UTC) - instant).total_seconds()) < RECENT:
        return "<now>"
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def _sorted_query(value: Any) -> Any:
    if not isinstance(value, str) or "?" not in value:
        return value
    path, _, query = value.partition("?")
    return f"{path}?{'&'.join(sorted(query.split('&')))}"
