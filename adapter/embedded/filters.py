"""The query parameters of lists as conditions on the records.

The parameters and their choices come from the specification. Of a repeated parameter the last value counts.
An empty value does not filter; for a reference to a record here it is no URL. White space around texts, URLs
and instants is ignored. White space alone does not filter as a text or URL, and is no choice and no instant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request

from adapter.collection import Compared, Condition, HasUuid, Linked, Question
from adapter.embedded.answers import Refused, invalid, origin_of
from adapter.embedded.bodies import Finding
from adapter.embedded.dialect import (
    COMPARISONS,
    PARAMETER_GROUPS,
    PARAMETER_PATHS,
    RSIN_MEMBERS,
    SORT_KEYS,
    Description,
)
from adapter.embedded.dutch_numbers import rsin_problem
from adapter.embedded.register import Register
from adapter.openapi import formats, reasons
from adapter.openapi.checked import WHOLE, Problem
from adapter.openapi.document import Schema

PAGE = "page"
ORDERING = "ordering"
EXPAND = "expand"

# (value, origin that the client used) → the condition on a record, None for no filter, or what is wrong.
Parameter = Callable[[str, str], Condition | list[Finding] | None]

_NUL = ("null_characters_not_allowed", reasons.NULL_CHARACTER)


@dataclass(frozen=True, slots=True)
class Filters:
    """The parameters of one collection."""

    parameters: Mapping[str, Parameter]
    sort_keys: frozenset[str]
    fault: Callable[[Problem], Refused]
    expandable: tuple[str, ...]

    def unknown(self, request: Request) -> list[str]:
        """The parameters of a request that the collection does not have."""
        known = {*self.parameters, PAGE}
        known |= {ORDERING} if self.sort_keys else set()
        known |= {EXPAND} if self.expandable else set()
        return [name for name in request.query_params if name not in known]

    def question(self, request: Request) -> Question:
        """What all parameters except `page` ask. Raises Refused with all problems."""
        problems, conditions = [], []
        asked_at = origin_of(request)
        for name, parameter in self.parameters.items():
            if name not in request.query_params:
                continue
            found = parameter(request.query_params[name], asked_at)
            if isinstance(found, list):
                problems += [Problem(name, *each) for each in found]
            elif found is not None:
                conditions.append(found)
        wrong = [value for value in self.expanded(request) if value not in self.expandable]
        if self.expandable and wrong:
            problems.append(Problem(EXPAND, "invalid_choice", reasons.no_such_option(wrong[0])))
        keys = self._sort_keys(request.query_params.get(ORDERING, "")) if self.sort_keys else []
        if isinstance(keys, Problem):
            problems.append(keys)
        if problems or isinstance(keys, Problem):
            raise invalid(*problems)
        return Question(tuple(conditions), tuple(keys))

    def expanded(self, request: Request) -> list[str]:
        """The members that the client wants expanded instead of as URLs."""
        return [value for value in request.query_params.getlist(EXPAND) if value]

    def _sort_keys(self, ordering: str) -> list[tuple[str, bool]] | Problem:
        keys = [key for key in ordering.split(",") if key]
        for key in keys:
            if key not in self.sort_keys:
                return Problem(ORDERING, "invalid_choice", reasons.no_such_option(key))
        paths = [SORT_KEYS.get(key.lstrip("-")) for key in keys]
        if None in paths:
            raise self.fault(Problem(ORDERING, "invalid_choice", reasons.no_such_option(ordering)))
        return [(path, key.startswith("-")) for path, key in zip(paths, keys, strict=True) if path]


def filters_of(description: Description, register: Register) -> Filters:
    """The filters of a collection, as the register's document has them."""
    operation = register.documents[description.document].operation("get", f"/{description.name}")
    if operation is None:
        raise LookupError(description.name)
    parameters = {each.name: each.schema for each in operation.parameters_in("query")}
    parameters.pop(PAGE, None)
    ordering = parameters.pop(ORDERING, {})
    expand = parameters.pop(EXPAND, {}).get("items", {})
    return Filters(
        {name: _parameter(name, schema, description, register) for name, schema in parameters.items()},
        frozenset(ordering.get("enum", ())),
        register.fault,
        tuple(expand.get("enum", ())),
    )


