"""`make walks` counts what requests pass on their way through the engine."""

import pytest
from benchmarks.walk import AGAIN, ERRANDS, PACKAGES, walk


@pytest.mark.parametrize("dialect", ["openklant"])
@pytest.mark.parametrize("errand", ERRANDS, ids=[each.what for each in ERRANDS])
def test_a_walk_counts_the_engine_and_the_register_calls(deployment, errand):
    """Functions and files are of the engine and the mapping alone; no register call is missed or added."""
    found = walk(deployment, errand)
    made = deployment.exchanges[-len(found.calls) :]
    assert sorted(each.split()[0] for each in found.calls) == sorted(each.method for each in made)
    assert all(file.startswith(PACKAGES) for file in found.files)
    # each file is entered from another one or from outside
    assert len(found.functions) > len(found.files) > 1
    assert found.moves >= len(found.files)


@pytest.mark.parametrize("dialect", ["openklant"])
def test_only_a_call_that_repeats_to_the_letter_is_marked(deployment):
    """Two searches with other parameters are no repeat, nor are two new objects."""
    listed, made = walk(deployment, ERRANDS[0]), walk(deployment, ERRANDS[1])
    assert listed.calls.count("GET objects/objects") > 1
    assert made.calls.count("POST objects/objects") > 1
    assert not any(each.endswith(AGAIN) for each in listed.calls + made.calls)
