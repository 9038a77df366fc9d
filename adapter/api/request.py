"""A request as the handlers see it: past every check that needs no resource, and free of HTTP."""

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
# An integer that may need more than 64 bits, which orjson would round to a float.
_LONG_INTEGER = b"0" * 20
_DIGITS = bytes(48 if chr(each).isdecimal() and each < 128 else 32 for each in range(256))
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
# From so many bytes on a body takes long enough to be read that others notice.
LONG_BODY = 1_000_000
# A value takes some tens of times the memory of the two bytes that it was sent in.
MOST_VALUES = 200_000
_MOST_DIGITS = sys.int_info.default_max_str_digits
_TOO_MANY_VALUES = f"De aanvraag bevat meer dan {MOST_VALUES} waarden."


def everything(_operation_id: str) -> bool:
    """The right to use any operation."""
    return True


@dataclass(frozen=True, slots=True)
class Request:
    """`identifier` is what stands in the path for the resource's uuid; `body` is still as it was sent.

    `may` tells whether the caller may use an operation, by its operationId.
    """

    caller: Caller
    identifier: str = ""
    query: str = ""
    body: bytes = b""
    may: Callable[[str], bool] = everything

    @property
    def is_long(self) -> bool:
        """Whether the body takes so long to be read that it is not to be read beside others."""
        return len(self.body) > LONG_BODY

    def json(self) -> Any:
        """The body as JSON; none at all is an empty object.

        MalformedBody when it is something else, Invalid when it holds more values than any body needs.
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
    """The JSON of a text that names halves of characters, which orjson does not take.

    MalformedBody says why a text is no JSON, in the words of the reference; nothing that was sent is in them.
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
    # One of NaN, Infinity and -Infinity.
    raise MalformedBody(f"Out of range float values are not JSON compliant: {constant!r}")


def _exact(text: bytes, rounded: Any) -> Any:
    """The JSON of a text with its integers in full; as orjson read it when it is too deep for that."""
    try:
        return json.loads(text, parse_int=_integer)
    except RecursionError:
        return rounded


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _MOST_DIGITS else float(text)


def idempotency_key(header: str | None, path: str, body: bytes) -> IdempotencyKey | None:
    """The key of a POST, if it has one, with a digest of where it went and what it held."""
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
