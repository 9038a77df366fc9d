"""Answers of two servers are compared under a short list of known differences; every other one is told."""

import pytest
from adapter.move.asking import ask_all
from adapter.move.likeness import Answer, Comparison
from adapter.move.questions import Question, Questions
from adapter.move.target import target
from adapter.shipped import expands, shipped_mappings

from tests.watching import planted_in


@pytest.fixture
def dialect():
    return "openklant"


HERE, THERE = "https://brug.example/api/v1", "https://klant.example/klantinteracties/api/v1"
ONE, OTHER, THIRD = (f"00000000-0000-4000-8000-00000000000{each}" for each in "123")


def item(uuid, **members):
    return {"uuid": uuid, "url": f"{{base}}/partijen/{uuid}", **members}


def page(*results, count=None):
    return {"count": len(results) if count is None else count, "results": list(results)}


def compared(ours, theirs, resource="partijen", statuses=(200, 200)):
    """The known differences, and where others are."""
    comparison = Comparison(target("openklant").ignored)
    answers = [
        Answer(status, _based(body, base), base)
        for status, body, base in zip(statuses, (ours, theirs), (HERE, THERE), strict=True)
    ]
    found = comparison.of(resource, *answers)
    return dict(found.ignored), found.different


def _based(value, base):
    if isinstance(value, dict):
        return {name: _based(each, base) for name, each in value.items()}
    if isinstance(value, list):
        return [_based(each, base) for each in value]
    return value.replace("{base}", base) if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("rule", "ours", "theirs"),
    [
        ("order", {"hadBetrokkenen": [item(ONE), item(OTHER)]}, {"hadBetrokkenen": [item(OTHER), item(ONE)]}),
        ("extra", {"todo": "x", "kanaal": "a"}, {"kanaal": "a"}),
        ("null_link", {"toegewezenAanActor": None}, {"toegewezenAanActor": {"uuid": None}}),
        ("computed", {"nummer": "9000000001"}, {"nummer": None}),
        ("keys", {"metadata": {"some_key": "x"}}, {"metadata": {"someKey": "x"}}),
        ("expand", {"_expand": {"bijlagen": []}}, {"_expand": {}}),
        (
            "expand",
            [{"_expand": {"wasPartij": item(ONE)}}, {"_expand": {"wasPartij": item(ONE)}}],
            [{"_expand": {"wasPartij": item(ONE)}}, {"_expand": {"wasPartij": None}}],
        ),
        ("repeated", page(item(ONE)), page(item(ONE), item(ONE))),
    ],
)
def test_a_known_difference_is_counted(rule, ours, theirs):
    assert compared(ours, theirs) == ({rule: 1}, [])


@pytest.mark.parametrize(
    ("ours", "theirs", "where"),
    [
        ({"kanaal": "a"}, {"kanaal": "b"}, "kanaal"),
        ({"nummer": "0000000001"}, {"nummer": "0000000002"}, "nummer"),
        ({"hadBetrokkenen": [item(ONE)]}, {"hadBetrokkenen": [item(OTHER)]}, "hadBetrokkenen[].uuid"),
        ({"hadBetrokkenen": [item(ONE)]}, {"hadBetrokkenen": []}, "hadBetrokkenen: how many"),
        (
            {"toegewezenAanActoren": [item(ONE), item(OTHER)]},
            {"toegewezenAanActoren": [item(OTHER), item(ONE)]},
            "toegewezenAanActoren[].uuid",
        ),
        ({"_expand": {"wasPartij": item(ONE)}}, {"_expand": {"wasPartij": None}}, "_expand.wasPartij"),
        (page(item(ONE)), page(item(ONE), count=2), "count"),
        ({"metadata": {"some_key": "x"}}, {"metadata": {"someKey": "y"}}, "metadata.someKey"),
        ({"naam": ""}, {"naam": None}, "naam"),
    ],
)
def test_any_other_difference_is_told_by_its_place(ours, theirs, where):
    found = compared(ours, theirs)[1]
    assert where in found


def test_addresses_of_a_server_say_nothing():
    one = {"next": "{base}/partijen?page=2", "results": [item(ONE)]}
    assert compared(one, one) == ({}, [])


def test_who_is_only_named_is_listed_by_the_target_alone():
    ours, theirs = page(item(ONE)), page(item(OTHER), item(ONE), count=2)
    assert compared(ours, theirs, "actoren") == ({"unlisted": 1}, [])
    assert compared(ours, theirs, "partijen")[1] != []


def test_what_became_one_is_told_once_and_anything_else_is_compared():
    """Who named the younger names the oldest; the oldest has more; nobody else may be more or less."""
    compare = Comparison(target("openklant").ignored, (), {"partijen": {ONE: OTHER}})

    def of(ours, theirs, resource):
        found = compare.of(resource, Answer(200, ours, HERE), Answer(200, theirs, THERE))
        return dict(found.ignored), found.different

    def named(base, uuid, **more):
        return {"wasPartij": {"uuid": uuid, "url": f"{base}/partijen/{uuid}"}, **more}

    assert of(named(HERE, ONE), named(THERE, OTHER), "betrokkenen") == ({}, [])
    assert of(named(HERE, ONE, rol="x"), named(THERE, OTHER, rol="y"), "betrokkenen") == ({}, ["rol"])
    klant, other = {"uuid": OTHER, "naam": "a"}, {"uuid": THIRD, "naam": "b"}
    ours, theirs = page(other, {**klant, "uuid": ONE}, klant), page(other, {**klant, "naam": "c"})
    assert of(ours, theirs, "partijen") == ({"merged": 2}, [])
    wrong = page({**other, "naam": "c"}, klant)
    assert of(ours, wrong, "partijen") == ({"merged": 1}, ["[].naam"])
    assert of(page(other, klant), page(klant), "betrokkenen")[1] != []


