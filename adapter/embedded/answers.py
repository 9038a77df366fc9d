"""Answers of the embedded Klanten and Contactmomenten registers: JSON, and errors in the ZGW form.

A request is refused by raising `Refused`. A reason may repeat what the client sent, so it is never logged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

import orjson
from starlette.requests import Request
from starlette.responses import Response

from adapter.openapi.checked import Problem

JSON = "application/json"
# The member of an ASGI scope with the public URL, without a slash at its end.
PUBLIC = "klantbrug.public"
NOT_LOGGED_IN = "Je hebt geen toestemming om deze actie uit te voeren."


class Refused(Exception):
    """Ends a request with an error answer; `kind` ends the `type` of the error, as `NotFound` does."""

    def __init__(
        self,
        status: int,
        kind: str,
        code: str,
        *,
        title: str,
        detail: str,
        problems: Sequence[Problem] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.kind = kind
        self.code = code
        self.title = title
        self.detail = detail
        self.problems = problems
        self.headers = headers
        super().__init__(status, code)


def invalid(*problems: Problem) -> Refused:
    """400: members or parameters are invalid."""
    return Refused(400, "ValidationError", "invalid", title="Invalid input.", detail="", problems=problems)


def invalid_as_a_whole(code: str, reason: str) -> Refused:
    """400: the members are valid each by itself, but not together."""
    return invalid(Problem("nonFieldErrors", code, reason))


def malformed(detail: str) -> Refused:
    """400: the body is not JSON."""
    title = "Ongeldig samengestelde request."
    return Refused(400, "ParseError", "parse_error", title=title, detail=detail)


def denied(code: str = "permission_denied", detail: str = NOT_LOGGED_IN) -> Refused:
    """403, also for a wrong token: these registers never answer 401."""
    return Refused(403, "PermissionDenied", code, title=NOT_LOGGED_IN, detail=detail)


def not_found(detail: str = "Niet gevonden.") -> Refused:
    """404 for a resource or a page; an unknown path is answered with HTML instead."""
    return Refused(404, "NotFound", "not_found", title="Niet gevonden.", detail=detail)


def method_not_allowed(method: str, allowed: Iterable[str]) -> Refused:
    """405. The unfilled placeholder in the title is what the real register answers."""
    title = 'Methode "{method}" niet toegestaan.'
    return Refused(
        405,
        "MethodNotAllowed",
        "method_not_allowed",
        title=title,
        detail=title.format(method=method),
        headers={"Allow": ", ".join(sorted(allowed))},
    )


def not_acceptable() -> Refused:
    """406: the client does not accept JSON."""
    text = "Kan niet voldoen aan de opgegeven Accept header."
    return Refused(406, "NotAcceptable", "not_acceptable", title=text, detail=text)


def unsupported(media_type: str) -> Refused:
    """415: the Content-Type is not JSON."""
    title = 'Ongeldige media type "{media_type}" in aanvraag.'
    detail = title.format(media_type=media_type)
    return Refused(415, "UnsupportedMediaType", "unsupported_media_type", title=title, detail=detail)


def broken() -> Refused:
    """500, in cases where the real register answers 500 too."""
    title = "Er is een serverfout opgetreden."
    return Refused(500, "APIException", "error", title=title, detail="Internal Server Error")


def origin_of(request: Request) -> str:
    """What every URL in the answer begins with: the public URL of the application where it has one.

    Without one it is the scheme and host that the client used.
    """
    if PUBLIC in request.scope:
        return str(request.scope[PUBLIC])
    return f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"


def json_answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer with the API-version header; no body for None."""
    body = b"" if content is None else orjson.dumps(content)
    media_type = None if content is None else JSON
    return Response(body, status, {"API-version": "1.0.0", **(headers or {})}, media_type)


def refusal(refused: Refused, request: Request, *, strict: bool = False) -> Response:
    """The answer to a refused request: as Open Klant gives it, or with `strict` as the specification says.

    Open Klant answers application/json instead of application/problem+json, and leaves `detail` empty.
    """
    content = content_of(refused, origin_of(request), strict=strict)
    response = json_answer(content, refused.status, refused.headers)
    if strict:
        response.headers["Content-Type"] = "application/problem+json"
    return response


def content_of(refused: Refused, origin: str, *, strict: bool = False) -> dict[str, Any]:
    """The body of an error answer; `instance` is another every time."""
    content: dict[str, Any] = {
        "type": f"{origin}/ref/fouten/{refused.kind}/",
        "code": refused.code,
        "title": refused.title,
        "status": refused.status,
        "detail": refused.detail or (refused.title if strict else ""),
        "instance": f"urn:uuid:{uuid4()}",
    }
    if refused.problems is not None or (strict and refused.status == 400):
        content["invalidParams"] = [
            {"name": problem.name, "code": problem.code, "reason": problem.reason}
            for problem in refused.problems or ()
        ]
    return content
