"""The permissions of tokens: for everything, or for reading or writing objects of some types."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from adapter.embedded.objects.errors import authentication_failed, not_authenticated

Mode = Literal["read_only", "read_and_write"]


@dataclass(frozen=True, slots=True)
class Grant:
    """The permissions of one token.

    `modes` are the modes by the uuid of the objecttype; None is permission for everything. `listed` is
    whether /permissions lists them; for a superuser it does not.
    """

    modes: Mapping[str, Mode] | None = None
    listed: bool = True

    @property
    def everything(self) -> bool:
        return self.modes is None

    def reads(self, objecttype: str) -> bool:
        return self.modes is None or objecttype in self.modes

    def writes(self, objecttype: str) -> bool:
        return self.modes is None or self.modes.get(objecttype) == "read_and_write"


def grant_of(authorization: str | None, grants: Mapping[str, Grant]) -> Grant:
    """The grant of the token in an Authorization header. Raises Refusal (401)."""
    words = (authorization or "").split()
    if not words or words[0].lower() != "token":
        raise not_authenticated()
    if len(words) == 1:
        raise authentication_failed("Invalid token header. No credentials provided.")
    if len(words) > 2:
        raise authentication_failed("Invalid token header. Token string should not contain spaces.")
    if words[1] not in grants:
        raise authentication_failed("Invalid token.")
    return grants[words[1]]
