"""The errors that end a request, with the status of their answer; `api.errors` makes the answer.

AdapterError
 ├── Invalid               400  all problems with a body or with query parameters
 ├── MalformedBody         400  the body is not JSON
 ├── Unauthenticated       401  no token, or an unknown one
 ├── Forbidden             403  a known token without permission
 ├── NotFound              404
 ├── MethodNotAllowed      405
 ├── NotAcceptable         406
 ├── TooSlow               408  the body does not come in time
 ├── Conflict              409
 ├── TooLarge              413
 ├── UnsupportedMediaType  415
 ├── TooManyAttempts       429  too many wrong tokens from one address
 ├── LogbookUnavailable    503  the log of processing does not confirm what has to be in it first
 ├── Paused                503  not in this phase of a move
 └── RegisterError
      ├── RegisterAnswer       502  the answer of a register cannot be used
      └── RegisterUnavailable  503  a register does not answer, or asks to come back later
           └── NotPermitted         KlantBrug's token may not read all that the answer needs

`str()` of every error may be logged: it holds no value that a client or a register sent. Only the reasons of
a `Problem` may hold one.
"""

from __future__ import annotations

from collections.abc import Iterable

from adapter.openapi.checked import Problem, bounded

__all__ = [
    "AdapterError",
    "AnswerTooLong",
    "Conflict",
    "Forbidden",
    "Invalid",
    "LogbookUnavailable",
    "MalformedBody",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "NotPermitted",
    "Paused",
    "Problem",
    "RegisterAnswer",
    "RegisterError",
    "RegisterUnavailable",
    "TooLarge",
    "TooManyAttempts",
    "TooManyCalls",
    "TooSlow",
    "Unauthenticated",
    "UnsupportedMediaType",
]


class AdapterError(Exception):
    """An error that a request is answered with."""


class Invalid(AdapterError):
    """The request is invalid; `problems` are all that is wrong with it, up to MOST_PROBLEMS."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = bounded(problems)
        # No reasons, since they may repeat what was sent.
        super().__init__(", ".join(f"{problem.name}: {problem.code}" for problem in self.problems))


class TooManyCalls(Invalid):
    """A read needs more than `most` register calls, the limit of the deployment.

    `parameter` is the one that the client can lower.
    """

    def __init__(self, most: int, parameter: str = "nonFieldErrors") -> None:
        self.most = most
        reason = (
            f"Voor deze vraag zijn meer dan {most} aanroepen van registers nodig; "
            "vraag minder tegelijk, met een kleinere pageSize of minder in expand."
        )
        super().__init__([Problem(parameter, "call-bound", reason)])


class MalformedBody(AdapterError):
    """The body is not JSON; `detail` names the position of the mistake and repeats nothing of the body."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


class Unauthenticated(AdapterError):
    """The request has no valid token; `given` is whether it has a token at all."""

    def __init__(self, *, given: bool, detail: str = "Ongeldige token.") -> None:
        self.given = given
        self.detail = detail if given else "Authenticatiegegevens zijn niet opgegeven."
        super().__init__("unknown token" if given else "no token")


class Forbidden(AdapterError):
    """The caller is known and may not use the operation."""

    def __init__(self, detail: str = "Je hebt geen toestemming om deze actie uit te voeren.") -> None:
        self.detail = detail
        super().__init__(detail)


class NotFound(AdapterError):
    """There is no such resource, page or path."""

    def __init__(self, detail: str = "Niet gevonden.") -> None:
        self.detail = detail
        super().__init__(detail)


class MethodNotAllowed(AdapterError):
    """The path has no such method; `allowed` are those of the Allow header, in its order."""

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        self.method = method
        self.allowed = tuple(allowed)
        super().__init__(method)


class NotAcceptable(AdapterError):
    """The client accepts no media type that can be answered."""


class Conflict(AdapterError):
    """The request conflicts with an earlier one, or with one that is being handled."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


class TooLarge(AdapterError):
    """The body is longer than the deployment allows."""


class UnsupportedMediaType(AdapterError):
    """The media type of the body is not JSON."""

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type
        super().__init__("unsupported media type")


class TooSlow(AdapterError):
    """The body did not arrive in time."""


class TooManyAttempts(AdapterError):
    """The address tried too many wrong tokens; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__("too many attempts")


class LogbookUnavailable(AdapterError):
    """The log of processing did not confirm its records, so the request is not done.

    `retry_after` is in seconds.
    """

    def __init__(self, retry_after: int = 5) -> None:
        self.retry_after = retry_after
        super().__init__("the logbook does not confirm")


class Paused(AdapterError):
    """What is asked has to wait while data are moved.

    `retry_after` is in seconds; `reads` is whether reads have to wait too.
    """

    def __init__(self, retry_after: int, *, reads: bool = False) -> None:
        self.retry_after = retry_after
        what = "Deze API is er pas na de verhuizing" if reads else "Schrijven kan nu even niet"
        self.detail = f"{what}: de gegevens worden verhuisd. Probeer het later opnieuw."
        super().__init__("paused")


class RegisterError(AdapterError):
    """A register failed; `register` is its name in the configuration."""

    def __init__(self, register: str) -> None:
        self.register = register
        super().__init__(register)


class RegisterAnswer(RegisterError):
    """The answer of the register cannot be used: no JSON, a redirect, or against its contract."""


class AnswerTooLong(RegisterAnswer):
    """The answer of the register is longer than the deployment allows; a smaller page may fit."""


class RegisterUnavailable(RegisterError):
    """The register is down, slow or overloaded; `retry_after` is in seconds."""

    def __init__(self, register: str, retry_after: int = 5) -> None:
        super().__init__(register)
        self.retry_after = retry_after


class NotPermitted(RegisterUnavailable):
    """KlantBrug's token lacks a permission, so the register silently leaves out what the answer needs."""
