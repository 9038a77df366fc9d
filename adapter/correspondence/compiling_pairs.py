"""What the compiled lines of a correspondence have in common: where a path stands, and pairs.

Every path is checked against the documents of both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.correspondence.model import (
    OTHERWISE,
    Codec,
    Conversion,
    Form,
    Limit,
    Pair,
    Range,
    RecordOf,
    Reference,
    Sharper,
    Side,
    Words,
)
from adapter.correspondence.reading import File
from adapter.mapping import schemas
from adapter.mapping.language.grammar import way_out
from adapter.mapping.paths import ITSELF, Path, parse
from adapter.mapping.settings import Settings
from adapter.mapping.source import NodePath
from adapter.openapi.document import Document, Schema
from adapter.openapi.objecttypes import OBJECTTYPES, objecttype_document

Content = Mapping[str, Any]
Constants = tuple[tuple[Path, Any], ...]
SIDE_OF: Mapping[str, Side] = {"new": "left", "old": "right"}


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
class Lines:
    """Compiles lines of one file; `new` is the document of the new API, `old` has those of the old."""

    file: File
    new: Document
    old: Mapping[str, Document]
    settings: Settings

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
        document = objecttype_document() if register == OBJECTTYPES else self.old.get(register)
        schema = _body(document, name) if document else None
        if document is None or schema is None:
            raise self.file.error((side,), f"no register has {collection}; write register/collection")
        return Place(document, schema, collection)

    def _rows(self, resource: str, path: NodePath) -> Place:
        schema = _body(self.new, resource)
        if schema is None:
            raise self.file.error(path, f"the new API has no {resource}")
        return Place(self.new, schema, resource)

    # pairs

    def _pairs(self, nodes: Content | None, ends: Ends, path: NodePath) -> Iterator[Pair]:
        for name, node in (nodes or {}).items():
            settings = {"at": node} if isinstance(node, str) else node
            if "at" not in settings:
                raise self.file.error((*path, name), f"{name} needs at: the member of the old record")
            yield self._pair((name, settings["at"]), settings, ends, (*path, name))

    def _pair(self, texts: tuple[str, str], node: Content, ends: Ends, path: NodePath) -> Pair:
        new, old, cut = ends.new, ends.old, node.get("too_long") == "cut"
        left, right = self._there(new, texts[0], path), self._there(old, texts[1], path)
        self._worded(node, new.found(left).facts, old.found(right).facts, path)
        return Pair(
            left=left,
            right=right,
            conversions=tuple(self._conversions(node, ends.record, path)),
            left_limit=Limit(new.found(left).facts.longest, cut),
            right_limit=Limit(old.found(right).facts.longest, cut),
            left_others=tuple(self._there(new, each, path) for each in node.get("also", ())),
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

    def _worded(self, node: Content, new: schemas.Facts, old: schemas.Facts, path: NodePath) -> None:
        """Refuse words that a side does not have, and a sharper word that `words` has no meaning for."""
        table = node.get("words") or {}
        listed = {str(word): each if isinstance(each, list) else [each] for word, each in table.items()}
        for word, others in listed.items():
            for each, facts in ((word, new), *((str(other), old) for other in others)):
                if facts.choices and each not in (OTHERWISE, *facts.choices):
                    known = way_out(each, facts.choices)
                    raise self.file.error((*path, "words", word), f"{each} is not one of its values{known}")
        words = [each for others in listed.values() for each in others]
        for word in node.get("sharper") or {}:
            if word not in words:
                raise self.file.error(
                    (*path, "sharper", word), f"{word} is not among words{way_out(word, words)}"
                )

    def _sharper(self, nodes: Content | None) -> Iterator[Sharper]:
        for word, node in (nodes or {}).items():
            where = self.settings.pairs_of(node["where"])
            yield Sharper("right", word, node["any"], where)

    # constants

    def _constants(self, node: Content | None, place: Place, path: NodePath) -> Constants:
        for name, value in (node or {}).items():
            self._there(place, name, (*path, name))
            self._set(value, (*path, name))
        return self.settings.pairs_of(node)

    def _set(self, node: Any, path: NodePath) -> None:
        """Refuse a setting that there is not, anywhere in a constant."""
        for name, each in node.items() if isinstance(node, Mapping) else ():
            known = self.settings.values
            if name == "setting" and each not in known:
                raise self.file.error((*path, name), f"there is no setting {each}{way_out(each, known)}")
            self._set(each, (*path, name))


def _entry(left: str, right: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (left,), tuple(right) if isinstance(right, list) else (right,)


def _body(document: Document, collection: str) -> Schema | None:
    operation = document.operation("post", f"/{collection}")
    return operation.body if operation else None
