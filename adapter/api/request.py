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
from adapter.service import Caller, IdempotencyKey

IDEMPOTENCY_KEY = "Idempotency-Key"
_LONGEST_KEY = 255
_KEY = re.compile(rf"[!-~](?:[ -~]{{0,{_LONGEST_KEY - 2}}}[!-~])?")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# An integer that may need more than 64 bits, which orjson would round to a float.
_LONG_INTEGER = re.compile(rb"\d{20}")
_MOST_DIGITS = sys.int_info.default_max_str_digits


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

    def json(self) -> Any:
        """The body as JSON; none at all is an empty object. MalformedBody when it is something else."""
        text = self.body.removeprefix(_BYTE_ORDER_MARK)
        if not text:
            return {}
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise MalformedBody(f"JSON parse error - {_mistake(text, error)}") from None
        return _exact(text, value) if _LONG_INTEGER.search(text) else value


def _mistake(text: bytes, found: orjson.JSONDecodeError) -> str:
    """Why a text is no JSON, in the words of the reference server; nothing that was sent is in them."""
    try:
        json.loads(text.decode(), parse_constant=_out_of_range)
    except json.JSONDecodeError as error:
        return str(error)
    except MalformedBody as error:
        return str(error)
    except (ValueError, RecursionError):
        pass
    return f"line {found.lineno} column {found.colno} (char {found.pos})"


def _out_of_range(constant: str) -> None:
    # One of NaN, Infinity and -Infinity.
    raise MalformedBody(f"Out of range float values are not JSON compliant: {constant!r}")


def _exact(text: bytes, rounded: Any) -> Any:
    """The JSON of a text with its integers in full; as orjson read it when it is too deep for that."""
    try:
        return json.loads(text, parse_int=lambda it: int(it) if len(it) <= _MOST_DIGITS else float(it))
    except RecursionError:
        return rounded


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
