"""What a rule looks at: a write as far as it is known before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from adapter.mapping.paths import Path


class Change(Protocol):
    """A create or a change of one resource, which may come nested in the body of another."""

    @property
    def uuid(self) -> str:
        """The uuid of the resource."""

    @property
    def body(self) -> Mapping[str, Any]:
        """What the client sent, valid member by member."""

    @property
    def intended(self) -> Mapping[str, Any]:
        """The values that the resource will have, by member."""

    @property
    def before(self) -> object | None:
        """The resource as it is; None of a create."""

    @property
    def partial(self) -> bool:
        """Whether members that were not sent stay as they are (PATCH)."""

    @property
    def nested(self) -> bool:
        """Whether it comes in the body of another resource."""

    def changed(self, path: Path) -> bool:
        """Whether the value at a path is another than it was; of a create it always is."""


def link(value: Any) -> str | None:
    """The uuid of what a served reference `{"uuid": ...}` names; None of any other value."""
    uuid = value.get("uuid") if isinstance(value, dict) else None
    return uuid if isinstance(uuid, str) else None
