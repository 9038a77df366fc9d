"""What a mapping promises holds for contacts that are held, and for those that a register took once."""

from functools import partial

import pytest

from tests.contract.conftest import TRIED
from tests.promises import laws
from tests.promises.conftest import SEED
from tests.promises.examples import tried, written
from tests.promises.gathered import BESIDE, COMPOSED, PIECES, gathered_bench, kept, together

# One of each of these by default.
SOME = ("klantcontacten", "internetaken")
OTHER = partial(pytest.param, marks=pytest.mark.contract)
AMOUNTS = [1, pytest.param(100, marks=pytest.mark.contract)]
# Less than this is refused, when there are enough to say.
MANY_REFUSED, ENOUGH = 0.8, 10


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """A bench before an e-Suite."""
    with gathered_bench(tmp_path_factory.mktemp("gathered")) as found:
        yield found


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("resource", [each if each in SOME else OTHER(each) for each in PIECES])
def test_what_is_recorded_of_a_contact_is_read_before_and_after_it_is_sent(
    suite, resource, amount, record_property
):
    suite.tried = suite.refused = 0
    tried(suite, partial(kept, suite, resource), written(resource), amount=amount, number=SEED)
    assert amount < ENOUGH or suite.refused < suite.tried * MANY_REFUSED
    record_property(TRIED, f"gathered, {resource}: {suite.tried} writes, {suite.refused} by rule refused")


@pytest.mark.contract
@pytest.mark.parametrize("amount", [100])
@pytest.mark.parametrize("resource", BESIDE)
def test_what_is_recorded_beside_contacts_is_read(suite, resource, amount, record_property):
    suite.tried = suite.refused = 0
    tried(suite, partial(laws.written, suite, resource), written(resource), amount=amount, number=SEED)
    assert amount < ENOUGH or suite.refused < suite.tried * MANY_REFUSED
    record_property(TRIED, f"gathered, {resource}: {suite.tried} writes, {suite.refused} by rule refused")


@pytest.mark.contract
@pytest.mark.parametrize("amount", [100])
def test_what_comes_at_once_of_a_contact_is_read_before_and_after_it_is_sent(suite, amount, record_property):
    suite.tried = suite.refused = 0
    tried(suite, partial(together, suite), written(COMPOSED)[:1], amount=amount, number=SEED)
    assert suite.refused < suite.tried * MANY_REFUSED
    record_property(TRIED, f"gathered, {COMPOSED}: {suite.tried} writes, {suite.refused} by rule refused")
