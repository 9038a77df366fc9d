"""What the phases of a move make of an operation: passed on to the target, or compared with it afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Message, Send

from adapter import context
from adapter.api.handlers import Endpoint, Handler, rights_check
from adapter.api.request import IDEMPOTENCY_KEY, Request
from adapter.api.room import Room
from adapter.errors import AdapterError
from adapter.openapi.document import Operation
from adapter.phases.forward import Forward, Passed
from adapter.phases.moving import Moving
from adapter.phases.phase import READS, Phase
from adapter.phases.shadow import Answered, Shadow
from adapter.phases.whose import Whose
from adapter.registers.messages import Received
from adapter.service import Caller

Action = Callable[[Caller], AbstractContextManager[None]]
REFUSED = 400
_ASKING = frozenset({Phase.SHADOW, Phase.FORWARD})


class Passing:
    """Passes on or compares requests to the new API; by default neither."""

    def __init__(
        self,
        moving: Moving,
        endpoints: Mapping[str, Endpoint],
        handlers: Mapping[str, Handler],
        room: Room,
        action: Action,
    ) -> None:
        """`endpoints` and `handlers` are those of the operations, by operationId; `action` logs one."""
        self.phases, self._handlers = moving.phases, handlers
        self._shadow = moving.shadow
        self._pass = None
        if moving.forward is not None:
            self._pass = room.at_work(_passing(moving.forward, endpoints, moving.whose, action))

    def concerns(self, operation: Operation) -> bool:
        """Whether the target may be asked too, in this phase; what the root says is never of the target."""
        return self.phases.current in _ASKING and operation.path != "/"

    async def answer(self, operation: Operation, request: Request, asked: Passed) -> Response | None:
        """The answer of the target in the phase in which it answers; None when KlantBrug is to answer."""
        if self._pass is None or self.phases.current is not Phase.FORWARD:
            return None
        return await run_in_threadpool(self._pass, operation, request, asked)

    def heard(self, operation: Operation, request: Request, asked: Passed, send: Send) -> Heard | None:
        """What listens to the answer that is going to be sent, when it is to be compared; else None."""
        shadow = self._shadow
        if shadow is None or self.phases.current is not Phase.SHADOW:
            return None
        if asked.method not in READS or not shadow.wants_one():
            return None
        handle = self._handlers[operation.operation_id]
        return Heard(shadow, operation.collection, asked, lambda: _again(handle, request), send)


class Heard:
    """A `send` that passes every message on as it is, and remembers the answer for `compare`."""

    def __init__(
        self,
        shadow: Shadow,
        resource: str,
        asked: Passed,
        again: Callable[[], tuple[int, bytes]],
        send: Send,
    ) -> None:
        self._shadow, self._resource, self._asked, self._again = shadow, resource, asked, again
        self._send = send
        self._status, self._parts = 0, list[bytes]()

    async def __call__(self, message: Message) -> None:
        await self._send(message)
        if message["type"] == "http.response.start":
            self._status = message["status"]
        else:
            self._parts.append(message.get("body", b""))

    def compare(self) -> None:
        """Have the answer compared; to be called when it was sent."""
        body = b"".join(self._parts)
        self._shadow.put(Answered(self._asked, self._resource, self._status, body, self._again))


def passed(method: str, path: str, request: Request, base: str) -> Passed:
    """A request as it is passed on; `path` is below the base path, `base` the public URL that was asked."""
    key = request.caller.idempotency
    headers = {IDEMPOTENCY_KEY: key.key} if key else {}
    return Passed(method, path.lstrip("/"), request.query, request.caller.base or base, request.body, headers)


def _passing(
    forward: Forward, endpoints: Mapping[str, Endpoint], whose: Whose | None, action: Action
) -> Callable[[Operation, Request, Passed], Response]:
    checks: dict[str, Callable[[Request], None]] = {}

    def pass_on(operation: Operation, request: Request, asked: Passed) -> Response:
        name = operation.operation_id
        check = checks.get(name) or checks.setdefault(name, rights_check(endpoints[name]))
        check(request)
        with action(request.caller):
            received = _logged(forward, whose, operation.collection, asked)
        return Response(received.body, received.status, dict(received.headers))

    return pass_on


def _logged(forward: Forward, whose: Whose | None, kind: str, asked: Passed) -> Received:
    """The answer of the target; it is told whose data it concerns, where that is logged."""
    processing = context.processing()
    if whose is None or processing is None:
        return forward(asked)
    if asked.method not in READS:
        processing.begin(whose.before(kind, asked))
    received = forward(asked)
    if received.status >= REFUSED:
        processing.refused()
    else:
        processing.touched(whose.after(kind, asked, received.body))
    return received


def _again(handle: Handler, request: Request) -> tuple[int, bytes]:
    try:
        answer = handle(request)
    except AdapterError:
        # What is refused now was answered before, or is refused as before: both are no difference in data.
        return 0, b""
    return answer.status_code, bytes(answer.body)
