"""A client cannot tell which registers are behind KlantBrug: every dialect answers the same."""

import datetime as dt
import re
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.deployment import deployed
from tests.inside import Network
from tests.promises.asking import COMPOSED, Link, Word, requests
from tests.promises.conftest import SEED
from tests.promises.examples import PHASES
from tests.standard import STANDARD

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
ORIGIN = re.compile(r"http://127\.0\.0\.1:\d+")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
LONG = dt.timedelta(days=1)
NOBODY = "3f9b5a0e-64b5-4a4c-9d5f-0c6a3f4a2b11"
LONGEST_WORD = 60
# Of each request all dialects are asked.
AMOUNTS = [pytest.param(5, id="5"), pytest.param(500, id="500", marks=pytest.mark.contract)]


class Conversation:
    """Requests to one dialect, and its answers without what differs each time."""

    def __init__(self, deployment):
        self.deployment, self.served = deployment, deployment.served
        self.begin()

    def begin(self):
        """Forget everything."""
        self.deployment.reset()
        self.made, self.words, self.known = {}, [], {}

    def ask(self, drawn):
        """(status, what is answered) to a request."""
        path, body = drawn.collection, self._named(drawn.body)
        if drawn.number is not None:
            path += f"/{self._named((drawn.collection, drawn.number))}"
        self.words += [each for each in texts(drawn.body) if len(each) < LONGEST_WORD][:10]
        query = [(name, self._named(value)) for name, value in drawn.query]
        answer = self.served.call(drawn.method, path, json=body, params=query)
        found = answer.json() if answer.content else None
        if answer.status_code == 201:
            parts = [(COMPOSED[name], each) for name, each in found.items() if name in COMPOSED and each]
            for collection, each in parts or [(drawn.collection, found)]:
                self.made.setdefault(collection, []).append(each["uuid"])
        return answer.status_code, self._alike(found)

    def _named(self, drawn):
        if isinstance(drawn, dict):
            return {name: self._named(each) for name, each in drawn.items()}
        if isinstance(drawn, list):
            return [self._named(each) for each in drawn]
        if isinstance(drawn, tuple):
            there = self.made.get(drawn[0]) or [NOBODY]
            return there[drawn[1] % len(there)]
        if isinstance(drawn, Link):
            uuid = self._named((drawn.collection, drawn.number))
            return f"{self.served.base}/{drawn.collection}/{uuid}"
        if isinstance(drawn, Word):
            return self.words[drawn.number % len(self.words)] if self.words else ""
        return drawn

    def _alike(self, found):
        if isinstance(found, dict):
            return {name: self._alike(found[name]) for name in sorted(found) if name != "instance"}
        if isinstance(found, list):
            return [self._alike(each) for each in found]
        if not isinstance(found, str):
            return found
        found = INSTANT.sub(now_or_then, ORIGIN.sub("{origin}", found))
        return UUID.sub(lambda it: self.known.setdefault(it[0].lower(), f"#{len(self.known)}"), found)


def now_or_then(found):
    then = dt.datetime.fromisoformat(found[0])
    return "{now}" if abs(dt.datetime.now(dt.UTC) - then) < LONG else found[0]


def texts(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for each in node.values() if isinstance(node, dict) else node:
            yield from texts(each)


@pytest.fixture(scope="module")
def conversations(tmp_path_factory):
    """One with each dialect."""
    network = Network()
    with ExitStack() as stack:
        stack.enter_context(network.connected())
        yield {
            name: Conversation(
                stack.enter_context(
                    deployed(name, tmp_path_factory.mktemp(name), network.running, watched=False)
                )
            )
            for name in STANDARD
        }


@pytest.mark.parametrize("amount", AMOUNTS)
def test_every_dialect_answers_the_same(conversations, amount):
    """Whatever is asked, in whatever order, and never with a failure of KlantBrug's own."""

    @seed(SEED)
    @settings(
        max_examples=amount,
        deadline=None,
        database=None,
        phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(requests(), min_size=15, max_size=40))
    def alike(asked):
        for each in conversations.values():
            each.begin()
        for number, each in enumerate(asked):
            answers = {name: one.ask(each) for name, one in conversations.items()}
            first = next(iter(answers.values()))
            others = {name: answer for name, answer in answers.items() if answer != first}
            assert first[0] < 500, (number, each, first)
            assert not others, (number, each, first, others)
        for one in conversations.values():
            assert one.deployment.invalid == []

    alike()
