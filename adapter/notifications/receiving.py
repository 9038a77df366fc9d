"""The endpoint that takes the notifications of registers: each is kept, and judged later."""

from __future__ import annotations

import datetime as dt
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from adapter.configuration.notifications import ReceivingSettings
from adapter.notifications.messages import CREATE, DESTROY, PARTIAL_UPDATE, SHAPE, UPDATE
from adapter.state.errors import StateUnavailable
from adapter.state.inbox import Heard, Inbox

# In bytes; a notification is some hundreds long.
LONGEST = 65_536
RETRY_AFTER = "5"
_WORDS: Mapping[str, str] = {what: word for word, what in SHAPE["notification"].items()}
_ACTIONS = frozenset({CREATE, UPDATE, PARTIAL_UPDATE, DESTROY})


@dataclass(frozen=True, slots=True)
class Source:
    """What a register tells of: on a `channel`, of what it calls `name`, with a `type` where it is an object.

    resource: what is made of such a record. type: the kenmerk that has the URL of the objecttype of which the
    uuid is `type_uuid`; "" for other records. register, collection: where the record is.
    """

    channel: str
    name: str
    resource: str
    register: str
    collection: str
    type: str = ""
    type_uuid: str = ""

    def fits(self, message: Mapping[str, Any]) -> bool:
        """Whether a notification is about one of these."""
        if (message.get(_WORDS["channel"]), message.get(_WORDS["name"])) != (self.channel, self.name):
            return False
        if not self.type:
            return True
        tags = message.get(_WORDS["tags"])
        url = tags.get(self.type) if isinstance(tags, Mapping) else None
        return str(url).rstrip("/").rpartition("/")[2].lower() == self.type_uuid


class Listener:
    """Answers at the path of the endpoint, and gives every other request to the application.

    A notification that is about nothing that subscribers are told is answered like the others: a channel has
    more than KlantBrug listens to, and a Notificaties API tries an endpoint with one that is made up.
    """

    def __init__(
        self,
        app: ASGIApp,
        settings: ReceivingSettings,
        inbox: Inbox,
        *,
        sources: Sequence[Source],
        identify: Callable[[str, str], tuple[str, str] | None],
        count: Callable[[str], None],
    ) -> None:
        """`identify` gives (collection, uuid) of a URL at a register; `count` is told what came in."""
        self._app, self._inbox = app, inbox
        self._path, self._authorization = settings.path.rstrip("/"), settings.authorization.encode()
        self._sources, self._identify, self._count = sources, identify, count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].rstrip("/") != self._path:
            await self._app(scope, receive, send)
            return
        await (await self._answer(scope, receive))(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        if scope["method"] != "POST":
            return Response(status_code=405, headers={"Allow": "POST"})
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        if not hmac.compare_digest(given, self._authorization):
            return Response(status_code=403)
        body = await _read(receive)
        if body is None:
            return Response(status_code=413)
        heard, right = self._heard(body)
        if not right:
            return Response(status_code=400)
        if heard is not None:
            try:
                is_new = await run_in_threadpool(self._inbox.add, heard)
            except StateUnavailable:
                return Response(status_code=503, headers={"Retry-After": RETRY_AFTER})
            self._count("heard.taken" if is_new else "heard.repeated")
        return Response(status_code=204)

    def _heard(self, body: bytes) -> tuple[Heard | None, bool]:
        """(what is to be kept of a notification, whether it is one)."""
        try:
            message = orjson.loads(body)
        except orjson.JSONDecodeError:
            return None, False
        if not isinstance(message, Mapping):
            return None, False
        action, url = message.get(_WORDS["action"]), message.get(_WORDS["url"])
        moment = message.get(_WORDS["moment"])
        source = next((each for each in self._sources if each.fits(message)), None)
        if source is None or action not in _ACTIONS:
            return None, isinstance(url, str)
        found = self._identify(source.register, str(url))
        at = _seconds(moment)
        if at is None:
            return None, False
        if found is None or found[0] != source.collection:
            self._count("heard.unknown")
            return None, True
        record = f"{source.register}/{found[0]}/{found[1]}"
        return Heard(source.resource, record, str(action), str(moment), at, time.time()), True


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None when it is too long."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > LONGEST:
            return None
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _seconds(moment: Any) -> float | None:
    """A moment in seconds since 1970; None of anything else."""
    try:
        found = dt.datetime.fromisoformat(str(moment))
        return found.replace(tzinfo=found.tzinfo or dt.UTC).timestamp()
    except (ValueError, OverflowError):
        return None
