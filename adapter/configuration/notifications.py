"""The settings of notifications."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotificationSettings:
    """How subscribers are told.

    source: what messages say that they come from; "" says nothing. texts: whether free text is told.
    cloud_events: whether links to a zaak are told. keep: the seconds after which a message is given up.
    """

    source: str = ""
    texts: bool = False
    cloud_events: bool = False
    keep: float = 604_800.0
