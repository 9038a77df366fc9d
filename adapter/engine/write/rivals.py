"""What the others become when a resource is the only one of its kind: of the addresses, the standard one."""

from __future__ import annotations

from adapter.engine.entities.draft import Draft
from adapter.engine.entities.entry import Entry
from adapter.engine.write.writes import Writes
from adapter.mapping.constructs.rules import OnlyOne
from adapter.mapping.paths import meets


def change_rivals(writes: Writes, draft: Draft) -> None:
    """Make the others what the rule `only_one` says they become, before the resource itself is stored."""
    for rule in draft.resource.only_one:
        if meets(draft.intended, rule.like):
            for other in _rivals(writes, draft, rule):
                changed = writes.changing(other, rule.others_become)
                writes.store.update(other, changed.intended, changed.aside)


def _rivals(writes: Writes, draft: Draft, rule: OnlyOne) -> list[Entry]:
    first, *rest = rule.per
    link = draft.intended.get(first)
    if not link:
        return []
    same = (*(((name,), draft.intended.get(name)) for name in rest), *rule.like)
    found = writes.repository.related(draft.resource.name, first, [link["uuid"]])
    return [each for each in found if each.uuid != draft.uuid and meets(each.values, same)]
