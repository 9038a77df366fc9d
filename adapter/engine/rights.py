"""Whether the token for the Objects API may read what an answer is made of.

The Objects API leaves objects that a token may not read out of its answers, and does not say so. So the
rights of the token are read (`GET /permissions`), and a question that an unreadable objecttype is part of is
refused.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from adapter.errors import NotPermitted
from adapter.logs import logger
from adapter.registers.permissions import OBJECTS, Lacking

REFRESH_SECONDS = 60.0
COME_BACK = 60

log = logger("klantbrug.registers")


class Rights:
    """The rights that the token lacked when they were last read; safe to share between threads."""

    def __init__(self, ask: Callable[[], Lacking] = lambda: Lacking({})) -> None:
        self._ask = ask
        self._lacking: Lacking | None = None
        self.hidden: frozenset[str] | None = None
        """The names of the objecttypes that may not be read; None as long as that is not known."""
        self._asking = threading.Lock()

    def refresh(self) -> Lacking:
        """Read the rights again; a change of what is lacking is logged."""
        found = self._ask()
        if found != self.known:
            log.warning("objects_rights", lacking=list(found.sentences))
        self._lacking = found
        self.hidden = frozenset(filter(found.unreadable, found.lacks))
        return found

    @property
    def known(self) -> Lacking:
        """The rights that are known to be lacking; calls no register."""
        return self._lacking or Lacking({})

    @property
    def lacking(self) -> Lacking:
        """The rights that are lacking; they are read when they are not known yet."""
        if self._lacking is None:
            with self._asking:
                return self._lacking or self.refresh()
        return self._lacking

    def need(self, object_type: str) -> None:
        """Raise NotPermitted when the token may not read all objects of this type."""
        if self.lacking.unreadable(object_type):
            raise NotPermitted(OBJECTS, COME_BACK)

    def need_all(self) -> None:
        """Raise NotPermitted when the token may not read all objects of every type."""
        if any(map(self.lacking.unreadable, self.lacking.lacks)):
            raise NotPermitted(OBJECTS, COME_BACK)
