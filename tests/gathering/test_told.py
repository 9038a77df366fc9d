"""The examples of the correspondence that gathers come out as they say."""

import pytest

from tests.gathering import told

SAID, EXPECTED = told.said(told.compiled()), told.expected()


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_comes_out_as_it_says(name):
    assert SAID[name] == EXPECTED[name]


def test_every_example_is_kept():
    assert SAID.keys() == EXPECTED.keys()
