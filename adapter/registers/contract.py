"""The contract of a register: what may be asked of it and what it may answer, checked by openapi-core.

A finding names the operation, the half of the exchange, the position and the rule. It never holds a value,
so it can be logged.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from jsonschema.exceptions import ValidationError
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.templating.paths.exceptions import OperationNotFound, PathNotFound
from openapi_core.templating.responses.exceptions import ResponseNotFound
from werkzeug.datastructures import Headers, ImmutableMultiDict

from adapter.counts import Counts
from adapter.errors import RegisterAnswer
from adapter.logs import logger
from adapter.openapi.document import Document, Operation
from adapter.registers.messages import Received, Sent

log = logger("klantbrug.contract")

# Only the path counts when an exchange is looked up, so that a document serves any base URL.
ORIGIN = "http://register"
JSON = "application/json"
COMPOSED = ("allOf", "oneOf", "anyOf")
UNCHECKED_HEADERS = frozenset({"authorization"})


class Mode(StrEnum):
    """What happens to an exchange that breaks the contract."""

    OFF = "off"
    LOG = "log"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Finding:
    """One break of the contract; `half` is request or answer, `position` a path into it."""

    register: str
    half: str
    method: str
    path: str
    status: int
    position: str
    rule: str


Report = Callable[[Finding], None]


def log_finding(finding: Finding) -> None:
    """Write a finding as a warning."""
    log.warning("contract_broken", **asdict(finding))


def refuse_finding(finding: Finding) -> None:
    """Write a finding, and end the request it belongs to."""
    log_finding(finding)
    raise RegisterAnswer(finding.register)


REPORTS: dict[Mode, Report] = {Mode.LOG: log_finding, Mode.REFUSE: refuse_finding}


def contract_for(
    register: str, document: Mapping[str, Any], mode: Mode, counts: Counts | None = None
) -> "RegisterContract | None":
    """The contract in one of the modes of the configuration; None when it is off."""
    return None if mode is Mode.OFF else RegisterContract(register, document, REPORTS[mode], counts)


class RegisterContract:
    """Both halves of every exchange against an OpenAPI document; safe to share between threads.

    `report` gets each finding in the thread of the call, and may raise to end it. `counts` is where exchanges
    and findings are counted.
    """

    def __init__(
        self, register: str, document: Mapping[str, Any], report: Report, counts: Counts | None = None
    ) -> None:
        self.register = register
        self._report = report
        self._counts = counts if counts is not None else Counts()
        whole = openapi_core_form(document)
        self._parts = tuple(_Part(whole, each) for each in Document(whole).operations)
        self._openapi = _openapi(whole)
        self._openapis: dict[tuple[str, str, frozenset[str]], OpenAPI] = {}

    def request(self, sent: Sent) -> None:
        """Check a request before it goes out.

        Prevents more than the document demands: a parameter that it does not declare is a finding, because
        there are registers that ignore such a filter and answer with everything they have.
        """
        self.count("contract_checked")
        for name in self._undeclared(sent):
            self._found(self._finding("request", sent, 0, name, "parameter not in the contract"))
        errors = self._of(sent).iter_request_errors(_Request(sent))
        self._tell("request", sent, 0, errors)

    def answer(self, sent: Sent, received: Received) -> None:
        """Check an answer."""
        errors = self._of(sent).iter_response_errors(_Request(sent), _Response(received))
        self._tell("answer", sent, received.status, errors)

    def _of(self, sent: Sent) -> OpenAPI:
        """The document, or where only one operation can be meant no more of it than the exchange is about.

        openapi-core works through every parameter of an operation, sent or not: most of the time goes there.
        """
        found = self._matching(sent)
        if len(found) != 1:
            return self._openapi
        (part,) = found
        names = part.names & {name.lower() for name in (*dict(sent.params), *sent.headers)}
        key = (*part.key, names)
        if key not in self._openapis:
            self._openapis[key] = _openapi(part.document(names))
        return self._openapis[key]

    def _tell(self, half: str, sent: Sent, status: int, errors: Iterable[Exception]) -> None:
        for position, rule in dict.fromkeys(found for error in errors for found in _explain(error)):
            self._found(self._finding(half, sent, status, position, rule))

    def _found(self, finding: Finding) -> None:
        self.count("contract_broken")
        self._report(finding)

    def count(self, what: str) -> None:
        """Count something for who looks after the deployment."""
        self._counts.add(f"{what}.{self.register}")

    def _finding(self, half: str, sent: Sent, status: int, position: str, rule: str) -> Finding:
        path = re.sub(r"[0-9a-fA-F-]{32,36}", "{uuid}", sent.path)
        return Finding(self.register, half, sent.method, path, status, position, rule)

    def _matching(self, sent: Sent) -> "list[_Part]":
        return [
            each
            for each in self._parts
            if each.method == sent.method.lower() and each.path.fullmatch("/" + sent.path)
        ]

    def _undeclared(self, sent: Sent) -> list[str]:
        known = self._matching(sent)
        return [name for name, _ in sent.params if known and not any(name in each.query for each in known)]


class _Part:
    """One operation of a document."""

    def __init__(self, whole: dict[str, Any], operation: Operation) -> None:
        self._whole, self.method = whole, operation.method
        self.key = (operation.method, operation.path)
        self.path = re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]+\}", operation.path))))
        self.query = frozenset(each.name for each in operation.parameters_in("query"))
        self.names = frozenset(each.name.lower() for each in operation.parameters)

    def document(self, names: Collection[str]) -> dict[str, Any]:
        """The document with this operation alone; of its parameters those with these names, or required."""
        method, path = self.key
        item = self._whole["paths"][path]
        source = Document(self._whole)
        parameters = [
            found
            for each in (*item[method].get("parameters", ()), *item.get("parameters", ()))
            if (found := source.resolve(each)).get("required") or found["name"].lower() in names
        ]
        return {**self._whole, "paths": {path: {method: {**item[method], "parameters": parameters}}}}


def _openapi(document: dict[str, Any]) -> OpenAPI:
    # The documents are validated by the tests, not at every start.
    config = Config(
        spec_validator_cls=None,  # type: ignore[arg-type]
        extra_media_type_deserializers={"application/problem+json": json.loads},
    )
    return OpenAPI.from_dict(document, config=config)


def openapi_core_form(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as openapi-core needs it, without servers and security.

    Null is allowed where `nullable` stands beside a reference; nothing is required of a PATCH, for which the
    documents of the registers use the same schema as for a whole record.
    """
    copied: dict[str, Any] = _copy(document)
    copied["servers"] = [{"url": ORIGIN}]
    # How to log in is the service's concern; it would only be checked for a header being there.
    copied.pop("security", None)
    source = Document(copied)
    for path in copied["paths"].values():
        for method, operation in path.items():
            if isinstance(operation, dict):
                operation.pop("security", None)
                if method == "patch" and "requestBody" in operation:
                    operation["requestBody"] = _partial(source, operation["requestBody"])
    return copied


