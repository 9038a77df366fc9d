"""How many recorded scenarios come out before an e-Suite; docs/esuite.md has the kinds of the others."""

import pytest

from tests.parity.esuite import first_differences

# Of 262; more is better, and docs/esuite.md names the number.
AGREE = 173


@pytest.mark.contract
def test_what_the_e_suite_can_hold_agrees():
    found = dict(first_differences())
    agree = [name for name, differs in found.items() if not differs]
    assert len(agree) >= AGREE, {name: differs for name, differs in found.items() if differs}
    assert not [differs for differs in found.values() if differs.startswith("no answer")]
