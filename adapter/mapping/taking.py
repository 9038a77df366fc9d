"""Which new resources a home takes."""

from __future__ import annotations

from typing import Any

from adapter.mapping.paths import filled
from adapter.openapi.formats import canonical_uuid

A_UUID = "a_uuid"


def meets(value: Any, wanted: Any) -> bool:
    """Whether a value is what a home takes: any that is given, a uuid, nothing, or one constant.

    A uuid that is spelt otherwise than registers spell it would not be read back as it was sent.
    """
    if wanted == "given":
        return filled(value)
    if wanted == A_UUID:
        return isinstance(value, str) and canonical_uuid(value) == value
    return bool(value == wanted) or (wanted is None and not filled(value))
