"""What the token for an Objects API may not do with the objecttypes that KlantBrug needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from adapter.errors import RegisterAnswer
from adapter.registers.messages import Answer, Parameters

PERMISSIONS, OBJECTS = "permissions", "objects"
PAGE = 500
NEVER_A_VERSION = 32_767
Lack = Literal["read", "change"]


class Needed(Protocol):
    """An objecttype that is read, and perhaps written."""

    @property
    def name(self) -> str: ...
    @property
    def uuid(self) -> str: ...
    @property
    def url(self) -> str: ...


class Objects(Protocol):
    """What is asked of the Objects API's client."""

    name: str

    def call(self, method: str, path: str, *, params: Parameters = (), json: Any = None) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Lacking:
    """What the token may not do: `read` objects of a type, or `change` them."""

    lacks: Mapping[str, Lack]

    def unreadable(self, name: str) -> bool:
        """Whether objects of this type are left out of what the Objects API answers."""
        return self.lacks.get(name) == "read"

    @property
    def told(self) -> tuple[str, ...]:
        """One line for each objecttype."""
        return tuple(f"may not {lack} objects of type {name}" for name, lack in sorted(self.lacks.items()))


def lacking(objects: Objects, read: Iterable[Needed], changed: Iterable[str]) -> Lacking:
    """What is lacking to read objects of these types, and to change those with the names `changed`.

    An Objects API that cannot tell gives the token the benefit of the doubt. Raises whatever
    `Register.call` raises.
    """
    modes = _modes(objects)
    if modes is None:
        return Lacking({})
    writes = frozenset(changed)
    found: dict[str, Lack] = {}
    for each in read:
        mode = modes.get(each.uuid)
        if mode is None and not _may_everything(objects, each):
            found[each.name] = "read"
        elif mode == "read_only" and each.name in writes:
            found[each.name] = "change"
    return Lacking(found)


def _modes(objects: Objects) -> dict[str, str] | None:
    """uuid of an objecttype → what is permitted; None when the Objects API does not tell."""
    modes: dict[str, str] = {}
    number, more = 1, True
    while more:
        paging = [("pageSize", str(PAGE)), ("page", str(number))]
        try:
            answer = objects.call("GET", PERMISSIONS, params=paging)
        except RegisterAnswer:
            return None  # a page for people, as for any path that it does not know
        try:
            modes.update({_uuid(row["type"]): str(row["mode"]) for row in answer.body["results"]})
            more, number = bool(answer.body.get("next")), number + 1
        except (KeyError, TypeError, AttributeError):
            raise RegisterAnswer(objects.name) from None
    return modes


def _uuid(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def _may_everything(objects: Objects, of: Needed) -> bool:
    """Whether it is the token of a superuser, of which no permissions are listed.

    Asked by a create that every Objects API refuses: of a version that there is not, which is looked at
    after the permission.
    """
    record = {"typeVersion": NEVER_A_VERSION, "startAt": "2000-01-01", "data": {}}
    answer = objects.call("POST", OBJECTS, json={"type": of.url, "record": record})
    if answer.status not in (400, 403):
        raise RegisterAnswer(objects.name)
    return answer.status == 400
