"""What the others become when a resource is the only one of its kind: of the addresses, the standard one."""

from __future__ import annotations

from adapter.engine.entities.draft import Draft
from adapter.engine.entities.entry import Entry
from adapter.engine.write.writes import Writes
from adapter.mapping.constructs.rules import OnlyOne
from adapter.mapping.paths import meets


class Rivals:
    """Changes the others that are what only one may be, under the rule `only_one`."""

    def __init__(self, writes: Writes) -> None:
        self.writes = writes

    def change(self, draft: Draft) -> None:
        """Make them what they become, before the resource itself is stored."""
        for rule in draft.resource.rules:
            if isinstance(rule, OnlyOne) and meets(draft.intended, rule.like):
                for other in self._of(draft, rule):
                    changed = self.writes.changing(other, rule.others_become)
                    self.writes.store.update(other, changed.intended, changed.aside)

    def _of(self, draft: Draft, rule: OnlyOne) -> list[Entry]:
        first, *rest = rule.per
        link = draft.intended.get(first)
        if not link:
            return []
        same = (*(((name,), draft.intended.get(name)) for name in rest), *rule.like)
        found = self.writes.repository.related(draft.resource.name, first, [link["uuid"]])
        return [each for each in found if each.uuid != draft.uuid and meets(each.values, same)]
