"""What a mapping promises (see the mappings' documentation) holds for every body and every older record."""

from __future__ import annotations

import os

import pytest
from adapter.mapping.checking import objecttypes
from adapter.mapping.load import dialects
from adapter.shipped import mappings_folder, served_document, shipped_mappings
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st


from tests.promises import laws
from tests.promises.bench import bench
from tests.promises.older import records
from tests.promises.served import bodies, parts

DIALECTS = dialects(mappings_folder())
RESOURCES = [each.collection for each in served_document().operations if each.method == "post"]
SEED = int(os.environ.get("SEED", "1"))
FEW = int(os.environ.get("DRAWN", "50"))
PHASES = [Phase.generate, Phase.shrink][: 1 if "NOSHRINK" in os.environ else 2]


def drawn(amount: int, *strategies: st.SearchStrategy, **named: st.SearchStrategy):
    """A test of so many examples; the same ones for the same SEED."""

    def decorate(function):
        checks = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
        chosen = settings(
            max_examples=amount, deadline=None, database=None, phases=PHASES, suppress_health_check=checks
        )
        return seed(SEED)(chosen(given(*strategies, **named)(function)))

    return decorate


@pytest.fixture(scope="session")
def benches(tmp_path_factory):
    """Gives the bench of a dialect, seeded."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        found = {}

        def bench_of(dialect):
            if dialect not in found:
                found[dialect] = stack.enter_context(bench(dialect, tmp_path_factory.mktemp(dialect)))
            return found[dialect]

        yield bench_of


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_written_is_read_back(benches, dialect, resource):
    found = benches(dialect)
    whole = bodies(resource)

    @drawn(FEW, whole, whole, whole.flatmap(parts))
    def check(first, second, some):
        found.restore()
        laws.written(found, resource, first, second, some)
        found.sound()

    check()


def origins(dialect: str):
    """The homes that old clients fill, by name."""
    mappings = shipped_mappings(dialect)
    return {
        f"{home.resource}.{home.name}": home
        for resource in mappings.resources.values()
        for home in resource.homes.values()
        if home.kind == "record" or (home.kind == "object" and home.object_type in objecttypes())
    }


ORIGINS = [(dialect, name) for dialect in DIALECTS for name in origins(dialect)]


@pytest.mark.parametrize(("dialect", "name"), ORIGINS)
def test_what_an_old_client_recorded_survives(benches, dialect, name):
    found = benches(dialect)
    home = origins(dialect)[name]
    changes = {resource: bodies(resource).flatmap(parts) for resource in found.served_from(home)}

    @drawn(FEW, records(dialect, home), st.fixed_dictionaries(changes))
    def check(record, some):
        found.restore()
        laws.older(found, home, record, some)
        found.sound()

    check()
