"""The generic handlers: list, retrieve, create, update and destroy, for whatever resource.

A handler is made once per operation, with its query parser and body validator compiled, and runs in a worker
thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.responses import Response

from adapter.api.bodies import Bounds, Read, reader
from adapter.api.errors import JSON
from adapter.api.paging import envelope
from adapter.api.request import Request
from adapter.api.room import Room
from adapter.errors import AdapterError, Forbidden, Invalid, NotFound, TooManyCalls
from adapter.openapi.bodies import compile_body
from adapter.openapi.document import Document, Operation
from adapter.openapi.formats import canonical_uuid
from adapter.openapi.parameters import Parsed, QueryParser, compile_query, filters_of_one
from adapter.service import ListQuery, Service

Handler = Callable[[Request], Response]

INVALID_PAGE = "Ongeldige pagina."
_NOT_BY_WAY_OF = 'Voor deze aanvraag is ook toestemming voor de operatie "{operation}" nodig.'


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation of the specification, and what its handler needs to serve it."""

    service: Service
    document: Document
    operation: Operation
    base_url: str
    bounds: Bounds = field(default_factory=Bounds)

    @property
    def resource(self) -> str:
        """The name of the resource as `Service` takes it: the first segment of the path (`partijen`)."""
        return self.operation.collection

    @property
    def status(self) -> int:
        """The status of a successful answer: the first 2xx that the specification declares."""
        return int(next(status for status in self.operation.answers if status.startswith("2")))

    def base_of(self, request: Request) -> str:
        """The public URL under which the request was asked."""
        return request.caller.base or self.base_url

    def check_rights(self, request: Request, parsed: Parsed) -> None:
        """Raise Forbidden when a filter or `expand` reveals a resource that the caller may not read."""
        for name in sorted(self.service.looked_into(self.resource, parsed.values, parsed.expand)):
            reads = [
                each for each in self.document.operations if (each.method, each.collection) == ("get", name)
            ]
            if not any(request.may(each.operation_id) for each in reads):
                one = next(each for each in reads if "{" in each.path)
                raise Forbidden(_NOT_BY_WAY_OF.format(operation=one.operation_id))

    def query_parser(self) -> QueryParser:
        """The parser of this operation's query string.

        A GET refuses unknown parameters and other methods ignore them. Open Klant looks a resource up as a
        GET does before it changes it, so PUT, PATCH and DELETE check the filters and `expand` of the GET too.
        """
        parameters, filters = (
            self.operation.parameters_in("query"),
            filters_of_one(self.document, self.operation),
        )
        if self.operation.method == "get":
            return compile_query(self.document, parameters, filters=filters)
        read = self.document.operation("get", self.operation.path) if "{" in self.operation.path else None
        lists = [each for each in read.parameters_in("query") if "items" in each.schema] if read else []
        return compile_query(self.document, (*parameters, *lists), filters=filters, lenient=True)

    def body_reader(self, *, partial: bool) -> Callable[[Request], Read]:
        """The function that parses and validates the body of a create, a PUT or (`partial`) a PATCH.

        A PATCH is validated with the schema of the PUT. Its own schema requires no member, and a member that
        is not required may be blank; for a PATCH that would allow more than Open Klant does.
        """
        whole = self.document.operation("put", self.operation.path) or self.operation
        schema = whole.body or self.operation.body or {}
        options = self.service.body_options(self.resource)
        items = self.bounds.list_items
        validate = compile_body(self.document, schema, options=options, list_items=items)
        return reader(validate, self.bounds, partial=partial)


@dataclass(frozen=True, slots=True)
class Write:
    """A handler in two steps: `read` parses and validates the body, `finish` does the rest.

    The steps are apart because long bodies are read one at a time; see `operations._Operation`.
    """

    read: Callable[[Request], Read]
    finish: Callable[[Request, Read], Response]

    def __call__(self, request: Request) -> Response:
        return self.finish(request, self.read(request))


def in_room(found: Handler, room: Room) -> Handler:
    """The same handler, counted by the room as a running request while it works."""
    if isinstance(found, Write):
        return Write(found.read, room.at_work(found.finish))
    return room.at_work(found)


def handler(endpoint: Endpoint) -> Handler:
    """The handler for an operation, chosen by its method and by whether its path names one resource."""
    if endpoint.operation.path == "/":
        return _root(endpoint)
    if endpoint.operation.method == "get":
        return _retrieve(endpoint) if "{" in endpoint.operation.path else _list(endpoint)
    makers = {
        "post": _create,
        "put": lambda endpoint: _update(endpoint, partial=False),
        "patch": lambda endpoint: _update(endpoint, partial=True),
        "delete": _destroy,
    }
    return makers[endpoint.operation.method](endpoint)


