"""The URLs of a register's records, under all names that the register has."""

import re
from collections.abc import Sequence
from functools import lru_cache

from adapter.mapping.references import UUID

_USUAL_PORTS = {"http": ":80", "https": ":443"}
# A page names each of its records many times.
REMEMBERED = 4096


class Addresses:
    """Builds and reads URLs; `aliases` are the base URLs, the first is the one that is written."""

    def __init__(self, aliases: Sequence[str]) -> None:
        self._aliases = tuple(aliases)
        self._own = re.compile(rf"(?:{'|'.join(map(_pattern, aliases))})([\w-]+)/({UUID})")
        self._identified = lru_cache(REMEMBERED)(self._identify)

    def url(self, collection: str, uuid: str) -> str:
        """The URL under which a record is written into other records."""
        return f"{self._aliases[0]}{collection}/{uuid}"

    def urls(self, collection: str, uuid: str) -> tuple[str, ...]:
        """Every URL under which other records may name this one; the first is the one that is written."""
        return tuple(f"{alias}{collection}/{uuid}" for alias in self._aliases)

    def identify(self, url: str) -> tuple[str, str] | None:
        """Collection and uuid (lower case) of a URL under any of the aliases; None for any other text."""
        return self._identified(url)

    def _identify(self, url: str) -> tuple[str, str] | None:
        found = self._own.fullmatch(url)
        return (found[1], found[2].lower()) if found else None


def _pattern(base: str) -> str:
    scheme, _, rest = base.partition("://")
    host, slash, path = rest.partition("/")
    # the port that a scheme has anyhow may be named
    usual = _USUAL_PORTS.get(scheme.lower(), "")
    port = f"(?:{usual})?" if host.endswith(usual) or ":" not in host else ""
    return f"(?i:{re.escape(f'{scheme}://{host.removesuffix(usual)}')}{port}){re.escape(slash + path)}"
