"""The start of the log of processing, which loads it for those who have a logbook."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext

from adapter.configuration.logbook import LogbookSettings
from adapter.service import Caller, Service

Action = Callable[[Caller], AbstractContextManager[None]]
"""Logs what is done in its context as one operation."""


def logged(
    service: Service, settings: LogbookSettings | None, base_url: str, closing: ExitStack
) -> tuple[Service, Action]:
    """The service with its operations logged, and what logs others; itself and nothing without settings.

    `closing` ends the log.
    """
    if settings is None:
        return service, lambda _: nullcontext()
    from adapter.logbook.logged import Logged  # noqa: PLC0415  (a deployment without a logbook needs none)

    found = Logged(service, settings, base_url)
    closing.callback(found.close)
    return found, found.action
