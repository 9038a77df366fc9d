"""What the parts of a write ask of each other: one part's consequences are writes again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from adapter.engine.entities.draft import Draft
from adapter.engine.entities.entry import Entry
from adapter.engine.placement.store import Store
from adapter.engine.read.repository import Repository
from adapter.engine.unit_of_work import UnitOfWork
from adapter.engine.validate.checks import Checks
from adapter.mapping.model import Resource

Body = Mapping[str, Any]


class Told(Protocol):
    """What a request tells subscribers, as those see it that make news; see `news`."""

    def made(self, resource: Resource, uuid: str) -> None:
        """A resource was made."""

    def ends(self, entry: Entry) -> None:
        """A resource is going to be deleted, for whatever reason."""


class Writes(Protocol):
    """The writes of one request, as those see them that are part of it; `Commands` is where they meet."""

    unit: UnitOfWork
    repository: Repository
    checks: Checks
    store: Store

    @property
    def news(self) -> Told:
        """What the request tells subscribers."""

    def existing(self, resource: Resource, uuid: str) -> Entry:
        """A resource that is to be written. Raises NotFound or Forbidden."""

    def draft(self, resource: Resource, body: Body, given: frozenset[str] = frozenset()) -> Draft:
        """A resource to be made; `given` are references that the same write will make exist."""

    def changing(self, entry: Entry, body: Body, *, partial: bool = True) -> Draft:
        """A resource to be changed."""

    def make(self, draft: Draft) -> str:
        """Store a new resource and do all that follows; its uuid."""

    def change(self, draft: Draft) -> None:
        """Store a changed resource and do all that follows."""

    def undoing(self) -> AbstractContextManager[dict[str, str | None]]:
        """What is written within this is finished at the end, or all taken back when anything fails."""
