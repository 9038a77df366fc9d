"""Words that the language had once: each is a mistake with the way out, and is converted where it can be."""

import pytest
from adapter.mapping.check.language import kind_of
from adapter.mapping.former import reworded
from adapter.mapping.source import read_text

# What a dialect said once, and what klantbrug convert makes of it.
CONVERTED = [
    (
        "rules:\n  - {email: adres, if: {soort: email}}\n",
        "rules:\n  - {format: adres, is: email, if: {soort: email}}\n",
    ),
    (
        "rules:\n  - dutch_phone: adres # theirs\n    if: {soort: tel}\n",
        "rules:\n  - format: adres\n    is: dutch_phone # theirs\n    if: {soort: tel}\n",
    ),
    ("rules:\n  - {unique_together: [a, b], reason: Nee.}\n", "rules:\n  - {unique: [a, b], reason: Nee.}\n"),
    (
        "rules:\n  - {exactly_one: [a, b], none: Geen., both: Beide.}\n",
        "rules:\n  - {not_both: [a, b], none: Geen., reason: Beide.}\n",
    ),
    (
        "rules:\n  - {stamp: op, when: {a: b}, reason: Nee.}\n",
        "rules:\n  - {stamp: op, if: {a: b}, reason: Nee.}\n",
    ),
    (
        "rules:\n  - {number: id, per: soort, words: {bsn: {length: 9}}}\n",
        "rules:\n  - {fits: id, per: soort, words: {bsn: {length: 9}}}\n",
    ),
    (
        "rules:\n  - needs: partij\n    if: {a: true}\n    name: a\n    reason: Nodig.\n",
        "rules:\n  - reference: partij\n    if: {a: true}\n    name: a\n    required: Nodig.\n",
    ),
    (
        "rules:\n  - {reference: van, if: {a: b}, required: Nodig., must_be: {c: d}, other: Een ander.}\n",
        "rules:\n  - {reference: van, if: {a: b}, required: Nodig., must_be: {c: d}, reason: Een ander.}\n",
    ),
    (
        "rules:\n  - {not_itself: van, reason: Nee.}\n",
        "rules:\n  - {different: [self, van], reason: Nee.}\n",
    ),
    (
        "identified:\n  BSN: {among: a, where: {b: c}, value: d}\n",
        "identified:\n  BSN: {one_of: a, where: {b: c}, value: d}\n",
    ),
    (
        "fields:\n  a: {one_of: bs, to: b, reason: Nee., reason_if_none: Geen.}\n  c:\n    name_of: [d]\n",
        "fields:\n  a: {one_of: bs, to: b, reason: Nee., none: Geen.}\n  c:\n    joined: [d]\n",
    ),
    (
        "fields:\n  a: {numbered: {setting: nummers, is: generate, digits: 10, computed: 9}}\n",
        "fields:\n  a: {numbered: {setting: nummers, is: generate, digits: 10}}\n",
    ),
    (
        "relations:\n  a: {hidden: true, from: b.c}\n  d: {from: e.f, take: g, show: whole}\n",
        "relations:\n  a: {from: b.c}\n  d: {from: e.f, value: g}\n",
    ),
    (
        "homes:\n  a:\n    record: b/c\n    fields:\n      d: {at: e, words: {f: g}, other_words: same}\n"
        "      h: {at: i, date: DD-MM-YYYY}\n",
        'homes:\n  a:\n    record: b/c\n    fields:\n      d: {at: e, words: {f: g, "*": "*"}}\n'
        "      h: {at: i, as: DD-MM-YYYY}\n",
    ),
    (
        "homes:\n  a: {inside: b.c, slot: [8, 9], filled: d}\n  e:\n    inside: f.g\n",
        "homes:\n  a: {inside: b.c, filled: d}\n  e:\n    inside: f.g\n",
    ),
    ("body:\n  a: {blank: true, minLength: 8, nullable: false}\n", "body:\n  a: {blank: true}\n"),
]
# What is left to its author.
LEFT = [
    (
        "links:\n  labels: {a: {from: b, else: c}}\n",
        "labels is no construct of links any more; put each into data",
    ),
    (
        "homes:\n  a:\n    record: b/c\n    made_of: {nested: d}\n",
        "nested is no construct of made_of any more; say one_of in each of its fields",
    ),
]


@pytest.mark.parametrize(("old", "new"), CONVERTED)
def test_a_former_word_is_a_mistake_and_is_converted(old, new):
    """What is converted is right, but for what a whole file needs."""
    told = _mistakes(old)
    assert told
    assert all(" any more; " in each for each in told)

    assert reworded(old) == new
    assert _mistakes(new) == []


@pytest.mark.parametrize(("text", "says"), LEFT)
def test_a_former_word_that_its_author_has_to_replace_is_a_mistake(text, says):
    assert _mistakes(text) == [says]
    assert reworded(text) == text


@pytest.mark.parametrize("before", ["", "\ufeff", "# één 😀\n"])
def test_a_file_may_begin_with_a_mark_and_have_a_question_in_brackets(before):
    text = 'homes:\n  a: {naam: "é", slot: [8], there_if: {b: c}}\n  d: {asks: [e/f?g], slot: [9, 1]}\n'
    new = 'homes:\n  a: {naam: "é", if: {b: c}}\n  d: {asks: [e/f?g]}\n'
    assert reworded(before + text) == before + new


def test_words_that_are_right_stay_as_they_are():
    text = "rules:\n  - {unique: [a, b], reason: when}\nrelations:\n  take: {from: b.hidden}\n"
    assert reworded(text) == text


def _mistakes(text: str) -> list[str]:
    content = read_text(text, "former").content
    return [
        each.text
        for each in kind_of("file", content).problems(content, ())
        if "a mapping needs" not in each.text
    ]
