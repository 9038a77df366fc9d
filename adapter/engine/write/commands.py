"""Create and change served resources, with all that follows from it.

Everything is checked before the first register write. The writes of a request can be taken back until the
first register record is deleted; deletes come last.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, partial
from typing import Any
from weakref import proxy

from adapter import context
from adapter.engine.deployment import Deployment
from adapter.engine.effects import mirrors
from adapter.engine.effects.mirrors import owners_of
from adapter.engine.effects.reprojection import retell
from adapter.engine.entities.draft import Draft, carries
from adapter.engine.entities.entry import Entry
from adapter.engine.entities.identity import uuids_in
from adapter.engine.placement.register_records import New
from adapter.engine.placement.store import Store
from adapter.engine.read.repository import Repository
from adapter.engine.read.subjects import Holder, shown, subjects_of, written
from adapter.engine.transaction.creations import carry_out
from adapter.engine.unit_of_work import UnitOfWork
from adapter.engine.validate.checks import Checks
from adapter.engine.validate.closings import Closings
from adapter.engine.validate.problems import Late, but_variants, in_order, not_as_served, put_off
from adapter.engine.write import intents
from adapter.engine.write.becoming import move_into_register
from adapter.engine.write.deletes import Deletes
from adapter.engine.write.locks import all_alone, concerned, named_by, unique_names
from adapter.engine.write.nested import Nested
from adapter.engine.write.news import News
from adapter.engine.write.number_series import give_numbers
from adapter.engine.write.registering import keys_named, register_named
from adapter.errors import Forbidden, Invalid, NotFound, Problem
from adapter.mapping.model import Resource
from adapter.mapping.paths import meets
from adapter.openapi.checked import Checked
from adapter.state.keys import Claim

Body = Mapping[str, Any]

# A body that concerns more than this is looked at before anybody else is kept waiting for it as well.
MANY = 20
# Under this name the one thing that a request made is remembered.
SELF = ""


class Commands:
    """The writes of one request."""

    def __init__(
        self, deployment: Deployment, operation: str = "", claim: Claim | None = None, changing: str = ""
    ) -> None:
        """`operation` is what the journal says about it; `claim` is the request's idempotency key.

        `changing` is how long its caller may change what closes; empty as the setting says.
        """
        self.unit = UnitOfWork(deployment, operation, claim)
        self.deployment = deployment
        self.repository = Repository(self.unit.session)
        self.closings = Closings(self.repository, changing)
        self.news = News(self.repository, deployment.publishing)
        self.checks = Checks(self.repository)
        self.store = Store(self.repository, self.unit)

    @cached_property
    def deletes(self) -> Deletes:
        """The deletes, which few requests need."""
        # A proxy, here and below: what was read is let go at once when the request is done.
        return Deletes(proxy(self), self.closings)

    @cached_property
    def nested(self) -> Nested:
        """What bodies say of other resources, where they do."""
        return Nested(proxy(self), self.deletes)

    @contextmanager
    def undoing(self) -> Iterator[dict[str, str | None]]:
        """What is written within this is finished at the end, or all taken back when anything fails.

        Gives what is remembered for the idempotency key of the request, to be filled.
        """
        made: dict[str, str | None] = {}
        try:
            yield made
            self.unit.finish(made, self.news.messages)
        except BaseException:
            self.unit.undo()
            raise

    # requests

    def create(self, resource: Resource, checked: Checked) -> str:
        """Make a resource; its uuid. Raises Invalid before anything is written."""
        draft = self.draft(resource, checked.value)
        names = self.foreseen(draft)
        if len(names) > MANY:
            self._check(draft, checked)
        with all_alone(self.unit, names, lambda: (draft, self.concerned(draft))):
            self._check(draft, checked)
            gathers = self.deployment.gathers
            if gathers is not None and (known := gathers.there(resource.name, draft.body)):
                # What a register has already, of somebody else, stays what it was for clients. Of two that
                # come at once, the second gets another uuid: the locks are held by now.
                draft.uuid = draft.served = known
            self.announce(map(written, [draft]))
            with self.undoing() as made:
                uuid = made[SELF] = self.make(draft)
                self.news.made(draft.resource, uuid)
            return uuid

    def update(self, resource: Resource, uuid: str, checked: Checked, *, partial: bool) -> None:
        """Change a resource. Raises NotFound, Forbidden, Invalid before anything is written."""

        def look() -> tuple[Draft, set[str]]:
            entry = self.repository.one(resource.name, uuid)
            if entry is None:
                raise NotFound
            draft = self.changing(entry, checked.value, partial=partial)
            if (fixed := entry.fixed) and (draft.changes or (draft.carries and self.nested.sent(draft))):
                raise Forbidden(fixed)
            return draft, self.concerned(draft)

        names = {uuid, *uuids_in(checked.value), *unique_names(resource, checked.value)}
        if carries(resource, checked.value):
            names |= self.foreseen(self.draft(resource, checked.value))
        if len(names) > MANY:
            self._check(look()[0], checked)
        with all_alone(self.unit, names, look, lambda: named_by(self.repository, resource, uuid)) as draft:
            self._check(draft, checked)
            self.announce(map(written, [draft]))
            with self.undoing():
                before = self.news.before(draft)
                self.change(draft)
                self.news.changed(resource, uuid, before, partial=partial)

    def foreseen(self, draft: Draft) -> set[str]:
        """What a write concerns as far as no register has to be asked; see `locks`."""
        found = concerned(draft)
        return found | self.nested.foreseen(draft) if draft.carries else found

    def concerned(self, draft: Draft) -> set[str]:
        """All that a write concerns, however it is reached."""
        found = concerned(draft) | keys_named(self.repository, draft)
        return found | self.nested.concerned(draft) if draft.carries else found

    def destroy(self, resource: Resource, uuid: str) -> None:
        """Delete a resource and what goes with it. Raises NotFound, Forbidden, Invalid before that."""
        look = partial(self.deletes.look, resource, uuid)
        with all_alone(self.unit, {uuid}, look, lambda: named_by(self.repository, resource, uuid)) as entry:
            self.announce(map(shown, [entry]))
            self.news.goes(entry)
            self.deletes.destroy(entry)

    def destroy_with_tied(self, resource: Resource, uuid: str) -> list[tuple[str, str]]:
        """Delete a resource with those that it ties together; (resource, uuid) of those that stay."""
        look = partial(self.deletes.look_at_tied, resource, uuid)
        glance = partial(named_by, self.repository, resource, uuid)
        with all_alone(self.unit, {uuid}, look, glance) as entry:
            self.announce(map(shown, [entry]))
            self.news.goes(entry)
            return self.deletes.destroy_with_tied(entry)

    def announce(self, holders: Iterable[Holder]) -> None:
        """Tell whose data is about to be changed, where that is logged. Raises LogbookUnavailable."""
        if (processing := context.processing()) is not None:
            read = subjects_of(self.repository.reads, holders)
            processing.begin(self.repository.session.run(read))

    def existing(self, resource: Resource, uuid: str) -> Entry:
        """A resource that is to be written. Raises NotFound, or Forbidden when it is somebody else's."""
        entry = self.repository.one(resource.name, uuid)
        if entry is None:
            raise NotFound
        if entry.fixed:
            raise Forbidden(entry.fixed)
        self.repository.complete([entry])
        return entry

    # drafts

    def draft(self, resource: Resource, body: Body, given: frozenset[str] = frozenset()) -> Draft:
        """A resource to be made; `given` are references that the same write will make exist."""
        body = intents.sent(resource, body)
        served = context.take_uuid()
        uuid, intended = served or str(uuids.uuid4()), intents.new(resource, body)
        draft = Draft(resource, uuid, body, intended, given=given, served=served)
        intents.stamp(draft)
        return draft

    def changing(self, entry: Entry, body: Body, *, partial: bool = True) -> Draft:
        """A resource to be changed."""
        self.repository.complete([entry])
        body = intents.sent(entry.resource, body)
        intended, aside = intents.changed(entry, body, partial=partial)
        draft = Draft(entry.resource, entry.uuid, body, intended, entry, partial=partial, aside=aside)
        if draft.carries:
            draft.leaving = self.nested.leaving(draft)
        intents.stamp(draft)
        return draft

    def _check(self, draft: Draft, checked: Checked) -> None:
        problems = checked.problems
        if draft.before is not None and problems:
            problems = not_as_served(draft.before, checked)
        if found := self.problems(draft, problems):
            raise Invalid(found)

    def problems(self, draft: Draft, problems: list[Problem]) -> list[Problem]:
        """All that is wrong with a write, with the `problems` that its schema found already."""
        self.closings.check(draft)
        late: Late = {}
        if draft.partial and problems:
            problems, late = put_off(draft.resource, problems)
        named = {each.name for each in problems}
        found = [*problems, *self.checks.members([draft], named)[0]]
        if draft.carries:
            found += [each for each in self.nested.each(draft, found) if each.name not in named]
        if found:
            return in_order(draft.resource, but_variants(draft.resource, found))
        found = self.checks.whole(draft)
        return found or (self.nested.problems(draft, late) if draft.carries else [])

    # the writes themselves

    def make(self, draft: Draft) -> str:
        """Store a new resource and do all that follows; its uuid."""
        give_numbers(self.unit, draft)
        self._before(draft)
        new = New(draft.resource, draft.uuid, draft.intended, draft.body, served=draft.served)
        (uuid,) = carry_out([self.store.creating(new)], self.unit.make_together)
        self.afterwards(draft, uuid)
        return uuid

    def change(self, draft: Draft) -> None:
        """Store a changed resource and do all that follows."""
        assert draft.before is not None
        self._before(draft)
        if draft.changes:
            self.store.update(draft.before, draft.intended, draft.aside)
        self.afterwards(draft, draft.uuid)

    def _before(self, draft: Draft) -> None:
        """What has to be so before a resource is stored."""
        register_named(self, draft)
        if draft.resource.only_one:
            self.change_rivals(draft)
        if self.deployment.aliases is not None:
            move_into_register(self, draft)

    def change_rivals(self, draft: Draft) -> None:
        """Make the others what the rule `only_one` says they become, before the resource itself is stored."""
        for rule in draft.resource.only_one:
            first, *rest = rule.per
            link = draft.intended.get(first)
            if not link or not meets(draft.intended, rule.like):
                continue
            same = (*(((name,), draft.intended.get(name)) for name in rest), *rule.like)
            others = self.repository.related(draft.resource.name, first, [link["uuid"]])
            for each in [it for it in others if it.uuid != draft.uuid and meets(it.values, same)]:
                changed = self.changing(each, rule.others_become)
                self.store.update(each, changed.intended, changed.aside)

    def afterwards(self, draft: Draft, uuid: str) -> None:
        """All that follows from a write, once the resource is stored, with this uuid.

        What was not changed is mirrored nowhere anew: a register client's own record may never have been.
        """
        resource, before, nested = draft.resource, draft.before, draft.carries
        told = resource.name in self.repository.mappings.tellings
        if not (nested or told or resource.mirrored_slots):
            return
        entry = self.repository.one(resource.name, uuid)
        if entry is None:
            return
        if nested:
            self.nested.write(entry, draft.body)
            entry = self.repository.one(resource.name, uuid)
        owners = owners_of(resource, entry, before) if draft.changes else []
        if owners:
            mirrors.settle(self.store, resource, owners, before)
            entry = self.repository.one(resource.name, uuid)
        retell(self.store, [each for each in (before, entry) if each is not None])
