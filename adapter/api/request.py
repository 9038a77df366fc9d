"""A request as the handlers get it: authenticated, matched to an operation, its body still bytes."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from adapter.errors import Invalid, MalformedBody, Problem
from adapter.openapi.checked import WHOLE
from adapter.service import Caller, IdempotencyKey

IDEMPOTENCY_KEY = "Idempotency-Key"
_LONGEST_KEY = 255
_KEY = re.compile(rf"[!-~](?:[ -~]{{0,{_LONGEST_KEY - 2}}}[!-~])?")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Twenty digits in a row may be an integer of more than 64 bits, which orjson rounds to a float. A body is
# searched for them after `_DIGITS` has replaced every digit by 0 and every other byte by a space.
_LONG_INTEGER = b"0" * 20
_DIGITS = bytes(48 if chr(each).isdecimal() and each < 128 else 32 for each in range(256))
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
# In bytes. Parsing a longer body delays other requests, so those are parsed one at a time.
LONG_BODY = 1_000_000
# A value can be sent in two bytes (`1,`) and takes some tens of times as much memory.
MOST_VALUES = 200_000
_MOST_DIGITS = sys.int_info.default_max_str_digits
_TOO_MANY_VALUES = f"De aanvraag bevat meer dan {MOST_VALUES} waarden."


def everything(_operation_id: str) -> bool:
    """The right to use any operation."""
    return True


@dataclass(frozen=True, slots=True)
class Request:
    """A request to one operation.

    `identifier` is the text in the path where the uuid of a resource belongs, unchecked. `body` is as it was
    sent. `may` says whether the caller may use the operation with a given operationId.
    """

    caller: Caller
    identifier: str = ""
    query: str = ""
    body: bytes = b""
    may: Callable[[str], bool] = everything

    @property
    def is_long(self) -> bool:
        """Whether the body is to be parsed while no other long one is."""
        return len(self.body) > LONG_BODY

    def json(self) -> Any:
        """The body as JSON; {} when it is empty.

        Raises MalformedBody when it is no JSON, and Invalid when it holds more than MOST_VALUES values.
        """
        text = self.body.removeprefix(_BYTE_ORDER_MARK)
        if not text:
            return {}
        if self.is_long and sum(map(text.count, (b",", b"[", b"{"))) > MOST_VALUES:
            raise Invalid([Problem(WHOLE, "too-many-values", _TOO_MANY_VALUES)])
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            return _with_halves(text, error)
        return _exact(text, value) if _LONG_INTEGER in text.translate(_DIGITS) else value


def _with_halves(text: bytes, found: orjson.JSONDecodeError) -> Any:
    """The JSON of a text that orjson refused, if it only has lone surrogates (`"\\ud800"`).

    Raises MalformedBody for any other text, with the position of the mistake in the words of Python's parser,
    as Open Klant answers; they repeat nothing that was sent.
    """
    mistake = f"line {found.lineno} column {found.colno} (char {found.pos})"
    if len(text) > LONG_BODY:
        raise MalformedBody(f"JSON parse error - {mistake}") from None
    try:
        value = json.loads(text.decode(), parse_constant=_out_of_range, parse_int=_integer)
    except (json.JSONDecodeError, MalformedBody) as error:
        mistake = str(error)
    except (ValueError, RecursionError):
        pass
    else:
        if _HALF.search(text):
            return value
    raise MalformedBody(f"JSON parse error - {mistake}") from None


def _out_of_range(constant: str) -> None:
    # The constant is NaN, Infinity or -Infinity, which Python's parser takes and JSON does not have.
    raise MalformedBody(f"Out of range float values are not JSON compliant: {constant!r}")


def _exact(text: bytes, rounded: Any) -> Any:
    """The JSON of a text with its integers in full; `rounded`, orjson's result, if it is nested too deep."""
    try:
        return json.loads(text, parse_int=_integer)
    except RecursionError:
        return rounded


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _MOST_DIGITS else float(text)


def idempotency_key(header: str | None, path: str, body: bytes) -> IdempotencyKey | None:
    """The key that a POST was sent with, and a digest of its path and body; None without the header.

    Raises Invalid when the key is not 1 to 255 printable ASCII characters. Follows
    draft-ietf-httpapi-idempotency-key-header.
    """
    if header is None:
        return None
    key = header.strip()
    if not _KEY.fullmatch(key):
        reason = f"De header {IDEMPOTENCY_KEY} heeft 1 tot {_LONGEST_KEY} leesbare ASCII-tekens."
        raise Invalid([Problem(IDEMPOTENCY_KEY, "invalid", reason)])
    digest = hashlib.sha256(path.encode("utf-8", "surrogateescape"))
    digest.update(b"\0")
    digest.update(body)
    return IdempotencyKey(key, digest.hexdigest())
