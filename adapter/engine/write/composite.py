"""Composed creates: several resources that refer to each other, made as one write."""

from __future__ import annotations

from functools import partial
from typing import Any

from adapter.engine.entities.draft import Draft
from adapter.engine.placement.projections import Projections
from adapter.engine.placement.register_records import New
from adapter.engine.read.subjects import written
from adapter.engine.transaction.creations import Plan, carry_out
from adapter.engine.write.commands import MANY, Commands
from adapter.engine.write.locks import all_alone
from adapter.engine.write.number_series import give_numbers
from adapter.engine.write.rivals import change_rivals
from adapter.errors import Invalid, Problem
from adapter.mapping.model import Composition, Part
from adapter.openapi.checked import Checked

Drafts = dict[str, Draft]


class Composite:
    """One composed create."""

    def __init__(self, commands: Commands, composition: Composition) -> None:
        self.commands, self.composition = commands, composition

    def create(self, checked: Checked) -> dict[str, str | None]:
        """Make the parts as one write; part → uuid, None for a part left out.

        Raises Invalid before anything is written.
        """
        drafts = self._drafts(checked)
        names = {name for each in drafts.values() for name in self.commands.foreseen(each)}
        if len(names) > MANY:
            self._check(drafts, checked)
        with all_alone(self.commands.unit, names, lambda: (drafts, self._concerned(drafts))):
            self._check(drafts, checked)
            self.commands.announce(map(written, drafts.values()))
            return self._made(drafts)

    def _made(self, drafts: Drafts) -> dict[str, str | None]:
        """Make the parts. Raises Invalid, with the path of the part that is refused while it is written."""
        made: dict[str, str | None] = {}
        try:
            with self.commands.undoing() as remembered:
                made = self._make(drafts)
                remembered.update(made)
        except Invalid as invalid:
            part = next((name for name, uuid in made.items() if uuid == self.commands.unit.invalid), "")
            if not part:
                raise
            raise Invalid(each.below(part) for each in invalid.problems) from None
        return made

    def _concerned(self, drafts: Drafts) -> set[str]:
        return {name for each in drafts.values() for name in self.commands.concerned(each)}

    def _drafts(self, checked: Checked) -> Drafts:
        drafts: Drafts = {}
        for part in self.composition.parts:
            body = checked.value.get(part.name)
            if not isinstance(body, dict) or (part.unless_empty and not body):
                continue
            given: frozenset[str] = frozenset()
            if part.fills is not None and part.fills[1] in drafts:
                owner = drafts[part.fills[1]].uuid
                body, given = {**body, part.fills[0]: {"uuid": owner}}, frozenset({owner})
            drafts[part.name] = self.commands.draft(
                self.commands.repository.resources[part.resource], body, given
            )
        return drafts

    def _check(self, drafts: Drafts, checked: Checked) -> None:
        names = {part.name for part in self.composition.parts if part.name in checked.value}
        names = {name for name in names if isinstance(checked.value[name], dict)}
        problems = [
            each
            for each in checked.problems
            if each.name.partition(".")[0] not in names or "." not in each.name
        ]
        for name, draft in drafts.items():
            found = self.commands.problems(draft, _of_part(name, checked.problems))
            problems += [each.below(name) for each in found]
        if problems:
            turns = {part.name: turn for turn, part in enumerate(self.composition.parts)}
            last = len(turns)
            raise Invalid(sorted(problems, key=lambda each: turns.get(each.path.partition(".")[0], last)))

    def _make(self, drafts: Drafts) -> dict[str, str | None]:
        """Each part as soon as what it refers to is there, with what else hangs on that side by side."""
        made: dict[str, str | None] = {part.name: None for part in self.composition.parts}
        plans: list[Plan] = []

        def begin(part: Part) -> None:
            draft = drafts[part.name]
            give_numbers(self.commands.unit, draft)
            change_rivals(self.commands, draft)
            told = Projections(self.commands.repository).from_the_start(
                draft.resource, self._referring(part, drafts)
            )
            new = New(draft.resource, draft.uuid, draft.intended, draft.body, told, partial(go_on, part))
            plans.append(self.commands.store.creating(new))

        def go_on(part: Part, uuid: str) -> None:
            made[part.name] = uuid
            for each in self._filled_by(part, drafts):
                drafts[each.name].intended[_filled_in(each)] = {"uuid": uuid}
                begin(each)

        for part in self.composition.parts:
            if part.name in drafts and (part.fills is None or part.fills[1] not in drafts):
                begin(part)
        carry_out(plans, self.commands.unit.make_together)
        for name, draft in drafts.items():
            self.commands.afterwards(draft.resource, made[name] or "", None, draft.body)
        for name, draft in drafts.items():
            self.commands.news.made(draft.resource, made[name] or "")
        return made

    def _filled_by(self, owner: Part, drafts: Drafts) -> list[Part]:
        """The parts that refer to a part."""
        return [
            part
            for part in self.composition.parts
            if part.name in drafts and part.fills is not None and part.fills[1] == owner.name
        ]

    def _referring(self, to: Part, drafts: Drafts) -> list[tuple[str, str, dict[str, Any]]]:
        """(resource, member, values) of the parts that refer to a part."""
        return [
            (part.resource, _filled_in(part), drafts[part.name].intended)
            for part in self._filled_by(to, drafts)
        ]


def _filled_in(part: Part) -> str:
    assert part.fills is not None
    return part.fills[0]


def _of_part(name: str, problems: list[Problem]) -> list[Problem]:
    """The problems below a part, as seen from the part."""
    return [each.within(name) for each in problems if each.name.startswith(f"{name}.")]
