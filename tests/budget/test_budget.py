"""Every operation makes exactly the register calls of budget.yaml, in as many rounds."""

from pathlib import Path

import pytest
import yaml
from adapter.dialects import SHIPPED

from tests.budget.conftest import known_of
from tests.budget.material import full_page
from tests.budget.rounds import rounds

BUDGET = yaml.load(
    (Path(__file__).parent / "budget.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)


def filled_in(node, known):
    """The names in a path or body replaced by what they stand for."""
    if isinstance(node, str):
        return node.format(**known) if "{" in node else node
    if isinstance(node, dict):
        return {name: filled_in(each, known) for name, each in node.items()}
    return [filled_in(each, known) for each in node] if isinstance(node, list) else node


def cases():
    """Each operation in each dialect; by default in one of those in which it makes the same calls.

    Where contacts are gathered, what is the same kind of operation elsewhere takes turns.
    """
    for number, each in enumerate(BUDGET):
        seen = []
        for dialect, calls in each["calls"].items():
            turn = not SHIPPED.gathers(dialect) or len(each["calls"]) == 1 or number % 3 == 0
            marks = pytest.mark.contract if calls in seen or not turn else ()
            yield pytest.param(dialect, each, id=f"{dialect}-{each['name']}", marks=marks)
            seen.append(calls)


@pytest.mark.parametrize(("dialect", "operation"), [*cases()])
def test_an_operation_costs_what_the_budget_says(deployment, stock, operation, dialect):
    """Its register calls are these, and those of a round are made side by side."""
    known = stock(deployment, full_page if operation.get("of") == "a full page" else known_of)
    calls = operation["calls"][dialect]
    whichever = isinstance(calls, dict)
    expected = [] if whichever else [sorted(each) for each in calls]
    method, path = filled_in(operation["ask"], known).split(" ")
    body = filled_in(operation.get("body"), known)
    with rounds(deployment, [len(each) for each in expected]) as seen:
        answer = deployment.served.call(method, path, json=body)
    assert answer.status_code < 300, answer.text
    made = seen.made()
    if whichever:
        assert sorted(call for each in made for call in each) == sorted(calls["whichever"]), yaml.safe_dump(
            made, width=1000
        )
    else:
        assert made == expected, yaml.safe_dump(made, width=1000)
