"""The condition of a deployment, as the endpoints of health show it: what its parts know of themselves."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from adapter.api.built import built
from adapter.api.health import Health
from adapter.configuration import Configuration
from adapter.engine.deployment import Deployment
from adapter.notifications.starting import backlog
from adapter.old_apis import NEW
from adapter.phases.phase import Phase, Phases
from adapter.registers.breaker import State
from adapter.registers.client import Register
from adapter.shipped import known_registers

OBJECTS = "objects"
# The state, in the detail of health, of a register of which KlantBrug's token lacks a permission.
LACKING = "lacks permissions"
# That of a register that answered 401 or 403 to a call.
REFUSED = "refused"


def health_of(
    configuration: Configuration, registers: Mapping[str, Register], deployment: Deployment, phases: Phases
) -> Health:
    """Health with the state of each register as its last calls showed it; no register is called."""

    def inspect() -> Mapping[str, Any]:
        states = {name: _shown(register) for name, register in registers.items()}
        if lacks := deployment.rights.known.sentences:
            states[OBJECTS] = LACKING
        shown = {"registers": states, "lacking": list(lacks), "calls": _calls(registers)}
        if phases.follows:
            phase = {"name": str(phases.current), "seconds": round(time.time() - phases.since)}
            shown["phase"] = phase | ({"refused": phases.refused} if phases.refused else {})
        if deployment.publishing is not None:
            shown["outbox"] = backlog(deployment.state)
        return {**shown, "counts": dict(deployment.counts)}

    waiting = {name for name, each in known_registers().items() if each.get("waits")}

    def usable() -> bool:
        forwards = phases.current is Phase.FORWARD
        asked = {name: each for name, each in registers.items() if name not in waiting}
        used = [it for name, it in asked.items() if not phases.follows or (name == NEW) is forwards]
        lacks = deployment.rights.known.lacks and not forwards
        up = all(each.breaker.state is State.UP for each in used) and not lacks
        room = not any(each.places.is_full() for each in used)
        return (up or not configuration.ready_with_registers) and (room or not configuration.ready_with_room)

    return Health(inspect, usable, built())


def _calls(registers: Mapping[str, Register]) -> Mapping[str, Any]:
    return {
        name: {"now": each.places.taken, "refused": each.places.refused} for name, each in registers.items()
    }


def _shown(register: Register) -> str:
    """The state of a register, as its last calls showed it."""
    state = register.breaker.state
    return REFUSED if state is State.UP and register.refusals else state.value
