"""Resources that pieces refer to and that exist without them, as the service serves them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapter import context
from adapter.context import Once
from adapter.errors import NotFound
from adapter.gathering.slots import NAMED
from adapter.mapping.paths import Path, get
from adapter.service import Caller, ListQuery, Service

_NOBODY = Caller()


class ServedDirectory:
    """The directory of a service. `filters` are the parameters of each resource that ask for a path."""

    service: Service

    def __init__(self, filters: Mapping[str, Mapping[Path, str]]) -> None:
        self._filters = filters

    def get(self, resource: str, uuid: str) -> Mapping[str, Any] | None:
        """A resource as it is served; None when there is none. Raises RegisterError.

        It is read once for a request, as long as that does not write.
        """
        request = context.current()
        if request is None:
            return self._get(resource, uuid)
        once = request.read.setdefault((resource, uuid), Once())
        with once.alone:
            if once.found is None:
                once.found = self._get(resource, uuid)
            found: Mapping[str, Any] | None = once.found
            return found

    def _get(self, resource: str, uuid: str) -> Mapping[str, Any] | None:
        try:
            return self.service.retrieve(resource, uuid, (), _NOBODY)
        except NotFound:
            return None

    def find(self, resource: str, values: Sequence[tuple[Path, Any]]) -> str | None:
        """The uuid of the resource that has all of these values; None when none has. Raises RegisterError."""
        known = self._filters.get(resource, {})
        asked = {known[path]: value for path, value in values if path in known}
        page = self.service.list(resource, ListQuery(asked), _NOBODY)
        found = (each for each in page.results if all(get(each, path) == value for path, value in values))
        return next((str(each[NAMED]) for each in found), None)
