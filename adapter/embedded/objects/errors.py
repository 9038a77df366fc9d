"""Error answers of the Objects API, which have `invalid_params` and messages in English."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

NON_FIELD = "nonFieldErrors"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem with a request; `name` is a dotted path into the body, or "" for the query."""

    name: str
    code: str
    reason: str


@dataclass
class Refusal(Exception):
    """Ends a request with an error answer; `kind` ends its `type`, as `NotFound` does."""

    status: int
    kind: str
    code: str
    title: str
    detail: str
    problems: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def content(self, origin: str) -> dict[str, Any]:
        """The body of the answer; `origin` are the scheme and host that the client used."""
        body: dict[str, Any] = {
            "type": f"{origin}/ref/fouten/{self.kind}/",
            "code": self.code,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": f"urn:uuid:{uuid4()}",
        }
        if self.problems:
            body["invalid_params"] = [
                {"name": problem.name, "code": problem.code, "reason": problem.reason}
                for problem in self.problems
            ]
        return body


def invalid(*problems: Problem) -> Refusal:
    text = "Invalid input."
    return Refusal(400, "ValidationError", "invalid", text, text, problems)


def invalid_query(code: str, reason: str) -> Refusal:
    return invalid(Problem("", code, reason))


def malformed(detail: str) -> Refusal:
    return Refusal(400, "ParseError", "parse_error", "Malformed request.", detail)


def not_authenticated() -> Refusal:
    text = "Authentication credentials were not provided."
    challenge = {"WWW-Authenticate": "Token"}
    return Refusal(401, "NotAuthenticated", "not_authenticated", text, text, headers=challenge)


def authentication_failed(detail: str) -> Refusal:
    title = "Incorrect authentication credentials."
    challenge = {"WWW-Authenticate": "Token"}
    return Refusal(401, "AuthenticationFailed", "authentication_failed", title, detail, headers=challenge)


def forbidden() -> Refusal:
    text = "You do not have permission to perform this action."
    return Refusal(403, "PermissionDenied", "permission_denied", text, text)


def not_found(detail: str = "Not found.") -> Refusal:
    return Refusal(404, "NotFound", "not_found", "Not found.", detail)


def method_not_allowed(method: str, allowed: str) -> Refusal:
    title = 'Method "{method}" not allowed.'  # the Objects API leaves the placeholder unfilled
    detail = f'Method "{method}" not allowed.'
    return Refusal(405, "MethodNotAllowed", "method_not_allowed", title, detail, headers={"Allow": allowed})


def not_acceptable(detail: str | None = None) -> Refusal:
    title = "Could not satisfy the request Accept header."
    return Refusal(406, "NotAcceptable", "not_acceptable", title, detail or title)


def precondition_failed(detail: str) -> Refusal:
    return Refusal(412, "PreconditionFailed", "precondition_failed", "Precondition failed", detail)


def unsupported_media_type(media_type: str) -> Refusal:
    title = 'Unsupported media type "{media_type}" in request.'
    detail = f'Unsupported media type "{media_type}" in request.'
    return Refusal(415, "UnsupportedMediaType", "unsupported_media_type", title, detail)


def broken() -> Refusal:
    return Refusal(500, "APIException", "error", "A server error occurred.", "Internal Server Error")
