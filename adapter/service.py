"""What stands between the HTTP face and the registers.

The face knows the specification and nothing of registers; whatever implements `Service` knows registers and
nothing of HTTP. Resources are named by the first segment of their path (`klantcontacten`,
`maak-klantcontact`), representations are plain dicts in the shape of the specification, complete with `url`.
Methods are called from worker threads, several at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, Protocol

from adapter.openapi.checked import Checked

Representation = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list's query parameters, parsed and validated.

    `filters` holds only parameters that were given with a value: str (uuids in canonical form), bool, int,
    and dates and instants as ISO text (instants in UTC with Z).
    """

    filters: Mapping[str, Any] = field(default_factory=dict)
    expand: tuple[str, ...] = ()
    page: int | Literal["last"] = 1
    page_size: int = 100


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: `count` is that of the whole list, `page` the number of this one."""

    count: int
    results: list[Representation]
    page: int = 1


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """The client's key of a POST, and a digest of what it sent: both only to be compared."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as far as the layers below may depend on it."""

    name: str = ""
    legacy_fields: bool = True
    idempotency: IdempotencyKey | None = None


class Service(Protocol):
    """Reads and writes resources.

    Any method may raise an `adapter.errors.AdapterError`. Writes get the validator's value and its problems:
    they add those of field rules, references and uniqueness and raise `Invalid` with all of them, before
    anything is written.
    """

    def body_options(self, resource: str) -> Mapping[str, Mapping[str, Any]]:
        """What the specification does not say about a body, per dotted path; see `openapi.bodies`."""

    def looked_into(self, resource: str, filters: Collection[str], expand: Collection[str]) -> frozenset[str]:
        """The other resources that a read shows values of (`expand`) or asks for (names of `filters`)."""

    def list(self, resource: str, query: ListQuery, caller: Caller) -> Page:
        """A page; `NotFound("Ongeldige pagina.")` past the end."""

    def retrieve(
        self,
        resource: str,
        uuid: str,
        expand: tuple[str, ...],
        caller: Caller,
        filters: Mapping[str, Any] = MappingProxyType({}),
    ) -> Representation:
        """One resource; `NotFound` when there is none, or the filters mean another."""

    def create(self, resource: str, checked: Checked, caller: Caller) -> Representation:
        """The resource as made."""

    def update(
        self, resource: str, uuid: str, checked: Checked, partial: bool, caller: Caller
    ) -> Representation:
        """The resource as it is after the change; `NotFound` comes before `Invalid`."""

    def destroy(
        self, resource: str, uuid: str, parameters: Mapping[str, Any], caller: Caller
    ) -> Representation | None:
        """Removes the resource; an answer, if the operation has one, is its body."""
