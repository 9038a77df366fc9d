"""Give new resources a number, when the deployment wants them to have one."""

from __future__ import annotations

from contextlib import ExitStack

from adapter.engine.entities.draft import Draft
from adapter.engine.gateway.scan_bound import NoList
from adapter.engine.query.lists import Lists
from adapter.engine.query.plans import Wanted
from adapter.engine.read.reads import Reads
from adapter.engine.unit_of_work import UnitOfWork
from adapter.engine.write.locks import unique_name
from adapter.mapping import numbers
from adapter.mapping.model import Numbers, Resource
from adapter.mapping.paths import filled
from adapter.state.errors import StateUnavailable
from adapter.state.fences import NAMES
from adapter.state.locks import numbers as stripes

ATTEMPTS = 64
LONGEST_STEP = 1 << 20


def give_numbers(unit: UnitOfWork, draft: Draft) -> None:
    """Put a number that nothing has where a new resource needs one. Raises StateUnavailable."""
    for name, member in draft.resource.members.items():
        if member.numbers is not None and not filled(draft.intended.get(name)):
            draft.intended[name] = _free(unit, draft.resource, name, member.numbers)


def _free(unit: UnitOfWork, resource: Resource, name: str, form: Numbers) -> str:
    """The next number that the registers do not hold, and that nobody is writing at this moment.

    Numbers that were written elsewhere stand close together: past them go ever longer steps.
    """
    step = 1
    for _ in range(ATTEMPTS):
        number = numbers.given(form, unit.deployment.state.numbers.next(f"{resource.name}.{name}", step))
        if _hold(unit, resource, name, number):
            return number
        unit.deployment.count(f"number_taken.{resource.name}")
        step = min(2 * step, LONGEST_STEP)
    raise StateUnavailable


def _hold(unit: UnitOfWork, resource: Resource, name: str, number: str) -> bool:
    """Whether a number is free; then a client that sends the same one has to wait for this request.

    Never waits for a lock itself: this request holds others already.
    """
    with ExitStack() as stack:
        (stripe,) = stripes([unique_name(resource, name, number)])
        lists = Lists(Reads(unit.session), own=True)
        if not unit.deployment.state.locks.hold_free(stack, NAMES, stripe):
            return False
        if _taken(lists, resource, Wanted((name,), "equals", number)):
            return False
        unit.stripes.append(stripe)
        unit.held.push(stack.pop_all())
        return True


def _taken(lists: Lists, resource: Resource, wanted: Wanted) -> bool:
    """Whether something is known to have a number: a register may give no list by which it is found."""
    try:
        return bool(lists.reads.session.run(lists.matching(resource, [wanted])))
    except NoList:
        return False
