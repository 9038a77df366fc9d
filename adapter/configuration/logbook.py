"""The settings of the log of processing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

REFUSE, LOG = "refuse", "log"


@dataclass(frozen=True, slots=True)
class LogbookSettings:
    """The settings of the log of processing.

    endpoint: the whole URL to which records are sent.
    key: that of the pseudonyms. headers: for the logbook, with its credentials.
    activities: operationId, or a pattern with `*`, → the URI of the activity in the register of processing.
    reads, writes: REFUSE answers a request only when its records are confirmed; LOG sends them afterwards.
    parties: the name of a token → the URI of the other organisation that uses it.
    """

    endpoint: str
    key: str = field(repr=False)
    activities: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    reads: str = LOG
    writes: str = REFUSE
    timeout: float = 3.0
    parties: Mapping[str, str] = field(default_factory=dict)
    ca_certificate: str = ""
    client_certificate: str = ""
    client_key: str = ""

    def activity(self, operation: str) -> str:
        """The activity of an operation; "" when none is configured for it."""
        if operation in self.activities:
            return self.activities[operation]
        found = (uri for pattern, uri in self.activities.items() if fnmatchcase(operation, pattern))
        return next(found, "")
