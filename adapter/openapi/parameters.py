"""Parsers of query strings, compiled from the parameters of an operation.

They accept and refuse as django-filter does, which Open Klant uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from urllib.parse import parse_qsl

from adapter.openapi import formats, reasons
from adapter.openapi.checked import WHOLE, Problem
from adapter.openapi.document import Document, Operation, Parameter, Schema

PAGE = "page"
PAGE_SIZE = "pageSize"
DEFAULT_PAGE_SIZE = 100
LARGEST_PAGE = 500

# The input formats of Django for the locale nl.
_DUTCH_DATES = ("%d-%m-%Y", "%d-%m-%y", "%d/%m/%Y", "%d/%m/%y", "%Y/%m/%d", "%Y-%m-%d")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A query string after validation.

    `values` are the valid filters by name: str, bool, int, uuids in canonical form, dates (`2025-03-03`) and
    date-times (`2025-03-03T09:30:00Z`) as text. `page` is None when the parameter cannot be a page number.
    """

    values: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    expand: tuple[str, ...] = ()
    page: int | Literal["last"] | None = 1
    page_size: int = DEFAULT_PAGE_SIZE


class _Refused(Exception):
    """The value of a parameter is invalid."""

    def __init__(self, *found: tuple[str, str]) -> None:
        self.found = found  # (code, reason) of each problem
        super().__init__(*(code for code, _ in found))


# The typed value of the text of a parameter, None when it counts as absent. Raises _Refused.
_Reader = Callable[[str], Any]

QueryParser = Callable[[str], Parsed]


def compile_query(
    document: Document,
    parameters: Sequence[Parameter],
    *,
    filters: Sequence[Parameter] = (),
    lenient: bool = False,
) -> QueryParser:
    """The parser of query strings for an operation with these parameters and filters (`filters_of_one`).

    An empty value is no filter. Of a repeated parameter the last value counts. White space around texts,
    uuids and dates is removed. A boolean that is neither true nor false is no filter. An unknown parameter is
    a problem, and then the only one; `page` and `pageSize` are known to every operation.

    With `lenient`, for operations that change something, unknown parameters are ignored, and a boolean
    parameter of the operation itself is true only when it says `true`.
    """
    own = {parameter.name for parameter in parameters}
    schemas = {each.name: document.merged(each.schema) for each in (*parameters, *filters)}
    lists = {name: schema["items"] for name, schema in schemas.items() if schema.get("type") == "array"}
    return _Query(
        readers={
            name: _flag if lenient and name in own and schema.get("type") == "boolean" else _reader(schema)
            for name, schema in schemas.items()
            if name not in lists and name not in {PAGE, PAGE_SIZE}
        },
        expandable={name: frozenset(document.merged(items).get("enum", ())) for name, items in lists.items()},
        known=None if lenient else frozenset({*schemas, PAGE, PAGE_SIZE}),
    ).parse


