"""Create and change served resources, with all that follows from it.

Everything is checked before the first register write. The writes of a request can be taken back until the
first register record is deleted; deletes come last.
"""

from __future__ import annotations

import time
import uuid as uuids
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from weakref import proxy

from adapter.errors import Forbidden, Invalid, NotFound, Problem
from adapter.mapping.model import Resource, Rule
from adapter.mapping.paths import filled
from adapter.openapi.checked import Checked
from adapter.state.fences import NAMES
from adapter.state.journal import Made
from adapter.state.keys import Claim
from adapter.state.locks import numbers
from adapter.translation import intending
from adapter.translation.answering import Late, but_variants, in_order, not_as_served, put_off
from adapter.translation.checking import Checking
from adapter.translation.deleting import Deleting
from adapter.translation.drafts import Draft, stamped
from adapter.translation.entries import Entry
from adapter.translation.ledger import Ledger
from adapter.translation.locking import Held, all_alone, concerned
from adapter.translation.making import carry_out
from adapter.translation.mirroring import Mirroring, owners_of
from adapter.translation.nesting import Nesting
from adapter.translation.numbering import Numbering
from adapter.translation.reading import Reading
from adapter.translation.recording import New
from adapter.translation.retelling import retell
from adapter.translation.storing import Storing
from adapter.translation.telling import Telling
from adapter.translation.undoing import Recovery
from adapter.translation.world import World

Body = Mapping[str, Any]

# A body that concerns more than this is looked at before anybody else is kept waiting for it as well.
MANY = 20
# Under this name the one thing that a request made is remembered.
SELF = ""


