"""A mapping that is broken is noticed by the check or the examples: a sample of the ways to break one."""

from __future__ import annotations

import pytest
from adapter.dialects import SHIPPED
from adapter.mapping.slots import SLOTS_FILE

from tests.mutations.equal import EXPLAINED
from tests.mutations.hunt import CORRESPONDENCES, Hunt

# Of these kinds a sample each; of all others together one in so many, for each takes a second or more.
EVERY = {"some": 450, "more": 90}
KINDS = {
    "drop a field",
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


@pytest.fixture(scope="module")
def made(hunt):
    """All mutants, by kind."""
    found = {}
    for each in hunt.mutants():
        if each.file.startswith((CORRESPONDENCES, SLOTS_FILE)):
            continue
        found.setdefault(each.kind, []).append(each)
    return found


def test_what_is_explained_is_a_mutant(tmp_path):
    """No explanation is left of a line that went, or got another place."""
    names = {each.name for dialect in SHIPPED.dialects() for each in Hunt(dialect, tmp_path / dialect).made()}
    assert set(EXPLAINED) <= names


@pytest.mark.parametrize(
    "every",
    [
        pytest.param(EVERY["some"], id="some"),
        pytest.param(EVERY["more"], marks=pytest.mark.contract, id="more"),
    ],
)
def test_a_sample_of_all_others_is_caught(hunt, made, every):
    """Check, examples and scenes notice whatever is changed."""
    others = [each for kind, found in made.items() if kind not in KINDS for each in found]
    assert [each.name for each in others[::every] if not hunt.caught(each, by_promises=False)] == []


@pytest.mark.parametrize("size", [2, pytest.param(6, marks=pytest.mark.contract)])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_sampled_mutant_is_caught(hunt, made, kind, size):
    """None of the sample passes both."""
    sampled = made[kind][:: max(1, len(made[kind]) // size)]
    survivors = [each.name for each in sampled if not hunt.caught(each, by_promises=False)]
    assert survivors == []


@pytest.mark.contract
def test_a_sample_is_caught_where_contacts_are_gathered(tmp_path):
    """Also of what a dialect says of settings and registers of its own."""
    hunt = Hunt("esuite", tmp_path)
    others = [each for each in hunt.mutants() if "/" not in each.file and each.file != SLOTS_FILE]
    assert len(others) > 500
    assert [each.name for each in others[::41] if not hunt.caught(each, by_promises=False)] == []


# Of the correspondences of each dialect, how many mutants there are at least.
BROKEN = {"vng": 700, "esuite": 300, "klantenbundle": 60}


@pytest.mark.parametrize("every", [211, pytest.param(1, marks=pytest.mark.contract)])
@pytest.mark.parametrize("dialect", BROKEN)
def test_a_broken_correspondence_is_caught(dialect, every, tmp_path):
    """When it is compiled, or by its examples; of the others each has its reason in explained.yaml."""
    hunt = Hunt(dialect, tmp_path)
    mutants = [each for each in hunt.of_correspondences() if each.name not in EXPLAINED]
    assert len(mutants) > BROKEN[dialect]
    survivors = [each for each in mutants[::every] if not hunt.told(each)]
    # Of what goes into the homes alone, examples and scenes of the resources tell.
    assert [each.name for each in survivors if not hunt.caught(each, by_promises=False)] == []


@pytest.mark.parametrize(
    ("dialect", "every"),
    [
        ("vng", 15),
        *(pytest.param(each, 1, marks=pytest.mark.contract) for each in ("vng", "esuite", "klantenbundle")),
    ],
)
def test_a_digit_that_is_missing_or_pinned_twice_is_caught(dialect, every, tmp_path):
    """Whoever edits the file, or merges two of them, is told before a value gets the uuid of another."""
    hunt = Hunt(dialect, tmp_path)
    mutants = [each for each in hunt.of_slots() if each.name not in EXPLAINED]
    assert mutants
    assert [each.name for each in mutants[::every] if not hunt.slots_tell(each)] == []
