"""Translate one record: register to served and back, by three rules.

R1  A member goes to the register only where the intended value differs from what was read.
R2  The aanvulling holds what the intended record has and reading the register alone would not give.
R3  Each of its entries keeps a fingerprint of the register values that it stood beside (its basis); when they
    have changed since, the register wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from adapter.mapping import paths
from adapter.mapping.codecs import fingerprint
from adapter.mapping.fillers import filler, is_filler
from adapter.mapping.model import DoesNotFit, Home, Known, Member, Pair, Resource
from adapter.mapping.paths import MISSING, Path, filled, get, put, put_apart

Values = dict[str, Any]

VALUES, BASIS = "waarden", "basis"

KnownBy = Callable[[Known], Any]


def absent(resource: Resource) -> Values:
    """A served record of which nothing is known. Its groups are shared: never to be changed in place."""
    return dict(resource.blank)


def settle(resource: Resource, values: Values) -> Values:
    """Fill in the members whose absence reads as something of another member."""
    for member in resource.settled:
        name = member.name
        if name in values:
            continue
        if member.absent.kind == "same_as":
            values[name] = values.get(member.absent.member)
        else:
            values[name] = (
                _first_line(values.get(member.absent.member), member.absent.length) or member.absent.value
            )
    return values


def _first_line(text: Any, length: int) -> str:
    for line in (text or "").splitlines():
        if line.strip():
            return line.strip() if len(line.strip()) <= length else line.strip()[: length - 1] + "…"
    return ""


def active(home: Home, values: Values) -> list[Pair]:
    """The pairs that hold for a record with these values: those of every record, and of its variants."""
    pairs = list(home.pairs)
    for member, table in home.variants:
        pairs += table.get(values.get(member, ""), ())
    return pairs


def read(
    resource: Resource,
    home: Home,
    record: Any,
    supplement: Mapping[str, Any] | None = None,
    known: KnownBy | None = None,
) -> Values:
    """The served values of a register's record with its aanvulling."""
    entries = (supplement or {}).get(VALUES, {})
    bases = (supplement or {}).get(BASIS, {})
    values = absent(resource)
    for path, value in home.means:
        _into(resource, values, path, value)
    _read_pairs(resource, values, home.pairs, record)
    for member, _ in home.variants:
        if member in entries and _holds(home.pairs, (member,), home, record, bases.get(member)):
            values[member] = entries[member]
    pairs: Sequence[Pair] = home.pairs
    if home.variants:
        pairs = active(home, values)
        _read_pairs(resource, values, pairs[len(home.pairs) :], record)
    for each in home.known:
        value = known(each) if known else None
        if isinstance(value, list):
            value = [*(get(values, each.served) or []), *value]
        if value is not None:
            put_apart(values, each.served, value)
    settle(resource, values)
    for text in sorted(entries, key=len) if len(entries) > 1 else entries:
        was = bases.get(text)
        if "." not in text:
            if was is None or was == basis(pairs, (text,), home, record):
                values[text] = entries[text]
        elif _holds(pairs, path := paths.parse(text), home, record, was):
            put_apart(values, path, entries[text])
    return values


def _read_pairs(resource: Resource, values: Values, pairs: Iterable[Pair], record: Any) -> None:
    plain = isinstance(record, dict)
    for pair in pairs:
        if plain and pair.plain is not None:
            at, name = pair.plain
            value = record.get(at)
            if value or filled(value):
                try:
                    values[name] = pair.read(value)
                except DoesNotFit:
                    continue
            continue
        value = _register_value(pair, record)
        if filled(value) and not is_filler(pair.filler, value):
            for each in (value, *(get(record, path) for path in pair.else_at)):
                try:
                    if filled(each):
                        _into(resource, values, pair.served, pair.read(each))
                        break
                except DoesNotFit:
                    continue
        elif len(pair.served) > 1:
            _group(resource, values, pair.served)


def overwrite(values: Values, pairs: Iterable[Pair], record: Any) -> None:
    """Let a record's values take the place of what was read elsewhere, where the record has any."""
    for pair in pairs:
        value = _register_value(pair, record)
        if filled(value):
            try:
                put_apart(values, pair.served, pair.read(value))
            except DoesNotFit:
                continue


def _into(resource: Resource, values: Values, path: Path, value: Any) -> None:
    if len(path) > 1:
        _group(resource, values, path)
    put_apart(values, path, value)


def _group(resource: Resource, values: Values, path: Path) -> None:
    """Make the group that `path` leads into, with all its members empty, where it is still null."""
    member = resource.members[path[0]]
    if values.get(member.name) is None:
        values[member.name] = empty(member, values)


