"""Compile what is written to a `Correspondence`, checked against the documents of both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapter.correspondence.model import (
    Codec,
    CodeOf,
    Constant,
    Conversion,
    Correspondence,
    Filler,
    FirstLine,
    Form,
    Kind,
    Limit,
    Pair,
    Part,
    Quantifier,
    Range,
    RecordOf,
    Reference,
    Rows,
    Sharper,
    Side,
    Told,
    When,
    Words,
)
from adapter.correspondence.reading import File
from adapter.mapping import schemas
from adapter.mapping.language.grammar import way_out
from adapter.mapping.paths import ITSELF, Path, parse
from adapter.mapping.settings import Settings
from adapter.mapping.source import NodePath
from adapter.openapi.document import Document, Schema

Content = Mapping[str, Any]
Constants = tuple[tuple[Path, Any], ...]
SIDE_OF: Mapping[str, Side] = {"new": "left", "old": "right"}
ASIDE = "aside"
KINDS: tuple[Kind, ...] = ("one_of", "any_of", "each_of")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a side of a pair stands: a schema of a document, below a path; what it is called in messages."""

    document: Document
    schema: Schema
    name: str
    below: Path = ()

    def found(self, path: Path) -> schemas.Found:
        """The schemas at a path; none when it leads nowhere."""
        return schemas.at(self.document, self.schema, (*self.below, *path))


