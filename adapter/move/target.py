"""What a target keeps: its tables, columns and constraints in one version, from `specs/targets`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from adapter.mapping.paths import Path, parse
from adapter.openapi.document import read_yaml
from adapter.openapi.specifications import specification

FILLED = "filled"
"""In a condition: the column is neither NULL nor empty."""


class UnknownVersion(Exception):
    """A target has no such version; `known` are those that it has."""

    def __init__(self, version: str, known: tuple[str, ...]) -> None:
        self.version, self.known = version, known
        super().__init__(f"there is no version {version}: there is {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type in PostgreSQL, the member that it takes, the table that it refers to."""

    name: str
    type: str
    length: int | None
    path: Path
    to: str
    nullable: bool
    unique: bool
    counted: bool
    """Whether it holds a number that is counted, which earlier versions demand of every row."""

    @property
    def sql_type(self) -> str:
        """The type as PostgreSQL spells it: `varchar(200)`."""
        return f"{self.type}({self.length})" if self.length else self.type

    @property
    def field(self) -> str:
        """The name of the column as a field of a Django model."""
        return self.name.removesuffix("_id") if self.to else self.name


@dataclass(frozen=True, slots=True)
class Remedy:
    """What becomes of a row that breaks a constraint: a column gets another value, or the row is left out."""

    column: str = ""
    value: Any = None

    @property
    def leaves_out(self) -> bool:
        """Whether the row is not written at all."""
        return not self.column


@dataclass(frozen=True, slots=True)
class Unique:
    """Columns whose values only one row may have together, of the rows that meet the conditions."""

    name: str
    table: str
    columns: tuple[str, ...]
    when: Mapping[str, Any]
    newest: bool
    """Whether the newest of several keeps the value; else the oldest does."""
    remedy: Remedy
    decide: bool
    """Whether somebody has to decide that the remedy is right."""
    merge: str
    """The reference to what may be merged instead."""


@dataclass(frozen=True, slots=True)
class Check:
    """Values that no row may have together."""

    name: str
    table: str
    never: Mapping[str, Any]
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class Notice:
    """Rows that load as they are, but that the target would not take, or not leave so, in a later write."""

    name: str
    table: str
    when: Mapping[str, Any]
    unless: Mapping[str, str]
    """Column → a pattern that a value has which is no reason for a notice."""
    because: str

    def __call__(self, row: Mapping[str, Any]) -> bool:
        """Whether a row, by column, is one of these."""
        fits = all(re.fullmatch(form, str(row[name])) for name, form in self.unless.items())
        return meets(row, self.when) and not (self.unless and fits)


@dataclass(frozen=True, slots=True)
class ByApi:
    """A member that the API of the target does not take from a new resource, of those with these values."""

    resource: str
    member: str
    when: Mapping[str, Any]
    becomes: str


