"""The words in which a pair is explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping.constructs.pairs import pair, texts
from adapter.mapping.constructs.pairs.conversions import codec_of
from adapter.mapping.schemas import Facts

Content = Mapping[str, Any]

NEVER = "always fits"


def conversion(node: Content) -> str:
    """How a value of one side becomes one of the other."""
    return "; ".join(pair.says(node)) or "as it is"


def limits(served: Facts | None, register: Facts | None) -> str:
    """The lengths that both sides take."""
    if served is None or served.kind != "text":
        return ""
    own, theirs = served.longest, register.longest if register else None
    if own is None and theirs is None:
        return ""
    return f"served {own or 'any length'}, register {theirs or 'any length'}"


def unfit(spec: Content, served: Facts | None, register: Facts | None, kept: str) -> str:
    """What happens to a value that the other side cannot hold; `kept` says where it stays whole."""
    codec = codec_of(spec)
    said = [*codec.unfit(spec, kept)] if codec else []
    return "; ".join([*said, *texts.unfit(spec, served, register, kept)]) or NEVER
