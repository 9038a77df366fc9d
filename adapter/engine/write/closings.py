"""Refuse what would change a resource that is closed: a record of what happened, which stays as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from adapter.engine.entities.draft import Draft
from adapter.engine.entities.entry import Entry
from adapter.engine.write.writes import Writes
from adapter.errors import Forbidden
from adapter.mapping.constructs.closing import ALWAYS, Closing


class Closings:
    """What a caller may change of resources that close: `allowed`, or what the setting says without it."""

    def __init__(self, writes: Writes, allowed: str) -> None:
        self.writes, self._own = writes, allowed

    def check_fixed(self, draft: Draft, *, more: bool) -> None:
        """Raise Forbidden for a change of what nobody can change here; a body that changes nothing is none.

        `more` is whether it says something of other resources too.
        """
        before = draft.before
        if before is not None and before.fixed and (more or draft.intended != before.values):
            raise Forbidden(before.fixed)

    def check(self, draft: Draft) -> None:
        """Raise Forbidden for a change of a resource that is closed, or of what belongs to one."""
        closing, before = draft.resource.closes, draft.before
        if closing is not None and before is not None:
            changed = {name for name, value in draft.intended.items() if value != before.values.get(name)}
            if changed - closing.open:
                self._refuse_closed(closing, before)
        for closing, owner, member in self._belonging(draft.resource.name):
            link = draft.intended.get(member)
            was = before.values.get(member) if before is not None else None
            if link == was:
                continue
            for each in filter(None, (link, was)):
                if each["uuid"] not in draft.given:
                    self._refuse_at(closing, owner, each["uuid"])

    def check_delete(self, entry: Entry) -> None:
        """Raise Forbidden for the delete of a resource that is closed, or of what belongs to one."""
        if entry.resource.closes is not None:
            self._refuse_closed(entry.resource.closes, entry)
        for closing, owner, member in self._belonging(entry.resource.name):
            for uuid in entry.references(member):
                self._refuse_at(closing, owner, uuid)

    def _belonging(self, resource: str) -> Iterator[tuple[Closing, str, str]]:
        """(how it closes, what it is, the reference) of all that resources of this kind can belong to."""
        for owner in self.writes.repository.reads.deployment.mappings.resources.values():
            if owner.closes is not None and self._allowed(owner.closes) != ALWAYS:
                for other, member in owner.closes.belongs:
                    if other == resource:
                        yield owner.closes, owner.name, member

    def _refuse_at(self, closing: Closing, owner: str, uuid: str) -> None:
        entry = self.writes.repository.one(owner, uuid)
        if entry is not None:
            self._refuse_closed(closing, entry)

    def _refuse_closed(self, closing: Closing, entry: Entry) -> None:
        allowed = self._allowed(closing)
        if allowed == ALWAYS or (closing.homes and entry.home.name not in closing.homes):
            return
        self.writes.repository.complete([entry])
        if closing.is_over(entry.values.get(closing.since), allowed, dt.datetime.now(dt.UTC)):
            raise Forbidden(closing.reason)

    def _allowed(self, closing: Closing) -> str:
        found = self._own or self.writes.repository.reads.deployment.settings.get(closing.setting)
        return str(found or ALWAYS)
