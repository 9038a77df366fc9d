"""Turn the homes of a mapping, and the pairs in them, into the form in `model`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping import codecs, forms, paths
from adapter.mapping.constructs import companion, tells
from adapter.mapping.lengths import Lengths
from adapter.mapping.model import DoesNotFit, Home, Known, Member, Mirror, Pair, Place, Whole
from adapter.mapping.paths import MISSING, Path
from adapter.mapping.places import place
from adapter.mapping.references import spellings
from adapter.mapping.settings import Settings

Content = Mapping[str, Any]

_CONVERTED = frozenset({"words", "split", "date"})


class HomeCompiler:
    """Compiles the register side of mappings."""

    def __init__(self, settings: Settings, links: codecs.Links, lengths: Lengths) -> None:
        self.settings, self.links, self.lengths = settings, links, lengths

    def home(self, resource: str, name: str, node: Content, members: Mapping[str, Member]) -> Home:
        """One home of a resource."""
        kind: Any = next(each for each in ("record", "object", "inside") if each in node)
        where = place(node["record"]) if kind == "record" else None
        owner = node.get("owner")
        inside = node.get("inside", ".").partition(".")
        known, pairs = self._pairs(node.get("fields") or {}, members, node)
        return Home(
            resource=resource,
            name=name,
            kind=kind,
            place=where,
            object_type=node.get("object", ""),
            optional=node.get("optional", False),
            owner_resource=inside[0],
            owner_home=inside[2],
            owner=next(iter(owner.items())) if owner else None,
            slots=tuple(str(each) for each in node.get("slot", ())),
            each=paths.parse(node["each"]) if "each" in node else (),
            filled=paths.parse(node["filled"]) if "filled" in node else (),
            else_filled=paths.parse(node["else_filled"]) if "else_filled" in node else (),
            fillers=self.settings.pairs_of(node.get("filler")),
            there_if=self.settings.pairs_of(node.get("there_if")),
            pairs=pairs,
            variants=self._by(node.get("by") or {}, members, node),
            wholes=tuple(
                Whole(member, tuple(map(paths.parse, places)))
                for member, places in (node.get("whole") or {}).items()
            ),
            known=known,
            means=self.settings.pairs_of(node.get("means")),
            takes=self.settings.pairs_of(node.get("takes")),
            keys=node.get("keys") or {},
            rest=node.get("rest", ""),
            created=node.get("created", False),
            needs=node.get("needs", ""),
            companion=companion.compiled(node["first"]) if "first" in node else None,
            fill=self.settings.filled_in(node.get("fill") or {}),
            projections=tuple(
                tells.projection.compiled(at, spec, members, self.settings, self.links)
                for at, spec in (node.get("tells") or {}).items()
                if "legacy" not in spec
            ),
            legacy=tuple(
                tells.legacy.compiled(member, spec)
                for member, spec in (node.get("tells") or {}).items()
                if "legacy" in spec
            ),
            mirrors=tuple(
                Mirror(slot, self.settings.pairs_of(spec["when"]), self.settings.pairs_of(spec.get("first")))
                for slot, spec in (node.get("mirror") or {}).items()
            ),
            echo=node.get("echo", ""),
            same_as=(node["same_as"]["home"], tuple(node["same_as"]["when"])) if "same_as" in node else None,
            read_only=node.get("read_only", ""),
            unlisted=node.get("unlisted", False),
            known_by=node.get("known_by", ""),
            known_at=paths.parse(node["known_at"]) if "known_at" in node else (),
            created_at=paths.parse(node["created_at"]) if "created_at" in node else (),
            made_from=node.get("made_from", ""),
        )

    def _by(
        self, node: Content, members: Mapping[str, Member], home: Content
    ) -> tuple[tuple[str, Mapping[str, tuple[Pair, ...]]], ...]:
        found = []
        for member, groups in node.items():
            table = {}
            for value, group in groups.items():
                fields = groups[group["same_as"]] if set(group) == {"same_as"} else group
                table[value] = self._pairs(fields, members, home, {member: value})[1]
            found.append((member, table))
        return tuple(found)

    def _pairs(
        self,
        nodes: Content,
        members: Mapping[str, Member],
        home: Content,
        chosen: Mapping[str, str] | None = None,
    ) -> tuple[tuple[Known, ...], tuple[Pair, ...]]:
        known, pairs = [], []
        for served, node in nodes.items():
            spec: Content = {"at": node} if isinstance(node, str) else node
            if "known" in spec:
                for name in (spec[part] for part in ("known", "and_known") if part in spec):
                    resource, _, inside = name.partition(".")
                    known.append(Known(paths.parse(served), resource, inside, spec.get("told", "")))
            else:
                pairs.append(self._pair(paths.parse(served), spec, members, chosen or {}, home))
                pairs += [_said(paths.parse(served), *said) for said in (spec.get("said_by") or {}).items()]
        return tuple(known), tuple(pairs)

    def _pair(
        self,
        served: Path,
        spec: Content,
        members: Mapping[str, Member],
        chosen: Mapping[str, str],
        home: Content,
    ) -> Pair:
        at = paths.parse(spec["at"])
        own, theirs = self.lengths.served(home, served, chosen), self.lengths.register(home, at)
        read: codecs.Convert = codecs.same
        write: codecs.Convert = codecs.same
        nearest: codecs.Convert = codecs.same
        total = True
        named: tuple[str, ...] = ()
        instant = False
        target: Place | None = None
        search: codecs.Convert = _one
        if "to" in spec:
            target = place(spec["to"])
            member = members.get(served[0])
            lenient = member is not None and member.needed
            read, write = codecs.reference(self.links, target, lenient=lenient)
            search = _searching(write)
        elif "uuid_of" in spec:
            read, write = codecs.uuid_of(self.links, place(spec["uuid_of"]))
            search = self._named(place(spec["uuid_of"]), write)
        elif "words" in spec:
            words = codecs.words(
                spec["words"], others_same="other_words" in spec, any_case=spec.get("any_case", False)
            )
            read, write, search, total = words.read, words.write, words.search, words.total
            named = words.named
            if "other_words" in spec:
                read, write = (
                    codecs.both(read, codecs.at_most(own)),
                    codecs.both(write, codecs.at_most(theirs)),
                )
        elif "split" in spec or "date" in spec:
            back, there = self._of_another_form(served, spec, chosen, home)
            read, near = codecs.both(back, codecs.at_most(own)), codecs.both(there, codecs.at_most(theirs))
            write, nearest = forms.exactly(near, back), forms.nearest(near)
            search, total = _searching(write), False
        elif spec.get("as") == "instant":
            read, instant = codecs.instant, True
        elif "form" in spec:
            read = write = codecs.of_form(spec["form"])
            search = _searching(write)
            total = False
        else:
            read, write, nearest, total = _texts(own, theirs, spec.get("too_long", "refuse"))
            least = self.lengths.least(home, served, chosen)
            read = read if least is None else codecs.at_least(least)
            read = codecs.cut(own) if own and _elsewhere(spec) and spec.get("too_long") == "cut" else read
            if not (home.get("record") or home.get("inside_record")) and self.lengths.is_text(
                home, served, chosen
            ):
                # no specification says of what kind it is in an object of others
                read = codecs.text(read)
        missing = nearest is codecs.same and write is not codecs.same
        return Pair(
            served=served,
            at=at,
            else_at=tuple(paths.parse(each) for each in spec.get("else_at", ())),
            else_unless=tuple(paths.parse(each) for each in spec.get("else_unless", ())),
            joined=tuple(paths.parse(each) for each in spec.get("joined", ())),
            read=read,
            write=write,
            nearest=_nothing if missing else nearest,
            search=_none if "else_at" in spec or "joined" in spec else search,
            total=total and "else_at" not in spec and "joined" not in spec,
            named=named,
            instant=instant,
            frozen=spec.get("frozen", False),
            read_only=spec.get("read_only", False),
            condition=self.settings.pairs_of(spec.get("if")),
            clears=self.lengths.takes_blank(home, at),
            filler=spec.get("fill", ""),
            to=target,
            link="to" in spec or "uuid_of" in spec,
            converted=not _CONVERTED.isdisjoint(spec),
            choose=_choices(spec.get("choose") or {}),
        )

    def _named(self, target: Place, write: codecs.Convert) -> codecs.Convert:
        """The URLs to search for, by the uuid of the record that they name."""

        def search(value: Any) -> Any:
            try:
                write(value)
            except DoesNotFit:
                return []
            return [text for url in self.links.urls(target, value) for text in spellings(url)]

        return search

    def _of_another_form(
        self, served: Path, spec: Content, chosen: Mapping[str, str], home: Content
    ) -> tuple[codecs.Convert, codecs.Convert]:
        """(read, write) of a list or a date that is written in another form, exact or not."""
        facts = self.lengths.facts(home, served, chosen)
        if "date" in spec:
            return forms.date(spec["date"], moment=facts.format == "date-time")
        if facts.kind == "list":
            return forms.split(spec["split"], self.lengths.served(home, (*served, "0"), chosen))
        at = (*paths.parse(spec["at"]), "0")
        listed, joined = forms.split(spec["split"], self.lengths.register(home, at))
        return joined, listed


def _said(served: Path, at: str, value: Any) -> Pair:
    """A boolean of the register that says whether a member has a value; true has the last word."""
    read, write = codecs.says(value)
    return Pair(
        served=served,
        at=paths.parse(at),
        else_at=(),
        joined=(),
        read=read,
        write=write,
        nearest=_nothing,
        search=_none,
        total=False,
    )


def _texts(own: int | None, theirs: int | None, too_long: str) -> tuple[Any, Any, Any, bool]:
    """(read, write, nearest, total) of a pair of texts of these lengths."""
    read: codecs.Convert = codecs.same
    write: codecs.Convert = codecs.same
    nearest: codecs.Convert = codecs.same
    total = True
    if own is not None and (theirs is None or theirs > own):
        read = codecs.cut(own) if too_long == "cut" else codecs.at_most(own)
        total = False
    if theirs is not None and (own is None or own > theirs):
        write = codecs.at_most(theirs)
        nearest = codecs.cut(theirs) if too_long == "cut" else codecs.same
        total = False
    return read, write, nearest, total


def _elsewhere(spec: Content) -> bool:
    """Whether a text may come from other fields as well, which can be longer."""
    return "else_at" in spec or "joined" in spec


def _one(value: Any) -> Any:
    return [value]


def _searching(write: codecs.Convert) -> codecs.Convert:
    def search(value: Any) -> Any:
        try:
            return [write(value)]
        except DoesNotFit:
            return []

    return search


def _none(_: Any) -> Any:
    return None


def _nothing(_: Any) -> Any:
    return MISSING


def _choices(node: Content) -> tuple[tuple[str, str, Path, Any], ...]:
    return tuple(
        (word, member, paths.parse(path), value)
        for word, wanted in node.items()
        for member, inner in wanted.items()
        for path, value in inner.items()
    )