def _partial(document: Document, body: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(document.resolve(body))
    found["content"] = {
        media_type: {**content, "schema": _without_required(document, content["schema"])}
        for media_type, content in found["content"].items()
    }
    return found


def _without_required(document: Document, schema: Mapping[str, Any]) -> dict[str, Any]:
    found = {key: value for key, value in document.resolve(schema).items() if key != "required"}
    for key in COMPOSED:
        if key in found:
            found[key] = [_without_required(document, each) for each in found[key]]
    return found


def _copy(node: Any) -> Any:
    if isinstance(node, list):
        return [_copy(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    copied = {str(key): _copy(value) for key, value in node.items()}
    if (
        copied.get("nullable") is True
        and "type" not in copied
        and {"allOf", "oneOf", "anyOf"} & copied.keys()
    ):
        rest = {key: copied.pop(key) for key in ("allOf", "oneOf", "anyOf") if key in copied}
        copied["anyOf"] = [rest, {"nullable": True, "enum": [None]}]
    return copied


def _explain(error: Exception) -> Iterator[tuple[str, str]]:
    """Position and rule of everything that is wrong, without a value."""
    if isinstance(error, PathNotFound | OperationNotFound):
        yield "", "operation not in the contract"
        return
    if isinstance(error, ResponseNotFound):
        yield "", "status not in the contract"
        return
    cause = error.__cause__
    found = [each for each in getattr(cause, "schema_errors", ()) if isinstance(each, ValidationError)]
    for each in found:
        yield "/" + "/".join(map(str, each.absolute_path)), _rule(each)
    if not found:
        name = getattr(error, "name", "")
        yield str(name), " < ".join(type(each).__name__ for each in (error, cause) if each is not None)


def _rule(error: ValidationError) -> str:
    """The keyword and, where it says more and is the document's own, its value."""
    keyword, demanded = str(error.validator), error.validator_value
    if keyword in ("type", "maxLength", "minLength", "format", "maximum", "minimum"):
        return f"{keyword} {demanded}"
    if isinstance(demanded, list) and isinstance(error.instance, Mapping):
        return f"{keyword} {', '.join(str(name) for name in demanded if name not in error.instance)}"
    return keyword


@dataclass
class _Request:
    """A request in the form that openapi-core asks for."""

    sent: Sent
    parameters: RequestParameters = field(init=False)

    def __post_init__(self) -> None:
        headers = Headers(
            [pair for pair in self.sent.headers.items() if pair[0].lower() not in UNCHECKED_HEADERS]
        )
        query = ImmutableMultiDict(list(self.sent.params))
        self.parameters = RequestParameters(query=query, header=headers)

    host_url = ORIGIN
    content_type = JSON

    @property
    def path(self) -> str:
        return "/" + self.sent.path.partition("?")[0]

    @property
    def full_url(self) -> str:
        return f"{ORIGIN}{self.path}?{urlencode(list(self.sent.params))}"

    @property
    def method(self) -> str:
        return self.sent.method.lower()

    @property
    def body(self) -> bytes | None:
        return self.sent.body


@dataclass
class _Response:
    """An answer in the form that openapi-core asks for."""

    received: Received

    @property
    def status_code(self) -> int:
        return self.received.status

    @property
    def content_type(self) -> str:
        return self.received.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    @property
    def headers(self) -> Headers:
        return Headers(list(self.received.headers.items()))

    @property
    def data(self) -> bytes | None:
        return self.received.body or None
