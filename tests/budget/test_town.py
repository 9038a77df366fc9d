"""What clients ask takes as many register calls in a large municipality as in a small one."""

import pytest

from tests.budget.town import QUESTIONS, around, counted, fill, known_in, most
from tests.inside import Network

SMALL, LARGE = 40, 160
# Where contacts are gathered, a smaller one has no tasks; what has no list there is refused.
SMALLER, REFUSED = {"esuite": 80}, {"esuite": [400]}
BOUNDED = {
    dialect: [each for each in QUESTIONS if dialect in each] for dialect in ("openklant", "vng", "esuite")
}
# A part of the questions, of the dialect that most municipalities have; all others with `make contract`.
CASES = [
    pytest.param("openklant", BOUNDED["openklant"][::4]),
    *(pytest.param(name, found, marks=pytest.mark.contract) for name, found in BOUNDED.items()),
]


@pytest.mark.parametrize(("dialect", "questions"), CASES)
def test_a_question_takes_no_more_calls_in_a_larger_municipality(dialect, questions, tmp_path):
    """Neither how many contacts there are nor how many match: only what is on the page."""
    network, too_many = Network(), []
    answers = [200, 404, *REFUSED.get(dialect, ())]
    sizes = SMALLER.get(dialect, SMALL), LARGE
    with network.connected(), around(dialect, tmp_path, network, *sizes) as running:
        running.served.session.hooks["response"].clear()
        for contacts in sizes:
            running.reset()
            fill(running, contacts)
            known = known_in(running, contacts)
            for question in questions:
                with counted(running) as cost:
                    answer = running.served.call("GET", question["ask"].format(**known))
                assert answer.status_code in answers, (question["ask"], answer.text)
                bound = most(question, dialect, answer.json(), int(known["contacts"]))
                if cost.calls > bound:
                    too_many.append((contacts, question["ask"], cost.calls, bound))
    assert too_many == []
