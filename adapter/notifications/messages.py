"""The messages to a Notificaties API: notifications, and cloud events.

The shape of a notification is that of the standard Notificaties API 1.0 (`POST /notificaties`); Open Klant
sends the same with notifications-api-common 0.13, in which booleans and null are values of kenmerken too.
That of a cloud event is CloudEvents 1.0 in JSON, as Open Klant and Open Zaak exchange them.
"""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from threading import Event
from typing import Any

import yaml

from adapter.state.outbox import Message

# The two endpoints of a Notificaties API, which are the kinds of messages.
NOTIFICATIONS, CLOUD_EVENTS = "notificaties", "cloudevents"
# What a client did, as a notification says it.
CREATE, UPDATE, PARTIAL_UPDATE, DESTROY = "create", "update", "partial_update", "destroy"
SHAPE: Mapping[str, Any] = yaml.load(
    (files("adapter.notifications") / "shape.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)


@dataclass(frozen=True, slots=True)
class Publishing:
    """How a deployment tells its subscribers.

    base: the public URL below which resources have theirs. source: what the messages say that they come from;
    "" says nothing. texts: whether free text is told. cloud_events: whether links to elsewhere are told.
    news: set when something has been put into the outbox.
    """

    base: str
    source: str = ""
    texts: bool = False
    cloud_events: bool = False
    news: Event = field(default_factory=Event, compare=False, repr=False)

    def url(self, resource: str, uuid: str) -> str:
        """The URL of a resource as subscribers read it."""
        return f"{self.base}/{resource}/{uuid}"

    def notification(
        self, channel: str, name: str, url: str, action: str, *, tags: Mapping[str, Any], now: dt.datetime
    ) -> Message:
        """The notification that something happened to the resource at a URL, of which `tags` tell more."""
        said = {
            "channel": channel,
            "source": self.source,
            "url": url,
            "name": name,
            "action": action,
            "moment": _moment(now),
            "tags": dict(tags),
        }
        words = SHAPE["notification"].items()
        body = {word: said[what] for word, what in words if what != "source" or self.source}
        return _message(NOTIFICATIONS, channel, url, body)

    def cloud_event(
        self, kind: str, subject: str, url: str, *, data: Mapping[str, Any], now: dt.datetime
    ) -> Message:
        """The event that the resource at a URL links to a `subject`, or no more."""
        message = _message(CLOUD_EVENTS, kind, url, {})
        message["body"] = {
            "specversion": "1.0",
            "type": kind,
            "source": self.source,
            "subject": subject,
            "id": message["id"],
            "time": _moment(now),
            "datacontenttype": "application/json",
            "data": dict(data),
        }
        return message


def _message(kind: str, name: str, url: str, body: dict[str, Any]) -> Message:
    about = url.rpartition("/")[2]
    return {"id": str(uuids.uuid4()), "about": about, "kind": kind, "name": name, "body": body}


def _moment(now: dt.datetime) -> str:
    return now.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
