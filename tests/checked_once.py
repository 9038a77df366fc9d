"""The contract of a register for many exchanges: what was found right is not checked again."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import jsonschema_rs
import orjson
from adapter.api.trail import REQUEST_ID
from adapter.counts import Counts
from adapter.openapi.document import Document
from adapter.registers.contract import RegisterContract, Report
from adapter.registers.contract_forms import openapi_core_form
from adapter.registers.messages import Received, Sent

REQUEST = "request"
COMPOSED = {"oneOf", "anyOf", "allOf"}
# Keys of a schema that hold names or that JSON Schema does not have.
NAMED = {"properties", "nullable", "example", "default", "discriminator"}

# What stands for one of its kind: to a contract all of them are alike. Moments are real ones, digits are
# counted, and a number is one that KlantBrug gives.
KINDS = {
    "uuid": re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "moment": re.compile(
        r"\b20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{1,6}(?=Z|\+00:00)"
    ),
    "fingerprint": re.compile(r"(?<=\")[0-9a-f]{16}(?=\")"),
    "number": re.compile(r"(?<=\")K[A-Z2-7]{7}(?=\")"),
    "version": re.compile(r"(?<=\"index\":)\d+"),
}


# What was made of a document in this process, and found right with it: for each KlantBrug that is started.
_MADE: dict[tuple[str, int], dict[str, Any]] = {}
OWN = {"_report", "_counts"}


class CheckedOnce(RegisterContract):
    """Checks every exchange, unless the same was right before; what it reports to must raise.

    Nine in ten exchanges of a long run are repeats, and to check one costs more than the exchange itself.
    Which uuid stands somewhere makes no difference to a contract, nor what the request is called; a page is
    right when it is without its records, and each of those was right on a page. Where only the body is new, a
    compiled validator may say that it is right; what it refuses is checked as ever.
    """

    def __init__(self, register: str, document: Mapping[str, Any], report: Report) -> None:
        if made := _MADE.get((register, id(document))):
            vars(self).update(made, _report=report, _counts=Counts())
            return
        super().__init__(register, document, report)
        # the document is kept, so that its id stays its own
        self._whole, self._right, self._bodies = document, set[int](), Bodies(document)
        _MADE[register, id(document)] = {name: each for name, each in vars(self).items() if name not in OWN}

    def request(self, sent: Sent) -> None:
        """Check a request before it goes out."""
        headers = [(name, value) for name, value in sent.headers.items() if name != REQUEST_ID]
        about = (sent.method, sent.path, sent.params, headers, sent.body is None)
        self._check(sent, about, REQUEST, sent.body, lambda: super(CheckedOnce, self).request(sent))

    def answer(self, sent: Sent, received: Received) -> None:
        """Check an answer."""
        content_type = received.headers.get("Content-Type")
        status = str(received.status)
        about = (sent.method, sent.path, status, sorted(received.headers), content_type, not received.body)
        self._check(
            sent, about, status, received.body, lambda: super(CheckedOnce, self).answer(sent, received)
        )

    def _check(
        self, sent: Sent, about: tuple[object, ...], half: str, body: bytes | None, whole: Callable[[], None]
    ) -> None:
        around = alike(*about)
        if around in self._right and (not body or self._is_right(sent, half, body)):
            return
        content = {around, *(alike(*about, each) for each in _parts(body))}
        if not content <= self._right:
            whole()
            self._right |= content

    def _is_right(self, sent: Sent, half: str, body: bytes) -> bool:
        """Whether the compiled validator of the only operation that can be meant takes a body."""
        found = self._matching(sent)
        return len(found) == 1 and self._bodies.is_right(*found[0].key, half, body)


class Bodies:
    """Compiled validators of the bodies of a register's document; `half` is `REQUEST` or a status."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = Document(openapi_core_form(document))
        self._validators: dict[tuple[str, str, str], Any] = {}

    def is_right(self, method: str, path: str, half: str, body: bytes) -> bool:
        """False also where there is no telling: no schema, no JSON, or more than is understood here."""
        key = (method, path, half)
        if key not in self._validators:
            self._validators[key] = self._compiled(*key)
        validator = self._validators[key]
        return validator is not None and (content := _json(body)) is not None and validator.is_valid(content)

    def _compiled(self, method: str, path: str, half: str) -> Any:
        operation = self._document.operation(method, path)
        schema = operation and (operation.body if half == REQUEST else operation.answers.get(half))
        if not schema:
            return None
        unwanted = "readOnly" if half == REQUEST else "writeOnly"
        schemas = self._document.raw["components"].get("schemas", {})
        definitions = {name: _json_schema(each, unwanted) for name, each in schemas.items()}
        whole = {"components": {"schemas": definitions}, "allOf": [_json_schema(schema, unwanted)]}
        return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def _json_schema(node: Any, unwanted: str) -> Any:
    """An OpenAPI 3.0 schema as a JSON Schema that refuses at least as much; members may not be `unwanted`."""
    if isinstance(node, list):
        return [_json_schema(each, unwanted) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return {"$ref": node["$ref"]}
    if node.get(unwanted) is True or ("discriminator" in node and COMPOSED & node.keys()):
        return False
    found = {key: _json_schema(value, unwanted) for key, value in node.items() if key not in NAMED}
    if members := node.get("properties"):
        found["properties"] = {name: _json_schema(each, unwanted) for name, each in members.items()}
        absent = {name for name, each in members.items() if each.get(unwanted) is True}
        found["required"] = [name for name in node.get("required", ()) if name not in absent]
    return {"anyOf": [found, {"type": "null"}]} if node.get("nullable") is True else found


def _parts(body: bytes | None) -> Iterator[bytes | None]:
    """What an answer says; of a page what stands around its records, and each of them."""
    page = _json(body) if body and b'"results"' in body else None
    if not isinstance(page, dict) or not isinstance(page.get("results"), list):
        yield body
        return
    yield orjson.dumps({**page, "results": []})
    yield from map(orjson.dumps, page["results"])


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except ValueError:
        return None


def alike(*parts: object) -> int:
    """The same for what differs only in uuids, moments and such."""
    found = repr(parts)
    for kind, pattern in KINDS.items():
        found = pattern.sub(kind, found)
    return hash(found)
