"""What homes do that follows from parts of correspondences, and that no mapping says.

What a part says of rows that live elsewhere is worked out and written into the record (`tells`). An object
that is such a row also fills the place of the part (`mirror`). A reference is found by the key that a record
has for it (`known`), and a member whose filler is told by another record is read from there (`legacy`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapter.mapping.correspondence_parts import Content, Part, parts_of, table
from adapter.mapping.deriving_homes import following
from adapter.mapping.deriving_told import Told
from adapter.mapping.lowering import home_of, said_of
from adapter.mapping.lowering_parts import homes_by_part, reference_to, written_at
from adapter.mapping.paths import MISSING
from adapter.mapping.source import NodePath, Position, Source

# A file and a home in it.
Home = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Derived:
    """Lines of one home, with the file in which they are said and where."""

    stem: str
    source: Source


def derived(
    files: Mapping[str, Content],
    correspondences: Mapping[str, Sequence[Source]],
    whole: Mapping[str, Content],
) -> Iterator[Derived]:
    """What follows for the homes of a dialect, of which `files` are its mapping files by name.

    `whole` are its correspondences, `correspondences` the files of which each consists, the most particular
    first.
    """
    yield from _Deriving(files, correspondences, parts_of(whole)).all(whole)


@dataclass(slots=True)
class _Deriving:
    files: Mapping[str, Content]
    correspondences: Mapping[str, Sequence[Source]]
    parts: Mapping[str, Part]
    homes: Mapping[str, list[Home]] = field(init=False)

    def __post_init__(self) -> None:
        self.homes = homes_by_part(self.files)

    def all(self, whole: Mapping[str, Content]) -> Iterator[Derived]:
        for part in self.parts.values():
            for home, lines, below in self._of_part(part):
                file, here = written_at(part, self.correspondences)
                yield self._said(home, lines, file, here, self._places(part, home, below))
        for name, correspondence in whole.items():
            yield from self._legacy(name, correspondence)
        for stem, content in self.files.items():
            for each, lines in following(content, self.files):
                yield Derived(stem, Source(stem, said_of(content, each, lines)))

    def _said(
        self, home: Home, lines: Content, file: str, here: Position, more: dict[NodePath, Position]
    ) -> Derived:
        stem, name = home
        positions = dict.fromkeys(_paths(lines, ("homes", name)), here) | more
        return Derived(stem, Source(file, said_of(self.files[stem], name, dict(lines)), positions))

    def _places(self, part: Part, home: Home, below: NodePath) -> dict[NodePath, Position]:
        """Where the members of what is told stand, each with its own line."""
        sources = self.correspondences[part.name.partition(".")[0]]
        found: dict[NodePath, Position] = {}
        for name, _ in part.pairs() if below else ():
            places = (
                each.positions[part.line(name)] for each in sources if part.line(name) in each.positions
            )
            for place in places:
                found.setdefault(("homes", home[1], *below, name), place)
        return found

    def _of_part(self, part: Part) -> Iterator[tuple[Home, dict[str, Any], NodePath]]:
        """(home, its lines, the path of the group with the members of the part) of each that follows."""
        owner = self._owner(part)
        if owner is None:
            return
        for stem, name in self.homes.get(part.name, ()):
            filled = self.files[stem]["homes"][name].get("filled")
            if (filler := part.filler(filled)) is not MISSING:
                yield (stem, name), {"filler": {filled: filler}}, ()
        told = Told(self.files, part, list(self.parts.values()))
        below: NodePath = ("tells", part.at, "fields")
        if part.link:
            for link in self._homes_of(part, part.link):
                yield link, told.of_link(reference_to(part.rows, self.files[link[0]])), below
                yield from self._mirrored(part, link, part.link)
        elif part.listed:
            known = [f"{part.rows}.{home}" for _, home in self._all_known(part, owner)]
            yield owner, told.of_list(known), below
        elif "through" in part.node:
            yield owner, told.through(self.files[owner[0]]), below
            yield from self._same(part)
        elif part.kind == "any_of":
            yield owner, told.of_all(), ()
        elif part.outer is None:
            for home in self._homes_of(part, part.rows):
                yield from self._mirrored(part, home, part.rows)
                yield from self._made(part, home, owner)

    def _owner(self, part: Part) -> Home | None:
        """The home in which the record with the part is one."""
        if part.outer is None:
            return home_of(part.correspondence, self.files)
        return next(iter(self._homes_of(part.outer, part.outer.rows)), None)

    def _homes_of(self, part: Part, resource: str) -> list[Home]:
        found = self.homes.get(part.name, [])
        return [(stem, home) for stem, home in found if self.files[stem].get("resource") == resource]

    def _all_known(self, part: Part, owner: Home) -> Iterator[Home]:
        """The homes of the rows of all parts to which the same list of references leads."""
        for each in self.parts.values():
            if each.listed == part.listed and each.rows == part.rows and self._owner(each) == owner:
                yield from self._homes_of(each, each.rows)

    def _mirrored(
        self, part: Part, slot: Home, resource: str
    ) -> Iterator[tuple[Home, dict[str, Any], NodePath]]:
        """What the object does that also fills the place of a part, as a row or as the link to one."""
        home = self._object(slot[0])
        if home is None or part.node.get("read_only"):
            return
        below = reference_to(part.rows, self.files[slot[0]]) if resource == part.link else ""
        mirror: dict[str, Any] = {"when": _below(below, part.conditions)}
        if part.node.get("prefer"):
            mirror["first"] = _below(below, table(part.node["prefer"]))
        after = self.parts.get(f"{part.name.partition('.')[0]}.{part.node.get('after')}")
        for _, name in self._homes_of(after, resource) if after else ():
            mirror["after"] = name
        yield home, {"mirror": {slot[1]: mirror}}, ()

    def _object(self, stem: str) -> Home | None:
        """The home in an object in which new resources of a kind are stored."""
        homes = [
            (name, home)
            for name, home in table(self.files[stem].get("homes")).items()
            if "object" in table(home) and "read_only" not in home
        ]
        plain = [name for name, home in homes if "rest" not in home and not home.get("fields")]
        found = plain or [name for name, _ in homes]
        return (stem, found[0]) if found else None

    def _made(self, part: Part, home: Home, owner: Home) -> Iterator[tuple[Home, dict[str, Any], NodePath]]:
        """A relation that makes rows makes what stands in the record, too."""
        resource, text = self.files[owner[0]].get("resource"), part.node[part.kind]
        for name, relation in table(self.files[owner[0]].get("relations")).items():
            if table(relation).get("from") == text and "make" in relation:
                yield home, {"made_from": f"{resource}.{name}"}, ()

    def _same(self, part: Part) -> Iterator[tuple[Home, dict[str, Any], NodePath]]:
        """A row that the record adopts is the one that has a record of its own."""
        pairs = dict(part.pairs())
        adopted = pairs.get(str(part.node.get("adopts")))
        records = [
            (stem, name)
            for stem, content in self.files.items()
            for name, home in table(content.get("homes")).items()
            if content.get("resource") == part.rows and "record" in table(home)
        ]
        if adopted is None or not records:
            return
        for home in self._homes_of(part, part.rows):
            when = [part.reference, adopted["new"]]
            yield home, {"same_as": {"home": records[0][1], "when": when}}, ()

    def _legacy(self, name: str, correspondence: Content) -> Iterator[Derived]:
        """What another record says of one that a register client wrote."""
        fill = table(table(correspondence.get("fill")).get("new"))
        home = home_of(correspondence, self.files) if "gather" not in correspondence else None
        ends = (
            (member, table(each).get("at", each))
            for member, each in table(correspondence.get("pairs")).items()
        )
        pairs = {at: member for member, at in ends if isinstance(at, str)}
        for member, filler in fill.items():
            of = str(table(filler).get("of"))
            if home is None or of not in pairs:
                continue
            words = {_named(said): word for word, said in table(filler.get("words")).items()}
            legacy = {"of": pairs[of], "at": filler.get("at"), "words": words}
            path: NodePath = ("fill", "new", member)
            source = next(each for each in self.correspondences[name] if path in each.positions)
            lines = {"tells": {member: {"legacy": legacy}}}
            yield self._said(home, lines, source.file, source.positions[path], {})


def _named(value: Any) -> Any:
    """A value as a name of YAML."""
    return str(value).lower() if isinstance(value, bool) else value


def _below(path: str, conditions: Content) -> dict[str, Any]:
    return {f"{path}.{each}" if path else each: value for each, value in conditions.items()}


def _paths(node: Any, path: NodePath) -> Iterator[NodePath]:
    yield path
    for name, each in node.items() if isinstance(node, dict) else ():
        yield from _paths(each, (*path, name))
