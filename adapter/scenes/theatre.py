"""KlantBrug with the mappings of a folder, on embedded registers in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from adapter import context
from adapter.api.errors import error_answer
from adapter.api.handlers import Endpoint, Handler, handler
from adapter.api.request import Request
from adapter.api.routes import Routes
from adapter.dialects import Library
from adapter.embedded.inside import AtOnce
from adapter.embedded.municipality.plan import objecttypes as others_types
from adapter.embedded.objects import TypeSeed
from adapter.engine.deployment import Deployment, ObjectType, RegisterLinks
from adapter.engine.gateway.aliased import aliased, becoming
from adapter.engine.gateway.found_by import findable
from adapter.engine.maintenance.objecttypes import objecttypes
from adapter.engine.service import service_of
from adapter.errors import AdapterError
from adapter.gathering.starting import TYPES
from adapter.gathering.store import ALIAS
from adapter.mapping.compiling import Compiler
from adapter.mapping.lengths import Lengths
from adapter.mapping.load import Dialect
from adapter.openapi.document import Document
from adapter.registers.objecttypes import Definition
from adapter.scenes.bodies import completed
from adapter.scenes.gathering import Gatherer
from adapter.scenes.registers import InProcess, Stage, all_of, base_of
from adapter.service import Caller, Service
from adapter.shipped import example_settings, gathered, register_documents, served_document
from adapter.state.opening import open_state

PUBLIC_URL = "https://klantbrug.example/klantinteracties/api/v1"
SOMEBODY = Caller("scene", legacy_fields=True)


class _Current:
    """The service of the scene that is played."""

    now: Service

    def __getattr__(self, name: str) -> Any:
        return getattr(self.now, name)


@dataclass
class Play:
    """KlantBrug with one set of settings, and its registers."""

    deployment: Deployment
    stage: Stage
    registers: Mapping[str, InProcess]
    types: Mapping[str, ObjectType]
    documents: Mapping[str, Document]
    gatherer: Gatherer | None = None
    _service: _Current = field(default_factory=_Current)
    _routes: Routes = field(default_factory=lambda: Routes(served_document()))
    _handlers: dict[tuple[str, str], Handler] = field(default_factory=dict)

    def renew(self) -> None:
        """Start again with empty registers and an empty state."""
        self.stage.renew()
        self.deployment.state.close()
        state = open_state()
        of = becoming(self.deployment.mappings)
        aliases = state.aliases if of else None
        registers = aliased(self.registers, aliases, of=of)
        registers = findable(registers, self.deployment.mappings, state.found, state.aliases)
        deployment = replace(self.deployment, state=state, registers=registers, aliases=aliases, gathers=None)
        self.deployment = self.gatherer.begin(deployment) if self.gatherer else deployment
        self._service.now = service_of(self.deployment)

    def wait(self, seconds: float) -> None:
        """Let time pass. Raises LookupError where nothing waits for anything."""
        if self.gatherer is None:
            raise LookupError("nothing is gathered in this dialect")
        self.gatherer.wait(seconds)

    def ask(self, method: str, target: str, body: Any) -> tuple[int, Any]:
        """The (status, JSON) that a client of the served API gets for a request.

        The body of a POST is completed with the required members. Raises LookupError for an operation that
        the specification does not have.
        """
        context.begin(context.RequestContext())
        path, _, query = target.partition("?")
        match = self._routes.match(f"/{path}")
        operation = match.route.operations.get(method) if match else None
        if match is None or operation is None:
            raise LookupError(f"the specification has no {method} /{path}")
        if method == "POST" and operation.body is not None:
            body = completed(served_document(), operation.body, body or {})
        sent = b"" if body is None else orjson.dumps(body)
        key = method, operation.path
        if key not in self._handlers:
            endpoint = Endpoint(self._service, served_document(), operation, PUBLIC_URL)
            self._handlers[key] = handler(endpoint)
        try:
            found = self._handlers[key](Request(SOMEBODY, match.identifier, query, sent))
        except AdapterError as error:
            said = error_answer(error, PUBLIC_URL)
            return said.status, said.body
        return found.status_code, orjson.loads(found.body) if found.body else None

    def completed_for(self, register: str, collection: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """A new record of a register client, completed with the members that the register requires."""
        document = self.documents.get(register)
        operation = document.operation("post", f"/{collection}") if document else None
        if document is None or operation is None or operation.body is None:
            return body
        return completed(document, operation.body, body)

    def asked(self) -> list[tuple[str, frozenset[str]]]:
        """The register calls since the last time, as (`REGISTER/COLLECTION`, names of parameters)."""
        found = [call for each in self.registers.values() for call in each.asked]
        for each in self.registers.values():
            each.asked.clear()
        return found


class Theatre:
    """The plays of one dialect, one for each set of settings that scenes ask for."""

    def __init__(self, dialect: Dialect, library: Library, runner: asyncio.Runner) -> None:
        self._dialect, self._library, self._runner = dialect, library, runner
        self._documents = register_documents(dialect.name, library)
        self._plays: dict[bytes, Play] = {}

    def play(self, settings: Mapping[str, Any]) -> Play:
        """The play with these settings besides the defaults, on empty registers."""
        key = orjson.dumps(settings, option=orjson.OPT_SORT_KEYS)
        if key not in self._plays:
            self._plays[key] = self._made({**self._dialect.settings, **example_settings(), **settings})
        found = self._plays[key]
        found.renew()
        return found

    def _made(self, settings: Mapping[str, Any]) -> Play:
        stage = Stage(self._dialect.chain, [], self._runner, {}, self._library)
        registers = all_of(stage)
        lengths = Lengths(served_document(), self._documents)
        compiler = Compiler(served_document(), settings, RegisterLinks(registers), lengths)
        mappings = compiler.mappings(self._dialect.files, self._dialect.registers, self._dialect.shapes)
        seeds = {each.name: each for each in others_types(self._dialect.shapes)}
        own = [each for each in objecttypes(mappings) if each.name not in seeds]
        declared = gathered(self._dialect.name, settings, self._library)
        types_of = TYPES if declared else [ALIAS] if becoming(mappings) else []
        made: list[Definition] = [*own, *types_of]
        seeds |= {
            each.name: TypeSeed(each.uuid, each.name, each.name_plural, (each.schema,)) for each in made
        }
        stage.types = list(seeds.values())
        base = base_of("objects")
        types = {
            name: ObjectType(name, each.uuid, f"{base}objecttypes/{each.uuid}", 1)
            for name, each in seeds.items()
        }
        deployment = Deployment(mappings, registers, types, settings, PUBLIC_URL, AtOnce())
        gatherer = Gatherer(declared, registers) if declared else None
        return Play(deployment, stage, registers, types, self._documents, gatherer)

    def close(self) -> None:
        """Close the states of the plays."""
        for each in self._plays.values():
            each.deployment.state.close()


@contextmanager
def theatre(dialect: Dialect, library: Library) -> Iterator[Theatre]:
    """The theatre of a dialect of the library, closed with the context."""
    with asyncio.Runner() as runner:
        found = Theatre(dialect, library, runner)
        try:
            yield found
        finally:
            found.close()