class Writing:
    """The writes of one request."""

    def __init__(self, world: World, operation: str = "", claim: Claim | None = None) -> None:
        """`operation` is what the journal says about it; `claim` is the request's idempotency key."""
        self.ledger = Ledger(world, operation, claim)
        self.world = self.ledger.seen
        # As in `Reading`: let go at once when it is done.
        self._own = proxy(self)
        self.nesting = Nesting(self._own)
        self.deleting = Deleting(self._own)
        self.renew()

    def renew(self) -> None:
        """Make resources anew of what the registers hold: something has been written."""
        self.reading = Reading(self.ledger.sources)
        self.checking = Checking(self.reading)
        self.storing = Storing(self.reading, self.ledger)

    def undoing[T](self, work: Callable[[], T], made: Callable[[T], Made] = lambda _: {}) -> T:
        """Do work of which everything is taken back when it fails halfway.

        `made` tells what its result is to be remembered as for an idempotency key.
        """
        try:
            result = work()
            self.ledger.finish(made(result))
        except BaseException:
            self.ledger.undo()
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
            return self.undoing(lambda: self.make(draft), lambda uuid: {SELF: uuid})

    def update(self, resource: Resource, uuid: str, checked: Checked, *, partial: bool) -> None:
        """Change a resource. Raises NotFound, Forbidden, Invalid before anything is written."""

        def look() -> tuple[Draft, set[str]]:
            draft = self.changing(self.existing(resource, uuid), checked.value, partial=partial)
            return draft, self.concerned(draft)

        foreseen = self.draft(resource, checked.value)
        foreseen.uuid = uuid
        names = {uuid, *self.foreseen(foreseen)}
        if len(names) > MANY:
            self._check_change(look()[0], checked)
        with all_alone(self.alone, names, look) as draft:
            self._check_change(draft, checked)
            self.undoing(lambda: self.change(draft))

    def foreseen(self, draft: Draft) -> set[str]:
        """What a write concerns as far as no register has to be asked; see `locking`."""
        return concerned(draft) | self.nesting.foreseen(draft)

    def concerned(self, draft: Draft) -> set[str]:
        """All that a write concerns, however it is reached."""
        return concerned(draft) | self.nesting.concerned(draft)

    def destroy(self, resource: Resource, uuid: str) -> None:
        """Delete a resource and what goes with it. Raises NotFound, Forbidden, Invalid before that."""
        with all_alone(self.alone, {uuid}, lambda: self.deleting.look(resource, uuid)) as entry:
            self.deleting.destroy(entry)

    def destroy_with_tied(self, resource: Resource, uuid: str) -> list[tuple[str, str]]:
        """Delete a resource with those that it ties together; (resource, uuid) of those that stay."""
        with all_alone(self.alone, {uuid}, lambda: self.deleting.look_at_tied(resource, uuid)) as entry:
            return self.deleting.destroy_with_tied(entry)

    @contextmanager
    def alone(self, names: Iterable[str]) -> Iterator[Held]:
        """Nobody else writes to any of these meanwhile, in any replica; what was read before is read anew."""
        wanted = numbers(names)
        Recovery(self.ledger.world).make_way(wanted, time.time())
        with ExitStack() as stack, self.world.state.locks.hold_numbers(NAMES, wanted) as held:
            self.numbering = Numbering(self._own, stack)
            self._begin(held)
            yield Held(held, partial(self._hold_too, stack, held))

    def _hold_too(self, stack: ExitStack, held: list[int], more: set[int]) -> bool:
        if Recovery(self.ledger.world).in_the_way(more):
            return False
        with ExitStack() as taken:
            if not all(self.world.state.locks.hold_free(taken, NAMES, each) for each in sorted(more)):
                return False
            stack.push(taken.pop_all())
        held.extend(more)
        self._begin(held)
        return True

    def _begin(self, held: list[int]) -> None:
        self.ledger.begin(held)
        self.renew()

    def existing(self, resource: Resource, uuid: str) -> Entry:
        """A resource that is to be written. Raises NotFound, or Forbidden when it is somebody else's."""
        entry = self.reading.one(resource.name, uuid)
        if entry is None:
            raise NotFound
        if entry.home.read_only:
            raise Forbidden(entry.home.read_only)
        self.reading.complete([entry])
        return entry

    # drafts

    def draft(self, resource: Resource, body: Body, given: frozenset[str] = frozenset()) -> Draft:
        """A resource to be made; `given` are references that the same write will make exist."""
        body = intending.sent(resource, body)
        draft = Draft(resource, str(uuids.uuid4()), body, intending.new(resource, body), given=given)
        _stamp(draft)
        return draft

    def changing(self, entry: Entry, body: Body, *, partial: bool = True) -> Draft:
        """A resource to be changed."""
        self.reading.complete([entry])
        body = intending.sent(entry.resource, body)
        intended, aside = intending.changed(entry, body, partial=partial)
        draft = Draft(entry.resource, entry.uuid, body, intended, entry, partial=partial, aside=aside)
        draft.leaving = self.nesting.leaving(draft)
        _stamp(draft)
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
        late: Late = {}
        if draft.partial:
            problems, late = put_off(draft.resource, problems)
        named = {each.name for each in problems}
        found = [*problems, *self.checking.members(draft, named)]
        found += [each for each in self.nesting.each(draft, found) if each.name not in named]
        if found:
            return in_order(draft.resource, but_variants(draft.resource, found))
        return self.checking.whole(draft) or self.nesting.problems(draft, late)

    # the writes themselves

    def make(self, draft: Draft) -> str:
        """Store a new resource and do all that follows; its uuid."""
        self.numbering.fill(draft)
        self.others_become(draft)
        new = New(draft.resource, draft.uuid, draft.intended, draft.body)
        (uuid,) = carry_out([self.storing.creating(new)], self.ledger.make_together)
        self.afterwards(draft.resource, uuid, None, draft.body)
        return uuid

    def change(self, draft: Draft) -> None:
        """Store a changed resource and do all that follows."""
        assert draft.before is not None
        before = draft.before.as_it_was()
        self.others_become(draft)
        changed = draft.intended != draft.before.values
        if changed:
            self.storing.update(draft.before, draft.intended, draft.aside)
        self.afterwards(draft.resource, draft.uuid, before, draft.body, changed=changed)

    def afterwards(
        self, resource: Resource, uuid: str, before: Entry | None, body: Body, *, changed: bool = True
    ) -> None:
        """All that follows from a write, once it is stored.

        What was not `changed` is mirrored nowhere anew: an old client's own record may never have been.
        """
        if not self._matters(resource, body):
            return
        self.renew()
        entry = self.reading.one(resource.name, uuid)
        if entry is None:
            return
        self.nesting.write(entry, body)
        entry = self.reading.one(resource.name, uuid)
        owners = owners_of(resource, entry, before) if changed else set()
        if owners:
            Mirroring(self.reading, self.ledger).settle(resource, owners, before)
            self.renew()
            entry = self.reading.one(resource.name, uuid)
        retell(self.ledger, [each for each in (before, entry) if each is not None])

    def _matters(self, resource: Resource, body: Body) -> bool:
        """Whether anything else follows from a write of this kind of resource."""
        nested = any(name in body and (each.write or each.make) for name, each in resource.relations.items())
        mirrored = any(home.mirrors for home in resource.homes.values())
        return nested or mirrored or Telling(self.reading).is_told(resource.name)

    # effects on others

    def others_become(self, draft: Draft) -> None:
        """Make the others what they become when this one is the only one of its kind."""
        for rule in draft.resource.rules:
            if rule.kind == "only_one" and _has(draft.intended, rule.spec["only_one"]):
                for other in self._rivals(draft, rule):
                    changed = self.changing(other, rule.spec["others_become"])
                    self.storing.update(other, changed.intended, changed.aside)

    def _rivals(self, draft: Draft, rule: Rule) -> list[Entry]:
        """The others that are what only one may be."""
        first, *rest = rule.spec["per"]
        link = draft.intended.get(first)
        if not link:
            return []
        same = {**{name: draft.intended.get(name) for name in rest}, **rule.spec["only_one"]}
        found = self.reading.related(draft.resource.name, first, [link["uuid"]])
        return [each for each in found if each.uuid != draft.uuid and _has(each.values, same)]


def _has(values: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return all(values.get(name) == value for name, value in wanted.items())


def _stamp(draft: Draft) -> None:
    """Set, or clear, the instant that goes with a state."""
    for rule in draft.resource.rules:
        if rule.kind == "stamp":
            name = rule.spec["stamp"]
            if not stamped(draft.intended, rule):
                draft.intended[name] = draft.intended[name] if filled(draft.body.get(name)) else None
            elif not filled(draft.intended.get(name)) and not _stays_without(draft, rule):
                draft.intended[name] = intending.now()


def _stays_without(draft: Draft, rule: Rule) -> bool:
    """Whether an old client brought it there, told no instant, and nothing is written but what was read."""
    before, body = draft.before, draft.body
    sent_back = rule.spec["stamp"] in body or not any(path in body for path in rule.spec["when"])
    return before is not None and draft.intended == before.values and sent_back
