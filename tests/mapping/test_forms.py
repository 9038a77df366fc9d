"""Lists and dates in a form of a register's own: what is written reads back as it was, or does not fit."""

import datetime as dt
from contextlib import suppress

import pytest
from adapter.mapping import codecs
from adapter.mapping.constructs.pairs.date import date
from adapter.mapping.constructs.pairs.split import split
from adapter.mapping.constructs.pairs.words import words
from adapter.mapping.model import DoesNotFit
from adapter.mapping.paths import MISSING
from hypothesis import example, given
from hypothesis import strategies as st

TEXT = st.text(max_size=12)
SEPARATORS = st.sampled_from([";", "; ", ",", "|", " ", " - "])


@given(SEPARATORS, st.lists(st.text(alphabet="ab ;,|-", max_size=5), max_size=4))
def test_a_list_that_is_written_as_one_text_reads_back(separator, items):
    listed, joined = split(separator)

    with suppress(DoesNotFit):
        assert listed(codecs.exactly(joined, listed)(items)) == items


@given(SEPARATORS, st.text(alphabet="ab ;,|-", max_size=12))
def test_a_text_that_is_written_as_a_list_reads_back(separator, text):
    listed, joined = split(separator)

    with suppress(DoesNotFit):
        assert joined(codecs.exactly(listed, joined)(text)) == text


@given(SEPARATORS, st.lists(st.text(alphabet="abc", min_size=1, max_size=5), max_size=4))
def test_a_list_of_plain_words_always_fits(separator, items):
    listed, joined = split(separator)

    assert listed(joined(items)) == items


@pytest.mark.parametrize(
    ("text", "items"),
    [("a@b.nl; c@d.nl", ["a@b.nl", "c@d.nl"]), ("a;b;", ["a", "b"]), ("", []), (" ; ", [])],
)
def test_blanks_and_a_separator_at_the_end_do_not_count(text, items):
    assert split(";")[0](text) == items


@pytest.mark.parametrize("items", ["a;b", [1], [["a"]], ["a;b"], [" a"], [""], None])
def test_what_the_text_would_not_give_back_does_not_fit(items):
    listed, joined = split(";")
    with pytest.raises(DoesNotFit):
        codecs.exactly(joined, listed)(items)


def test_what_does_not_fit_has_something_that_comes_nearest():
    listed, joined = split("; ")
    assert codecs.nearest(joined)(["a; b", "c"]) == "a; b; c"
    assert codecs.nearest(listed)("a ;b") == ["a", "b"]
    assert codecs.nearest(joined)([1]) is MISSING
    _, write = date("DD-MM-YYYY HH:mm", moment=True)
    assert codecs.nearest(write)("2025-01-31T23:59:58.123456Z") == "31-01-2025 23:59"
    assert codecs.nearest(write)("gisteren") is MISSING


def test_an_item_that_is_too_long_does_not_fit():
    listed, joined = split(";", 3)
    assert listed("abc;d") == ["abc", "d"]
    for convert, value in ((listed, "abcd;e"), (codecs.exactly(joined, listed), ["abcd"])):
        with pytest.raises(DoesNotFit):
            convert(value)


FORMS = ["DD-MM-YYYY", "YYYYMMDD", "DD/MM YYYY", "YYYY.MM.DD", "MM[DD]YYYY+"]


@given(st.sampled_from(FORMS), st.dates())
@example("DD-MM-YYYY", dt.date(1, 2, 3))
def test_a_date_reads_back_from_every_form(form, day):
    read, write = date(form, moment=False)

    assert read(write(day.isoformat())) == day.isoformat()


@given(st.sampled_from(["DD-MM-YYYY HH:mm:ss", "YYYYMMDDHHmm"]), st.datetimes(timezones=st.just(dt.UTC)))
def test_a_moment_reads_back_or_stays_whole_elsewhere(form, moment):
    read, write = date(form, moment=True)
    text = moment.isoformat().replace("+00:00", "Z")
    told = moment.replace(microsecond=0) if "ss" in form else moment.replace(second=0, microsecond=0)

    assert read(write(text)) == told.isoformat().replace("+00:00", "Z")
    if told == moment:
        assert codecs.exactly(write, read)(text) == write(text)
    else:
        with pytest.raises(DoesNotFit):
            codecs.exactly(write, read)(text)


@given(st.one_of(TEXT, st.none(), st.integers()))
@example("31-02-2025")
@example("1-2-2025")
@example("2025-01-31")
@example("\u0663\u0661-01-2025")
def test_what_is_no_date_in_the_form_does_not_fit(value):
    read, write = date("DD-MM-YYYY", moment=False)

    with pytest.raises(DoesNotFit):
        read(value)
    with suppress(DoesNotFit):
        assert read(codecs.exactly(write, read)(value)) == value


@given(TEXT)
@example("telefoon")
@example("tel")
@example("e-mail")
def test_a_word_that_is_passed_on_reads_back_or_stays_elsewhere(word):
    table = words({"telefoon": "tel", "email": ["mail", "e-mail"], "*": "*"})

    assert table.read(word) == {"tel": "telefoon", "mail": "email", "e-mail": "email"}.get(word, word)
    if word in ("tel", "mail", "e-mail"):
        with pytest.raises(DoesNotFit):
            table.write(word)
    else:
        assert table.read(table.write(word)) == word
        assert table.write(word) in table.search(word)


@given(TEXT, TEXT)
def test_a_search_for_a_word_finds_every_text_that_reads_as_it(word, other):
    table = words({"telefoon": "tel", "email": ["mail", "e-mail"], "*": "*"})

    for text in (word, other, "tel", "telefoon", "e-mail"):
        for served in (word, "telefoon", "tel", "email"):
            assert (table.read(text) == served) == (text in table.search(served))
