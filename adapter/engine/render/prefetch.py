"""Make the calls that an answer needs before they are needed: those of a level of it side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from adapter.engine.entities.entry import Entry
from adapter.engine.gateway.records import Job
from adapter.engine.read.repository import Repository
from adapter.engine.render.plan import plan_of
from adapter.mapping.model import Resource


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


class Prefetch:
    """The calls of one answer; `features` are the settings that the caller has switched on."""

    def __init__(self, repository: Repository, features: frozenset[str]) -> None:
        self.repository, self.features = repository, features
        self._asked: set[tuple[str, str]] = set()

    def one(self, name: str, uuid: str) -> None:
        """All that can be asked about a resource of which only the uuid is known."""
        self.repository.session.run(self._by_uuid(name, [uuid]))

    def of(self, entries: Sequence[Entry]) -> None:
        """What refers to these resources, and what is said of them elsewhere."""
        self.repository.session.run(self._about(entries))

    def below(
        self, entries: Sequence[Entry], related: Mapping[str, Mapping[str, list[Entry]]], tree: Tree
    ) -> None:
        """What the next level needs: the far ends of relations, what is expanded, what hangs on that."""
        resource = entries[0].resource
        jobs = self._expanded(entries, tree)
        for name, rows in related.items():
            relation = resource.relations[name]
            if not relation.whole and name not in tree.below:
                continue
            found = [one for each in entries for one in rows[each.uuid]]
            if relation.take and relation.whole:
                far = self.repository.resource(relation.resource).members[relation.take].to
                jobs += self._by_uuid(far, _named(found, relation.take))
            if name in tree.below and found:
                jobs += self._about(found) + self._expanded(found, tree.below[name])
        self.repository.session.run(jobs)

    def _about(self, entries: Sequence[Entry]) -> list[Job]:
        uuids = [each.uuid for each in entries]
        return self.repository.complete_jobs(entries) + self._referring(entries[0].resource, uuids)

    def _expanded(self, entries: Sequence[Entry], tree: Tree) -> list[Job]:
        resource = entries[0].resource
        jobs: list[Job] = []
        for name in tree.below:
            if (member := resource.members.get(name)) is not None:
                jobs += self._by_uuid(member.to, _named(entries, name))
        return jobs

    def _by_uuid(self, name: str, uuids: Sequence[str]) -> list[Job]:
        jobs = self.repository.first_jobs(name, uuids)
        resource = self.repository.resource(name)
        # what stands in another record is found by way of that
        plain = [uuid for uuid in uuids if uuid[14] not in resource.slots]
        return jobs + self._referring(resource, plain) if jobs else []

    def _referring(self, resource: Resource, uuids: Sequence[str]) -> list[Job]:
        left = [uuid for uuid in uuids if (resource.name, uuid) not in self._asked]
        if not left:
            return []
        self._asked.update((resource.name, uuid) for uuid in left)
        plan = plan_of(self.repository.deployment, resource, self.features)
        return [job for way in plan.asks for job in way.jobs(self.repository, left)]


def _named(entries: Sequence[Entry], member: str) -> list[str]:
    return sorted({uuid for each in entries for uuid in each.references(member)})
