"""The URLs of records: which record of which collection a URL means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from adapter.embedded.dialect import Description


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart. `collection` is None when the path is none of these registers'."""

    origin: str
    collection: str | None
    uuid: str | None


class Addresses:
    """Knows the paths of all collections of an application."""

    def __init__(self, descriptions: Iterable[Description]) -> None:
        self._paths = {each.path: each.name for each in descriptions}
        paths = "|".join(re.escape(path) for path in self._paths)
        self._pattern = re.compile(f"({paths})(?:/([^/]+))?")
        self._path_of = {name: path for path, name in self._paths.items()}

    def read(self, url: str) -> Address:
        """Take a URL apart; anything may be given."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return Address("", None, None)
        found = self._pattern.fullmatch(parts.path)
        origin = f"{parts.scheme}://{parts.netloc}"
        return Address(origin, self._paths[found[1]], found[2]) if found else Address(origin, None, None)

    def write(self, origin: str, collection: str, uuid: str) -> str:
        """The URL of a record, as a client at this origin sees it."""
        return f"{origin}{self._path_of[collection]}/{uuid}"
