"""How each filter is answered: by asking the registers, or by reading on and testing.

Found by doing it: every filter is asked of registers that hold one record of everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from adapter.engine.deployment import Deployment, ObjectType
from adapter.engine.maintenance.objecttypes import objecttypes
from adapter.engine.service import Engine
from adapter.explaining.stand_in import UUID, StandIn
from adapter.mapping.model import Filter, Mappings, Resource
from adapter.mapping.numbers import computed
from adapter.openapi.document import Document
from adapter.service import Caller, ListQuery

ASKED = "pushed down"
SCANNED = "scan"
SOMETIMES = "scan for some values"

BASE = "https://klantbrug.example"
SAMPLES: Mapping[str, Any] = {
    "uuid": UUID,
    "uri": f"{BASE}/any/{UUID}",
    "date": "2024-01-01",
    "date-time": "2024-01-01T00:00:00Z",
}


def ways(mappings: Mappings, served: Document, settings: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """(resource, parameter) → pushed down, scan, or scan for some values."""
    with ThreadPoolExecutor(1) as pool:
        probe = Probe(mappings, settings, pool)
        return {
            (resource.name, each.parameter): _way(probe, resource, each, served)
            for resource in mappings.resources.values()
            for each in resource.filters.values()
        }


def _way(probe: Probe, resource: Resource, each: Filter, served: Document) -> str:
    values = dict.fromkeys([*_values(resource, each, served), *_meant(probe.mappings, each)])
    found = {probe.scans(resource, each.parameter, value) for value in values}
    if found == {True}:
        return SCANNED
    return SOMETIMES if True in found else ASKED


def _values(resource: Resource, each: Filter, served: Document) -> Iterator[Any]:
    """Values of the parameter's schema that may be answered in different ways."""
    operation = served.operation("get", f"/{resource.name}")
    parameters = operation.parameters_in("query") if operation else ()
    schema = next(served.merged(one.schema) for one in parameters if one.name == each.parameter)
    if schema.get("type") == "boolean":
        yield from (True, False)
        return
    if schema.get("enum"):
        yield from (value for value in schema["enum"] if value)
        return
    sample = SAMPLES.get(schema.get("format", ""))
    yield "x" if sample is None else sample


def _meant(mappings: Mappings, each: Filter) -> Iterator[str]:
    """Values that only some homes or records have, of whichever resource the filter looks at in the end."""
    for resource in mappings.resources.values():
        for home in resource.homes.values():
            for path, value in home.means:
                if isinstance(value, str) and each.path[-len(path) :] == path:
                    yield value
        for name, member in resource.members.items():
            if member.numbers is not None and each.path[-1] == name:
                yield computed(member.numbers, UUID)


class Probe:
    """Asks filters of stand-ins for the registers."""

    def __init__(self, mappings: Mappings, settings: Mapping[str, Any], pool: ThreadPoolExecutor) -> None:
        self.mappings = mappings
        names = {
            *(each.name for each in objecttypes(mappings)),
            *(home.object_type for one in mappings.resources.values() for home in one.homes.values()),
        }
        self.types = {name: ObjectType(name, name, f"{BASE}/objecttypes/{name}", 1) for name in names if name}
        # Nothing is written, so all that is asked can share what is kept and what was worked out.
        self._deployment = Deployment(mappings, {}, self.types, settings, BASE, pool)

    def scans(self, resource: Resource, parameter: str, value: Any) -> bool:
        """Whether everything of some kind is read to answer this."""
        registers = {"objects", *(place.register for place in self.mappings.collections)}
        stands = {name: StandIn(name, self.mappings, self.types) for name in registers}
        deployment = replace(self._deployment, registers=stands)
        Engine(deployment).list(resource.name, ListQuery({parameter: value}), Caller())
        return any(each.unfiltered for each in stands.values())
