"""What a home can be searched for: the texts that its register is asked for when a value is wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from adapter.engine.entities.annotations import SEARCH
from adapter.engine.query import plans
from adapter.engine.query.plans import Search, TextOperator, Wanted
from adapter.mapping.model import Home, Mappings, Pair, Resource
from adapter.mapping.paths import Path, get
from adapter.mapping.references import plain

Searches = tuple[Search, ...]
Texts = tuple[Path, TextOperator, tuple[str, ...]]
"""(path, operator, texts) of a search in objects."""
OPERATORS: Mapping[str, TextOperator] = {"equals": "in", "contains": "icontains"}


class HomeSearches:
    """The searches of one plan; `undecided` name vocabularies that one of them depends on."""

    def __init__(
        self, mappings: Mappings, types: Collection[str], closed: Mapping[plans.InObjects, bool]
    ) -> None:
        self.mappings, self.types, self.closed = mappings, types, closed
        self.undecided: list[plans.InObjects] = []

    def searches(self, resource: Resource, home: Home, wanted: Wanted, value: Any) -> Searches | None:
        """What gives all of a home with a value at the path that is wanted; None when it cannot be asked.

        It may give more. Nothing is asked when no resource of the home can have the value.
        """
        path = wanted.path
        if home.optional and home.object_type not in self.types:
            return ()
        constants = [constant for at, constant in home.means if at == path]
        alone = home.kind != "record" or home.found_by
        if constants and alone and wanted.operator == "equals" and constants[0] != value:
            return ()
        if not isinstance(value, str) or value == "" or wanted.operator not in OPERATORS:
            return None
        if home.kind == "inside" and not constants and not _says(home, path):
            # what is embedded there never has more than the absent value
            return None if absent(resource, path) == value else ()
        if _by_variant(home, path):
            return None
        if home.kind == "object":
            return self._in_objects(home, path, value, OPERATORS[wanted.operator])
        if wanted.operator == "contains" or (home.kind == "inside" and constants):
            return None
        if home.kind == "inside":
            return self._in_owners(home, path, value)
        return self._in_records(resource, home, path, value)

    def _in_records(self, resource: Resource, home: Home, path: Path, value: str) -> Searches | None:
        pair = home.pair_of.get(path)
        if pair is None:
            known = value == absent(resource, path) or any(at == path for at, _ in home.means)
            return None if known else (plans.InSidecars(path, value),)
        parameter, texts = self._parameter(home, pair.at), pair.search(value)
        if parameter is None or texts is None:
            return None
        assert home.place is not None
        if home.found_by:
            # The register made them, and spells what they name as it does.
            own = {plain(text).casefold(): text for text in reversed(texts)}
            return (plans.InRecords(home.place, parameter, tuple(reversed(own.values()))),) if own else ()
        found = plans.InRecords(home.place, parameter, tuple(texts))
        return (found,) if pair.total else (found, plans.InSidecars(path, value))

    def _in_objects(self, home: Home, path: Path, value: str, operator: TextOperator) -> Searches | None:
        if not home.pairs:
            return (plans.InObjects(home.object_type, "__".join(path), operator, (value,)),)
        rest = "__".join((home.rest, SEARCH, *path))
        beside = (plans.InObjects(home.object_type, rest, operator, (value,)),) if home.rest else ()
        pair = home.pair_of.get(path)
        if pair is None:
            return beside or None
        paired = self._paired(home, pair, value, operator)
        return paired if paired is None or pair.total else (*paired, *beside)

    def _paired(self, home: Home, pair: Pair, value: str, operator: TextOperator) -> Searches | None:
        """What gives the objects with a value in the field of a pair."""
        kind, at = home.object_type, "__".join(pair.at)
        if operator == "icontains" and len(pair.sources) == 1:
            return None if pair.converted else (plans.InObjects(kind, at, operator, (value,)),)
        if pair.instant:
            days = tuple((at, sign, day) for sign, day in around(value))
            return (plans.InDays(kind, days),) if days else None
        found = _texts(pair, value, loose=bool(home.read_only)) or self._named(home, pair, value)
        return tuple(plans.InObjects(kind, "__".join(at), how, texts) for at, how, texts in found) or None

    def _in_owners(self, home: Home, path: Path, value: str) -> Searches | None:
        pair = home.pair_of.get(path)
        if pair is None:
            return None
        if self._owner(home).kind == "object":
            found = _texts(pair, value, loose=not home.each)
            return tuple(plans.InOwners(*each, whole=False) for each in found) or None
        texts = pair.search(value)
        if texts is None:
            return None
        return (plans.InOwners(pair.at, "in", tuple(texts), self._unfindable(home, home.each, pair.at)),)

    def _named(self, home: Home, pair: Pair, value: str) -> list[Texts]:
        """The texts of a vocabulary that read as a value, as any other would; none while others may occur."""
        if not pair.named:
            return []
        named = plans.InObjects(home.object_type, "__".join(pair.at), "in", pair.named)
        if named not in self.closed:
            self.undecided.append(named)
        texts = tuple(text for text in pair.named if pair.read(text) == value)
        return [(pair.at, "in", texts)] if self.closed.get(named) else []

    # references

    def reads_owners(self, resource: Resource, member: str) -> bool:
        """Whether all owners of embedded values are read to find one by what it refers to."""
        return any(self._reads_owners(home, member) for home in resource.homes.values())

    def _reads_owners(self, home: Home, member: str) -> bool:
        if home.kind != "inside":
            return False
        if home.owner is not None and home.owner[0] == member:
            between, _, embedded = home.owner[1].rpartition(".")
            if not between:
                owner = self.mappings.resources[home.owner_resource]
                return home.owner[1] != "self" and self.reads_owners(owner, home.owner[1])
            other = self.mappings.resources[between].homes[embedded]
            assert other.owner is not None
            return self.reads_owners(self.mappings.resources[other.owner_resource], other.owner[1])
        pair = home.pair_of.get((member,))
        if pair is not None and pair.to is not None:
            return self._unfindable(home, home.each, pair.at)
        for known in home.known:
            if known.served == (member,):
                slot = self.mappings.resources[known.resource].homes[known.home]
                return self._unfindable(home, slot.each, slot.known_at)
        return False

    def _owner(self, home: Home) -> Home:
        return self.mappings.resources[home.owner_resource].homes[home.owner_home]

    def _parameter(self, home: Home, at: Path) -> str | None:
        assert home.place is not None
        return self.mappings.collections[home.place].search.get(".".join(at))

    def _unfindable(self, home: Home, each: Path, at: Path) -> bool:
        """Whether the register of its owners cannot be asked for a text of what is embedded."""
        owner = self._owner(home)
        return owner.kind == "record" and self._parameter(owner, (*each, *at)) is None


def absent(resource: Resource, path: Path) -> Any:
    """What a served path reads as when nothing is known."""
    return get({name: member.absent.value for name, member in resource.members.items()}, path)


def _texts(pair: Pair, value: str, *, loose: bool) -> list[Texts]:
    """What finds the objects with a value in the field of a pair; nothing when none finds them all.

    `loose` is for texts that a person typed, perhaps with spaces around them.
    """
    texts, part = pair.search(value), longest_word(value)
    if len(pair.sources) > 1:
        # a text that is put together stands nowhere as a whole, but each of its words does
        return [(at, "icontains", (part,)) for at in pair.sources if part]
    if loose and texts == [value] and part:
        return [(pair.at, "icontains", (part,))]
    return [] if texts is None else [(pair.at, "in", tuple(texts))]


def longest_word(text: str) -> str:
    """The longest word of a text that no cutting may have shortened; empty when there is none."""
    return max((word for word in text.split() if not word.endswith("…")), key=len, default="")


def around(instant: str) -> list[tuple[str, str]]:
    """(operator, date) between which an instant lies on any clock; nothing at the ends of the calendar."""
    try:
        day = dt.date.fromisoformat(instant[:10])
        return [("gte", str(day - dt.timedelta(1))), ("lt", str(day + dt.timedelta(2)))]
    except (ValueError, OverflowError):
        return []


def _by_variant(home: Home, path: Path) -> bool:
    """Whether only some of the records in a home have a field for a path."""
    tables = [table for _, table in home.variants]
    return any(pair.served == path for table in tables for pairs in table.values() for pair in pairs)


def _says(home: Home, path: Path) -> bool:
    """Whether a home has anything to say of a served path."""
    return (
        home.pair_of.get(path) is not None
        or _by_variant(home, path)
        or any(each.served == path[: len(each.served)] for each in home.known)
        or (home.owner is not None and path[0] == home.owner[0])
    )
