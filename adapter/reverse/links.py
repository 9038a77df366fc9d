"""How records are referred to by URL: below the bases of their registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapter.mapping.references import uuid_at_end


class Bases:
    """The base URLs of each register, as `https://brug.example/klanten/api/v1/`; the first is written."""

    def __init__(self, bases: Mapping[str, Sequence[str]]) -> None:
        self._bases = {name: [_with_slash(each) for each in urls] for name, urls in bases.items()}

    def url(self, collection: str, uuid: str) -> str:
        """The URL that is written for a record; a collection is `register/collection`."""
        register, _, name = collection.partition("/")
        return f"{self._bases[register][0]}{name}/{uuid}"

    def uuid(self, collection: str, url: str) -> str | None:
        """The uuid of the record that a URL names, under any base of its register; else None."""
        register, _, name = collection.partition("/")
        for base in self._bases.get(register, ()):
            rest = url.removeprefix(f"{base}{name}/")
            if rest != url and uuid_at_end(f"/{rest}") == rest:
                return rest
        return None


def _with_slash(base: str) -> str:
    return base if base.endswith("/") else f"{base}/"
