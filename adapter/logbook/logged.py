"""A `Service` of which every operation is logged as a processing of personal data.

Before a change is written, the records of the data subjects that it concerns are confirmed; the record of the
processing itself, with its status, follows when it is done. The records of a read go in one export.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from adapter import context
from adapter.api.trail import TRACE_PARENT, TRANSACTION_ID
from adapter.configuration.logbook import REFUSE, LogbookSettings
from adapter.context import RequestContext
from adapter.errors import AdapterError, LogbookUnavailable, RegisterError
from adapter.logbook.records import (
    ACTIVITY,
    ERROR,
    FOREIGN_PARTY,
    FOREIGN_SPAN,
    Pseudonyms,
    Record,
    Status,
)
from adapter.logbook.sender import Sender
from adapter.openapi.checked import Checked
from adapter.processing import Subject
from adapter.service import Caller, ListQuery, Page, Representation, Service

_NO_SPAN = "0" * 16


class Action:
    """The processing that one operation is; see `processing.Processing`."""

    def __init__(self, log: Logged, request: RequestContext, caller: Caller) -> None:
        self._log, self._name = log, request.operation
        self._activity = log.settings.activity(request.operation)
        sent = request.traceparent.split("-") if request.traceparent else ["", "", "", ""]
        now = request.headers.get(TRACE_PARENT, "").split("-")
        transaction = request.headers.get(TRANSACTION_ID, "").replace("-", "").lower()
        # Telemetry may have begun a trace for a request that came without one.
        self._trace = sent[1] or (now[1] if len(now) > 1 else "") or transaction or secrets.token_hex(16)
        self.span = secrets.token_hex(8)
        party = log.settings.parties.get(caller.name, "")
        # A parent is a record of this organisation; that of another one is only named.
        self._parent = "" if party else sent[2]
        self._foreign = {FOREIGN_PARTY: party, FOREIGN_SPAN: sent[2] or _NO_SPAN} if party else {}
        if request.headers.get(TRACE_PARENT, "") == request.traceparent:
            headers = {TRACE_PARENT: f"00-{self._trace}-{self.span}-01"}
            request.headers = {**request.headers, **headers}
        self._started = time.time_ns()
        self._recorded: set[Subject] = set()
        self._found: list[Record] = []
        self.writes, self._is_refused = False, False

    def begin(self, subjects: Iterable[Subject]) -> None:
        """Data of these will be changed. Raises LogbookUnavailable."""
        self.writes = True
        self.touched(subjects)
        if self._log.settings.writes == REFUSE:
            announced, self._found = self._found, []
            if not self._log.sender.confirmed(announced):
                raise LogbookUnavailable

    def touched(self, subjects: Iterable[Subject]) -> None:
        """Data of these is in the answer, or has been changed."""
        for each in subjects:
            if each not in self._recorded:
                self._recorded.add(each)
                about = self._log.pseudonyms.attributes(each)
                self._found.append(self._record(secrets.token_hex(8), self.span, Status.UNSET, about))

    def refused(self) -> None:
        """It was refused for what the client sent."""
        self._is_refused = True

    def end(self, error: BaseException | None) -> None:
        """The operation ended. Raises LogbookUnavailable for a read that must not be answered then."""
        about = {ERROR: type(error).__name__} if error is not None else {}
        status = Status.UNSET if self._is_refused else _status(error)
        own = self._record(self.span, self._parent, status, {**about, **self._foreign})
        records = [own, *self._found]
        settings = self._log.settings
        strict = (settings.writes if self.writes else settings.reads) == REFUSE
        if strict and self._log.sender.confirmed(records):
            return
        if strict and not self.writes and error is None:
            raise LogbookUnavailable
        # What has been written cannot be refused any more.
        self._log.sender.later(records)

    def _record(self, span: str, parent: str, status: Status, about: Mapping[str, str]) -> Record:
        attributes = {ACTIVITY: self._activity, **about}
        return Record(
            self._trace, span, parent, self._name, self._started, time.time_ns(), status, attributes
        )


def _status(error: BaseException | None) -> Status:
    if error is None:
        return Status.OK
    ours = not isinstance(error, AdapterError) or isinstance(error, RegisterError | LogbookUnavailable)
    return Status.ERROR if ours else Status.UNSET


class Logged:
    """The operations of another service, logged; `close` sends what is not confirmed yet."""

    def __init__(self, service: Service, settings: LogbookSettings, base_url: str) -> None:
        self._service, self.settings = service, settings
        self.pseudonyms = Pseudonyms(settings.key, base_url)
        self.sender = Sender(settings)

    def close(self) -> None:
        """Send what waits, for some seconds."""
        self.sender.close()

    @contextmanager
    def action(self, caller: Caller) -> Iterator[None]:
        """Log what is done in the context as one operation. Raises LogbookUnavailable."""
        request = context.current()
        if request is None or request.processing is not None:
            yield
            return
        action = Action(self, request, caller)
        request.processing = action
        error: BaseException | None = None
        try:
            yield
        except BaseException as raised:
            error = raised
            raise
        finally:
            request.processing = None
            action.end(error)

    def body_options(self, resource: str) -> Mapping[str, Mapping[str, Any]]:
        """As the service."""
        return self._service.body_options(resource)

    def looked_into(self, resource: str, filters: Collection[str], expand: Collection[str]) -> frozenset[str]:
        """As the service."""
        return self._service.looked_into(resource, filters, expand)

    def list(self, resource: str, query: ListQuery, caller: Caller) -> Page:
        """As the service, logged."""
        with self.action(caller):
            return self._service.list(resource, query, caller)

    def retrieve(
        self,
        resource: str,
        uuid: str,
        expand: tuple[str, ...],
        caller: Caller,
        filters: Mapping[str, Any] = MappingProxyType({}),
    ) -> Representation:
        """As the service, logged."""
        with self.action(caller):
            return self._service.retrieve(resource, uuid, expand, caller, filters)

    def create(self, resource: str, checked: Checked, caller: Caller) -> Representation:
        """As the service, logged."""
        with self.action(caller):
            return self._service.create(resource, checked, caller)

    def update(
        self, resource: str, uuid: str, checked: Checked, partial: bool, caller: Caller
    ) -> Representation:
        """As the service, logged."""
        with self.action(caller):
            return self._service.update(resource, uuid, checked, partial, caller)

    def destroy(
        self, resource: str, uuid: str, parameters: Mapping[str, Any], caller: Caller
    ) -> Representation | None:
        """As the service, logged."""
        with self.action(caller):
            return self._service.destroy(resource, uuid, parameters, caller)
