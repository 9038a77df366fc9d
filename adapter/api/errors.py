"""Error answers in the form of the ZGW standard: `type`, `code`, `title`, `status`, `detail`, `instance`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from adapter import errors

JSON = "application/json"
PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class _Kind:
    """The fixed members of the answer to one class of errors; `name` ends its `type`, as `NotFound` does."""

    name: str
    status: int
    code: str
    title: str


_KINDS: dict[type[errors.AdapterError], _Kind] = {
    errors.Invalid: _Kind("ValidationError", 400, "invalid", "Ongeldige invoerwaarde."),
    errors.MalformedBody: _Kind("ParseError", 400, "parse_error", "Ongeldig samengestelde request."),
    errors.Forbidden: _Kind(
        "PermissionDenied", 403, "permission_denied", "Je hebt geen toestemming om deze actie uit te voeren."
    ),
    errors.NotFound: _Kind("NotFound", 404, "not_found", "Niet gevonden."),
    errors.MethodNotAllowed: _Kind("MethodNotAllowed", 405, "method_not_allowed", "Methode niet toegestaan."),
    errors.NotAcceptable: _Kind(
        "NotAcceptable", 406, "not_acceptable", "Kan niet voldoen aan de opgegeven Accept header."
    ),
    errors.Conflict: _Kind("Conflict", 409, "conflict", "De aanvraag is in strijd met een andere."),
    errors.TooLarge: _Kind(
        "RequestEntityTooLarge", 413, "too_large", "De inhoud van de aanvraag is te groot."
    ),
    errors.UnsupportedMediaType: _Kind(
        "UnsupportedMediaType", 415, "unsupported_media_type", "Ongeldige media type in aanvraag."
    ),
    errors.TooSlow: _Kind("RequestTimeout", 408, "too_slow", "De aanvraag kwam niet op tijd binnen."),
    errors.TooManyAttempts: _Kind(
        "Throttled", 429, "throttled", "Er zijn te veel ongeldige tokens geprobeerd."
    ),
    errors.LogbookUnavailable: _Kind(
        "LogbookUnavailable", 503, "logbook_unavailable", "De verwerking kan nu niet worden gelogd."
    ),
    errors.Paused: _Kind("Paused", 503, "paused", "De gegevens worden verhuisd."),
    errors.RegisterAnswer: _Kind(
        "RegisterAnswer", 502, "register_answer", "Een register gaf geen bruikbaar antwoord."
    ),
    errors.RegisterUnavailable: _Kind(
        "RegisterUnavailable", 503, "register_unavailable", "Een register is nu niet bereikbaar."
    ),
}
_NOT_AUTHENTICATED = _Kind(
    "NotAuthenticated", 401, "not_authenticated", "Authenticatiegegevens zijn niet opgegeven."
)
_AUTHENTICATION_FAILED = _Kind(
    "AuthenticationFailed", 401, "authentication_failed", "Ongeldige authenticatiegegevens."
)
_UNEXPECTED = _Kind("APIException", 500, "error", "Er is een serverfout opgetreden.")


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """An error answer that is ready to be sent; the log line of the request has the same `instance`."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


def error_answer(error: Exception, origin: str) -> ErrorAnswer:
    """The answer for an error; `origin` (`https://host`) begins its `type`.

    An exception that is not an AdapterError becomes a 500 without detail, since its text may hold anything.
    """
    kind = _kind(error)
    body: dict[str, Any] = {
        "type": f"{origin}/ref/fouten/{kind.name}/",
        "code": kind.code,
        "title": kind.title,
        "status": kind.status,
        "detail": _detail(error) or kind.title,
        "instance": f"urn:uuid:{uuid4()}",
    }
    if isinstance(error, errors.Invalid):
        body["invalidParams"] = [
            {"name": _whole(problem.name), "code": problem.code, "reason": _whole(problem.reason)}
            for problem in error.problems
        ]
    return ErrorAnswer(kind.status, body, _headers(error))


def _whole(text: str) -> str:
    """The text with each lone surrogate replaced by U+FFFD: a body may hold one, an answer cannot."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _kind(error: Exception) -> _Kind:
    if isinstance(error, errors.Unauthenticated):
        return _AUTHENTICATION_FAILED if error.given else _NOT_AUTHENTICATED
    return next((_KINDS[cls] for cls in type(error).__mro__ if cls in _KINDS), _UNEXPECTED)


def _detail(error: Exception) -> str:
    match error:
        case errors.MethodNotAllowed():
            return f'Methode "{error.method}" niet toegestaan.'
        case errors.UnsupportedMediaType():
            return f'Ongeldige media type "{error.media_type}" in aanvraag.'
        case errors.RegisterAnswer():
            return f'Het register "{error.register}" gaf geen bruikbaar antwoord.'
        case errors.NotPermitted():
            return f'KlantBrug mag in het register "{error.register}" niet alles lezen wat hiervoor nodig is.'
        case errors.RegisterUnavailable():
            return f'Het register "{error.register}" is nu niet bereikbaar.'
        case errors.AdapterError():
            return str(getattr(error, "detail", ""))
    return ""


def _headers(error: Exception) -> dict[str, str]:
    match error:
        case errors.Unauthenticated():
            return {"WWW-Authenticate": "Token"}
        case errors.MethodNotAllowed():
            return {"Allow": ", ".join(error.allowed)}
        case errors.TooSlow():
            # What still comes of the body must not be parsed as the next request.
            return {"Connection": "close"}
        case (
            errors.RegisterUnavailable()
            | errors.TooManyAttempts()
            | errors.LogbookUnavailable()
            | errors.Paused()
        ):
            return {"Retry-After": str(error.retry_after)}
    return {}
