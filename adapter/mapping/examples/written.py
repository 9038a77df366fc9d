"""An example as its mapping file has it, ready to be run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.mapping.codecs import Links
from adapter.mapping.model import Place

Values = dict[str, Any]

FILLED = "fill"
"""The name in a group that stands for a value that fills a field, whatever it is this time."""


@dataclass(frozen=True, slots=True)
class Example:
    """`write` None is an example of reading: `register` is served as `served`.

    With `write` it is one of writing: `register` and `aanvulling` are what comes of it, and `before` is what
    stood there (None for a new resource). An item of a list of plain values is such a value in `register`.
    """

    name: str
    home: str
    register: Any
    aanvulling: Values
    served: Values | None
    write: Values | None
    before: Values | None
    beside: Values | None
    known: Values = field(default_factory=dict)


def example(node: Mapping[str, Any], first_home: str) -> Example:
    """The example of one item under `examples`, with repeated texts written out."""
    parts = {name: spelled(value) for name, value in node.items()}
    return Example(
        name=parts["name"],
        home=parts.get("home", first_home),
        register=parts.get("register", {}),
        aanvulling=parts.get("aanvulling") or {},
        served=parts.get("served"),
        write=parts.get("write"),
        before=parts.get("before"),
        beside=parts.get("beside"),
        known=parts.get("known") or {},
    )


def spelled(node: Any) -> Any:
    """The value with every `{repeat: text, times: number, then: text}` in it written out."""
    if isinstance(node, Mapping):
        if "repeat" in node:
            return node["repeat"] * node["times"] + node.get("then", "")
        return {name: spelled(each) for name, each in node.items()}
    return [spelled(each) for each in node] if isinstance(node, list) else node


class ExampleLinks(Links):
    """How records are referred to in examples: `https://REGISTER.example/COLLECTION/UUID`."""

    def url(self, place: Place, uuid: str) -> str:
        """The URL of a record."""
        return f"{_base(place)}{uuid}"

    def urls(self, place: Place, uuid: str) -> tuple[str, ...]:
        """The only URL of a record."""
        return (self.url(place, uuid),)

    def uuid(self, place: Place, url: str) -> str | None:
        """The uuid of the record of that collection that a URL names."""
        return url.removeprefix(_base(place)) if url.startswith(_base(place)) else None


def _base(place: Place) -> str:
    return f"https://{place.register}.example/{place.collection}/"
