"""The metrics of a deployment. No attribute holds a value: names of the configuration, codes and routes only.

Names and attributes of HTTP follow OpenTelemetry's semantic conventions for HTTP metrics; the counters of
what clients write have the names of Open Klant's, with `klantbrug` in front.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping

from opentelemetry.metrics import CallbackOptions, Counter, Meter, Observation

from adapter.api.log import Exchange as Request
from adapter.engine.deployment import CREATES, DELETES, UPDATES, Deployment
from adapter.gathering.doubles import Doubles
from adapter.gathering.listing import by_phase
from adapter.phases.phase import Phase
from adapter.registers.breaker import State
from adapter.registers.client import Register
from adapter.registers.messages import Exchange
from adapter.state.errors import StateUnavailable

# In seconds, as the semantic conventions advise for requests.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
# Another word would make a series of its own, and a client can make up as many as it likes.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
SERVER_ERROR = 500
# The events that `Counts` has, by the first part of their names.
EVENTS = {
    "left_out": "Register values that are not served.",
    "refused": "Values or records that a register refused.",
    "not_mirrored": "Values that register clients cannot be shown.",
    "mirror_does_not_fit": "Mirrored values that no longer fit.",
    "contract_checked": "Exchanges that were checked against the contract of a register.",
    "contract_broken": "Rules of that contract that were broken.",
    "number_taken": "Generated numbers that a record had already.",
    "undo_failed": "Failed attempts to undo a write.",
    "finish_failed": "Failed attempts to finish a write.",
    "shadow_asked": "Reads that were asked of the target too, by kind.",
    "shadow_equal": "Those that it answered alike.",
    "shadow_known": "Known differences in its answers.",
    "shadow_differs": "Other differences, by kind and member.",
    "shadow_noise": "Differences in what changed meanwhile.",
    "shadow_unanswered": "Reads that the target did not answer.",
    "shadow_skipped": "Reads that were not compared, since too many waited.",
    "gathered": "What happened to contacts that are held until their register can take them.",
    "heard": "Notifications of registers by what became of them.",
    "notification": "Messages to subscribers by what became of them: sent, refused, failed or given up.",
}

Observed = Callable[[CallbackOptions], Iterable[Observation]]


def method_of(request: Request) -> str:
    """The method of a request, or the word that the conventions have for one that HTTP does not know."""
    return request.method if request.method in METHODS else "_OTHER"


def outcome(status: int) -> dict[str, str | int]:
    """The attributes for how a request or a call ended; a `status` of 0 is no answer."""
    if not status:
        return {"error.type": "no_answer"}
    failed: dict[str, str | int] = {"error.type": str(status)} if status >= SERVER_ERROR else {}
    return {"http.response.status_code": status, **failed}


class Metrics:
    """The instruments, and what they measure: `request`, `call`, `waited` and `wrote` are called for each."""

    def __init__(self, meter: Meter, routes: Mapping[str, str], scheme: str) -> None:
        """`routes` has the path template of each operationId; `scheme` is that of the public URL."""
        self._routes, self._scheme = routes, scheme
        self._meter = meter
        self._durations = meter.create_histogram(
            "http.server.request.duration",
            "s",
            "Duration of requests, but for those to health and metrics.",
            explicit_bucket_boundaries_advisory=BUCKETS,
        )
        self._active = meter.create_up_down_counter(
            "http.server.active_requests", "{request}", "Requests that are being answered."
        )
        self._calls = meter.create_histogram(
            "klantbrug.register.call.duration",
            "s",
            "Duration of calls to registers.",
            explicit_bucket_boundaries_advisory=BUCKETS,
        )
        self._waits = meter.create_histogram(
            "klantbrug.lock.wait.duration",
            "s",
            "Time that a write waited for a lock that another one held.",
            explicit_bucket_boundaries_advisory=BUCKETS,
        )
        self._written: dict[tuple[str, str], Counter] = {}

    def request(self, request: Request) -> Callable[[float], None]:
        """A request begins; what this returns is called with its seconds when it ends."""
        common = {"http.request.method": method_of(request), "url.scheme": self._scheme}
        self._active.add(1, common)

        def ended(seconds: float) -> None:
            self._active.add(-1, common)
            if not request.quiet:
                route = self._routes.get(request.operation)
                known = {"http.route": route} if route else {}
                self._durations.record(seconds, {**common, **known, **outcome(request.status)})

        return ended

    def call(self, exchange: Exchange) -> None:
        """A call to a register ended."""
        collection = exchange.path.partition("/")[0]
        self._calls.record(
            exchange.seconds,
            {
                "register": exchange.register,
                "operation": f"{exchange.method} {collection}",
                **outcome(exchange.status),
            },
        )

    def waited(self, seconds: float) -> None:
        """Somebody waited for a lock."""
        self._waits.record(seconds)

    def wrote(self, resource: str, deed: str) -> None:
        """A client created, changed or deleted a resource."""
        self._written[resource, deed].add(1)

    def count_writes(self, schemas: Mapping[str, str]) -> None:
        """Make the counters of writes; `schemas` has the name of the schema of each resource."""
        for resource, schema in schemas.items():
            name = re.sub(r"(?<!^)(?=[A-Z])", "_", schema).lower()
            for deed in (CREATES, UPDATES, DELETES):
                counter = self._meter.create_counter(
                    f"klantbrug.{name}.{deed}", "{write}", f"What clients wrote: {resource}, {deed}."
                )
                self._written[resource, deed] = counter
                counter.add(0)

    def look_at(
        self, deployment: Deployment, registers: Mapping[str, Register], phase: Callable[[], str]
    ) -> None:
        """Observe, whenever metrics are read, what the parts of a deployment know of themselves."""
        counter, gauge = self._meter.create_observable_counter, self._meter.create_observable_gauge
        journal, outbox = deployment.state.journal.backlog, deployment.state.outbox.backlog
        gauge("klantbrug.journal.open", [_backlog(journal, age=False)], "{write}", "Writes in the journal.")
        gauge(
            "klantbrug.journal.age",
            [_backlog(journal, age=True)],
            "s",
            "Age of the oldest write in the journal.",
        )
        gauge("klantbrug.phase", [_phase(phase)], "", "1 for the phase of a move that the process is in.")
        gauge(
            "klantbrug.held.contacts", [_held(deployment, age=False)], "{contact}", "Contacts that are held."
        )
        gauge(
            "klantbrug.held.age",
            [_held(deployment, age=True)],
            "s",
            "Age of the oldest contact that is held.",
        )
        gauge(
            "klantbrug.held.doubles",
            [_doubles(deployment)],
            "{record}",
            "Second records of contacts that were held.",
        )
        number, age = [_backlog(outbox, age=False)], [_backlog(outbox, age=True)]
        gauge("klantbrug.outbox.waiting", number, "{message}", "Messages that wait to be delivered.")
        gauge("klantbrug.outbox.age", age, "s", "Age of the oldest of them.")
        gauge("klantbrug.register.state", [_states(registers)], "", "1 for the state of the circuit breaker.")
        gauge(
            "klantbrug.register.active_calls",
            [_per_register(registers, lambda each: each.places.taken)],
            "{call}",
            "Calls that are being made.",
        )
        counter(
            "klantbrug.register.refused_calls",
            [_per_register(registers, lambda each: each.places.refused)],
            "{call}",
            "Calls that were refused a place because the register was slow.",
        )
        for kind, description in EVENTS.items():
            counter(f"klantbrug.{kind}", [_counts(deployment, kind)], "{event}", description)


def _backlog(backlog: Callable[[], tuple[int, float]], *, age: bool) -> Observed:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        try:
            number, oldest = backlog()
        except StateUnavailable:
            return
        yield Observation((max(0.0, time.time() - oldest) if number else 0.0) if age else number)

    return observe


def _phase(phase: Callable[[], str]) -> Observed:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        now = phase()
        return [Observation(int(each == now), {"phase": str(each)}) for each in Phase]

    return observe


def _held(deployment: Deployment, *, age: bool) -> Observed:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        try:
            found = by_phase(deployment.state.database)
        except StateUnavailable:
            return
        for phase, held in found.items():
            seconds = max(0.0, time.time() - held.oldest) if held.number else 0.0
            yield Observation(seconds if age else held.number, {"phase": phase})

    return observe


def _doubles(deployment: Deployment) -> Observed:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        try:
            yield Observation(len(Doubles(deployment.state.database).open()))
        except StateUnavailable:
            return

    return observe


def _states(registers: Mapping[str, Register]) -> Observed:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        for name, register in registers.items():
            for state in State:
                is_now = int(register.breaker.state is state)
                yield Observation(is_now, {"register": name, "state": state.value})

    return observe


def _per_register(registers: Mapping[str, Register], number: Callable[[Register], int]) -> Observed:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        return [Observation(number(register), {"register": name}) for name, register in registers.items()]

    return observe


def _counts(deployment: Deployment, kind: str) -> Observed:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        for name, number in dict(deployment.counts).items():
            first, _dot, rest = name.partition(".")
            if first == kind:
                yield Observation(number, {"what": rest} if rest else {})

    return observe
