"""Changes of a mapping after which it does the same: nothing can notice them, and they are no mutants.

The few that follow from other lines of the file, and from no rule, stand in explained.yaml with their reason.
"""

from __future__ import annotations

from pathlib import Path as File
from typing import Any

import yaml

Path = tuple[str | int, ...]

REST = "*"
EXPLAINED: dict[str, str] = yaml.load(
    File(__file__).with_name("explained.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)


def any_name(path: Path, content: dict[str, Any]) -> bool:
    """Whether any other text is as good.

    The name of an objecttype of our own is named nowhere else, and the word that goes into uuids of our own
    is not shown.
    """
    if path[-1] == "uuid_for":
        return True
    home = content["homes"][path[1]] if path[0] == "homes" and path[-1] == "object" else {}
    return len(path) == 3 and "object" in home and not home.get("fields")


def says_the_same(path: Path, content: dict[str, Any]) -> bool:
    """Whether the mapping says the same without what stands at a path.

    How many values a home holds is pinned once its digits are given out.
    """
    return _as_when_absent(path, content) or _one_of_the_rest(path, content) or path[-1] == "at_most"


def _as_when_absent(path: Path, content: dict[str, Any]) -> bool:
    """A member that a home gives the value which it has when nothing is known."""
    if len(path) != 4 or path[2] != "means" or path[3] == "without":
        return False
    paired = {*(content["homes"][path[1]].get("fields") or {})}
    return path[3] not in paired and _absent(path[3], content) == content["homes"][path[1]]["means"][path[3]]


def _one_of_the_rest(path: Path, content: dict[str, Any]) -> bool:
    """A word beside the rest where nothing is written, or the rest where it reads as it does without."""
    if len(path) < 4 or path[0] != "homes" or path[-3] != "words" or not isinstance(path[-1], int):
        return False
    home = content["homes"][path[1]]
    node: Any = content
    for part in path[:-1]:
        node = node[part]
    if REST not in node:
        return False
    if node[path[-1]] == REST:
        otherwise = (home.get("means") or {}).get(path[-4], _absent(str(path[-4]), content))
        return bool(otherwise == path[-2])
    return "inside" in home or "read_only" in home


def _absent(member: str | int, content: dict[str, Any]) -> Any:
    line = (content.get("fields") or {}).get(member) or {}
    return line.get("absent", ...)
