"""Write served resources as the specification shows them: links, relations, `_expand`.

Relations are read for all resources of an answer at once, one level of expand after another.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapter.mapping.model import Member, Relation, Resource
from adapter.mapping.paths import get, parse
from adapter.translation.entries import Entry
from adapter.translation.reading import Reading
from adapter.translation.records import Job

Shown = dict[str, Any]
_NAMESPACE = uuids.UUID("0f5a4b0a-57d2-5a0b-8f0e-0a4c6f3f1f6c")


@dataclass(slots=True)
class Tree:
    """What to expand, name by name."""

    below: dict[str, Tree] = field(default_factory=dict)

    @classmethod
    def of(cls, expand: Iterable[str]) -> Tree:
        """A tree of dotted paths; a path whose parent is not asked for expands nothing."""
        tree = cls()
        for path in sorted(expand, key=lambda each: each.count(".")):
            node: Tree | None = tree
            *above, last = path.split(".")
            for part in above:
                node = node.below.get(part) if node else None
            if node is not None:
                node.below.setdefault(last, cls())
        return tree


class Showing:
    """Shows resources of one request; `features` are the settings that the caller has switched on."""

    def __init__(self, reading: Reading, features: frozenset[str]) -> None:
        self.reading, self.features = reading, features
        self.base = reading.world.public_url

    def show(self, entries: Sequence[Entry], tree: Tree, *, listed: bool = False) -> list[Shown]:
        """The resources as in an answer; with `listed`, `_expand` is there even when nothing is expanded."""
        if not entries:
            return []
        resource = entries[0].resource
        uuids_ = [each.uuid for each in entries]
        self.reading.sources.run(
            [*self.reading.complete_jobs(entries), *self._relation_jobs(resource, uuids_)]
        )
        self.reading.complete(entries)
        shown_relations = self._shown_relations(resource)
        related = {each.name: self._related(each, entries) for each in shown_relations}
        self._ahead(entries, related, tree)
        named = self._named(resource, entries)
        shown = [self._one(each, related, named) for each in entries]
        if tree.below or (listed and resource.expands):
            self._expand(entries, shown, related, tree)
        return shown

    # calls ahead of when they are needed, as many as possible side by side

    def first_jobs(self, name: str, uuids: Sequence[str]) -> list[Job]:
        """The first calls for resources with these uuids and for what refers to them."""
        plain = [uuid for uuid in uuids if uuid[14] not in self.reading.resource(name).slots]
        jobs = self.reading.first_jobs(name, uuids)
        return jobs + self._relation_jobs(self.reading.resource(name), plain) if jobs else []

    def _relation_jobs(self, resource: Resource, uuids: Sequence[str]) -> list[Job]:
        return [
            job
            for each in self._shown_relations(resource)
            for job in self.reading.related_jobs(each.resource, each.member, uuids)
        ]

    def _shown_relations(self, resource: Resource) -> list[Relation]:
        return [
            each for each in resource.relations.values() if self._served(each.feature) and not each.hidden
        ]

    def _ahead(
        self, entries: Sequence[Entry], related: Mapping[str, dict[str, list[Entry]]], tree: Tree
    ) -> None:
        """What the next level needs: the far ends of relations, what is expanded, what hangs on that."""
        resource = entries[0].resource
        jobs: list[Job] = []
        for name, rows in related.items():
            relation = resource.relations[name]
            below = [each for found in rows.values() for each in found]
            if relation.take and relation.whole:
                far = self.reading.resource(relation.resource).members[relation.take].to
                jobs += self._jobs_of(
                    far, [uuid for each in below for uuid in each.references(relation.take)]
                )
            if name in tree.below:
                jobs += self._jobs_below(below, tree.below[name])
        jobs += self._jobs_below(entries, tree)
        self.reading.sources.run(jobs)

    def _jobs_below(self, entries: Sequence[Entry], tree: Tree) -> list[Job]:
        if not entries:
            return []
        resource = entries[0].resource
        jobs = self.reading.complete_jobs(entries)
        jobs += self._relation_jobs(resource, [each.uuid for each in entries])
        for name in tree.below:
            if (member := resource.members.get(name)) is not None:
                jobs += self._jobs_of(member.to, [uuid for each in entries for uuid in each.references(name)])
        return jobs

    def _jobs_of(self, name: str, uuids: list[str]) -> list[Job]:
        return self.first_jobs(name, sorted(set(uuids)))

    def _served(self, feature: str) -> bool:
        return not feature or feature in self.features

    # relations

    def _related(self, relation: Relation, entries: Sequence[Entry]) -> dict[str, list[Entry]]:
        """uuid → the resources that refer to it, or those that these take."""
        found = self.reading.related(relation.resource, relation.member, [each.uuid for each in entries])
        rows: dict[str, list[Entry]] = {each.uuid: [] for each in entries}
        for each in found:
            for uuid in each.references(relation.member):
                if uuid in rows:
                    rows[uuid].append(each)
        return rows

    def _relation(self, relation: Relation, rows: list[Entry]) -> Any:
        if relation.pick:
            oldest = rows[-1] if rows else None
            return oldest.values.get(relation.take) or None if oldest else None
        if not relation.take:
            return self._whole(rows) if relation.whole else [self._link_to(relation, each) for each in rows]
        far = self.reading.resource(relation.resource).members[relation.take].to
        wanted = [uuid for each in rows for uuid in each.references(relation.take)]
        if not relation.whole:
            return [self.link(far, uuid) for uuid in wanted]
        return self._whole(list(self.reading.get(far, wanted).values()))

    def _whole(self, entries: list[Entry]) -> list[Shown]:
        return self.show(entries, Tree()) if entries else []

    def _link_to(self, relation: Relation, entry: Entry) -> Shown:
        shown = self.link(relation.resource, entry.uuid)
        for name, path in relation.shows:
            member = entry.resource.members[path[0]]
            if member.to and len(path) > 1:
                target = self.reading.one(member.to, entry.reference(path[0]) or "")
                shown[name] = target.served(path[1:]) if target else None
            else:
                shown[name] = entry.served(path)
        return shown

    def link(self, resource: str, uuid: str) -> Shown:
        """A reference as it is shown."""
        return {"uuid": uuid, "url": f"{self.base}/{resource}/{uuid}"}

    # members

    def _named(self, resource: Resource, entries: Sequence[Entry]) -> dict[str, dict[str, Entry]]:
        """For references that show more than a link: member → uuid → the resource."""
        return {
            name: self.reading.get(member.to, [uuid for each in entries for uuid in each.references(name)])
            for name, member in resource.members.items()
            if member.shows
        }

    def _one(
        self,
        entry: Entry,
        related: Mapping[str, dict[str, list[Entry]]],
        named: Mapping[str, dict[str, Entry]],
    ) -> Shown:
        resource = entry.resource
        shown: Shown = {}
        for name in resource.shown:
            if name == "uuid":
                shown[name] = entry.uuid
            elif name == "url":
                shown[name] = f"{self.base}/{resource.name}/{entry.uuid}"
            elif name in related:
                value = self._relation(resource.relations[name], related[name][entry.uuid])
                if value is not None:
                    shown[name] = value
            elif (member := resource.members.get(name)) is not None:
                if member.numbers is not None:
                    shown[name] = entry.served((name,))
                elif member.computed or name in entry.values:
                    value = self._member(member, entry.values, entry)
                    if not (value is None and member.absent.kind == "left_out") and self._served(
                        member.feature
                    ):
                        shown[name] = value
                target = named[name].get(entry.reference(name) or "") if member.shows else None
                if target is not None:
                    shown[name] = {**shown[name], **{each: target.served((each,)) for each in member.shows}}
        return shown

    def _member(self, member: Member, values: Mapping[str, Any], entry: Entry) -> Any:
        if member.computed:
            return self._computed(member, values, entry)
        value = values.get(member.name)
        if member.to:
            if member.many:
                return [self.link(member.to, each["uuid"]) for each in value or ()]
            return self.link(member.to, value["uuid"]) if value else None
        inner = member.variants.get(entry.values.get(member.by, ""), {}) if member.by else member.members
        if not inner or not isinstance(value, dict):
            return value
        return {name: self._member(each, value, entry) for name, each in inner.items()}

    def _computed(self, member: Member, values: Mapping[str, Any], entry: Entry) -> Any:
        assert member.computed is not None
        kind, of = member.computed
        if kind == "name_of":
            parts = (get(values, parse(path)) for path in of)
            return " ".join(part for part in parts if part)
        if kind == "first_of":
            uuids_ = entry.references(of)
            return self.link(entry.resource.members[of].to, uuids_[0]) if uuids_ else None
        return str(uuids.uuid5(_NAMESPACE, f"{of}/{entry.uuid}"))

    # expand

    def _expand(
        self,
        entries: Sequence[Entry],
        shown: list[Shown],
        related: Mapping[str, dict[str, list[Entry]]],
        tree: Tree,
    ) -> None:
        for each in shown:
            each["_expand"] = {}
        resource = entries[0].resource
        for name, below in tree.below.items():
            relation = resource.relations.get(name)
            if relation is not None:
                rows = related[name]
                flat = {each.uuid: each for found in rows.values() for each in found}
                whole = dict(zip(flat, self.show(list(flat.values()), below), strict=True))
                for entry, each in zip(entries, shown, strict=True):
                    each["_expand"][name] = [whole[one.uuid] for one in rows[entry.uuid]]
            else:
                targets = self.reading.get(
                    resource.members[name].to, [uuid for each in entries for uuid in each.references(name)]
                )
                whole = dict(zip(targets, self.show(list(targets.values()), below), strict=True))
                for entry, each in zip(entries, shown, strict=True):
                    each["_expand"][name] = whole.get(entry.reference(name) or "")
