"""The sign: a last line of a text, by which a record that was made of a contact is recognised.

    Kenmerk: 0000012345-KWXMTP

The letters follow from the uuid of the contact and a secret, so a line that somebody typed, or copied to
another record, is not taken for one. The rest of the line is for people.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapter.correspondence.gathered import CHECK

# No I and O, which people read as digits: 24 letters.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 6
# A member, and what stands between it and the next: that goes with it when a contact has it not.
_MEMBER = re.compile(r"\{([A-Za-z_.]+)\}([^\w\s{}]*)")
_BLANK = "\n\n"
# How a blank line or a line break before the sign may be written, the longest first.
_BEFORE = (_BLANK, "\r\n\r\n", "\r\n", "\n")


@dataclass(frozen=True, slots=True)
class Sign:
    """The line of a dialect, such as `Kenmerk: {nummer}-{check}`, with the secret of a deployment.

    Other names in braces are members of the contact; without a nummer it is `Kenmerk: KWXMTP`.
    """

    line: str
    secret: bytes = field(repr=False)
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # A frozen dataclass: the pattern is the line, compiled.
        object.__setattr__(self, "_pattern", _pattern(self.line))

    def check(self, contact: str) -> str:
        """The letters of a contact; `contact` is the uuid under which it is served."""
        left = int.from_bytes(hmac.digest(self.secret, f"sign {contact}".encode(), hashlib.sha256)[:16])
        letters = []
        for _ in range(_LENGTH):
            left, number = divmod(left, len(_LETTERS))
            letters.append(_LETTERS[number])
        return "".join(letters)

    def of(self, contact: str, members: Mapping[str, str]) -> str:
        """The line of a contact; a member that is not given, or would not be read back, is left out."""
        check = self.check(contact)

        def said(found: re.Match[str]) -> str:
            value = check if _is_check(found) else members.get(found[1])
            return f"{value}{found[2]}" if value else ""

        line = _MEMBER.sub(said, self.line)
        return line if self._pattern.fullmatch(line) else self.of(contact, {})

    def put(self, text: str, line: str) -> str:
        """A text with the sign as its last line, after a blank one."""
        return f"{text}{_BLANK}{line}" if text else line

    def found(self, text: object) -> str | None:
        """The letters of the sign with which a text ends, whosever it is; None when it ends with none."""
        if not isinstance(text, str):
            return None
        match = self._pattern.fullmatch(_last_line(text))
        return match["check"] if match else None

    def is_of(self, text: object, contact: str) -> bool:
        """Whether a text ends with the sign of this contact."""
        return self.found(text) == self.check(contact)

    def taken_off(self, text: str, contact: str) -> str:
        """A text without the sign of this contact; one that ends otherwise stays as it is."""
        if not self.is_of(text, contact):
            return text
        # What follows the line is only white space, which a form of the register may have added.
        before = text.rstrip()[: -len(_last_line(text))]
        for blank in _BEFORE:
            if before.endswith(blank):
                return before.removesuffix(blank)
        return before

    @property
    def members(self) -> tuple[str, ...]:
        """The members of the contact that the line names."""
        return tuple(found[1] for found in _MEMBER.finditer(self.line) if not _is_check(found))


def _last_line(text: str) -> str:
    return text.rstrip().rpartition("\n")[2].strip()


def _is_check(found: re.Match[str]) -> bool:
    return f"{{{found[1]}}}" == CHECK


def _pattern(line: str) -> re.Pattern[str]:
    """What a line may be; `-KWXMTP`, of a member without a value, too."""
    parts, end = [], 0
    for found in _MEMBER.finditer(line):
        between = re.escape(found[2])
        letters = f"(?P<check>[{_LETTERS}]{{{_LENGTH}}}){between}"
        parts += [
            re.escape(line[end : found.start()]),
            letters if _is_check(found) else f"(?:[0-9A-Za-z]*{between})?",
        ]
        end = found.end()
    return re.compile("".join([*parts, re.escape(line[end:])]))
