"""What reading and writing the records of a home takes, worked out of its mapping once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from adapter.mapping import codecs, paths
from adapter.mapping.model import Home, Member, Pair, Resource
from adapter.mapping.paths import Path, put_apart
from adapter.mapping.straight import Step, Values, straight

Part = tuple[Path, tuple[Path, ...], tuple[Path, ...], Callable[[Any], Any]]
"""(served path, register paths of which the first counts, of texts that are read together, conversion)."""


class Shape:
    """The pairs that hold for records of one kind; `steps` are those that only these have, in their order."""

    __slots__ = (
        "_beside",
        "_home",
        "_members",
        "_whole",
        "alone",
        "elsewhere",
        "fixed",
        "kept",
        "pairs",
        "steps",
        "wholes",
        "written",
    )

    def __init__(self, resource: Resource, home: Home, pairs: tuple[Pair, ...], common: int = 0) -> None:
        self._home, self._members = home, resource.members
        self.pairs = pairs
        self._whole = {each.member for each in home.wholes}
        self.steps: tuple[Step, ...] = tuple(
            _step(pair) for pair in pairs[common:] if pair.served[0] not in self._whole
        )
        self.wholes = tuple(
            tuple((at, _parts(pairs, each.member, at)) for at in each.places) for each in home.wholes
        )
        """For each group that is read whole: the places where it may stand, and how it is read there."""
        self.written: tuple[tuple[str, str, bool, Pair], ...] = tuple(
            (*_step(pair)[:2], pair.write is codecs.same and not pair.filler, pair)
            for pair in pairs
            if not pair.read_only
        )
        """As a `Step`, but with whether a value is written as it is in the place of the conversion."""
        variants = {member for member, _ in home.variants}
        elsewhere = {each.served[0] for each in home.known if len(each.served) == 1}
        elsewhere |= {each.member for each in home.legacy}
        kept = tuple(_kept(resource))
        self.kept = tuple(name for name in kept if name not in variants and name not in elsewhere)
        """The members that an aanvulling keeps when the record reads otherwise."""
        self.alone = tuple(name for name in kept if name in variants)
        """Those of which the record has to say it by itself: they choose how it is read."""
        self.elsewhere = tuple(name for name in kept if name in elsewhere and name not in variants)
        """Those that the record names by a key, or another record says: they are kept whatever it says."""
        self.fixed = frozenset(pair.served[0] for pair in pairs if pair.read_only and len(pair.served) == 1)
        """Those that this register never takes: where a client gives no value, its own holds."""
        self._beside: dict[str, tuple[Path, ...]] = {}

    def beside(self, text: str) -> tuple[Path, ...]:
        """The paths in a record of the values that a served path, written with dots, stands beside."""
        found = self._beside.get(text)
        if found is None:
            found = tuple(self._beside_all(paths.parse(text)))
            # other texts may hold a client's own keys, and there is no end to those
            if text in self._members:
                self._beside[text] = found
        return found

    def _beside_all(self, path: Path) -> Iterable[Path]:
        yield from _beside(self.pairs, self._home, path[:1] if path[0] in self._whole else path)
        member = self._members.get(path[0])
        if member is not None and member.about:
            yield from _beside(self.pairs, self._home, paths.parse(member.about))


class Shapes:
    """All shapes of the records in one home of a resource."""

    __slots__ = ("_chosen", "_resource", "base", "blank", "has_more", "home", "left", "names", "straight")

    def __init__(self, resource: Resource, home: Home) -> None:
        self._resource, self.home = resource, home
        self.blank = _blank(resource, home)
        """What a record reads as of which nothing is known but where it is; its groups are shared."""
        self.base = Shape(resource, home, home.pairs)
        self.straight, self.left = straight(resource, self.blank, self.base.steps)
        """What reads the plain pairs of every record, and the steps that are left after it."""
        self.has_more = bool(home.variants or self.base.wholes)
        """Whether there is more to read than these steps say."""
        self.names = frozenset(resource.members)
        """The members: names that lead into no group."""
        self._chosen: dict[tuple[Any, ...], Shape] = {}

    def of(self, values: Mapping[str, Any]) -> Shape:
        """The shape of a record with these values: what every record has, and what its variants have."""
        if not self.home.variants:
            return self.base
        chosen = tuple(
            value if isinstance(value := values.get(member), str) and value in table else None
            for member, table in self.home.variants
        )
        found = self._chosen.get(chosen)
        if found is None:
            more = [
                pair
                for (_, table), value in zip(self.home.variants, chosen, strict=True)
                for pair in table.get(value or "", ())
            ]
            pairs = (*self.home.pairs, *more)
            found = self._chosen[chosen] = Shape(self._resource, self.home, pairs, len(self.home.pairs))
        return found


def put_into(resource: Resource, values: Values, path: Path, value: Any) -> None:
    """Set the value at a served path; a group that it leads into has all its members then."""
    if len(path) > 1:
        open_group(resource, values, path)
    put_apart(values, path, value)


def open_group(resource: Resource, values: Values, path: Path) -> None:
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


def _blank(resource: Resource, home: Home) -> Values:
    values = dict(resource.blank)
    for path, value in home.means:
        put_into(resource, values, path, value)
    return values


def _step(pair: Pair) -> Step:
    at, name = pair.plain or ("", "")
    return at, name, None if pair.read is codecs.same else pair.read, pair


def _parts(pairs: Iterable[Pair], member: str, place: Path) -> tuple[Part, ...]:
    """How a group is read that stands at a place in a record."""

    def here(found: Iterable[Path]) -> tuple[Path, ...]:
        return tuple(path for path in found if path[: len(place)] == place)

    mine = [pair for pair in pairs if pair.served[0] == member]
    return tuple((each.served, here((each.at, *each.else_at)), here(each.joined), each.read) for each in mine)


def _kept(resource: Resource) -> Iterable[str]:
    """The members that an aanvulling may have to keep."""
    for name, member in resource.members.items():
        derived = member.computed is not None or (member.absent.kind == "same_as" and member.read_only)
        if not derived:
            yield name


def _beside(pairs: Iterable[Pair], home: Home, path: Path) -> Iterable[Path]:
    for pair in pairs:
        if pair.served[: len(path)] == path or path[: len(pair.served)] == pair.served:
            yield from (pair.at, *pair.else_at, *pair.joined, *pair.else_unless)
    yield from ((each.told,) for each in home.known if each.told and each.served == path)
