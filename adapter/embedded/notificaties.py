"""A small stand-in for a Notificaties API 1.0, with the cloud events of Open Notificaties.

What it takes it keeps, shows (`GET /notificaties`, which the standard does not have) and delivers to its
subscribers, once each. It refuses what Open Notificaties refuses: a channel that is not registered, kenmerken
that are not those of the channel, and a subscriber that does not answer.
"""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapter.embedded.answers import Refused, invalid, json_answer, not_found, origin_of, refusal
from adapter.openapi import reasons
from adapter.openapi.checked import Problem

KEPT = 1000
SECONDS = 5.0
# In seconds: so much later than now a notification may say that it was made.
LEEWAY = 5.0
ACTIONS = ("create", "update", "partial_update", "destroy")
NEEDED = ("kanaal", "hoofdObject", "resource", "resourceUrl", "actie", "aanmaakdatum")
EVENT_NEEDED = ("id", "source", "specversion", "type")
EVENT_TYPE = "application/cloudevents+json"
# What Open Notificaties sends to see whether a subscriber is there.
TRIAL = {
    "kanaal": "test",
    "hoofdObject": "https://example.com",
    "resource": "test",
    "resourceUrl": "https://example.com",
    "actie": "test",
    "aanmaakdatum": "2019-01-01T12:00:00Z",
    "kenmerken": {},
}

Body = dict[str, Any]


@dataclass
class Kept:
    """What it knows: channels and subscriptions by uuid, the messages that it took.

    While `status` is set, every message is answered with that. `deliver` sends to subscribers.
    """

    channels: dict[str, Body] = field(default_factory=dict)
    subscriptions: dict[str, Body] = field(default_factory=dict)
    messages: deque[Body] = field(default_factory=lambda: deque(maxlen=KEPT))
    events: deque[Body] = field(default_factory=lambda: deque(maxlen=KEPT))
    refused: list[Body] = field(default_factory=list)
    status: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "notificaties"))

    def channel(self, name: str) -> Body | None:
        """The channel with a name."""
        return next((each for each in self.channels.values() if each["naam"] == name), None)

    def deliver(self, message: Body) -> None:
        """Send a notification to all who subscribe to its channel and filter it in."""
        for each in list(self.subscriptions.values()):
            if any(_wants(channel, message) for channel in each["kanalen"]):
                self.pool.submit(_posted, each, message)


def create_app() -> Starlette:
    """The stand-in, which asks for no token and may be mounted below a path; `app.state.kept` has it all."""
    kept = Kept()

    async def refused(request: Request, error: Exception) -> Response:
        if not isinstance(error, Refused):
            raise error
        return refusal(error, request)

    app = Starlette(routes=[*_resources(kept), *_messages(kept)], exception_handlers={Refused: refused})
    app.router.redirect_slashes = False
    app.state.kept = kept
    return app


def _resources(kept: Kept) -> list[Route]:
    async def channels(request: Request) -> Response:
        if request.method == "GET":
            name = request.query_params.get("naam", "")
            found = [each for each in kept.channels.values() if name in ("", each["naam"])]
            return json_answer(found)
        return json_answer(_stored(kept.channels, _channel(kept, await _object(request)), request), 201)

    async def channel(request: Request) -> Response:
        found = _found(kept.channels, request)
        if request.method == "PUT":
            found.update(_channel(kept, await _object(request), found))
        return json_answer(found)

    async def subscriptions(request: Request) -> Response:
        if request.method == "GET":
            return json_answer([_without_auth(each) for each in kept.subscriptions.values()])
        body = await run_in_threadpool(_subscription, kept, await _object(request))
        return json_answer(_without_auth(_stored(kept.subscriptions, body, request)), 201)

    async def subscription(request: Request) -> Response:
        found = _found(kept.subscriptions, request)
        if request.method == "DELETE":
            kept.subscriptions.pop(request.path_params["uuid"])
            return json_answer(None, 204)
        if request.method == "PUT":
            found.update(await run_in_threadpool(_subscription, kept, await _object(request)))
        return json_answer(_without_auth(found))

    return [
        Route("/kanaal", channels, methods=["GET", "POST"]),
        Route("/kanaal/{uuid}", channel, methods=["GET", "PUT"]),
        Route("/abonnement", subscriptions, methods=["GET", "POST"]),
        Route("/abonnement/{uuid}", subscription, methods=["GET", "PUT", "DELETE"]),
    ]


def _messages(kept: Kept) -> list[Route]:
    async def notifications(request: Request) -> Response:
        if request.method == "GET":
            return json_answer([*kept.messages])
        body = await _object(request)
        if kept.status:
            return json_answer({"detail": "no"}, kept.status)
        try:
            _check(kept, body)
        except Refused:
            kept.refused.append(body)
            raise
        kept.messages.append(body)
        kept.deliver(body)
        return json_answer(body, 201)

    async def events(request: Request) -> Response:
        if request.method == "GET":
            return json_answer([*kept.events])
        body = await _object(request)
        if kept.status:
            return json_answer({"detail": "no"}, kept.status)
        if request.headers.get("content-type", "").partition(";")[0] != EVENT_TYPE:
            return json_answer({"detail": "no cloud event"}, 415)
        _needed(body, EVENT_NEEDED)
        kept.events.append(body)
        return json_answer(body, 201)

    return [
        Route("/notificaties", notifications, methods=["GET", "POST"]),
        Route("/cloudevents", events, methods=["GET", "POST"]),
    ]


