"""The parts of notifications that a deployment has, from its configuration."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, Protocol

from adapter.configuration import NOTIFICATIONS, Configuration
from adapter.mapping.model import Mappings
from adapter.notifications.channels import Channel
from adapter.notifications.messages import Publishing
from adapter.notifications.publisher import Publisher
from adapter.registers.client import Register
from adapter.state.errors import StateUnavailable
from adapter.state.opening import State


def publishing(configuration: Configuration) -> Publishing | None:
    """How subscribers are told; None where no Notificaties API is configured."""
    if NOTIFICATIONS not in configuration.registers:
        return None
    chosen = configuration.notifications
    return Publishing(configuration.public_url, chosen.source, chosen.texts, chosen.cloud_events)


def channels(mappings: Mappings) -> list[Channel]:
    """The channels of the resources that are published."""
    told = [each.publishes for each in mappings.resources.values() if each.publishes is not None]
    return [Channel(each.channel, each.filters) for each in told]


class Publishes(Protocol):
    """What is needed of a deployment; see `adapter.engine.deployment.Deployment`."""

    @property
    def publishing(self) -> Publishing | None: ...
    @property
    def state(self) -> State: ...
    def count(self, what: str) -> None: ...


def start_publisher(
    configuration: Configuration, deployment: Publishes, registers: Mapping[str, Register], closing: ExitStack
) -> None:
    """Start to deliver messages where somebody is told; `closing` ends it."""
    if (how := deployment.publishing) is None:
        return
    outbox, keep = deployment.state.outbox, configuration.notifications.keep
    found = Publisher(outbox, registers[NOTIFICATIONS], deployment.count, keep=keep, news=how.news)
    closing.callback(found.close)
    found.start()


def backlog(state: State) -> Mapping[str, Any]:
    """How many messages wait, and for how many seconds the oldest has; empty while the state is away."""
    try:
        number, oldest = state.outbox.backlog()
    except StateUnavailable:
        return {}
    return {"waiting": number, "seconds": round(max(0.0, time.time() - oldest)) if number else 0}
