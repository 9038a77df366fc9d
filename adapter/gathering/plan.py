"""What was composed of a contact, as it is sealed in its row until its record is made."""

from __future__ import annotations

from dataclasses import dataclass

from adapter.gathering.ports import Body, Composition


@dataclass(frozen=True, slots=True)
class Plan:
    """A composition; see there."""

    kind: str
    collection: str
    body: Body
    user: str
    check: str
    signed: str
    searches: list[dict[str, str]]
    droppable: list[str]

    @classmethod
    def of(cls, composed: Composition) -> Plan:
        """The plan of a composition."""
        return cls(
            composed.kind,
            composed.collection,
            composed.body,
            composed.user,
            composed.check,
            composed.signed,
            [dict(each) for each in composed.searches],
            list(composed.droppable),
        )

    def row(self) -> Body:
        """The plan as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}
