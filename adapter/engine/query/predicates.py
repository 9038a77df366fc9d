"""What a filter means: whether a served value, or a resource, is what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from adapter.engine.entities.entry import Entry
from adapter.engine.query.plans import Wanted
from adapter.mapping.model import Operator, Resource
from adapter.mapping.numbers import numbers_of
from adapter.mapping.paths import Path, get


def compare(operator: Operator, value: Any) -> Callable[[Any], bool]:
    """Whether a served value is what a filter with `value` means."""
    if operator == "contains":
        part = str(value).casefold()
        return lambda have: isinstance(have, str) and part in have.casefold()
    if operator == "in":
        wanted = [each.strip() for each in str(value).split(",")]
        return lambda have: _trimmed(have) in wanted
    if operator == "exists":
        return lambda have: (have not in (None, "", [])) is value
    if operator == "equals":
        return lambda have: _trimmed(have) == value
    tests: dict[str, Callable[[Any], bool]] = {
        "gt": lambda have: have > value,
        "gte": lambda have: have >= value,
        "lt": lambda have: have < value,
        "lte": lambda have: have <= value,
    }
    return lambda have: have is not None and tests[operator](have)


def _trimmed(have: Any) -> Any:
    """A text without outer spaces, as filters are read."""
    return have.strip() if isinstance(have, str) else have


def equivalent_words(resource: Resource, path: Path, value: Any) -> list[Any]:
    """The words that a filter for one word finds: itself, and those of equivalent vocabularies."""
    named = [words for words in resource.equivalents if words.get(path) == value]
    return list(dict.fromkeys([value, *(words[path] for words in resource.equivalents if named)]))


def meaning(resource: Resource, wanted: Wanted, *, own: bool = False) -> Callable[[Entry], bool]:
    """Whether a resource is what a filter means; of its `own`, without numbers that are computed."""
    path, value, same = wanted.path, wanted.value, compare(wanted.operator, wanted.value)
    if not own and numbers_of(resource, path) is not None:
        return lambda entry: same(entry.served(path))
    if not any(words.get(path) == value for words in resource.equivalents):
        return lambda entry: same(get(entry.values, path))

    def means(entry: Entry) -> bool:
        return same(get(entry.values, path)) or any(
            all(get(entry.values, at) == word for at, word in words.items()) for words in resource.equivalents
        )

    return means
