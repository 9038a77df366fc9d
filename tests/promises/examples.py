"""Draws what the laws are tried on: the same examples for the same seed, on any machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from adapter.mapping.model import Home
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.promises.bench import Bench
from tests.promises.drawing import Strategy
from tests.promises.older import records
from tests.promises.served import bodies, parts

CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large)
# What breaks a law is told as it was drawn: to make it short takes minutes.
PHASES = (Phase.generate, Phase.shrink) if "SHRINK" in os.environ else (Phase.generate,)


def written(resource: str) -> tuple[Strategy, ...]:
    """Two whole bodies, and a part of one."""
    whole = bodies(resource)
    return whole, whole, whole.flatmap(parts)


def older(dialect: str, home: Home, resources: Iterable[str]) -> tuple[Strategy, ...]:
    """A record of a home, and for each resource that may be served from it a part of a body."""
    changes = {resource: bodies(resource).flatmap(parts) for resource in resources}
    return records(dialect, home), st.fixed_dictionaries(changes)


def tried(
    bench: Bench,
    law: Callable[..., None],
    strategies: Iterable[Strategy],
    *,
    amount: int,
    number: int,
) -> None:
    """Try a law on so many examples, drawn with the seed `number`; the registers are put back for each."""

    def check(drawn: tuple[Any, ...]) -> None:
        bench.restore()
        law(*drawn)
        bench.sound()

    chosen = settings(
        max_examples=amount, deadline=None, database=None, phases=PHASES, suppress_health_check=CHECKS
    )
    seed(number)(chosen(given(st.tuples(*strategies))(check)))()
