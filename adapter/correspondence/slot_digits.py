"""The digits by which the uuid of a row tells in which part of which contact it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

from adapter.correspondence.reading import File

# Registers issue uuids of version 4; what stands in a record is told by another version digit.
_SLOTS = tuple("12356789abcdef")


class Digits(TypedDict):
    """The digits of a part: of its rows, and of rows that are no pieces."""

    digits: tuple[str, ...]
    row_digit: str


def slot_digits(file: File, parts: Mapping[str, Any], name: str) -> Digits:
    """Those of the part with this name. Raises MappingError for one that another part has too."""
    taken = [digit for part in parts.values() for digit in _all(part)]
    for digit in _all(parts[name]):
        if digit not in _SLOTS:
            raise file.error(("parts", name), f"{digit} is no slot; a slot is one of {' '.join(_SLOTS)}")
        if taken.count(digit) > 1:
            raise file.error(("parts", name), f"slot {digit} is that of another part too; choose another")
    part = parts[name]
    return {
        "digits": tuple(str(each) for each in part.get("slot", ())),
        "row_digit": str(part.get("row_slot", "")),
    }


def _all(part: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(each) for each in part.get("slot", ()))
    if "row_slot" in part:
        yield str(part["row_slot"])
