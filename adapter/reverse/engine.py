"""The collections of the old APIs over a register of the new one: see `adapter.collection`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from adapter.collection import HasUuid, Key, Question, Row
from adapter.correspondence.model import Correspondence, Pair, Part
from adapter.engine.transaction.idempotency import once
from adapter.mapping.paths import get, parse
from adapter.reverse import lists, writes
from adapter.reverse.deployment import Deployment
from adapter.reverse.known import Known
from adapter.reverse.matching import value_to_left
from adapter.reverse.session import Session
from adapter.service import Caller, IdempotencyKey
from adapter.state.journal import Made
from adapter.state.keys import Claim

_session: ContextVar[Session | None] = ContextVar("reverse_session", default=None)
_claim: ContextVar[Claim | None] = ContextVar("reverse_claim", default=None)
SELF = ""


class Reverse:
    """The reverse direction: `collections` by name, for as long as the process lives."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.collections: Mapping[str, Correspondent] = {
            name: Correspondent(deployment, it) for name, it in deployment.correspondences.items()
        }

    @contextmanager
    def request(self, *, writes: bool, alone: Sequence[str] = ()) -> Iterator[None]:
        """One request: what it has read is not read again, and when it writes its locks are held to its end.

        alone: what it is going to change (`collection/uuid`), locked before it is read. Threads that inherit
        this context belong to the request.
        """
        with ExitStack() as locks:
            session = Session(self.deployment, locks if writes else None)
            session.claim = _claim.get() if writes else None
            session.alone_with(*alone)
            token = _session.set(session)
            try:
                yield
            finally:
                _session.reset(token)

    def once(self, key: Key | None, make: Callable[[], str]) -> str:
        """See `Keeper`."""
        if key is None:
            return make()
        caller = Caller(key.client, idempotency=IdempotencyKey(key.key, key.request))

        def work(claim: Claim | None) -> Made:
            token = _claim.set(claim)
            try:
                return {SELF: make()}
            finally:
                _claim.reset(token)

        return str(once(self.deployment.serving, caller, work)[SELF])


class Correspondent:
    """A collection of old records that are read and written through a correspondence."""

    def __init__(self, deployment: Deployment, it: Correspondence) -> None:
        self.deployment, self.it = deployment, it

    @contextmanager
    def _session(self, *, writes: bool = False) -> Iterator[Session]:
        """The session of the request, or else one for this call alone."""
        session = _session.get()
        if session is not None:
            yield session
            return
        with ExitStack() as locks:
            yield Session(self.deployment, locks if writes else None)

    def get(self, uuid: str) -> Row | None:
        """See `Collection`."""
        with self._session() as session:
            known = session.get(self.it, uuid)
            return _row(known) if known is not None else None

    def page(self, question: Question, size: int, offset: int) -> tuple[int, list[Row]]:
        """See `Collection`. What a write asks stays true until its end: a lock is held on the question."""
        with self._session() as session:
            if session.writes and question.conditions:
                session.alone_with(f"{self.it.right.name} {question.conditions!r}")
            one = any(isinstance(each, HasUuid) for each in question.conditions)
            session.lists = session.lists or not (one or session.writes)
            count, found = lists.page(session, self.it, question, size, offset)
            return count, list(map(_row, found))

    def with_any(self, path: str, values: Sequence[str]) -> list[Row]:
        """See `Collection`. By what stands in a part, a row has that member alone.

        In a list, such rows are those among the records that were read; see `each_row`.
        """
        with self._session() as session:
            part = next((each for each in self.it.parts if each.path == parse(path)), None)
            if part is not None:
                return self._by_part(session, part, path, values)
            return [_row(each) for value in values for each in self._by_owner(session, path, value)]

    def _by_owner(self, session: Session, path: str, value: str) -> list[Known]:
        """The records that refer to another, newest first: they came along with it, or are asked for."""
        pair = next(each for each in self.it.pairs if each.right == parse(path))
        along = session.along(self.it, pair, value)
        if along is not None:
            return along
        parameter = self.deployment.offers.parameter(self.it.left.name, pair.left)
        assert parameter is not None
        return session.learn(self.it, session.all_rows(self.it.left.name, ((parameter, value),)))

    def _by_part(self, session: Session, part: Part, path: str, values: Sequence[str]) -> list[Row]:
        if session.lists and not self.deployment.each_row:
            wanted = set(values)
            known = (each for each in session.all_known(self.it) if get(each.served(), part.path) in wanted)
            return [_row(each) for each in known]
        (pair,) = part.pairs
        parameter = self.deployment.offers.parameter(part.rows.resource, pair.left)
        old = [each for each in values if each not in session.made]
        wanted_of = {each: value_to_left(pair, each, self.deployment.links) for each in old}
        asked = [
            partial(session.all_rows, part.rows.resource, ((parameter, value),))
            for value in wanted_of.values()
            if isinstance(value, str) and parameter is not None
        ]
        rows = [row for found in self.deployment.together(asked) for row in found]
        return [
            Row(str(get(row, (*part.rows.reference, "uuid"))), {path: each})
            for each, value in wanted_of.items()
            for row in rows
            if value_of_row(row, pair) == value
        ]

    def add(self, data: dict[str, Any]) -> Row:
        """See `Collection`."""
        with self._session(writes=True) as session, session.whole(f"{self.it.name}_create") as made:
            known = writes.add(session, self.it, data)
            made[SELF] = known.uuid
            return _row(known)

    def replace(self, row: Row) -> None:
        """See `Collection`."""
        with self._session(writes=True) as session:
            session.alone_with(f"{self.it.right.name}/{row.uuid}")
            known = session.get(self.it, row.uuid)
            if known is not None:
                with session.whole(f"{self.it.name}_update"):
                    writes.change(session, known, row.data)

    def remove(self, uuid: str) -> None:
        """See `Collection`."""
        with self._session(writes=True) as session:
            session.alone_with(f"{self.it.right.name}/{uuid}")
            known = session.get(self.it, uuid)
            if known is not None:
                with session.whole(f"{self.it.name}_delete"):
                    writes.remove(session, known)


def value_of_row(row: Mapping[str, Any], pair: Pair) -> Any:
    """The text by which the new API compares what a row says."""
    value = get(row, pair.left)
    return value.get("uuid") if isinstance(value, Mapping) else value


def _row(known: Known) -> Row:
    return Row(known.uuid, known.served())
