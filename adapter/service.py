"""The interface between the HTTP face and the engine.

The HTTP face knows the specification and no registers; the engine, which implements `Service`, knows
registers and no HTTP. A resource is named by the first segment of its path (`klantcontacten`,
`maak-klantcontact`). A representation is a dict in the shape of the specification, with its `url`. Methods
are called from several worker threads at a time.
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
    """The valid query parameters of a list.

    `filters` are those with a value, by name: str, bool, int, uuids in canonical form, dates (`2025-03-03`)
    and date-times in UTC (`2025-03-03T09:30:00Z`) as text.
    """

    filters: Mapping[str, Any] = field(default_factory=dict)
    expand: tuple[str, ...] = ()
    page: int | Literal["last"] = 1
    page_size: int = 100


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. `count` is the number of results of the whole list, `page` that of this page."""

    count: int
    results: list[Representation]
    page: int = 1


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """The `Idempotency-Key` of a POST; `fingerprint` is a digest of its path and body."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller of an operation.

    `name` is that of its token; `legacy_fields` is whether its answers have the members that the mappings
    mark as legacy. `base` is the public URL under which it asked, with which links in the answer begin; empty
    for the first of the deployment. `changing` is how long it may change what closes (`altijd`, `nooit` or a
    duration); empty as the setting says. `settings` are those of which it has a value of its own, and
    `settle` its own of how long a contact that it records waits for more; None as the deployment says.
    """

    name: str = ""
    legacy_fields: bool = True
    idempotency: IdempotencyKey | None = None
    base: str = ""
    changing: str = ""
    settings: Mapping[str, Any] = MappingProxyType({})
    settle: float | None = None


class Service(Protocol):
    """Reads and writes resources.

    Any method may raise an `adapter.errors.AdapterError`. `create` and `update` get the valid members of a
    body with the problems of the others; they add the problems of rules, references and uniqueness, and raise
    `Invalid` with all of them before anything is written.
    """

    def body_options(self, resource: str) -> Mapping[str, Mapping[str, Any]]:
        """The options for validating a body of this resource, per dotted path; see `openapi.bodies`."""

    def looked_into(self, resource: str, filters: Collection[str], expand: Collection[str]) -> frozenset[str]:
        """The other resources of which these names of filters and paths of `expand` reveal values."""

    def list(self, resource: str, query: ListQuery, caller: Caller) -> Page:
        """A page. Raises `NotFound("Ongeldige pagina.")` when there is no such page."""

    def retrieve(
        self,
        resource: str,
        uuid: str,
        expand: tuple[str, ...],
        caller: Caller,
        filters: Mapping[str, Any] = MappingProxyType({}),
    ) -> Representation:
        """One resource. Raises `NotFound` when it does not exist, or the filters exclude it."""

    def create(self, resource: str, checked: Checked, caller: Caller) -> Representation:
        """Create a resource; returns it as it can now be read."""

    def update(
        self, resource: str, uuid: str, checked: Checked, partial: bool, caller: Caller
    ) -> Representation:
        """Change a resource; returns it as it can now be read. Raises `NotFound` rather than `Invalid`."""

    def destroy(
        self, resource: str, uuid: str, parameters: Mapping[str, Any], caller: Caller
    ) -> Representation | None:
        """Delete a resource; returns the body of the answer where the operation has one."""