@dataclass(frozen=True, slots=True)
class Ends:
    """The two sides of a pair, and the record of the old API that it is about."""

    new: Place
    old: Place
    record: RecordOf


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles correspondences. `new` is the document of the new API, `old` those of the old, by register."""

    new: Document
    old: Mapping[str, Document]
    settings: Settings

    def compiled(self, file: File) -> Correspondence:
        """A correspondence. Raises MappingError."""
        return _OneFile(self, file).compiled()


@dataclass(frozen=True, slots=True)
class _OneFile:
    compiler: Compiler
    file: File

    def compiled(self) -> Correspondence:
        content = self.file.content
        left, right = self._record("new"), self._record("old")
        new, old = self._place("new", left.collection), self._place("old", right.collection)
        ends = Ends(new, old, right)
        fill, means = content.get("fill") or {}, content.get("means") or {}
        return Correspondence(
            name=self.file.name,
            left=left,
            right=right,
            pairs=tuple(self._all_pairs(ends)),
            parts=tuple(
                self._part(name, node, ends, ("parts", name)) for name, node in content["parts"].items()
            ),
            left_fill=self._fill(fill.get("new"), new, old, ("fill", "new")),
            right_fill=self._fill(fill.get("old"), old, new, ("fill", "old")),
            left_means=self._constants(means.get("new"), new, ("means", "new")),
            right_means=self._constants(means.get("old"), old, ("means", "old")),
        )

    # records

    def _record(self, side: str) -> RecordOf:
        node = self.file.content[side]
        if isinstance(node, str):
            return RecordOf(node)
        place = self._place(side, node["record"])
        return RecordOf(node["record"], self._constants(node.get("where"), place, (side, "where")))

    def _place(self, side: str, collection: str) -> Place:
        if side == "new":
            return self._rows(collection, (side,))
        register, _, name = collection.partition("/")
        document = self.compiler.old.get(register)
        schema = _body(document, name) if document else None
        if document is None or schema is None:
            raise self.file.error((side,), f"no register has {collection}; write register/collection")
        return Place(document, schema, collection)

    def _rows(self, resource: str, path: NodePath) -> Place:
        schema = _body(self.compiler.new, resource)
        if schema is None:
            raise self.file.error(path, f"the new API has no {resource}")
        return Place(self.compiler.new, schema, resource)

    # pairs

    def _all_pairs(self, ends: Ends) -> Iterator[Pair]:
        content = self.file.content
        yield from self._pairs(content.get("pairs"), ends, ("pairs",))
        for member, variants in content["by"].items():
            self._there(ends.new, member, ("by", member))
            for value, pairs in variants.items():
                when = When("left", parse(member), (value,))
                for pair in self._pairs(pairs, ends, ("by", member, value)):
                    yield replace(pair, when=(when,))

    def _pairs(self, nodes: Content | None, ends: Ends, path: NodePath) -> Iterator[Pair]:
        for name, node in (nodes or {}).items():
            settings = {"at": node} if isinstance(node, str) else node
            if "at" not in settings:
                raise self.file.error((*path, name), f"{name} needs at: the member of the old record")
            yield self._pair((name, settings["at"]), settings, ends, (*path, name))

    def _pair(self, texts: tuple[str, str], node: Content, ends: Ends, path: NodePath) -> Pair:
        new, old, cut = ends.new, ends.old, node.get("too_long") == "cut"
        left, right = self._there(new, texts[0], path), self._there(old, texts[1], path)
        return Pair(
            left=left,
            right=right,
            conversions=tuple(self._conversions(node, ends.record, path)),
            left_limit=Limit(new.found(left).facts.longest, cut),
            right_limit=Limit(old.found(right).facts.longest, cut),
            right_others=tuple(self._there(old, each, path) for each in node.get("else_at", ())),
            right_before=tuple(self._there(old, each, path) for each in node.get("with", ())),
            sharper=tuple(self._sharper(node.get("sharper"))),
            frozen=SIDE_OF.get(node.get("frozen", "")),
            read_only=bool(node.get("read_only")),
        )

    def _there(self, place: Place, text: str, path: NodePath) -> Path:
        found = () if text == ITSELF else parse(text)
        if not place.found(found):
            raise self.file.error(path, f"{place.name} has no {text}")
        return found

    def _conversions(self, node: Content, record: RecordOf, path: NodePath) -> Iterator[Conversion]:
        if "words" in node:
            yield Words(tuple(_entry(word, words) for word, words in node["words"].items()))
        if "form" in node:
            yield Form(node["form"])
        if "range" in node:
            if len(node["range"]) != 2:
                raise self.file.error((*path, "range"), "a range is two numbers: [least, most]")
            yield Range(*node["range"])
        if "to" in node:
            # a register refers to its own records by their uuid, to those of others by URL
            own = node["to"].partition("/")[0] == record.collection.partition("/")[0]
            yield Reference(node["to"], "group", "uuid" if own else "url")
        if "uuid_of" in node:
            yield Reference(node["uuid_of"], "uuid", "url")
        if "as" in node:
            yield Codec(node["as"])

    def _sharper(self, nodes: Content | None) -> Iterator[Sharper]:
        for word, node in (nodes or {}).items():
            where = self.compiler.settings.pairs_of(node["where"])
            yield Sharper("right", word, node["any"], where)

    # parts

    def _part(self, name: str, node: Content, ends: Ends, path: NodePath) -> Part:
        old = ends.old
        kind = next(each for each in KINDS if each in node)
        resource, _, reference = node[kind].partition(".")
        link, _, link_reference = node.get("via", "").partition(".")
        rows = self._rows(resource, (*path, kind))
        if link:
            self._there(self._rows(link, (*path, "via")), link_reference, (*path, "via"))
        elif not reference:
            raise self.file.error((*path, kind), f"write {resource}.member: by which it refers to the record")
        below = (*self._there(old, name, path), *(("0",) if kind == "each_of" else ()))
        value = Place(old.document, old.schema, old.name, below)
        make = node.get("make")
        return Part(
            side="right",
            path=parse(name),
            kind=kind,
            rows=Rows(
                resource=resource,
                reference=parse(link_reference) if link else self._there(rows, reference, (*path, kind)),
                via=link,
                where=self._constants(node.get("where"), rows, (*path, "where")),
                prefer=self._constants(node.get("prefer"), rows, (*path, "prefer")),
                make=self._constants(make if isinstance(make, Mapping) else None, rows, (*path, "make")),
                makeable=make != ASIDE,
                on_change=self._constants(node.get("on_change"), rows, (*path, "on_change")),
                shared=(node.get("shared") or {}).get("key", ""),
            ),
            pairs=tuple(self._row_pairs(node, Ends(rows, value, ends.record), path)),
            filled=parse(node["filled"]) if "filled" in node else None,
            only=self._constants(node.get("if"), old, (*path, "if")),
            quantifier=self._quantifier(node, rows, path) if "test" in node else None,
            read_only=bool(node.get("read_only")),
        )

    def _row_pairs(self, node: Content, ends: Ends, path: NodePath) -> Iterator[Pair]:
        nodes = {ITSELF: node["value"]} if "value" in node else node.get("item") or {}
        for name, each in nodes.items():
            settings = {"new": each} if isinstance(each, str) else each
            at: NodePath = (*path, "value") if "value" in node else (*path, "item", name)
            if "new" not in settings:
                raise self.file.error(at, "this needs new: the member of the row")
            yield self._pair((settings["new"], name), settings, ends, at)

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

    # constants and fillers

    def _constants(self, node: Content | None, place: Place, path: NodePath) -> Constants:
        for name, value in (node or {}).items():
            self._there(place, name, (*path, name))
            self._set(value, (*path, name))
        return self.compiler.settings.pairs_of(node)

    def _fill(
        self, node: Content | None, place: Place, other: Place, path: NodePath
    ) -> tuple[tuple[Path, Filler], ...]:
        return tuple(
            (self._there(place, name, (*path, name)), self._filler(each, place, other, (*path, name)))
            for name, each in (node or {}).items()
        )

    def _filler(self, node: Any, place: Place, other: Place, path: NodePath) -> Filler:
        if isinstance(node, Mapping) and "code_of" in node:
            return CodeOf()
        if isinstance(node, Mapping) and "first_line_of" in node:
            of = self._there(place, node["first_line_of"], path)
            return FirstLine(of, node["else"], node["length"])
        if isinstance(node, Mapping) and "of" in node:
            of = self._there(other, node["of"], path)
            return Told(of, parse(node["at"]), tuple((node.get("words") or {}).items()))
        self._set(node, path)
        return Constant(self.compiler.settings.filled_in(node))

    def _set(self, node: Any, path: NodePath) -> None:
        """Refuse a setting that there is not, anywhere in a constant."""
        for name, each in node.items() if isinstance(node, Mapping) else ():
            known = self.compiler.settings.values
            if name == "setting" and each not in known:
                raise self.file.error((*path, name), f"there is no setting {each}{way_out(each, known)}")
            self._set(each, (*path, name))


def _entry(left: str, right: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (left,), tuple(right) if isinstance(right, list) else (right,)


def _body(document: Document, collection: str) -> Schema | None:
    operation = document.operation("post", f"/{collection}")
    return operation.body if operation else None
