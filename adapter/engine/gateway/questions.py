"""What a read can ask of the registers, as values: of one kind, those of a round are answered together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from adapter.mapping.model import Place

Parameters = Sequence[tuple[str, str]]
Attributes = Sequence[tuple[str, str, str]]
"""What the data of an object must have: (path with `__`, operator, texts with `|`)."""


class RecordOf(NamedTuple):
    """The record of a collection with this uuid; None when there is none."""

    place: Place
    uuid: str


class RecordsWhere(NamedTuple):
    """The records that a collection finds for a value of a parameter."""

    place: Place
    parameter: str
    value: str


class EveryRecord(NamedTuple):
    """All records of a collection, in the register's order."""

    place: Place


class RecordPage(NamedTuple):
    """One page of a collection: (how many there are, its records, whether there is a next one)."""

    place: Place
    parameters: Parameters
    number: int


class ObjectOf(NamedTuple):
    """The object with this uuid; None when there is none."""

    uuid: str


class Hanging(NamedTuple):
    """All objects that carry the URL of one of these records under a key: one search."""

    key: str
    uuids: tuple[str, ...]


class Found(NamedTuple):
    """The objects of a type with one of these texts at a path: one search, for several types too."""

    object_type: str
    path: str
    operator: str
    texts: tuple[str, ...]


class AllObjects(NamedTuple):
    """All objects of a type."""

    object_type: str


class ObjectPage(NamedTuple):
    """One page of the objects of a type with some attributes: (how many there are, the objects)."""

    object_type: str
    attributes: Attributes
    ordering: str
    number: int
    size: int
