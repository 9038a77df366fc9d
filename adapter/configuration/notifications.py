"""The settings of notifications."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class ReceivingSettings:
    """How notifications of the registers come in: the URL to which they are sent, what they show there."""

    url: str
    authorization: str = field(repr=False)

    @property
    def path(self) -> str:
        """The path of the URL: `/notificaties`."""
        return urlsplit(self.url).path


@dataclass(frozen=True, slots=True)
class NotificationSettings:
    """How subscribers are told.

    source: what messages say that they come from; "" says nothing. texts: whether free text is told.
    cloud_events: whether links to a zaak are told. keep: the seconds after which a message is given up.
    receive: how notifications of the registers come in; None when they do not.
    """

    source: str = ""
    texts: bool = False
    cloud_events: bool = False
    keep: float = 604_800.0
    receive: ReceivingSettings | None = None
