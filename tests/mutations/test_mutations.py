"""A mapping that is broken is noticed by the check or the examples: a sample of the ways to break one."""

from __future__ import annotations

import pytest

from tests.mutations.hunt import Hunt

# The kinds of which check and examples notice every one; for the others the promises are needed.
KINDS = {
    "drop a field",
    "drop an entry of fill",
    "drop an entry of filters",
    "drop an entry of relations",
    "misspell the name of a field",
    "misspell the name of a pair",
    "misspell the name of an entry of filters",
    "misspell the name of an entry of means",
    "misspell the name of an entry of relations",
}


@pytest.fixture(scope="module")
def hunt(tmp_path_factory):
    """The bare specification's dialect, to be broken."""
    return Hunt("vng", tmp_path_factory.mktemp("mutations"))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_sampled_mutant_is_caught(hunt, kind):
    """None of the sample passes both."""
    made = [each for each in hunt.mutants() if each.kind == kind]
    assert made
    survivors = [
        each.name for each in made[:: max(1, len(made) // 8)] if not hunt.caught(each, by_promises=False)
    ]
    assert survivors == []
