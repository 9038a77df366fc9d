"""What registers told is told on, where a register client wrote: in the words of the new API."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from contextlib import ExitStack

from adapter.configuration.notifications import ReceivingSettings
from adapter.engine.deployment import Deployment, ObjectType
from adapter.engine.gateway.session import Session
from adapter.engine.maintenance.sweeper import Sweeper
from adapter.engine.read.repository import Repository
from adapter.engine.write.news import notification
from adapter.errors import NotFound
from adapter.mapping.model import Mappings
from adapter.notifications.messages import DESTROY
from adapter.notifications.receiving import Listener, Source
from adapter.state.inbox import Heard
from adapter.state.outbox import Message
from starlette.types import ASGIApp

OBJECTS = "objects"
# How often each replica looks, in seconds; the most notifications that it looks at then.
LOOK, BATCH = 1.0, 200
# After so many looks, what is old is forgotten.
LOOKS = 600


def sources(mappings: Mappings, types: Mapping[str, ObjectType]) -> list[Source]:
    """What registers tell of, as the mappings say it; only objects of objecttypes that there are."""
    found = []
    for resource in mappings.resources.values():
        for name, heard in resource.publishes.heard.items() if resource.publishes else ():
            home = resource.homes[name]
            if home.place is not None and not home.object_type:
                register, collection = home.place.register, home.place.collection
                found.append(Source(heard.channel, heard.name, resource.name, register, collection))
            elif (kind := types.get(home.object_type)) is not None:
                place = (resource.name, OBJECTS, OBJECTS)
                found.append(Source(heard.channel, heard.name, *place, heard.type, kind.uuid.lower()))
    return found


class Hearing:
    """Judges the notifications that came in; several replicas may do so at once.

    While a write is open that began before a notification came in, it may be the echo of that write: it
    waits, for no longer than `settle` seconds.
    """

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self._looks = 0

    def look(self) -> None:
        """Judge what can be judged now. Raises RegisterError and StateUnavailable; the rest waits."""
        inbox, now = self.deployment.state.inbox, time.time()
        self._looks += 1
        if self._looks % LOOKS == 0:
            inbox.forget()
        waiting = inbox.waiting(BATCH)
        if not waiting:
            return
        number, oldest = self.deployment.state.journal.backlog()
        for each in waiting:
            if number and oldest < each.received and now < each.received + self.deployment.settle:
                continue
            if inbox.is_echo(each):
                self.deployment.count("heard.echo")
                continue
            messages = self._messages(each)
            inbox.judge(each, messages)
            self.deployment.count("heard.told" if messages else "heard.gone")
            if messages and self.deployment.publishing is not None:
                self.deployment.publishing.news.set()

    def _messages(self, heard: Heard) -> list[Message]:
        """What subscribers are told: nothing of a record that is not there any more."""
        publishing = self.deployment.publishing
        told = self.deployment.mappings.resources[heard.resource].publishes
        if publishing is None or told is None:
            return []
        uuid, now = heard.record.rpartition("/")[2], dt.datetime.now(dt.UTC)
        if heard.action == DESTROY:
            # What it was like nobody can tell any more.
            url = publishing.url(heard.resource, uuid)
            return [publishing.notification(told.channel, told.name, url, DESTROY, tags={}, now=now)]
        repository = Repository(Session(self.deployment))
        try:
            entry = repository.one(heard.resource, uuid)
        except NotFound:
            entry = None
        if entry is None:
            return []
        repository.complete([entry])
        return [notification(publishing, entry, heard.action, now)]


def heard_places(mappings: Mappings, types: Mapping[str, ObjectType]) -> frozenset[tuple[str, str]]:
    """(register, collection) of the records that registers tell of."""
    return frozenset((each.register, each.collection) for each in sources(mappings, types))


def listening(
    app: ASGIApp, settings: ReceivingSettings | None, deployment: Deployment, closing: ExitStack
) -> ASGIApp:
    """The application, with the endpoint for notifications where that is wanted; `closing` ends the looks."""
    if settings is None:
        return app
    sweeper = Sweeper(Hearing(deployment).look, LOOK, at_once=False)
    closing.callback(sweeper.close)
    sweeper.start()
    return Listener(
        app,
        settings,
        deployment.state.inbox,
        sources=sources(deployment.mappings, deployment.types),
        identify=lambda register, url: _served(deployment, deployment.registers[register].identify(url)),
        count=deployment.count,
    )


def _served(deployment: Deployment, found: tuple[str, str] | None) -> tuple[str, str] | None:
    """(the collection, the uuid under which it is served) of a record that a register names by its own."""
    aliases = deployment.aliases
    if found is None or aliases is None or not aliases.there_are_any():
        return found
    return found[0], aliases.served([found[1]])[found[1]]
