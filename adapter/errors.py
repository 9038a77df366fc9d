"""Every error that KlantBrug answers with, apart from its form on the wire.

AdapterError
 ├── Invalid               400  problems of a body or of query parameters, all together
 ├── MalformedBody         400  the body is not JSON
 ├── Unauthenticated       401  no token, or one that is not known
 ├── Forbidden             403  known, but not allowed
 ├── NotFound              404
 ├── MethodNotAllowed      405
 ├── NotAcceptable         406
 ├── TooSlow               408  the body does not come in time
 ├── Conflict              409
 ├── TooLarge              413
 ├── UnsupportedMediaType  415
 ├── TooManyAttempts       429  too many wrong tokens from one address
 └── RegisterError
      ├── RegisterAnswer       502  a register answered something that cannot be used
      └── RegisterUnavailable  503  a register does not answer, or asks to come back later
           └── NotPermitted         our token does not let us see all that an answer is made of

They carry fields; sentences for the client are made where the answer is. None carries a value that a client
or a register sent, apart from the reasons of a `Problem`, so `str()` of each of them can be logged.
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
    "MalformedBody",
    "MethodNotAllowed",
    "NotAcceptable",
    "NotFound",
    "NotPermitted",
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
    """Anything that ends a request with an error answer."""


class Invalid(AdapterError):
    """The request breaks rules; `problems` names all of them, within a bound."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = bounded(problems)
        # Names and codes only: a reason may repeat what was sent.
        super().__init__(", ".join(f"{problem.name}: {problem.code}" for problem in self.problems))


class TooManyCalls(Invalid):
    """A read needs more register calls than the deployment allows; it ends with the last of those."""

    def __init__(self, most: int, parameter: str = "nonFieldErrors") -> None:
        self.most = most
        reason = (
            f"Voor deze vraag zijn meer dan {most} aanroepen van registers nodig; "
            "vraag minder tegelijk, met een kleinere pageSize of minder in expand."
        )
        super().__init__([Problem(parameter, "call-bound", reason)])


class MalformedBody(AdapterError):
    """The body cannot be read as JSON; `detail` says where, without repeating it."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


class Unauthenticated(AdapterError):
    """No usable token. `given` tells a missing header from a token that is not known."""

    def __init__(self, *, given: bool, detail: str = "Ongeldige token.") -> None:
        self.given = given
        self.detail = detail if given else "Authenticatiegegevens zijn niet opgegeven."
        super().__init__("unknown token" if given else "no token")


class Forbidden(AdapterError):
    """The caller is known and may not do this."""

    def __init__(self, detail: str = "Je hebt geen toestemming om deze actie uit te voeren.") -> None:
        self.detail = detail
        super().__init__(detail)


class NotFound(AdapterError):
    """There is no such resource, page or path."""

    def __init__(self, detail: str = "Niet gevonden.") -> None:
        self.detail = detail
        super().__init__(detail)


class MethodNotAllowed(AdapterError):
    """The path exists, the method does not; `allowed` becomes the Allow header, in that order."""

    def __init__(self, method: str, allowed: Iterable[str]) -> None:
        self.method = method
        self.allowed = tuple(allowed)
        super().__init__(method)


class NotAcceptable(AdapterError):
    """The client takes nothing that can be given."""


class Conflict(AdapterError):
    """The request contradicts an earlier one or one that is being handled."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


class TooLarge(AdapterError):
    """The body is longer than the deployment allows."""


class UnsupportedMediaType(AdapterError):
    """The body's media type is not JSON."""

    def __init__(self, media_type: str) -> None:
        self.media_type = media_type
        super().__init__("unsupported media type")


class TooSlow(AdapterError):
    """The client takes too long to send its body."""


class TooManyAttempts(AdapterError):
    """Wrong tokens were tried too often; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__("too many attempts")


class RegisterError(AdapterError):
    """A register failed; `register` is its configured name."""

    def __init__(self, register: str) -> None:
        self.register = register
        super().__init__(register)


class RegisterAnswer(RegisterError):
    """The register's answer is not what its contract says."""


class AnswerTooLong(RegisterAnswer):
    """The register's answer is longer than the deployment takes: less may be asked for."""


class RegisterUnavailable(RegisterError):
    """The register is down, too slow or overloaded; `retry_after` is in seconds."""

    def __init__(self, register: str, retry_after: int = 5) -> None:
        super().__init__(register)
        self.retry_after = retry_after


class NotPermitted(RegisterUnavailable):
    """The register may leave out, without a word, what the answer needs."""
