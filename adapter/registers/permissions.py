"""The permissions that the token for an Objects API lacks for the objecttypes that KlantBrug uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from adapter.errors import RegisterAnswer
from adapter.registers.messages import Answer, Parameters

PERMISSIONS, OBJECTS = "permissions", "objects"
PAGE = 500
# The largest number that the Objects API accepts as a version; no objecttype has so many.
NEVER_A_VERSION = 32_767
Lack = Literal["read", "change"]


class Needed(Protocol):
    """An objecttype of which KlantBrug reads, and perhaps writes, objects."""

    @property
    def name(self) -> str: ...
    @property
    def uuid(self) -> str: ...
    @property
    def url(self) -> str: ...


class Objects(Protocol):
    """The part of the client of an Objects API that is used here."""

    name: str

    def call(self, method: str, path: str, *, params: Parameters = (), json: Any = None) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Lacking:
    """The missing permission by the name of an objecttype: to `read` its objects, or to `change` them."""

    lacks: Mapping[str, Lack]

    def unreadable(self, name: str) -> bool:
        """Whether the Objects API leaves objects of this type out of its answers."""
        return self.lacks.get(name) == "read"

    @property
    def sentences(self) -> tuple[str, ...]:
        """A sentence for each objecttype: `may not read objects of type Actor`."""
        return tuple(f"may not {lack} objects of type {name}" for name, lack in sorted(self.lacks.items()))


def lacking(objects: Objects, read: Iterable[Needed], changed: Iterable[str]) -> Lacking:
    """The permissions that are missing to read objects of the types `read` and change those of `changed`.

    An older Objects API has no list of permissions: then none count as missing. Raises what `Register.call`
    raises.
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
    """The mode (`read_only`, `read_and_write`) by uuid of the objecttype; None without such a list."""
    modes: dict[str, str] = {}
    number, more = 1, True
    while more:
        paging = [("pageSize", str(PAGE)), ("page", str(number))]
        try:
            answer = objects.call("GET", PERMISSIONS, params=paging)
        except RegisterAnswer:
            return None  # an older Objects API answers an HTML page, as for any path that it does not know
        try:
            modes.update({_uuid(row["type"]): str(row["mode"]) for row in answer.body["results"]})
            more, number = bool(answer.body.get("next")), number + 1
        except (KeyError, TypeError, AttributeError):
            raise RegisterAnswer(objects.name) from None
    return modes


def _uuid(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def _may_everything(objects: Objects, of: Needed) -> bool:
    """Whether the token is a superuser's, which may do everything and has no list of permissions.

    Found out by a create that must fail: with 403 for want of permission, or else with 400 because the
    version of the objecttype does not exist.
    """
    record = {"typeVersion": NEVER_A_VERSION, "startAt": "2000-01-01", "data": {}}
    answer = objects.call("POST", OBJECTS, json={"type": of.url, "record": record})
    if answer.status not in (400, 403):
        raise RegisterAnswer(objects.name)
    return answer.status == 400
