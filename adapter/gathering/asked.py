"""What a search of the Objects API asks for, and which objects have it, in which order and on which page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from adapter.gathering.ports import Body
from adapter.mapping.paths import MISSING, Path, get

# (path in the data, operator, texts)
Condition = tuple[Path, str, tuple[str, ...]]
_ENDS = re.compile(r"[0-9A-Fa-f-]{36}\Z")
# A text that stands in JSON as it is.
PLAIN = re.compile(r"[0-9A-Za-z-]{6,}\Z")
EXACT = frozenset({"in", "exact"})
_PAGE_SIZE = 100
_DATA = "record__data__"


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: the uuid of the objecttype or "", conditions on the data, order, page and its size."""

    type: str
    conditions: tuple[Condition, ...]
    ordering: tuple[str, ...]
    page: int
    size: int

    @classmethod
    def of(cls, params: Iterable[tuple[str, str]], form: Mapping[str, Any]) -> Asked:
        """The search of a list with these parameters, or with this form in its body."""
        given = {name: value for name, value in params if name != "data_attr"}
        texts = [value for name, value in params if name == "data_attr"]
        texts += [each for each in str(form.get("data_attrs") or "").split(",") if each]
        kind = str(form.get("type") or given.get("type") or "").rstrip("/").rpartition("/")[2]
        ordering = tuple(filter(None, given.get("ordering", "").split(",")))
        size = int(given.get("pageSize", _PAGE_SIZE))
        return cls(kind, tuple(map(_condition, texts)), ordering, int(given.get("page", 1)), size)

    def meets(self, data: Body) -> bool:
        """Whether the data of an object has all that is asked for."""
        return all(
            any(_meets(value, operator, texts) for value in _values(data, path))
            for path, operator, texts in self.conditions
        )

    def sorted(self, objects: Sequence[Body]) -> list[Body]:
        """The objects in the order that is asked for."""
        found = list(objects)
        for each in reversed(self.ordering):
            path = tuple(each.lstrip("-").removeprefix(_DATA).split("__"))
            whole = not each.lstrip("-").startswith(_DATA)
            found.sort(key=partial(_key, path, whole), reverse=each[0] == "-")
        return found


def uuids_in(texts: Iterable[str]) -> list[str]:
    """The uuids with which texts end."""
    return [found[0].lower() for each in texts if (found := _ENDS.search(each.rstrip("/")))]


def _condition(text: str) -> Condition:
    path, operator, value = text.rsplit("__", 2)
    return tuple(path.split("__")), operator, tuple(value.split("|")) if operator == "in" else (value,)


def _values(value: Any, path: Path) -> list[Any]:
    """What stands at a path; below a list, in any of its items."""
    if isinstance(value, list) and path:
        return [found for each in value for found in _values(each, path)]
    if not path:
        return [value]
    return _values(value.get(path[0]), path[1:]) if isinstance(value, dict) else []


def _meets(value: Any, operator: str, texts: tuple[str, ...]) -> bool:
    if value is None:
        return False
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    if operator in EXACT:
        return text in texts
    if operator == "icontains":
        return texts[0].casefold() in text.casefold()
    order = {"gt": text > texts[0], "gte": text >= texts[0], "lt": text < texts[0], "lte": text <= texts[0]}
    return order[operator]


def _key(path: Path, whole: bool, found: Body) -> str:
    value = get(found if whole else found["record"]["data"], path)
    return "" if value is MISSING or value is None else str(value)
