"""What a register says is wrong with a body, in whichever form it says so: without a value that was sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

# A path of members, as a sentence may have it: `group.member`.
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


def wrong_members(answer: Any, sent: Mapping[str, Any]) -> dict[str, str]:
    """The code of each problem in an error answer, by the path of its member.

    The ZGW APIs list their problems. The e-Suite has one code and a sentence instead: its members are the
    ones of the body that was sent, of which that sentence has the path or the last name. {} when the answer
    says of no member that it is wrong.
    """
    if not isinstance(answer, dict):
        return {}
    listed = answer.get("invalidParams") or answer.get("invalid_params") or []
    if found := {each.get("name", ""): each.get("code", "") for each in listed if isinstance(each, dict)}:
        return found
    detail, code = answer.get("detail"), answer.get("code")
    if not isinstance(detail, str) or not isinstance(code, str):
        return {}
    words = set(_PATH.findall(detail))
    paths = list(_paths(sent, ""))
    named = [path for path in paths if path in words]
    named += [path for path in paths if path.rpartition(".")[2] in words and not _said(path, named)]
    return dict.fromkeys(named, code.lower())


def _said(path: str, named: list[str]) -> bool:
    """Whether one of the names stands for this path, or for a member inside it or around it."""
    return any(each == path or each.startswith(f"{path}.") or path.startswith(f"{each}.") for each in named)


def _paths(body: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, value in body.items():
        yield f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _paths(value, f"{prefix}{name}.")
