"""Create, change and delete served resources, with all that follows from it.

Everything is checked before the first register write. The writes of a request can be taken back until the first
register record is deleted; deletes come last.
"""

from __future__ import annotations

import copy
import uuid as uuids
from collections.abc import Callable, Mapping
from typing import Any

from adapter.errors import Forbidden, Invalid, NotFound, Problem
from adapter.mapping.model import Composition, Member, Relation, Resource, Rule
from adapter.mapping.paths import MISSING, Path, filled, get, parse, put
from adapter.openapi.checked import Checked
from adapter.translation import intending
from adapter.translation.checking import Checking, Draft, in_order, stamped
from adapter.translation.entries import Entry
from adapter.translation.ledger import Ledger
from adapter.translation.mirroring import Mirroring, owners_of
from adapter.translation.reading import Reading
from adapter.translation.sources import Sources
from adapter.translation.storing import Storing
from adapter.translation.world import World

FROM_RELATION = "gemaaktUit"

Body = Mapping[str, Any]


class Writing:
    """The writes of one request; `features` are the settings that the caller has switched on."""

    def __init__(self, world: World, features: frozenset[str]) -> None:
        self.world, self.features = world, features
        self.ledger = Ledger(world)
        self.renew()

    def renew(self) -> None:
        """Read anew from here on: something has been written."""
        self.reading = Reading(Sources(self.world))
        self.checking = Checking(self.reading)
        self.storing = Storing(self.reading, self.ledger)

    # create

    def create(self, resource: Resource, checked: Checked) -> str:
        """Make a resource; its uuid. Raises Invalid before anything is written."""
        draft = self._draft(resource, checked.value)
        self._check(draft, checked.problems)
        return self._undoing(lambda: self._make(draft))

    def compose(self, composition: Composition, checked: Checked) -> dict[str, str | None]:
        """Make the parts of a composed create as one write; part → uuid, None for a part left out."""
        drafts: dict[str, Draft] = {}
        parts = {part.name for part in composition.parts}
        problems = [
            each for each in checked.problems if "." not in each.name or each.name.split(".")[0] not in parts
        ]
        for part in composition.parts:
            body = checked.value.get(part.name)
            if not isinstance(body, dict) or (part.unless_empty and not body):
                continue
            given: frozenset[str] = frozenset()
            if part.fills is not None and part.fills[1] in drafts:
                owner = drafts[part.fills[1]].uuid
                body = {**body, part.fills[0]: {"uuid": owner}}
                given = frozenset({owner})
            draft = self._draft(self.reading.resource(part.resource), body, given)
            drafts[part.name] = draft
            own = _of_part(part.name, checked.problems)
            problems += [each.below(part.name) for each in self._problems(draft, own)]
        if problems:
            raise Invalid(problems)
        return self._undoing(lambda: self._make_all(composition, drafts))

    def _make_all(self, composition: Composition, drafts: dict[str, Draft]) -> dict[str, str | None]:
        made: dict[str, str | None] = {}
        for part in composition.parts:
            draft = drafts.get(part.name)
            if draft is not None and part.fills is not None and part.fills[1] in drafts:
                member, owner = part.fills
                draft.intended[member] = {"uuid": made[owner]}
            made[part.name] = self._make(draft) if draft is not None else None
        return made

    def _draft(self, resource: Resource, body: Body, given: frozenset[str] = frozenset()) -> Draft:
        draft = Draft(resource, str(uuids.uuid4()), body, intending.new(resource, body), given=given)
        self._stamp(draft)
        return draft

    def _make(self, draft: Draft) -> str:
        self._others_become(draft)
        uuid = self.storing.create(draft.resource, draft.uuid, draft.intended, draft.body)
        self._afterwards(draft.resource, uuid, None, draft.body)
        return uuid

    # change

    def update(self, resource: Resource, uuid: str, checked: Checked, *, partial: bool) -> None:
        """Change a resource. Raises NotFound, Forbidden, Invalid before anything is written."""
        entry = self._existing(resource, uuid)
        draft = self._changing(entry, checked.value, partial=partial)
        self._check(draft, self._unchanged_removed(entry, checked))
        self._undoing(lambda: self._change(draft))

    def _changing(self, entry: Entry, body: Body, *, partial: bool = True) -> Draft:
        intended, aside = intending.changed(entry, body, partial=partial)
        draft = Draft(entry.resource, entry.uuid, body, intended, entry, partial=partial, aside=aside)
        draft.leaving = self._leaving(draft)
        self._stamp(draft)
        return draft

    def _unchanged_removed(self, entry: Entry, checked: Checked) -> list[Problem]:
        """The problems without those of values that the client sends back as they were served."""
        return [
            each
            for each in checked.problems
            if each.name not in checked.rejected
            or get(entry.values, parse(each.name)) != checked.rejected[each.name]
            or checked.rejected[each.name] in ("", None)
        ]

    def _change(self, draft: Draft) -> None:
        assert draft.before is not None
        before = draft.before.as_it_was()
        self._others_become(draft)
        if draft.intended != draft.before.values:
            self.storing.update(draft.before, draft.intended, draft.aside)
        self._afterwards(draft.resource, draft.uuid, before, draft.body)

    def _existing(self, resource: Resource, uuid: str) -> Entry:
        entry = self.reading.one(resource.name, uuid)
        if entry is None:
            raise NotFound
        if entry.home.read_only:
            raise Forbidden(entry.home.read_only)
        return entry

    # delete

    def destroy(self, resource: Resource, uuid: str) -> None:
        """Delete a resource and what goes with it. Raises NotFound, Forbidden, Invalid before that."""
        entry = self._existing(resource, uuid)
        self._check_references(entry, {entry.uuid})
        self._undoing(lambda: self._delete(entry))

    def destroy_chain(self, resource: Resource, uuid: str) -> list[tuple[str, str]]:
        """Delete a resource with those that it ties together, unless another of its kind uses them.

        (resource, uuid) of those that stay.
        """
        entry = self._existing(resource, uuid)
        tied = [
            (member, link)
            for name, member in resource.members.items()
            if member.to and member.when_deleted == "delete"
            for link in entry.references(name)
        ]
        self._undoing(lambda: self._delete(entry))
        stay = []
        for name, link in dict.fromkeys((member.to, link) for member, link in tied):
            self.renew()
            if self._used(resource, name, link):
                stay.append((name, link))
            else:
                self._delete_with_owned(name, link)
        return stay

    def _used(self, resource: Resource, target: str, uuid: str) -> bool:
        return any(
            self.reading.related(resource.name, name, [uuid])
            for name, member in resource.members.items()
            if member.to == target
        )

    def _delete_with_owned(self, name: str, uuid: str) -> None:
        """Delete a resource; what only hangs on resources that go with it goes too."""
        entry = self.reading.one(name, uuid)
        if entry is None:
            return
        owned = self._owned_by_going(entry)
        self._undoing(lambda: self._delete(entry))
        for other, link in owned:
            self.renew()
            found = self.reading.one(other, link)
            if found is not None and not any(
                found.references(each) for each, m in found.resource.members.items() if m.to
            ):
                self._undoing(lambda found=found: self._delete(found))  # type: ignore[misc]

    def _owned_by_going(self, entry: Entry) -> list[tuple[str, str]]:
        found = []
        for owner, member, _ in self.reading.mappings.references_to(entry.resource.name):
            if member.when_deleted == "delete":
                for going in self.reading.related(owner.name, member.name, [entry.uuid]):
                    for other, link, _ in self.reading.mappings.references_to(owner.name):
                        if link.when_deleted == "clear":
                            rows = self.reading.related(other.name, link.name, [going.uuid])
                            found += [(other.name, each.uuid) for each in rows]
        return found

    def _check_references(self, entry: Entry, going: set[str]) -> None:
        """Refuse a delete that would leave behind what may not be without this resource."""
        for owner, member, path in self.reading.mappings.references_to(entry.resource.name):
            if len(path) > 1 or member.when_deleted in (None, "clear"):
                continue
            for each in self.reading.related(owner.name, member.name, [entry.uuid]):
                if each.uuid in going:
                    continue
                if member.when_deleted == "refuse":
                    if not self._goes_too(each, going):
                        raise Invalid([Problem("nonFieldErrors", "invalid", member.reason)])
                else:
                    going.add(each.uuid)
                    self._check_references(each, going)

    def _goes_too(self, entry: Entry, going: set[str]) -> bool:
        return any(
            link in going
            for name, member in entry.resource.members.items()
            if member.when_deleted == "delete"
            for link in entry.references(name)
        )

    def _delete(self, entry: Entry, going: set[str] | None = None, *, record_goes: bool = False) -> None:
        going = going if going is not None else set()
        if entry.uuid in going:
            return
        going.add(entry.uuid)
        for owner, member, path in self.reading.mappings.references_to(entry.resource.name):
            self._release(entry, owner, member, path, going)
        if entry.home.kind != "inside" or not record_goes:
            self.storing.delete(entry, record_goes=record_goes)
        self._after_delete(entry, going)

    def _release(self, entry: Entry, owner: Resource, member: Member, path: Path, going: set[str]) -> None:
        """Do what is agreed with the resources that refer to one that goes."""
        if member.when_deleted == "void":
            self._void(entry, owner, path)
            return
        if len(path) > 1:
            return
        for each in self.reading.related(owner.name, member.name, [entry.uuid]):
            if each.uuid in going:
                continue
            if member.when_deleted in ("delete", "refuse"):
                self._delete(each, going, record_goes=self._goes_with(each, member, entry))
            elif member.when_deleted == "clear" and not self._will_go(each, going):
                self._clear(each, member, entry)

    def _will_go(self, entry: Entry, going: set[str]) -> bool:
        return entry.home.kind == "inside" and entry.owner is not None and entry.owner.uuid in going

    def _goes_with(self, entry: Entry, member: Member, owner: Entry) -> bool:
        """Whether the register itself drops this record, or slot, together with its owner."""
        if entry.home.kind == "inside":
            return entry.owner is not None and entry.owner.uuid == owner.uuid
        if entry.home.place is None or owner.home.kind != "record":
            return False
        pair = next((each for each in entry.home.pairs if each.served == (member.name,)), None)
        goes_with = self.reading.mappings.collections[entry.home.place].goes_with
        return pair is not None and ".".join(pair.at) == goes_with

    def _clear(self, entry: Entry, member: Member, gone: Entry) -> None:
        value = entry.values.get(member.name)
        cleared = [each for each in value if each["uuid"] != gone.uuid] if isinstance(value, list) else None
        draft = self._changing(entry, {member.name: cleared})
        self.storing.update(entry, draft.intended, draft.aside)

    def _void(self, entry: Entry, owner: Resource, path: Path) -> None:
        """A reference inside a group of the aanvulling: the group as a whole goes."""
        for each in self.reading.candidates(owner.name, (*path, "uuid"), entry.uuid, "equals") or ():
            if get(each.values, (*path, "uuid")) == entry.uuid:
                intended = copy.deepcopy(each.values)
                intended[path[0]] = None
                self.storing.update(each, intended, {})

    def _after_delete(self, entry: Entry, going: set[str]) -> None:
        owners = owners_of(entry.resource, entry) - going
        if owners and entry.home.kind == "object":
            Mirroring(Reading(Sources(self.world)), self.ledger).settle(entry.resource, owners, entry)
        self._tell(entry, going)

    # checks

    def _check(self, draft: Draft, problems: list[Problem]) -> None:
        found = self._problems(draft, problems)
        if found:
            raise Invalid(found)

    def _problems(self, draft: Draft, problems: list[Problem]) -> list[Problem]:
        named = {each.name for each in problems}
        members = [each for each in self.checking.members(draft) if each.name not in named]
        if problems or members:
            return in_order(draft.resource, [*problems, *members])
        return self.checking.whole(draft) + self._nested_problems(draft) + self._make_problems(draft)

    def _nested_problems(self, draft: Draft) -> list[Problem]:
        """What is wrong with resources that come nested in a body."""
        found: list[Problem] = []
        for name, relation in draft.resource.relations.items():
            items = draft.body.get(name)
            if relation.write != "nested" or not items:
                continue
            sent = [each.get("uuid") for each in items if each.get("uuid")]
            label = f"{name}.{relation.member}"
            if len(sent) != len(set(sent)):
                reason = f"Duplicaat uuid kan niet worden ingevoerd voor `{_snake(name)}`."
                return [Problem(label, "duplicated", reason)]
            for item in items:
                link = item.get(relation.member)
                if link and link["uuid"] != draft.uuid:
                    reason = f"Het veld `{_snake(relation.member)}` wordt automatisch ingesteld en dient niet te worden opgegeven."
                    return [Problem(label, "invalid", reason)]
            for item in items:
                inner = self._nested_draft(draft, relation, item)
                found += [
                    each.below(name) if each.name != "__all__" else each for each in self._problems(inner, [])
                ]
        return found

    def _nested_draft(self, draft: Draft, relation: Relation, item: Body) -> Draft:
        resource = self.reading.resource(relation.resource)
        body = {**item, relation.member: {"uuid": draft.uuid}}
        body.pop("uuid", None)
        given = frozenset({draft.uuid})
        existing = self.reading.one(resource.name, item["uuid"]) if item.get("uuid") else None
        inner = self._draft(resource, body, given) if existing is None else self._changing(existing, body)
        inner.given, inner.leaving = given, self._leaving(draft)
        return inner

    def _leaving(self, draft: Draft) -> frozenset[str]:
        """The nested resources that a body leaves out, and that it will therefore take away."""
        if draft.before is None:
            return frozenset()
        found: set[str] = set()
        for name, relation in draft.resource.relations.items():
            items = draft.body.get(name)
            if relation.write == "nested" and isinstance(items, list):
                rows = self.reading.related(relation.resource, relation.member, [draft.uuid])
                found |= {each.uuid for each in rows} - {each.get("uuid") for each in items}
        return frozenset(found)

    def _stamp(self, draft: Draft) -> None:
        for rule in draft.resource.rules:
            if rule.kind == "stamp":
                name = rule.spec["stamp"]
                if not stamped(draft.intended, rule):
                    draft.intended[name] = None if not filled(draft.body.get(name)) else draft.intended[name]
                elif not filled(draft.intended.get(name)):
                    draft.intended[name] = intending.now()

    # effects

    def _others_become(self, draft: Draft) -> None:
        for rule in draft.resource.rules:
            if rule.kind == "only_one" and self._is_the_one(draft, rule):
                for other in self._rivals(draft, rule):
                    changed = self._changing(other, rule.spec["others_become"])
                    self.storing.update(other, changed.intended, changed.aside)

    def _is_the_one(self, draft: Draft, rule: Rule) -> bool:
        return all(draft.intended.get(name) == value for name, value in rule.spec["only_one"].items())

    def _rivals(self, draft: Draft, rule: Rule) -> list[Entry]:
        first, *rest = rule.spec["per"]
        link = draft.intended.get(first)
        if not link:
            return []
        return [
            each
            for each in self.reading.related(draft.resource.name, first, [link["uuid"]])
            if each.uuid != draft.uuid
            and all(each.values.get(name) == draft.intended.get(name) for name in rest)
            and all(each.values.get(name) == value for name, value in rule.spec["only_one"].items())
        ]

    def _afterwards(self, resource: Resource, uuid: str, before: Entry | None, body: Body) -> None:
        """Everything that follows from a stored resource."""
        self.renew()
        entry = self.reading.one(resource.name, uuid)
        if entry is None:
            return
        for name, relation in resource.relations.items():
            if relation.write and isinstance(body.get(name), list):
                self._write_related(entry, relation, body[name], before)
                self.renew()
            elif relation.make is not None and name in body:
                self._write_made(entry, relation, body[name])
                self.renew()
        self._mirror(resource, uuid, before)
        fresh = self.reading.one(resource.name, uuid)
        for each in (before, fresh):
            if each is not None:
                self._tell(each, set())

    def _mirror(self, resource: Resource, uuid: str, before: Entry | None) -> None:
        entry = self.reading.one(resource.name, uuid)
        owners = owners_of(resource, entry, before)
        if owners:
            Mirroring(self.reading, self.ledger).settle(resource, owners, before)
            self.renew()

    def _tell(self, entry: Entry, going: set[str]) -> None:
        if not any(
            home.tells for each in self.reading.mappings.resources.values() for home in each.homes.values()
        ):
            return
        reading = Reading(Sources(self.world))
        storing = Storing(reading, self.ledger)
        for target, tell in storing.telling.told_by(entry):
            if target.uuid in going:
                continue
            value = storing.telling.value(target.resource, tell, target.values, target.uuid)
            if target.home.kind == "object" and target.stored is not None:
                if target.home.rest in target.record and target.record.get(tell.at) != value:
                    self.ledger.put_object(target.stored, {**target.stored.data, tell.at: value})
            elif target.home.place is not None and get(target.record, (tell.at,)) != value:
                self.ledger.patch_record(target.home.place, target.uuid, {(tell.at,): value}, target.record)

    def _write_related(
        self, entry: Entry, relation: Relation, items: list[Any], before: Entry | None
    ) -> None:
        """Let exactly these resources refer to this one."""
        resource = self.reading.resource(relation.resource)
        link = {relation.member: {"uuid": entry.uuid}}
        now = {each.uuid: each for each in self.reading.related(resource.name, relation.member, [entry.uuid])}
        wanted = {item["uuid"] for item in items if item.get("uuid")}
        for uuid, each in now.items():
            if uuid not in wanted:
                if relation.write == "nested":
                    self._delete(each)
                else:
                    self._change(self._changing(each, {relation.member: None}))
                self.renew()
        for item in items:
            body = {**{name: value for name, value in item.items() if name != "uuid"}, **link}
            existing = self.reading.one(resource.name, item["uuid"]) if item.get("uuid") else None
            if existing is None:
                self._make(self._draft(resource, body, frozenset({entry.uuid})))
            elif relation.write == "nested" or existing.uuid not in now:
                self._change(self._changing(existing, body if relation.write == "nested" else link))

    # resources that come of a member

    def _make_problems(self, draft: Draft) -> list[Problem]:
        found = []
        for name, relation in draft.resource.relations.items():
            if relation.make is None or name not in draft.body:
                continue
            oldest = self._oldest(relation, draft.uuid) if draft.before else None
            have = oldest.values.get(relation.take) if oldest else None
            value = draft.body[name]
            same = (value or None) == (have or None)
            if not same and oldest is not None and not self._may_change(oldest, relation, draft.resource):
                found.append(Problem(name, "invalid", relation.refused))
        return found

    def _oldest(self, relation: Relation, uuid: str) -> Entry | None:
        rows = self.reading.related(relation.resource, relation.member, [uuid])
        return rows[-1] if rows else None

    def _may_change(self, entry: Entry, relation: Relation, owner: Resource) -> bool:
        group = entry.record.get(entry.home.rest) if entry.home.rest else None
        made = isinstance(group, dict) and group.get(FROM_RELATION) == f"{owner.name}.{relation.name}"
        return made and all(get(entry.values, path) == value for path, value in relation.only_if)

    def _write_made(self, entry: Entry, relation: Relation, value: Any) -> None:
        oldest = self._oldest(relation, entry.uuid)
        have = oldest.values.get(relation.take) if oldest else None
        if (value or None) == (have or None):
            return
        if oldest is not None and not value:
            self._delete(oldest)
        elif oldest is not None:
            self._change(self._changing(oldest, {relation.take: value}))
        else:
            self._make_from(entry, relation, value)

    def _make_from(self, entry: Entry, relation: Relation, value: Any) -> None:
        resource = self.reading.resource(relation.resource)
        body: dict[str, Any] = {relation.member: {"uuid": entry.uuid}, relation.take: value}
        for name, node in (relation.make or {}).items():
            if isinstance(node, dict):
                chosen = self.world.settings.get(node["setting"])
                body[name] = [{"uuid": chosen}] if chosen else []
            else:
                body[name] = node
        uuid = self._make(self._draft(resource, body))
        self.renew()
        made = self.reading.one(resource.name, uuid)
        if made is not None and made.stored is not None and made.home.rest:
            data = copy.deepcopy(made.stored.data)
            put(data, (made.home.rest, FROM_RELATION), f"{entry.resource.name}.{relation.name}")
            self.ledger.put_object(made.stored, data)

    def _undoing(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except BaseException:
            self.ledger.undo()
            raise


def _of_part(name: str, problems: list[Problem]) -> list[Problem]:
    """The problems below a part, as seen from the part."""
    prefix = f"{name}."
    return [
        Problem(each.name.removeprefix(prefix), each.code, each.reason)
        for each in problems
        if each.name.startswith(prefix)
    ]


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)


__all__ = ["MISSING", "Writing"]
