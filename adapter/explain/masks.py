"""Masking of personal values in an explanation; names, references and choices are shown."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from adapter.openapi.formats import canonical_uuid

DOTS = "••••"
PAGING = frozenset({"page", "pageSize", "expand", "ordering", "type"})


def shown(value: Any, *, values: bool, choices: tuple[str, ...] = ()) -> str:
    """A value as text. Without `values` it is masked, unless it cannot say anything about a person."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list):
        return f"{len(value)} of them" if value else "none"
    if isinstance(value, dict):
        return str(value.get("uuid", "{}"))
    text = str(value)
    if values or text == "" or text in choices or is_reference(text):
        return text or '""'
    return f"{DOTS} ({len(text)} characters)"


def is_reference(text: str) -> bool:
    """Whether a text is a uuid, or a URL that ends in one."""
    last = text.rstrip("/").rpartition("/")[2]
    return canonical_uuid(last) is not None and (last == text or text.startswith(("http://", "https://")))


def _short(reference: str) -> str:
    """The end of a URL: `klanten/UUID`."""
    return "/".join(reference.rstrip("/").split("/")[-2:])


def query(text: str, *, values: bool) -> str:
    """A query string, its values masked unless `values`."""
    return "&".join(parameter(*each, values=values) for each in parse_qsl(text, keep_blank_values=True))


def parameter(name: str, value: str, *, values: bool) -> str:
    """One parameter, `name=value`, its value masked unless `values`.

    Of a search in objects (`contactmoment__exact__VALUE`) the path and the operator are shown in any case.
    """
    *path, last = value.split("__")
    parts = last.split("|")
    if all(is_reference(each) for each in parts):
        parts = [_short(each) for each in parts]
        several = f" and {len(parts) - 1} more" if len(parts) > 1 else ""
        return f"{name}={'__'.join([*path, parts[0]])}{several}"
    if values or name in PAGING or value.lower() in ("true", "false"):
        return f"{name}={value}"
    return f"{name}={'__'.join([*path, DOTS])}"
