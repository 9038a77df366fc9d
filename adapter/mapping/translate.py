"""Translate one record: register to served and back, by three rules.

R1  A member goes to the register only where the intended value differs from what was read.
R2  The aanvulling holds what the intended record has and reading the register alone would not give.
R3  Each of its entries keeps a fingerprint of the register values that it stood beside (its basis); when they
    have changed since, the register wins.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from adapter.mapping import paths
from adapter.mapping.codecs import fingerprint
from adapter.mapping.following import follow, is_filler, overwrite, read_whole
from adapter.mapping.model import DoesNotFit, Home, Known, Pair, Resource
from adapter.mapping.paths import MISSING, Path, filled, get, put_apart
from adapter.mapping.shapes import Shape, Shapes
from adapter.mapping.straight import Values

__all__ = [
    "BASIS",
    "VALUES",
    "absent",
    "active",
    "basis",
    "changes",
    "encoded",
    "filler",
    "is_filler",
    "overwrite",
    "read",
    "settle",
    "shapes_of",
    "standing",
    "supplement",
    "unstamped",
]

VALUES, BASIS = "waarden", "basis"
_NOTHING: Mapping[str, Any] = {}

KnownBy = Callable[[Known], Any]


def shapes_of(resource: Resource, home: Home) -> Shapes:
    """The shapes of the records in a home of a resource."""
    found: Shapes | None = resource.shapes.get(home.name)
    if found is None or found.home is not home:
        found = resource.shapes[home.name] = Shapes(resource, home)
    return found


def absent(resource: Resource) -> Values:
    """A served record of which nothing is known. Its groups are shared: never to be changed in place."""
    return dict(resource.blank)


def settle(resource: Resource, values: Values) -> Values:
    """Fill in the members whose absence reads as something of another member."""
    for member in resource.settled:
        name, absent = member.name, member.absent
        if name in values:
            continue
        other = values.get(absent.member)
        values[name] = (
            other if absent.kind == "same_as" else _first_line(other, absent.length) or absent.value
        )
    return values


def _first_line(text: Any, length: int) -> str:
    for line in (text or "").splitlines():
        if first := line.strip():
            return first if len(first) <= length else first[: length - 1] + "…"
    return ""


def active(resource: Resource, home: Home, values: Values) -> tuple[Pair, ...]:
    """The pairs that hold for a record with these values: those of every record, and of its variants."""
    return shapes_of(resource, home).of(values).pairs


def read(
    resource: Resource,
    home: Home,
    record: Any,
    supplement: Mapping[str, Any] | None = None,
    known: KnownBy | None = None,
) -> Values:
    """The served values of a register's record with its aanvulling."""
    shapes = shapes_of(resource, home)
    try:
        values = shapes.straight(record)
        steps = shapes.left
    except (DoesNotFit, AttributeError):
        values, steps = shapes.blank.copy(), shapes.base.steps
    if steps:
        follow(resource, values, steps, record)
    entries, bases = _NOTHING, _NOTHING
    if supplement and (entries := supplement.get(VALUES) or _NOTHING):
        bases = supplement.get(BASIS) or _NOTHING
    shape = shapes.base
    if shapes.has_more:
        for places in shape.wholes:
            read_whole(resource, values, places, record)
        for member, _ in home.variants:
            if member in entries and _stands(shape, member, record, bases):
                values[member] = entries[member]
        shape = shapes.of(values)
        if shape is not shapes.base:
            follow(resource, values, shape.steps, record)
    if known is not None:
        for each in home.known:
            value = known(each)
            if isinstance(value, list):
                value = [*(get(values, each.served) or []), *value]
            if value is not None:
                put_apart(values, each.served, value)
    if resource.settled:
        settle(resource, values)
    if entries:
        if not bases and shapes.names.issuperset(entries):
            values.update(entries)
        else:
            _lay_over(values, entries, bases, shape, record)
    return unstamped(resource, values) if resource.stamps else values


def _lay_over(
    values: Values, entries: Mapping[str, Any], bases: Mapping[str, str], shape: Shape, record: Any
) -> None:
    """Lay the supplemented values that still stand over what was read."""
    for text in sorted(entries, key=len) if len(entries) > 1 else entries:
        if text not in bases or _stands(shape, text, record, bases):
            if "." in text:
                put_apart(values, paths.parse(text), entries[text])
            else:
                values[text] = entries[text]


def unstamped(resource: Resource, values: Values) -> Values:
    """Without the moments that go with a state in which it is not."""
    for stamp in resource.stamps:
        if not stamp.holds(values):
            values[stamp.member] = None
    return values


# the aanvulling


def basis(resource: Resource, home: Home, values: Values, text: str, record: Any) -> str | None:
    """The fingerprint of the register values beside a served path, written with dots, of a record that reads
    as these values; None when the register has none for it."""
    return _basis(shapes_of(resource, home).of(values), text, record)


