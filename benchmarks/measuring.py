"""Measure things against each other: interleaved rounds, medians of what each round gives."""

import time
from collections.abc import Callable, Mapping
from statistics import median


def interleaved(
    works: Mapping[str, Callable[[], object]], *, rounds: int, seconds: float
) -> dict[str, list[float]]:
    """CPU seconds of one run of each work, per round; in every round each has its turn of so many seconds."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(rounds):
        for name, work in works.items():
            times, started = 0, time.process_time()
            while not times or time.process_time() - started < seconds:
                work()
                times += 1
            found[name].append((time.process_time() - started) / times)
    return found


def ratio(some: list[float], others: list[float]) -> float:
    """How many times more the one takes: the median of the rounds."""
    return median(one / other for one, other in zip(some, others, strict=True))
