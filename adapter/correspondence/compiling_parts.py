"""Compile the parts of a correspondence: values, groups and lists that are rows of another resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from adapter.correspondence.compiling_pairs import Content, Ends, Lines, Place
from adapter.correspondence.model import Kind, Pair, Part, Quantifier, Rows, When
from adapter.mapping.language.grammar import way_out
from adapter.mapping.paths import ITSELF, Path, parse
from adapter.mapping.source import NodePath

ASIDE = "aside"
KINDS: tuple[Kind, ...] = ("one_of", "any_of", "each_of")


class Parts(Lines):
    """Compiles the parts of one file as well."""

    def _part(self, name: str, node: Content, ends: Ends, path: NodePath) -> Part:
        old, name = ends.old, node.get("at", name)
        kind = next(each for each in KINDS if each in node)
        resource, _, reference = node[kind].partition(".")
        link, _, link_reference = node.get("via", "").partition(".")
        rows = self._rows(resource, (*path, kind))
        self._after(node, path)
        if link and not link_reference:
            self._there(ends.new, link, (*path, "via"))
        elif link:
            self._there(self._rows(link, (*path, "via")), link_reference, (*path, "via"))
        elif not reference:
            raise self.file.error((*path, kind), f"write {resource}.member: by which it refers to the record")
        value = _below(old, (*self._there(old, name, path), *(("0",) if kind == "each_of" else ())))
        make = node.get("make")
        pairs, parts = self._items(node, Ends(rows, value, ends.record), path)
        return Part(
            side="right",
            path=parse(name),
            kind=kind,
            rows=Rows(
                resource=resource,
                reference=self._reference(rows, reference or link_reference, linked=bool(link)),
                via=link if link_reference else "",
                own=parse(link) if link and not link_reference else (),
                through=self._there(ends.new, node["through"], path) if "through" in node else (),
                adopted=parse(node["adopts"]) if "adopts" in node else (),
                refused=self._constants(node.get("refused"), rows, (*path, "refused")),
                where=self._constants(node.get("where"), rows, (*path, "where")),
                prefer=self._constants(node.get("prefer"), rows, (*path, "prefer")),
                make=self._constants(make if isinstance(make, Mapping) else None, rows, (*path, "make")),
                makeable=make != ASIDE,
                on_change=self._constants(node.get("on_change"), rows, (*path, "on_change")),
                shared=parse(node["shared"]["key"]) if "shared" in node else None,
            ),
            pairs=tuple(pairs),
            parts=tuple(parts),
            filled=parse(node["filled"]) if "filled" in node else None,
            only=self._constants(node.get("if"), old, (*path, "if")),
            quantifier=self._quantifier(node, rows, path) if "test" in node else None,
            read_only=bool(node.get("read_only")),
        )

    def _after(self, node: Content, path: NodePath) -> None:
        """Refuse a part that comes after one that does not stand above it."""
        parts = list(self.file.content["parts"])
        above = parts[: parts.index(path[1])] if path[1] in parts else []
        if "after" in node and node["after"] not in above:
            problem = f"{node['after']} is no part above {path[1]}{way_out(node['after'], above)}"
            raise self.file.error((*path, "after"), problem)

    def _reference(self, rows: Place, text: str, *, linked: bool) -> Path:
        if not text:
            return ()
        return parse(text) if linked else self._there(rows, text, ())

    def _items(self, node: Content, ends: Ends, path: NodePath) -> tuple[list[Pair], list[Part]]:
        """The pairs of the rows, and the parts that hang on them."""
        pairs: list[Pair] = []
        parts: list[Part] = []
        nodes = {ITSELF: node["value"]} if "value" in node else node.get("item") or {}
        for name, each in nodes.items():
            settings = {"new": each} if isinstance(each, str) else each
            at: NodePath = (*path, "value") if "value" in node else (*path, "item", name)
            if not {"one_of", "each_of"}.isdisjoint(settings):
                parts.append(self._part(name, settings, ends, at))
                continue
            if "new" not in settings:
                raise self.file.error(at, "this needs new: the member of the row")
            pair = self._pair((settings["new"], name), settings, ends, at)
            wanted = each.get("if") if isinstance(each, Mapping) else None
            when = self._constants(wanted, ends.old, (*at, "if"))
            pairs.append(replace(pair, when=tuple(When("right", where, (value,)) for where, value in when)))
        return pairs, parts

    def _quantifier(self, node: Content, rows: Place, path: NodePath) -> Quantifier:
        becomes = (node.get("each_becomes") or {}).items()
        return Quantifier(
            self._constants(node["test"], rows, (*path, "test")),
            node.get("then"),
            node.get("else"),
            tuple(
                (word, self._constants(each, rows, (*path, "each_becomes", word))) for word, each in becomes
            ),
        )


def _below(place: Place, path: Path) -> Place:
    return replace(place, below=(*place.below, *path))
