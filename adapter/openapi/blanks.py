"""Documents of APIs that answer "" for a text that was never filled in, whatever format it should have."""

from __future__ import annotations

from typing import Any

_CONSTRAINTS = ("format", "pattern", "minLength", "enum")


def with_blanks(node: Any) -> Any:
    """A copy of a document, or of a part, in which every text may be empty."""
    if isinstance(node, list):
        return [with_blanks(each) for each in node]
    if not isinstance(node, dict):
        return node
    copied = {name: with_blanks(each) for name, each in node.items()}
    strict = {name: copied[name] for name in _CONSTRAINTS if name in copied}
    if copied.get("type") != "string" or not strict:
        return copied
    rest = {name: each for name, each in copied.items() if name not in strict}
    return {**rest, "anyOf": [*rest.get("anyOf", ()), strict, {"maxLength": 0}]}
