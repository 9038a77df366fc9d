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
from adapter.registers.messages import Answer
from adapter.registers.renaming import renamed, uuids_within
from adapter.state.aliases import Aliases


class Aliased:
    """The client of a register, with the served uuids for its records."""

    def __init__(self, register: Register, aliases: Aliases) -> None:
        self.name, self._register, self._aliases = register.name, register, aliases
        self.url, self.urls, self.identify = register.url, register.urls, register.identify

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None
    ) -> Answer:
        """See `adapter.registers.client.Register`. Without aliases it is a call as any other."""
        if not self._aliases.there_are_any():
            return self._register.call(method, path, params=params, json=json)
        if names := self._changed(self._aliases.records, (path, params, json)):
            path, json = renamed(path, names), renamed(json, names)
            params = [(name, renamed(value, names)) for name, value in params]
        answer = self._register.call(method, path, params=params, json=json)
        names = self._changed(self._aliases.served, answer.body)
        return Answer(answer.status, renamed(answer.body, names)) if names else answer

    @staticmethod
    def _changed(other: Any, value: Any) -> Mapping[str, str]:
        return {uuid: name for uuid, name in other(uuids_within(value)).items() if uuid != name}


def aliased(
    registers: Mapping[str, Register], aliases: Aliases | None, *, but: str
) -> Mapping[str, Register]:
    """These registers, with the served uuids for their records where there can be aliases.

    but: the name of the register that knows the served uuids itself.
    """
    if aliases is None:
        return registers
    return {name: each if name == but else Aliased(each, aliases) for name, each in registers.items()}
