"""What `klantbrug doctor` says of contacts that are gathered: what is held, and which names are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from adapter.correspondence.gathered import Gathered
from adapter.engine.deployment import Deployment
from adapter.engine.gateway.session import Session
from adapter.engine.read.repository import Repository
from adapter.gathering.listing import by_phase, held_lines
from adapter.gathering.names import Candidate, configured, examined, of_rows
from adapter.main import Adapter
from adapter.opening import open_register
from adapter.registers.messages import Mode
from adapter.shipped import gathered

# A heading with a number, and what it counts.
Section = tuple[str, Sequence[str]]


def sections(adapter: Adapter, deployment: Deployment, *, trying: bool) -> Iterator[Section]:
    """Nothing where nothing is gathered. Raises RegisterError and StateUnavailable."""
    configuration = adapter.configuration
    declared = gathered(configuration.dialect, configuration.settings, configuration.library)
    if declared is None or configuration.gathering is None:
        return
    database = deployment.state.database
    held = sum(each.number for each in by_phase(database).values())
    yield f"contacts held: {held}", list(held_lines(database))
    values = configuration.registers[declared.collection.partition("/")[0]]
    # A name that is tried stands in a body that is to be refused: no contract is held to that.
    register = open_register(replace(values, contract=Mode.OFF), configuration)
    try:
        user = str(values.service.get("user_id", ""))
        names = [*configured(declared, user), *_referred(declared, deployment)]
        found = examined(register, declared, names, trying=trying)
    finally:
        register.close()
    if not trying:
        yield f"names that no contact has; --try-names tries them: {len(found.unseen)}", sorted(found.unseen)
        return
    yield f"names that the register does not know: {len(found.refused)}", sorted(found.refused)
    untold = found.untold + [f"{found.unasked} more were not tried"] * bool(found.unasked)
    yield f"names of which the register does not tell: {len(found.untold) + found.unasked}", sorted(untold)
    if found.recorded:
        yield f"trials that the register recorded; remove them there: {len(found.recorded)}", found.recorded


def _referred(declared: Gathered, deployment: Deployment) -> Iterator[Candidate]:
    """The names of all to whom contacts can be assigned."""
    repository = Repository(Session(deployment))
    for resource in sorted({slot.resource for slot in declared.slots if slot.shared}):
        entries = repository.every(resource)
        repository.complete(entries)
        yield from of_rows(declared, resource, {each.uuid: each.values for each in entries})