def _basis(shape: Shape, text: str, record: Any) -> str | None:
    beside = shape.beside(text)
    return fingerprint([get(record, at) for at in beside]) if beside else None


def _stands(shape: Shape, text: str, record: Any, bases: Mapping[str, str]) -> bool:
    was = bases.get(text)
    return was is None or was == _basis(shape, text, record)


def standing(
    resource: Resource, home: Home, values: Values, record: Any, supplement: Mapping[str, Any]
) -> Values:
    """The supplemented values that still stand beside the register values that they were written beside.

    `values` choose the variant of the record.
    """
    entries: Values = supplement.get(VALUES) or {}
    if not entries:
        return {}
    shape, bases = shapes_of(resource, home).of(values), supplement.get(BASIS) or {}
    return {text: value for text, value in entries.items() if _stands(shape, text, record, bases)}


def supplement(
    resource: Resource, home: Home, intended: Values, record: Any, known: KnownBy | None = None
) -> Values:
    """What has to stand in the aanvulling so that `record` reads as `intended`; {} when nothing has to."""
    shape = shapes_of(resource, home).of(intended)
    entries: Values = {}
    have = read(resource, home, record, {VALUES: _chosen(home, intended)} if home.variants else None, known)
    _leave(entries, shape.kept, intended, have)
    if shape.elsewhere:
        _leave(entries, shape.elsewhere, intended, {})
    if shape.alone:
        _leave(entries, shape.alone, intended, read(resource, home, record, None, known))
    if shape.fixed:
        for name in shape.fixed & entries.keys():
            if not filled(entries[name]):
                del entries[name]
    if not entries:
        return {}
    bases = {text: _basis(shape, text, record) for text in entries if shape.beside(text)}
    return {VALUES: entries, **({BASIS: bases} if bases else {})}


def _chosen(home: Home, values: Values) -> Values:
    return {member: values[member] for member, _ in home.variants if member in values}


def _leave(entries: Values, names: Iterable[str], intended: Values, have: Values) -> None:
    """Keep what is intended of these members and not there already."""
    for name in names:
        if name not in intended:
            continue
        want, there = intended[name], have.get(name, MISSING)
        if want is not there and (want != there or type(want) is not type(there)):
            if type(want) is dict is type(there):
                entries.update(_leftover(want, there, (name,)))
            else:
                entries[name] = want


def _leftover(want: Any, have: Any, path: Path) -> Values:
    if want == have and type(want) is type(have):
        return {}
    if (
        isinstance(want, dict)
        and isinstance(have, dict)
        and want
        and set(want) == set(have)
        and "uuid" not in want
    ):
        found: Values = {}
        for key, value in want.items():
            found.update(_leftover(value, have[key], (*path, key)))
        return found
    return {} if want is MISSING else {".".join(path): want}


# towards the register


def changes(
    resource: Resource, home: Home, intended: Values, before: Values | None, record: Any
) -> dict[Path, Any]:
    """What has to be written into a register's record: path → value, only what differs.

    `before` is what was read and `record` what stands in the register; None and {} for a new record.
    """
    found: dict[Path, Any] = {}
    for at, name, as_it_is, pair in shapes_of(resource, home).of(intended).written:
        want = intended.get(name, MISSING) if name else get(intended, pair.served)
        if before is not None and (pair.frozen or want == get(before, pair.served)):
            continue
        if pair.condition and any(_after(found, record, path) != value for path, value in pair.condition):
            continue
        current = record.get(at, MISSING) if at else get(record, pair.at)
        value = want if want and as_it_is else encoded(pair, want, current)
        if value is not MISSING and value != current:
            found[pair.at] = value
    return found


def _after(found: Mapping[Path, Any], record: Any, path: Path) -> Any:
    return found[path] if path in found else get(record, path)


def encoded(pair: Pair, want: Any, current: Any) -> Any:
    """The register's value for a served one, or the nearest it takes; MISSING to leave the field alone."""
    if not want and want is not False and not filled(want):
        value: Any = pair.nothing if filled(current) and pair.to is None and pair.clears else MISSING
    else:
        try:
            value = pair.write(want)
        except DoesNotFit:
            value = pair.nearest(want)
            if value is MISSING and pair.clears and isinstance(current, str) and pair.to is None:
                value = pair.nothing  # what stood there is no longer so
            elif value is not MISSING and value == want:
                value = pair.nothing if pair.clears else MISSING
    if pair.filler and not filled(value):
        return MISSING if filled(current) and is_filler(pair.filler, current) else filler(pair.filler)
    return value


def filler(form: str) -> str:
    """A new value for a field that a register demands: K and seven random characters."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return "K" + "".join(secrets.choice(alphabet) for _ in range(7))
