"""Where a mistake in the merged content of a dialect stands: the file, and the line in it."""

from __future__ import annotations

from typing import Any

from adapter.mapping.files import ALSO, EXAMPLES, SCENES, Files, named, replacement
from adapter.mapping.language.grammar import Problem
from adapter.mapping.source import MappingError, NodePath, Source


def located(files: Files, stem: str, problem: Problem) -> MappingError:
    """The problem where its node stands: in the most particular file that has the node."""
    path: NodePath = problem.path
    sources = files.sources[stem]
    while path:
        for source in sources:
            spot = _spot(source, files.contents[stem], path)
            if spot in source.positions:
                return source.error(spot, problem.text + _replaced(files, stem, problem.path, source))
        path = path[:-1]
    return sources[-1].error((), problem.text)


def _spot(source: Source, merged: Any, path: NodePath) -> NodePath:
    """Where a node of the merged content stands in a source; a path that it does not have when nowhere.

    An item has another number in the source where a dialect has items `also`, or is `without` some.
    """
    here: Any = source.content
    spot: NodePath = ()
    for step in path:
        merged = _below(merged, step)
        if isinstance(step, int) and isinstance(here, dict):
            here, spot = here.get(ALSO), (*spot, ALSO)
        if isinstance(step, int) and isinstance(here, list) and isinstance(merged, dict | list):
            step = next((at for at, each in enumerate(here) if each is merged), -1)
        here, spot = _below(here, step), (*spot, step)
    return spot


def _below(node: Any, step: str | int) -> Any:
    """What a node has under a name or number, or None."""
    try:
        return node[step] if step != -1 else None
    except (KeyError, IndexError, TypeError):
        return None


def _replaced(files: Files, stem: str, path: NodePath, source: Source) -> str:
    """How an example that a dialect has from another is replaced where it holds no longer; else nothing."""
    part, *below = path
    if part not in (EXAMPLES, SCENES) or not below or f"/{files.dialect}/" in source.file:
        return ""
    return replacement(files.dialect, f"{stem}.yaml", str(part), named(files.contents[stem][part][below[0]]))
