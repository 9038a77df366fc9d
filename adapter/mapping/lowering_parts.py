"""What parts of correspondences say of homes: one that is a `part` stands inside the old record.

Seen from its rows, a part is a place in which such a resource lives; or, of rows that a link leads to, in
which the link does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapter.mapping.correspondence_parts import DATA, Content, Part, is_object, parts_of, table
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.lowering import Lowered, conditions_of, home_of, line_of, said_of
from adapter.mapping.paths import ITSELF
from adapter.mapping.source import NodePath, Position, Source

PART = "part"


def homes_of_parts(
    files: Mapping[str, Content],
    own: Mapping[str, Source],
    correspondences: Mapping[str, Sequence[Source]],
    whole: Mapping[str, Content],
) -> Iterator[Lowered]:
    """What parts say of the homes that the mapping files of a dialect itself (`own`) say are one.

    `files` and `whole` are the mapping files and correspondences with those that they are laid over, by name;
    `correspondences` those that are laid over each other, the most particular first.
    """
    known = parts_of(whole)
    for stem, source in own.items():
        for home, text in named_parts(source.content):
            part = known.get(text)
            owner = home_of(part.correspondence, files) if part else None
            if part is None or owner is None or "resource" not in files[stem]:
                continue
            lines = {"inside": f"{files[owner[0]]['resource']}.{owner[1]}"}
            if part.link == files[stem]["resource"]:
                lines |= _link(part, files[stem], files)
            else:
                lines |= _home(part, files)
            file, here = written_at(part, correspondences)
            positions = dict.fromkeys(_paths(lines, ("homes", home)), here)
            yield Lowered(stem, Source(file, said_of(files[stem], home, lines), positions))


def written_at(part: Part, correspondences: Mapping[str, Sequence[Source]]) -> tuple[str, Position]:
    """The file and the place in it where a part is written, in the most particular dialect."""
    sources = correspondences[part.name.partition(".")[0]]
    path = part.path
    while path:
        for source in sources:
            if path in source.positions:
                return source.file, source.positions[path]
        path = path[:-1]
    return sources[0].file, (1, 1)


def named_parts(content: Content) -> Iterator[tuple[str, str]]:
    """(home, the part that it says it is, as correspondence.part) of a file."""
    for name, home in table(content.get("homes")).items():
        if isinstance(home, dict) and isinstance(home.get(PART), str):
            yield name, home[PART]


def homes_by_part(files: Mapping[str, Content]) -> dict[str, list[tuple[str, str]]]:
    """(file, home) of all that are a part, by its name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for stem, content in files.items():
        for home, text in named_parts(content):
            found.setdefault(text, []).append((stem, home))
    return found


def strange_parts(content: Content, known: Sequence[str]) -> Iterator[Problem]:
    """A mistake for each home that says that it is a part which there is not."""
    for name, text in named_parts(content):
        if text not in known:
            problem = f"no correspondence has a part {text}{way_out(text, known)}"
            yield Problem(("homes", name, PART), problem, blocking=True)


def _home(part: Part, files: Mapping[str, Content]) -> dict[str, Any]:
    """The lines of the home that a part is, of its rows."""
    node, at, list_ = part.node, part.at, part.kind == "each_of"
    itself = ITSELF if list_ else at
    below = "" if list_ or "value" in node else f"{at}."
    filled = f"{below}{node['filled']}" if "filled" in node else itself
    listed = {each.listed for each in part.parts()}
    make = {path: value for path, value in table(node.get("make")).items() if path not in listed}
    lines: dict[str, Any] = {
        "each": at if list_ else None,
        "owner": {part.reference: _owner(part, files)} if part.reference else None,
        "filled": filled,
        "if": {_in_home(part, path): each for path, each in table(node.get("if")).items()},
        "means": {**conditions_of(node.get("where"), given=False), **make},
        "fields": _fields(part, itself, below),
        "by": _variants(part, itself, below),
    }
    return {name: each for name, each in lines.items() if each}


