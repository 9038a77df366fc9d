"""The words in which a pair is explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping.constructs.pairs import codec_of, texts
from adapter.mapping.schemas import Facts

Content = Mapping[str, Any]

NEVER = "always fits"


def constant(node: Any) -> str:
    """A constant of a mapping."""
    if isinstance(node, Mapping) and "setting" in node:
        return f"the setting {node['setting']}"
    if isinstance(node, bool):
        return "true" if node else "false"
    return "null" if node is None else str(node)


def conversion(spec: Content) -> str:
    """How a value of one side becomes one of the other."""
    codec = codec_of(spec)
    said = [*codec.says(spec)] if codec else []
    if "joined" in spec:
        said.append(f"when empty, read together from {', '.join(spec['joined'])}")
    if "else_at" in spec:
        said.append(f"when empty, read from {', '.join(spec['else_at'])}")
    if "else_unless" in spec:
        said.append(f"but not while {' or '.join(spec['else_unless'])} has a value")
    if "if" in spec:
        conditions = (f"{path} is {constant(value)}" for path, value in spec["if"].items())
        said.append(f"only where {' and '.join(conditions)}")
    if spec.get("frozen"):
        said.append("never changed afterwards")
    if spec.get("read_only"):
        said.append("never written")
    if "fill" in spec:
        said.append("filled when there is no value")
    return "; ".join(said) or "as it is"


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
