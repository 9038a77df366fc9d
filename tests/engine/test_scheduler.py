"""Reads that go on side by side: what they ask in a round, and what each of them is told."""

from functools import partial

import pytest
from adapter.engine.gateway.scan_bound import ScanTooLong
from adapter.engine.gateway.scheduler import Call, Shared, ask, first, first_round, gather, run

TOO_MUCH = "too much"
DOWN = "down"


class Answers:
    """Answers each question with itself in capitals, once for all that ask it; notes each round."""

    def __init__(self):
        self.rounds = []
        self.filed = []

    def calls(self, asked):
        self.rounds.append([each.question for each in asked])
        for question in dict.fromkeys(self.rounds[-1]):
            same = [each for each in asked if each.question == question]
            yield Call(partial(self._made, question), self.filed.append, same)

    def _made(self, question):
        if question == TOO_MUCH:
            raise ScanTooLong(10)
        if question == DOWN:
            raise ConnectionError
        return question.upper()


def in_turn(calls):
    return [call() for call in calls]


def steps(answers, *rounds):
    """A read that asks something in each of some rounds; returns all that it was told."""
    told = []
    for questions in rounds:
        told += yield from ask(answers, questions.split())
    return told


def otherwise(answers, question):
    """A read that has another way when a question is too long."""
    try:
        return (yield from ask(answers, [question]))
    except ScanTooLong:
        return (yield from ask(answers, ["less"]))


ROUNDS = {
    "one read, one question": (["a"], [["a"]]),
    "several questions of one read are one round": (["a b"], [["a", "b"]]),
    "one after the other": ([("a", "b")], [["a"], ["b"]]),
    "side by side": (["a", "b"], [["a", "b"]]),
    "the same question of two reads": (["a", "a"], [["a", "a"]]),
    "one that ends earlier": (["a", ("b", "c"), ("d", "e", "f")], [["a", "b", "d"], ["c", "e"], ["f"]]),
    "one that has nothing to ask": (["", "a"], [["a"]]),
    "nothing to ask at all": (["", ""], []),
    "no reads": ([], []),
}


@pytest.mark.parametrize(("reads", "rounds"), ROUNDS.values(), ids=ROUNDS.keys())
def test_what_is_asked_in_each_round(reads, rounds):
    """What all of them wait for; each is told what it asked, in the order of the reads."""
    answers = Answers()
    reads = [(each,) if isinstance(each, str) else each for each in reads]
    told = run(gather(steps(answers, *each) for each in reads), in_turn)
    assert answers.rounds == rounds
    assert told == [[word.upper() for each in read for word in each.split()] for read in reads]


def test_a_question_of_two_reads_is_one_call():
    """Its answer is filed once, and both have it."""
    answers = Answers()
    assert run(gather([steps(answers, "a"), steps(answers, "a b")]), in_turn) == [["A"], ["A", "B"]]
    assert answers.filed == ["A", "B"]


def test_reads_within_reads_go_at_the_same_pace():
    """However deep a question stands, it is asked in the round of its step."""
    answers = Answers()
    inner = gather([steps(answers, "b", "c"), steps(answers, "d")])
    assert run(gather([steps(answers, "a", "e"), inner]), in_turn) == [["A", "E"], [["B", "C"], ["D"]]]
    assert answers.rounds == [["a", "b", "d"], ["e", "c"]]


def test_two_sources_in_one_round():
    """Each is asked for its own, and all calls are made together."""
    one, other, made = Answers(), Answers(), []

    def together(calls):
        made.append(len(calls))
        return in_turn(calls)

    run(gather([steps(one, "a"), steps(other, "b", "c")]), together)
    assert (one.rounds, other.rounds, made) == ([["a"]], [["b"], ["c"]], [2, 1])


def test_a_scan_that_is_too_long_is_told_to_those_that_asked_for_it():
    """One that has another way goes on; the others do not notice."""
    answers = Answers()
    reads = [steps(answers, "a", "b"), otherwise(answers, TOO_MUCH)]
    assert run(gather(reads), in_turn) == [["A", "B"], ["LESS"]]
    assert answers.rounds == [["a", TOO_MUCH], ["b", "less"]]


def test_a_part_of_an_answer_is_not_filed_when_another_part_is_too_long():
    """Else the part would be taken for the whole when it is asked for again."""

    class Parts(Answers):
        def calls(self, asked):
            yield Call(lambda: "a part", self.filed.append, list(asked))
            yield Call(partial(self._made, TOO_MUCH), self.filed.append, list(asked))

    parts = Parts()
    with pytest.raises(ScanTooLong):
        run(steps(parts, "a"), in_turn)
    assert parts.filed == []


@pytest.mark.parametrize(("question", "error"), [(TOO_MUCH, ScanTooLong), (DOWN, ConnectionError)])
def test_what_one_read_does_not_handle_ends_them_all(question, error):
    """None of them goes on."""
    answers = Answers()

    def asking():
        yield from ask(answers, [question])

    with pytest.raises(error):
        run(gather([steps(answers, "a", "b"), asking()]), in_turn)
    assert len(answers.rounds) == 1


def test_a_read_for_which_several_wait_is_carried_out_once():
    """It takes no more rounds for the second, who may come later."""
    answers = Answers()
    shared = Shared(steps(answers, "a", "b"))

    def late():
        told = yield from steps(answers, "c")
        return told + (yield from shared.wait())

    assert run(gather([shared.wait(), late(), shared.wait()]), in_turn) == [
        ["A", "B"],
        ["C", "A", "B"],
        ["A", "B"],
    ]
    assert answers.filed == ["A", "C", "B"]
    assert len(answers.rounds) == 2


def test_a_read_that_waits_for_itself_goes_on():
    """It is told nothing, rather than that nobody is told anything any more."""
    answers = Answers()

    def circular():
        told = yield from ask(answers, ["a"])
        return told, (yield from shared.wait())

    shared = Shared(circular())
    assert run(shared.wait(), in_turn) == (["A"], None)


def test_what_a_shared_read_raises_all_are_told():
    """Those that had not begun to wait for it too."""
    answers = Answers()

    def asking():
        yield from ask(answers, [TOO_MUCH])

    shared = Shared(asking())
    for _ in range(2):
        with pytest.raises(ScanTooLong):
            run(shared.wait(), in_turn)
    assert len(answers.rounds) == 1


FIRST = {
    "one that asks nothing": ([("a",), ("",), ("b",)], [], []),
    "all ask": ([("a", "c"), ("b",)], ["A", "C"], [["a"], ["c"]]),
}


@pytest.mark.parametrize(("reads", "told", "rounds"), FIRST.values(), ids=FIRST.keys())
def test_the_first_read_that_costs_nothing(reads, told, rounds):
    """Else the first of all; the others ask nothing."""
    answers = Answers()
    assert run(first([steps(answers, *each) for each in reads]), in_turn) == told
    assert answers.rounds == rounds


def test_the_first_round_of_a_read():
    """What comes after it is not asked."""
    answers = Answers()
    run(first_round(steps(answers, "a b", "c")), in_turn)
    assert answers.rounds == [["a", "b"]]
