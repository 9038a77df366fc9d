"""Tables of Referentielijsten are read page by page, kept for a while, and outlive a service that is down."""

import pytest
from adapter.errors import RegisterAnswer, RegisterError, RegisterUnavailable
from adapter.registers.messages import Answer
from adapter.registers.reference_lists import PAUSE, ReferenceLists

from tests.referentielijsten import item

AGE = 300


class Service:
    """Answers with pages of two; while `fails` is set, it raises that."""

    name = "referentielijsten"

    def __init__(self, rows):
        self.rows, self.fails, self.asked, self.now = rows, None, [], 0.0

    def call(self, method, path, *, params=(), json=None):
        asked = dict(params)
        self.asked.append((method, path, asked["tabel__code"], asked["page"]))
        if self.fails:
            raise self.fails
        end = int(asked["page"]) * 2
        following = "https://elsewhere.example/" if end < len(self.rows) else None
        return Answer(200, {"next": following, "results": self.rows[end - 2 : end]})


@pytest.fixture
def service():
    return Service([item("een"), item("twee"), item("drie")])


@pytest.fixture
def lists(service):
    return ReferenceLists(service, AGE, lambda: service.now)


def test_all_pages_are_read_and_no_address_of_an_answer_is_followed(service, lists):
    assert lists.codes("KANAAL") == ["een", "twee", "drie"]
    assert service.asked == [("GET", "items", "KANAAL", "1"), ("GET", "items", "KANAAL", "2")]


def test_a_table_is_read_again_when_it_is_old(service, lists):
    lists.codes("KANAAL")
    service.rows = [item("vier")]
    service.now = AGE - 1
    assert lists.codes("KANAAL") == ["een", "twee", "drie"]
    service.now = AGE
    assert lists.codes("KANAAL") == ["vier"]
    service.rows, service.now = [], 2 * AGE
    assert lists.codes("KANAAL") is None


@pytest.mark.parametrize(
    "fails", [RegisterUnavailable("referentielijsten"), RegisterAnswer("referentielijsten")]
)
def test_a_table_counts_as_it_was_read_last(service, lists, fails):
    service.fails = fails
    with pytest.raises(RegisterError):
        lists.codes("KANAAL")
    service.fails = None
    lists.codes("KANAAL")
    service.fails, service.now, service.asked = fails, AGE, []
    assert lists.codes("KANAAL") == ["een", "twee", "drie"]
    assert lists.codes("KANAAL") == ["een", "twee", "drie"]
    assert len(service.asked) == 1, "it is left alone for a while"
    service.fails, service.rows = None, [item("vier")]
    service.now += PAUSE
    assert lists.codes("KANAAL") == ["vier"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, {"detail": "no"}),
        Answer(200, []),
        Answer(200, {"results": {}}),
        Answer(403, {"results": []}),
    ],
)
def test_an_answer_that_is_no_table(answer):
    service = Service([])
    service.call = lambda *_, **__: answer
    with pytest.raises(RegisterAnswer):
        ReferenceLists(service, AGE).codes("KANAAL")


@pytest.mark.parametrize(
    ("begin", "end", "holds"),
    [
        (None, None, True),
        ("2020-01-01T00:00:00Z", None, True),
        ("2020-01-01", "2999-01-01", True),
        (None, "2020-01-01T00:00:00+01:00", False),
        ("2999-01-01T00:00:00Z", None, False),
        ("morgen", 3, True),
    ],
)
def test_a_code_holds_from_its_begin_until_its_end(begin, end, holds):
    lists = ReferenceLists(Service([item("een", begin, end), {"naam": "geen code"}, "tekst"]), AGE)
    assert lists.codes("KANAAL") == (["een"] if holds else [])
