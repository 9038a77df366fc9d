"""Turn the homes of a mapping, and the pairs in them, into the form in `model`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping import codecs, paths
from adapter.mapping.constructs import (
    companion,
    found_by,
    known,
    linked,
    made_of,
    mirror,
    passed_over,
    tells,
    whole,
)
from adapter.mapping.constructs.pairs import pair
from adapter.mapping.constructs.pairs.conversion import Sides
from adapter.mapping.lengths import Lengths
from adapter.mapping.model import Home, Known, Member, Pair
from adapter.mapping.places import place
from adapter.mapping.settings import Settings

Content = Mapping[str, Any]


def filled_at(node: Content) -> list[str]:
    """The paths of which one has a value when there is a resource in a home: one, or two."""
    filled = node.get("filled", [])
    return [filled] if isinstance(filled, str) else list(filled)


def created_at(node: Content) -> paths.Path:
    """Where the record of a home says when it was made; nowhere where KlantBrug keeps that."""
    created = node.get("created")
    return paths.parse(created) if isinstance(created, str) else ()


class HomeCompiler:
    """Compiles the register side of mappings."""

    def __init__(self, settings: Settings, links: codecs.Links, lengths: Lengths) -> None:
        self.settings, self.links, self.lengths = settings, links, lengths

    def home(self, resource: str, name: str, node: Content, members: Mapping[str, Member]) -> Home:
        """One home of a resource."""
        kind: Any = next(each for each in ("record", "object", "inside") if each in node)
        where = place(node["record"]) if kind == "record" else None
        owner = node.get("owner")
        filled = [*map(paths.parse, filled_at(node)), (), ()]
        inside = node.get("inside", ".").partition(".")
        references, pairs = self._pairs(node.get("fields") or {}, members, node)
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
            filled=filled[0],
            else_filled=filled[1],
            fillers=self.settings.pairs_of(node.get("filler")),
            there_if=self.settings.pairs_of(node.get("if")),
            pairs=pairs,
            variants=self._by(node.get("by") or {}, members, node),
            wholes=whole.compiled(node),
            known=references,
            means=self.settings.pairs_of(node.get("means")),
            takes=self.settings.pairs_of(node.get("takes")),
            keys=node.get("keys") or {},
            rest=node.get("rest", ""),
            created=node.get("created") is True,
            needs=node.get("needs", ""),
            companion=companion.compiled(node),
            linked=linked.compiled(node),
            found_by=found_by.compiled(node),
            made_of=made_of.compiled(node, self.settings),
            becomes=node.get("becomes", ""),
            stays=node.get("stays", ""),
            fill=self.settings.filled_in(node.get("fill") or {}),
            projections=tells.projections(
                node,
                members,
                self.settings,
                self.links,
                lambda at: self.lengths.register(node, paths.parse(at)),
            ),
            legacy=tells.legacies(node),
            mirrors=mirror.compiled(node, self.settings),
            echo=node.get("echo", ""),
            same_as=(node["same_as"]["home"], tuple(node["same_as"]["when"])) if "same_as" in node else None,
            read_only=node.get("read_only", ""),
            unlisted=node.get("unlisted", False),
            known_by=node.get("known_by", ""),
            known_at=paths.parse(node["known_at"]) if "known_at" in node else (),
            created_at=created_at(node),
            passed_over=passed_over.compiled(node, self.settings),
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
        references, pairs = [], []
        for served, node in nodes.items():
            spec: Content = {"at": node} if isinstance(node, str) else node
            if "known" in spec:
                references += known.compiled(paths.parse(served), spec)
            else:
                path = paths.parse(served)
                member = members.get(path[0])
                lenient = member is not None and member.needed
                sides = Sides(spec, path, home, chosen or {}, lenient, self.lengths, self.links)
                pairs += pair.compiled(sides, self.settings)
        return tuple(references), tuple(pairs)
