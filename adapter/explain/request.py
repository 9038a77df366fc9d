"""Answering of one request while recording its register calls and the source of its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

import orjson

from adapter.api.errors import error_answer
from adapter.api.handlers import Endpoint, handler
from adapter.api.request import Request
from adapter.api.routes import Match, Routes
from adapter.engine.deployment import Deployment, ObjectType
from adapter.engine.entities.entry import Entry
from adapter.engine.gateway.session import Session
from adapter.engine.read.repository import Repository
from adapter.engine.service import Engine, service_of
from adapter.errors import AdapterError, Invalid
from adapter.explain.calls import Call, Calls, Watched, followed
from adapter.explain.gathered import Contact, contacts_of
from adapter.gathering.starting import Started
from adapter.openapi.document import Document, Operation
from adapter.service import Caller, Service


class NoSuchOperation(Exception):
    """The specification has no operation with this method and path."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request; `path` is below the base path, `query` is without question mark."""

    method: str
    path: str
    query: str
    body: bytes

    @classmethod
    def of(cls, method: str, target: str, body: bytes) -> Asked:
        """The request for a target such as `/klantcontacten?page=2`."""
        path, _, query = target.partition("?")
        return cls(method.upper(), "/" + path.strip("/"), query, body)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A request and what was done for it.

    seconds: the duration of the whole request. calls: the register calls, in the order in which they began.
    answer: the JSON of the answer; None without one. problems: (name, code, reason) of a refused request.
    entries: the resources in the answer, each with its representation. gathered: the contacts of which these
    are pieces.
    """

    asked: Asked
    operation: Operation
    status: int
    seconds: float
    calls: list[Call]
    answer: Any
    problems: list[tuple[str, str, str]]
    entries: list[tuple[Entry, Mapping[str, Any]]]
    types: tuple[ObjectType, ...]
    gathered: list[Contact] = field(default_factory=list)

    def contact_of(self, uuid: str) -> Contact | None:
        """The contact of which a resource in the answer is a piece that is known here."""
        return next((each for each in self.gathered if uuid in each.uuids), None)


def operation_of(document: Document, asked: Asked) -> tuple[Operation, Match]:
    """The operation of a request. Raises NoSuchOperation."""
    match = Routes(document).match(asked.path)
    operation = match.route.operations.get(asked.method) if match else None
    if match is None or operation is None:
        raise NoSuchOperation
    return operation, match


def explain(deployment: Deployment, document: Document, asked: Asked) -> Explanation:
    """Carry out a request. Raises NoSuchOperation; any other error is part of the explanation."""
    operation, match = operation_of(document, asked)
    calls = Calls()
    problems: list[tuple[str, str, str]] = []
    with _recorded(deployment, calls) as service:
        run = handler(Endpoint(service, document, operation, deployment.public_url))
        calls.begun = perf_counter()
        try:
            found = run(Request(Caller("explain"), match.identifier, asked.query, asked.body))
            status, answer = found.status_code, orjson.loads(found.body) if found.body else None
        except AdapterError as error:
            said = error_answer(error, deployment.public_url)
            status, answer = said.status, None
            refused = error.problems if isinstance(error, Invalid) else ()
            problems = [(each.name, each.code, each.reason) for each in refused]
            problems = problems or [("", said.body["code"], said.body["detail"])]
        seconds = perf_counter() - calls.begun
    entries = list(_entries(deployment, answer))
    types = tuple(deployment.types.values())
    gathers = deployment.gathers
    pieces = [entry.uuid for entry, _ in entries]
    gathered = list(contacts_of(gathers, pieces)) if isinstance(gathers, Started) else []
    return Explanation(
        asked, operation, status, seconds, calls.made, answer, problems, entries, types, gathered
    )


@contextmanager
def _recorded(deployment: Deployment, calls: Calls) -> Iterator[Service]:
    """The service of a deployment, of which the register calls are recorded as long as the context lasts."""
    if deployment.gathers is None:
        watched = {name: Watched(register, calls) for name, register in deployment.registers.items()}
        yield Engine(replace(deployment, registers=watched))
        return
    # The engine sees pieces as objects, which are in no register.
    with followed(deployment.registers.values(), calls):
        yield service_of(deployment)


def _entries(deployment: Deployment, answer: Any) -> Iterator[tuple[Entry, Mapping[str, Any]]]:
    """The resources that the answer shows in full, with their representations; each is read again."""
    reading = Repository(Session(deployment))
    seen = set()
    for shown in _resources(answer):
        name, uuid = str(shown["url"]).rstrip("/").split("/")[-2:]
        if name not in deployment.mappings.resources or uuid in seen:
            continue
        seen.add(uuid)
        entry = reading.one(name, uuid)
        if entry is not None and set(shown) - {"uuid", "url"} - set(entry.resource.relations):
            yield entry, shown


def _resources(node: Any) -> Iterator[dict[str, Any]]:
    """All resources in an answer, the outer ones first; a reference (uuid and url alone) is none."""
    if isinstance(node, list):
        for each in node:
            yield from _resources(each)
    elif isinstance(node, dict):
        if "url" in node and set(node) != {"uuid", "url"}:
            yield node
        for each in node.values():
            yield from _resources(each)
