"""Refuse what would change a resource that is closed: a record of what happened, which stays as it was."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from adapter.engine.entities.draft import Draft
from adapter.engine.entities.entry import Entry
from adapter.engine.read.repository import Repository
from adapter.errors import Forbidden
from adapter.mapping.constructs.closing import ALWAYS, Closing
from adapter.mapping.model import Resource


@dataclass(frozen=True, slots=True)
class Closings:
    """What a caller may change of resources that close: `allowed`, or what the setting says without it."""

    repository: Repository
    allowed: str

    def check(self, draft: Draft) -> None:
        """Raise Forbidden for a change of a resource that is closed, or of what belongs to one."""
        closing, before = draft.resource.closes, draft.before
        if closing is not None and before is not None:
            changed = {name for name, value in draft.intended.items() if value != before.values.get(name)}
            if changed - closing.open:
                self._refuse_closed(closing, before)
        for owner, member in self.repository.mappings.belongings.get(draft.resource.name, ()):
            link = draft.intended.get(member)
            was = before.values.get(member) if before is not None else None
            if link == was:
                continue
            for each in filter(None, (link, was)):
                if each["uuid"] not in draft.given:
                    self._refuse_at(owner, each["uuid"])

    def check_delete(self, entry: Entry) -> None:
        """Raise Forbidden for the delete of a resource that is closed, or of what belongs to one."""
        if entry.resource.closes is not None:
            self._refuse_closed(entry.resource.closes, entry)
        for owner, member in self.repository.mappings.belongings.get(entry.resource.name, ()):
            for uuid in entry.references(member):
                self._refuse_at(owner, uuid)

    def _refuse_at(self, owner: Resource, uuid: str) -> None:
        closing = owner.closes
        if closing is None or self._allowed(closing) == ALWAYS:
            return
        entry = self.repository.one(owner.name, uuid)
        if entry is not None:
            self._refuse_closed(closing, entry)

    def _refuse_closed(self, closing: Closing, entry: Entry) -> None:
        allowed = self._allowed(closing)
        if allowed == ALWAYS or (closing.homes and entry.home.name not in closing.homes):
            return
        self.repository.complete([entry])
        if closing.is_over(entry.values.get(closing.since), allowed, dt.datetime.now(dt.UTC)):
            raise Forbidden(closing.reason)

    def _allowed(self, closing: Closing) -> str:
        found = self.allowed or self.repository.deployment.settings.get(closing.setting)
        return str(found or ALWAYS)
