"""Composed creates: several resources that refer to each other, made as one write."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from adapter.engine.entities.draft import Draft
from adapter.engine.placement.projections import Projections
from adapter.engine.placement.register_records import New
from adapter.engine.read.subjects import written
from adapter.engine.transaction.creations import Plan, carry_out
from adapter.engine.write.commands import MANY, Commands
from adapter.engine.write.locks import all_alone
from adapter.engine.write.number_series import give_numbers
from adapter.errors import Invalid
from adapter.mapping.model import Composition, Part
from adapter.openapi.checked import Checked

Drafts = dict[str, Draft]


@dataclass(frozen=True, slots=True)
class Composite:
    """One composed create."""

    commands: Commands
    composition: Composition

    def create(self, checked: Checked) -> dict[str, str | None]:
        """Make the parts as one write; part → uuid, None for a part left out.

        Raises Invalid before anything is written, or when a part is refused while it is written: then all is
        taken back.
        """
        commands, drafts = self.commands, self._drafts(checked)
        made: dict[str, str | None] = {}

        def look() -> tuple[Drafts, set[str]]:
            return drafts, {name for each in drafts.values() for name in commands.concerned(each)}

        names = {name for each in drafts.values() for name in commands.foreseen(each)}
        if len(names) > MANY:
            self._check(drafts, checked)
        with all_alone(commands.unit, names, look):
            self._check(drafts, checked)
            commands.announce(map(written, drafts.values()))
            try:
                with commands.undoing() as remembered:
                    made = self._make(drafts)
                    remembered.update(made)
            except Invalid as invalid:
                part = next((name for name, uuid in made.items() if uuid == commands.unit.invalid), "")
                if not part:
                    raise
                raise Invalid(each.below(part) for each in invalid.problems) from None
        return made

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
            own = [each.within(name) for each in checked.problems if each.name.startswith(f"{name}.")]
            problems += [each.below(name) for each in self.commands.problems(draft, own)]
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
            self.commands.change_rivals(draft)
            referring = [
                (each.resource, member, drafts[each.name].intended)
                for each, member in self._filled_by(part, drafts)
            ]
            told = Projections(self.commands.repository).from_the_start(draft.resource, referring)
            new = New(draft.resource, draft.uuid, draft.intended, draft.body, told, partial(go_on, part))
            plans.append(self.commands.store.creating(new))

        def go_on(part: Part, uuid: str) -> None:
            made[part.name] = uuid
            for each, member in self._filled_by(part, drafts):
                drafts[each.name].intended[member] = {"uuid": uuid}
                begin(each)

        for part in self.composition.parts:
            if part.name in drafts and (part.fills is None or part.fills[1] not in drafts):
                begin(part)
        carry_out(plans, self.commands.unit.make_together)
        for name, draft in drafts.items():
            self.commands.afterwards(draft, made[name] or "")
        for name, draft in drafts.items():
            self.commands.news.made(draft.resource, made[name] or "")
        return made

    def _filled_by(self, owner: Part, drafts: Drafts) -> list[tuple[Part, str]]:
        """The parts that refer to a part, each with the member by which it does."""
        return [
            (part, part.fills[0])
            for part in self.composition.parts
            if part.name in drafts and part.fills is not None and part.fills[1] == owner.name
        ]
