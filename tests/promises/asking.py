"""Draws requests as clients may send them, right ones and wrong ones, about whatever was made before.

What is referred to stands in them as (collection, number) until they are sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.promises import served
from tests.promises.drawing import Strategy

JSON = dict[str, Any]
LISTS = {each.collection: each for each in served.DOCUMENT.operations if each.operation_id.endswith("List")}
COLLECTIONS = sorted(LISTS)
# Those that clients use most, once more.
OFTEN = [
    "betrokkenen",
    "digitaleadressen",
    "internetaken",
    "klantcontacten",
    "onderwerpobjecten",
    "partijen",
]
COMPOSED = {
    "klantcontact": "klantcontacten",
    "betrokkene": "betrokkenen",
    "onderwerpobject": "onderwerpobjecten",
}
METHODS = ["POST"] * 5 + ["LIST"] * 4 + ["PATCH"] * 2 + ["PUT"] * 2 + ["DELETE", "GET", "COMPOSE"]
NUMBERS = st.integers(0, 5)
# Instead of what a member should be.
SPOILT = st.sampled_from(
    [None, "", 5, True, [], {}, " ", "x" * 300, {"uuid": "abc"}, [None], "2024-02-30", -1, 1.5, "\u0000"]
)
WORDS = st.sampled_from(
    ["", "a", "1", "true", "12345678", "2024-01-01", "15-01-2025", "geen-uuid", "bsn", "klant", "email"]
)
PAGING = {
    "page": st.sampled_from(["1", "2", "last", ""]),
    "pageSize": st.sampled_from(["1", "2", "3", "0"]),
}


@dataclass(frozen=True)
class Drawn:
    """A request: `number` says which of the collection, `body` and `query` what to send."""

    method: str
    collection: str
    number: int | None = None
    body: Any = None
    query: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Link:
    """A URL of one of a collection."""

    collection: str
    number: int


@dataclass(frozen=True)
class Word:
    """Some text that was sent before."""

    number: int


@st.composite
def bodies(draw: st.DrawFn, collection: str) -> JSON:
    """A whole body; now and then one member is spoilt or missing."""
    body: JSON = draw(served.bodies(collection))
    fate = draw(st.integers(0, 9))
    if body and fate < 2:
        name = draw(st.sampled_from(sorted(body)))
        return {**body, name: draw(SPOILT)} if fate else {k: v for k, v in body.items() if k != name}
    return body


@st.composite
def queries(draw: st.DrawFn, collection: str) -> tuple[tuple[str, Any], ...]:
    """Up to three parameters of a list."""
    parameters = draw(st.lists(st.sampled_from(LISTS[collection].parameters_in("query")), max_size=3))
    return tuple((each.name, draw(_values(each.name, each.schema))) for each in parameters)


def _values(name: str, schema: Any) -> Strategy:
    schema = served.DOCUMENT.merged(schema)
    if name in PAGING:
        return PAGING[name]
    if name == "expand":
        names = served.DOCUMENT.merged(schema.get("items", {})).get("enum") or [""]
        return st.lists(st.sampled_from(names), min_size=1, max_size=3).map(",".join)
    places = st.sampled_from(COLLECTIONS), NUMBERS
    found = WORDS | st.builds(Word, st.integers(0, 50))
    if schema.get("enum"):
        found |= st.sampled_from(schema["enum"])
    if name.endswith("uuid"):
        return found | st.tuples(*places) | st.tuples(*places)
    return found | st.builds(Link, *places) if name.endswith("url") else found


@st.composite
def requests(draw: st.DrawFn) -> Drawn:
    """One request."""
    method = draw(st.sampled_from(METHODS))
    if method == "COMPOSE":
        parts = ["klantcontact", *draw(st.lists(st.sampled_from(sorted(COMPOSED)), max_size=2))]
        body = {part: draw(bodies(COMPOSED[part])) for part in dict.fromkeys(parts)}
        for part in body.keys() - {"klantcontact"}:
            body[part] = {k: v for k, v in body[part].items() if k not in ("klantcontact", "hadKlantcontact")}
        return Drawn("POST", "maak-klantcontact", None, body)
    collection = draw(st.sampled_from([*COLLECTIONS, *OFTEN]))
    if method == "LIST":
        return Drawn("GET", collection, query=draw(queries(collection)))
    body = draw(bodies(collection)) if method in ("POST", "PUT", "PATCH") else None
    if method == "PATCH" and draw(st.booleans()):
        body = draw(served.parts(body or {}))
    return Drawn(method, collection, None if method == "POST" else draw(NUMBERS), body)
