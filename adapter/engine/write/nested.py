"""Resources that are written by way of another: lists of links, nested bodies, one made from a member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapter.engine.entities.annotations import MADE_FROM, noting
from adapter.engine.entities.draft import Draft
from adapter.engine.entities.entry import Entry
from adapter.engine.validate import rules
from adapter.engine.validate.problems import Late
from adapter.engine.write.deletes import Deletes
from adapter.engine.write.locks import concerned, held_by
from adapter.engine.write.writes import Writes
from adapter.errors import Problem
from adapter.mapping.model import Relation, Resource
from adapter.mapping.paths import get

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Nested:
    """Writes what comes nested in the bodies of one request."""

    writes: Writes
    deletes: Deletes

    # before the write

    def leaving(self, draft: Draft) -> frozenset[str]:
        """The nested resources that a body leaves out, and that it will therefore take away."""
        gone = [self._left_out(draft, relation, items) for relation, items in self._lists(draft, "nested")]
        return frozenset(each.uuid for entries in gone for each in entries)

    def sent(self, draft: Draft) -> bool:
        """Whether a body says anything of others that are written by way of this."""
        return any(self._lists(draft, write) for write in ("nested", "link"))

    def _lists(self, draft: Draft, write: str) -> list[tuple[Relation, list[Body]]]:
        """What a body says of others in this way, list by list."""
        lists = ((each, draft.body.get(name)) for name, each in draft.resource.relations.items())
        return [(each, items) for each, items in lists if each.write == write and isinstance(items, list)]

    def _left_out(self, draft: Draft, relation: Relation, items: list[Body]) -> list[Entry]:
        """What refers to a resource now and is not in a list."""
        named = {each.get("uuid") for each in items}
        return [each for each in self._now(draft, relation) if each.uuid not in named]

    def _now(self, draft: Draft, relation: Relation) -> list[Entry]:
        if draft.before is None:
            return []
        return self.writes.repository.related(relation.resource, relation.member, [draft.uuid])

    def concerned(self, draft: Draft) -> set[str]:
        """The names of all that is written by way of this, before and after; see `locking`."""
        found: set[str] = set()
        for relation, items in self._lists(draft, "nested"):
            drafts = self._inners(draft, relation, items)
            found |= {name for each in drafts for name in concerned(each)}
            found |= {name for each in self._left_out(draft, relation, items) for name in held_by(each)}
        for relation, items in self._lists(draft, "link"):
            drafts = [*self._linked(draft, relation, items), *self._unlinked(draft, relation, items)]
            found |= {name for each in drafts for name in concerned(each)}
        for relation in self._made(draft):
            oldest = self._oldest(relation, draft.uuid) if draft.before else None
            found |= held_by(oldest) if oldest else set()
        return found

    def foreseen(self, draft: Draft) -> set[str]:
        """Those that can be told without asking a register."""
        inner = [
            self._new(draft, relation, item)
            for relation, items in self._lists(draft, "nested")
            for item in items
        ]
        inner += [
            self._made_from(draft.uuid, relation, draft.body[relation.name], _given(draft))
            for relation in self._made(draft)
        ]
        return {name for each in inner for name in concerned(each)}

    def _made(self, draft: Draft) -> list[Relation]:
        """What a body has made from one of its members."""
        relations = draft.resource.relations.items()
        return [each for name, each in relations if each.make is not None and name in draft.body]

    def each(self, draft: Draft, problems: list[Problem]) -> list[Problem]:
        """What is wrong with what comes nested, one by one; `problems` are those that are known already.

        Looked at together with the members of the body.
        """
        found: list[Problem] = []
        for relation, items in self._lists(draft, "nested"):
            known = {_item(each.path, relation) for each in problems}
            inners = self._inners(draft, relation, items)
            for inner, item in zip(inners, items, strict=True):
                inner.body = item
            members = self.writes.checks.members(inners)
            own = [
                each.below(f"{relation.name}.{number}")
                for number, (inner, wrong) in enumerate(zip(inners, members, strict=True))
                for each in wrong or ([] if number in known else rules.broken(self.writes.repository, inner))
            ]
            found += own or ([] if known - {None} else self._lists_problems(draft, relation, items))
        return found

    def _lists_problems(self, draft: Draft, relation: Relation, items: list[Body]) -> list[Problem]:
        label = f"{relation.name}.{relation.member}"
        sent = [each["uuid"] for each in items if each.get("uuid")]
        if len(sent) != len(set(sent)):
            reason = f"Duplicaat uuid kan niet worden ingevoerd voor `{_snake(relation.name)}`."
            return [Problem(label, "duplicated", reason)]
        if draft.before is None and any(item.get(relation.member) for item in items):
            name = _snake(relation.member)
            reason = f"Het veld `{name}` wordt automatisch ingesteld en dient niet te worden opgegeven."
            return [Problem(label, "invalid", reason)]
        return []

    def problems(self, draft: Draft, late: Late) -> list[Problem]:
        """What is wrong with what comes nested, when the body itself and each of them are right."""
        found: list[Problem] = []
        in_turn = self.writes.checks.in_turn
        for relation in self._made(draft):
            found += self._made_problems(draft, relation)
        for relation, items in self._lists(draft, "link"):
            found = found or in_turn(self._linked(draft, relation, items))
        for relation, items in self._lists(draft, "nested"):
            resource = self.writes.repository.resources[relation.resource]
            gone = [each.uuid for each in self._left_out(draft, relation, items)]
            found = found or self.deletes.refused(resource, gone)
            drafts = [self._inner(draft, relation, item) for item in items]
            found = found or in_turn(drafts, late.get(relation.name, {}))
        return found

    def _linked(self, draft: Draft, relation: Relation, items: list[Body]) -> list[Draft]:
        """What a list makes refer to a resource and did not before."""
        now = {each.uuid for each in self._now(draft, relation)}
        named = dict.fromkeys(each["uuid"] for each in items if each.get("uuid"))
        found = self.writes.repository.get(relation.resource, [uuid for uuid in named if uuid not in now])
        link = {relation.member: {"uuid": draft.uuid}}
        drafts = [self.writes.changing(each, link) for each in found.values()]
        gone = frozenset(each.uuid for each in self._left_out(draft, relation, items))
        for each in drafts:
            each.given, each.leaving = _given(draft), gone
        return drafts

    def _unlinked(self, draft: Draft, relation: Relation, items: list[Body]) -> list[Draft]:
        gone = self._left_out(draft, relation, items)
        return [self.writes.changing(each, {relation.member: None}) for each in gone]

    def _inner(self, draft: Draft, relation: Relation, item: Body) -> Draft:
        """A nested resource as it will be: it refers to its owner, and to nothing that it leaves out."""
        existing = self.writes.repository.one(relation.resource, item["uuid"]) if item.get("uuid") else None
        if existing is None:
            return self._new(draft, relation, item)
        inner = self.writes.changing(existing, _standing(existing.resource, relation, item, draft.uuid))
        inner.given, inner.leaving, inner.nested = _given(draft), draft.leaving, True
        return inner

    def _inners(self, draft: Draft, relation: Relation, items: list[Body]) -> list[Draft]:
        """All of a list; those that are there already are read together."""
        self.writes.repository.get(relation.resource, [item["uuid"] for item in items if item.get("uuid")])
        return [self._inner(draft, relation, item) for item in items]

    def _new(self, draft: Draft, relation: Relation, item: Body) -> Draft:
        resource = self.writes.repository.resources[relation.resource]
        inner = self.writes.draft(resource, _standing(resource, relation, item, draft.uuid), _given(draft))
        inner.leaving, inner.nested = draft.leaving, True
        return inner

    def _made_problems(self, draft: Draft, relation: Relation) -> list[Problem]:
        oldest = self._oldest(relation, draft.uuid) if draft.before else None
        if oldest is None or self._same(oldest, relation, draft.body[relation.name]):
            return []
        if _may_change(oldest, relation, draft.resource):
            return []
        return [Problem(relation.name, "invalid", relation.refused)]

    # after the write

    def write(self, entry: Entry, body: Body) -> None:
        """Write what came nested in the body of a resource that is stored now."""
        for name, relation in entry.resource.relations.items():
            if relation.write and isinstance(body.get(name), list):
                self._write_related(entry, relation, body[name])
            elif relation.make is not None and name in body:
                self._write_made(entry, relation, body[name])

    def _write_related(self, entry: Entry, relation: Relation, items: list[Body]) -> None:
        """Let exactly these resources refer to this one."""
        repository = self.writes.repository
        resource = repository.resources[relation.resource]
        now = {each.uuid: each for each in repository.related(resource.name, relation.member, [entry.uuid])}
        wanted = {item["uuid"] for item in items if item.get("uuid")}
        for uuid in [uuid for uuid in now if uuid not in wanted]:
            # read anew: it may have got another place when the one before went
            each = self.writes.repository.one(resource.name, uuid)
            if each is None:
                continue
            if relation.write == "nested":
                self.deletes.delete(each)
            else:
                self.writes.change(self.writes.changing(each, {relation.member: None}))
        for item in items:
            self._write_one(resource, relation, item, entry.uuid, now)

    def _write_one(
        self, resource: Resource, relation: Relation, item: Body, owner: str, now: Mapping[str, Entry]
    ) -> None:
        existing = self.writes.repository.one(resource.name, item["uuid"]) if item.get("uuid") else None
        body = _standing(resource, relation, item, owner)
        if existing is None:
            self.writes.make(self.writes.draft(resource, body))
        elif relation.write == "nested":
            self.writes.change(self.writes.changing(existing, body))
        elif existing.uuid not in now:
            self.writes.change(self.writes.changing(existing, {relation.member: {"uuid": owner}}))

    def _write_made(self, entry: Entry, relation: Relation, value: Any) -> None:
        oldest = self._oldest(relation, entry.uuid)
        if self._same(oldest, relation, value):
            return
        if oldest is None:
            self._make_from(entry, relation, value)
        elif not value:
            self.deletes.delete(oldest)
        else:
            self.writes.change(self.writes.changing(oldest, {relation.take: value}))

    def _oldest(self, relation: Relation, uuid: str) -> Entry | None:
        rows = self.writes.repository.related(relation.resource, relation.member, [uuid])
        return rows[-1] if rows else None

    def _same(self, entry: Entry | None, relation: Relation, value: Any) -> bool:
        """Whether the value is what is read, nothing and empty being alike."""
        return (value or None) == ((entry.values.get(relation.take) if entry else None) or None)

    def _made_from(self, owner: str, relation: Relation, value: Any, given: frozenset[str]) -> Draft:
        resource = self.writes.repository.resources[relation.resource]
        body: dict[str, Any] = {relation.member: {"uuid": owner}, relation.take: value}
        for name, node in (relation.make or {}).items():
            if isinstance(node, Mapping):
                chosen = self.writes.repository.deployment.settings.get(node["setting"])
                link = {"uuid": chosen} if chosen else None
                body[name] = [link] if link and node.get("many") else [] if node.get("many") else link
            else:
                body[name] = node
        return self.writes.draft(resource, body, given)

    def _make_from(self, entry: Entry, relation: Relation, value: Any) -> None:
        uuid = self.writes.make(self._made_from(entry.uuid, relation, value, frozenset()))
        self.writes.news.made(self.writes.repository.resources[relation.resource], uuid)
        made = self.writes.repository.one(relation.resource, uuid)
        if made is not None and made.stored is not None and made.home.rest:
            made_from = f"{entry.resource.name}.{relation.name}"
            data = noting(made.home, made.stored.data, MADE_FROM, made_from)
            self.writes.unit.put_object(made.stored, data)


def _given(owner: Draft) -> frozenset[str]:
    """What will be there when a nested resource is written: its owner, where that is new."""
    return frozenset({owner.uuid} if owner.before is None else ())


def _standing(resource: Resource, relation: Relation, item: Body, owner: str) -> Body:
    """The body of a nested resource by itself: it refers to its owner, and to what it names."""
    links = {name: None for name, member in resource.members.items() if member.to}
    own = {name: value for name, value in item.items() if name != "uuid"}
    return {**links, **own, relation.member: {"uuid": owner}}


def _item(path: str, relation: Relation) -> int | None:
    """The number of the nested resource that a problem is about."""
    first, _, rest = path.partition(".")
    number = rest.partition(".")[0]
    return int(number) if first == relation.name and number.isdecimal() else None


def _may_change(entry: Entry, relation: Relation, owner: Resource) -> bool:
    """Whether a resource was made from this relation, and is still in a state to be changed by it."""
    here = f"{owner.name}.{relation.name}"
    stood_in = [home for home in entry.resource.homes.values() if entry.uuid[14] in home.slots]
    same = here in (entry.notes.made_from, *(home.made_from for home in stood_in))
    return same and all(get(entry.values, path) == value for path, value in relation.only_if)


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)
