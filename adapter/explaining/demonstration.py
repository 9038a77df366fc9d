"""A demonstration without its HTTP face, to explain requests with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from adapter.demo.orders import Orders
from adapter.demo.places import REGISTERS, find_places
from adapter.demo.process import RegisterProcess
from adapter.demo.settings import demo_configuration
from adapter.main import prepare
from adapter.translation.world import World

NOTHING_KEPT = ":memory:"


@contextmanager
def demonstration(dialect: str) -> Iterator[World]:
    """The world of a demonstration, gone afterwards. Raises RegistersFailed."""
    places = find_places(None)
    orders = Orders({name: places[name] for name in REGISTERS}, dialect, fill=True)
    with RegisterProcess(orders) as process:
        deployment = prepare(demo_configuration(places, dialect, NOTHING_KEPT))
        try:
            process.wait_until_ready()
            yield deployment.world(deployment.set_up())
        finally:
            deployment.close()
