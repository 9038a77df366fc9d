"""Every codec goes both ways: what is written reads back, and what does not fit says so."""

import datetime as dt
from contextlib import suppress
from typing import Any

import pytest
from adapter.mapping import codecs
from adapter.mapping.constructs.pairs.words import words
from adapter.mapping.model import DoesNotFit, Place
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(max_size=300)
UUIDS = st.uuids().map(str)
PLACE = Place("klanten", "klanten")
ROLES = {"klant": ["belanghebbende", "gesprekspartner"], "vertegenwoordiger": "gesprekspartner"}
KINDS = {"email": ["email", "e-mailadres"], "telefoonnummer": "telefoonnummer", "overig": "*"}
ANSWERS = {"false": "gemeente", "true": "*"}


class Links:
    """A register that is known under two bases."""

    bases = ("https://een.example/api/v1", "http://twee.example/api/v1")

    def url(self, place: Place, uuid: str) -> str:
        return f"{self.bases[0]}/{place.collection}/{uuid}"

    def uuid(self, place: Place, url: str) -> str | None:
        for base in self.bases:
            if url.startswith(f"{base}/{place.collection}/"):
                return url.rpartition("/")[2]
        return None


@given(TEXT, st.integers(1, 200))
def test_cut_text_fits_and_starts_as_the_whole_did(text, length):
    short = codecs.cut(length)(text)

    assert len(short) <= length
    assert short == text if len(text) <= length else short[:-1] == text[: length - 1]
    assert codecs.cut(length)(short) == short


@given(TEXT, st.integers(0, 200))
def test_text_is_taken_whole_or_not_at_all(text, length):
    if len(text) <= length:
        assert codecs.at_most(length)(text) == text
    else:
        with pytest.raises(DoesNotFit):
            codecs.at_most(length)(text)


@given(TEXT | st.none())
def test_a_form_is_kept_to_or_the_text_is_refused(value):
    with suppress(DoesNotFit):
        taken = codecs.of_form("[0-9]{1,8}")(value)
        assert taken == value
        assert not value or (value.isascii() and value.isdigit() and len(value) <= 8)


@pytest.mark.parametrize("table", [ROLES, KINDS, ANSWERS], ids=["roles", "kinds", "answers"])
@given(
    word=st.sampled_from(["belanghebbende", "gesprekspartner", "email", "telefoonnummer", "gemeente"]) | TEXT
)
def test_a_word_that_is_read_is_found_by_a_search_for_what_it_reads_as(table, word):
    read, search = words(table).read, words(table).search
    try:
        served = read(word)
    except DoesNotFit:
        return

    texts = search(served)
    assert texts is None or word in texts


@pytest.mark.parametrize("table", [ROLES, KINDS, ANSWERS], ids=["roles", "kinds", "answers"])
def test_a_word_that_is_written_reads_back_unless_another_owns_it(table):
    read, write = words(table).read, words(table).write
    for left, right in table.items():
        served = {"true": True, "false": False}.get(left, left)
        if right == "*":
            with pytest.raises(DoesNotFit):
                write(served)
            continue
        owner = read(write(served))
        assert owner == served or right in table[owner]


def test_the_first_of_several_words_is_written_and_the_first_owner_reads_them():
    table = words(ROLES)
    read, write = table.read, table.write

    assert [write("klant"), write("vertegenwoordiger")] == ["belanghebbende", "gesprekspartner"]
    assert [read("belanghebbende"), read("gesprekspartner")] == ["klant", "klant"]
    with pytest.raises(DoesNotFit):
        read("iets anders")


def test_a_search_for_what_all_other_words_read_as_would_miss_some():
    table = words(KINDS)

    assert table.search("email") == ["email", "e-mailadres"]
    assert table.search("overig") is None
    assert set(table.named) > {"email", "e-mailadres"}


def test_words_may_stand_for_true_and_false():
    read, write = words(ANSWERS).read, words(ANSWERS).write

    assert [read("gemeente"), read("klant"), write(False)] == [False, True, "gemeente"]


@given(UUIDS)
def test_a_reference_reads_back_under_every_base_of_the_register(uuid):
    read, write = codecs.reference(Links(), PLACE)

    assert read(write({"uuid": uuid})) == {"uuid": uuid}
    assert read(f"{Links.bases[1]}/klanten/{uuid}") == {"uuid": uuid}


@pytest.mark.parametrize("value", ["https://elders.example/klanten/1", "", None, 7, "mailto:a@b.example"])
def test_a_reference_to_something_else_does_not_fit(value):
    read, write = codecs.reference(Links(), PLACE)

    with pytest.raises(DoesNotFit):
        read(value)
    with pytest.raises(DoesNotFit):
        write(value)


@given(UUIDS)
def test_the_uuid_of_a_record_is_read_from_its_url_wherever_that_points(uuid):
    read, write = codecs.uuid_of(Links(), PLACE)

    assert read(write(uuid)) == uuid
    assert read(f"https://elders.example/zaken/{uuid.upper()}/") == uuid
    assert read(f"https://elders.example/zaken/{uuid}/?versie=2#top") == uuid
    with pytest.raises(DoesNotFit):
        read(f"https://elders.example/zaken/17?bij={uuid}")


@given(TEXT)
def test_text_that_is_no_uuid_is_not_written_as_one(text):
    _, write = codecs.uuid_of(Links(), PLACE)
    with suppress(DoesNotFit):
        assert write(text).endswith(text)
        assert len(text) == 36


@given(st.datetimes(timezones=st.timezones() | st.none()))
def test_an_instant_is_the_same_moment_in_utc(moment):
    try:
        expected = moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)
    except OverflowError:
        return
    read = codecs.instant(moment.isoformat())

    assert read.endswith("Z")
    assert dt.datetime.fromisoformat(read) == expected
    assert codecs.instant(read) == read


@pytest.mark.parametrize("value", ["", "gisteren", "2026-13-01T00:00:00Z", None, 12, {}])
def test_what_is_no_instant_does_not_fit(value):
    with pytest.raises(DoesNotFit):
        codecs.instant(value)


@given(TEXT)
def test_an_identifier_is_short_and_always_the_same(value):
    short = codecs.short_identifier(value)

    assert len(short) <= 24
    assert short == codecs.short_identifier(value)
    assert short == value or len(value) > 24


def test_a_long_identifier_keeps_its_local_part_unless_that_is_taken():
    name = "j.de.vries@gemeente-met-lange-naam.example"

    assert codecs.short_identifier(name) == "j.de.vries"
    other = codecs.short_identifier(name, lambda local: local == "j.de.vries")
    assert other.startswith("j.de.vries@geme-")
    assert len(other) == 24


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_a_fingerprint_does_not_depend_on_the_order_of_members(values):
    turned: dict[str, Any] = dict(reversed(values.items()))

    assert codecs.fingerprint(values) == codecs.fingerprint(turned)
    assert len(codecs.fingerprint(values)) == 16


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_a_fingerprint_tells_texts_apart_and_not_kinds_of_nothing(one, other):
    assert (codecs.fingerprint([one]) == codecs.fingerprint([other])) == (one == other)
    assert codecs.fingerprint([""]) == codecs.fingerprint([None])
