"""Send everything to the API of a target, where it gets new uuids; what was sent before is not sent again.

Kinds come in the order of the target's tables and the oldest of each first, so that lists get their order.
What a resource names is there before it is; where that cannot be, the reference is set in the end. What
changed since it was sent is changed, and what is gone is deleted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from adapter.mapping.model import Resource
from adapter.move.asking import NoAnswer
from adapter.move.book import digest_of
from adapter.move.decided import Bodies, decided, named, references, translated
from adapter.move.matching import is_like, without
from adapter.move.numbered import Kept
from adapter.move.posted import Posted, Uuids
from adapter.move.reading import Progress
from adapter.move.remote import REFUSED, Remote
from adapter.move.rows import Rows

FEWEST_AT_ONCE = 8
"""So many are noted as begun together, at least: each may have to be looked for after a kill."""
POST, PATCH, DELETE = "POST", "PATCH", "DELETE"
GONE = 404


class NotOurs(Exception):
    """The target holds what this move did not bring; the text says of which kind."""


@dataclass(slots=True)
class Sent:
    """What this run sent, and what it found there."""

    posted: int = 0
    changed: int = 0
    deleted: int = 0
    found: int = 0
    """What an earlier run had sent without noting the answer."""
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    """(kind, uuid, names and codes)."""


@dataclass(frozen=True, slots=True)
class _Deed:
    """A request: a new resource, or what one becomes that has the uuid `made` in the target."""

    uuid: str
    made: str
    body: Mapping[str, Any]
    digest: str
    owed: bool


class Posting:
    """Everything in a book, on its way to an API."""

    def __init__(
        self,
        rows: Rows,
        resources: Mapping[str, Resource],
        bodies: Bodies,
        remote: Remote,
        *,
        at_once: int = 1,
    ) -> None:
        """`at_once` is how many requests are under way; with more than one, lists get about their order."""
        self.rows, self.target, self.numbered = rows, rows.target, rows.numbered
        self.resources, self.bodies, self.remote = resources, bodies, remote
        self.uuids, self._at_once = Uuids(rows.numbered.book), at_once
        self._places = {name: references(resources[name]) for name in self.target.resources}
        self._pool = ThreadPoolExecutor(at_once)
        self.sent = Sent()

    def run(self, at: Callable[[Progress], None] = lambda _: None) -> Sent:
        """Send what is not there yet. Raises NoAnswer and NotOurs; whatever was done is noted by then."""
        try:
            for kind in self.target.resources:
                self._look(kind)
            for kind in self.target.resources:
                self._kind(kind, at)
            for kind in self.target.resources:
                self._settle(kind)
            for kind in reversed(self.target.resources):
                self._clear(kind)
        finally:
            self._pool.shutdown()
        self.sent.refused = [
            (kind, each.uuid, each.refused)
            for kind in self.target.resources
            for each in self.uuids.refused(kind)
        ]
        return self.sent

    # what is there

    def _look(self, kind: str) -> None:
        """Find what was sent without an answer; nothing else may be there that this move did not bring."""
        begun, there, ours = self.uuids.begun(kind), self.remote.count(kind), self.uuids.count(kind)
        if there is not None and not ours <= there <= ours + len(begun):
            raise NotOurs(f"{kind}: the target holds {there}, and this move brought {ours}")
        if there is not None and there > ours:
            self._find(kind, begun, there - ours)
        # What is not there is sent again; one that cannot be looked for has its key.
        self.uuids.forget(kind, (each.uuid for each in self.uuids.begun(kind)))

    def _find(self, kind: str, begun: Sequence[Posted], count: int) -> None:
        """Find so many of those that were begun by what was sent of them."""
        sought, sent = {each.uuid: each for each in begun}, dict[str, _Deed]()
        for page in decided(self.rows, kind):
            of_them = [each for each in page if each.uuid in sought]
            made = self._made(kind, of_them)
            sent |= {each.uuid: self._deed(kind, each, made, "")[0] for each in of_them}
        other = self.target.changed_by_api(kind)
        for found in self._unknown(kind):
            like = (it for it in sent.values() if is_like(without(it.body, other), found))
            # One that was read otherwise meanwhile is like nothing that is there.
            deed = next(like, None) or next(
                (it for it in sent.values() if it.digest != sought[it.uuid].digest), None
            )
            if deed is None:
                raise NotOurs(f"{kind}: the target holds {found['uuid']}, which this move did not bring")
            del sent[deed.uuid]
            digest = sought[deed.uuid].digest
            self.uuids.note(kind, [Posted(deed.uuid, found["uuid"], digest, deed.owed)])
            self.sent.found, count = self.sent.found + 1, count - 1
            if not count:
                return

    def _unknown(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """What the target lists of a kind and the table does not have, the newest first."""
        number, more = 1, True
        while more:
            page, more = self.remote.page(kind, number)
            known = self.uuids.known(kind, [each["uuid"] for each in page])
            yield from (each for each in page if each["uuid"] not in known)
            number += 1

    # what is sent

    def _kind(self, kind: str, at: Callable[[Progress], None]) -> None:
        """All of a kind; those that wait for others of it come in a later round."""
        total, began, wait = self.numbered.count(kind), time.monotonic(), True
        while True:
            before, held, done = self.sent.posted, 0, 0
            for page in decided(self.rows, kind):
                deeds, waiting = self._deeds(kind, page, wait=wait)
                held += waiting
                for group in self._groups(deeds):
                    self._send(kind, group)
                done += len(page)
                seconds = time.monotonic() - began
                rate = (self.sent.posted - before) / seconds if seconds else 0.0
                at(Progress(kind, done - held, total, 0, rate))
            if not held:
                return
            # Where nobody came any further they wait for each other, or for what was refused.
            wait = self.sent.posted > before

    def _groups(self, deeds: Sequence[_Deed]) -> Iterator[Sequence[_Deed]]:
        size = max(FEWEST_AT_ONCE, self._at_once)
        for start in range(0, len(deeds), size):
            yield deeds[start : start + size]

    def _deeds(self, kind: str, page: Sequence[Kept], *, wait: bool) -> tuple[list[_Deed], int]:
        """What is to be sent of these, and how many of them wait for others of their kind."""
        known = self.uuids.of(kind, (each.uuid for each in page))
        made, held, deeds = self._made(kind, page), 0, list[_Deed]()
        for each in page:
            before = known.get(each.uuid)
            deed, waits = self._deed(kind, each, made, before.made if before else "")
            if before and before.made and before.digest == deed.digest:
                continue
            if waits and wait and not (before and before.refused):
                held += 1
                continue
            deeds.append(deed)
        return deeds, held

    def _made(self, kind: str, page: Sequence[Kept]) -> dict[tuple[str, str], str | None]:
        """(kind, uuid) → the uuid in the target of all that these name; None for what is still to come."""
        wanted: dict[str, set[str]] = {}
        for each in page:
            for place, uuid in named(each.values, self._places[kind]):
                wanted.setdefault(place.to, set()).add(uuid)
        found: dict[tuple[str, str], str | None] = {}
        for to, uuids in wanted.items():
            sent = self.uuids.of(to, uuids)
            for uuid in self.numbered.pks(to, uuids):
                it = sent.get(uuid)
                found[to, uuid] = (it.made or ("" if it.refused else None)) if it else None
        return found

    def _deed(
        self, kind: str, kept: Kept, made: Mapping[tuple[str, str], str | None], there: str
    ) -> tuple[_Deed, bool]:
        """What is sent of a resource, and whether it names one of its own kind that is still to come."""
        places = self._places[kind]
        links = [(place.to, uuid) for place, uuid in named(kept.values, places)]
        values = translated(kept.values, places, lambda to, uuid: made.get((to, uuid)) or "")
        owed = any(link in made and not made[link] for link in links)
        waits = any(to == kind and made.get((to, uuid), "") is None for to, uuid in links)
        return _Deed(kept.uuid, there, self.bodies.part(kind, values), digest_of(kept.values), owed), waits

    def _send(self, kind: str, deeds: Sequence[_Deed]) -> None:
        self.uuids.note(kind, [Posted(it.uuid, "", it.digest) for it in deeds if not it.made])
        stopped: NoAnswer | None = None
        for deed, answer in zip(deeds, self._pool.map(lambda it: self._one(kind, it), deeds), strict=True):
            if isinstance(answer, NoAnswer):
                stopped = answer
                continue
            status, found = answer
            refused = _reasons(found) if status in REFUSED else ""
            made = deed.made or ("" if refused else found["uuid"])
            digest = "" if refused else deed.digest
            self.uuids.note(kind, [Posted(deed.uuid, made, digest, deed.owed, refused)])
            if not refused:
                self.sent.changed += bool(deed.made)
                self.sent.posted += not deed.made
        if stopped is not None:
            raise stopped

    def _one(self, kind: str, deed: _Deed) -> tuple[int, Any] | NoAnswer:
        """The answer to one request; others that are under way with it are noted too when it has none."""
        try:
            if deed.made:
                return self.remote.send(PATCH, f"{kind}/{deed.made}", deed.body)
            links = {each.path[0] for each in self._places[kind]}
            key = digest_of({"move": kind, "uuid": deed.uuid, "as": deed.digest, "body": deed.body})
            status, found = self.remote.send(POST, kind, self.bodies.whole(kind, deed.body, links), key)
        except NoAnswer as none:
            return none
        if status not in REFUSED and not (isinstance(found, dict) and found.get("uuid")):
            return NoAnswer(f"the target does not say which uuid it gave to one of {kind}")
        return status, found

    # what is left

    def _settle(self, kind: str) -> None:
        """Set the references to what came later; those to what was refused are asked for each time."""
        owed = {each.uuid: each for each in self.uuids.owed(kind)}
        if not owed:
            return
        for page in decided(self.rows, kind):
            of_them = [each for each in page if each.uuid in owed]
            made = self._made(kind, of_them)
            deeds = [self._deed(kind, it, made, owed[it.uuid].made)[0] for it in of_them]
            for group in self._groups(deeds):
                self._send(kind, group)

    def _clear(self, kind: str) -> None:
        """Delete what is in the target and not in the book any more."""
        for each in self.uuids.left(kind):
            status, found = self.remote.send(DELETE, f"{kind}/{each.made}")
            if status in REFUSED and status != GONE:
                self.uuids.note(kind, [Posted(each.uuid, each.made, "", refused=_reasons(found))])
                continue
            self.uuids.forget(kind, [each.uuid])
            self.sent.deleted += 1


def _reasons(body: Any) -> str:
    """The names and codes of an error, without its values."""
    problems = body.get("invalidParams") if isinstance(body, dict) else None
    found = [f"{each.get('name')} {each.get('code')}" for each in problems or ()]
    return ", ".join(found) or (str(body.get("code")) if isinstance(body, dict) else "") or "refused"
