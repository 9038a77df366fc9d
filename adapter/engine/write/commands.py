"""Create and change served resources, with all that follows from it.

Everything is checked before the first register write. The writes of a request can be taken back until the
first register record is deleted; deletes come last.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from weakref import proxy

from adapter import context
from adapter.engine.deployment import Deployment
from adapter.engine.effects.mirrors import Mirrors, owners_of
from adapter.engine.effects.reprojection import matters, retell
from adapter.engine.entities.draft import Draft
from adapter.engine.entities.entry import Entry
from adapter.engine.placement.register_records import New
from adapter.engine.placement.store import Store
from adapter.engine.read.first_sight import named_by
from adapter.engine.read.repository import Repository
from adapter.engine.read.subjects import Holder, shown, subjects_of, written
from adapter.engine.transaction.creations import carry_out
from adapter.engine.transaction.locks import Held, all_alone, concerned
from adapter.engine.transaction.recovery import Recovery
from adapter.engine.unit_of_work import UnitOfWork
from adapter.engine.validate.checks import Checks
from adapter.engine.validate.problems import Late, but_variants, in_order, not_as_served, put_off
from adapter.engine.write import intents
from adapter.engine.write.becoming import Becoming
from adapter.engine.write.closings import Closings
from adapter.engine.write.deletes import Deletes
from adapter.engine.write.nested import Nested
from adapter.engine.write.news import News
from adapter.engine.write.number_series import NumberSeries
from adapter.engine.write.rivals import Rivals
from adapter.errors import Forbidden, Invalid, NotFound, Problem
from adapter.mapping.model import Resource
from adapter.openapi.checked import Checked
from adapter.state.fences import NAMES
from adapter.state.journal import Made
from adapter.state.keys import Claim
from adapter.state.locks import numbers

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
        # As in `Repository`: what was read is let go at once when the request is done.
        own = proxy(self)
        self.closings = Closings(own, changing)
        self.deletes = Deletes(own, self.closings)
        self.nested = Nested(own, self.deletes)
        self.rivals, self.becoming = Rivals(own), Becoming(own)
        self.news = News(own, deployment)
        self._read_anew()

    def _read_anew(self) -> None:
        context.read_anew()
        self.repository = Repository(self.unit.session)
        self.checks = Checks(self.repository)
        self.store = Store(self.repository, self.unit)

    def undoing[T](self, work: Callable[[], T], made: Callable[[T], Made] = lambda _: {}) -> T:
        """Do work of which everything is taken back when it fails halfway.

        `made` tells what its result is to be remembered as for an idempotency key.
        """
        try:
            result = work()
            self.unit.finish(made(result), self.news.messages)
            self.news.spread()
        except BaseException:
            self.unit.undo()
            raise
        return result

    # requests

    def create(self, resource: Resource, checked: Checked) -> str:
        """Make a resource; its uuid. Raises Invalid before anything is written."""
        draft = self.draft(resource, checked.value)
        names = self.foreseen(draft)
        if len(names) > MANY:
            self._check(draft, checked.problems)
        with all_alone(self.alone, names, lambda: (draft, self.concerned(draft))):
            self._check(draft, checked.problems)
            self.announce([written(draft)])
            return self.undoing(lambda: self._make(draft), lambda uuid: {SELF: uuid})

    def _make(self, draft: Draft) -> str:
        uuid = self.make(draft)
        self.news.made(draft.resource, uuid)
        return uuid

    def update(self, resource: Resource, uuid: str, checked: Checked, *, partial: bool) -> None:
        """Change a resource. Raises NotFound, Forbidden, Invalid before anything is written."""

        def look() -> tuple[Draft, set[str]]:
            draft = self.changing(self._there(resource, uuid), checked.value, partial=partial)
            self.closings.check_fixed(draft, more=self.nested.sent(draft))
            return draft, self.concerned(draft)

        foreseen = self.draft(resource, checked.value)
        foreseen.uuid = uuid
        names = {uuid, *self.foreseen(foreseen)}
        if len(names) > MANY:
            self._check_change(look()[0], checked)
        with all_alone(self.alone, names, look, lambda: self.glance(resource, uuid)) as draft:
            self._check_change(draft, checked)
            self.announce([written(draft)])
            self.undoing(lambda: self._change(draft, partial=partial))

    def _change(self, draft: Draft, *, partial: bool) -> None:
        assert draft.before is not None
        before = self.news.before(draft.before)
        self.change(draft)
        self.news.changed(draft.resource, draft.uuid, before, partial=partial)

    def foreseen(self, draft: Draft) -> set[str]:
        """What a write concerns as far as no register has to be asked; see `locking`."""
        return concerned(draft) | self.nested.foreseen(draft)

    def glance(self, resource: Resource, uuid: str) -> set[str]:
        """What the change of a resource concerns as far as its own record or object says."""
        return named_by(self.repository, resource, uuid)

    def concerned(self, draft: Draft) -> set[str]:
        """All that a write concerns, however it is reached."""
        return concerned(draft) | self.nested.concerned(draft)

    def destroy(self, resource: Resource, uuid: str) -> None:
        """Delete a resource and what goes with it. Raises NotFound, Forbidden, Invalid before that."""
        look = partial(self.deletes.look, resource, uuid)
        with all_alone(self.alone, {uuid}, look, lambda: self.glance(resource, uuid)) as entry:
            self.announce([shown(entry)])
            self.news.goes(entry)
            self.deletes.destroy(entry)

    def destroy_with_tied(self, resource: Resource, uuid: str) -> list[tuple[str, str]]:
        """Delete a resource with those that it ties together; (resource, uuid) of those that stay."""
        look, glance = (
            partial(self.deletes.look_at_tied, resource, uuid),
            partial(self.glance, resource, uuid),
        )
        with all_alone(self.alone, {uuid}, look, glance) as entry:
            self.announce([shown(entry)])
            self.news.goes(entry)
            return self.deletes.destroy_with_tied(entry)

    def announce(self, holders: Iterable[Holder]) -> None:
        """Tell whose data is about to be changed, where that is logged. Raises LogbookUnavailable."""
        if (processing := context.processing()) is not None:
            read = subjects_of(self.repository.reads, holders)
            processing.begin(self.repository.session.run(read))

    @contextmanager
    def alone(self, names: Iterable[str]) -> Iterator[Held]:
        """Nobody else writes to any of these meanwhile, in any replica; what was read before is read anew."""
        wanted = numbers(names)
        with ExitStack() as stack, Recovery(self.unit.deployment).hold(wanted) as (held, _):
            self.series = NumberSeries(self.unit, stack)
            self._begin(held)
            yield Held(held, partial(self._hold_too, stack, held))

    def _hold_too(self, stack: ExitStack, held: list[int], more: set[int]) -> bool:
        with ExitStack() as taken:
            if not all(self.deployment.state.locks.hold_free(taken, NAMES, each) for each in sorted(more)):
                return False
            if Recovery(self.unit.deployment).in_the_way(more):
                return False
            stack.push(taken.pop_all())
        held.extend(more)
        self._begin(held)
        return True

    def _begin(self, held: list[int]) -> None:
        self.unit.begin(held)
        self._read_anew()

    def existing(self, resource: Resource, uuid: str) -> Entry:
        """A resource that is to be written. Raises NotFound, or Forbidden when it is somebody else's."""
        entry = self._there(resource, uuid)
        if entry.fixed:
            raise Forbidden(entry.fixed)
        self.repository.complete([entry])
        return entry

    def _there(self, resource: Resource, uuid: str) -> Entry:
        entry = self.repository.one(resource.name, uuid)
        if entry is None:
            raise NotFound
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
        draft.leaving = self.nested.leaving(draft)
        intents.stamp(draft)
        return draft

    def _check_change(self, draft: Draft, checked: Checked) -> None:
        assert draft.before is not None
        self._check(draft, not_as_served(draft.before, checked))

    def _check(self, draft: Draft, problems: list[Problem]) -> None:
        found = self.problems(draft, problems)
        if found:
            raise Invalid(found)

    def problems(self, draft: Draft, problems: list[Problem]) -> list[Problem]:
        """All that is wrong with a write, with the `problems` that its schema found already."""
        self.closings.check(draft)
        late: Late = {}
        if draft.partial:
            problems, late = put_off(draft.resource, problems)
        named = {each.name for each in problems}
        found = [*problems, *self.checks.members(draft, named)]
        found += [each for each in self.nested.each(draft, found) if each.name not in named]
        if found:
            return in_order(draft.resource, but_variants(draft.resource, found))
        return self.checks.whole(draft) or self.nested.problems(draft, late)

    # the writes themselves

    def make(self, draft: Draft) -> str:
        """Store a new resource and do all that follows; its uuid."""
        self.series.fill(draft)
        self.rivals.change(draft)
        self.becoming.before(draft)
        new = New(draft.resource, draft.uuid, draft.intended, draft.body, served=draft.served)
        (uuid,) = carry_out([self.store.creating(new)], self.unit.make_together)
        self.afterwards(draft.resource, uuid, None, draft.body)
        return uuid

    def change(self, draft: Draft) -> None:
        """Store a changed resource and do all that follows."""
        assert draft.before is not None
        before = draft.before
        self.rivals.change(draft)
        self.becoming.before(draft)
        changed = draft.intended != draft.before.values
        if changed:
            self.store.update(draft.before, draft.intended, draft.aside)
        self.afterwards(draft.resource, draft.uuid, before, draft.body, changed=changed)

    def afterwards(
        self, resource: Resource, uuid: str, before: Entry | None, body: Body, *, changed: bool = True
    ) -> None:
        """All that follows from a write, once it is stored.

        What was not `changed` is mirrored nowhere anew: a register client's own record may never have been.
        """
        if not matters(self.repository, resource, body):
            return
        entry = self.repository.one(resource.name, uuid)
        if entry is None:
            return
        self.nested.write(entry, body)
        entry = self.repository.one(resource.name, uuid)
        owners = owners_of(resource, entry, before) if changed else []
        if owners:
            Mirrors(self.repository, self.unit).settle(resource, owners, before)
            entry = self.repository.one(resource.name, uuid)
        retell(self.repository, self.unit, [each for each in (before, entry) if each is not None])
