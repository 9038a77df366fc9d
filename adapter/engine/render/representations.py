"""Write served resources as the specification shows them: links, relations, `_expand`.

Relations are read for all resources of an answer at once, one level of expand after another.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Mapping, Sequence
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.entities.ordering import oldest_first
from adapter.engine.read.repository import Repository
from adapter.engine.render.plan import URL, UUID, Plan, plan_of
from adapter.engine.render.prefetch import Prefetch, Tree
from adapter.mapping.model import Member, Relation
from adapter.mapping.paths import get, parse

Shown = dict[str, Any]
Related = Mapping[str, Mapping[str, list[Entry]]]
_NAMESPACE = uuids.UUID("0f5a4b0a-57d2-5a0b-8f0e-0a4c6f3f1f6c")


class Representations:
    """Shows resources of one request; `features` are the settings that the caller has switched on."""

    def __init__(self, repository: Repository, features: frozenset[str]) -> None:
        self.repository, self.features = repository, features
        self.prefetch = Prefetch(repository, features)
        self.base = repository.deployment.public_url

    def show(self, entries: Sequence[Entry], tree: Tree, *, listed: bool = False) -> list[Shown]:
        """The resources as in an answer; with `listed`, `_expand` is there even when nothing is expanded."""
        if not entries:
            return []
        resource = entries[0].resource
        plan = plan_of(self.repository.deployment, resource, self.features)
        self.prefetch.of(entries)
        self.repository.complete(entries)
        uuids = [each.uuid for each in entries]
        related = {each.name: self._referring(each, uuids) for each in plan.relations}
        self.prefetch.below(entries, related, tree)
        whole, url = self._whole(plan, related, uuids), f"{self.base}/{resource.name}/"
        shown = [self._one(each, plan, whole, url) for each in entries]
        self._show_more(plan, entries, shown)
        if tree.below or (listed and resource.expands):
            self._expand(entries, shown, related, tree)
        return shown

    # relations

    def _referring(self, relation: Relation, uuids: Sequence[str]) -> Mapping[str, list[Entry]]:
        """What refers to each of these, oldest first: clients read the first."""
        known = self.repository.referring(relation.resource, relation.member, uuids)
        return {uuid: oldest_first(known[uuid]) if known[uuid] else [] for uuid in dict.fromkeys(uuids)}

    def _whole(
        self, plan: Plan, related: Related, uuids: Sequence[str]
    ) -> list[tuple[Relation, Mapping[str, list[Any]]]]:
        """The relations, with those that are shown whole as they are shown: all at once."""
        found: list[tuple[Relation, Mapping[str, list[Any]]]] = []
        for relation in plan.relations:
            rows = related[relation.name]
            if not relation.whole:
                found.append((relation, rows))
                continue
            far = {uuid: self._far(relation, rows[uuid]) for uuid in uuids if rows[uuid]}
            all_ = {each.uuid: each for entries in far.values() for each in entries}
            shown = dict(zip(all_, self.show(list(all_.values()), Tree()), strict=True))
            ours = {uuid: [shown[each.uuid] for each in entries] for uuid, entries in far.items()}
            found.append((relation, ours))
        return found

    def _far(self, relation: Relation, rows: list[Entry]) -> list[Entry]:
        if not relation.take:
            return rows
        far = self.repository.resource(relation.resource).members[relation.take].to
        wanted = [uuid for each in rows for uuid in each.references(relation.take)]
        return list(self.repository.get(far, wanted).values())

    def _picked(self, relation: Relation, rows: list[Any] | None) -> Any:
        oldest = rows[0] if rows else None
        return oldest.values.get(relation.take) or None if oldest else None

    def _relation(self, relation: Relation, rows: list[Any]) -> Any:
        if relation.whole:
            return rows
        if not relation.take:
            return [self._link_to(relation, each) for each in rows]
        far = self.repository.resource(relation.resource).members[relation.take].to
        return [self.link(far, uuid) for each in rows for uuid in each.references(relation.take)]

    def _link_to(self, relation: Relation, entry: Entry) -> Shown:
        shown = self.link(relation.resource, entry.uuid)
        for name, path in relation.shows:
            member = entry.resource.members[path[0]]
            if member.to and len(path) > 1:
                target = self.repository.one(member.to, entry.reference(path[0]) or "")
                shown[name] = target.served(path[1:]) if target else None
            else:
                shown[name] = entry.served(path)
        return shown

    def link(self, resource: str, uuid: str) -> Shown:
        """A reference as it is shown."""
        return {"uuid": uuid, "url": f"{self.base}/{resource}/{uuid}"}

    # members

    def _one(
        self,
        entry: Entry,
        plan: Plan,
        related: Sequence[tuple[Relation, Mapping[str, list[Any]]]],
        url: str,
    ) -> Shown:
        """A resource as the plan of its kind says."""
        values, uuid = entry.values, entry.uuid
        shown: Shown = dict(plan.blank)
        shown[UUID], shown[URL] = uuid, url + uuid
        shown.update(plan.plain(values))
        for name, begins in plan.links:
            value = values[name]
            shown[name] = {UUID: value[UUID], URL: begins + value[UUID]} if value else None
        for name, parts in plan.groups:
            value = values[name]
            shown[name] = parts(value) if isinstance(value, dict) else value
        for member in plan.numbers:
            shown[member.name] = entry.served((member.name,))
        for member in plan.others:
            shown[member.name] = self._member(member, values, entry)
        for member in plan.optional:
            shown[member.name] = self._member(member, values, entry)
            if shown[member.name] is None:
                del shown[member.name]
        for relation, rows in related:
            found = rows.get(uuid)
            if relation.pick:
                if (value := self._picked(relation, found)) is not None:
                    shown[relation.name] = value
                else:
                    del shown[relation.name]
            else:
                shown[relation.name] = self._relation(relation, found) if found else []
        return shown

    def _show_more(self, plan: Plan, entries: Sequence[Entry], shown: Sequence[Shown]) -> None:
        """Of references that show more than a link: the members of what they refer to."""
        for member in plan.shows_more:
            named = [uuid for each in entries for uuid in each.references(member.name)]
            targets = self.repository.get(member.to, named)
            for entry, each in zip(entries, shown, strict=True):
                target = targets.get(entry.reference(member.name) or "")
                if target is not None:
                    more = {inner: target.served((inner,)) for inner in member.shows}
                    each[member.name] = {**each[member.name], **more}

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
            return " ".join([part for path in of if (part := get(values, parse(path)))])
        if kind == "first_of":
            uuids_ = entry.references(of)
            return self.link(entry.resource.members[of].to, uuids_[0]) if uuids_ else None
        return str(uuids.uuid5(_NAMESPACE, f"{of}/{entry.uuid}"))

    # expand

    def _expand(
        self,
        entries: Sequence[Entry],
        shown: list[Shown],
        related: Related,
        tree: Tree,
    ) -> None:
        for each in shown:
            each["_expand"] = {}
        resource = entries[0].resource
        for name, below in tree.below.items():
            relation = resource.relations.get(name)
            if relation is not None:
                rows = related[name]
                flat = {one.uuid: one for each in entries for one in rows[each.uuid]}
                whole = dict(zip(flat, self.show(list(flat.values()), below), strict=True))
                for entry, each in zip(entries, shown, strict=True):
                    each["_expand"][name] = [whole[one.uuid] for one in rows[entry.uuid]]
            else:
                targets = self.repository.get(
                    resource.members[name].to, [uuid for each in entries for uuid in each.references(name)]
                )
                whole = dict(zip(targets, self.show(list(targets.values()), below), strict=True))
                for entry, each in zip(entries, shown, strict=True):
                    each["_expand"][name] = whole.get(entry.reference(name) or "")
