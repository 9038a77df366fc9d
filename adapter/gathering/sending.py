"""Sending: one attempt at a time takes a contact from phase to phase, and any other can go on from there.

1. a lease of its own; 2. compose, and write the aside; 3. ASKED, if no piece changed meanwhile; 4. note that
a POST may arrive from now on; 5. the lease is still its own: POST; 6. POSTED, and the alias, in one
transaction; 7. the alias as an object; 8. the aside again, when the register made another record than was
composed; 9. links; 10. if no piece came meanwhile, and no earlier attempt may still write, the contact is
held no longer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from adapter.counts import Counts
from adapter.errors import RegisterError
from adapter.gathering.attempts import AliasTaken, Attempts
from adapter.gathering.holds import Holds
from adapter.gathering.kept import GATHERING, NEVER, POSTED, Held
from adapter.gathering.ports import (
    Body,
    Composer,
    Composition,
    NotSent,
    Objects,
    Record,
    Refused,
    Register,
    Unanswered,
)
from adapter.gathering.recognising import Look
from adapter.gathering.sign import Sign
from adapter.gathering.triggers import Triggers
from adapter.logs import logger

log = logger("klantbrug.gathering")


@dataclass(frozen=True, slots=True)
class Times:
    """Spans in seconds.

    wait: how long a POST without an answer may still arrive; longer than the register's time limit and its
    queue together. lease: how long an attempt may take. retry: after which a failed one is repeated.
    """

    wait: float = 600.0
    lease: float = 120.0
    retry: float = 60.0


class Outcome(Enum):
    """How an attempt ended."""

    SENT = "sent"
    NOT_YET = "not yet"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Tools:
    """What sending works with."""

    holds: Holds
    attempts: Attempts
    register: Register
    objects: Objects
    composer: Composer
    triggers: Triggers
    sign: Sign
    counts: Counts
    now: Callable[[], float]
    times: Times = Times()

    def count(self, name: str) -> None:
        """Count an event."""
        self.counts.add(name)


class Sender:
    """Sends contacts that are held. Threads may share it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def send(self, contact: str, *, told: bool = False) -> Outcome:
        """One attempt at a contact, as far as it can get now.

        `told` is whether a client waits that can be told what the register refuses: then Refused is raised,
        and the contact is gathered on; otherwise it is parked. Failures of registers are not raised: the
        contact stays held, and a later attempt goes on. Raises StateUnavailable, KeyMissing, NotOpened.
        """
        tools = self._tools
        token = tools.attempts.lease(contact, tools.now(), tools.times.lease, tools.times.wait)
        if token is None:
            return Outcome.NOT_YET if tools.holds.of_piece(contact) else Outcome.GONE
        return _Attempt(tools, contact, token, told).run()

    def sweep(self) -> int:
        """An attempt at every contact that is due; returns how many were sent."""
        sent = 0
        for hold in self._tools.holds.due(self._tools.now()):
            sent += self.send(hold.contact) is Outcome.SENT
        return sent


