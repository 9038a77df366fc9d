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
from adapter.explain.old import explain_old
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
    if not _is_new(order, asked):
        return _old(order, asked, values=values, width=width)
    with _deployment(order) as deployment:
        found = explain(deployment, document, asked)
        return (
            plain(blocks(found, document, deployment, values=values), width),
            html(TITLE, blocks(found, document, deployment, values=False)),
        )


def _is_new(order: Order, asked: Asked) -> bool:
    """Whether it is an operation of the Klantinteracties API, and that is served."""
    if order.configuration is not None and not order.configuration.serves_new:
        return False
    try:
        operation_of(served_document(), asked)
    except NoSuchOperation:
        return False
    return True


def _old(order: Order, asked: Asked, *, values: bool, width: int | None) -> tuple[str, str]:
    """The explanation of a request to the old APIs, where they are served. Raises Wrong."""
    configuration = order.configuration
    if configuration is None or not configuration.serves_old:
        raise Wrong(f"the specification has no {asked.method} {asked.path}")
    with _deployment(order) as deployment:
        try:
            found, more = explain_old(configuration, deployment, asked)
        except NoSuchOperation:
            raise Wrong(f"no API that is served has {asked.method} {asked.path}") from None
        document = served_document()
        pages = [[*blocks(found, document, deployment, values=it), *more(it)] for it in (values, False)]
        return plain(pages[0], width), html(TITLE, pages[1])


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
