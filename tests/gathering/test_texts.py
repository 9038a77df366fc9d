"""The text form and the sign: whatever people write, nothing is read that was not written."""

import pytest
from adapter.gathering.sign import Sign
from adapter.gathering.text_form import Form, Said, first_and_rest, split_first
from hypothesis import given, settings
from hypothesis import strategies as st

LABELS = ("Contact opnemen met", "Organisatie", "Overige gegevens", "Gevraagde handeling")
FORM = Form(LABELS, frozenset({"Overige gegevens"}))
SIGN = Sign("Kenmerk: {nummer}-{check}", b"secret of a deployment")
CONTACT, OTHER = "a1111111-1111-4111-8111-111111111111", "b1111111-1111-4111-8111-111111111111"
LINE = SIGN.of(CONTACT, {"nummer": "0000012345"})

WHOLE = """Contact opnemen met: J. Pietersen
Overige gegevens: 0612345678
  's avonds
Overige gegevens: j@voorbeeld.nl
Gevraagde handeling: bellen

Over het paspoort.

Kenmerk: 0000012345-"""

# What breaks a form: its own marks, labels and signs, in any order.
HOSTILE = st.lists(
    st.sampled_from(
        ["\n", "\n\n", "\r\n", " ", "  ", ": ", ":", "a", "é", "\u2028", "\t", "…", LINE, *LABELS]
        + [f"{label}: " for label in LABELS]
        + [SIGN.of(OTHER, {}), "Kenmerk: "]
    ),
    max_size=7,
).map("".join)
VALUES = st.dictionaries(st.sampled_from(LABELS), st.lists(HOSTILE, min_size=1, max_size=2), max_size=4)


def tidied(values):
    """Values as a form takes them: one of each label but those that occur several times; no empty ones."""
    kept = {name: [each for each in found if each] for name, found in values.items()}
    return {
        name: tuple(kept[name] if name in FORM.many else kept[name][:1]) for name in LABELS if kept.get(name)
    }


def test_a_text_is_what_people_would_write():
    values = {
        "Gevraagde handeling": ["bellen"],
        "Overige gegevens": ["0612345678\n's avonds", "j@voorbeeld.nl"],
        "Contact opnemen met": ["J. Pietersen"],
    }
    text = SIGN.put(FORM.write(Said(values, "Over het paspoort.")), LINE)
    assert text == WHOLE + SIGN.check(CONTACT)


def what_is_written_is_read_back(values, free):
    """With lines before it, free text is read back whatever it is."""
    said = Said(tidied(values), free)
    text = FORM.write(said)
    if said.values:
        assert FORM.read(text) == said
    else:
        # Free text alone may look like lines: then it reads otherwise, and what is kept aside says so.
        assert FORM.write(FORM.read(text)) == text


def what_people_change_is_never_half_understood(text):
    """Whatever an employee makes of a text, what is read of it says all of it."""
    assert FORM.write(FORM.read(text)) == text


def a_sign_comes_off_again(text, after):
    """Whatever stands before it, and whatever white space a register adds after it."""
    signed = SIGN.put(text, LINE) + after
    assert SIGN.is_of(signed, CONTACT)
    assert SIGN.taken_off(signed, CONTACT) == text


def only_its_own_sign_comes_off(text):
    """One of another contact, one that was typed, and one in the middle stay."""
    for line in (SIGN.of(OTHER, {"nummer": "0000012345"}), "Kenmerk: 0000012345-ABCDEF", f"{LINE} te doen"):
        signed = SIGN.put(text, line)
        assert SIGN.taken_off(signed, CONTACT) == signed


def a_text_that_is_too_long_says_less(values, free, longest):
    """It is never longer than the register takes, and its lines are the first ones of the whole text."""
    said = Said(tidied(values), free)
    text = FORM.write(said, longest)
    assert len(text) <= longest
    label = next(iter(said.values), "")
    if label and len(FORM.write(Said({label: said.values[label][:1]}))) <= longest:
        for name, found in FORM.read(text).values.items():
            assert found == said.values[name][: len(found)]


LAWS = {
    what_is_written_is_read_back: (VALUES, HOSTILE),
    what_people_change_is_never_half_understood: (HOSTILE,),
    a_sign_comes_off_again: (HOSTILE, st.sampled_from(["", "\n", " \r\n", "\t"])),
    only_its_own_sign_comes_off: (HOSTILE,),
    a_text_that_is_too_long_says_less: (VALUES, HOSTILE, st.integers(0, 120)),
}
CASES = [pytest.param(*each, id=each[0].__name__) for each in LAWS.items()]


@pytest.mark.parametrize(("law", "drawn"), CASES)
def test_a_law_holds_for_hostile_texts(law, drawn):
    settings(max_examples=20, deadline=None)(given(*drawn)(law))()


@pytest.mark.contract
@pytest.mark.parametrize(("law", "drawn"), CASES)
def test_a_law_holds_for_thousands_of_hostile_texts(law, drawn):
    settings(max_examples=10_000, deadline=None)(given(*drawn)(law))()


@pytest.mark.parametrize(
    ("values", "free"), [({"Organisatie": ["a\n\nb"]}, ""), ({"Organisatie": ["\n"]}, "\n")]
)
def test_line_breaks_are_read_back(values, free):
    what_is_written_is_read_back(values, free)


@pytest.mark.parametrize("before", ["\n\n", "\r\n\r\n", "\n", "\r\n"])
def test_a_register_may_write_other_line_breaks(before):
    assert SIGN.taken_off(f"Tekst.{before}{LINE}", CONTACT) == "Tekst."


def test_free_text_is_cut_with_a_mark():
    said = Said({"Organisatie": ["Bakker"]}, "Lang verhaal")
    assert FORM.write(said, 28) == "Organisatie: Bakker\n\nLang v…"
    assert FORM.write(said, 21) == "Organisatie: Bakker"
    assert FORM.write(Said({}, "Lang verhaal"), 5) == "Lang…"


@pytest.mark.parametrize("members", [{}, {"nummer": ""}])
def test_a_contact_without_a_number_has_a_sign_without_one(members):
    """Nor with the dash that would follow it; one with the dash is a sign too."""
    check = SIGN.check(CONTACT)
    assert SIGN.of(CONTACT, members) == f"Kenmerk: {check}"
    for line in (f"Kenmerk: {check}", f"Kenmerk: -{check}", f"Kenmerk: 0000012345-{check}"):
        assert SIGN.is_of(f"Is het klaar?\n\n{line}", CONTACT)
    assert SIGN.members == ("nummer",)


def test_a_sign_names_members_that_read_back():
    """A member with anything but letters and digits is left out, and the letters stay."""
    assert SIGN.members == ("nummer",)
    assert SIGN.of(CONTACT, {"nummer": "12\n3"}) == f"Kenmerk: {SIGN.check(CONTACT)}"
    assert SIGN.is_of(SIGN.of(CONTACT, {}), CONTACT)
    assert SIGN.check(CONTACT) != Sign(SIGN.line, b"another").check(CONTACT)
    assert SIGN.found(None) is None
    assert "secret" not in repr(SIGN)


@pytest.mark.parametrize(
    ("text", "parts"), [("a\nb\nc", ("a", "b\nc")), ("a", ("a", "")), ("", ("", "")), ("\nb", ("", "b"))]
)
def test_a_first_line_and_the_rest(text, parts):
    assert split_first(text) == parts
    assert first_and_rest(*parts) == text
