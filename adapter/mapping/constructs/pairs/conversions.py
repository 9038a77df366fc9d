"""All conversions of pairs, by the names that tell them."""

from __future__ import annotations

from adapter.mapping.constructs.pairs import texts
from adapter.mapping.constructs.pairs.conversion import Codec, Conversion, Sides
from adapter.mapping.constructs.pairs.form import FORM
from adapter.mapping.constructs.pairs.instant import AS
from adapter.mapping.constructs.pairs.references import TO, UUID_OF
from adapter.mapping.constructs.pairs.split import SPLIT
from adapter.mapping.constructs.pairs.words import WORDS
from adapter.mapping.language.ground import Content

CODECS: tuple[Codec, ...] = (TO, UUID_OF, WORDS, SPLIT, FORM, AS)


def codec_of(node: Content) -> Codec | None:
    """The conversion that a line says; None of one that says none, as its sides hold the same values."""
    return next((each for each in CODECS if each.word in node), None)


def conversion_of(sides: Sides) -> Conversion:
    """How the value of a line that has passed the check goes from one side to the other."""
    codec = codec_of(sides.line)
    return codec.compiled(sides) if codec else texts.compiled(sides)
