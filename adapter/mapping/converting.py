"""Rewrite files of the older form, in which a home said what a correspondence says, or what follows.

Of such a line only what the correspondence does not say stays. The rest of the file stays as it was written,
its comments and the ends of its lines too. What stands in a line with others is left to its author.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from adapter.dialects import CORRESPONDENCES, Library
from adapter.mapping.check.twice import repeated
from adapter.mapping.files import correspondences, laid_over, read_files
from adapter.mapping.former import left_out, needless, reworded
from adapter.mapping.source import NodePath, Source, read_text

_WIDE = 10_000


def converted(library: Library, dialect: str) -> Iterator[tuple[Path, str]]:
    """The files of a dialect itself that are of the older form, as they should be. Raises MappingError.

    A file in which nothing can be left out by whole lines, or reworded, is not among them.
    """
    files, folder = read_files(library, dialect), library.folder(dialect)
    if folder is None:
        return
    found: dict[str, list[NodePath]] = {}
    for stem, node, _ in repeated(library, files):
        found.setdefault(stem, []).append(node)
    for stem, (written, *others) in files.sources.items():
        if written.file.endswith(f"/{dialect}/{stem}.yaml"):
            below = laid_over(others) if others else {}
            yield from _rewritten(folder / f"{stem}.yaml", written.file, found.get(stem, []), below)
    for stem, source in correspondences(library, dialect).items():
        yield from _rewritten(folder / CORRESPONDENCES / f"{stem}.yaml", source.file, [], {})


def _rewritten(
    path: Path, file: str, twice: Sequence[NodePath], below: dict[str, Any]
) -> Iterator[tuple[Path, str]]:
    """A file as it should be; nothing for one that is. `twice` are its lines that are in `below` as well."""
    before = path.read_bytes().decode()
    own = read_text(reworded(before), file)
    nodes = [*twice, *dict.fromkeys([*needless(own, below), *left_out(own)])]
    text = reworded(before).splitlines(keepends=True)
    # from the end on, so that the lines before keep their numbers
    for node in sorted(nodes, key=own.position, reverse=True):
        rest = _rest(_at(own.content, node), _at(below, node)) if node in twice else {}
        _take_out(text, own, node, rest)
    if (now := "".join(_without_empty(text, own))) != before:
        yield path, now


def _take_out(text: list[str], own: Source, node: NodePath, rest: dict[str, Any]) -> None:
    """Leave of a line what is not said already: its own lines as they were, where it has such lines."""
    *_, written = _nodes("".join(text), node)
    if not rest or _is_flow(written):
        _replace(text, own, node, rest)
        return
    for name in sorted(_at(own.content, node), key=lambda each: own.position((*node, each)), reverse=True):
        if name not in rest:
            _replace(text, own, (*node, name), {})


def _without_empty(text: list[str], before: Source) -> list[str]:
    """The lines without the names of groups of which nothing is left."""
    now = read_text("".join(text), before.file)
    empty = [path for path in now.positions if _at(now.content, path) is None and path in before.positions]
    left = [path for path in empty if _at(before.content, path) is not None]
    if not left:
        return text
    for path in sorted(left, key=now.position, reverse=True):
        _replace(text, now, path, {})
    return _without_empty(text, before)


def _rest(line: Any, said: Any) -> dict[str, Any]:
    """What a line says that is not said already."""
    pair = line if isinstance(line, dict) else {}
    return {name: value for name, value in pair.items() if name not in said or said[name] != value}


def _replace(text: list[str], source: Source, node: NodePath, rest: dict[str, Any]) -> None:
    """Put what is left of a node in its place, in one line; nothing where nothing is left.

    A node that stands in a line with others is left as it is, for its author.
    """
    row, column = source.position(node)
    indent = text[row - 1][: column - 1]
    if indent.strip("\ufeff "):
        return
    *around, written = _nodes("".join(text), node)
    if any(map(_is_flow, around)):
        return
    end, comment = max(row, written.end_mark.line + 1) if _is_flow(written) else row, _comment(text, written)
    while end < len(text) and (not text[end].strip() or text[end].startswith(f"{indent} ")):
        end += 1
    while not text[end - 1].strip():
        end -= 1
    left = yaml.safe_dump(rest, default_flow_style=True, width=_WIDE, sort_keys=False, allow_unicode=True)
    ending = "\r\n" if text[row - 1].endswith("\r\n") else "\n"
    text[row - 1 : end] = [f"{indent}{node[-1]}: {left.strip()}{comment}{ending}"] if rest else []


def _nodes(text: str, path: NodePath) -> list[Any]:
    """A node as it is written, behind those that it stands in."""
    found: list[Any] = [yaml.compose(text, Loader=yaml.CSafeLoader)]
    for part in path:
        items = found[-1].value
        found.append(items[part] if isinstance(part, int) else dict(_named(items))[part])
    return found


def _named(items: Iterable[tuple[Any, Any]]) -> Iterator[tuple[str, Any]]:
    yield from ((key.value, value) for key, value in items)


def _is_flow(node: Any) -> bool:
    """Whether it is written in brackets."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _comment(text: list[str], node: Any) -> str:
    """What stands behind a node in brackets."""
    mark = node.end_mark
    rest = text[mark.line][mark.column :].rstrip() if _is_flow(node) else ""
    return rest if rest.lstrip().startswith("#") else ""


def _at(content: Any, path: NodePath) -> Any:
    for part in path:
        content = content[part]
    return content
