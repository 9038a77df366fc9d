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
Forms = list[tuple[str, str]]


def origin(base: str) -> str:
    """Scheme and host of a URL."""
    return "/".join(base.split("/")[:3])


def normal(value: Any, names: Mapping[str, Any], base: str) -> Any:
    """A JSON value with everything that differs from run to run replaced."""
    return _normal(value, _forms(names, base))


def _normal(value: Any, forms: Forms) -> Any:
    if isinstance(value, dict):
        found = {_text(key, forms): _normal(each, forms) for key, each in value.items()}
        return {key: _sorted_query(each) if key in LINKS else each for key, each in found.items()}
    if isinstance(value, list):
        return [_normal(each, forms) for each in value]
    return _text(value, forms) if isinstance(value, str) else value


def _text(value: str, forms: Forms) -> str:
    for form, name in forms:
        value = value.replace(form, name)
    if INSTANT.match(value):
        return _instant(value)
    if value == dt.date.today().isoformat():
        return "<today>"
    return UUID.sub("<uuid>", value)


def _forms(names: Mapping[str, Any], base: str) -> Forms:
    """Texts and what they read as: a kept URL before the UUID in it, and both before the base."""
    kept = [(each, name) for name, each in names.items() if isinstance(each, str) and len(each) >= TELLING]
    known = [*sorted(kept, key=lambda pair: -len(pair[0])), (base, "base"), (origin(base), "origin")]
    return [
        (form, f"{{{name}}}") for text, name in known for form in dict.fromkeys((text, quote(text, safe="")))
    ]


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
