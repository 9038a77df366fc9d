"""What parts of correspondences say of homes: one that is a `part` stands inside the old record.

A part is a value, a group or a list of an old record that is rows of another resource. Seen from those rows,
it is a place in which such a resource lives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.lowering import Content, Lowered, conditions_of, home_of, line_of, said_of
from adapter.mapping.paths import ITSELF
from adapter.mapping.source import NodePath, Source

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
    for stem, source in own.items():
        for home, text in named_parts(source.content):
            name, _, part = text.partition(".")
            node = part_of(whole.get(name, {}), part)
            owner = home_of(whole.get(name, {}), files)
            if node is None or owner is None or "resource" not in files[stem]:
                continue
            inside = f"{files[owner[0]]['resource']}.{owner[1]}"
            lines = {"inside": inside, **_home(part, node)}
            written = next(each for each in correspondences[name] if ("parts", part) in each.positions)
            here = written.positions["parts", part]
            positions = dict.fromkeys(_paths(lines, ("homes", home)), here)
            yield Lowered(stem, Source(written.file, said_of(files[stem], home, lines), positions))


def named_parts(content: Content) -> Iterator[tuple[str, str]]:
    """(home, the part that it says it is, as correspondence.part) of a file."""
    homes = content.get("homes")
    for name, home in homes.items() if isinstance(homes, dict) else ():
        if isinstance(home, dict) and isinstance(home.get(PART), str):
            yield name, home[PART]


def all_parts(whole: Mapping[str, Content]) -> list[str]:
    """The names of all parts of correspondences, as homes say them."""
    nodes = ((name, content.get("parts")) for name, content in whole.items() if "gather" not in content)
    return [f"{name}.{part}" for name, parts in nodes if isinstance(parts, dict) for part in parts]


def strange_parts(content: Content, known: Sequence[str]) -> Iterator[Problem]:
    """A mistake for each home that says that it is a part which there is not."""
    for name, text in named_parts(content):
        if text not in known:
            problem = f"no correspondence has a part {text}{way_out(text, known)}"
            yield Problem(("homes", name, PART), problem, blocking=True)


def part_of(correspondence: Content, name: str, seen: tuple[str, ...] = ()) -> dict[str, Any] | None:
    """A part with what it is the same as filled in; None when there is none, or it is no part of a record."""
    parts = correspondence.get("parts")
    node = parts.get(name) if isinstance(parts, dict) else None
    if not isinstance(node, dict) or name in seen:
        return None
    other = part_of(correspondence, node["same_as"], (*seen, name)) if "same_as" in node else {}
    return None if other is None else {**other, **node}


def _home(name: str, node: Content) -> dict[str, Any]:
    """The lines of the home that a part is."""
    kind = "each_of" if "each_of" in node else "one_of"
    at, list_ = str(node.get("at", name)), kind == "each_of"
    items = {ITSELF: node["value"]} if "value" in node else node.get("item")
    itself = ITSELF if list_ else at
    below = "" if list_ or "value" in node else f"{at}."
    filled = str(node["filled"]) if "filled" in node else ""
    make = node.get("make")
    means = {**conditions_of(node.get("where"), given=False), **(make if isinstance(make, dict) else {})}
    reference = str(node.get(kind, "")).partition(".")[2]
    lines: dict[str, Any] = {
        "each": at if list_ else None,
        "owner": {reference: node.get("through", "self")} if reference else None,
        "filled": f"{below}{filled}" if filled else itself,
        "there_if": node.get("if"),
        "means": means,
        "fields": dict(_fields(items if isinstance(items, dict) else {}, itself, below)),
    }
    return {name: each for name, each in lines.items() if each}


def _fields(items: Content, itself: str, below: str) -> Iterator[tuple[str, Any]]:
    for name, node in items.items():
        pair = {"new": node} if isinstance(node, str) else node
        if not isinstance(pair, dict) or "new" not in pair:
            continue
        path = itself if name == ITSELF else f"{below}{name}"
        others = [f"{below}{each}" for each in _names(pair, "else_at")]
        before = [f"{below}{each}" for each in _names(pair, "with")]
        line = line_of({**pair, "at": path, **({"else_at": others} if others else {})}, "")
        yield pair["new"], {**line, "joined": [*before, path]} if before else line


def _names(pair: Content, word: str) -> list[Any]:
    names = pair.get(word)
    return names if isinstance(names, list) else []


def _paths(node: Any, path: NodePath) -> Iterator[NodePath]:
    yield path
    for name, each in node.items() if isinstance(node, dict) else ():
        yield from _paths(each, (*path, name))
