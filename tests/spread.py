"""Cases spread over the dialects: each of them in one by default, all in each with `make contract`."""

from itertools import product
from typing import Any

import pytest

DIALECTS = ("vng", "openklant")


def spread(*axes: Any, over: tuple[str, ...] = DIALECTS) -> list[Any]:
    """Parameters (dialect, one of each axis): by default the dialects take turns along each of the axes.

    Without an axis it is the first of them by default.
    """
    found = []
    for places in product(*(range(len(axis)) for axis in axes)):
        values = [axis[place] for axis, place in zip(axes, places, strict=True)]
        for number, dialect in enumerate(over):
            marks = () if (sum(places) - number) % len(over) == 0 else pytest.mark.contract
            found.append(pytest.param(dialect, *values, marks=marks))
    return found
