"""Validation of a configuration against its JSON Schema, and completion with the defaults of that."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import yaml

from adapter.configuration.problems import nearest, suggestion
from adapter.configuration.source import Path, Source
from adapter.mapping.constructs.closing import ALWAYS, NEVER, duration

Schema = dict[str, Any]


def complete(schema: Schema, value: Any, source: Source, path: Path) -> Any:
    """The value with the defaults of the schema.

    Text that came from the environment becomes the number or boolean that the schema asks for.
    """
    if isinstance(value, dict):
        properties: Schema = schema.get("properties", {})
        others: Schema = schema.get("additionalProperties") or {}
        defaults = {name: member["default"] for name, member in properties.items() if "default" in member}
        return {
            name: complete(properties.get(name, others), member, source, (*path, name))
            for name, member in {**defaults, **value}.items()
        }
    if isinstance(value, list):
        items = schema.get("items", {})
        return [complete(items, item, source, (*path, at)) for at, item in enumerate(value)]
    if path in source.from_environment and schema.get("type") in ("integer", "number", "boolean"):
        return _scalar(value)
    return value


def check(schema: Schema, value: Any, source: Source, path: Path) -> None:
    """Add every problem of a completed value, which is at `path`, to its source."""
    validator = jsonschema_rs.validator_for(schema, validate_formats=True, formats=FORMATS)
    for error in validator.iter_errors(value):
        _note(error, source, (*path, *error.instance_path), schema)


def _scalar(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def _note(error: jsonschema_rs.ValidationError, source: Source, path: Path, schema: Schema) -> None:
    kind: Any = error.kind
    demanded = _at(schema, error.schema_path)
    match kind.name:
        case "required":
            instance: Any = error.instance
            strange = set(instance) - set(_at(schema, [*error.schema_path[:-1], "properties"]) or {})
            # A misspelt name is reported by itself, with this one as the suggestion.
            if not nearest(kind.property, strange):
                source.problem((*path, kind.property), "is missing")
        case "additionalProperties":
            known = _at(schema, [*error.schema_path[:-1], "properties"]) or {}
            for name in kind.unexpected:
                source.problem((*path, name), f"is not known here{suggestion(name, known)}")
        case "oneOf" | "oneOfNotValid" | "oneOfMultipleValid":
            source.problem(path, f"wants exactly one of {', '.join(_alternatives(demanded))}")
        case "type":
            source.problem(path, _wrong_type(demanded, error.instance))
        case "enum" if isinstance(error.instance, str):
            source.problem(path, _reason(kind.name, demanded) + suggestion(error.instance, demanded))
        case _:
            source.problem(path, _reason(kind.name, demanded))


def _wrong_type(demanded: str | list[str], found: Any) -> str:
    """The message for a value of the wrong type, with a hint when only its quotes are wrong."""
    if "string" in demanded and isinstance(found, int | float):
        return "must be text: put quotes around it"
    kinds = [demanded] if isinstance(demanded, str) else demanded
    reason = f"must be {' or '.join(TYPES[kind] for kind in kinds)}"
    if isinstance(found, str) and re.fullmatch(r"true|false|[0-9.]+", found, re.IGNORECASE):
        return f"{reason}, without quotes"
    return f"{reason}, and it is empty" if found is None else reason


def _reason(rule: str, demanded: Any) -> str:
    if rule == "minLength" and demanded == 1:
        return "is missing or empty"
    words = {
        "enum": "must be one of {}",
        "maxLength": "is longer than {} characters",
        "minLength": "is shorter than {} characters",
        "minItems": "needs at least {} of them",
        "minProperties": "needs at least {} of them",
        "minimum": "must be at least {}",
        "exclusiveMinimum": "must be more than {}",
        "maximum": "must be at most {}",
        "pattern": "must match {}",
    }
    if rule == "format":
        return FORMAT_REASONS[demanded]
    shown = ", ".join(map(str, demanded)) if isinstance(demanded, list) else demanded
    return words.get(rule, f"breaks the rule {rule}: {{}}").format(shown)


def _alternatives(demanded: Any) -> Iterator[str]:
    for alternative in demanded:
        yield from alternative.get("required", ())


def _at(schema: Any, path: Sequence[str | int]) -> Any:
    for part in path:
        try:
            schema = schema[part]
        except (KeyError, IndexError, TypeError):
            return None
    return schema


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and " " not in text
        )
    except ValueError:
        return False


def _is_base_url(text: str) -> bool:
    return _is_url(text) and not {"?", "#"} & set(text)


def _is_absolute_uri(text: str) -> bool:
    # RFC 3986, section 4.3: a scheme and something behind it, without a fragment.
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s#]+", text) is not None


def _is_changing(text: str) -> bool:
    if text in (ALWAYS, NEVER):
        return True
    try:
        duration(text)
    except (ValueError, OverflowError):
        return False
    return True


def _is_rsin(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{9}", text):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, text, strict=True)) % 11 == 0


def _is_token_hash(text: str) -> bool:
    return re.fullmatch(r"scrypt(\$[0-9]+){3}(\$[A-Za-z0-9_-]+){2}", text) is not None


def _is_moment(text: str) -> bool:
    try:
        moment(text)
    except ValueError:
        return False
    return True


def moment(text: str) -> dt.datetime:
    """The moment of a date, which is its beginning in UTC, or of a date and time with a time zone.

    Raises ValueError for any other text.
    """
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None:
        if "T" in text or " " in text:
            raise ValueError("without a zone")
        return found.replace(tzinfo=dt.UTC)
    return found


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list (each item on a line that begins with -)",
    "object": "a group of names with values",
    "null": "null",
}
FORMATS = {
    "url": _is_url,
    "base-url": _is_base_url,
    "absolute-uri": _is_absolute_uri,
    "rsin": _is_rsin,
    "token-hash": _is_token_hash,
    "moment": _is_moment,
    "network": _is_network,
    "changing": _is_changing,
}
FORMAT_REASONS = {
    "url": "must be a URL that starts with http:// or https://",
    "base-url": "must be a URL that starts with http:// or https://, without ? or #",
    "absolute-uri": "must be an absolute URI, without #",
    "rsin": "must be nine digits that pass the eleven test",
    "uuid": "must be a uuid",
    "moment": "must be a date, or a date and time with its zone (2027-01-31T12:00:00Z)",
    "network": "must be an address or a network (10.0.0.0/8)",
    "changing": "must be altijd, nooit, or a duration such as PT12H or P7D",
    "token-hash": "must be a hash that `klantbrug token` printed",
}
