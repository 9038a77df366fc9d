"""The stored objecttypes and their versions."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from adapter.embedded.objects.database import Database

PUBLISHED = "published"
DRAFT = "draft"

DEFAULTS: Mapping[str, Any] = {
    "description": "",
    "dataClassification": "open",
    "maintainerOrganization": "",
    "maintainerDepartment": "",
    "contactPerson": "",
    "contactEmail": "",
    "source": "",
    "updateFrequency": "unknown",
    "providerOrganization": "",
    "documentationUrl": "",
    "labels": {},
    "allowGeometry": True,
}


@dataclass(frozen=True, slots=True)
class TypeSeed:
    """An objecttype that a new register has; `schemas` are its versions 1, 2, …, all published."""

    uuid: str
    name: str
    name_plural: str
    schemas: tuple[Mapping[str, Any], ...] = field(default=({"type": "object"},))
    allow_geometry: bool = True


class ObjectType(NamedTuple):
    uuid: str
    attributes: Mapping[str, Any]
    created_at: str
    modified_at: str

    @property
    def name(self) -> str:
        return str(self.attributes["name"])

    @property
    def allows_geometry(self) -> bool:
        return bool(self.attributes["allowGeometry"])


class Version(NamedTuple):
    objecttype: str
    version: int
    status: str
    json_schema: str
    created_at: str
    modified_at: str
    published_at: str | None


OF_CLASS = "(? IS NULL OR attributes ->> '$.dataClassification' = ?)"
TYPE_COLUMNS = "uuid, attributes, created_at, modified_at"
VERSION_COLUMNS = "objecttype, version, status, json_schema, created_at, modified_at, published_at"


def _objecttype(row: tuple[Any, ...]) -> ObjectType:
    return ObjectType(row[0], json.loads(row[1]), row[2], row[3])


def find(database: Database, uuid: str) -> ObjectType | None:
    row = database.row(f"SELECT {TYPE_COLUMNS} FROM objecttypes WHERE uuid = ?", (uuid,))  # noqa: S608
    return None if row is None else _objecttype(row)


def listed(database: Database, classification: str | None, limit: int, offset: int) -> list[ObjectType]:
    """A page of the objecttypes, newest first; those of one dataClassification, or with None all."""
    rows = database.rows(
        f"SELECT {TYPE_COLUMNS} FROM objecttypes WHERE {OF_CLASS} ORDER BY id DESC LIMIT ? OFFSET ?",  # noqa: S608
        (classification, classification, limit, offset),
    )
    return [_objecttype(row) for row in rows]


def count(database: Database, classification: str | None) -> int:
    counted = f"SELECT count(*) FROM objecttypes WHERE {OF_CLASS}"  # noqa: S608
    return int(database.value(counted, (classification, classification)))


def add(database: Database, uuid: str, attributes: Mapping[str, Any]) -> None:
    """Add an objecttype; `attributes` are named as in the specification, and missing ones get a default."""
    today = date.today().isoformat()
    text = json.dumps({**DEFAULTS, **attributes}, ensure_ascii=False)
    with database.transaction() as connection:
        connection.execute(
            "INSERT INTO objecttypes (uuid, attributes, created_at, modified_at) VALUES (?, ?, ?, ?)",
            (uuid, text, today, today),
        )


def change(database: Database, objecttype: ObjectType, attributes: Mapping[str, Any]) -> None:
    text = json.dumps({**objecttype.attributes, **attributes}, ensure_ascii=False)
    with database.transaction() as connection:
        connection.execute(
            "UPDATE objecttypes SET attributes = ?, modified_at = ? WHERE uuid = ?",
            (text, date.today().isoformat(), objecttype.uuid),
        )


def remove(database: Database, uuid: str) -> None:
    with database.transaction() as connection:
        connection.execute("DELETE FROM objecttypes WHERE uuid = ?", (uuid,))


def in_use(database: Database, uuid: str) -> bool:
    """Whether there is an object of this type."""
    return database.value("SELECT 1 FROM records WHERE objecttype = ? LIMIT 1", (uuid,)) is not None


def version_numbers(database: Database, uuid: str) -> list[int]:
    rows = database.rows("SELECT version FROM versions WHERE objecttype = ? ORDER BY version", (uuid,))
    return [row[0] for row in rows]


def find_version(database: Database, uuid: str, version: int) -> Version | None:
    row = database.row(
        f"SELECT {VERSION_COLUMNS} FROM versions WHERE objecttype = ? AND version = ?",  # noqa: S608
        (uuid, version),
    )
    return None if row is None else Version._make(row)


def versions(database: Database, uuid: str, limit: int, offset: int) -> list[Version]:
    """Newest first."""
    rows = database.rows(
        f"SELECT {VERSION_COLUMNS} FROM versions WHERE objecttype = ?"  # noqa: S608
        " ORDER BY version DESC LIMIT ? OFFSET ?",
        (uuid, limit, offset),
    )
    return [Version._make(row) for row in rows]


def add_version(database: Database, uuid: str, json_schema: Any, status: str) -> Version:
    """Add the next version of an objecttype."""
    today = date.today().isoformat()
    with database.transaction() as connection:
        number = max(version_numbers(database, uuid), default=0) + 1
        published = today if status == PUBLISHED else None
        made = Version(uuid, number, status, _text(json_schema), today, today, published)
        connection.execute("INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?)", made)
    return made


def change_version(database: Database, version: Version, json_schema: Any, status: str) -> Version:
    today = date.today().isoformat()
    published = today if status == PUBLISHED != version.status else version.published_at
    made = version._replace(
        status=status, json_schema=_text(json_schema), modified_at=today, published_at=published
    )
    with database.transaction() as connection:
        connection.execute("REPLACE INTO versions VALUES (?, ?, ?, ?, ?, ?, ?)", made)
    return made


def remove_version(database: Database, version: Version) -> None:
    with database.transaction() as connection:
        connection.execute(
            "DELETE FROM versions WHERE objecttype = ? AND version = ?", (version.objecttype, version.version)
        )


def seed(database: Database, seeds: Iterable[TypeSeed]) -> None:
    """Add missing objecttypes and versions; existing ones stay as they are."""
    with database.transaction():
        for wanted in seeds:
            if find(database, wanted.uuid) is None:
                names = {"name": wanted.name, "namePlural": wanted.name_plural}
                add(database, wanted.uuid, {**names, "allowGeometry": wanted.allow_geometry})
            for schema in wanted.schemas[len(version_numbers(database, wanted.uuid)) :]:
                add_version(database, wanted.uuid, schema, PUBLISHED)


def _text(json_schema: Any) -> str:
    return json.dumps(json_schema, ensure_ascii=False)
