"""The traces of a deployment: a span per request, per round of register calls, and per call.

A span holds names, codes and numbers. No URL, no query, no identifier and no text of an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

from opentelemetry import context as current
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    Tracer,
    format_span_id,
    format_trace_id,
    set_span_in_context,
)

from adapter.api.log import Exchange as Request
from adapter.api.trail import TRACE_PARENT, TRANSACTION_ID
from adapter.context import RequestContext
from adapter.registers.messages import Sent
from adapter.telemetry.metrics import SERVER_ERROR, method_of, outcome


class Traces:
    """Begins the spans.

    `routes` has the path template of each operationId, `bases` the base URL of each register.
    """

    def __init__(self, tracer: Tracer, routes: Mapping[str, str], bases: Mapping[str, str]) -> None:
        self._tracer, self._routes = tracer, routes
        self._hosts = {name: urlsplit(base).hostname or "" for name, base in bases.items()}

    def request(self, request: Request, context: RequestContext) -> Callable[[], None]:
        """A request begins; what this returns is called when it ends.

        The span continues the trace of `traceparent`. From here on the request has itself as its traceparent,
        so that its log line names this trace.
        """
        span = self._tracer.start_span(method_of(request), _parent(context), SpanKind.SERVER)
        token = current.attach(set_span_in_context(span))
        context.headers = {**context.headers, TRACE_PARENT: _traceparent(span)}

        def ended() -> None:
            current.detach(token)
            # A span that is never ended is never exported either.
            if not request.quiet:
                self._end(span, request, context)

        return ended

    def _end(self, span: Span, request: Request, context: RequestContext) -> None:
        route = self._routes.get(request.operation)
        if route:
            span.update_name(f"{method_of(request)} {route}")
        known = {
            "http.route": route,
            "klantbrug.operation": request.operation,
            "klantbrug.client": request.caller,
            "fsc.transaction_id": context.headers.get(TRANSACTION_ID),
        }
        span.set_attributes({name: value for name, value in known.items() if value})
        span.set_attribute("http.request.method", method_of(request))
        span.set_attribute("klantbrug.register_calls", len(context.calls))
        _finish(span, request.status)

    @contextmanager
    def round(self, calls: int) -> Iterator[None]:
        """The span of a round of so many calls, which lasts as long as the context."""
        with self._tracer.start_as_current_span(
            "round",
            attributes={"klantbrug.calls": calls},
            # Both would put the text of an exception into the span.
            record_exception=False,
            set_status_on_exception=False,
        ):
            yield

    def call(self, register: str, sent: Sent) -> CallTrace:
        """A call to a register begins."""
        collection = sent.path.partition("/")[0]
        attributes = {
            "http.request.method": sent.method,
            "server.address": self._hosts.get(register, ""),
            "klantbrug.register": register,
            "klantbrug.collection": collection,
        }
        name = f"{sent.method} {collection}"
        return CallTrace(self._tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes))


class CallTrace:
    """The span of one call; see `registers.messages.CallSpan`."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self.headers: Mapping[str, str] = {TRACE_PARENT: _traceparent(span)}

    def end(self, status: int) -> None:
        """The call ended; `status` is 0 when there was no answer."""
        _finish(self._span, status)


def _finish(span: Span, status: int) -> None:
    span.set_attributes(outcome(status))
    if not status or status >= SERVER_ERROR:
        span.set_status(StatusCode.ERROR)
    span.end()


def _parent(context: RequestContext) -> current.Context:
    """The context of the client's span; an empty one without a traceparent.

    `trail.followed` has checked its form. Its tracestate is left behind: it may hold anything.
    """
    _, trace, span, flags = (context.headers.get(TRACE_PARENT) or "---").split("-")
    found = SpanContext(int(trace or "0", 16), int(span or "0", 16), True, TraceFlags(int(flags or "0", 16)))
    empty = current.Context()
    return set_span_in_context(NonRecordingSpan(found), empty) if found.is_valid else empty


def _traceparent(span: Span) -> str:
    found = span.get_span_context()
    return f"00-{format_trace_id(found.trace_id)}-{format_span_id(found.span_id)}-{found.trace_flags:02x}"
