"""The URLs of a register's records, under every base URL that the register has."""

import re
from collections.abc import Sequence
from functools import lru_cache

from adapter.mapping.references import UUID

_USUAL_PORTS = {"http": ":80", "https": ":443"}
# The URL of one record occurs many times in a page, so the last results are cached.
REMEMBERED = 4096


class Addresses:
    """Builds and parses URLs of records.

    `aliases` are the base URLs under which other records may refer to these; new URLs begin with the first.
    """

    def __init__(self, aliases: Sequence[str]) -> None:
        self._aliases = tuple(aliases)
        self._own = re.compile(rf"(?:{'|'.join(map(_pattern, aliases))})([\w-]+)/({UUID})")
        self._identified = lru_cache(REMEMBERED)(self._identify)

    def url(self, collection: str, uuid: str) -> str:
        """The URL by which new references name a record."""
        return f"{self._aliases[0]}{collection}/{uuid}"

    def urls(self, collection: str, uuid: str) -> tuple[str, ...]:
        """Every URL by which a reference may name a record; `url` is the first."""
        return tuple(f"{alias}{collection}/{uuid}" for alias in self._aliases)

    def identify(self, url: str) -> tuple[str, str] | None:
        """("klanten", uuid in lower case) for the URL of a record under any alias; None for other text."""
        return self._identified(url)

    def _identify(self, url: str) -> tuple[str, str] | None:
        found = self._own.fullmatch(url)
        return (found[1], found[2].lower()) if found else None


def _pattern(base: str) -> str:
    """A pattern for a base URL and its equivalents (RFC 3986, section 6.2): case of host, default port."""
    scheme, _, rest = base.partition("://")
    host, slash, path = rest.partition("/")
    # the default port of the scheme may be there or not
    usual = _USUAL_PORTS.get(scheme.lower(), "")
    port = f"(?:{usual})?" if host.endswith(usual) or ":" not in host else ""
    return f"(?i:{re.escape(f'{scheme}://{host.removesuffix(usual)}')}{port}){re.escape(slash + path)}"
