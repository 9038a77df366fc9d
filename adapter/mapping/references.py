"""How a record is named in another: by a URL, in whatever spelling.

What names the record is the path of the URL. A slash too many, capitals where they mean nothing, a query or a
fragment do not name another one.
"""

import re
from functools import lru_cache

UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"

_AT_END = re.compile(rf".*?({UUID})", re.DOTALL)
_SLASHES = re.compile(r"(?<!:)//+")
# A page names each of its records many times.
_REMEMBERED = 4096


@lru_cache(_REMEMBERED)
def plain(url: str) -> str:
    """A URL without what does not count in a name: outer spaces, slashes too many, a query, a fragment."""
    path = re.split(r"[?#]", url.strip(), maxsplit=1)[0]
    return _SLASHES.sub("/", path).rstrip("/")


@lru_cache(_REMEMBERED)
def uuid_at_end(url: str) -> str | None:
    """The uuid (lower case) that the path of a URL ends in, wherever that points; else None."""
    found = _AT_END.fullmatch(plain(url))
    return found[1].lower() if found else None


@lru_cache(_REMEMBERED)
def spellings(url: str) -> tuple[str, ...]:
    """The plain URL of a record, then the other ways in which clients are known to write it.

    They are for a search that asks for texts as they stand; one that can ask for a part of a text needs none.
    """
    head, _, uuid = url.rpartition("/")
    base, _, collection = head.rpartition("/")
    scheme, separator, rest = url.partition("://")
    capitals = f"{head}/{uuid.upper()}"
    others = [capitals, f"{url}/", f"{capitals}/", f"{base}//{collection}/{uuid}"]
    return tuple(dict.fromkeys([url, *others, f"{scheme.upper()}{separator}{rest}"]))
