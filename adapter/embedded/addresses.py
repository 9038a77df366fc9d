"""The URLs of records: building them, and finding the collection and uuid in one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from adapter.embedded.dialect import Description


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a URL; `collection` is None when its path is not one of these registers."""

    origin: str
    collection: str | None
    uuid: str | None


class Addresses:
    """Builds and parses the URLs of an application, by the paths of its collections.

    `bases` are the URLs below which it may be, where those have a path (`https://host/openklant`).
    """

    def __init__(self, descriptions: Iterable[Description], bases: Iterable[str] = ()) -> None:
        self._prefixes = {urlsplit(each).path.rstrip("/") for each in bases} | {""}
        self._paths = {each.path: each.name for each in descriptions}
        paths = "|".join(re.escape(path) for path in self._paths)
        self._pattern = re.compile(f"({paths})(?:/([^/]+))?")
        self._path_of = {name: path for path, name in self._paths.items()}

    def read(self, url: str) -> Address:
        """The parts of a URL; any text may be given."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return Address("", None, None)
        prefixes = [each for each in self._prefixes if parts.path.startswith(each)]
        prefix = max(prefixes, key=len)
        found = self._pattern.fullmatch(parts.path[len(prefix) :])
        origin = f"{parts.scheme}://{parts.netloc}{prefix}"
        return Address(origin, self._paths[found[1]], found[2]) if found else Address(origin, None, None)

    def write(self, origin: str, collection: str, uuid: str) -> str:
        """The URL of a record for a client that uses this origin (`https://host`)."""
        return f"{origin}{self._path_of[collection]}/{uuid}"
