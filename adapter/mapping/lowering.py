"""What correspondences say of homes: a pair stands once, there, and is read as a line of the home as well.

A correspondence (`<dialect>/correspondences/*.yaml`) is about a record of the old API and one of the new. The
home in which the new one is stored as such a record has its pairs, as if the mapping file said them. What
that file says of the same member is laid over them, so that it has only what this direction needs besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping.language.grammar import WITHOUT
from adapter.mapping.paths import parse
from adapter.mapping.source import NodePath, Position, Source
from adapter.openapi.objecttypes import OBJECTTYPES

Content = Mapping[str, Any]
# The words of a pair that mean the same in both.
_SAME = ("at", "words", "form", "to", "uuid_of", "else_at")
_SAME_AS = "same_as"
# A member that has any value.
GIVEN = "given"
# The words of a filler that is worked out.
_COMPUTED = {"code_of", "first_line_of", "day_of", "of"}
# Below this, the record of an object has the members of its type.
_DATA = "data."


@dataclass(frozen=True, slots=True)
class Lowered:
    """What a correspondence says of a home, as a part of the file of that name (without suffix)."""

    stem: str
    source: Source


def lowered(source: Source, whole: Content, below: Content, files: Mapping[str, Content]) -> Lowered | None:
    """The lines that the file of a correspondence gives to a home; None when there is no such home.

    `whole` is the correspondence with those that it is laid over, `below` those alone; `files` are the
    mapping files by name.
    """
    found = home_of(whole, files)
    if found is None or "gather" in whole:
        return None
    stem, home = found
    inside = _DATA if _collection(whole, "old").startswith(OBJECTTYPES) else ""
    lines = _left_out(_groups(source.content, inside), _groups(below, inside))
    here = ("homes", home)
    content = said_of(files[stem], home, {name: each for name, each in lines.items() if each})
    return Lowered(stem, Source(source.file, content, dict(_positions(source, here))))


def _groups(content: Content, inside: str) -> dict[str, Any]:
    """The lines that a correspondence is for a home, by the group in which they stand there."""
    groups = {"fields": _lines(content.get("pairs"), inside)}
    groups["by"] = {
        member: variants if member == WITHOUT else _variants(variants, inside)
        for member, variants in _items(content.get("by"))
    }
    return groups if inside else groups | _conditions(content) | {"fill": _fillers(content)}


def _variants(variants: Any, inside: str) -> dict[str, Any]:
    return {value: lines if value == WITHOUT else _lines(lines, inside) for value, lines in _items(variants)}


def _left_out(lines: Content, below: Content) -> dict[str, Any]:
    """Lines, which are without no more than what `below` has: not all of a correspondence is lines."""
    found: dict[str, Any] = {}
    for name, each in lines.items():
        if name == WITHOUT and isinstance(each, list):
            found |= (
                {name: left}
                if (left := [one for one in each if isinstance(one, str) and one in below])
                else {}
            )
        else:
            inner = below.get(name)
            both = isinstance(each, dict) and isinstance(inner, dict)
            found[name] = _left_out(each, inner) if both and inner is not None else each
    return found


def said_of(file: Content, home: str, lines: Content) -> dict[str, Any]:
    """The lines of a home as the content of a file, in which the homes have the order of the mapping file."""
    homes: dict[str, Any] = {name: {} for name, _ in _homes_of(file)}
    return {"resource": file["resource"], "homes": {**homes, home: lines}}


def _conditions(content: Content) -> dict[str, dict[str, Any]]:
    """Which new records there are of the other side: what any may be given to be one, and what all are."""
    new = content.get("new")
    where = new.get("where") if isinstance(new, dict) else None
    return {"takes": conditions_of(where, given=True), "means": conditions_of(where, given=False)}


def conditions_of(where: Any, *, given: bool) -> dict[str, Any]:
    """The conditions that a member is given, or is not; or else those that name its value."""
    return {
        path: value for path, value in _items(where) if path == WITHOUT or (value in (GIVEN, None)) is given
    }


def _fillers(content: Content) -> dict[str, Any]:
    """What every old record is filled with that nobody says; not what follows from the record itself."""
    means, fill = content.get("means"), content.get("fill")
    found = [*_items(_old(means)), *_items(_old(fill))]
    left = [each for name, names in found if name == WITHOUT and isinstance(names, list) for each in names]
    said = {name: node for name, node in found if not (isinstance(node, dict) and _COMPUTED & node.keys())}
    return {**said, WITHOUT: left} if left else said


def _old(sides: Any) -> Any:
    return sides.get("old") if isinstance(sides, dict) else None


def pair_at(content: Content, path: NodePath) -> str | None:
    """The path of the record that a line names; None when it names none."""
    node: Any = content
    for part in path:
        node = node.get(part) if isinstance(node, dict) else None
    at = node.get("at") if isinstance(node, dict) else node
    return at if isinstance(at, str) else None


def home_of(whole: Content, files: Mapping[str, Content]) -> tuple[str, str] | None:
    """The file and the home in which new records are stored as the old ones of a correspondence."""
    return next(_homes(whole, files), None)


def _homes(whole: Content, files: Mapping[str, Content]) -> Iterator[tuple[str, str]]:
    """The homes of that record; then others in its register, in which the record may be misspelt."""
    old, new = _collection(whole, "old"), _collection(whole, "new")
    homes = [
        (stem, name, home.get("record") or _objecttype(home))
        for stem, content in files.items()
        for name, home in _homes_of(content)
        if content.get("resource") == new
    ]
    yield from ((stem, name) for stem, name, record in homes if record == old)
    register = _register(old)
    yield from ((stem, name) for stem, name, record in homes if register and _register(record) == register)


def _register(record: Any) -> str:
    register = str(record).partition("/")[0]
    return "" if register == OBJECTTYPES else register


def _homes_of(content: Content) -> Iterator[tuple[str, Content]]:
    yield from ((name, home) for name, home in _items(content.get("homes")) if isinstance(home, dict))


def _objecttype(home: Content) -> str:
    return f"{OBJECTTYPES}/{str(home.get('object', '')).lower()}"


def _collection(whole: Content, side: str) -> str:
    node = whole.get(side)
    return str(node.get("record") if isinstance(node, dict) else node)


def _items(node: Any) -> Iterator[tuple[str, Any]]:
    yield from node.items() if isinstance(node, dict) else ()


def _lines(nodes: Any, below: str) -> dict[str, Any]:
    return {
        name: line
        for name, node in _items(nodes)
        if (line := node if name == _SAME_AS else line_of(node, below)) is not None
    }


def line_of(node: Any, below: str) -> Any:
    """A pair as a line of a home; None for one that only old clients have."""
    pair = {"at": node} if isinstance(node, str) else node
    if not isinstance(pair, dict):
        return pair
    line = {word: pair[word] for word in _SAME if word in pair}
    if "at" in pair:
        at = str(pair["at"])
        # a place in a list cannot be written by itself
        if not at.startswith(below) or any(part.isdecimal() for part in parse(at)):
            return None
        line["at"] = at.removeprefix(below)
    if "too_long" in pair:
        line["too_long"] = "refuse" if pair["too_long"] == "aside" else pair["too_long"]
    if pair.get("frozen") == "old":
        line["frozen"] = True
    if "sharper" in pair:
        line["choose"] = dict(_chosen(pair["sharper"]))
    return line


def _chosen(sharper: Any) -> Iterator[tuple[str, Any]]:
    for word, each in _items(sharper):
        if isinstance(each, dict) and isinstance(each.get("any"), str):
            yield word, {each["any"]: each.get("where")}


def _positions(source: Source, here: NodePath) -> Iterator[tuple[NodePath, Position]]:
    for path, position in source.positions.items():
        match _renamed(path):
            case ("pairs", *below):
                yield (*here, "fields", *below), position
            case ("by", *below):
                yield (*here, "by", *below), position
            case ("fill" | "means", "old", *below):
                yield (*here, "fill", *below), position
            case ("new", "where", *below):
                yield (*here, "takes", *below), position
                yield (*here, "means", *below), position
            case _:
                pass


def _renamed(path: NodePath) -> NodePath:
    """The path in which the word of a pair is that of a line of a home."""
    if "sharper" not in path:
        return path
    at = path.index("sharper")
    return (*path[:at], "choose", *path[at + 1 : at + 2])
