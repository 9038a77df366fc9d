"""Validation of bodies: by the schemas of the specification, and by rules of the registers themselves.

All problems are reported together, in the order of the members in the specification. For one member the
register's own problem comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.embedded.dialect import (
    EMPTY,
    FILLED_LISTS,
    OTHER_NAMES,
    RSIN_MEMBERS,
    SUBJECT,
    SUBJECT_TYPE,
    Description,
)
from adapter.embedded.dutch_numbers import a_number_problem, rsin_problem
from adapter.openapi import reasons
from adapter.openapi.bodies import BodyValidator, compile_body
from adapter.openapi.checked import Checked, Problem
from adapter.openapi.document import Document, Schema

Finding = tuple[str, str]
"""Code and reason of a problem."""

_NAMES_IN_ERRORS = {own: other for other, own in OTHER_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Outside:
    """What the validation of a body depends on besides the body.

    refer: (member, value) → the uuid that a reference means, or what is wrong with it.
    unreachable: the finding for each member of which the URL does not answer.
    current: the stored record; None for a new one.
    """

    refer: Callable[[str, Any], str | Finding]
    unreachable: Mapping[str, Finding]
    current: Mapping[str, Any] | None = None


class Group:
    """The validator of one object in a body: a record, or the identification of a subject."""

    def __init__(self, document: Document, schema: Schema, description: Description) -> None:
        merged = document.merged(schema)
        self.document = document
        self.properties = {name: plain(document.merged(each)) for name, each in merged["properties"].items()}
        self.references = [name for name in self.properties if name in description.references]
        self.required = frozenset(merged.get("required", ()))
        self.fixed = description.fixed
        self._order = {_NAMES_IN_ERRORS.get(name, name): at for at, name in enumerate(self.properties)}
        self._check = self._compiled()

    def _compiled(self) -> BodyValidator:
        properties = {name: each for name, each in self.properties.items() if name not in self.references}
        writable = {name: each for name, each in properties.items() if not each.get("readOnly")}
        options: dict[str, dict[str, Any]] = {
            name: {"bareDate": False} if each.get("format") == "date-time" else {"blank": takes_blank(each)}
            for name, each in writable.items()
        }
        for name in FILLED_LISTS & writable.keys():
            options |= {name: {"empty": False}, f"{name}.*": {"blank": True}}
        schema = {"type": "object", "properties": properties, "required": [*self.required & writable.keys()]}
        return compile_body(self.document, schema, options=options)

    def read(self, body: Any, *, partial: bool, outside: Outside) -> Checked:
        """Validate and coerce; with `partial` no member is required."""
        if not isinstance(body, dict):
            return self._check(body, partial)
        body = _renamed(body)
        own: dict[str, Any] = {}
        problems: list[Problem] = []
        for name in self.references:
            problems += self._refer(name, body, own, partial=partial, outside=outside)
        problems += self._findings(body, outside)
        checked = self._check(body, partial)
        problems += self._changed(checked.value, outside)
        problems += [_renamed_problem(problem) for problem in checked.problems]
        problems.sort(key=lambda problem: self._order.get(problem.name.partition(".")[0], -1))
        return Checked(checked.value | own, problems)

    def _refer(
        self, name: str, body: Mapping[str, Any], own: dict[str, Any], *, partial: bool, outside: Outside
    ) -> list[Problem]:
        if name not in body:
            needed = name in self.required and not partial
            return [Problem(name, "required", reasons.REQUIRED)] if needed else []
        value = body[name]
        if value in (None, ""):
            own[name] = None
            nullable = self.properties[name].get("nullable")
            return [] if nullable else [Problem(name, "null", reasons.EMPTY)]
        most = self.properties[name].get("maxLength")
        if isinstance(value, str) and most is not None and len(value) > most:
            return [Problem(name, "max_length", reasons.too_long(most))]
        found = outside.refer(name, value)
        if isinstance(found, str):
            own[name] = found
            return []
        return [Problem(name, *found)]

    def _findings(self, body: Mapping[str, Any], outside: Outside) -> list[Problem]:
        found: list[Problem] = []
        for name, value in body.items():
            text = as_text(value)
            if name in RSIN_MEMBERS and text and (finding := rsin_problem(text)):
                found.append(Problem(name, *finding))
            elif name == "inpANummer" and text and (finding := a_number_problem(text)):
                found.append(Problem(_NAMES_IN_ERRORS[name], *finding))
            elif name in outside.unreachable:
                found.append(Problem(name, *outside.unreachable[name]))
        return found

    def _changed(self, values: Mapping[str, Any], outside: Outside) -> list[Problem]:
        """The fixed members of a record that these valid values would change."""
        current = outside.current
        names = [] if current is None else [name for name in values if name in self.fixed]
        return [
            Problem(name, "wijzigen-niet-toegelaten", "Dit veld mag niet gewijzigd worden.")
            for name in names
            if current is not None and values[name] != current.get(name)
        ]

    def filled(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A complete record with these values, in the order of the specification.

        A member without a value is blank, or left out where the specification does not allow a blank.
        """
        writable = {name: each for name, each in self.properties.items() if not each.get("readOnly")}
        return _filled(self.document, writable, values)