def unknown_parameters(names: list[str]) -> Problem:
    """The problem with parameters that the collection does not have."""
    return Problem(WHOLE, "unknown-parameters", reasons.unknown_parameters(names))


def _parameter(name: str, schema: Schema, description: Description, register: Register) -> Parameter:
    if name in description.references:
        return _reference(name, description.references[name], register)
    if name == "volgendContactmoment":
        return _successor(description.name, register)
    if description.name == "contactmomenten" and name in {"klant", "object"}:
        return _related(name)
    path, operator = _place(name)
    return _compared(path, operator, _reader(path, schema))


def _place(name: str) -> tuple[str, str]:
    head, _, suffix = name.rpartition("__")
    if head and suffix in COMPARISONS:
        return _place(head)[0], COMPARISONS[suffix]
    if name in PARAMETER_PATHS:
        return PARAMETER_PATHS[name], "="
    group, separator, member = name.partition("__")
    return (f"{PARAMETER_GROUPS.get(group, group)}.{member}" if separator else name), "="


# The value to compare with, None for no filter, or what is wrong with the text of a parameter.
Reader = Callable[[str], str | list[Finding] | None]


def _reader(path: str, schema: Schema) -> Reader:
    if path in RSIN_MEMBERS:
        return lambda text: _stripped(text, rsin_problem)
    if "enum" in schema:
        choices = frozenset(schema["enum"])
        return lambda text: text if text in choices else [("invalid_choice", reasons.no_such_option(text))]
    if schema.get("format") == "uri":
        return lambda text: _stripped(text, _url_problem)
    if path == "registratiedatum":
        return _instant
    return lambda text: _stripped(text, lambda _: None)


def _stripped(text: str, problem: Callable[[str], Finding | None]) -> str | list[Finding] | None:
    value = text.strip()
    if not value:
        return None
    wrong = problem(value)
    return [*([wrong] if wrong else []), *([_NUL] if "\0" in value else [])] or value


def _url_problem(value: str) -> Finding | None:
    return None if formats.web_address(value) else ("invalid", reasons.NOT_URL)


def _instant(text: str) -> str | list[Finding]:
    found = formats.instant(text.strip(), bare_date=False)
    return sortable(found) if found else [("invalid", reasons.PARAMETER_NOT_INSTANT)]


def sortable(instant: str) -> str:
    """An instant in UTC with microseconds, so that text sorts as time does."""
    return instant if "." in instant else f"{instant.removesuffix('Z')}.000000Z"


def _compared(path: str, operator: str, read: Reader) -> Parameter:
    def parameter(text: str, _asked_at: str) -> Condition | list[Finding] | None:
        found = read(text) if text else None
        return Compared(path, operator, found) if isinstance(found, str) else found

    return parameter


def _own(value: str, collection: str, register: Register, asked_at: str) -> str | None:
    """The uuid in a URL of this register; another host's record is not found here."""
    address = register.addresses.read(value)
    here = address.collection == collection and register.is_here(address.origin, asked_at)
    return address.uuid if here else None


def _reference(name: str, collection: str, register: Register) -> Parameter:
    def parameter(text: str, asked_at: str) -> Condition | list[Finding]:
        value = text.strip()
        if wrong := _url_problem(value):
            return [wrong]
        return Compared(name, "=", _own(value, collection, register, asked_at))

    return parameter


def _successor(collection: str, register: Register) -> Parameter:
    def parameter(text: str, asked_at: str) -> Condition | list[Finding]:
        value = text.strip()
        if wrong := _url_problem(value):
            return [wrong]
        successor = register.tables[collection].get(_own(value, collection, register, asked_at) or "")
        return HasUuid(successor.data["vorigContactmoment"] if successor else None)

    return parameter


def _related(member: str) -> Parameter:
    """The condition on a related klant or object, of which several may be given."""

    def parameter(text: str, _asked_at: str) -> Condition | None:
        links = Linked(f"{member}contactmomenten", member, "contactmoment", tuple(text.split(",")))
        return links if text else None

    return parameter
