"""The command `klantbrug explain`: from its options to the pages that it writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from adapter.configuration import Configuration
from adapter.demo.process import RegistersFailed
from adapter.engine.deployment import Deployment
from adapter.explain.demonstration import NOTHING_KEPT, demonstration
from adapter.explain.page import blocks
from adapter.explain.request import Asked, NoSuchOperation, explain, operation_of
from adapter.main import prepare
from adapter.mapping.reference.terminal import plain
from adapter.mapping.reference.web import html
from adapter.mapping.source import MappingError
from adapter.shipped import served_document

TITLE = "What KlantBrug did"


class Wrong(Exception):
    """A request cannot be explained; the text says why."""


@dataclass(frozen=True, slots=True)
class Order:
    """The options of the command.

    `body` is the path of a file. Without `configuration`, a demonstration of `dialect` is used. `write` is
    whether the request may need the state. `mappings` is the folder of own dialects for a demonstration.
    """

    method: str
    target: str
    body: Path | None
    configuration: Configuration | None
    dialect: str
    write: bool = False
    mappings: Path | None = None


def run(order: Order, *, values: bool, width: int | None = None) -> tuple[str, str]:
    """(text for a terminal of `width` characters, HTML). Raises Wrong and OSError.

    The text has personal values with `values` only; the HTML has none.
    """
    document = served_document()
    asked = Asked.of(order.method, order.target, order.body.read_bytes() if order.body else b"")
    try:
        operation_of(document, asked)
    except NoSuchOperation:
        raise Wrong(f"the specification has no {asked.method} {asked.path}") from None
    with _deployment(order) as deployment:
        found = explain(deployment, document, asked)
        return (
            plain(blocks(found, document, deployment, values=values), width),
            html(TITLE, blocks(found, document, deployment, values=False)),
        )


@contextmanager
def _deployment(order: Order) -> Iterator[Deployment]:
    if order.configuration is None:
        try:
            with demonstration(order.dialect, order.mappings) as deployment:
                yield deployment
        except RegistersFailed:
            raise Wrong("the registers did not start; the reason stands above") from None
        return
    # Reading needs nothing of what a deployment keeps.
    kept = order.configuration if order.write else replace(order.configuration, state=NOTHING_KEPT)
    try:
        adapter = prepare(kept)
    except MappingError as error:
        raise Wrong(str(error)) from None
    try:
        yield adapter.deployment()
    finally:
        adapter.close()
