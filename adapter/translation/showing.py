"""Write served resources as the specification shows them: links, relations, `_expand`.

Relations are read for all resources of an answer at once, one level of expand after another.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from adapter.mapping.model import Member, Relation, Resource
from adapter.mapping.paths import get, parse
from adapter.translation.ahead import Ahead, Tree
from adapter.translation.entries import Entry
from adapter.translation.reading import Reading

Shown = dict[str, Any]
# A part of a plan: the name, one of these ways to show it, and what it is that is shown.
UUID, URL, PLAIN, NUMBER, LINK, MEMBER, OPTIONAL, RELATION = (
    *("uuid", "url", "plain", "number", "link", "member", "optional", "relation"),
)
Part = tuple[str, str, Any]
_NAMESPACE = uuids.UUID("0f5a4b0a-57d2-5a0b-8f0e-0a4c6f3f1f6c")


class Showing:
    """Shows resources of one request; `features` are the settings that the caller has switched on."""

    def __init__(self, reading: Reading, features: frozenset[str]) -> None:
        self.reading, self.features = reading, features
        self.ahead = Ahead(reading, features)
        self.base = reading.world.public_url
        # by group: whether any of it is shown otherwise than it is kept
        self._more: dict[int, bool] = {}

    def show(self, entries: Sequence[Entry], tree: Tree, *, listed: bool = False) -> list[Shown]:
        """The resources as in an answer; with `listed`, `_expand` is there even when nothing is expanded."""
        if not entries:
            return []
        resource = entries[0].resource
        self.ahead.of(entries)
        self.reading.complete(entries)
        related = {each.name: self._related(each, entries) for each in self.ahead.relations(resource)}
        self.ahead.below(entries, related, tree)
        plan, url = self._plan(resource, related), f"{self.base}/{resource.name}/"
        whole = self._whole(resource, related)
        shown = [self._one(each, plan, whole, url) for each in entries]
        self._show_more(entries, shown)
        if tree.below or (listed and resource.expands):
            self._expand(entries, shown, related, tree)
        return shown

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

    def _whole(
        self, resource: Resource, related: Mapping[str, dict[str, list[Entry]]]
    ) -> Mapping[str, dict[str, list[Any]]]:
        """The relations, with those that are shown whole as they are shown: all at once."""
        found: dict[str, dict[str, list[Any]]] = dict(related)
        for name, rows in related.items():
            relation = resource.relations[name]
            if not relation.whole:
                continue
            far = {uuid: self._far(relation, entries) for uuid, entries in rows.items()}
            all_ = {each.uuid: each for entries in far.values() for each in entries}
            shown = dict(zip(all_, self.show(list(all_.values()), Tree()), strict=True))
            found[name] = {uuid: [shown[each.uuid] for each in entries] for uuid, entries in far.items()}
        return found

    def _far(self, relation: Relation, rows: list[Entry]) -> list[Entry]:
        if not relation.take:
            return rows
        far = self.reading.resource(relation.resource).members[relation.take].to
        wanted = [uuid for each in rows for uuid in each.references(relation.take)]
        return list(self.reading.get(far, wanted).values())

    def _relation(self, relation: Relation, rows: list[Any]) -> Any:
        if relation.pick:
            oldest = rows[-1] if rows else None
            return oldest.values.get(relation.take) or None if oldest else None
        if relation.whole:
            return rows
        if not relation.take:
            return [self._link_to(relation, each) for each in rows]
        far = self.reading.resource(relation.resource).members[relation.take].to
        return [self.link(far, uuid) for each in rows for uuid in each.references(relation.take)]

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
        self, entry: Entry, plan: Sequence[Part], related: Mapping[str, dict[str, list[Any]]], url: str
    ) -> Shown:
        """A resource as the plan of its kind says: its members in the order of the specification."""
        values, uuid = entry.values, entry.uuid
        shown: Shown = {}
        for name, kind, subject in plan:
            if kind == PLAIN:
                if name in values:
                    shown[name] = values[name]
            elif kind == LINK:
                value = values.get(name)
                if value is not None or name in values:
                    shown[name] = self.link(subject, value["uuid"]) if value else None
            elif kind == RELATION:
                value = self._relation(subject, related[name][uuid])
                if value is not None:
                    shown[name] = value
            elif kind == MEMBER:
                if subject.computed or name in values:
                    shown[name] = self._member(subject, values, entry)
            elif kind == OPTIONAL:
                if values.get(name) is not None:
                    shown[name] = self._member(subject, values, entry)
            elif kind == NUMBER:
                shown[name] = entry.served((name,))
            elif kind == UUID:
                shown[name] = uuid
            else:
                shown[name] = url + uuid
        return shown

    def _plan(self, resource: Resource, related: Collection[str]) -> list[Part]:
        """What is shown of every resource of a kind, decided once: (name, how, what it is)."""
        plan: list[Part] = []
        for name in resource.shown:
            member = resource.members.get(name)
            if name in (UUID, URL):
                plan.append((name, name, None))
            elif name in related:
                plan.append((name, RELATION, resource.relations[name]))
            elif member is not None and self._served(member.feature):
                if member.numbers is not None:
                    plan.append((name, NUMBER, member))
                elif member.absent.kind == "left_out":
                    plan.append((name, OPTIONAL, member))
                elif member.to and not member.many:
                    plan.append((name, LINK, member.to))
                elif member.to or member.computed or member.members or member.by:
                    plan.append((name, MEMBER, member))
                else:
                    plan.append((name, PLAIN, None))
        return plan

    def _show_more(self, entries: Sequence[Entry], shown: Sequence[Shown]) -> None:
        """Of references that show more than a link: the members of what they refer to."""
        resource = entries[0].resource
        for name, targets in self._named(resource, entries).items():
            for entry, each in zip(entries, shown, strict=True):
                target = targets.get(entry.reference(name) or "")
                if target is not None:
                    more = {inner: target.served((inner,)) for inner in resource.members[name].shows}
                    each[name] = {**each[name], **more}

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
        more = self._more.get(id(inner))
        if more is None:
            more = self._more[id(inner)] = any(map(_is_more, inner.values()))
        if not more:
            return {name: value.get(name) for name in inner}
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


def _is_more(member: Member) -> bool:
    """Whether a member of a group is shown otherwise than it is kept."""
    return bool(member.to or member.computed or member.members or member.variants)
