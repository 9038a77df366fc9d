"""A service that keeps what it is given in memory, for tests of the HTTP face."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from adapter.errors import Invalid, NotFound
from adapter.openapi.checked import Checked
from adapter.service import Caller, ListQuery, Page

BASE = "https://brug.example/klantinteracties/api/v1"


class MemoryService:
    """Answers with what was written, and remembers the calls."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.records: dict[str, dict[str, dict[str, Any]]] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.failure: Exception | None = None

    def body_options(self, resource: str) -> Mapping[str, Mapping[str, Any]]:
        return {}

    def looked_into(self, resource: str, filters: Collection[str], expand: Collection[str]) -> frozenset[str]:
        return frozenset()

    def list(self, resource: str, query: ListQuery, caller: Caller) -> Page:
        self._called("list", resource, query, caller)
        records = list(reversed(self.records.get(resource, {}).values()))
        size = query.page_size
        last = max(1, -(-len(records) // size))
        number = last if query.page == "last" else query.page
        if number > last:
            raise NotFound("Ongeldige pagina.")
        return Page(len(records), records[(number - 1) * size : number * size], number)

    def retrieve(
        self,
        resource: str,
        uuid: str,
        expand: tuple[str, ...],
        caller: Caller,
        filters: Mapping[str, Any] = MappingProxyType({}),
    ) -> dict[str, Any]:
        self._called("retrieve", resource, uuid, expand, caller)
        return self._record(resource, uuid)

    def create(self, resource: str, checked: Checked, caller: Caller) -> dict[str, Any]:
        self._called("create", resource, checked, caller)
        if checked.problems:
            raise Invalid(checked.problems)
        if resource == "maak-klantcontact":
            return dict(checked.value)
        uuid = str(uuid4())
        record = {"uuid": uuid, "url": f"{BASE}/{resource}/{uuid}", **checked.value}
        self.records.setdefault(resource, {})[uuid] = record
        return record

    def update(
        self, resource: str, uuid: str, checked: Checked, partial: bool, caller: Caller
    ) -> dict[str, Any]:
        self._called("update", resource, uuid, checked, partial, caller)
        record = self._record(resource, uuid)
        if checked.problems:
            raise Invalid(checked.problems)
        record |= checked.value
        return record

    def destroy(
        self, resource: str, uuid: str, parameters: Mapping[str, Any], caller: Caller
    ) -> dict[str, Any] | None:
        self._called("destroy", resource, uuid, dict(parameters), caller)
        self._record(resource, uuid)
        del self.records[resource][uuid]
        return {"behouden": []} if parameters.get("cascade") else None

    def _called(self, *call: Any) -> None:
        self.calls.append(call)
        if self.failure is not None:
            raise self.failure

    def _record(self, resource: str, uuid: str) -> dict[str, Any]:
        try:
            return self.records[resource][uuid]
        except KeyError:
            raise NotFound from None
