"""What a write makes at the registers, and plans that make several things side by side."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from adapter.engine.entities.stored_object import OBJECTS, Record
from adapter.engine.transaction.steps import MAKE, Refused, step_of
from adapter.mapping.model import Place
from adapter.state.journal import Step


@dataclass(frozen=True, slots=True)
class Creation:
    """Something that is to be POSTed: a record, the companion of one in another register, or an object.

    served: the uuid under which a record is served, though its register gives it another; "" for that other.
    """

    place: Place
    content: Record
    object_type: str = ""
    uuid: str = ""
    companion: bool = False
    served: str = ""

    def step(self) -> Step:
        """It as the journal keeps it; `made` tells the uuid once it is known."""
        place = self.place
        step = step_of(MAKE, place.register, place.collection, sent=self.content, made=self.uuid)
        if not self.object_type:
            step["unnamed"] = True
        if self.companion:
            step["companion"] = True
        if self.served:
            step["served"] = self.served
        return step


def an_object(object_type: str, uuid: str, data: Record) -> Creation:
    """An object with a uuid of ours."""
    return Creation(Place(OBJECTS, OBJECTS), data, object_type, uuid)


Plan = Generator[Creation, Any, str]
"""Yields what is to be made next, and gets it as it was made, or Refused; returns a uuid."""


def carry_out(plans: list[Plan], make: Callable[[list[Creation]], list[Any]]) -> list[str]:
    """Let plans go on side by side; what each returned, in their order.

    `make` gives what was made, or Refused, in the same order. A plan that goes on may add plans to the list.
    """
    returned: dict[int, str] = {}
    asked: dict[int, Creation] = {}
    outcomes: dict[int, Any] = {}
    started = 0
    while True:
        while started < len(plans) or outcomes:
            if outcomes:
                number = min(outcomes)
                outcome = outcomes.pop(number)
            else:
                number, outcome, started = started, None, started + 1
            try:
                refused, plan = isinstance(outcome, Refused), plans[number]
                asked[number] = plan.throw(outcome) if refused else plan.send(outcome)
            except StopIteration as end:
                returned[number] = end.value
        if not asked:
            return [returned[number] for number in range(len(plans))]
        outcomes = dict(zip(asked, make(list(asked.values())), strict=True))
        asked.clear()
