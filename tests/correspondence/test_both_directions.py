"""What serves new clients and what serves old ones read the same of one line."""

from __future__ import annotations

from typing import Any

import pytest
from adapter.correspondence.model import Correspondence, Pair, Range, Reference
from adapter.correspondence.translating import written
from adapter.mapping import model
from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.paths import MISSING
from adapter.shipped import shipped_mappings

from tests.correspondence.test_laws import LINKS, compiled, old_record, values_of


def home_of(resource: model.Resource, it: Correspondence) -> model.Home:
    """The home in which what is left is stored as what is right."""
    return next(
        home
        for home in resource.homes.values()
        if (home.place and f"{home.place.register}/{home.place.collection}" == it.right.collection)
        or home.object_type.lower() == it.right.name
    )


def lines_of(home: model.Home, pair: Pair, below: int) -> list[model.Pair]:
    """The lines of a home that are compiled from a pair, of the variants in which it counts."""
    kinds = {value for when in pair.when for value in when.values}
    variants = [lines for _, table in home.variants for kind, lines in table.items() if kind in kinds]
    lines = [line for found in variants for line in found] if kinds else home.pairs
    return [line for line in lines if line.served == pair.left and line.at == pair.right[below:]]


def read_by_new_clients(line: model.Pair, value: Any) -> Any:
    try:
        return line.read(value)
    except DoesNotFit:
        return MISSING


def written_by_old_clients(pair: Pair, value: Any) -> Any:
    try:
        return written(pair, "left", old_record(pair, value), LINKS)
    except DoesNotFit:
        return MISSING


@pytest.mark.parametrize("dialect", ["openklant", "klantenbundle"])
def test_a_text_of_an_old_client_is_the_same_to_new_ones_in_both_directions(dialect: str) -> None:
    """Read from the old register, or written to the new one; what is for one direction alone apart."""
    resources, said = shipped_mappings(dialect).resources, 0
    for it in compiled(dialect):
        home, below = home_of(resources[it.left.name], it), int(it.right.collection.startswith("objecttypes"))
        for pair in it.pairs:
            alone = pair.read_only or any(isinstance(each, Range | Reference) for each in pair.conversions)
            for line in () if alone else lines_of(home, pair, below):
                texts = [each for each in values_of(pair) if isinstance(each, str) and each]
                assert [read_by_new_clients(line, each) for each in texts] == [
                    written_by_old_clients(pair, each) for each in texts
                ], pair
                said += len(texts)
    assert said > 100
