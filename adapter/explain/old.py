"""An explanation of a request to the old APIs: its register calls, and from where each member comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from time import perf_counter
from typing import Any

import orjson

from adapter.api.bodies import Bounds
from adapter.api.errors import error_answer
from adapter.api.request import Request
from adapter.collection import Compared, Condition
from adapter.configuration import Configuration
from adapter.correspondence.leaves import leaves
from adapter.embedded.answers import Refused
from adapter.embedded.resources import Resource
from adapter.engine.deployment import Deployment
from adapter.errors import AdapterError
from adapter.explain.calls import Calls, Watched
from adapter.explain.masks import shown
from adapter.explain.request import Asked, Explanation, NoSuchOperation, operation_of
from adapter.mapping.paths import Path
from adapter.mapping.reference.blocks import Block, Heading, Paragraph, Table
from adapter.old_apis import apis_of, keeper_of
from adapter.registers_api import operations_of
from adapter.registers_api.operations import asked_of, handler
from adapter.reverse.asides import valid
from adapter.reverse.asking import Asked as Way
from adapter.reverse.asking import asked as way_of
from adapter.reverse.engine import Reverse
from adapter.reverse.known import Known
from adapter.reverse.session import Session
from adapter.service import Caller

MOST = 12
FILLED_IN, ASIDE = "filled in", "stands aside"
WAYS: Mapping[str, str] = {
    "uuid": "by uuid",
    "along": "what came along with the record that it names",
    "filter": "no list can have it",
    "rows": "its rows searched",
    "aside": "what stands aside searched",
    "nothing": "nothing can have it",
    "everything": "all have it",
    "scan": "all read, and tested here",
}


def explain_old(
    configuration: Configuration, deployment: Deployment, request: Asked
) -> tuple[Explanation, Callable[[bool], list[Block]]]:
    """Carry out a request to the old APIs; what is to be said of it beyond its calls, with values or without.

    The path is below that of an API: `/klanten`. Raises NoSuchOperation.
    """
    calls = Calls()
    watched: Any = {name: Watched(register, calls) for name, register in deployment.registers.items()}
    old, public = apis_of(configuration, watched), configuration.registers_api.url
    keeper = keeper_of(configuration, watched, replace(deployment, registers=watched))
    for resource, operation in operations_of(keeper, old, public):
        try:
            found, match = operation_of(old.documents[resource.description.document], request)
        except NoSuchOperation:
            continue
        if found.operation_id == operation.operation_id:
            break
    else:
        raise NoSuchOperation
    asked = Request(Caller("explain"), match.identifier, request.query, request.body)
    run = handler(resource, operation, keeper, public, Bounds())
    calls.begun = perf_counter()
    problems: list[tuple[str, str, str]] = []
    status, answer = 500, None
    try:
        answered = run(asked)
        status, answer = answered.status_code, orjson.loads(answered.body) if answered.body else None
    except Refused as refused:
        status = refused.status
        problems = [(each.name, each.code, each.reason) for each in refused.problems or ()]
    except AdapterError as error:
        told = error_answer(error, public)
        status, problems = told.status, [("", told.body["code"], told.body["detail"])]
    seconds = perf_counter() - calls.begun
    made, types = calls.made, tuple(deployment.types.values())
    said = Explanation(request, operation, status, seconds, made, answer, problems, [], types)
    is_list = request.method == "GET" and not match.identifier and not problems

    def more(values: bool) -> list[Block]:
        filters = _parameters(resource, keeper.reverse, asked, public) if is_list else []
        return [*filters, *_records(resource, keeper.reverse, answer, values=values)]

    return said, more


def _parameters(resource: Resource, reverse: Reverse, asked: Request, url: str) -> Iterator[Block]:
    """How each filter is asked of the new API."""
    it = reverse.deployment.correspondences.get(resource.description.name)
    question = resource.filters.question(asked_of(resource, "GET", asked, None, url))
    session = Session(reverse.deployment)
    if it is not None and question.conditions:
        yield Heading("Filters", 2)
        rows = [(_looks_at(each), _answered(way_of(session, it, each))) for each in question.conditions]
        yield Table(("looks at", "answered by"), rows)


def _looks_at(condition: Condition) -> str:
    if isinstance(condition, Compared):
        return f"{condition.path} {condition.operator}"
    return getattr(condition, "collection", "uuid")


def _answered(way: Way) -> str:
    said = WAYS.get(way.way, "")
    if way.params:
        names = ", ".join(dict.fromkeys(name for params in way.params for name, _ in params))
        said = f"{'a list of what it refers to' if way.way == 'through' else 'a list'} by {names}"
    if (way.aside or way.item_aside) and way.way not in ("aside", "scan"):
        return f"{said}, and {WAYS['aside']}"
    return said


def _records(resource: Resource, reverse: Reverse, answer: Any, *, values: bool) -> Iterator[Block]:
    """From where each member of the records in an answer comes."""
    it = reverse.deployment.correspondences.get(resource.description.name)
    rows = answer.get("results", [answer]) if isinstance(answer, Mapping) else []
    uuids = [str(each["url"]).rpartition("/")[2] for each in rows if "url" in each]
    if it is None or not uuids:
        return
    for known in Session(reverse.deployment).many(it, uuids[:MOST]):
        yield Heading(f"{resource.description.name} {known.uuid}", 2)
        rows_of = [
            (".".join(path), shown(value, values=values), _source(known, path))
            for path, value in leaves(known.served(), {}).items()
        ]
        yield Table(("member", "value", "comes from"), rows_of)
    if len(uuids) > MOST:
        yield Paragraph(f"And {len(uuids) - MOST} more records in the answer, not shown here.")


def _source(known: Known, path: Path) -> str:
    lists, it = known.it.lists("right"), known.it
    beside = valid(leaves(known.alone(), lists), known.aside.leaves) if known.aside else {}
    if any(each[: len(path)] == path for each in beside):
        return ASIDE
    for part in it.parts:
        if path[: len(part.path)] == part.path and known.rows(part.rows):
            return part.rows.resource
    for pair in it.pairs:
        if path in (pair.right, *pair.right_others):
            return f"{it.left.name}.{'.'.join(pair.left)}"
    return FILLED_IN if any(path[: len(at)] == at for at, _ in it.right_fill) else ""