def test_errors_differ_in_their_address_only():
    ours, theirs = ({"type": f"{each}/ref", "instance": each, "code": "invalid"} for each in "ab")
    assert compared(ours, theirs, statuses=(400, 400)) == ({"of_errors": 2}, [])
    assert compared(ours, theirs, statuses=(400, 404)) == ({}, ["status 400 against 404"])
    bound = {"invalidParams": [{"code": "scan-bound"}]}
    assert compared(bound, page(), statuses=(400, 200)) == ({"scan_bound": 1}, [])


def test_clients_questions_are_made_of_every_filter_and_tell_no_value(read):
    """A question has a value of the registers in it; what is printed of it names parameters."""
    from adapter.move.book import Book  # noqa: PLC0415
    from adapter.move.numbered import Numbered  # noqa: PLC0415

    book = Book(str(read.file("book.sqlite3")))
    numbered, mappings = Numbered(book), shipped_mappings("openklant")
    numbered.number()
    made = Questions(mappings, expands(), lambda kind: numbered.sample(kind, 20))
    asked = {name: list(made.of(name, numbered.count(name))) for name in target("openklant").resources}
    book.close()
    parameters = {
        name: {one for each in several for one, _ in each.parameters} for name, several in asked.items()
    }
    assert {"kanaal", "hadBetrokkene__wasPartij__uuid", "leiddeTotInterneTaken"} <= parameters[
        "klantcontacten"
    ]
    assert {"hadKlantcontact__url", "verstrektedigitaalAdres__adres"} <= parameters["betrokkenen"]
    assert {"actoren__naam", "klantcontact__nummer"} <= parameters["internetaken"]
    assert sum(map(len, parameters.values())) > 70
    shown = "\n".join(each.shown for several in asked.values() for each in several)
    assert planted_in(shown) == []
    assert (
        planted_in("\n".join(str(each.query(HERE)) for several in asked.values() for each in several)) != []
    )
    by_url = Question("betrokkenen", "", (("a", f"partijen/{ONE}"),), ("a",))
    assert by_url.query(HERE) == [("a", f"{HERE}/partijen/{ONE}")]


class Serving:
    """A server that answers from a table, for tests without one."""

    def __init__(self, base, answers):
        self.base, self._answers = base, answers

    def ask(self, question):
        return Answer(200, dict(self._answers[question.uuid]), self.base)


def test_three_values_that_were_changed_by_hand_are_found_and_no_others():
    answers = {f"{ONE[:-2]}{each:02}": {"kanaal": "a", "naam": f"n{each}", "todo": "x"} for each in range(9)}
    changed = {uuid: {"kanaal": "a", "naam": each["naam"]} for uuid, each in answers.items()}
    for uuid, member in zip(list(changed)[:3], ("kanaal", "naam", "kanaal"), strict=True):
        changed[uuid][member] = "by hand"
    questions = [Question("partijen", uuid, ()) for uuid in answers]
    there = target("openklant")
    found = ask_all(questions, Serving(HERE, answers), Serving(THERE, changed), Comparison(there.ignored))
    assert (found.questions, found.equal, found.differs) == (9, 6, 3)
    assert [where for _, where in found.different] == ["kanaal", "naam", "kanaal"]
    shown = found.shown(there.because)
    assert shown["ignored"]["extra"]["count"] == 9
    assert "by hand" not in str(shown)


def test_what_an_api_set_itself_and_what_it_did_not_take_are_known_differences():
    """Known by the name of the rule; the same members of others, and what else is missing, are different."""
    compare = Comparison({**target("openklant").ignored, "lost": ["a", "b.uuid"]}, ["gone"])

    def of(ours, theirs, status=200):
        found = compare.of("partijen", Answer(200, ours, HERE), Answer(status, theirs, THERE))
        return dict(found.ignored), found.different

    assert of({"a": 1, "b": {"uuid": "x"}}, {"a": 2, "b": {"uuid": "y"}}) == ({"lost": 2}, [])
    assert of({"c": {"uuid": "x"}}, {"c": {"uuid": "y"}}) == ({}, ["c.uuid"])
    assert of({"uuid": "gone"}, {}, 404) == ({"not_taken": 1}, [])
    assert of({"uuid": "other"}, {}, 404) == ({}, ["status 200 against 404"])
    listed = [{"uuid": "x", "d": {"uuid": "gone"}}, {"uuid": "gone"}]
    assert of({"count": 2, "results": listed}, {"count": 1, "results": [{"uuid": "x", "d": None}]}) == (
        {"not_taken": 1}, [],
    )  # fmt: skip
