"""The headers that identify a request across systems: request id, trace, FSC transaction, audit text."""

from __future__ import annotations

import re
import time
from uuid import uuid4

from starlette.datastructures import Headers

from adapter.context import RequestContext

REQUEST_ID = "X-Request-Id"
TRACE_PARENT = "traceparent"
TRANSACTION_ID = "Fsc-Transaction-Id"
EXPLANATION = "X-Audit-Toelichting"

# Request ids are logged. One of digits only is refused, since it could be a citizen's number.
_READABLE_ID = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9._-]{1,128}")
_TRACE = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LONGEST_EXPLANATION = 1000


def followed(headers: Headers, seconds: float) -> RequestContext:
    """The context of a request that may take `seconds`, with the headers to send to registers.

    A request id that is missing or not fit for a log is replaced by a new one; another header of this kind
    is dropped. The explanation for the audit trail is sent to registers and never logged.
    """
    passed_on = {REQUEST_ID: _matching(headers.get(REQUEST_ID), _READABLE_ID) or uuid4().hex}
    if trace := _matching(headers.get(TRACE_PARENT), _TRACE):
        passed_on[TRACE_PARENT] = trace
    if transaction := _matching(headers.get(TRANSACTION_ID), _UUID):
        passed_on[TRANSACTION_ID] = transaction
    if explanation := headers.get(EXPLANATION):
        passed_on[EXPLANATION] = explanation[:_LONGEST_EXPLANATION].strip()
    return RequestContext(passed_on, time.monotonic() + seconds, traceparent=passed_on.get(TRACE_PARENT, ""))


def names(context: RequestContext) -> dict[str, str]:
    """The members of a log line that identify the request."""
    found = {"request_id": context.headers[REQUEST_ID]}
    if trace := context.headers.get(TRACE_PARENT):
        found["trace_id"] = trace.split("-")[1]
    if transaction := context.headers.get(TRANSACTION_ID):
        found["fsc_transaction_id"] = transaction
    return found


def answered(context: RequestContext) -> list[tuple[bytes, bytes]]:
    """The headers of an answer that identify the request."""
    return [(REQUEST_ID.lower().encode("ascii"), context.headers[REQUEST_ID].encode("ascii"))]


def _matching(text: str | None, pattern: re.Pattern[str]) -> str | None:
    return text if text and pattern.fullmatch(text) else None
