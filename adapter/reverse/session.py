"""What one request has read: each record and each list at most once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from adapter.collection import CannotAnswer
from adapter.correspondence.model import Correspondence, Pair, Part, Reference
from adapter.correspondence.rows import meets
from adapter.engine.gateway import answers
from adapter.engine.transaction.journaled_calls import JournaledCalls
from adapter.engine.transaction.recognising import as_written
from adapter.engine.transaction.recovery import Recovery
from adapter.engine.transaction.steps import CHANGE, MAKE, deleting, step_of
from adapter.reverse.asides import Aside
from adapter.reverse.deployment import Deployment
from adapter.reverse.far import join
from adapter.reverse.known import Known
from adapter.reverse.offers import EXPAND
from adapter.reverse.paging import PAGE, Params, paging
from adapter.reverse.shelf import beside
from adapter.state.journal import Step
from adapter.state.keys import Claim
from adapter.state.locks import numbers


class Session:
    """The reads and locks of one request. It is used by one thread at a time."""

    def __init__(self, deployment: Deployment, locks: ExitStack | None = None) -> None:
        """`locks` closes when the request ends; without it the request only reads."""
        self.deployment = deployment
        self._locks = locks
        self.stripes: list[int] = []
        """The numbers of the locks that are held."""
        self.calls = JournaledCalls(deployment.serving, "", None)
        self.claim: Claim | None = None
        """The idempotency key with which the request came."""
        self._deletes: list[Step] = []
        self.far: dict[tuple[str, tuple[str, ...], str], list[dict[str, Any]]] = {}
        """Rows that were read apart; see `far`."""
        self._known: dict[tuple[str, str], Known | None] = {}
        self._pages: dict[tuple[str, Params, int], tuple[int, list[str]]] = {}
        self.made: set[str] = set()
        """The uuids of the records that this request made: nothing refers to them but what it made too."""
        self.lists = False
        """Whether the request is answered with a list."""

    # locks

    def alone_with(self, *names: str) -> None:
        """Hold the locks of these names until the request ends, when it writes.

        A write that was left behind on the same is taken back or finished first; what was read before is
        then read anew. Raises StateUnavailable when a register does not let it.
        """
        new = numbers(names).difference(self.stripes)
        if self._locks is None or not new:
            return
        way = Recovery(self.deployment.serving).hold(new, self.stripes)
        _, met = self._locks.enter_context(way)
        if met and not self.made:
            self._known.clear()
            self._pages.clear()
            self.far.clear()
        self.stripes.extend(sorted(new))

    @property
    def writes(self) -> bool:
        """Whether the request writes."""
        return self._locks is not None

    # records

    def get(self, it: Correspondence, uuid: str) -> Known | None:
        """The record with this uuid and its aside, read side by side; None when there is none."""
        key = (it.name, uuid)
        if key not in self._known:
            self._known[key] = self._read(it, uuid)
        return self._known[key]

    def _read(self, it: Correspondence, uuid: str) -> Known | None:
        name = it.right.name
        record, asides = self.deployment.together(
            [partial(self._record, it, uuid), partial(self.deployment.shelf.many, name, [uuid])]
        )
        if record is None or not counts(it, record):
            return None
        join(self, it, [record])
        return self._as_known(it, record, asides.get(uuid))

    def _as_known(self, it: Correspondence, record: dict[str, Any], aside: Aside | None) -> Known | None:
        """The old record; None for a row that was made for another record, and that no old client made."""
        if aside is not None and aside.made_for:
            return None
        return Known(self.deployment, it, record, aside)

    def _record(self, it: Correspondence, uuid: str) -> dict[str, Any] | None:
        register = self.deployment.register
        answer = register.call("GET", f"{it.left.name}/{uuid}", params=self._along(it))
        if answer.status == 404:
            return None
        return dict(answers.record(answer, register.name))

    def known(self, it: Correspondence, uuid: str) -> Known | None:
        """The record with this uuid, if this request has read it already."""
        return self._known.get((it.name, uuid))

    def along(self, it: Correspondence, pair: Pair, value: str) -> list[Known] | None:
        """The records of which the pair refers to this one, newest first, if they came along with it.

        A write reads that record for them: it has to know what it serves in any case.
        """
        for each in pair.conversions:
            name = each.collection.rpartition("/")[2] if isinstance(each, Reference) else ""
            owner = self.deployment.correspondences.get(name)
            rows = owner and next((part.rows for part in owner.parts if _hang(part, it, pair)), None)
            if owner and rows:
                known = self.get(owner, value) if self.writes else self._known.get((owner.name, value))
                if known is not None:
                    return list(reversed(self.learn(it, known.rows(rows))))
        return None

    def all_known(self, it: Correspondence) -> list[Known]:
        """All records of a collection that this request has read."""
        found = [each for (name, _), each in self._known.items() if name == it.name]
        return [each for each in found if each is not None]

    def keep(self, known: Known) -> Known:
        """Note a record that this request made."""
        self._known[known.it.name, known.uuid] = known
        self.made.add(known.uuid)
        self._pages.clear()
        return known

    def forget(self, it: Correspondence, uuid: str) -> None:
        """Note that a record is gone."""
        self._known[it.name, uuid] = None
        self._pages.clear()

    # lists

    def page(self, it: Correspondence, params: Params, number: int) -> tuple[int, list[Known]]:
        """(how many there are, the records of a page) of the list of new records, rows along.

        Rows outside `where` of the correspondence do not exist for the old API, though they are counted.
        """
        key = (it.name, params, number)
        if key not in self._pages:
            asked = (*params, *self._along(it), ("pageSize", str(PAGE)))
            count, rows = self.rows(it.left.name, (*asked, *paging(number)))
            self._pages[key] = count, [each.uuid for each in self.learn(it, rows)]
        count, uuids = self._pages[key]
        return count, [known for uuid in uuids if (known := self._known[it.name, uuid]) is not None]

    def rows(self, resource: str, params: Params) -> tuple[int, list[dict[str, Any]]]:
        """(how many there are, the rows) of one page of a list of the new API."""
        register = self.deployment.register
        answer = register.call("GET", resource, params=params)
        if answer.status == 404:  # past the last page
            return 0, []
        count, rows, _ = answers.page(answer, register.name)
        return count, rows

    def all_rows(self, resource: str, params: Params) -> list[dict[str, Any]]:
        """All rows of a list of the new API. Raises CannotAnswer when they are more than the bound."""
        found: list[dict[str, Any]] = []
        number = 1
        while True:
            count, rows = self.rows(resource, (*params, ("pageSize", str(PAGE)), *paging(number)))
            if count > self.deployment.scan_bound:
                raise CannotAnswer.past(self.deployment.scan_bound)
            found += rows
            if not rows or len(found) >= count:
                return found
            number += 1

    def learn(self, it: Correspondence, rows: Iterable[dict[str, Any]]) -> list[Known]:
        """The old records of new ones that were read with their rows; their asides are read for all.

        Each is there once: Open Klant 2 repeats a record for each way in which it is found, and has complete
        rows only the first time.
        """
        found = list({row["uuid"]: row for row in reversed(list(rows)) if counts(it, row)}.values())[::-1]
        new = [row for row in found if (it.name, row["uuid"]) not in self._known]
        asides: dict[str, Aside] = {}
        if new:
            asides = self.deployment.shelf.many(it.right.name, [row["uuid"] for row in new])
            new = [dict(row) for row in new]
            join(self, it, new)
        for row in new:
            self._known[it.name, row["uuid"]] = self._as_known(it, row, asides.get(row["uuid"]))
        known = (self._known[it.name, row["uuid"]] for row in found)
        return [each for each in known if each is not None]

    def many(self, it: Correspondence, uuids: Sequence[str]) -> list[Known]:
        """The records with these uuids, those that exist, read side by side."""
        missing = [uuid for uuid in uuids if (it.name, uuid) not in self._known]
        if len(missing) == 1:
            self.get(it, missing[0])
        elif missing:
            reads = [partial(self._record, it, uuid) for uuid in missing]
            shelf = partial(self.deployment.shelf.many, it.right.name, missing)
            *records, asides = self.deployment.together([*reads, shelf])
            there = {
                record["uuid"]: record for record in records if record is not None and counts(it, record)
            }
            join(self, it, there.values())
            for uuid in missing:
                record = there.get(uuid)
                found = self._as_known(it, record, asides.get(uuid)) if record is not None else None
                self._known[it.name, uuid] = found
        return [each for uuid in uuids if (each := self._known[it.name, uuid]) is not None]

    # writes

    @contextmanager
    def whole(self, operation: str) -> Iterator[dict[str, str | None]]:
        """A write that is done as a whole or not at all, deletes at its end; the journal has it meanwhile.

        What it made is to be put into the mapping that this gives.

        From the first delete on it is only finished. A process that dies runs nothing of this: what the
        journal has is taken back or finished by whoever sweeps it.
        """
        self.calls = JournaledCalls(self.deployment.serving, operation, self.claim)
        made: dict[str, str | None] = {}
        self.calls.stripes, self._deletes = self.stripes, []
        try:
            yield made
            if self._deletes:
                self.calls.delete_for_good(self._deletes, made)
            self.calls.close(made)
        except BaseException:
            self.calls.undo()
            raise

    def post(self, resource: str, body: dict[str, Any], collection: str = "") -> dict[str, Any]:
        """Make a record; how it is answered. Raises Refused.

        collection: that of the old API of which it is the new record, "" for a row of a part.
        """
        self.far.clear()
        asked = self.deployment.offers.asked(resource, body)
        step = step_of(
            MAKE, self.deployment.register.name, resource, sent=body, made="", unnamed=True, asked=asked
        )
        if collection:
            step["beside"] = (*beside(collection), self.deployment.shelf.register)
        (answer,) = self.calls.post([(step, body)])
        if isinstance(answer, BaseException):
            raise answer
        return dict(answer)

    def patch(self, path: str, body: dict[str, Any], former: Mapping[str, Any]) -> dict[str, Any]:
        """Change a record that was as `former`; how it is answered. Raises Refused."""
        self.far.clear()
        before = {name: as_written(former.get(name)) for name in body}
        name = self.deployment.register.name
        step = step_of(CHANGE, name, path, sent=body, former=before, whole=True)
        return dict(self.calls.done(step, "PATCH", body))

    def delete_at_end(self, path: str) -> None:
        """Delete a record when all else is done, whether it is there still or not."""
        self._deletes.append(deleting(self.deployment.register.name, path))

    def put_aside(self, known: Known, aside: Aside) -> None:
        """Keep aside what is not in the new records of an old one."""
        self.deployment.shelf.put(self.calls, aside, known.aside)
        known.aside = aside

    def let_go(self, collection: str, uuid: str) -> None:
        """Delete what stands aside of a record, when all else is done."""
        self._deletes.append(self.deployment.shelf.removal(collection, uuid))

    def _along(self, it: Correspondence) -> Params:
        names = self.deployment.offers.expand(it)
        return ((EXPAND, names),) if names else ()


def _hang(part: Part, it: Correspondence, pair: Pair) -> bool:
    """Whether the rows of a part are the new records of a correspondence, which refer by that pair."""
    return part.rows.resource == it.left.name and part.rows.reference == pair.left


def counts(it: Correspondence, record: dict[str, Any]) -> bool:
    """Whether a new record exists for the old API."""
    return meets(record, it.left.where)