def _stored(rows: dict[str, Body], body: Body, request: Request) -> Body:
    uuid = str(uuid4())
    root = request.scope.get("root_path", "")
    path = root + request.scope["path"].removeprefix(root)
    rows[uuid] = {"url": f"{origin_of(request)}{path}/{uuid}", **body}
    return rows[uuid]


def _found(rows: dict[str, Body], request: Request) -> Body:
    if request.path_params["uuid"] not in rows:
        raise not_found()
    return rows[request.path_params["uuid"]]


def _without_auth(subscription: Body) -> Body:
    return {name: each for name, each in subscription.items() if name != "auth"}


async def _object(request: Request) -> Body:
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {}


def _needed(body: Body, names: tuple[str, ...]) -> None:
    problems = [Problem(name, "required", reasons.REQUIRED) for name in names if not body.get(name)]
    if problems:
        raise invalid(*problems)


def _items(body: Body, name: str, kind: type, otherwise: list[Any]) -> list[Any]:
    """A list of values of one type in a body."""
    found = body.get(name, otherwise)
    if not isinstance(found, list):
        raise invalid(Problem(name, "not_a_list", reasons.not_a_list(found)))
    if not all(isinstance(each, kind) for each in found):
        raise invalid(Problem(name, "invalid", reasons.NO_DATA))
    return found


def _map(body: Body, name: str) -> Body:
    """A map in a body; empty where there is none."""
    found = body.get(name) or {}
    if not isinstance(found, dict):
        raise invalid(Problem(name, "not_a_dict", reasons.not_a_map(found)))
    return found


def _channel(kept: Kept, body: Body, before: Body | None = None) -> Body:
    _needed(body, ("naam",))
    if before is not None and body["naam"] != before["naam"]:
        raise invalid(Problem("naam", "wijzigen-niet-toegelaten", "Dit veld mag niet gewijzigd worden."))
    if before is None and kept.channel(body["naam"]):
        raise invalid(Problem("naam", "unique", "Er bestaat al een kanaal met eenzelfde naam."))
    filters = _items(body, "filters", str, before["filters"] if before else [])
    link = body.get("documentatieLink", before["documentatieLink"] if before else "")
    return {"naam": body["naam"], "documentatieLink": link, "filters": filters}


def _subscription(kept: Kept, body: Body) -> Body:
    _needed(body, ("callbackUrl", "auth"))
    channels = _items(body, "kanalen", dict, [])
    found = {"callbackUrl": body["callbackUrl"], "auth": body["auth"], "kanalen": channels}
    for each in channels:
        _map(each, "filters")
        if kept.channel(each.get("naam", "")) is None:
            raise invalid(Problem("naam", "kanaal_naam", "Kanaal met deze naam bestaat niet."))
    if _posted(found, TRIAL, auth="") not in (401, 403):
        text = "De opgegeven callback URL is niet beveiligd met autorisatie header."
        raise invalid(Problem("nonFieldErrors", "no-auth-on-callback-url", text))
    if _posted(found, TRIAL) != 204:
        text = "De opgegeven URL is niet bereikbaar."
        raise invalid(Problem("nonFieldErrors", "invalid-callback-url", text))
    return found


def _posted(subscription: Body, message: Body, auth: str | None = None) -> int:
    """The status with which a subscriber answers; 0 when it does not."""
    headers = {"Authorization": subscription["auth"] if auth is None else auth}
    try:
        answer = requests.post(
            subscription["callbackUrl"], json=message, headers=headers, timeout=SECONDS, allow_redirects=False
        )
    except requests.RequestException:
        return 0
    return answer.status_code


def _wants(channel: Body, message: Body) -> bool:
    if channel["naam"] != message["kanaal"]:
        return False
    tags, filters = message.get("kenmerken") or {}, channel.get("filters") or {}
    return all(value in ("*", tags[name]) for name, value in filters.items() if name in tags)


def _check(kept: Kept, body: Body) -> None:
    _needed(body, NEEDED)
    if body["actie"] not in ACTIONS:
        raise invalid(Problem("actie", "invalid_choice", reasons.no_choice(body["actie"])))
    if _made(body) > dt.datetime.now(dt.UTC) + dt.timedelta(seconds=LEEWAY):
        text = "Datum mag niet in de toekomst liggen."
        raise invalid(Problem("aanmaakdatum", "future_not_allowed", text))
    channel = kept.channel(body["kanaal"])
    if channel is None:
        raise invalid(Problem("kanaal", "message_kanaal", "Kanaal met deze naam bestaat niet."))
    known, told = set(channel["filters"]), set(_map(body, "kenmerken"))
    if not known <= told and not known >= told:
        text = "Kenmerken aren't consistent with kanaal filters"
        raise invalid(Problem("kenmerken", "kenmerken_inconsistent", text))


def _made(body: Body) -> dt.datetime:
    try:
        made = dt.datetime.fromisoformat(str(body["aanmaakdatum"]))
    except ValueError:
        raise invalid(Problem("aanmaakdatum", "invalid", reasons.NOT_INSTANT)) from None
    return made.replace(tzinfo=made.tzinfo or dt.UTC)
