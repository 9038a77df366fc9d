"""Do a POST with an idempotency key once, however often it comes."""

from __future__ import annotations

import time
from collections.abc import Callable

from adapter.engine.deployment import Deployment
from adapter.engine.transaction.recovery import Recovery
from adapter.service import Caller
from adapter.state.errors import StateUnavailable
from adapter.state.journal import Made
from adapter.state.keys import Claim


def once(deployment: Deployment, caller: Caller, work: Callable[[Claim | None], Made]) -> Made:
    """What the work made, now or when its key came first. Raises KeyUsed.

    The work itself remembers what it made, together with the end of its write; what fails may be tried again.
    Twins wait for each other, in all replicas.
    """
    key = caller.idempotency
    if key is None:
        return work(None)
    state = deployment.state
    with state.keys.alone(caller.name, key.key, key.fingerprint) as claim:
        found = state.keys.found(claim)
        if found is None and _left_over(deployment, claim):
            found = state.keys.found(claim)
        return work(claim) if found is None else found


def _left_over(deployment: Deployment, claim: Claim) -> bool:
    """Whether an earlier request with this key had died, and is finished or undone now."""
    journal, left = deployment.state.journal, False
    for write in journal.abandoned(journal.with_key(claim.id)):
        left = True
        if not Recovery(deployment).settle(write, time.time()) and any(
            step.get("failed") for step in write.steps
        ):
            raise StateUnavailable
    return left