def meets(row: Mapping[str, Any], when: Mapping[str, Any]) -> bool:
    """Whether a row has these values, FILLED standing for any."""
    return all(
        row[name] not in (None, "") if wanted == FILLED else row[name] == wanted
        for name, wanted in when.items()
    )


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Its rows are the resources of a kind, a group of each (`part`), or items of a list (`each`).

    The rows of a table without an `owner` have a uuid of their own. Rows that are merged are the same in the
    columns `alike`; what hangs on them is merged by the columns `double`.
    """

    name: str
    model: str
    resource: str
    columns: tuple[Column, ...]
    part: str
    each: str
    only: Mapping[str, Any]
    owner: str
    alike: tuple[str, ...]
    double: tuple[str, ...]

    def column(self, name: str) -> Column:
        """The column with this name."""
        return next(each for each in self.columns if each.name == name)


@dataclass(frozen=True, slots=True)
class Target:
    """One version of a target."""

    name: str
    title: str
    version: str
    application: str
    tables: tuple[Table, ...]
    uniques: tuple[Unique, ...]
    checks: tuple[Check, ...]
    notices: tuple[Notice, ...]
    reading: Mapping[str, Any]
    ignored: Mapping[str, Any]
    """The names of members of which a difference in an answer is none, by the reason in `because`."""
    because: Mapping[str, str]
    not_stored: Mapping[str, tuple[str, ...]]
    by_api: tuple[ByApi, ...]
    by_name: Mapping[str, Table] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {each.model: each for each in self.tables})

    def main(self, resource: str) -> Table:
        """The table in which the resources of a kind have their row."""
        return next(each for each in self.tables if each.resource == resource and not each.owner)

    def tables_of(self, resource: str) -> list[Table]:
        """The tables with rows of a kind of resource, that of the resource itself first."""
        return [each for each in self.tables if each.resource == resource]

    def changed_by_api(self, resource: str) -> frozenset[str]:
        """The members of a kind that its API sets itself, at least of some."""
        return frozenset(each.member for each in self.by_api if each.resource == resource)

    @property
    def resources(self) -> tuple[str, ...]:
        """The kinds of resources that are kept, in the order of their tables."""
        return tuple(each.resource for each in self.tables if not each.owner)


@cache
def target(name: str, version: str = "") -> Target:
    """A version of a target, the latest when none is named. Raises UnknownVersion."""
    raw, known = read_yaml(specification(f"targets/{name}")), versions(name)
    chosen = version or known[-1]
    if chosen not in known:
        raise UnknownVersion(chosen, known)
    tables = tuple(_tables(raw, chosen))
    columns = {each.model: {column.name for column in each.columns} for each in tables}
    return Target(
        name=raw["name"],
        title=raw["title"],
        version=chosen,
        application=raw["application"],
        tables=tables,
        uniques=tuple(each for each in _uniques(raw) if columns[each.table] >= set(each.columns)),
        checks=tuple(
            Check(each["name"], each["table"], each["never"], _remedy(each["otherwise"]))
            for each in raw["checks"]
            if _there(each, chosen)
        ),
        notices=tuple(
            Notice(each["name"], each["table"], each["when"], each.get("unless", {}), each["because"])
            for each in raw["notices"]
        ),
        reading=raw["reading"],
        ignored=raw["ignored"],
        because=raw["because"],
        not_stored=_not_stored(raw, chosen),
        by_api=tuple(
            ByApi(each["resource"], each["member"], each.get("when", {}), each["becomes"])
            for each in raw["by_api"]
        ),
    )


def versions(name: str) -> tuple[str, ...]:
    """The versions of a target that are known, the oldest first."""
    return tuple(read_yaml(specification(f"targets/{name}"))["versions"])


def _there(each: Mapping[str, Any], version: str, key: str = "since") -> bool:
    return key not in each or _parts(version) >= _parts(each[key])


def _parts(version: str) -> list[int]:
    return [int(each) for each in version.split(".")]


def _tables(raw: Mapping[str, Any], version: str) -> Iterator[Table]:
    for model, each in raw["tables"].items():
        yield Table(
            name=raw["prefix"] + model,
            model=model,
            resource=each["resource"],
            columns=tuple(
                _column(name, it, version) for name, it in each["columns"].items() if _there(it, version)
            ),
            part=each.get("part", ""),
            each=each.get("each", ""),
            only=each.get("only", {}),
            owner=each.get("owner", ""),
            alike=tuple(each.get("alike", ())),
            double=tuple(each.get("double", ())),
        )


def _column(name: str, raw: Mapping[str, Any], version: str) -> Column:
    kind, _, length = raw["type"].partition(" ")
    return Column(
        name=name,
        type=kind,
        length=int(length) if length else None,
        path=parse(raw.get("from", name)),
        to=raw.get("to", ""),
        nullable=bool(raw.get("nullable")) and _there(raw, version, "nullable_since"),
        unique=kind == "uuid" or bool(raw.get("unique")),
        counted="nullable_since" in raw,
    )


def _uniques(raw: Mapping[str, Any]) -> Iterator[Unique]:
    for model, table in raw["tables"].items():
        for each in table.get("unique", ()):
            yield Unique(
                name=each["name"],
                table=model,
                columns=tuple(each["columns"]),
                when=each.get("when", {}),
                newest=each.get("keep") == "newest",
                remedy=_remedy(each["otherwise"]),
                decide=bool(each.get("decide")),
                merge=each.get("merge", ""),
            )


def _remedy(raw: Any) -> Remedy:
    return Remedy() if isinstance(raw, str) else Remedy(raw["set"], raw["to"])


def _not_stored(raw: Mapping[str, Any], version: str) -> dict[str, tuple[str, ...]]:
    """Resource → the members that are lost in a version, those of its later columns included."""
    found = {name: list(members) for name, members in raw["not_stored"].items()}
    for table in raw["tables"].values():
        for name, column in table["columns"].items():
            if not _there(column, version):
                member = re.split(r"[.\[]", str(column.get("from", name)))[0]
                found.setdefault(table["resource"], []).append(member)
    return {name: tuple(members) for name, members in found.items()}
