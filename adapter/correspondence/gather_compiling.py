"""Compile a correspondence that gathers, checked against the documents of both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapter.correspondence.compiling import Compiler, OneFile
from adapter.correspondence.compiling_pairs import Content, Ends, Place
from adapter.correspondence.gather_names import Names
from adapter.correspondence.gathered import (
    CHECK,
    FIRST,
    FREE,
    FallBack,
    Gathered,
    KindOfRecord,
    LinkRule,
    Rule,
    Search,
    Slot,
    Text,
)
from adapter.correspondence.model import Pair, RecordOf
from adapter.correspondence.reading import File
from adapter.mapping import schemas
from adapter.mapping.language.grammar import way_out
from adapter.mapping.paths import Path, parse
from adapter.mapping.slot_needs import AT_MOST, NUMBERS, OUTSIDE
from adapter.mapping.source import NodePath


@dataclass(frozen=True, slots=True)
class TextPlace(Place):
    """The record of the old API, in which some texts say several things."""

    texts: tuple[Text, ...] = ()

    def found(self, path: Path) -> schemas.Found:
        """The schemas at a path; below a text, those of the text itself where it says such a thing."""
        for text in self.texts:
            if path[:1] == (text.member,) and len(path) > 1:
                known = (FIRST, FREE) if text.first_line else (*text.labels, FREE)
                return Place.found(self, path[:1] if path[1:] in {(each,) for each in known} else ("",))
        return Place.found(self, path)


def gathers(file: File) -> bool:
    """Whether a correspondence gathers."""
    return "gather" in file.content


def compiled(compiler: Compiler, file: File) -> Gathered:
    """A correspondence that gathers. Raises MappingError."""
    return _Gathering(file, compiler.new, compiler.old, compiler.settings).gathered()


class _Gathering(Names):
    def gathered(self) -> Gathered:
        content = self.file.content
        gather = content["gather"]
        left, right = self._record("new"), self._record("old")
        new, texts = self._place("new", left.collection), tuple(self._texts())
        plain = self._place("old", right.collection)
        old = TextPlace(plain.document, plain.schema, plain.name, (), texts)
        ends = Ends(new, old, right)
        self._check_signs(gather["sign"], plain, new)
        user, pairs = gather["user"], tuple(self._contact_pairs(ends))
        self._set(user["else"], ("gather", "user", "else"))
        return Gathered(
            name=self.file.name,
            resource=left.name,
            collection=right.collection,
            pieces=tuple(self._pieces(gather["pieces"])),
            single=frozenset(self._known(each, ("gather", "single")) for each in gather.get("single", ())),
            rules=tuple(self._rules(gather["send"], new)),
            sign=gather["sign"]["line"],
            signed=tuple(gather["sign"]["in"].items()),
            searches=tuple(self._searches(gather["find"], old)),
            user=self._there(old, user["at"], ("gather", "user", "at")),
            otherwise=self.settings.value(user["else"]),
            droppable=tuple(self._members(old, gather.get("droppable"), ("gather", "droppable"))),
            fall_back=self._fall_back(gather.get("fall_back") or {}, old),
            links=tuple(self._links(gather.get("links") or {})),
            behind=tuple(self._behind(gather.get("behind") or {}, plain)),
            answer=self._answer(gather.get("answer"), plain, new),
            names=tuple(self._names(gather.get("names") or {}, plain, pairs)),
            never=self._constants(gather.get("never"), plain, ("gather", "never")),
            kinds=tuple(self._kinds(plain)),
            texts=texts,
            pairs=pairs,
            slots=tuple(self._slots(ends)),
            fill=self._constants(content.get("fill"), new, ("fill",)),
            limits={
                member: longest
                for member in {*(each.member for each in texts), *gather["sign"]["in"].values()}
                if (longest := plain.found((member,)).facts.longest) is not None
            },
        )

    # texts

    def _there(self, place: Place, text: str, path: NodePath) -> Path:
        """A label may have blanks and dots: it is all that stands behind the member and its dot."""
        if isinstance(place, TextPlace):
            member, _, label = text.partition(".")
            if label and any(each.member == member for each in place.texts):
                if not place.found((member, label)):
                    known = next(each for each in place.texts if each.member == member)
                    words = (FIRST, FREE) if known.first_line else (*known.labels, FREE)
                    raise self.file.error(path, f"{member} says no {label}{way_out(label, words)}")
                return (member, label)
        return OneFile._there(self, place, text, path)

    def _texts(self) -> Iterator[Text]:
        for member, node in (self.file.content.get("texts") or {}).items():
            labels, many = node.get("labels", ()), node.get("many", ())
            for each in many:
                if each not in labels:
                    raise self.file.error(
                        ("texts", member, "many"), f"{each} is no label of {member}{way_out(each, labels)}"
                    )
            kinds = tuple(self._kind(each, ("texts", member, "kinds")) for each in node.get("kinds", ()))
            yield Text(member, tuple(labels), frozenset(many), bool(node.get("first_line")), kinds)

    def _check_signs(self, sign: Content, old: Place, new: Place) -> None:
        line = sign["line"]
        at: NodePath = ("gather", "sign", "line")
        if line.count(CHECK) != 1 or not line.endswith(CHECK) or "\n" in line:
            raise self.file.error(at, f"the line of a sign ends with {CHECK}, and has it once")
        for name in (part.partition("}")[0] for part in line.split("{")[1:]):
            if f"{{{name}}}" != CHECK:
                self._there(new, name, at)
        for kind, member in sign["in"].items():
            self._kind(kind, ("gather", "sign", "in", kind))
            self._there(old, member, ("gather", "sign", "in", kind))
        for kind in self.file.content["kinds"]:
            if kind not in sign["in"]:
                raise self.file.error(("gather", "sign", "in"), f"a record of kind {kind} needs a sign too")

    # what is gathered

    def _pieces(self, nodes: Content) -> Iterator[tuple[str, Path]]:
        for resource, reference in nodes.items():
            path: NodePath = ("gather", "pieces", resource)
            yield resource, self._there(self._rows(resource, path), reference, path)

    def _rules(self, nodes: Any, new: Place) -> Iterator[Rule]:
        for number, node in enumerate(nodes):
            path: NodePath = ("gather", "send", number)
            after = self.settings.value(node.get("after", 0))
            if not isinstance(after, int | float) or isinstance(after, bool):
                raise self.file.error(
                    (*path, "after"), "after is a number of seconds, or a setting that is one"
                )
            yield Rule(
                self._kind(node["as"], (*path, "as")),
                self._known(node["with"], (*path, "with")) if "with" in node else "",
                float(after),
                tuple(self._conditions(node.get("if"), new, (*path, "if"))),
                bool(node.get("fall_back")),
            )
        if not nodes or {"with", "if"} & nodes[-1].keys():
            raise self.file.error(
                ("gather", "send"), "the last rule of send has no with and no if: it holds always"
            )

    def _conditions(
        self, node: Content | None, place: Place, path: NodePath
    ) -> Iterator[tuple[Path, frozenset[Any]]]:
        for name, value in (node or {}).items():
            self._set({name: value}, path)
            found = self.settings.value(value)
            there = self._there(place, name, (*path, name))
            yield there, frozenset(found if isinstance(found, list | tuple) else [found])

    def _searches(self, nodes: Any, old: Place) -> Iterator[Search]:
        operation = old.document.operation("get", f"/{old.name.rpartition('/')[2]}")
        known = [each.name for each in operation.parameters] if operation else []
        if not nodes:
            raise self.file.error(("gather", "find"), "find needs a search: the last finds all of a kind")
        for number, node in enumerate(nodes):
            for parameter, members in node.items():
                path: NodePath = ("gather", "find", number, parameter)
                if parameter not in known:
                    text = f"{old.name} has no parameter {parameter}{way_out(parameter, known)}"
                    raise self.file.error(path, text)
                names = [members] if isinstance(members, str) else members
                yield Search(parameter, tuple(self._there(old, each, path) for each in names))

    def _members(self, old: Place, names: Any, path: NodePath) -> Iterator[str]:
        for name in names or ():
            self._there(old, name, path)
            yield name

    def _fall_back(self, node: Content, old: Place) -> FallBack:
        path: NodePath = ("gather", "fall_back")
        return FallBack(
            self._constants(node.get("make"), old, (*path, "make")),
            tuple(self._there(old, each, (*path, "instead_of")) for each in node.get("instead_of", ())),
            self._there(old, node["meant"], (*path, "meant")) if "meant" in node else (),
        )

    def _links(self, nodes: Content) -> Iterator[LinkRule]:
        for resource, node in nodes.items():
            path: NodePath = ("gather", "links", resource)
            row, old = self._rows(self._known(resource, path), path), self._place("old", node["post"])
            yield LinkRule(
                resource,
                node["post"],
                self._there(old, node["contact"], (*path, "contact")),
                self._constants(node.get("where"), row, (*path, "where")),
                self._constants(node.get("make"), old, (*path, "make")),
                tuple(self._item(node["item"], Ends(row, old, RecordOf(node["post"])), (*path, "item"))),
            )

    # kinds, pairs and parts

    def _kinds(self, old: Place) -> Iterator[KindOfRecord]:
        for name, node in self.file.content["kinds"].items():
            path: NodePath = ("kinds", name)
            yield KindOfRecord(
                name,
                tuple(self._conditions(node.get("when"), old, (*path, "when"))),
                self._constants(node["make"], old, (*path, "make")),
                self._constants(node.get("fill"), old, (*path, "fill")),
            )

    def _contact_pairs(self, ends: Ends) -> Iterator[tuple[str, Pair]]:
        content = self.file.content
        for pair in self._pairs(content.get("pairs"), ends, ("pairs",)):
            yield "", pair
        for kind, nodes in (content["by"].get("kind") or {}).items():
            path: NodePath = ("by", "kind", kind)
            for pair in self._pairs(nodes, ends, path):
                yield self._kind(kind, path), pair

    def _slots(self, ends: Ends) -> Iterator[Slot]:
        parts: Mapping[str, Any] = self.file.content["parts"]
        digits = self.file.digits
        for number, (name, node) in enumerate(parts.items()):
            path: NodePath = ("parts", name)
            kind = _how_many(node)
            row = self._rows(node[kind], (*path, kind))
            of = node.get("of", "")
            if of and of not in parts:
                raise self.file.error((*path, "of"), f"there is no part {of}{way_out(of, parts)}")
            if of and of not in list(parts)[:number]:
                raise self.file.error((*path, "of"), f"the part {of} must stand above its own part {name}")
            if kind == "one_of" and AT_MOST in node:
                raise self.file.error((*path, AT_MOST), f"{AT_MOST} is for each_of")
            if node.get(AT_MOST, 1) not in NUMBERS:
                raise self.file.error((*path, AT_MOST), OUTSIDE)
            via, _, reference = node.get("via", "").partition(".")
            if via:
                if not reference:
                    text = f"{via} is a resource: name its member too, {via}.member"
                    raise self.file.error((*path, "via"), text)
                linking = self._rows(self._known(via, (*path, "via")), (*path, "via"))
                self._there(linking, reference, (*path, "via"))
            if "by" in node:
                owner = parts[of][_how_many(parts[of])] if of else self._record("new").name
                self._there(self._rows(owner, (*path, "by")), node["by"], (*path, "by"))
            elif not via:
                self._known(node[kind], (*path, kind))
            yield Slot(
                name=name,
                resource=node[kind],
                of=of,
                by=parse(node["by"]) if "by" in node else (),
                via=via,
                reference=parse(reference) if via else (),
                where=self._constants(node.get("where"), row, (*path, "where")),
                kinds=tuple(self._kind(each, (*path, "kinds")) for each in node.get("kinds", ())),
                pairs=tuple(self._item(node["item"], Ends(row, ends.old, ends.record), (*path, "item"))),
                many=kind == "each_of",
                make=self._constants(node.get("make"), row, (*path, "make")),
                digits=() if "by" in node else digits.get(f"{name}.{via or node[kind]}", ()),
                row_digit="".join(digits.get(f"{name}.{node[kind]}", ())[:1]) if via or "by" in node else "",
            )

    def _item(self, nodes: Content, ends: Ends, path: NodePath) -> Iterator[Pair]:
        for name, each in nodes.items():
            node = {"new": each} if isinstance(each, str) else each
            at: NodePath = (*path, name)
            if "new" not in node:
                raise self.file.error(at, "this needs new: the member of the row")
            pair = self._pair((node["new"], name), node, ends, at)
            joined = tuple(self._there(ends.new, other, (*at, "joined")) for other in node.get("joined", ()))
            yield replace(pair, left_before=joined)


def _how_many(part: Content) -> str:
    """The word with which a part says of which resource it has rows: one of them, or each."""
    return "one_of" if "one_of" in part else "each_of"
