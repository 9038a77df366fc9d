"""Whether the token for the Objects API may read what an answer is made of.

A search leaves out what the token may not read, and says nothing of it: who does not ask for the rights takes
a part for the whole.
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
    """What the token lacks, as it was when last asked; safe to share between threads."""

    def __init__(self, ask: Callable[[], Lacking] = lambda: Lacking({})) -> None:
        self._ask = ask
        self._lacking: Lacking | None = None
        self.hidden: frozenset[str] | None = None
        """The names of the objecttypes that may not be read; None as long as that is not known."""
        self._asking = threading.Lock()

    def refresh(self) -> Lacking:
        """Ask again; what is lacking is logged when it changes."""
        found = self._ask()
        if found != self.known:
            log.warning("objects_rights", lacking=list(found.told))
        self._lacking = found
        self.hidden = frozenset(filter(found.unreadable, found.lacks))
        return found

    @property
    def known(self) -> Lacking:
        """What is known to be lacking; asks nothing."""
        return self._lacking or Lacking({})

    @property
    def lacking(self) -> Lacking:
        """What is lacking; asked only when that is not known yet."""
        if self._lacking is None:
            with self._asking:
                return self._lacking or self.refresh()
        return self._lacking

    def need(self, object_type: str) -> None:
        """Raise NotPermitted when objects of this type may be there that nobody sees."""
        if self.lacking.unreadable(object_type):
            raise NotPermitted(OBJECTS, COME_BACK)

    def need_all(self) -> None:
        """The same, when it may be any type."""
        if any(map(self.lacking.unreadable, self.lacking.lacks)):
            raise NotPermitted(OBJECTS, COME_BACK)
