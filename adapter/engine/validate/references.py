"""Whether what a write refers to exists, with as few register calls as that takes."""

from __future__ import annotations

from collections.abc import Iterable

from adapter.engine.gateway.records import Job
from adapter.engine.read.repository import Repository
from adapter.mapping.constructs.rules import KeptWhileNamed, OnlyOne, RequiredReference, Rule, UniqueTogether
from adapter.mapping.model import Home, Mappings, Member, Resource


class ReferencedResources:
    """Looks for one request. Where nothing of a target matters but that it is there, its record is enough."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository

    def prefetch(
        self, wanted: Iterable[tuple[Resource, Member, str]], listed: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Make the first calls side by side: for references (of a resource, by a member, to a uuid).

        What a body lists (resource, uuid) is needed whole.
        """
        whole: dict[str, set[str]] = {}
        for name, uuid in listed:
            whole.setdefault(name, set()).add(uuid)
        bare: dict[str, set[str]] = {}
        for resource, member, uuid in wanted:
            found = bare if self._home(resource, member, uuid) else whole
            found.setdefault(member.to, set()).add(uuid)
        jobs: list[Job] = []
        for name, uuids in whole.items():
            jobs += self.repository.first_jobs(name, sorted(uuids))
        for name, uuids in bare.items():
            home = _record_home(self.repository.resource(name))
            assert home is not None and home.place is not None
            jobs += self.repository.session.records.jobs(home.place, sorted(uuids - whole.get(name, set())))
        self.repository.session.run(jobs)
        # Of several, what those calls did not find is looked for elsewhere together.
        for name, uuids in whole.items():
            if len(uuids) > 1:
                self.repository.get(name, sorted(uuids))

    def is_there(self, resource: Resource, member: Member, uuid: str) -> bool:
        """Whether what a reference names exists."""
        home = self._home(resource, member, uuid)
        records = self.repository.session.records
        if home is not None and home.place is not None and uuid in records.get(home.place, [uuid]):
            return True
        return self.repository.one(member.to, uuid) is not None

    def _home(self, resource: Resource, member: Member, uuid: str) -> Home | None:
        """The home whose record tells enough; None when more of the target is needed anyhow."""
        target = self.repository.resource(member.to)
        home = _record_home(target)
        if home is None or uuid[14] in target.slots or self._matters(resource, member):
            return None
        return home

    def _matters(self, resource: Resource, member: Member) -> bool:
        """Whether a write goes on to look at what the target of this reference is, or what hangs on it."""
        looked_at = self.repository.deployment.planned(
            ("looked at", resource.name), lambda: _looked_at(self.repository.mappings, resource)
        )
        return member.must is not None or member.name in looked_at


def _record_home(resource: Resource) -> Home | None:
    """The home in which a record is the resource, whatever else is known of it."""
    if resource.needed:
        return None
    return next((home for home in resource.homes.values() if home.kind == "record"), None)


def _looked_at(mappings: Mappings, resource: Resource) -> set[str]:
    """The references of a resource that rules, mirrors, keys or what is told to old clients follow."""
    found = {name for rule in resource.rules for name in _followed(rule)}
    for home in resource.homes.values():
        found |= {slot.owner[0] for each in home.mirrors if (slot := resource.homes[each.slot]).owner}
        found |= {member.partition(".")[0] for member in home.keys.values() if "." in member}
        found |= {each.source.reference for each in home.projections}
    for other in mappings.resources.values():
        for projection in [each for home in other.homes.values() for each in home.projections]:
            source = projection.source
            if source.resource == resource.name:
                found.add(source.member)
            elif source.relation:
                relation = mappings.resources[other.members[source.member].to].relations[source.relation]
                far = mappings.resources[relation.resource].relations
                inner = [relation, *(far[name] for name in projection.relations)]
                found |= {each.member for each in inner if each.resource == resource.name}
    return found


def _followed(rule: Rule) -> Iterable[str]:
    """The members of which a rule looks at what they refer to, or at what else refers there."""
    match rule:
        case RequiredReference():
            return [rule.member]
        case OnlyOne():
            return rule.per
        case UniqueTogether():
            return [path[0] for path in rule.members]
        case KeptWhileNamed():
            return [rule.by]
    return []
