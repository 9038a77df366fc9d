"""What holds of any server of this API, whatever was done to it before."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

from requests import Response

from tests.parity.fuzz.drawing import LISTS
from tests.parity.player import Server
from tests.served_contract import violations

Row = dict[str, Any]
World = dict[str, list[Row]]

OPTIONAL_PAGE = {"page", "pageSize", "expand"}
# Values of one of these stand in one row only, with the members that they are unique within.
UNIQUE = {
    "klantcontacten": ["nummer"],
    "internetaken": ["nummer"],
    "partijen": ["nummer"],
}


def broken_by_answer(answer: Response, base: str) -> Iterator[str]:
    """An answer is no failure of the server, and valid under the specification."""
    what = f"{answer.request.method} {urlsplit(answer.request.url or '').path}"
    if answer.status_code >= 500:
        yield f"{what}: status {answer.status_code}"
    yield from violations(answer, base)


def broken(server: Server) -> Iterator[str]:
    """Everything that does not hold of what the server has now."""
    world = {collection: list(_rows(server, collection)) for collection in LISTS}
    for collection, rows in world.items():
        yield from _counted(server, collection, rows)
        yield from _unique(collection, rows)
        yield from _filtered(server, collection, rows)
    yield from _referred(world)


def _rows(server: Server, collection: str, query: str = "") -> Iterator[Row]:
    """The rows of all pages."""
    path = f"/{collection}?pageSize=3{query}"
    while path:
        page = server.call("GET", path).json()
        yield from page.get("results", ())
        path = page.get("next")


def _counted(server: Server, collection: str, rows: list[Row]) -> Iterator[str]:
    count = server.call("GET", f"/{collection}").json()["count"]
    if count != len(rows):
        yield f"{collection}: count is {count}, with {len(rows)} rows"
    for uuid, times in Counter(row["uuid"] for row in rows).items():
        if times > 1:
            yield f"{collection}/{uuid}: {times} times in the list"
    for row in rows:
        alone = server.call("GET", f"/{collection}/{row['uuid']}")
        # A list may leave out what was not asked to be expanded.
        if alone.status_code != 200 or {"_expand": {}, **alone.json()} != {"_expand": {}, **row}:
            yield f"{collection}/{row['uuid']}: otherwise alone than in the list"


def _unique(collection: str, rows: list[Row]) -> Iterator[str]:
    for member in UNIQUE.get(collection, ()):
        for value, times in Counter(row[member] for row in rows if row[member]).items():
            if times > 1:
                yield f"{collection}: {times} times one {member} ({len(value)} characters)"
    if collection == "digitaleadressen":
        yield from _addresses(rows)


def _addresses(rows: list[Row]) -> Iterator[str]:
    """One standard address of a soort and owner; one referentie of a soort and owner."""
    for owner in ("verstrektDoorPartij", "verstrektDoorBetrokkene"):
        owned = [row for row in rows if row[owner]]
        standard = [
            (row[owner]["uuid"], row["soortDigitaalAdres"]) for row in owned if row["isStandaardAdres"]
        ]
        named = [(row[owner]["uuid"], row["soortDigitaalAdres"], row["referentie"]) for row in owned]
        for times in Counter(standard).values():
            if times > 1:
                yield f"digitaleadressen: {times} standard addresses by one {owner}"
        for key, times in Counter(named).items():
            if times > 1 and key[-1] and owner == "verstrektDoorPartij":
                yield f"digitaleadressen: {times} of one soort and referentie by one {owner}"


def _filtered(server: Server, collection: str, rows: list[Row]) -> Iterator[str]:
    """A filter on a member of a row finds that row; two filters find what both of them find."""
    found: dict[str, set[str]] = {}
    for parameter in LISTS[collection].parameters_in("query"):
        name = parameter.name
        values = sorted({_sent(row[name]) for row in rows if name in row and _sent(row[name])})
        if name in OPTIONAL_PAGE or not values:
            continue
        query = f"&{name}={quote(values[0])}"
        found[query] = {row["uuid"] for row in _rows(server, collection, query)}
        wanted = {row["uuid"] for row in rows if _sent(row[name]) == values[0]}
        if not wanted <= found[query]:
            yield f"{collection}: {name} does not find a row that has that value"
    for one, two in zip(found, list(found)[1:], strict=False):
        if {row["uuid"] for row in _rows(server, collection, one + two)} != found[one] & found[two]:
            names = " and ".join(each.split("=")[0].strip("&") for each in (one, two))
            yield f"{collection}: {names} together find something else than what both find"


def _sent(value: Any) -> str:
    """A scalar as a parameter says it; empty for anything else."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) and value == value.strip() else ""


def _referred(world: World) -> Iterator[str]:
    """What is listed in a row exists, and refers back to it."""
    by_uuid = {(name, row["uuid"]): row for name, rows in world.items() for row in rows}
    for collection, rows in world.items():
        for row in rows:
            for name, listed in row.items():
                for each in listed if isinstance(listed, list) else ():
                    if not isinstance(each, dict) or not each.get("url"):
                        continue
                    target = each["url"].split("/")[-2]
                    other = by_uuid.get((target, each["uuid"]))
                    if other is None:
                        yield f"{collection}: {name} lists one of {target} that is not there"
                    elif not _refers(other, row["uuid"]) and _points_at(world[target], collection):
                        yield f"{collection}: {name} lists one of {target} that does not refer back"
    yield from _listed(world, by_uuid)


def _refers(row: Row, uuid: str) -> bool:
    below = [each for value in row.values() for each in (value if isinstance(value, list) else [value])]
    return any(isinstance(each, dict) and each.get("uuid") == uuid for each in below)


def _points_at(rows: list[Row], collection: str) -> bool:
    """Whether a row of these ever names one of the collection."""
    return any(
        isinstance(value, dict) and f"/{collection}/" in (value.get("url") or "")
        for row in rows
        for value in row.values()
    )


def _listed(world: World, by_uuid: dict[tuple[str, str], Row]) -> Iterator[str]:
    """Who refers to a row that lists such as it, is listed there; by a member that any is listed by."""
    said = list(_said(world, by_uuid))
    mutual = {(collection, name) for collection, name, listed in said if listed}
    for collection, name, listed in said:
        if not listed and (collection, name) in mutual:
            yield f"{collection}: {name} refers to one that does not list it"


def _said(world: World, by_uuid: dict[tuple[str, str], Row]) -> Iterator[tuple[str, str, bool]]:
    """(collection, member, whether it is listed) of each reference to a row that lists such as it."""
    for collection, rows in world.items():
        for row in rows:
            for name, value in row.items():
                if not isinstance(value, dict) or not value.get("url"):
                    continue
                owner = by_uuid.get((value["url"].split("/")[-2], value["uuid"]), {})
                lists = [each for each in owner.values() if _lists(each, collection)]
                if lists:
                    yield (
                        collection,
                        name,
                        any(item["uuid"] == row["uuid"] for each in lists for item in each),
                    )


def _lists(value: Any, collection: str) -> bool:
    return isinstance(value, list) and any(
        isinstance(each, dict) and f"/{collection}/" in (each.get("url") or "") for each in value
    )
