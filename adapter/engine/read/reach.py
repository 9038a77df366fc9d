"""Records that others refer to, fetched in one go: their register may find them by what the others share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapter.engine.entities.entry import Entry
from adapter.engine.gateway.answers import RECORDS_PER_PAGE
from adapter.engine.gateway.scheduler import Read, gather
from adapter.engine.read.resources import Resources
from adapter.mapping.model import Home, Place
from adapter.mapping.paths import get


def reach(reads: Resources, entries: Sequence[Entry], member: str) -> Read[None]:
    """Fetch what these resources refer to with a member, unless one by one takes no more calls.

    A Contactmomenten register may find contactmomenten by a klant, so that those of a hundred links with one
    klant come with one call.
    """
    homes = {each.home.name: each.home for each in entries if each.home.kind == "record"}
    yield from gather(_reach(reads, home, entries, member) for home in homes.values())


def _reach(reads: Resources, home: Home, entries: Sequence[Entry], member: str) -> Read[None]:
    pair, records = home.pair_of.get((member,)), reads.session.records
    if home.place is None or pair is None or pair.to is None:
        return
    found = reads.mappings.collections[pair.to].reach
    own = [each for each in entries if each.home is home and (to := each.reference(member))]
    lacking = set(records.missing(pair.to, (to for each in own if (to := each.reference(member)))))
    rows = [each.record for each in own if each.reference(member) in lacking]
    for other in home.pairs:
        at = ".".join(other.at)
        parameter = found.get(f"{home.place.collection}.{at}")
        if parameter:
            shared = _counted(rows, other.at)
            values = [value for value, many in shared.items() if _pages(reads, home.place, at, value) < many]
            yield from records.where(pair.to, parameter, values)


def _counted(rows: Sequence[Mapping[str, object]], at: Sequence[str]) -> dict[str, int]:
    """Text at a path → how many records have it."""
    found: dict[str, int] = {}
    for row in rows:
        value = get(row, tuple(at))
        if isinstance(value, str):
            found[value] = found.get(value, 0) + 1
    return found


def _pages(reads: Resources, place: Place, at: str, value: str) -> float:
    """How many pages of its register what shares a value takes; without end where that is not known."""
    parameter = reads.mappings.collections[place].search.get(at)
    many = reads.session.records.how_many(place, parameter, value) if parameter else None
    return float("inf") if many is None else -(-many // RECORDS_PER_PAGE)
