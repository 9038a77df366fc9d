"""Documents and messages in the form that openapi-core takes."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from jsonschema import FormatChecker
from openapi_core import Config, OpenAPI, V30RequestValidator, V30ResponseValidator
from openapi_core.datatypes import RequestParameters
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory
from openapi_schema_validator import OAS30ReadValidator, OAS30WriteValidator
from werkzeug.datastructures import Headers, ImmutableMultiDict

from adapter.openapi.document import Document, Operation
from adapter.registers.messages import Received, Sent

# Documents and exchanges get the same origin, so that one document is good for any base URL.
ORIGIN = "http://register"
JSON = "application/json"
COMPOSED = ("allOf", "oneOf", "anyOf")
UNCHECKED_HEADERS = frozenset({"authorization"})
# Keywords that refuse no text.
UNLIMITED = frozenset({"type", "title", "description", "example", "default", "nullable"})


class Part:
    """One operation of a document.

    `path` is a pattern for its paths; `query` are its query parameters, `names` all its parameters in lower
    case.
    """

    def __init__(self, whole: dict[str, Any], operation: Operation) -> None:
        self._whole, self.method = whole, operation.method
        self.key = (operation.method, operation.path)
        self.path = re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]+\}", operation.path))))
        self.query = frozenset(each.name for each in operation.parameters_in("query"))
        self.names = frozenset(each.name.lower() for each in operation.parameters)

    def document(self, names: Collection[str]) -> dict[str, Any]:
        """The document with this operation alone, and of its parameters the required ones and `names`.

        openapi-core would warn of a deprecated one each time that it is used.
        """
        method, path = self.key
        item = self._whole["paths"][path]
        source = Document(self._whole)
        parameters = [
            {name: value for name, value in found.items() if name != "deprecated"}
            for each in (*item[method].get("parameters", ()), *item.get("parameters", ()))
            if (found := source.resolve(each)).get("required")
            or (found["name"].lower() in names and not (found["in"] == "header" and _any_text(source, found)))
        ]
        return {**self._whole, "paths": {path: {method: {**item[method], "parameters": parameters}}}}


class _Validators(SchemaValidatorsFactory):
    """Schema validators that share one format checker; making a copy for each takes a quarter of a check."""

    def get_format_checker(self, *validators: Any) -> FormatChecker:
        return super().get_format_checker(*validators) if any(validators) else self.format_checker


class _RequestValidator(V30RequestValidator):
    schema_validators_factory = _Validators(OAS30WriteValidator)


class _ResponseValidator(V30ResponseValidator):
    schema_validators_factory = _Validators(OAS30ReadValidator)


def openapi_of(document: dict[str, Any]) -> OpenAPI:
    """A checker of exchanges; the document is one of `openapi_core_form`."""
    # The documents are validated by the tests, not at every start.
    config = Config(
        spec_validator_cls=None,  # type: ignore[arg-type]
        request_validator_cls=_RequestValidator,
        response_validator_cls=_ResponseValidator,
        extra_media_type_deserializers={"application/problem+json": json.loads},
    )
    return OpenAPI.from_dict(document, config=config)


def openapi_core_form(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document in the form that openapi-core takes: with the origin of this module, without security.

    - `nullable` beside `allOf`, `oneOf` or `anyOf` allows null. OpenAPI 3.0.3 lets it count only beside a
      `type`, but the authors of these documents mean it so.
    - The body of a PATCH has no required members. The documents use the schema of a whole record for it.
    """
    copied: dict[str, Any] = _copy(document)
    copied["servers"] = [{"url": ORIGIN}]
    # openapi-core would only check that there is some Authorization header.
    copied.pop("security", None)
    source = Document(copied)
    for path in copied["paths"].values():
        for method, operation in path.items():
            if isinstance(operation, dict):
                operation.pop("security", None)
                operation["responses"] = {
                    status: _limited(source, answer) for status, answer in operation["responses"].items()
                }
                if method == "patch" and "requestBody" in operation:
                    operation["requestBody"] = _partial(source, operation["requestBody"])
    return copied


def _limited(document: Document, answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without the headers that may have any value, since openapi-core looks up each of them."""
    found = dict(document.resolve(answer))
    headers = {name: document.resolve(each) for name, each in found.pop("headers", {}).items()}
    if demanded := {name: each for name, each in headers.items() if not _any_text(document, each)}:
        found["headers"] = demanded
    return found


def _any_text(document: Document, described: Mapping[str, Any]) -> bool:
    """Whether a header may be absent and may have any text."""
    schema = document.resolve(described.get("schema", {}))
    return not described.get("required") and schema.get("type") == "string" and schema.keys() <= UNLIMITED


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
    if found.pop("discriminator", None) and "oneOf" in found:
        # which leads to the schemas with their required members, and without those several may fit
        found["anyOf"] = found.pop("oneOf")
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


@dataclass
class RequestForm:
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
class ResponseForm:
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
