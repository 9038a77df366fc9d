"""A demonstration without an HTTP face, for explaining requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapter.demo.orders import Orders
from adapter.demo.places import REGISTERS, find_places
from adapter.demo.process import RegisterProcess
from adapter.demo.settings import demo_configuration
from adapter.engine.deployment import Deployment
from adapter.main import prepare

NOTHING_KEPT = ":memory:"


@contextmanager
def demonstration(dialect: str, mappings: Path | None = None) -> Iterator[Deployment]:
    """The deployment of a demonstration, as long as the context lasts. Raises RegistersFailed.

    `mappings` is the folder of the municipality's own dialects.
    """
    places = find_places(None)
    orders = Orders(
        {name: places[name] for name in REGISTERS}, dialect, fill=True, mappings=str(mappings or "")
    )
    with RegisterProcess(orders) as process:
        adapter = prepare(demo_configuration(places, dialect, NOTHING_KEPT, mappings))
        try:
            process.wait_until_ready()
            yield adapter.deployment(adapter.set_up())
        finally:
            adapter.close()
