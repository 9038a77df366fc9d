"""Ask KlantBrug and a target the same questions, and compare their answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

from adapter.move.likeness import Answer, Comparison
from adapter.move.posted import Uuids
from adapter.move.questions import Question

SECONDS = 60
MOST_SHOWN = 1000


class NoAnswer(Exception):
    """A server cannot be asked; the text says which and why."""


class Server:
    """A server of the Klantinteracties API: its address without a slash at the end, and a token for it."""

    def __init__(self, base: str, token: str, uuids: Uuids | None = None) -> None:
        """With `uuids` it has others than KlantBrug has: it is asked by its own, and answers by ours."""
        self.base, self._uuids = base.rstrip("/"), uuids
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update({"Authorization": f"Token {token}", "Accept": "application/json"})

    def ask(self, question: Question) -> Answer:
        """Its answer. Raises NoAnswer."""
        try:
            path, query = self._there(question)
            answer = self._session.get(path, params=query, timeout=SECONDS)
            return Answer(answer.status_code, self._here(answer), self.base)
        except requests.JSONDecodeError:
            raise NoAnswer(f"{self.base} does not answer JSON to {question.shown}") from None
        except requests.RequestException:
            raise NoAnswer(f"{self.base} cannot be reached") from None

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _there(self, question: Question) -> tuple[str, list[tuple[str, str]]]:
        path, query = question.path(self.base), question.query(self.base)
        if self._uuids is None:
            return path, query
        other = self._uuids.turned("uuid", " ".join([path, *(value for _, value in query)]))
        return other(path), [(name, other(value)) for name, value in query]

    def _here(self, answer: requests.Response) -> Any:
        if self._uuids is None:
            return answer.json()
        return self._uuids.here(answer.json())


@dataclass(slots=True)
class Asked:
    """What came of all questions: counts, and where answers differ."""

    questions: int = 0
    equal: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    """How many questions have each known difference."""
    different: list[tuple[str, str]] = field(default_factory=list)
    """(question, where) of the others; at most MOST_SHOWN."""
    differs: int = 0

    def shown(self, because: Mapping[str, str]) -> dict[str, Any]:
        """As the report has it."""
        return {
            "questions": self.questions,
            "equal": self.equal,
            "different": self.differs,
            "where": [list(each) for each in self.different],
            "ignored": {name: {"count": self.ignored[name], "because": because[name]} for name in because},
        }


def ask_all(
    questions: Iterable[Question],
    control: Server,
    other: Server,
    compare: Comparison,
    at: Callable[[int], None] = lambda _: None,
) -> Asked:
    """Ask both every question, side by side; `at` is called with the number of each. Raises NoAnswer."""
    found = Asked()
    with ThreadPoolExecutor(2) as pool:
        for question in questions:
            theirs = pool.submit(other.ask, question)
            ours = control.ask(question)
            likeness = compare.of(question.resource, ours, theirs.result())
            found.questions += 1
            found.ignored.update(likeness.ignored.keys())
            if likeness.different:
                found.differs += 1
                places = ", ".join(dict.fromkeys(likeness.different))
                if len(found.different) < MOST_SHOWN:
                    found.different.append((question.shown, places))
            else:
                found.equal += 1
            at(found.questions)
    return found
