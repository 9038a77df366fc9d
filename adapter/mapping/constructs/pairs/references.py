"""The constructs `to` and `uuid_of`: the URL of a record in the register, a reference or a uuid as served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from adapter.mapping import codecs
from adapter.mapping.codecs import DoesNotFit, Links
from adapter.mapping.constructs.pairs.conversion import Codec, Conversion, Line, Search, Sides, written
from adapter.mapping.language.grammar import TEXT, Described, Problem
from adapter.mapping.language.ground import Content
from adapter.mapping.language.places import known_place, refers_to
from adapter.mapping.places import Place, place
from adapter.mapping.references import spellings


def _to(sides: Sides) -> Conversion:
    target = place(sides.line["to"])
    read, write = codecs.reference(sides.links, target, lenient=sides.lenient)
    return Conversion(read, write, search=written(write), to=target, link=True)


def _uuid_of(sides: Sides) -> Conversion:
    target = place(sides.line["uuid_of"])
    read, write = codecs.uuid_of(sides.links, target)
    return Conversion(read, write, search=_named(sides.links, target, write), link=True)


def _named(links: Links, target: Place, write: codecs.Convert) -> Search:
    """The URLs to search for, by the uuid of the record that they name, in every spelling that is known."""

    def search(value: Any) -> list[Any]:
        try:
            write(value)
        except DoesNotFit:
            return []
        return [text for url in links.urls(target, value) for text in spellings(url)]

    return search


def _check_to(line: Line) -> Iterator[Problem]:
    if not line.reference:
        yield line.problem(f"{line.served} is no reference; leave out to", "to")
        return
    target, here = line.node["to"], (*line.here, "to")
    wrong = list(known_place(line.ground, target, here))
    yield from wrong
    if not wrong and "." not in line.served:
        yield from refers_to(line.ground, line.view, line.served, target, here)
    if line.right.kind != "text":
        yield line.problem(f"{line.at} is a {line.right.kind}, and a URL is text")


def _check_uuid_of(line: Line) -> Iterator[Problem]:
    yield from known_place(line.ground, line.node["uuid_of"], (*line.here, "uuid_of"))


def _unfit(_: Content, __: str) -> Iterable[str]:
    return ["a URL of another register reads as nothing"]


TO = Codec(
    "to",
    {"to": Described(TEXT, "The collection of the record whose URL stands there.")},
    _to,
    _check_to,
    lambda node: [f"reference, in the register the URL of one of {node['to']}"],
    unfit=_unfit,
)
UUID_OF = Codec(
    "uuid_of",
    {
        "uuid_of": Described(
            TEXT, "The collection of the record whose URL stands there; its uuid is served as text."
        )
    },
    _uuid_of,
    _check_uuid_of,
    lambda node: [f"uuid, in the register the URL of one of {node['uuid_of']}"],
    unfit=_unfit,
)