def _link(part: Part, link: Content, files: Mapping[str, Content]) -> dict[str, Any]:
    """The lines of the home that a part is, of the links that lead to its rows."""
    filled = f"{part.at}.{part.node['filled']}" if "filled" in part.node else part.at
    lines = {
        "owner": {part.link_reference: "self"},
        "filled": filled,
        "fields": {member: {"known": [each]} for member, each in _known(part, link, files)},
    }
    return {name: each for name, each in lines.items() if each}


def _known(part: Part, link: Content, files: Mapping[str, Content]) -> Iterator[tuple[str, str]]:
    """(the member of a link that refers to the row, the home of the row in the record)."""
    member = reference_to(part.rows, link)
    for stem, home in homes_by_part(files).get(part.name, ()):
        if member and files[stem].get("resource") == part.rows:
            yield member, f"{part.rows}.{home}"


def reference_to(resource: str, content: Content) -> str:
    """The first member of a mapping that refers to a resource; nothing when none does."""
    members = table(content.get("fields")).items()
    return next((name for name, node in members if table(node).get("to") == resource), "")


def _owner(part: Part, files: Mapping[str, Content]) -> str:
    """What the reference of a row leads to, from the record in which it stands."""
    if part.outer is None:
        return str(part.node.get("through", "self"))
    homes = homes_by_part(files).get(part.outer.name, ())
    of_rows = [home for stem, home in homes if files[stem].get("resource") == part.outer.rows]
    return f"{part.outer.rows}.{of_rows[0]}" if of_rows else "self"


def _in_home(part: Part, path: str) -> str:
    return path.removeprefix(DATA) if is_object(part.correspondence) else path


def _fields(part: Part, itself: str, below: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, pair in part.pairs():
        if pair["new"] in found:
            # a boolean that says the same as the member before it
            true = [word for word, said in table(pair.get("words")).items() if said is True]
            found[pair["new"]] |= (
                {"said_by": {itself if name == ITSELF else below + name: true[0]}} if true else {}
            )
        elif _chosen_by(part, pair) is None:
            found[pair["new"]] = _line(name, pair, itself, below)
    return found


def _variants(part: Part, itself: str, below: str) -> dict[str, Any]:
    """The pairs that hold `if` a word of the record says so, by the member that is read from it."""
    found: dict[str, Any] = {}
    for name, pair in part.pairs():
        chosen = _chosen_by(part, pair)
        if chosen is None:
            continue
        member, words = chosen
        variants = found.setdefault(member, {})
        for word, holds in words.items():
            variants.setdefault(word, {})
            if holds:
                variants[word][pair["new"]] = _line(name, pair, itself, below, chosen=True)
    return found


def _line(name: str, pair: Content, itself: str, below: str, *, chosen: bool = False) -> dict[str, Any]:
    """A pair as a line of the home; `chosen` when the home says otherwise for which records it holds."""
    path = itself if name == ITSELF else f"{below}{name}"
    others = [f"{below}{each}" for each in _names(pair, "else_at")]
    before = [f"{below}{each}" for each in _names(pair, "with")]
    line: dict[str, Any] = line_of({**pair, "at": path, **({"else_at": others} if others else {})}, "")
    if not chosen and "if" in pair:
        line["if"] = {f"{below}{each}": value for each, value in table(pair["if"]).items()}
    return {**line, "joined": [*before, path]} if before else line


def _chosen_by(part: Part, pair: Content) -> tuple[str, dict[str, bool]] | None:
    """(member, for each of its words whether the pair holds then) of a pair that holds `if` a word is there.

    None for one that holds always, or for what else stands in the record.
    """
    conditions = [*table(pair.get("if")).items()]
    if len(conditions) != 1:
        return None
    ((name, value),) = conditions
    other = dict(part.pairs()).get(name, {})
    words = table(other.get("words"))
    held = {word: value in (each if isinstance(each, list) else [each]) for word, each in words.items()}
    return (str(other["new"]), held) if any(held.values()) else None


def _names(pair: Content, word: str) -> list[Any]:
    names = pair.get(word)
    return names if isinstance(names, list) else []


def _paths(node: Any, path: NodePath) -> Iterator[NodePath]:
    yield path
    for name, each in node.items() if isinstance(node, dict) else ():
        yield from _paths(each, (*path, name))
