"""How a record is named in another: by a URL, in whatever spelling.

What names the record is the path of the URL. A slash too many, capitals where they mean nothing, a query or a
fragment do not name another one.
"""

import re
from functools import lru_cache

UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"

_UUID = re.compile(UUID)
_LENGTH = 36
_SLASHES = re.compile(r"(?<!:)//+")
# A page names each of its records many times.
_REMEMBERED = 4096


@lru_cache(_REMEMBERED)
def plain(url: str) -> str:
    """A URL without what does not count in a name: outer spaces, slashes too many, a query, a fragment."""
    path = url.strip()
    if "?" in path or "#" in path:
        path = re.split(r"[?#]", path, maxsplit=1)[0]
    # most have no slashes but those after the scheme
    if "///" in path or path.count("//") > ("://" in path):
        path = _SLASHES.sub("/", path)
    return path.rstrip("/")


@lru_cache(_REMEMBERED)
def uuid_at_end(url: str) -> str | None:
    """The uuid (lower case) that the path of a URL ends in, wherever that points; else None."""
    found = _UUID.fullmatch(plain(url)[-_LENGTH:])
    return found[0].lower() if found else None


@lru_cache(_REMEMBERED)
def spellings(url: str) -> tuple[str, ...]:
    """The plain URL of a record, then the other ways in which clients are known to write it.

    They are for a search that asks for texts as they stand; one that can ask for a part of a text needs none.
    """
    head, _, uuid = url.rpartition("/")
    doubled, shouted = _other_heads(head)
    capitals = f"{head}/{uuid.upper()}"
    found = (url, capitals, f"{url}/", f"{capitals}/", f"{doubled}/{uuid}", f"{shouted}/{uuid}")
    return found if capitals != url and shouted != head else tuple(dict.fromkeys(found))


@lru_cache(_REMEMBERED)
def _other_heads(head: str) -> tuple[str, str]:
    """What stands before the uuid with one slash too many, and with the scheme in capitals."""
    base, _, collection = head.rpartition("/")
    scheme, separator, rest = head.partition("://")
    return f"{base}//{collection}", f"{scheme.upper()}{separator}{rest}"