def empty(member: Member, values: Values) -> Values:
    """A group in which every member is empty, in the variant that the record's values choose."""
    inner = member.variants.get(values.get(member.by, ""), {}) if member.by else member.members
    return {
        name: paths.copied(each.empty if each.empty is not None else each.absent.value)
        for name, each in inner.items()
        if each.computed is None
    }


def _register_value(pair: Pair, record: Any) -> Any:
    if pair.joined:
        parts = [part for path in pair.joined if filled(part := get(record, path))]
        if parts and not filled(get(record, pair.at) if pair.at not in pair.joined else MISSING):
            return " ".join(str(part) for part in parts)
    for path in (pair.at, *pair.else_at):
        value = get(record, path)
        if filled(value):
            return value
    return MISSING


# the aanvulling


def basis(pairs: Iterable[Pair], path: Path, home: Home, record: Any) -> str | None:
    """The fingerprint of the register values beside a served path; None when the register has none for it."""
    beside = [
        get(record, at)
        for pair in pairs
        if pair.served[: len(path)] == path or path[: len(pair.served)] == pair.served
        for at in (pair.at, *pair.else_at, *pair.joined)
    ]
    beside += [get(record, (each.told,)) for each in home.known if each.told and each.served == path]
    return fingerprint(beside) if beside else None


def holds(home: Home, path: Path, record: Any, supplement: Mapping[str, Any]) -> bool:
    """Whether a supplemented value still stands beside the register values that it was written beside."""
    return _holds(home.pairs, path, home, record, (supplement.get(BASIS) or {}).get(".".join(path)))


def _holds(pairs: Iterable[Pair], path: Path, home: Home, record: Any, was: str | None) -> bool:
    return was is None or was == basis(pairs, path, home, record)


def supplement(
    resource: Resource, home: Home, intended: Values, record: Any, known: KnownBy | None = None
) -> Values:
    """What has to stand in the aanvulling so that `record` reads as `intended`; {} when nothing has to."""
    alone = read(resource, home, record, {VALUES: _chosen(home, intended)}, known)
    pairs = active(home, intended)
    plain = read(resource, home, record, None, known) if home.variants else alone
    entries: Values = {}
    for name, member in resource.members.items():
        if member.computed is not None or any(pair.read_only and pair.served == (name,) for pair in pairs):
            continue
        if member.absent.kind == "same_as" and member.read_only:
            continue
        have = MISSING if any(each.served == (name,) for each in home.known) else alone.get(name, MISSING)
        if any(member_name == name for member_name, _ in home.variants):
            have = plain.get(name, MISSING)
        entries.update(_leftover(intended.get(name, MISSING), have, (name,)))
    if not entries:
        return {}
    bases = {
        text: found
        for text in entries
        if (found := basis(pairs, paths.parse(text), home, record)) is not None
    }
    return {VALUES: entries, **({BASIS: bases} if bases else {})}


def _chosen(home: Home, values: Values) -> Values:
    return {member: values[member] for member, _ in home.variants if member in values}


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


def changes(home: Home, intended: Values, before: Values | None, record: Any) -> dict[Path, Any]:
    """What has to be written into a register's record: path → value, only what differs.

    `before` is what was read and `record` what stands in the register; None and {} for a new record.
    """
    found: dict[Path, Any] = {}
    for pair in active(home, intended):
        want = get(intended, pair.served)
        if pair.read_only or (before is not None and (pair.frozen or want == get(before, pair.served))):
            continue
        if any(_after(found, record, path) != value for path, value in pair.condition):
            continue
        value = encoded(pair, want, get(record, pair.at))
        if value is not MISSING and value != get(record, pair.at):
            found[pair.at] = value
    return found


def _after(found: Mapping[Path, Any], record: Any, path: Path) -> Any:
    return found[path] if path in found else get(record, path)


def encoded(pair: Pair, want: Any, current: Any) -> Any:
    """The register's value for a served one, or the nearest it takes; MISSING to leave the field alone."""
    if not filled(want) and want is not False:
        value: Any = "" if filled(current) and pair.to is None and pair.clears else MISSING
    else:
        try:
            value = pair.write(want)
        except DoesNotFit:
            value = pair.nearest(want)
            if value is not MISSING and value == want:
                value = "" if pair.clears else MISSING
    if pair.filler and not filled(value):
        return MISSING if filled(current) and is_filler(pair.filler, current) else filler(pair.filler)
    return value


def nested(found: Mapping[Path, Any]) -> dict[str, Any]:
    """Paths and values as a JSON body."""
    made: dict[str, Any] = {}
    for path, value in found.items():
        put(made, path, value)
    return made
