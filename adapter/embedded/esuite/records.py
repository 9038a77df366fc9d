"""The records of the embedded e-Suite, in a SQLite database of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson

from adapter.collection import Row
from adapter.embedded.addresses import Addresses
from adapter.embedded.dialect import Description
from adapter.embedded.esuite.looseness import Looseness, Order
from adapter.embedded.store import Store, Table

KLANTEN_BASE = "/klanten-api-provider/api/v1"
CONTACTS_BASE = "/contactmomenten-api-provider/api/v1"

KLANTEN = Description("klanten", KLANTEN_BASE, "klanten", "Klant")
CONTACTS = Description("contactmomenten", CONTACTS_BASE, "contactmomenten", "Contactmoment")
KLANT_LINKS = Description("klantcontactmomenten", CONTACTS_BASE, "contactmomenten", "Klantcontactmoment")
ZAAK_LINKS = Description("objectcontactmomenten", CONTACTS_BASE, "contactmomenten", "Objectcontactmoment")
DESCRIPTIONS = (KLANTEN, CONTACTS, KLANT_LINKS, ZAAK_LINKS)

_ORDERS = {
    Order.NEWEST: "t.pk DESC",
    Order.OLDEST: "t.pk",
    Order.ANY: "(t.pk * 7919 + total_changes() * 31) % 97, t.pk",
}
_INDEXED = {
    KLANTEN.name: ("number",),
    CONTACTS.name: ("type", "identificatie"),
    KLANT_LINKS.name: ("contactmoment", "klant"),
    ZAAK_LINKS.name: ("contactmoment", "object"),
}

OF_KLANT = (
    "EXISTS (SELECT 1 FROM klantcontactmomenten k WHERE json_extract(k.data, '$.contactmoment') = t.uuid"
    " AND json_extract(k.data, '$.klant') = ?)"
)
ANONYMOUS = (
    "NOT EXISTS (SELECT 1 FROM klantcontactmomenten k WHERE json_extract(k.data, '$.contactmoment') = t.uuid)"
)


@dataclass(frozen=True, slots=True)
class Test:
    """A condition in SQL on a record `t`, and the values of its placeholders."""

    sql: str
    values: tuple[str, ...] = ()


def equals(path: str, *values: str) -> Test:
    """That the member at a path is one of these values."""
    return Test(f"json_extract(t.data, '$.{path}') IN ({', '.join('?' * len(values))})", values)


def contains(path: str, value: str) -> Test:
    """That the text at a path has this text in it, in capitals or not."""
    return Test(f"instr(lower(json_extract(t.data, '$.{path}')), lower(?)) > 0", (value,))


class Records:
    """The tables by the name of their collection, the addresses of records, and the order of lists.

    `bases` are the paths of the two APIs below the host, when those are not the usual ones.
    """

    def __init__(
        self, path: str | Path, looseness: Looseness, bases: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.store = Store(path)
        self.looseness = looseness
        placed = [replace(each, base=bases.get(each.document, each.base)) for each in DESCRIPTIONS]
        self.addresses = Addresses(placed)
        self.paths = {each.name: each.path for each in placed}
        self.tables = {each.name: Table(self.store, each.name, _INDEXED[each.name]) for each in DESCRIPTIONS}

    def found(self, name: str, tests: Sequence[Test], page: int | None = None) -> tuple[int, list[Row]]:
        """How many records meet all tests, and those of a page, of all pages when it is None."""
        where = " AND ".join(each.sql for each in tests) or "1"
        values = [value for each in tests for value in each.values]
        execute = self.store.connection.execute
        source = f"FROM {name} t WHERE {where}"
        count: int = execute(f"SELECT count(*) {source}", values).fetchone()[0]
        size = -1 if page is None else self.looseness.page_size
        offset = 0 if page is None else (page - 1) * size
        statement = (
            f"SELECT t.uuid, t.data {source} ORDER BY {_ORDERS[self.looseness.order]} LIMIT ? OFFSET ?"
        )
        rows = execute(statement, (*values, size, offset))
        return count, [Row(uuid, orjson.loads(data)) for uuid, data in rows]

    def next_number(self, name: str) -> int:
        """The number that the next record of a collection gets, from 1."""
        statement = f"SELECT coalesce(max(pk), 0) FROM {name}"  # noqa: S608 (names of this package)
        found = self.store.connection.execute(statement).fetchone()
        return int(found[0]) + 1

    def url(self, origin: str, description: Description, uuid: str) -> str:
        """The URL of a record."""
        return self.addresses.write(origin, description.name, uuid)

    def referred(self, url: Any, description: Description) -> str | None:
        """The uuid of the record of a collection that a URL of any host refers to; None if there is none."""
        address = self.addresses.read(url) if isinstance(url, str) else None
        if address is None or address.collection != description.name or address.uuid is None:
            return None
        return address.uuid if self.tables[description.name].get(address.uuid) else None
