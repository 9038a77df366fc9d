"""The construct `said_by`: booleans of a record, each with the value that the member has when it is true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.constructs.pairs.conversion import Conversion, Line
from adapter.mapping.language.grammar import Described, Problem
from adapter.mapping.language.ground import Nowhere, illegal
from adapter.mapping.language.values import CONSTANTS

NAMES = {
    "said_by": Described(
        CONSTANTS, "Booleans of the register, each with the value that the member has when it is true."
    )
}


def conversion(value: Any) -> Conversion:
    """True says that it is this value, false nothing; a search for true would miss what other fields say."""

    def read(said: Any) -> Any:
        if said is not True:
            raise DoesNotFit
        return value

    return Conversion(read, lambda served: served == value, search=lambda _: None, total=False)


def check(line: Line) -> Iterator[Problem]:
    """Every field is a boolean, and every value is one that the member can have."""
    for path, value in line.node.get("said_by", {}).items():
        try:
            kind = line.facts(path).kind
        except Nowhere as nowhere:
            yield line.problem(str(nowhere), "said_by", path)
            continue
        if kind != "boolean":
            yield line.problem(f"{path} is a {kind}, and no boolean", "said_by", path)
        if why := illegal(value, line.left):
            yield line.problem(f"{line.served}: {why}", "said_by", path)
