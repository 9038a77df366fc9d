"""What a client records that a register has already, of somebody else, stays what it was for clients."""

from __future__ import annotations

from adapter.engine.deployment import Deployment
from adapter.engine.entities.draft import Draft


def keep_uuid(deployment: Deployment, draft: Draft) -> None:
    """Give a new resource the uuid under which it was read before.

    Only while the locks of the write are held: of two that come at once, the second gets another uuid.
    """
    gathers = deployment.gathers
    if gathers is not None and (known := gathers.there(draft.resource.name, draft.body)):
        draft.uuid = draft.served = known
