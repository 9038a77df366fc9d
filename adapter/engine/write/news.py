"""What a request tells subscribers once it is done: the messages that its commit puts into the outbox.

As Open Klant does, a notification tells of the resource that was asked for, and of nothing that was written
or deleted along with it. A cloud event tells of every link that begins or ends, in whatever way.
"""

from __future__ import annotations

import datetime as dt
import uuid as uuids
from dataclasses import dataclass, field
from typing import Any

from adapter.engine.entities.draft import Draft
from adapter.engine.entities.entry import Entry
from adapter.engine.read.repository import Repository
from adapter.mapping.constructs.publishing import Linking
from adapter.mapping.model import Resource
from adapter.mapping.paths import Path, filled
from adapter.notifications.messages import CREATE, DESTROY, PARTIAL_UPDATE, UPDATE, Publishing
from adapter.state.outbox import Message

# uuid that is linked to, data of the event
Link = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class News:
    """The news of one request, in the order in which it happened; none where nobody is told."""

    repository: Repository
    publishing: Publishing | None
    messages: list[Message] = field(default_factory=list)

    def made(self, resource: Resource, uuid: str) -> None:
        """A resource was made."""
        if self._concerns(resource) and (entry := self._now(resource, uuid)) is not None:
            self._tell(entry, CREATE)
            self._link(resource, uuid, None, self._linked(entry))

    def before(self, draft: Draft) -> Link | None:
        """What a resource links to before it is changed; for `changed`."""
        entry = draft.before
        return self._linked(entry) if entry is not None and self._concerns(entry.resource) else None

    def changed(self, resource: Resource, uuid: str, before: Link | None, *, partial: bool) -> None:
        """A resource was changed, though it may read as before; `before` it was linked like this."""
        if self._concerns(resource) and (entry := self._now(resource, uuid)) is not None:
            self._tell(entry, PARTIAL_UPDATE if partial else UPDATE)
            self._link(resource, uuid, before, self._linked(entry))

    def goes(self, entry: Entry) -> None:
        """A resource is going to be deleted, because that was asked for."""
        if self._concerns(entry.resource):
            self._tell(entry, DESTROY)

    def ends(self, entry: Entry) -> None:
        """A resource is going to be deleted, for whatever reason."""
        if self._concerns(entry.resource):
            self._link(entry.resource, entry.uuid, self._linked(entry), None)

    def _concerns(self, resource: Resource) -> bool:
        if self.publishing is None:
            return False
        linking = resource.links is not None and self.publishing.cloud_events
        return linking or resource.publishes is not None

    def _now(self, resource: Resource, uuid: str) -> Entry | None:
        return self.repository.one(resource.name, uuid)

    def _tell(self, entry: Entry, action: str) -> None:
        told, publishing = entry.resource.publishes, self.publishing
        if told is not None and publishing is not None:
            self.repository.complete([entry])
            self.messages.append(notification(publishing, entry, action, dt.datetime.now(dt.UTC)))

    def _link(self, resource: Resource, uuid: str, before: Link | None, after: Link | None) -> None:
        linking, publishing = resource.links, self.publishing
        if linking is None or publishing is None:
            return
        ended = before if before is not None and (after is None or after[0] != before[0]) else None
        url, now = publishing.url(resource.name, uuid), dt.datetime.now(dt.UTC)
        for kind, link in ((linking.unlinked, ended), (linking.linked, after)):
            if link is not None:
                self.messages.append(publishing.cloud_event(kind, link[0], url, data=link[1], now=now))

    def _linked(self, entry: Entry) -> Link | None:
        """What a resource links to now."""
        linking, publishing = entry.resource.links, self.publishing
        if linking is None or publishing is None or not publishing.cloud_events:
            return None
        self.repository.complete([entry])
        subject = _uuid(entry.served(linking.subject)) if linking.links(entry.values) else ""
        if not subject:
            return None
        data: dict[str, Any] = linking.told(subject, publishing.url(entry.resource.name, entry.uuid))
        return subject, {**data, **self._labels(entry, linking, publishing)}

    def _labels(self, entry: Entry, linking: Linking, publishing: Publishing) -> dict[str, str]:
        found = {}
        for name, (path, otherwise) in linking.labels.items():
            value = self._text(entry, path) if publishing.texts else None
            found[name] = str(value) if filled(value) else otherwise
        return found

    def _text(self, entry: Entry, path: Path) -> Any:
        """The value at a path from a resource, through references; None when it leads nowhere."""
        member = entry.resource.members.get(path[0])
        if member is None or not member.to or len(path) == 1:
            return entry.served(path)
        uuid = entry.reference(path[0])
        other = self.repository.one(member.to, uuid) if uuid else None
        return self._text(other, path[1:]) if other is not None else None


def notification(publishing: Publishing, entry: Entry, action: str, now: dt.datetime) -> Message:
    """The notification that this was done to a resource, as it reads now."""
    told = entry.resource.publishes
    assert told is not None
    tags = {name: entry.served((name,)) for name in told.tells}
    tags |= {name: (entry.served((name,)) or "") if publishing.texts else "" for name in told.texts}
    url = publishing.url(entry.resource.name, entry.uuid)
    return publishing.notification(told.channel, told.name, url, action, tags=tags, now=now)


def _uuid(value: Any) -> str:
    """A uuid in its usual form; "" for anything else."""
    try:
        return str(uuids.UUID(str(value)))
    except ValueError:
        return ""
