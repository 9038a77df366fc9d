"""The words in which a pair is explained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping.schemas import Facts

Content = Mapping[str, Any]

REST = "*"
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
    said = []
    if "to" in spec:
        said.append(f"reference, in the register the URL of one of {spec['to']}")
    if "uuid_of" in spec:
        said.append(f"uuid, in the register the URL of one of {spec['uuid_of']}")
    if "words" in spec:
        said.append("; ".join(_word(*each) for each in spec["words"].items()))
    if "other_words" in spec:
        said.append("every other word as it is")
    if "split" in spec:
        said.append(
            f"a list on one side, its items in one text with {spec['split'].strip() or 'a blank'} between"
        )
    if "date" in spec:
        said.append(f"a date, in the register as {spec['date']}")
    if "form" in spec:
        said.append(f"only text like {spec['form']}")
    if spec.get("as") == "instant":
        said.append("served in UTC")
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


def _word(served: str, theirs: Any) -> str:
    listed = ["any other" if each == REST else str(each) for each in _list(theirs)]
    return f"{served} is {' or '.join(listed)}"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


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
    own = served.longest if served else None
    theirs = register.longest if register else None
    said = []
    if "to" in spec or "uuid_of" in spec:
        said.append("a URL of another register reads as nothing")
    if "form" in spec:
        said.append(f"other text is not served; other values are {kept}")
    if "other_words" in spec:
        said.append(f"a word that the register has for another one is {kept}")
    if "split" in spec:
        said.append(
            f"the register gets what comes nearest; items that the text would not give back are {kept}"
        )
    if "date" in spec:
        said.append(
            f"other text is not served; the register gets what the form tells, and more than that is {kept}"
        )
    if theirs is not None and (own is None or own > theirs) and served and served.kind == "text":
        beginning = (
            "the register gets the beginning"
            if spec.get("too_long") == "cut"
            else "the register gets nothing"
        )
        said.append(f"longer than {theirs}: {beginning}, the whole is {kept}")
    if own is not None and (theirs is None or theirs > own or "else_at" in spec or "joined" in spec):
        shown = "its beginning is served" if spec.get("too_long") == "cut" else "it is not served"
        if "words" not in spec and "to" not in spec:
            said.append(f"longer than {own}: {shown}, the register keeps it")
    return "; ".join(said) or NEVER
