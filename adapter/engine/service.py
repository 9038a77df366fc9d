"""The engine as the HTTP face calls it; see `adapter.service.Service`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from adapter import context
from adapter.engine.deployment import CREATES, DELETES, UPDATES, Deployment
from adapter.engine.gateway.aliased import served_within
from adapter.engine.gateway.scan_bound import ScanTooLong
from adapter.engine.gateway.session import Session
from adapter.engine.query.lists import Lists
from adapter.engine.read.reads import Reads
from adapter.engine.read.repository import Repository
from adapter.engine.read.subjects import shown as shown_holder
from adapter.engine.read.subjects import subjects_of
from adapter.engine.render.representations import Representations, Tree
from adapter.engine.transaction.idempotency import once
from adapter.engine.write.commands import SELF, Commands
from adapter.engine.write.composite import Composite
from adapter.errors import NotFound, RegisterAnswer
from adapter.openapi.checked import Checked
from adapter.service import Caller, ListQuery, Page, Representation, Service
from adapter.state.errors import MadeAndGone
from adapter.state.journal import Made
from adapter.state.keys import Claim


class Engine:
    """The operations of the served API on one deployment. A request sees nothing of what another one read."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment

    def body_options(self, resource: str) -> Mapping[str, Mapping[str, Any]]:
        """Path → what the mapping says about a member of a body and the specification does not."""
        mappings = self.deployment.mappings
        composition = mappings.compositions.get(resource)
        if composition is not None:
            own: Mapping[str, Mapping[str, Any]] = {}
            nested = {part.name: part.resource for part in composition.parts}
        else:
            own, relations = mappings.resources[resource].body, mappings.resources[resource].relations
            nested = {name: each.resource for name, each in relations.items() if each.write == "nested"}
        below = {
            f"{name}.{path}": options
            for name, inner in nested.items()
            for path, options in mappings.resources[inner].body.items()
        }
        return {**own, **below}

    def looked_into(self, resource: str, filters: Collection[str], expand: Collection[str]) -> frozenset[str]:
        """The names of the resources that an answer looks into, besides the one that is asked for.

        By what it expands, and by filters, values of them are shown or asked for. A link to another resource
        is a value of the resource that shows it; so is what stands in it as a whole, as a partij holds its
        identificatoren.
        """
        resources = self.deployment.mappings.resources
        start, found = resources[resource], set[str]()
        filtered = [(start.filters[name].path, False) for name in filters]
        for path, to_the_end in (*filtered, *((tuple(each.split(".")), True) for each in expand)):
            here = start
            for number, name in enumerate(path, start=1):
                relation, member = here.relations.get(name), here.members.get(name)
                if relation is not None:
                    far = relation.resource
                    if relation.take:
                        far = resources[far].members[relation.take].to
                elif member is not None and member.to:
                    far = member.to
                else:
                    break
                whole = relation is not None and relation.whole
                if to_the_end or (number < len(path) and not whole):
                    found.add(far)
                here = resources[far]
        return frozenset(found)

    def list(self, resource: str, query: ListQuery, caller: Caller) -> Page:
        """A page of the resources that pass every filter. Raises NotFound, Invalid, RegisterError."""
        session = Session(self.deployment)
        session.chosen = caller.settings
        session.into = self.looked_into(resource, query.filters, query.expand) | {resource}
        reads, filters = Reads(session), self._served(query.filters)
        lists, mapping = Lists(reads), reads.resources[resource]
        plan = lists.plan(mapping, filters)
        count, number, entries = session.run(lists.page(mapping, plan, query.page, query.page_size))
        representations = Representations(reads, self._features(caller), caller.base)
        shown = session.run(representations.show(entries, Tree.of(query.expand), listed=True))
        if representations.noted is not None:
            self._touched(representations)
        return Page(count, shown, number)

    def retrieve(
        self,
        resource: str,
        uuid: str,
        expand: tuple[str, ...],
        caller: Caller,
        filters: Mapping[str, Any] = MappingProxyType({}),
    ) -> Representation:
        """One resource. Raises NotFound, also when it does not pass every filter."""
        uuid, filters = self._served(uuid), self._served(filters)
        repository = Repository(Session(self.deployment))
        mapping = repository.resources[resource]
        beside = {each.resource for each in mapping.relations.values()}
        repository.session.into = self.looked_into(resource, filters, expand) | beside | {resource}
        with _of_one():
            if filters:
                entry = repository.one(resource, uuid)
                means = Lists(repository.reads).means
                if entry is None or not repository.session.run(means(mapping, entry, filters)):
                    raise NotFound
            return self._shown(repository, resource, uuid, expand, caller)

    def _shown(
        self, repository: Repository, resource: str, uuid: str, expand: tuple[str, ...], caller: Caller
    ) -> Representation:
        representations = Representations(repository.reads, self._features(caller), caller.base)
        shown = repository.session.run(representations.one(resource, uuid, Tree.of(expand)))
        if shown is None:
            raise NotFound
        if representations.noted is not None:
            self._touched(representations)
        return shown

    def _touched(self, representations: Representations) -> None:
        """Tell whose data is in an answer, where the processing of personal data is logged."""
        processing = context.processing()
        if processing is not None:
            reads = representations.reads
            read = subjects_of(reads, map(shown_holder, representations.noted or ()))
            processing.touched(reads.session.run(read))

    def create(self, resource: str, checked: Checked, caller: Caller) -> Representation:
        """Create a resource, or several where the mapping composes the operation of several (`parts`).

        Raises Invalid before anything is written, KeyUsed, MadeAndGone, RegisterError.
        """
        checked = self._known(resource, checked, caller)
        composition = self.deployment.mappings.compositions.get(resource)
        parts = {part.name: part.resource for part in composition.parts} if composition else {SELF: resource}
        repository = Repository(Session(self.deployment))

        def make(claim: Claim | None) -> Made:
            nonlocal repository
            commands = Commands(self.deployment, f"create {resource}", claim, caller.changing)
            if composition is None:
                made: Made = {SELF: commands.create(repository.resources[resource], checked)}
            else:
                made = Composite(commands, composition).create(checked)
            for name, uuid in made.items():
                if uuid:
                    self.deployment.wrote(parts[name], CREATES)
            # The answer is made of what the write has read and written, without another call.
            repository = commands.repository
            return made

        with _of_one():
            made = once(self.deployment, caller, make)
        try:
            if composition is None:
                return self._shown(repository, resource, made[SELF] or "", (), caller)
            return {
                name: self._shown(repository, kind, found, (), caller) if (found := made[name]) else None
                for name, kind in parts.items()
            }
        except NotFound:
            raise MadeAndGone from None

    def update(
        self, resource: str, uuid: str, checked: Checked, partial: bool, caller: Caller
    ) -> Representation:
        """Change a resource. Raises NotFound, Forbidden, Invalid before anything is written."""
        checked, uuid = self._known(resource, checked, caller), self._served(uuid)
        commands = Commands(self.deployment, f"update {resource}", changing=caller.changing)
        with _of_one():
            commands.update(commands.repository.resources[resource], uuid, checked, partial=partial)
            self.deployment.wrote(resource, UPDATES)
            return self._shown(commands.repository, resource, uuid, (), caller)

    def destroy(
        self, resource: str, uuid: str, parameters: Mapping[str, Any], caller: Caller
    ) -> Representation | None:
        """Delete a resource and those that go with it. Raises NotFound, Forbidden, Invalid before it writes.

        With the parameter that the mapping names (`cascade`), also the resources that it ties together; the
        answer then lists the URLs of those that stay because they are used elsewhere.
        """
        uuid = self._served(uuid)
        commands = Commands(self.deployment, f"destroy {resource}", changing=caller.changing)
        mapping = commands.repository.resources[resource]
        with _of_one():
            if mapping.cascade is not None and parameters.get(mapping.cascade[0]) is True:
                stay = commands.destroy_with_tied(mapping, uuid)
                self.deployment.wrote(resource, DELETES)
                base = caller.base or self.deployment.public_url
                return {mapping.cascade[1]: [f"{base}/{name}/{each}" for name, each in stay]}
            commands.destroy(mapping, uuid)
        self.deployment.wrote(resource, DELETES)
        return None

    def _served(self, asked: Any) -> Any:
        """What is asked, by the uuids under which resources are served where it names those of records."""
        aliases = self.deployment.aliases
        return asked if aliases is None else served_within(aliases, asked)

    def _known(self, resource: str, checked: Checked, caller: Caller) -> Checked:
        """The body without members that this caller does not see: they are ignored, as unknown ones are."""
        checked = replace(checked, value=self._served(checked.value))
        features = self._features(caller)
        hidden = self.deployment.planned(
            ("hidden", resource, features), lambda: self._hidden(resource, features)
        )
        if not hidden:
            return checked
        return Checked(
            {name: value for name, value in checked.value.items() if name not in hidden},
            [each for each in checked.problems if each.name.partition(".")[0] not in hidden],
            checked.rejected,
        )

    def _hidden(self, resource: str, features: frozenset[str]) -> frozenset[str]:
        """The members that are not served to a caller with these features."""
        found = self.deployment.mappings.resources.get(resource)
        if found is None:
            return frozenset()
        asked = {name: member.feature for name, member in found.members.items()}
        asked |= {name: relation.feature for name, relation in found.relations.items()}
        return frozenset(name for name, feature in asked.items() if feature and feature not in features)

    def _features(self, caller: Caller) -> frozenset[str]:
        wanted = caller.legacy_fields and self.deployment.settings.get("legacy_fields", True)
        return frozenset({"legacy_fields"} if wanted else ())


def service_of(deployment: Deployment) -> Service:
    """The service of a deployment: its engine, with what gathers around it."""
    engine = Engine(deployment)
    return engine if deployment.gathers is None else deployment.gathers.around(engine)


@contextmanager
def _of_one() -> Iterator[None]:
    """Within this one resource is asked for: no question that a client could narrow."""
    try:
        yield
    except ScanTooLong as too_long:
        if too_long.parameters:
            raise
        raise RegisterAnswer(too_long.register) from None
