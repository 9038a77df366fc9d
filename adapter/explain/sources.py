"""The source of each property of a served resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.mapping import translate
from adapter.mapping.model import Home, Member, Pair
from adapter.mapping.paths import MISSING, Path, filled, get, parse
from adapter.mapping.translate import is_filler

NOBODY = "nobody gave it"
OWNER_OF_UUID = {
    "record": "the uuid of the register's record",
    "object": "the uuid of the object",
    "inside": "made of the uuid of the record that it stands in",
}


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a resource; `source` describes where its value comes from."""

    path: Path
    value: Any
    source: str


def properties(entry: Entry, answer: Mapping[str, Any]) -> Iterator[Property]:
    """The properties of a representation; those of a group one by one."""
    resource = entry.resource
    for name, value in answer.items():
        if name == "uuid":
            yield Property((name,), value, OWNER_OF_UUID[entry.home.kind])
        elif name in resource.relations:
            relation = resource.relations[name]
            yield Property((name,), value, f"the {relation.resource} whose {relation.member} is this one")
        elif name in resource.members:
            found = [Property(path, leaf, source(entry, path)) for path, leaf in _leaves((name,), value)]
            said = [each for each in found if not each.source.startswith(NOBODY)]
            yield from found if said or len(found) == 1 else [Property((name,), "", NOBODY)]


def place(home: Home) -> str:
    """The place of a home: `klanten/klanten`, `object Actor` or `in internetaken.taak`."""
    if home.place is not None:
        return f"{home.place.register}/{home.place.collection}"
    return f"object {home.object_type}" if home.object_type else f"in {home.owner_resource}.{home.owner_home}"


def source(entry: Entry, path: Path) -> str:
    """A description of the source of the value at a path."""
    member = _member(entry, path)
    if member.computed is not None:
        return f"made of {_words(member.computed[1])}"
    kept = _kept(entry)
    if any(_at(kept, parse(text), path) == get(entry.values, path) for text in kept):
        return "aanvulling"
    found = _in_home(entry, path)
    return _for_want(member) if found == NOBODY and member.name == path[0] else found


def _member(entry: Entry, path: Path) -> Member:
    """The member at a path, or the innermost group around it that the mapping has."""
    member = entry.resource.members[path[0]]
    for part in path[1:]:
        inner = member.variants.get(entry.values.get(member.by, ""), {}) if member.by else member.members
        if part not in inner:
            break
        member = inner[part]
    return member


def _for_want(member: Member) -> str:
    """A description of the source of a value that no client gave."""
    absent = member.absent
    if absent.kind == "first_line":
        return f"nobody gave it: the first line of {absent.member}"
    if absent.kind == "same_as":
        return f"nobody gave it: that of {absent.member}"
    return f"{NOBODY}: the mapping's own" if absent.value not in ("", None, [], {}) else NOBODY


def _in_home(entry: Entry, path: Path) -> str:
    home = entry.home
    for pair in translate.active(entry.resource, home, entry.values):
        if pair.served == path[: len(pair.served)]:
            field = _field(home, pair, entry.record)
            if pair.filler and is_filler(pair.filler, get(entry.record, pair.at)):
                return f"{NOBODY}: {field} is only filled up"
            return f"{place(home)}: {field}" if field else NOBODY
    if any(at == path for at, _ in home.means):
        return f"follows from the home {home.name}"
    if any(each.served == path[:1] for each in home.known):
        return f"the key in {place(home)}"
    legacy = next((each for each in home.legacy if each.member == path[0]), None)
    if legacy is not None:
        return f"{legacy.at} of the {legacy.of}"
    if home.owner is not None and home.owner[0] == path[0]:
        return "the record that it stands in"
    if home.kind == "object" and not home.pairs and get(entry.record, path) is not MISSING:
        return f"{place(home)}: {'.'.join(path)}"
    return NOBODY


def _field(home: Home, pair: Pair, record: Any) -> str:
    """The path of the first register field of a pair that has a value; "" when none has."""
    paths = (pair.at, *pair.else_at, *pair.joined)
    return next((".".join((*home.each, *path)) for path in paths if filled(get(record, path))), "")


def _kept(entry: Entry) -> Mapping[str, Any]:
    """The values of the aanvulling, or of the group of an object that has the task of one."""
    if entry.home.rest:
        holder = (entry.record or {}).get(entry.home.rest) or {}
    elif entry.home.kind == "record" and entry.stored is not None:
        holder = entry.stored.data
    else:
        holder = {}
    found: Mapping[str, Any] = holder.get(translate.VALUES) or {}
    return found


def _at(kept: Mapping[str, Any], entry: Path, path: Path) -> Any:
    """What the aanvulling has for a path; it keeps whole groups or single members."""
    if path[: len(entry)] != entry:
        return MISSING
    return get(kept[".".join(entry)], path[len(entry) :])


def _leaves(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict) and value and "uuid" not in value:
        for name, each in value.items():
            yield from _leaves((*path, name), each)
    else:
        yield path, value


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
