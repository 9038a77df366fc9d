"""After a write: tell old clients anew what has changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from adapter.mapping.paths import copied, get, put
from adapter.translation.entries import TOLD, Entry
from adapter.translation.keeping import mark_told
from adapter.translation.ledger import Ledger, Refused
from adapter.translation.reading import Reading
from adapter.translation.slots import is_ours
from adapter.translation.telling import Telling


def retell(ledger: Ledger, changed: Sequence[Entry], going: Collection[str] = ()) -> None:
    """Write what records tell of resources that were written; not into those that are `going` away.

    A register that refuses is counted: what is told is for old clients only.
    """
    telling = Telling(Reading(ledger.sources))
    for entry in changed if any(telling.is_told(each.resource.name) for each in changed) else ():
        for target, tell in telling.told_by(entry):
            if target.uuid in going:
                continue
            value, of = telling.told(target.resource, tell, target.values, target.uuid)
            if get(target.record, (tell.at,)) == value or telling.is_read(target, tell, value):
                continue
            if target.home.kind == "object" and target.stored is not None:
                if is_ours(target):
                    data = copied(target.stored.data)
                    data[tell.at] = value
                    put(data, (target.home.rest, TOLD, tell.at), mark_told(value, of))
                    ledger.put_object(target.stored, data)
            elif target.home.place is not None:
                try:
                    ledger.patch_record(target.home.place, target.uuid, {(tell.at,): value}, target.record)
                except Refused as refused:
                    ledger.world.count(f"refused.{refused.register}.{tell.at}")
