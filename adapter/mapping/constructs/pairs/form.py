"""The construct `form`: a regular expression that the register's text has to match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapter.mapping import codecs
from adapter.mapping.constructs.pairs import texts
from adapter.mapping.constructs.pairs.conversion import Codec, Conversion, Sides, written
from adapter.mapping.language.grammar import TEXT, Described, Problem, broken_expression
from adapter.mapping.language.ground import Content
from adapter.mapping.source import NodePath


def _compiled(sides: Sides) -> Conversion:
    convert = codecs.of_form(sides.line["form"])
    return Conversion(convert, convert, search=written(convert), total=False)


def _broken(node: Content, here: NodePath) -> Iterator[Problem]:
    if "form" in node and (why := broken_expression(node["form"])):
        yield Problem((*here, "form"), why)


def _unfit(_: Content, kept: str) -> Iterable[str]:
    return [f"other text is not served; other values are {kept}"]


FORM = Codec(
    "form",
    {"form": Described(TEXT, "A regular expression that the register's text has to match.")},
    _compiled,
    texts.check,
    lambda node: [f"only text like {node['form']}"],
    broken=_broken,
    unfit=_unfit,
)
