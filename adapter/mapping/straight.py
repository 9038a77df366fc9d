"""What a mapping says of every record as a function without a loop, written as Python once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adapter.mapping.model import Pair, Resource

Values = dict[str, Any]

Step = tuple[str, str, Callable[[Any], Any] | None, Pair]
"""(name in the record, name of the member, conversion) of a plain pair, with empty names for any other."""
Straight = Callable[[Mapping[str, Any]], Values]
"""The values of a record, of which no group is its own; raises DoesNotFit when one of them does not fit."""


def straight(resource: Resource, blank: Values, steps: Sequence[Step]) -> tuple[Straight, tuple[Step, ...]]:
    """(the function for the plain pairs among these steps, the steps that are left to follow after it).

    A record without a value reads as `blank`. With the member `a`, read as it is, and `b`, converted:

        def read(record):
            values, get = blank.copy(), record.get
            if (it := get('x')) or it == 0: values['a'] = it
            if (it := get('y')) or it == 0: values['b'] = read_b(it)
            return values
    """
    left = tuple(each for each in steps if not each[0])
    times = Counter(pair.served[0] for *_, pair in steps)
    plain = [each for each in steps if each[0]]
    chosen = any(resource.members[pair.served[0]].by for *_, pair in left)
    if chosen or any(times[name] > 1 for _, name, *_ in plain):
        # the order of the pairs counts
        plain, left = [], tuple(steps)
    lines = ["def read(record):", "    values, get = blank.copy(), record.get"]
    names: dict[str, Any] = {"blank": blank}
    for number, (at, name, convert, _) in enumerate(plain):
        names[f"read_{number}"] = convert
        value = "it" if convert is None else f"read_{number}(it)"
        lines.append(f"    if (it := get({at!r})) or it == 0: values[{name!r}] = {value}")
    # The names are those of the mapping, quoted.
    exec("\n".join([*lines, "    return values"]), names)  # noqa: S102
    return names["read"], left
