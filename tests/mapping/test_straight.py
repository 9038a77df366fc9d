"""Shortcuts of reading give what following the pairs and paths one by one gives."""

import pytest
from adapter.dialects import SHIPPED
from adapter.mapping.codecs import DoesNotFit, instant
from adapter.mapping.examples.written import ExampleLinks
from adapter.mapping.following import follow
from adapter.mapping.paths import get, getter
from adapter.mapping.translate import shapes_of
from adapter.shipped import shipped_mappings
from hypothesis import given
from hypothesis import strategies as st

UUID = "5f6a1c52-7f0e-4d6c-9a43-0f5e0b9f7a11"
VALUES = ("tekst", "", None, 0, 1, False, True, [], ["tekst"], {}, {"a": "b"}, "2024-03-01T10:15:00.120000Z")


def _straight(shapes, resource, record):
    values = shapes.straight(record)
    follow(resource, values, shapes.left, record)
    return values


@pytest.mark.parametrize("dialect", SHIPPED.dialects())
def test_straight_lines_read_what_the_pairs_say(dialect):
    """With one value everywhere, and with nothing at one place; or one of the values does not fit."""
    read = 0
    for resource in shipped_mappings(dialect).resources.values():
        for home in resource.homes.values():
            shapes, names = shapes_of(resource, home), {pair.at[0] for pair in home.pairs if pair.at}
            urls = [ExampleLinks().url(pair.to, UUID) for pair in home.pairs if pair.to]
            for value in (*VALUES, *urls):
                whole = dict.fromkeys(names, value)
                for record in (whole, *({**whole, name: ""} for name in names), {}):
                    values = shapes.blank.copy()
                    follow(resource, values, shapes.base.steps, record)
                    try:
                        assert _straight(shapes, resource, record) == values, (resource.name, home.name)
                        read += bool(names)
                    except DoesNotFit:
                        continue
    assert read > 100


NODES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab", max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("ab01"), inner) | st.lists(inner, max_size=3),
    max_leaves=8,
)


@given(NODES, st.lists(st.sampled_from("ab01"), max_size=3))
def test_a_getter_gives_what_stands_at_its_path(node, path):
    """Whatever stands on the way."""
    assert getter(tuple(path))(node) is get(node, tuple(path))


@pytest.mark.parametrize(
    ("text", "served"),
    [
        ("2024-03-01T10:15:00.120000Z", "2024-03-01T10:15:00.120000Z"),
        ("2024-03-01T10:15:00.000000Z", "2024-03-01T10:15:00Z"),
        ("2024-03-01 10:15:00.120000Z", "2024-03-01T10:15:00.120000Z"),
        ("2024-03-01T10:15:00,120000Z", "2024-03-01T10:15:00.120000Z"),
        ("2024-03-01T10:15:00.120000+01:00", "2024-03-01T09:15:00.120000Z"),
        ("2024-03-01T10:15:00.120000", "2024-03-01T10:15:00.120000Z"),
    ],
)
def test_an_instant_is_written_in_one_way(text, served):
    """Also one that is written so already."""
    assert instant(text) == served
