"""Check a write before the first register write: references, uniqueness, and the rules of its mapping.

As the reference does, what concerns one member is reported together; rules over several members are looked at
when every member is right.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from adapter.engine.entities.draft import Draft, bare, is_link
from adapter.engine.entities.entry import Entry
from adapter.engine.gateway.scan_bound import NoList
from adapter.engine.gateway.scheduler import first
from adapter.engine.query.lists import Lists
from adapter.engine.query.plans import Wanted
from adapter.engine.read.repository import Repository
from adapter.engine.validate import rules
from adapter.engine.validate.references import Target, existing
from adapter.errors import Problem
from adapter.mapping.constructs.rules import NotItself, Own, UniqueTogether
from adapter.mapping.model import Member
from adapter.mapping.paths import Path, filled, get

INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Checks:
    """Checks the writes of one request."""

    repository: Repository

    def members(self, drafts: Sequence[Draft], wrong: Collection[str] = ()) -> list[list[Problem]]:
        """What is wrong with single members of each body, beside what is known to be `wrong` with them.

        All that the bodies refer to is read side by side.
        """
        named = [
            (draft.resource, member, uuid)
            for draft in drafts
            for member, _, uuid in self._references(draft)
            if uuid not in draft.given
        ]
        listed = [each for draft in drafts if draft.carries for each in self._listed(draft)]
        reads = self.repository.reads
        there = self.repository.session.run(existing(reads, named, listed)) if named or listed else set()
        found = []
        for draft in drafts:
            problems = [
                *self._existing(draft, there),
                *(self._links(draft, there) if draft.carries else ()),
                *self._unique(draft),
                *rules.texts(self.repository, draft, wrong),
            ]
            found.append([each for each in problems if each.name not in wrong])
        return found

    def whole(self, draft: Draft) -> list[Problem]:
        """What is wrong with the record as a whole, when every member is right."""
        if found := rules.broken(self.repository, draft) or rules.broken_of(Own, draft):
            return found
        found = rules.broken_of(NotItself, draft)
        wrong = {each.name for each in found}
        for rule in draft.resource.rules:
            if isinstance(rule, UniqueTogether) and wrong.isdisjoint(map(".".join, rule.members)):
                found += self._unique_together(draft, rule)
        return found or self._one_of(draft)

    def in_turn(
        self, drafts: Sequence[Draft], late: Mapping[int, Sequence[Problem]] = MappingProxyType({})
    ) -> list[Problem]:
        """What is wrong with the first that cannot be stored after those before it.

        Told as of a resource by itself, which it is when its turn comes; `late` is known by its number.
        """
        for number, draft in enumerate(drafts):
            draft.earlier = {each.uuid: each.intended for each in drafts[:number]}
            found = [*late.get(number, ()), *self.missing(draft)]
            if found := found or self.whole(draft):
                return found
        return []

    # single members

    def _references(self, draft: Draft) -> list[tuple[Member, str, str]]:
        """The references of a body: (member, name of the place, uuid)."""
        wanted: list[tuple[Member, str, str]] = []
        for member, path in draft.resource.walked:
            if not member.to:
                continue
            value = get(draft.body, path)
            names = ".".join(path)
            if member.many and isinstance(value, list):
                wanted += [
                    (member, f"{names}.{n}.uuid", each["uuid"])
                    for n, each in enumerate(value)
                    if is_link(each)
                ]
            elif is_link(value):
                wanted.append((member, f"{names}.uuid", value["uuid"]))
        for name, member in draft.resource.members.items():
            link = draft.body.get(name)
            if member.computed is not None and member.computed[0] == "first_of" and isinstance(link, dict):
                wanted.append((draft.resource.members[member.computed[1]], f"{name}.uuid", link["uuid"]))
        return wanted

    def _existing(self, draft: Draft, there: Set[Target]) -> list[Problem]:
        """What the body names, of references or with a uuid of its own, and there is not."""
        own = draft.resource.name
        names = [each.name for each in rules.broken_of(Own, draft)]
        found = [
            self._no_such(own, each) for each in names if self.repository.one(own, draft.body[each]) is None
        ]
        for member, name, uuid in self._references(draft):
            if uuid in draft.given:
                continue
            if (member.to, uuid) not in there:
                found.append(self._no_such(member.to, name))
            elif member.must is not None:
                target = self.repository.one(member.to, uuid)
                if target is None or get(target.values, member.must.member) != member.must.value:
                    found.append(Problem(name, INVALID, member.must.reason))
        return found

    def missing(self, draft: Draft) -> list[Problem]:
        """References to what the same write takes away."""
        named = self._references(draft)
        return [self._no_such(member.to, name) for member, name, uuid in named if uuid in draft.leaving]

    def _no_such(self, resource: str, name: str) -> Problem:
        title = self.repository.resources[resource].title
        return Problem(name, INVALID, f"{title} object bestaat niet.")

    def _listed(self, draft: Draft) -> list[tuple[str, str]]:
        """(resource, uuid) of what the lists in a body name."""
        return [
            (relation.resource, each["uuid"])
            for name, relation in draft.resource.relations.items()
            if relation.write and isinstance(value := draft.body.get(name), list)
            for each in value
            if is_link(each)
        ]

    def _links(self, draft: Draft, there: Set[Target]) -> list[Problem]:
        """Resources that a list in the body names have to exist."""
        found = []
        for name, relation in draft.resource.relations.items():
            value = draft.body.get(name)
            if not relation.write or not isinstance(value, list):
                continue
            uuids = [each.get("uuid") for each in value if isinstance(each, dict)]
            found += [
                self._no_such(relation.resource, f"{name}.{n}.uuid")
                for n, uuid in enumerate(uuids)
                if uuid and (relation.resource, uuid) not in there
            ]
        return found

    def _unique(self, draft: Draft) -> list[Problem]:
        found = []
        for name, member in draft.resource.members.items():
            value = draft.intended.get(name)
            asked = member.unique and name in draft.body and filled(value) and draft.changed((name,))
            if asked and self._has_other(draft, name, value):
                found.append(Problem(name, "unique", member.unique))
        return found

    def _has_other(self, draft: Draft, name: str, value: Any) -> bool:
        """Whether another resource has this value; one of a register that gives no list is not looked for."""
        try:
            return bool(self._others(draft, [((name,), value)]))
        except NoList:
            return False

    def _others(self, draft: Draft, values: Sequence[tuple[Path, Any]]) -> list[Entry]:
        """The other resources that have all these values.

        What refers to the same resource is at hand once that was read; the rest is tested on those.
        """
        wanted = []
        for path, value in values:
            link = value["uuid"] if is_link(value) else value
            if value is None:
                wanted.append(Wanted(path, "exists", False))
            else:
                wanted.append(Wanted(path, "equals", link))
        name, reads = draft.resource.name, self.repository.reads
        lists = Lists(reads, own=True)
        links = [(path[0], value["uuid"]) for path, value in values if is_link(value) and len(path) == 1]
        if links:
            # those that cost no call first
            near = self.repository.session.run(
                first([reads.related(name, member, [uuid]) for member, uuid in links])
            )
            others = lists.among(draft.resource, near, wanted)
        else:
            others = lists.matching(draft.resource, wanted)
        entries = self.repository.session.run(others)
        aside = {draft.uuid, *draft.leaving, *draft.earlier}
        return [each for each in entries if each.uuid not in aside]

    def _unique_together(self, draft: Draft, rule: UniqueTogether) -> list[Problem]:
        values = rule.values(draft.intended)
        if not any(draft.changed(path) for path, _ in values):
            return []
        same = bare(value for _, value in values)
        among = any(same == bare(v for _, v in rule.values(each)) for each in draft.earlier.values())
        # nothing that is there refers to what is only being made
        new = any(is_link(value) and value["uuid"] in draft.given for _, value in values)
        taken = among or (not new and self._others(draft, values))
        return [Problem(rule.name, rule.code, rule.reason)] if taken else []

    def _one_of(self, draft: Draft) -> list[Problem]:
        """The first preferred resource that is not among those that the record is linked with."""
        for name, member in draft.resource.members.items():
            link = draft.intended.get(name)
            if not member.one_of or link is None or name not in draft.body:
                continue
            sent = draft.body.get(member.one_of)
            if sent is None:
                relation = draft.resource.relations[member.one_of]
                rows = (
                    self.repository.related(relation.resource, relation.member, [draft.uuid])
                    if draft.before
                    else []
                )
                linked = [each.uuid for each in rows]
            else:
                linked = [each.get("uuid") for each in sent]
            if link["uuid"] not in linked:
                emptied = sent == [] and draft.before is not None and not draft.partial
                reason = (emptied and member.reason_if_none) or member.reason
                return [Problem(name, INVALID, reason)]
        return []