class _Attempt:
    def __init__(self, tools: Tools, contact: str, token: str, told: bool) -> None:
        self._tools, self._contact, self._token, self._told = tools, contact, token, told
        # The aside as this attempt wrote it last; unknown for what an earlier one wrote.
        self._aside: Body | None = None
        self._content: Body | None = None

    def run(self) -> Outcome:
        """From whatever phase the contact is in."""
        tools = self._tools
        try:
            outcome = self._on(tools.holds.held(self._contact))
        except AliasTaken:
            tools.count("gathered.alias_taken")
            log.error("alias_taken", contact=self._contact)  # noqa: TRY400  (what it says is known)
        except RegisterError as error:
            tools.count("gathered.attempt_failed")
            log.warning("attempt_failed", contact=self._contact, register=error.register)
        else:
            tools.attempts.release(self._contact, self._token)
            return outcome
        tools.attempts.release(self._contact, self._token, tools.now() + tools.times.retry)
        return Outcome.NOT_YET

    def _on(self, held: Held | None) -> Outcome:
        if held is None:
            return Outcome.GONE
        match held.hold.phase:
            case "gathering":
                return self._ask(held)
            case "asked" if held.hold.unsure == NEVER:
                return self._post(Composition(**held.plan))
            case "asked":
                return self._look(held)
            case "posted":
                return self._finish()
        return Outcome.NOT_YET

    # GATHERING to ASKED

    def _ask(self, held: Held) -> Outcome:
        tools = self._tools
        moment = tools.triggers.of(held.hold, held.pieces)
        if moment.due > tools.now() and not held.hold.reason:
            return Outcome.NOT_YET
        fall_back = moment.trigger.fall_back or bool(held.hold.reason)
        kind = moment.trigger.kind
        plan = tools.composer.compose(self._contact, held.pieces, kind, fall_back=fall_back)
        self._put_aside(held, plan, plan.body)
        if tools.attempts.ask(held, self._token, plan.row(), tools.now()):
            return self._post(plan)
        # A piece came while it was composed; or the lease is lost, and then this ends with the next step.
        again = tools.holds.held(self._contact)
        mine = again is not None and again.hold.lease == self._token and again.hold.phase == GATHERING
        return self._ask(again) if again is not None and mine else Outcome.NOT_YET

    # ASKED to POSTED

    def _post(self, plan: Composition) -> Outcome:
        tools, now = self._tools, self._tools.now()
        if not tools.attempts.unsure(self._contact, self._token, now, now + tools.times.wait):
            return Outcome.NOT_YET
        if not tools.attempts.holds(self._contact, self._token, tools.now()):
            return Outcome.NOT_YET
        try:
            record = tools.register.post(plan.collection, plan.body, plan.user)
        except Unanswered:
            tools.count("gathered.post_unanswered")
            return Outcome.NOT_YET
        except NotSent:
            tools.count("gathered.not_sent")
            tools.attempts.reopen(self._contact, self._token, tools.now() + tools.times.retry)
            return Outcome.NOT_YET
        except Refused as refused:
            return self._refused(plan, refused)
        return self._posted(plan, record)

    def _refused(self, plan: Composition, refused: Refused) -> Outcome:
        tools = self._tools
        if refused.conflict:
            record = self._found(plan)
            if record is not None:
                return self._posted(plan, record)
        dropped = set(plan.droppable) & {each.partition(".")[0] for each in refused.members}
        if dropped:
            tools.count("gathered.sent_without")
            body = {name: value for name, value in plan.body.items() if name not in dropped}
            kept = [each for each in plan.droppable if each not in dropped]
            return self._post(replace(plan, body=body, droppable=kept))
        if self._told:
            tools.attempts.reopen(self._contact, self._token, tools.now() + tools.times.retry)
            tools.attempts.release(self._contact, self._token)
            raise refused
        reason = ", ".join(refused.members) or ("conflict" if refused.conflict else "not said")
        if tools.attempts.park(self._contact, self._token, reason):
            tools.count("gathered.parked")
            log.error("contact_parked", contact=self._contact, members=reason)
        return Outcome.NOT_YET

    def _posted(self, plan: Composition, record: Record) -> Outcome:
        moved = self._tools.attempts.posted(self._contact, self._token, record.uuid, plan.collection)
        self._content = record.content
        return self._finish() if moved else Outcome.NOT_YET

    # ASKED, and a POST may have arrived

    def _look(self, held: Held) -> Outcome:
        tools, plan = self._tools, Composition(**held.plan)
        if tools.now() < held.hold.unsure + tools.times.wait:
            return Outcome.NOT_YET
        record = self._found(plan)
        if record is not None:
            return self._posted(plan, record)
        tools.count("gathered.post_lost")
        if not tools.attempts.lost(self._contact, self._token, plan, tools.now(), tools.times.wait):
            return Outcome.NOT_YET
        return self._on(tools.holds.held(self._contact))

    def _found(self, plan: Composition) -> Record | None:
        look = Look(self._tools.register, self._tools.sign, plan.collection, plan.signed)
        return look.found(plan.check, plan.searches)

    # POSTED, until nothing is held any more

    def _finish(self) -> Outcome:
        tools = self._tools
        held = tools.holds.held(self._contact)
        if held is None or held.hold.lease != self._token or held.hold.phase != POSTED:
            return Outcome.NOT_YET
        plan, record = Composition(**held.plan), held.hold.record
        tools.objects.put_alias(self._contact, record, plan.collection)
        linked: set[str] = set()
        while True:
            self._put_aside(held, plan, self._content_of(plan, record))
            for link in tools.composer.links(held.pieces, record):
                if link.piece not in linked:
                    linked.add(link.piece)
                    self._link(link.collection, link.body, plan.user)
            if tools.now() < held.hold.settled:
                tools.attempts.release(self._contact, self._token, held.hold.settled)
                return Outcome.NOT_YET
            if tools.attempts.finished(held, self._token):
                return Outcome.SENT
            again = tools.holds.held(self._contact)
            if again is None or again.hold.lease != self._token:
                return Outcome.NOT_YET
            held = again

    def _content_of(self, plan: Composition, record: str) -> Body:
        if self._content is None:
            found = self._tools.register.retrieve(plan.collection, record)
            self._content = plan.body if found is None else found.content
        return self._content

    def _link(self, collection: str, body: Body, user: str) -> None:
        try:
            self._tools.register.link(collection, body, user)
        except Refused as refused:
            # There already, or not taken: then the piece is kept beside the record alone.
            if not refused.conflict:
                self._tools.count(f"refused.{collection}")
        except (NotSent, Unanswered):
            raise RegisterError(collection) from None

    def _put_aside(self, held: Held, plan: Composition, content: Body) -> None:
        aside = self._tools.composer.aside(self._contact, held.pieces, plan.kind, content)
        if aside != self._aside:
            # Before a contact is asked for, its aside is written.
            there = self._aside is not None or held.hold.phase != GATHERING
            self._tools.objects.put_aside(self._contact, aside, there=there)
            self._aside = aside
