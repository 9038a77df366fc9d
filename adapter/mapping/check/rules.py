"""The rules of the served side: the members that they are about exist, and the values that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapter.mapping.check.grammar import Problem, way_out
from adapter.mapping.check.ground import Content, Ground, Nowhere, View
from adapter.mapping.check.members import served_constant
from adapter.mapping.schemas import Facts
from adapter.mapping.source import NodePath

_REFERENCES = ("reference", "needs", "not_itself", "different")
_TEXTS = ("email", "dutch_phone", "number", "fits")


def rules(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong under `rules`."""
    for number, node in enumerate(view.content.get("rules") or ()):
        kind, here = next(iter(node)), ("rules", number)
        yield from _named_members(ground, view, node, kind, here)
        for part in ("if", "when", "others_become", "must_be", kind):
            conditions = node.get(part)
            if isinstance(conditions, dict):
                for path, value in conditions.items():
                    yield from served_constant(ground, view.name, path, value, (*here, part, path))
        if "words" in node and "per" in node:
            yield from _words(ground, view, node, kind, here)


def _named_members(ground: Ground, view: View, node: Content, kind: str, here: NodePath) -> Iterator[Problem]:
    for part in (kind, "per", "by", "skip_empty"):
        for number, path in _texts(node.get(part)):
            where = (*here, part) if number is None else (*here, part, number)
            try:
                facts = ground.walk(view.name, path).facts
            except Nowhere as nowhere:
                yield Problem(where, str(nowhere))
                continue
            if part == kind and kind in _TEXTS and not (facts and facts.kind == "text"):
                yield Problem(where, f"the rule {kind} is for text, and {path} is none")
            if part in ("by", kind if kind in _REFERENCES else "") and facts is not None:
                yield Problem(where, f"the rule {kind} is for references, and {path} is none")


def _texts(node: object) -> Iterable[tuple[int | None, str]]:
    if isinstance(node, str):
        return [(None, node)]
    return [(number, each) for number, each in enumerate(node)] if isinstance(node, list) else []


def _words(ground: Ground, view: View, node: Content, kind: str, here: NodePath) -> Iterator[Problem]:
    per, own = _facts(ground, view, node["per"]), _facts(ground, view, node[kind])
    for value, allowed in node["words"].items():
        if per and per.choices and value not in per.choices:
            text = f"{node['per']} is never {value}{way_out(value, per.choices)}"
            yield Problem((*here, "words", value), text)
        for number, word in enumerate(allowed if isinstance(allowed, list) else ()):
            if own and own.choices and word not in own.choices:
                text = f"{node[kind]} is never {word}{way_out(word, own.choices)}"
                yield Problem((*here, "words", value, number), text)


def _facts(ground: Ground, view: View, path: str) -> Facts | None:
    try:
        return ground.walk(view.name, path).facts
    except Nowhere:
        return None
