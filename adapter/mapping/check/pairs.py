"""The pairs: both sides exist, their types fit, and every value of either side has a place on the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapter.mapping import schemas
from adapter.mapping.check.conversions import broken, other_form, translated
from adapter.mapping.check.grammar import Problem, way_out
from adapter.mapping.check.ground import Content, Ground, Nowhere, Record, View, illegal
from adapter.mapping.check.known import known
from adapter.mapping.check.places import known_place, refers_to
from adapter.mapping.check.wording import missing_words
from adapter.mapping.paths import parse
from adapter.mapping.schemas import Facts
from adapter.mapping.source import NodePath

_CODECS = ("to", "uuid_of", "words", "split", "date", "form", "as")


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where in the mappings a line stands."""

    ground: Ground
    view: View
    home: Content
    here: NodePath

    def below(self, *parts: str) -> _Spot:
        """A node below this one."""
        return replace(self, here=(*self.here, *parts))

    def problem(self, text: str) -> Problem:
        """What is wrong here."""
        return Problem(self.here, text)


def pairs(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong with the fields of every home."""
    for name, home in view.homes.items():
        spot = _Spot(ground, view, home, ("homes", name))
        fields = home.get("fields") or {}
        yield from _twice(spot.below("fields"), fields)
        for served, spec in fields.items():
            yield from _line(spot.below("fields", served), spec, ())
        for member, groups in (home.get("by") or {}).items():
            yield from _by(spot.below("by", member), groups)


def _twice(spot: _Spot, fields: Content) -> Iterator[Problem]:
    """Of two pairs with the same register path only one can write."""
    writers: dict[str, str] = {}
    for served, spec in fields.items():
        line = {"at": spec} if isinstance(spec, str) else spec
        if "at" not in line or line.get("read_only") or "if" in line:
            continue
        if line["at"] in writers:
            text = f"{line['at']} is written by {writers[line['at']]} already; say read_only: true"
            yield spot.below(served).problem(text)
        writers.setdefault(line["at"], served)


def _by(spot: _Spot, groups: Content) -> Iterator[Problem]:
    member, members = str(spot.here[-1]), spot.view.members
    if member not in members:
        yield spot.problem(f"{spot.view.name} has no {member}{way_out(member, members)}")
        return
    values = schemas.facts(spot.ground.at(spot.view, member)).choices
    for value in values:
        if value not in groups:
            yield spot.problem(f"there is no group for {member} {value}")
    for value, group in groups.items():
        if value not in values:
            yield spot.below(value).problem(f"{member} is never {value}{way_out(value, values)}")
        elif set(group) == {"same_as"}:
            yield from _same(spot.below(value, "same_as"), groups, group["same_as"], value)
        else:
            yield from _twice(spot.below(value), group)
            for served, spec in group.items():
                yield from _line(spot.below(value, served), spec, (value,))


def _same(spot: _Spot, groups: Content, other: str, value: str) -> Iterator[Problem]:
    if other not in groups:
        yield spot.problem(f"there is no group {other}{way_out(other, groups)}")
    for served in groups.get(other, {}):
        yield from _served(spot, served, (value,))


def _served(spot: _Spot, served: str, chosen: tuple[str, ...]) -> Iterator[Problem]:
    try:
        spot.ground.at(spot.view, served, chosen)
    except Nowhere as nowhere:
        yield spot.problem(str(nowhere))
        return
    first = served.partition(".")[0]
    if first not in spot.view.members:
        known = way_out(first, spot.view.members)
        yield spot.problem(f"{first} is no line under fields of {spot.view.name}{known}")


def _line(spot: _Spot, spec: Any, chosen: tuple[str, ...]) -> Iterator[Problem]:
    wrong = list(_served(spot, str(spot.here[-1]), chosen))
    if wrong:
        yield from wrong
        return
    line: Content = {"at": spec} if isinstance(spec, str) else spec
    if "known" in line:
        yield from known(spot.ground, spot.view, spot.home, line, spot.here)
        return
    record = spot.ground.record(spot.home)
    if record is not None:
        try:
            record = record.item(spot.home["each"]) if "each" in spot.home else record
        except Nowhere:
            return
        yield from _Pair(spot, record, line, chosen).problems()


class _Pair:
    """One pair: a served path and the register path that holds its value."""

    def __init__(self, spot: _Spot, record: Record, line: Content, chosen: tuple[str, ...]) -> None:
        self.ground, self.view, self.home, self.here = spot.ground, spot.view, spot.home, spot.here
        self.record, self.line, self.served = record, line, str(spot.here[-1])
        found = self.ground.at(self.view, self.served, chosen)
        self.left = schemas.facts(found)
        self.reference = any(schemas.is_reference(self.ground.served, each) for each in found)
        conditions = {**(self.home.get("there_if") or {}), **line.get("if", {})}
        self.kinds = tuple(each for each in conditions.values() if isinstance(each, str))

    def problems(self) -> Iterator[Problem]:
        others, wrong = [], []
        for path, text in self._paths():
            try:
                others.append(schemas.facts(self.record.at(text, self.kinds)))
            except Nowhere as nowhere:
                wrong.append(Problem(path, str(nowhere)))
        yield from wrong
        for path, value in self.line.get("if", {}).items():
            try:
                why = illegal(value, schemas.facts(self.record.at(path)))
            except Nowhere as nowhere:
                why = str(nowhere)
            if why:
                yield Problem((*self.here, "if", path), why)
        if not wrong:
            yield from self._types(others[0])
            yield from self._lengths(others)
            yield from self._variant()
        yield from broken(self.line, self.here)
        yield from self._choices()
        yield from self._said_by()

    def _variant(self) -> Iterator[Problem]:
        """A field that only some variants of the record have is written under a condition."""
        if self.line.get("read_only"):
            return
        variants = schemas.variants(self.record.document, self.record.schema)
        having = [
            each
            for each in variants
            if schemas.at(self.record.document, self.record.schema, parse(self.line["at"]), (each,))
        ]
        if 0 < len(having) < len(variants) and not set(having) & set(self.kinds):
            name = self.record.document.resolve(self.record.schema)["discriminator"]["propertyName"]
            part = "there_if" if "inside" in self.home else "if"
            text = f"{self.line['at']} is there only when {name} is {' or '.join(having)}; say so with {part}"
            yield Problem(self._at("at"), text)

    def _said_by(self) -> Iterator[Problem]:
        for path, value in self.line.get("said_by", {}).items():
            here = (*self._at("said_by"), path)
            try:
                kind = schemas.facts(self.record.at(path, self.kinds)).kind
            except Nowhere as nowhere:
                yield Problem(here, str(nowhere))
                continue
            if kind != "boolean":
                yield Problem(here, f"{path} is a {kind}, and no boolean")
            if why := illegal(value, self.left):
                yield Problem(here, f"{self.served}: {why}")

    def _at(self, part: str) -> NodePath:
        return (*self.here, part)

    def _paths(self) -> Iterator[tuple[NodePath, str]]:
        yield self._at("at"), self.line["at"]
        for part in ("else_at", "joined", "else_unless"):
            for number, text in enumerate(self.line.get(part, ())):
                yield (*self.here, part, number), text

    def _types(self, right: Facts) -> Iterator[Problem]:
        if self.reference:
            yield from self._reference(right)
        elif "to" in self.line:
            yield Problem(self._at("to"), f"{self.served} is no reference; leave out to")
        elif "uuid_of" in self.line:
            yield from known_place(self.ground, self.line["uuid_of"], self._at("uuid_of"))
        elif "words" in self.line:
            yield from self._words(right)
        elif "split" in self.line or "date" in self.line:
            yield from other_form(self.line, self.left, right, self.here)
        elif "any" not in (self.left.kind, right.kind) and self.left.kind != right.kind:
            text = f"{self.served} is a {self.left.kind} and {self.line['at']} a {right.kind}"
            yield Problem(self.here, text)
        elif self.line.get("as") == "instant" and self.left.format != "date-time":
            yield Problem(self._at("as"), f"{self.served} is no moment")
        else:
            yield from missing_words(self.left, right, self.here, self.served, self.line["at"])

    def _reference(self, right: Facts) -> Iterator[Problem]:
        if "to" not in self.line:
            yield Problem(
                self.here, f"{self.served} is a reference; say with to whose URL {self.line['at']} is"
            )
            return
        wrong = list(known_place(self.ground, self.line["to"], self._at("to")))
        yield from wrong
        member = self.served.partition(".")[0]
        if not wrong and self.served == member:
            yield from refers_to(self.ground, self.view, member, self.line["to"], self._at("to"))
        if right.kind != "text":
            yield Problem(self.here, f"{self.line['at']} is a {right.kind}, and a URL is text")

    def _words(self, right: Facts) -> Iterator[Problem]:
        writes = "inside" not in self.home and "read_only" not in self.home
        yield from translated(self.line, self.left, right, self.here, writes=writes)

    def _lengths(self, others: list[Facts]) -> Iterator[Problem]:
        if any(each in self.line for each in _CODECS):
            if "too_long" in self.line:
                text = "too_long has no use here: nothing is written that is not one of the known values"
                yield Problem(self._at("too_long"), text)
            return
        if self.left.kind != "text":
            return
        own, theirs = self.left.longest, others[0].longest
        if "joined" not in self.line and all(each.longest == own for each in others):
            return
        if "too_long" not in self.line:
            ways = "with too_long whether the text is cut or refused"
            way = "too_long: refuse" if self._whole(others) else ways
            text = f"{self.served} takes {_limit(own)} and {self.line['at']} {_limit(theirs)}: say {way}"
            yield Problem(self.here, text)
        elif self.line["too_long"] == "cut" and (what := self._whole(others)):
            text = f"{self.served} is {what}, which is never cut; use too_long: refuse"
            yield Problem(self._at("too_long"), text)

    def _whole(self, others: list[Facts]) -> str:
        """What a text is that means nothing once it is cut; nothing for other texts."""
        sides = (self.left, others[0])
        if any(each.format in ("date", "date-time") for each in sides):
            return "a date"
        return "an address, a key or a choice" if any(each.exact for each in sides) or self._is_key() else ""

    def _is_key(self) -> bool:
        known = (self.view.content.get("known_by") or {}).values()
        return any(self.served == each["of"] for each in known)

    def _choices(self) -> Iterator[Problem]:
        words = {word for each in self.line.get("words", {}).values() for word in _listed(each)}
        for word, relations in self.line.get("choose", {}).items():
            if word not in words:
                yield Problem((*self._at("choose"), word), f"{word} is not among words{way_out(word, words)}")
            for name, conditions in relations.items():
                path = (*self._at("choose"), word, name)
                if name not in self.view.relations:
                    text = f"{self.view.name} has no relation {name}{way_out(name, self.view.relations)}"
                    yield Problem(path, text)
                    continue
                yield from self._chosen_by(name, conditions, path)

    def _chosen_by(self, name: str, conditions: Content, here: NodePath) -> Iterator[Problem]:
        for member, value in conditions.items():
            try:
                end = self.ground.walk(self.view.name, f"{name}.{member}")
            except Nowhere as nowhere:
                yield Problem((*here, member), str(nowhere))
                continue
            why = illegal(value, end.facts) if end.facts and not isinstance(value, Mapping) else ""
            if why:
                yield Problem((*here, member), f"{member}: {why}")


def _listed(words: Any) -> list[Any]:
    return words if isinstance(words, list) else [words]


def _limit(longest: int | None) -> str:
    return "text of any length" if longest is None else f"at most {longest} characters"
