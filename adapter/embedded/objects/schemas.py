"""The JSON schemas of versions of objecttypes, compiled once, with messages as in the Objects API."""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jsonschema_rs
from jsonschema.exceptions import SchemaError, ValidationError, best_match
from jsonschema.validators import Draft202012Validator, validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

Check = Callable[[Any], str | None]

# The messages of the version of jsonschema in Objects API 4.0; newer versions have others for a limit of 1.
TEXTS = {
    "minLength": "is too short",
    "minItems": "is too short",
    "maxLength": "is too long",
    "maxItems": "is too long",
    "minProperties": "does not have enough properties",
    "maxProperties": "has too many properties",
}


@lru_cache(maxsize=256)
def compiled(schema_text: str) -> Check:
    """A function that returns what is wrong with a value under the schema, in one sentence, or None.

    Formats are not checked, and references to other documents are not fetched. A fast validator decides
    whether a value is valid; a slow one with other messages describes what is wrong.
    """
    schema = json.loads(schema_text)
    quick = _quick(schema)
    slow = validator_for(schema, default=Draft202012Validator)(schema, registry=Registry())

    def check(value: Any) -> str | None:
        if quick is not None and quick(value):
            return None
        try:
            fault = best_match(slow.iter_errors(value))
        except Unresolvable as unresolvable:
            return f"Unresolvable: {unresolvable.ref}"
        except re.error as error:
            return f"The schema has a pattern that is no regular expression: {error.msg}"
        return None if fault is None else _sentence(fault)

    return check


def _quick(schema: Any) -> Callable[[Any], bool] | None:
    try:
        return jsonschema_rs.validator_for(schema, validate_formats=False, offline=True).is_valid
    except (jsonschema_rs.ValidationError, ValueError):
        return None  # for instance a pattern that only Python's expressions know


def _sentence(error: ValidationError) -> str:
    text = TEXTS.get(str(error.validator))
    return f"{error.instance!r} {text}" if text else str(error.message)


def fault_in_schema(schema: object) -> str | None:
    """What is wrong with a JSON schema; None if nothing is."""
    if not isinstance(schema, dict):
        return f"{schema!r} is not of type 'object'"
    if not isinstance(schema.get("$schema", ""), str):
        return f"{schema['$schema']!r} is not of type 'string'"
    return _fault(json.dumps(schema))


@lru_cache(maxsize=256)
def _fault(schema_text: str) -> str | None:
    schema = json.loads(schema_text)
    try:
        validator_for(schema, default=Draft202012Validator).check_schema(schema)
    except SchemaError as error:
        return str(error.message)
    return None
