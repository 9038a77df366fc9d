"""Benches that the tests of promises share, and the seed that the examples are drawn with."""

import os
from contextlib import ExitStack

import pytest

from tests.promises.bench import bench

SEED = int(os.environ.get("SEED", "1"))


def pytest_report_header():
    """The seed, so that a run can be repeated: SEED=1 make test."""
    return f"promises: bodies and records are drawn with SEED={SEED}; SHRINK=1 makes short what breaks one"


@pytest.fixture(scope="module")
def benches(tmp_path_factory):
    """Gives the bench of a dialect; made when it is first asked for."""
    found = {}
    with ExitStack() as stack:

        def bench_of(dialect):
            if dialect not in found:
                found[dialect] = stack.enter_context(bench(dialect, tmp_path_factory.mktemp(dialect)))
            return found[dialect]

        yield bench_of
