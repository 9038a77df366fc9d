"""The contract of a register: what may be asked of it and what it may answer, checked by openapi-core.

A finding names the operation, the half of the exchange, the position and the rule. It never holds a value,
so it can be logged.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from jsonschema.exceptions import ValidationError
from openapi_core import OpenAPI
from openapi_core.templating.paths.exceptions import OperationNotFound, PathNotFound
from openapi_core.templating.responses.exceptions import ResponseNotFound

from adapter.counts import Counts
from adapter.errors import RegisterAnswer
from adapter.logs import logger
from adapter.openapi.document import Document
from adapter.registers.contract_forms import Part, RequestForm, ResponseForm, openapi_core_form, openapi_of
from adapter.registers.messages import Received, Sent

log = logger("klantbrug.contract")


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
        self._parts = tuple(Part(whole, each) for each in Document(whole).operations)
        self._openapi = openapi_of(whole)
        self._openapis: dict[tuple[str, str, frozenset[str]], OpenAPI] = {}

    def request(self, sent: Sent) -> None:
        """Check a request before it goes out.

        Prevents more than the document demands: a parameter that it does not declare is a finding, because
        there are registers that ignore such a filter and answer with everything they have.
        """
        self.count("contract_checked")
        for name in self._undeclared(sent):
            self._found(self._finding("request", sent, 0, name, "parameter not in the contract"))
        errors = self._of(sent).iter_request_errors(RequestForm(sent))
        self._tell("request", sent, 0, errors)

    def answer(self, sent: Sent, received: Received) -> None:
        """Check an answer."""
        errors = self._of(sent).iter_response_errors(RequestForm(sent), ResponseForm(received))
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
            self._openapis[key] = openapi_of(part.document(names))
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

    def _matching(self, sent: Sent) -> list[Part]:
        return [
            each
            for each in self._parts
            if each.method == sent.method.lower() and each.path.fullmatch("/" + sent.path)
        ]

    def _undeclared(self, sent: Sent) -> list[str]:
        known = self._matching(sent)
        return [name for name, _ in sent.params if known and not any(name in each.query for each in known)]


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
