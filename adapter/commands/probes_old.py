"""Probes of the register Klantinteracties from which the old APIs are served.

Nothing is changed: rights to write are tested with an empty body, filters with values that nothing has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from adapter.configuration import Configuration
from adapter.correspondence.model import Correspondence
from adapter.errors import RegisterError
from adapter.mapping.load import read_dialect
from adapter.old_apis import NEW, TAAK, old_documents
from adapter.registers.messages import Answer, Received
from adapter.registers.refusals import REFUSED
from adapter.reverse.needs import MOMENT, UUID, Need, needs
from adapter.reverse.offers import EXPAND, Offers
from adapter.reverse.opening import correspondences
from adapter.shipped import served_document

# Nothing has these: a list that is asked for them is empty, unless the question is passed over.
NOBODY, LONG_AGO, NOTHING = "00000000-0000-4000-8000-000000000000", "1900-01-01T00:00:00Z", "~klantbrug~"
ONE = ("pageSize", "1")


class Caller(Protocol):
    """The part of a register's client that is used here."""

    def call(
        self, method: str, path: str, *, params: Sequence[tuple[str, str]] = (), json: Any = None
    ) -> Answer: ...


class Relaying(Protocol):
    """The part by which an answer comes with its headers."""

    def relay(self, method: str, path: str, *, params: Sequence[tuple[str, str]] = ()) -> Received: ...


def needed(configuration: Configuration) -> dict[str, Need]:
    """What the correspondences of a deployment need of its register, by resource. Raises MappingError."""
    library, dialect, new = configuration.library, configuration.dialect, served_document()
    found: Mapping[str, Correspondence] = correspondences(
        library,
        dialect,
        new=new,
        old=old_documents(configuration),
        settings=configuration.settings,
        left_out=() if configuration.registers_api.internetaak else (TAAK,),
    )
    return needs(found.values(), Offers(read_dialect(library, dialect).files, new), new)


def version(register: Relaying) -> str:
    """What the register says of its version; "" when it says nothing. Raises RegisterError."""
    said = register.relay("GET", next(iter(_resources())), params=(ONE,)).headers.get("API-Version", "")
    return "".join(each for each in said if each.isalnum() or each in ".-+")[:40]


def _resources() -> Iterator[str]:
    return (
        each.collection for each in served_document().operations if each.method == "get" and each.collection
    )


def register_problems(register: Caller, needed: Mapping[str, Need]) -> Iterator[str]:
    """A line for each reason why old clients would not get right answers from this register."""
    for need in needed.values():
        try:
            found = list(_of(register, need))
        except RegisterError:
            found = [f"{need.resource}: it does not answer in time, or with an error"]
        yield from (f"the register {NEW}: {each}" for each in found)


def _of(register: Caller, need: Need) -> Iterator[str]:
    name = need.resource
    status = register.call("GET", name, params=(ONE,)).status
    if status in (401, 403):
        yield f"KlantBrug may not read {name} there ({status})"
        return
    if status != 200:
        yield f"it has no {name} ({status}): is its version new enough?"
        return
    if (status := register.call("POST", name, json={}).status) in REFUSED:
        yield f"KlantBrug may not write {name} there ({status})"
    if need.expand and _refuses(register, name, (EXPAND, ",".join(sorted(need.expand)))):
        wrong = [each for each in sorted(need.expand) if _refuses(register, name, (EXPAND, each))]
        yield f"{name} cannot be asked with expand={','.join(wrong or sorted(need.expand))}"
    for parameter, schema in sorted(need.parameters.items()):
        yield from _filtered(register, name, parameter, schema)


def _refuses(register: Caller, name: str, parameter: tuple[str, str]) -> bool:
    return register.call("GET", name, params=(parameter, ONE)).status != 200


def _filtered(register: Caller, name: str, parameter: str, schema: Mapping[str, Any]) -> Iterator[str]:
    if schema.get("pattern"):
        return
    value, empty = _value(schema)
    answer = register.call("GET", name, params=((parameter, value), ONE))
    if answer.status != 200:
        yield f"{name} cannot be asked by {parameter} ({answer.status})"
    elif empty and (not isinstance(answer.body, Mapping) or answer.body.get("count") != 0):
        yield f"{name} passes over {parameter}: a question by it is answered with records that do not fit"


def _value(schema: Mapping[str, Any]) -> tuple[str, bool]:
    """A value to ask for, and whether nothing has it."""
    if schema.get("enum"):
        return str(schema["enum"][0]), False
    kinds = {"boolean": ("true", False), "integer": ("1", False), "number": ("1", False)}
    if (kind := schema.get("type")) in kinds:
        return kinds[kind]
    if schema.get("format") == UUID:
        return NOBODY, True
    if schema.get("format") == MOMENT:
        return LONG_AGO, True
    return NOTHING[: schema.get("maxLength", len(NOTHING))], True
