"""Write served resources as the specification shows them: links, relations, `_expand`.

A resource is shown with what refers to it and what is expanded, which is shown in turn. All resources of an
answer go down side by side, so that each level of it takes one round of register calls.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapter import context
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.ordering import oldest_first
from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.read.reach import reach
from adapter.engine.read.reads import Reads
from adapter.engine.render.plan import URL, UUID, plan_of
from adapter.mapping.model import Member, Relation
from adapter.mapping.paths import get, parse

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


NOTHING = Tree()


class Representations:
    """Shows resources of one request; `features` are the settings that the caller has switched on.

    Links begin with `base`, or else with the first public URL of the deployment.
    """

    def __init__(self, reads: Reads, features: frozenset[str], base: str = "") -> None:
        self.reads, self.features = reads, features
        self.base = base or reads.deployment.public_url
        # What is shown, for who has to tell whose data it is; nobody else needs it.
        self.noted: list[Entry] | None = None if context.processing() is None else []

    def one(self, name: str, uuid: str, tree: Tree) -> Read[Shown | None]:
        """A resource as in an answer; None when there is none."""
        found = yield from self._find(name, [uuid])
        shown = yield from self.show(list(found.values()), tree)
        return shown[0] if shown else None

    def show(self, entries: Sequence[Entry], tree: Tree, *, listed: bool = False) -> Read[list[Shown]]:
        """The resources as in an answer; with `listed`, `_expand` is there even when nothing is expanded."""
        if not entries:
            return []
        if self.noted is not None:
            self.noted += entries
        resource = entries[0].resource
        plan = plan_of(self.reads.deployment, resource, self.features)
        uuids = [each.uuid for each in entries]
        named = [resource.members[name] for name in tree.below if name in resource.members]
        reads: list[Read[Any]] = [self._relation(each, uuids, tree) for each in plan.relations]
        reads += [self._expanded(each, entries, tree.below[each.name]) for each in named]
        reads += [self.reads.get(each.to, _named(entries, each)) for each in plan.shows_more]
        _, *found = yield from gather([self.reads.complete(entries), *reads])
        relations, below = found[: len(plan.relations)], found[len(plan.relations) :]
        ends, url = [each for each, _ in relations], f"{self.base}/{resource.name}/"
        shown = []
        for each in entries:
            one = plan.show(each.values, each.uuid, url + each.uuid, self.base, ends)
            for member in plan.numbers:
                one[member.name] = each.served((member.name,))
            for member in plan.looked_into:
                one[member.name] = self._member(member, each.values, each)
            for name in plan.left_out:
                if one[name] is None:
                    del one[name]
            shown.append(one)
        for member, targets in zip(plan.shows_more, below[len(named) :], strict=True):
            _show_more(member, targets, entries, shown)
        if tree.below or (listed and resource.expands):
            whole = {
                relation.name: each for relation, (_, each) in zip(plan.relations, relations, strict=True)
            }
            whole |= {member.name: each for member, each in zip(named, below, strict=False)}
            nothing: dict[str, Any] = {name: None if name in resource.members else [] for name in tree.below}
            for each, one in zip(entries, shown, strict=True):
                one["_expand"] = {name: whole[name].get(each.uuid, nothing[name]) for name in tree.below}
        return shown

    def _find(self, name: str, uuids: Sequence[str]) -> Read[dict[str, Entry]]:
        """The resources with these uuids; what refers to them is asked for at the same time."""
        reads, resource = self.reads, self.reads.resources[name]
        # what stands in another record is found by way of that
        plain = [uuid for uuid in uuids if uuid[14] not in resource.slots]
        relations = plan_of(reads.deployment, resource, self.features).relations if plain else ()
        referring: list[Read[Any]] = [
            reads.referring(each.resource, each.member, plain) for each in relations
        ]
        found: dict[str, Entry]
        found, *_ = yield from gather([reads.get(name, uuids), *referring])
        return found

    def _expanded(self, member: Member, entries: Sequence[Entry], tree: Tree) -> Read[dict[str, Shown]]:
        """What a reference of these resources, by their uuids, expands to."""
        asked: list[Read[Any]] = [self.reads.complete(entries), self._targets(member, entries)]
        yield from gather(asked)
        targets = yield from self.reads.get(member.to, _named(entries, member))
        shown = dict(zip(targets, (yield from self.show(list(targets.values()), tree)), strict=True))
        links = {each.uuid: each.reference(member.name) for each in entries}
        return {uuid: shown[link] for uuid, link in links.items() if link in shown}

    def _targets(self, member: Member, entries: Sequence[Entry]) -> Read[None]:
        """Find what a reference of these resources names; what many name together comes in one go."""
        yield from reach(self.reads, entries, member.name)
        yield from self._find(member.to, _named(entries, member))

    # relations

    def _relation(
        self, relation: Relation, uuids: Sequence[str], tree: Tree
    ) -> Read[tuple[Mapping[str, Any], Mapping[str, list[Shown]]]]:
        """By uuid, of those with any: what a relation shows, oldest first as clients read the first; and what
        it expands to."""
        known = yield from self.reads.referring(relation.resource, relation.member, uuids)
        rows = {
            uuid: oldest_first(found) if len(found) > 1 else found
            for uuid in uuids
            if (found := known.get(uuid))
        }
        if relation.name not in tree.below:
            return (yield from self._ends(relation, rows)), {}
        both: list[Read[Any]] = [self._ends(relation, rows), self._whole(rows, tree.below[relation.name])]
        ends, below = yield from gather(both)
        return ends, below

    def _ends(self, relation: Relation, rows: Mapping[str, Sequence[Entry]]) -> Read[Mapping[str, Any]]:
        """What a relation shows of each of these: resources as a whole, links, or a value."""
        take = relation.take
        if relation.pick:
            return {uuid: each[0].values.get(take) or None for uuid, each in rows.items()}
        if not take:
            if relation.whole:
                return (yield from self._whole(rows, NOTHING))
            if not relation.shows:
                url = f"{self.base}/{relation.resource}/"
                return {
                    uuid: [{UUID: one.uuid, URL: url + one.uuid} for one in each]
                    for uuid, each in rows.items()
                }
            targets = yield from self._shown_of(relation, rows)
            return {uuid: [self._link(relation, one, targets) for one in each] for uuid, each in rows.items()}
        far = self.reads.resources[relation.resource].members[take].to
        links = {uuid: [to for one in each for to in one.references(take)] for uuid, each in rows.items()}
        if not relation.whole:
            return {uuid: [self.link(far, to) for to in each] for uuid, each in links.items()}
        there = yield from self._find(far, [to for each in links.values() for to in each])
        taken = {
            uuid: [there[to] for to in dict.fromkeys(each) if to in there] for uuid, each in links.items()
        }
        return (yield from self._whole(taken, NOTHING))

    def _whole(self, rows: Mapping[str, Sequence[Entry]], tree: Tree) -> Read[Mapping[str, list[Shown]]]:
        """These resources as they are shown: all at once."""
        flat = {one.uuid: one for each in rows.values() for one in each}
        shown = dict(zip(flat, (yield from self.show(list(flat.values()), tree)), strict=True))
        return {uuid: [shown[one.uuid] for one in each] for uuid, each in rows.items()}

    def _shown_of(
        self, relation: Relation, rows: Mapping[str, Sequence[Entry]]
    ) -> Read[dict[str, dict[str, Entry]]]:
        """Member → what it refers to, of those of which a link shows more."""
        members = self.reads.resources[relation.resource].members
        further = [members[path[0]] for _, path in relation.shows if members[path[0]].to and len(path) > 1]
        if not further:
            return {}
        flat = [one for each in rows.values() for one in each]
        found = yield from gather(self.reads.get(each.to, _named(flat, each)) for each in further)
        return {each.name: targets for each, targets in zip(further, found, strict=True)}

    def _link(self, relation: Relation, entry: Entry, targets: Mapping[str, Mapping[str, Entry]]) -> Shown:
        shown = self.link(relation.resource, entry.uuid)
        for name, path in relation.shows:
            if path[0] in targets:
                target = targets[path[0]].get(entry.reference(path[0]) or "")
                shown[name] = target.served(path[1:]) if target else None
            else:
                shown[name] = entry.served(path)
        return shown

    def link(self, resource: str, uuid: str) -> Shown:
        """A reference as it is shown."""
        return {"uuid": uuid, "url": f"{self.base}/{resource}/{uuid}"}

    # members

    def member(self, member: Member, entry: Entry) -> Any:
        """A member of the resource itself as it is shown, without a number that is computed."""
        return self._member(member, entry.values, entry)

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
        if kind == "joined":
            return " ".join([part for path in of if (part := get(values, parse(path)))])
        if kind == "first_of":
            uuids_ = entry.references(of)
            return self.link(entry.resource.members[of].to, uuids_[0]) if uuids_ else None
        return str(uuids.uuid5(_NAMESPACE, f"{of}/{entry.uuid}"))


def _named(entries: Sequence[Entry], member: Member) -> list[str]:
    return list(dict.fromkeys(uuid for each in entries for uuid in each.references(member.name)))


def _show_more(
    member: Member, targets: Mapping[str, Entry], entries: Sequence[Entry], shown: Sequence[Shown]
) -> None:
    """Beside the link of a reference: members of what it refers to."""
    for entry, each in zip(entries, shown, strict=True):
        target = targets.get(entry.reference(member.name) or "")
        if target is not None:
            each[member.name] |= {inner: target.served((inner,)) for inner in member.shows}
