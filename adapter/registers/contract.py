"""The contract of a register: its OpenAPI document, to which openapi-core holds every exchange.

A finding names the operation, the half of the exchange, the position and the rule that is broken. It holds no
value, so it may be logged.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
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
from adapter.registers.messages import Mode, Received, Sent

log = logger("klantbrug.contract")


@dataclass(frozen=True, slots=True)
class Finding:
    """One break of the contract.

    half: request or answer. path: relative to the register, uuids as `{uuid}`. status: 0 for a request.
    position: a JSON Pointer into the body (`/results/0/url`) or the name of a parameter or header.
    rule: the keyword that is broken, such as `maxLength 40` or `required url`.
    """

    register: str
    half: str
    method: str
    path: str
    status: int
    position: str
    rule: str


Report = Callable[[Finding], None]


def log_finding(finding: Finding) -> None:
    """Log a finding as a warning."""
    log.warning("contract_broken", **asdict(finding))


def refuse_finding(finding: Finding) -> None:
    """Log a finding, and raise RegisterAnswer to end its request."""
    log_finding(finding)
    raise RegisterAnswer(finding.register)


REPORTS: dict[Mode, Report] = {Mode.LOG: log_finding, Mode.REFUSE: refuse_finding}


def contract_for(
    register: str, document: Mapping[str, Any], mode: Mode, counts: Counts | None = None
) -> "RegisterContract | None":
    """The contract for a mode of the configuration; None for OFF."""
    return None if mode is Mode.OFF else RegisterContract(register, document, REPORTS[mode], counts)


class RegisterContract:
    """Checks both halves of an exchange against an OpenAPI document. Threads may share it.

    `report` is called with each finding in the thread of the exchange, and may raise to end it. Exchanges and
    findings are counted in `counts`.
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
        """Check a request before it is sent.

        A parameter that the document does not declare is a finding too. OpenAPI allows it, but a register
        that ignores an unknown filter answers with everything that it has.
        """
        self.count("contract_checked")
        for name in self._undeclared(sent):
            self._found(self._finding("request", sent, 0, name, "parameter not in the contract"))
        errors = self._of(sent).iter_request_errors(RequestForm(sent))
        self._tell("request", sent, 0, errors)

    def answer(self, sent: Sent, received: Received) -> None:
        """Check the answer to a request."""
        errors = self._of(sent).iter_response_errors(RequestForm(sent), ResponseForm(received))
        self._tell("answer", sent, received.status, errors)

    def _of(self, sent: Sent) -> OpenAPI:
        """The document, reduced to the operation and parameters of this exchange when the operation is known.

        openapi-core checks every declared parameter, sent or not, and spends most of its time on that.
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
        """Count an event of this register, for the metrics."""
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
    """(position, rule) of everything that an error of openapi-core says, without values."""
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
    """The broken keyword, with its value in the document where that is informative: `maxLength 40`."""
    keyword, demanded = str(error.validator), error.validator_value
    if keyword in ("type", "maxLength", "minLength", "format", "maximum", "minimum"):
        return f"{keyword} {demanded}"
    if keyword == "required" and isinstance(demanded, list) and isinstance(error.instance, Mapping):
        return f"{keyword} {', '.join(str(name) for name in demanded if name not in error.instance)}"
    return keyword
