"""Registers in which records have the uuids under which they are served.

Some records got another uuid from their register than clients know: `adapter.state.aliases`. The engine sees
none of that. In every call that it makes the served uuid becomes that of the record, and in every answer the
other way round, wherever it stands: in a URL, a filter, an object that refers to it. What follows from the
uuid of a record, such as that of its sidecar, follows from the served one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapter.engine.deployment import Register
from adapter.engine.entities.stored_object import OBJECTS
from adapter.mapping.model import Mappings
from adapter.registers.messages import Answer
from adapter.registers.renaming import renamed, uuids_within
from adapter.state.aliases import Aliases


class Aliased:
    """The client of a register, with the served uuids for its records; `of` a collection alone, or of all."""

    def __init__(self, register: Register, aliases: Aliases, of: str = "") -> None:
        self.name, self._register, self._aliases, self._of = register.name, register, aliases, of
        self.url, self.urls, self.identify = register.url, register.urls, register.identify

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None, **more: Any
    ) -> Answer:
        """See `adapter.registers.client.Register`. Without aliases it is a call as any other."""
        if not self._aliases.there_are_any():
            return self._register.call(method, path, params=params, json=json, **more)
        if names := self._changed(self._aliases.records, (path, params, json)):
            path, json = renamed(path, names), renamed(json, names)
            params = [(name, renamed(value, names)) for name, value in params]
        answer = self._register.call(method, path, params=params, json=json, **more)
        names = self._changed(self._aliases.served, answer.body)
        return Answer(answer.status, renamed(answer.body, names)) if names else answer

    def _changed(self, other: Any, value: Any) -> Mapping[str, str]:
        return _others(other(uuids_within(value), self._of))

    def __getattr__(self, name: str) -> Any:
        """What else the client of a register has."""
        return getattr(self._register, name)


def served_within(aliases: Aliases, value: Any) -> Any:
    """What a client sent, with the served uuid where it names a record by that which its register gave it."""
    if not aliases.there_are_any():
        return value
    names = _others(aliases.served(uuids_within(value)))
    return renamed(value, names) if names else value


def _others(uuids: Mapping[str, str]) -> Mapping[str, str]:
    """Those of these uuids that have another one."""
    return {uuid: name for uuid, name in uuids.items() if uuid != name}


def becoming(mappings: Mappings) -> str:
    """The collection of records that objects become, as register/collection; "" where none do."""
    homes = (home for resource in mappings.resources.values() for home in resource.homes.values())
    places = (mappings.resources[home.resource].homes[home.becomes].place for home in homes if home.becomes)
    return next((f"{place.register}/{place.collection}" for place in places if place is not None), "")


def aliased(
    registers: Mapping[str, Register], aliases: Aliases | None, *, but: str = "", of: str = ""
) -> Mapping[str, Any]:
    """These registers, with the served uuids for their records where there can be aliases.

    but: the name of the register that knows the served uuids itself. of: the one collection whose records
    have others here; objects that refer to such a record had the served uuid before there was one.
    """
    if aliases is None:
        return registers
    same = {but, OBJECTS} if of else {but}
    return {name: each if name in same else Aliased(each, aliases, of) for name, each in registers.items()}
