"""An old record as far as it is known in one request: its new record, the rows that hang on it, its aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapter.correspondence.model import Correspondence, Rows
from adapter.correspondence.translating import alone
from adapter.errors import RegisterAnswer
from adapter.reverse.asides import Aside, served
from adapter.reverse.deployment import Deployment

EXPANDED = "_expand"


@dataclass(slots=True)
class Known:
    """An old record. What a write learns of the new ones is noted here with `learn` and `learn_rows`."""

    deployment: Deployment
    it: Correspondence
    record: dict[str, Any]
    aside: Aside | None
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _alone: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        for part in self.it.parts:
            name = self.relation(part.rows)
            if part.rows.far:
                self._rows[name] = list(self.record[name])
            if name not in self._rows:
                expanded = (self.record.get(EXPANDED) or {}).get(name)
                inline = self.record.get(name)
                if inline and expanded is None and self._comes_along(part.rows):
                    # references alone do not say which rows count: a part would be left out
                    raise RegisterAnswer(self.deployment.register.name)
                found = expanded if expanded is not None else inline
                self._rows[name] = [dict(row) for row in found or () if row]

    @property
    def uuid(self) -> str:
        """The uuid, the same on both sides."""
        return str(self.record["uuid"])

    @property
    def collection(self) -> str:
        """The name of its collection in the old API."""
        return self.it.right.name

    def relation(self, rows: Rows) -> str:
        """The name under which the new record shows rows."""
        if rows.far:
            return rows.key
        return self.deployment.offers.related(self.it.left.name, rows)

    def _comes_along(self, rows: Rows) -> bool:
        shown = self.deployment.offers.shown(self.it.left.name, rows)
        return shown is not None and shown.along

    def rows(self, rows: Rows) -> list[dict[str, Any]]:
        """The rows of a relation, the oldest first."""
        return self._rows[self.relation(rows)]

    def far(self) -> dict[str, list[dict[str, Any]]]:
        """The rows that are far, by their key."""
        return {part.rows.key: self.rows(part.rows) for part in self.it.parts if part.rows.far}

    def alone(self) -> dict[str, Any]:
        """The complete old record as the new records say it by themselves."""
        if self._alone is None:
            deployment = self.deployment
            said = alone(self.it, "right", self._record_with_rows(), self.rows, deployment.links)
            self._alone = deployment.complete(self.collection, said)
        return self._alone

    def served(self) -> dict[str, Any]:
        """The complete old record as it is served."""
        if self.aside is None or not self.aside.leaves:
            return self.alone()
        found = served(self.alone(), self.aside.leaves, self.it.lists("right"))
        return self.deployment.complete(self.collection, found)

    def learn(self, record: Mapping[str, Any]) -> None:
        """Note the new record as it is after a write; its rows stay."""
        self.record = {**self.record, **record}
        self._alone = None

    def learn_rows(self, rows: Rows, found: Sequence[dict[str, Any]]) -> None:
        """Note the rows of a relation as they are after a write."""
        self._rows[self.relation(rows)] = list(found)
        self._alone = None

    def _record_with_rows(self) -> dict[str, Any]:
        return {**self.record, **{name: rows for name, rows in self._rows.items() if name in self.record}}
