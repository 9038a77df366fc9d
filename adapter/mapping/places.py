"""The collections of registers, as mappings name them."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A collection of a register: `contactmomenten/klantcontactmomenten`."""

    register: str
    collection: str


def place(text: str) -> Place:
    """The place that a mapping writes as `register/collection`."""
    register, _, collection = text.partition("/")
    return Place(register, collection)