def group_of(document: Document, schema: Schema, description: Description) -> Group:
    """The validator of the objects of a collection that have this schema; made once for a document."""
    key = (Group, id(schema), description.name)
    if key not in document.kept:
        # the schema is kept too, so that its id stays its own
        document.kept[key] = schema, Group(document, schema, description)
    found: Group = document.kept[key][1]
    return found


_ABSENT = object()
_BLANK = {"maxLength": 0}


def plain(schema: Schema) -> Schema:
    """A schema for text without `anyOf: [a format, empty text]`, which becomes `format` and `blank: true`."""
    choices = schema.get("anyOf", ())
    if _BLANK not in choices:
        return schema
    rest = {key: value for each in choices if each != _BLANK for key, value in each.items()}
    return {**{key: value for key, value in schema.items() if key != "anyOf"}, **rest, "blank": True}


def takes_blank(schema: Schema) -> bool:
    """Whether the specification allows "" for a text."""
    if "blank" in schema:
        return True
    if "enum" in schema:
        return "" in schema["enum"]
    return not any(schema.get(keyword) for keyword in ("format", "pattern", "minLength"))


def _filled(
    document: Document, properties: Mapping[str, Schema], values: Mapping[str, Any]
) -> dict[str, Any]:
    record = {}
    for name, schema in properties.items():
        member = plain(document.merged(schema))
        given = values.get(name)
        if given is None:
            given = _empty(member)
        elif "properties" in member:
            given = _filled(document, member["properties"], given)
        if given is not _ABSENT:
            record[name] = given
    return record


def _empty(schema: Schema) -> Any:
    """The value of a member that was not given."""
    if schema.get("nullable"):
        return None
    kind = schema.get("type", "object")
    if kind == "object" or (kind == "string" and not takes_blank(schema)):
        return _ABSENT
    return EMPTY.get(kind)


class SubjectGroups:
    """The identification of a klant, which has other members for every type of subject."""

    def __init__(self, document: Document, description: Description) -> None:
        choices = document.merged(document.properties(document.schema(description.schema))[SUBJECT_TYPE])[
            "enum"
        ]
        self.groups = {
            kind: group_of(document, document.properties(document.schema(kind))[SUBJECT], description)
            for kind in choices
        }

    def read(self, kind: str, value: Any, outside: Outside) -> Checked:
        """Check the identification that belongs to a type; the problems are named below it."""
        if value is None:
            return Checked({}, [Problem(SUBJECT, "null", reasons.EMPTY)])
        checked = self.groups[kind].read(value, partial=False, outside=outside)
        return Checked(checked.value, [problem.below(SUBJECT) for problem in checked.problems])


def merged(current: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The record after a write. Groups are merged; neither null nor an empty group empties one."""
    result = dict(current)
    for name, value in values.items():
        before = current.get(name)
        if isinstance(value, Mapping):
            if value:
                result[name] = merged(before or {}, value)
        elif not (value is None and isinstance(before, Mapping)):
            result[name] = value
    return result


def _renamed(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with every member, also in groups, under its proper name."""
    return {
        OTHER_NAMES.get(name, name): _renamed(value) if isinstance(value, dict) else value
        for name, value in body.items()
    }


def _renamed_problem(problem: Problem) -> Problem:
    parts: Iterable[str] = (_NAMES_IN_ERRORS.get(part, part) for part in problem.name.split("."))
    return Problem(".".join(parts), problem.code, problem.reason)


def as_text(value: Any) -> str:
    """The value as a member with text would have it; "" when it is no text."""
    return str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
