"""What clients ask takes as many register calls in a large municipality as in a small one."""

import pytest

from tests.budget.town import QUESTIONS, around, counted, fill, known_in, most
from tests.inside import Network

SMALL, LARGE = 40, 160
BOUNDED = [each for each in QUESTIONS if len(each) > 1]
# A part of the questions, of the dialect that most municipalities have; all others with `make contract`.
CASES = [
    pytest.param("openklant", BOUNDED[::4]),
    pytest.param("openklant", BOUNDED, marks=pytest.mark.contract),
    pytest.param("vng", BOUNDED, marks=pytest.mark.contract),
    pytest.param("esuite", BOUNDED, marks=pytest.mark.contract),
]


@pytest.mark.parametrize(("dialect", "questions"), CASES)
def test_a_question_takes_no_more_calls_in_a_larger_municipality(dialect, questions, tmp_path):
    """Neither how many contacts there are nor how many match: only what is on the page."""
    network, too_many = Network(), []
    with network.connected(), around(dialect, tmp_path, network, LARGE) as running:
        running.served.session.hooks["response"].clear()
        for contacts in (SMALL, LARGE):
            running.reset()
            fill(running, contacts)
            known = known_in(running, contacts)
            for question in questions:
                if dialect not in question:
                    continue
                with counted(running) as cost:
                    answer = running.served.call("GET", question["ask"].format(**known))
                assert answer.status_code in (200, 404), (question["ask"], answer.text)
                bound = most(question, dialect, answer.json())
                if cost.calls > bound:
                    too_many.append((contacts, question["ask"], cost.calls, bound))
    assert too_many == []
