"""The start of the log of processing, which loads it for those who have a logbook."""

from __future__ import annotations

from contextlib import ExitStack

from adapter.configuration.logbook import LogbookSettings
from adapter.service import Service


def logged(service: Service, settings: LogbookSettings | None, base_url: str, closing: ExitStack) -> Service:
    """The service with its operations logged; itself without settings. `closing` ends the log."""
    if settings is None:
        return service
    from adapter.logbook.logged import Logged  # noqa: PLC0415  (a deployment without a logbook needs none)

    found = Logged(service, settings, base_url)
    closing.callback(found.close)
    return found