def filters_of_one(document: Document, operation: Operation) -> tuple[Parameter, ...]:
    """The filters of the list that also apply to an operation on one resource of it.

    Open Klant filters the resources before it looks one up by its uuid. There are none where the GET of one
    resource declares parameters of its own, and where the path names no resource.
    """
    one = document.operation("get", operation.path) if "{" in operation.path else None
    list_ = document.operation("get", f"/{operation.collection}")
    if one is None or list_ is None or one.parameters_in("query"):
        return ()
    return tuple(each for each in list_.parameters_in("query") if each.name not in (PAGE, PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class _Query:
    """A compiled parser; `known` are all names of parameters, None when unknown ones are ignored."""

    readers: Mapping[str, _Reader]
    expandable: Mapping[str, frozenset[str]]
    known: frozenset[str] | None

    def parse(self, query: str) -> Parsed:
        if not query:
            return Parsed()
        pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
        if self.known is not None and (unknown := [name for name, _ in pairs if name not in self.known]):
            return Parsed(problems=(_unknown(list(dict.fromkeys(unknown))),))
        sent = dict(pairs)
        values, problems = _filters(self.readers, sent)
        expand: list[str] = []
        for name, paths in self.expandable.items():
            found, wrong = _expand(name, paths, pairs)
            expand += found
            problems += wrong
        page, page_size = _page(sent.get(PAGE, "")), _page_size(sent.get(PAGE_SIZE, ""))
        return Parsed(values, tuple(problems), tuple(expand), page, page_size)


def _unknown(names: list[str]) -> Problem:
    return Problem(WHOLE, "unknown-parameters", reasons.unknown_parameters(names))


def _filters(readers: Mapping[str, _Reader], sent: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, text in sent.items():
        if not text or (reader := readers.get(name)) is None:
            continue
        try:
            value = reader(text)
        except _Refused as refused:
            problems += [Problem(name, code, reason) for code, reason in refused.found]
        else:
            if value is not None:
                values[name] = value
    # Open Klant reports them in the order of its declarations, not in that of the query.
    problems.sort(key=lambda each: list(readers).index(each.name))
    return values, problems


def _expand(
    name: str, paths: frozenset[str], pairs: list[tuple[str, str]]
) -> tuple[list[str], list[Problem]]:
    """The paths of `expand`, which may be comma-separated, repeated or both, and the problem of a wrong one.

    Only the first unknown path is reported. White space is part of a path.
    """
    asked = [part for sent, value in pairs if sent == name for part in value.split(",")]
    found = list(dict.fromkeys(part for part in asked if part))
    for path in found:
        if path not in paths:
            return [], [Problem(name, "invalid_choice", reasons.no_such_option(path))]
    return found, []


def _page(text: str) -> int | Literal["last"] | None:
    if not text:
        return 1
    if text == "last":
        return "last"
    number = formats.whole_number(text)
    return number if number is not None and number > 0 else None


def _page_size(text: str) -> int:
    number = formats.whole_number(text)
    return min(number, LARGEST_PAGE) if number is not None and number > 0 else DEFAULT_PAGE_SIZE


def _reader(schema: Schema) -> _Reader:
    kind, form = schema.get("type"), schema.get("format")
    if "enum" in schema:
        return _choice({str(choice): choice for choice in schema["enum"]})
    if kind == "boolean":
        return _boolean
    if kind == "integer":
        return _form(formats.whole_number, reasons.PARAMETER_NOT_INTEGER)
    return _READERS.get(form or "", _text)


def _choice(choices: Mapping[str, Any]) -> _Reader:
    def read(text: str) -> Any:
        if text not in choices:
            raise _Refused(("invalid_choice", reasons.no_such_option(text)))
        return choices[text]

    return read


def _boolean(text: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text.lower())


def _flag(text: str) -> bool | None:
    """True for the word true in any case; None, which is absent, for everything else."""
    return text.lower() == "true" or None


_NUL = ("null_characters_not_allowed", reasons.NULL_CHARACTER)


def _text(text: str) -> str | None:
    if "\0" in text:
        raise _Refused(_NUL)
    return text.strip() or None


def _address(text: str) -> str | None:
    if not (text := text.strip()):
        return None
    found = _any_address(text)
    wrong = [("invalid", reasons.NOT_URL)] if found is None else []
    if wrong or "\0" in text:
        raise _Refused(*wrong, *([_NUL] if "\0" in text else []))
    return found


def _uuid(text: str) -> str | None:
    return _AS_UUID(text) if text.strip() else None


def _form(read: Callable[[str], Any], reason: str) -> _Reader:
    def reader(text: str) -> Any:
        value = read(text.strip())
        if value is None:
            raise _Refused(("invalid", reason))
        return value

    return reader


def _any_date(text: str) -> str | None:
    for notation in _DUTCH_DATES if text.isascii() else ():
        try:
            return datetime.strptime(text, notation).date().isoformat()
        except ValueError:
            continue
    return None


def _any_address(text: str) -> str | None:
    """A URL; without a scheme it becomes one of http, as Django's forms do."""
    host, _, _ = text.removeprefix("//").partition("/")
    return formats.web_address(text if ":" in host else f"http://{text.removeprefix('//')}")


_AS_UUID = _form(formats.canonical_uuid, reasons.PARAMETER_NOT_UUID)
_READERS: dict[str, _Reader] = {
    "uuid": _uuid,
    "uri": _address,
    "date": _form(_any_date, reasons.PARAMETER_NOT_DATE),
    "date-time": _form(formats.instant, reasons.PARAMETER_NOT_INSTANT),
}
