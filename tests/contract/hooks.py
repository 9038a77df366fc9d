"""What schemathesis has to know of this API beyond its document; `schemathesis.toml` names this module.

The document is taken as it is answered (`answered`), valid requests are made believable (`believable`), and
three findings are looked at more closely: a valid request that was refused may have met a rule (`rules`), an
invalid one that was accepted may be valid as it is read (`as_read`), and what was made and is not there may
have gone with what another step deleted (`Made`). Everything else fails.
"""

import json
import os
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
from adapter.openapi.document import Document, Operation
from hypothesis import strategies
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import EnsureResourceAvailability, RejectedPositiveData

from tests.contract.answered import as_answered
from tests.contract.as_read import body_as_read, query_as_read
from tests.contract.believable import Made, believable
from tests.contract.rules import only_rules

# As in `schemathesis.toml`.
TOKEN = os.environ.get("KLANTBRUG_TOKEN", "")
HEADERS = {"Authorization": f"Token {TOKEN}"}

made = Made()
_seeded: set[str] = set()

# Web addresses only: an identifier that is no address is refused, as the reference does.
schemathesis.openapi.format(
    "uri",
    strategies.builds(
        "https://{}.example/{}".format,
        strategies.from_regex(r"[a-z][a-z0-9]{0,15}", fullmatch=True),
        strategies.from_regex(r"[a-z0-9/]{0,40}", fullmatch=True),
    ),
)
schemathesis.openapi.format(
    "email",
    strategies.builds("{}@example.nl".format, strategies.from_regex(r"[a-z][a-z0-9]{0,15}", fullmatch=True)),
)


@schemathesis.hook
def before_load_schema(_context: Any, raw_schema: dict[str, Any]) -> None:
    """Hold the API to what it is known to answer."""
    as_answered(raw_schema)


@schemathesis.hook
def map_case(_context: Any, case: Any) -> Any:
    """Valid requests name what is there."""
    meta = case.meta
    if meta is None or meta.generation.mode.is_negative:
        return case
    _seed(case)
    if isinstance(case.body, dict):
        case.body = json.loads(json.dumps(case.body))
        believable(case.body, made)
    if _is_stateful(case):
        # The path leads to what an earlier step of the scenario made.
        return case
    if "uuid" in (case.path_parameters or {}) and (known := made.one(_collection(case))):
        case.path_parameters = {**case.path_parameters, "uuid": known}
    return case


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    """Remember what was made, changed and deleted, and clean up what is not needed any more."""
    collection = _collection(case)
    if response.status_code == 201:
        superfluous = made.note(collection, response.json())
        # The steps of a scenario rest on each other: nothing is taken away between them.
        if superfluous and not _is_stateful(case):
            requests.delete(f"{_base(case)}/{collection}/{superfluous}", headers=HEADERS, timeout=30)
            made.forget(collection, superfluous)
    elif case.method in ("PUT", "PATCH") and response.status_code == 200:
        made.tie(response.json())
    elif case.method == "DELETE" and response.status_code == 204:
        made.forget(collection, _last_of_path(response))


@schemathesis.hook
def filter_failure(_context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Whether it is one."""
    if isinstance(failure, RejectedPositiveData) and response.status_code == 400:
        return not only_rules(response.json().get("invalidParams", [{"code": "", "reason": ""}]))
    if isinstance(failure, AcceptedNegativeData):
        return not valid_as_read(case, response)
    if isinstance(failure, EnsureResourceAvailability):
        # Another step may have deleted what it belonged to.
        return not made.is_gone(_last_of_path(response))
    return True


def valid_as_read(case: Any, response: Any) -> bool:
    """Whether query and body are valid in the form in which the server reads them."""
    document = Document(case.operation.schema.raw_schema)
    operation = document.operation(case.method.lower(), case.operation.path)
    assert operation is not None
    return _query_is_valid(document, operation, case, response) and _body_is_valid(document, operation, case)


def _query_is_valid(document: Document, operation: Operation, case: Any, response: Any) -> bool:
    parameters = operation.parameters_in("query")
    schemas = {parameter.name: document.merged(parameter.schema) for parameter in parameters}
    query = urlsplit(response.request.url).query
    read = query_as_read(query, schemas, lenient=operation.method != "get")
    return all(
        name in schemas and case.operation.query.get(name).get_validator().is_valid(value)
        for name, value in read.items()
    )


def _body_is_valid(document: Document, operation: Operation, case: Any) -> bool:
    if operation.body is None:
        return True
    body = body_as_read(document, operation.body, case.body)
    (alternative,) = case.operation.body
    return bool(alternative.get_validator().is_valid(body))


def _seed(case: Any) -> None:
    base = _base(case)
    if base in _seeded:
        return
    _seeded.add(base)

    def create(collection: str, body: Any) -> Any:
        answer = requests.post(f"{base}/{collection}", json=body, headers=HEADERS, timeout=30)
        return answer.json() if answer.status_code == 201 else None

    made.seed(create)


def _base(case: Any) -> str:
    return str(case.operation.base_url).rstrip("/")


def _collection(case: Any) -> str:
    return str(case.operation.path.strip("/").partition("/")[0])


def _is_stateful(case: Any) -> bool:
    return case.meta is not None and case.meta.phase.name == "stateful"


def _last_of_path(response: Any) -> str:
    return str(urlsplit(response.request.url).path.rpartition("/")[2])
