"""Everything that is particular to a field stands in the mappings: no program text names one.

A name of the specifications counts when it is particular enough to be told from an English word: when it
has a capital inside, an underscore, or more than eight letters. The embedded registers and the demonstration
are left out: they are registers, so their fields are theirs.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from adapter.openapi.document import read_yaml
from adapter.openapi.specifications import specification

PACKAGE = Path(__file__).parents[1] / "adapter"
LEFT_OUT = {"embedded", "demo"}

ENGLISH = {"description", "references", "cascade"}
# How lists, errors and objects are packed, whatever is in them.
ENVELOPE = {
    "pageSize",
    "invalidParams",
    "data_attr",
    "data_attrs",
    "typeVersion",
    "startAt",
    "jsonSchema",
    "namePlural",
}
# Words of Dutch that occur in names of resources and in sentences that a client reads.
DUTCH = {"klantcontact", "telefoonnummer"}

# fmt: off
SHORT_ENGLISH = {
    "code", "count", "data", "date", "detail", "expand", "_expand", "fields", "geometry", "index",
    "instance", "labels", "metadata", "mode", "name", "next", "object", "ordering", "page", "previous",
    "reason", "record", "resource", "results", "source", "status", "subject", "title", "type", "url",
    "uuid", "version", "versions", "within", "iban", "bic",
}
# fmt: on

QUOTED = re.compile(r"""["']([a-z]+)["']""")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _names(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield from node["properties"]
        if node.get("in") in ("query", "path"):
            yield node["name"]
        for each in node.values():
            yield from _names(each)
    elif isinstance(node, list):
        for each in node:
            yield from _names(each)


@cache
def _all() -> frozenset[str]:
    files = (
        "klantinteracties",
        "klanten",
        "contactmomenten",
        "objects",
        "esuite-klanten",
        "esuite-contactmomenten",
    )
    return frozenset(name for file in files for name in _names(read_yaml(specification(file))))


@cache
def particular() -> frozenset[str]:
    """The names that a program text must not have."""
    telling = {name for name in _all() if len(name) > 8 or "_" in name[1:] or name.lower() != name}
    return frozenset(telling - ENGLISH - ENVELOPE - DUTCH)


@cache
def short() -> frozenset[str]:
    """The other names, but for English words: those that a program text must not have between quotes."""
    return frozenset(_all() - particular() - ENGLISH - ENVELOPE - DUTCH - SHORT_ENGLISH)


def _texts() -> list[Path]:
    files = (path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
    return sorted(path for path in files if not LEFT_OUT & set(path.parts))


def test_there_are_names_to_look_for():
    assert {
        "emailadres",
        "codeObjecttype",
        "plaatsgevondenOp",
        "subjectNatuurlijkPersoon__inpBsn",
    } <= particular()
    assert len(particular()) > 250


@pytest.mark.parametrize("path", _texts(), ids=str)
def test_no_program_text_names_a_field(path):
    lines = (PACKAGE / path).read_text(encoding="utf-8").splitlines()
    found = [
        f"{path}:{number}: {word}"
        for number, line in enumerate(lines, 1)
        for word in WORD.findall(line)
        if word in particular()
    ]
    found += [
        f"{path}:{number}: {word}"
        for number, line in enumerate(lines, 1)
        for word in QUOTED.findall(line)
        if word in short()
    ]

    assert not found, "a mapping is where this belongs"
