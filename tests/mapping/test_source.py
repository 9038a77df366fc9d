"""Mapping files are strict YAML: nothing in them means more than it says."""

import pytest
from adapter.mapping.source import MappingError, read_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: true", True),
        ("a: false", False),
        ("a: yes", "yes"),
        ("a: no", "no"),
        ("a: on", "on"),
        ("a: 2026-01-31", "2026-01-31"),
        ("a: 2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"),
        ("a: 12", 12),
        ("a: -3", -3),
        ("a: 012", "012"),
        ("a: 1.5", "1.5"),
        ("a: 1_000", "1_000"),
        ("a: 0x1F", "0x1F"),
        ('a: "12"', "12"),
        ("a: 'true'", "true"),
        ("a: 'null'", "null"),
        ("a: null", None),
        ("a: ~", None),
        ("a:", None),
        ("a: nld", "nld"),
    ],
)
def test_plain_values_are_text_unless_they_are_plainly_something_else(text, value):
    assert read_text(text, "f").content == {"a": value}


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("a: 1\nb: 2\na: 3", (3, 1), "a occurs twice; keep one"),
        ("a:\n  b: 1\n  b: 2", (3, 3), "b occurs twice; keep one"),
        ("a: &name 1\nb: *name", (1, 4), "anchors are not allowed"),
        ("a: &name {b: 1}", (1, 4), "anchors are not allowed"),
        ("? [a, b]\n: 1", (1, 3), "a name is plain text"),
        ("- a\n- b", (1, 1), "a mapping file holds names and values"),
        ("just text", (1, 1), "a mapping file holds names and values"),
        ("a: {b: 1", (1, 4), "the { that opens here is not closed"),
        ("a: [1, 2\nb: 1", (1, 4), "the [ that opens here is not closed"),
        ("a: 'b\nc: d", (1, 4), "the quote that opens here is not closed"),
        ("a: 1\n b: 2", (2, 3), "indented wrongly"),
        ("a:\n    b: 1\n  c: 2", (3, 3), "use the same number of spaces"),
        ("a:\n\tb: 1", (2, 1), "a tab stands here: indent with spaces only"),
        ("a:\n  b: 1\n\tc: 1", (3, 1), "a tab stands here: indent with spaces only"),
        ("a: b: c", (1, 5), "does the value need quotes?"),
        ("a: 1\nb\nc: 1", (2, 1), "between those stands a colon and a space"),
        ("a: @b", (1, 4), "a value that begins with this sign needs quotes"),
        ("a: 1\nb: \x07", (2, 4), "a character that cannot be printed stands here"),
    ],
)
def test_what_is_not_strict_is_refused_with_its_place(text, place, says):
    with pytest.raises(MappingError) as caught:
        read_text(text, "file.yaml")

    assert caught.value.position == place
    assert says in caught.value.problem
    assert str(caught.value).startswith(f"file.yaml:{place[0]}:{place[1]}: ")


def test_an_empty_file_has_no_names():
    assert read_text("# nothing yet\n", "f").content == {}


def test_every_node_has_a_place_and_an_unknown_one_that_of_what_is_around_it():
    source = read_text("fields:\n  naam: {at: x}\nlist: [1, {b: 2}]\n", "f")

    assert source.position(("fields",)) == (1, 1)
    assert source.position(("fields", "naam", "at")) == (2, 10)
    assert source.position(("list", 1, "b")) == (3, 12)
    assert source.position(("fields", "naam", "nowhere", 3)) == (2, 3)
    assert source.position(("nowhere",)) == (1, 1)
