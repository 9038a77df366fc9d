"""Answers of the e-Suite, and its form of errors: `Fout`.

A detail may repeat what the client sent, so it is never logged.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import orjson
from starlette.responses import Response

from adapter.openapi.checked import Problem

JSON_TYPE = "application/json"
PROBLEM_TYPE = "application/problem+json"
VERSION = "1.7.0"

_TITLES = {
    "VALIDATION": "Validatiefout",
    "NOT_FOUND": "Niet gevonden",
    "NOT_AUTHORISED": "Niet geautoriseerd",
    "CONFLICT": "Conflict",
    "INTERNAL": "Interne fout",
}


class Refused(Exception):
    """Ends a request with an error. `code` is one of those of `Fout`."""

    def __init__(self, status: int, code: str, detail: str, media_type: str = PROBLEM_TYPE) -> None:
        self.status = status
        self.code = code
        self.detail = detail
        self.media_type = media_type
        super().__init__(status, code)


def invalid(problems: Iterable[Problem]) -> Refused:
    """400. The detail has each problem as `member: sentence`, joined with `; `."""
    return Refused(400, "VALIDATION", "; ".join(f"{each.name}: {each.reason}" for each in problems))


def not_found() -> Refused:
    """404: there is no such record."""
    return Refused(404, "NOT_FOUND", "Dit gegeven bestaat niet.")


def conflict(detail: str, media_type: str = PROBLEM_TYPE) -> Refused:
    """409."""
    return Refused(409, "CONFLICT", detail, media_type)


def answer(content: Any, status: int = 200, media_type: str = JSON_TYPE) -> Response:
    """A JSON answer with the version of the API."""
    return Response(orjson.dumps(content), status, {"API-version": VERSION}, media_type)


def refusal(refused: Refused, *, mute: bool = False) -> Response:
    """The answer to a refused request; `mute` leaves out what is wrong with which member."""
    content = {
        "type": f"https://esuite.invalid/fouten/{refused.code.lower()}",
        "code": refused.code,
        "title": _TITLES[refused.code],
        "status": refused.status,
        "detail": "De gegevens zijn niet geldig." if mute and refused.status == 400 else refused.detail,
        "instance": f"urn:uuid:{uuid4()}",
    }
    return answer(content, refused.status, refused.media_type)
