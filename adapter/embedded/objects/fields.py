"""Readers of single members of a body. Each returns the value, or raises Wrong."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from adapter.embedded.objects.dates import parse_date
from adapter.embedded.objects.errors import NON_FIELD, Problem
from adapter.embedded.objects.geometry import well_formed

LINK = re.compile(
    r"(https?|ftps?)://([^\s/?#@]+@)?([\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:.]+\])(:\d{1,5})?([/?#]\S*)?"
)
REQUIRED = ("required", "This field is required.")
NULL = ("null", "This field may not be null.")
BLANK = ("blank", "This field may not be blank.")
LARGEST_VERSION = 32767


class Wrong(Exception):
    """The value of a member is invalid; `problems` are those of the answer."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("refused")
        self.problems = problems


def wrong(code: str, reason: str) -> Wrong:
    """A problem with the member itself; the caller adds its name."""
    return Wrong(Problem("", code, reason))


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a body: how it is read, and whether it may be absent or null."""

    name: str
    read: Callable[[Any], Any]
    required: bool = False
    nullable: bool = False


def read_members(
    body: Any, members: Sequence[Member], *, partial: bool
) -> tuple[dict[str, Any], list[Problem]]:
    """(values of the members that are present, all problems), in the order of `members`.

    Other members of the body are ignored.
    """
    if not isinstance(body, dict):
        return {}, [not_a_dictionary(body)]
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for member in members:
        if member.name not in body:
            if member.required and not partial:
                problems.append(Problem(member.name, *REQUIRED))
            continue
        try:
            values[member.name] = _read(member, body[member.name])
        except Wrong as refused:
            problems += [below(member.name, problem) for problem in refused.problems]
    return values, problems


def _read(member: Member, value: Any) -> Any:
    if value is not None:
        return member.read(value)
    if member.nullable:
        return None
    raise wrong(*NULL)


def below(name: str, problem: Problem) -> Problem:
    """The problem with its name below that of a group."""
    return Problem(f"{name}.{problem.name}" if problem.name else name, problem.code, problem.reason)


def not_a_dictionary(value: Any) -> Problem:
    if value is None:
        return Problem(NON_FIELD, "null", "No data provided")
    kind = type(value).__name__
    return Problem(NON_FIELD, "invalid", f"Invalid data. Expected a dictionary, but got {kind}.")


def a_uuid(value: Any) -> str:
    try:
        return str(UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise wrong("invalid", "Must be a valid UUID.") from None


def a_version(value: Any) -> int:
    """An integer from 0 to 32767, perhaps as text or as a float without a fraction."""
    try:
        number = int(re.sub(r"\.0*\s*$", "", str(value)))
    except ValueError:
        raise wrong("invalid", "A valid integer is required.") from None
    if number < 0:
        raise wrong("min_value", "Ensure this value is greater than or equal to 0.")
    if number > LARGEST_VERSION:
        raise wrong("max_value", f"Ensure this value is less than or equal to {LARGEST_VERSION}.")
    return number


def a_date(value: Any) -> str:
    day = parse_date(value)
    if day is None:
        reason = "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."
        raise wrong("invalid", reason)
    return day.isoformat()


def anything(value: Any) -> Any:
    return value


def a_geometry(value: Any) -> Any:
    if well_formed(value):
        return value
    reason = "Unable to convert to python object: Invalid geometry pointer returned from "
    raise wrong("invalid", reason + '"OGR_G_CreateGeometryFromJson".')


def a_position(value: Any) -> int:
    """The index of a record; the caller checks that it exists."""
    try:
        if isinstance(value, int | str) and not isinstance(value, bool):
            return int(value)
    except ValueError:
        pass
    raise wrong("invalid", "Invalid value.")


def a_text(longest: int, *, blank: bool = True) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise wrong("invalid", "Not a valid string.")
        text = str(value).strip()
        if not text and not blank:
            raise wrong(*BLANK)
        if len(text) > longest:
            raise wrong("max_length", f"Ensure this field has no more than {longest} characters.")
        return text

    return read


def a_choice(*choices: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in choices:
            raise wrong("invalid_choice", f'"{value}" is not a valid choice.')
        return str(value)

    return read


def a_link(longest: int, *, blank: bool = False) -> Callable[[Any], str]:
    read_text = a_text(longest, blank=blank)

    def read(value: Any) -> str:
        text = read_text(value)
        if text and not LINK.fullmatch(text):
            raise wrong("invalid", "Enter a valid URL.")
        return text

    return read


def a_boolean(value: Any) -> bool:
    if value in (True, "true", "True", "1"):
        return True
    if value in (False, "false", "False", "0"):
        return False
    raise wrong("invalid", "Must be a valid boolean.")


def texts_by_name(value: Any) -> Mapping[str, str]:
    if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
        return value
    raise wrong("invalid", "Value must be valid JSON.")


REFERENCE = (Member("type", a_choice("zaak"), required=True), Member("url", a_link(200), required=True))


def references(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        reason = f'Expected a list of items but got type "{type(value).__name__}".'
        raise Wrong(Problem(NON_FIELD, "not_a_list", reason))
    read = [read_members(item, REFERENCE, partial=False) for item in value]
    problems = [below(str(number), problem) for number, (_, found) in enumerate(read) for problem in found]
    if problems:
        raise Wrong(*problems)
    return [values for values, _ in read]