def rights_check(endpoint: Endpoint) -> Callable[[Request], None]:
    """A function that raises what keeps a request from being passed on to another server.

    It raises Forbidden when the query reveals what the caller may not read. A caller that may not read
    everything cannot send parameters that are unknown here either: what they reveal is not known.
    """
    parse = endpoint.query_parser()
    reads = [each.operation_id for each in endpoint.document.operations if each.method == "get"]

    def check(request: Request) -> None:
        if request.query and not all(map(request.may, reads)):
            endpoint.check_rights(request, _valid(parse, request))

    return check


def answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer with JSON content."""
    return Response(orjson.dumps(content), status, headers, media_type=JSON)


def _root(endpoint: Endpoint) -> Handler:
    paths = [operation.path for operation in endpoint.document.operations if "{" not in operation.path]
    collections = {path.strip("/"): path for path in paths if path != "/"}

    def root(request: Request) -> Response:
        base = endpoint.base_of(request)
        return answer({name: f"{base}{path}" for name, path in collections.items()})

    return root


def _list(endpoint: Endpoint) -> Handler:
    parse = endpoint.query_parser()
    service, resource = endpoint.service, endpoint.resource

    def list_(request: Request) -> Response:
        parsed = _valid(parse, request)
        if parsed.page is None:
            raise NotFound(INVALID_PAGE)
        endpoint.check_rights(request, parsed)
        query = ListQuery(parsed.values, parsed.expand, parsed.page, parsed.page_size)
        with _within_calls(parsed):
            page = service.list(resource, query, request.caller)
        url = f"{endpoint.base_of(request)}{endpoint.operation.path}"
        return answer(envelope(page, parsed.page_size, url, request.query))

    return list_


def _retrieve(endpoint: Endpoint) -> Handler:
    parse = endpoint.query_parser()
    service, resource = endpoint.service, endpoint.resource

    def retrieve(request: Request) -> Response:
        uuid = _uuid(request)
        parsed = _valid(parse, request)
        endpoint.check_rights(request, parsed)
        with _within_calls(parsed):
            return answer(service.retrieve(resource, uuid, parsed.expand, request.caller, parsed.values))

    return retrieve


def _look_up(endpoint: Endpoint) -> Callable[[Request, str, Parsed], None]:
    """A function that raises NotFound when the filters in the query of a change exclude the resource.

    Open Klant applies the filters of a list to the lookup that comes before a PUT, PATCH or DELETE too.
    """
    names = {each.name for each in filters_of_one(endpoint.document, endpoint.operation)}

    def look_up(request: Request, uuid: str, parsed: Parsed) -> None:
        filters = {name: value for name, value in parsed.values.items() if name in names}
        if filters:
            endpoint.check_rights(request, Parsed(filters))
            endpoint.service.retrieve(endpoint.resource, uuid, (), request.caller, filters)

    return look_up


@contextmanager
def _within_calls(parsed: Parsed) -> Iterator[None]:
    """Adds to TooManyCalls the parameter that the client can lower: `expand`, or else `pageSize`."""
    try:
        yield
    except TooManyCalls as error:
        raise TooManyCalls(error.most, "expand" if parsed.expand else "pageSize") from None


def _create(endpoint: Endpoint) -> Handler:
    service, resource, status = endpoint.service, endpoint.resource, endpoint.status

    def create(request: Request, read: Read) -> Response:
        if isinstance(read, AdapterError):
            raise read
        made = service.create(resource, read, request.caller)
        # The answer of a composite, such as maak-klantcontact, has no url.
        headers = {"Location": made["url"]} if "url" in made else None
        return answer(made, status, headers)

    return Write(endpoint.body_reader(partial=False), create)


def _update(endpoint: Endpoint, *, partial: bool) -> Handler:
    parse, look_up = endpoint.query_parser(), _look_up(endpoint)
    service, resource = endpoint.service, endpoint.resource

    def update(request: Request, read: Read) -> Response:
        uuid = _uuid(request)
        look_up(request, uuid, _valid(parse, request))
        if isinstance(read, AdapterError):
            # A resource that does not exist is a 404, however wrong the body is.
            service.retrieve(resource, uuid, (), request.caller)
            raise read
        return answer(service.update(resource, uuid, read, partial, request.caller))

    return Write(endpoint.body_reader(partial=partial), update)


def _destroy(endpoint: Endpoint) -> Handler:
    parse, look_up = endpoint.query_parser(), _look_up(endpoint)
    service, resource = endpoint.service, endpoint.resource

    def destroy(request: Request) -> Response:
        uuid = _uuid(request)
        parsed = _valid(parse, request)
        look_up(request, uuid, parsed)
        left = service.destroy(resource, uuid, parsed.values, request.caller)
        return Response(status_code=204) if left is None else answer(left)

    return destroy


def _valid(parse: QueryParser, request: Request) -> Parsed:
    """The parsed query of a request. Raises Invalid with all its problems."""
    parsed = parse(request.query)
    if parsed.problems:
        raise Invalid(parsed.problems)
    return parsed


def _uuid(request: Request) -> str:
    """The uuid in the path, in canonical form. Raises NotFound when the path holds no uuid."""
    uuid = canonical_uuid(request.identifier)
    if uuid is None:
        raise NotFound
    return uuid
