"""The constructs `words` and `any_case`: two vocabularies that mean the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapter.mapping import codecs
from adapter.mapping.codecs import Convert, DoesNotFit
from adapter.mapping.constructs.pairs.conversion import Codec, Conversion, Line, Sides
from adapter.mapping.language.grammar import FLAG, Described, Problem
from adapter.mapping.language.ground import Content
from adapter.mapping.language.values import WORDS as TABLE
from adapter.mapping.language.wording import REST, passed_on, passes_on, strange_words
from adapter.mapping.paths import MISSING


@dataclass(frozen=True, slots=True)
class Words:
    """Two vocabularies, from one to the other and back.

    `search` gives the register's words for a served one; None for the one that every other word reads as.
    `named` are then all words that the table names, else none. `total` when each served word is written as
    one that reads back as it.
    """

    read: Convert
    write: Convert
    search: Convert
    named: tuple[str, ...]
    total: bool


def words(table: Mapping[str, Any], *, any_case: bool = False) -> Words:
    """The conversion between words that differ; `"*"` on the right is any other, the first is written.

    The text true or false on the left stands for the boolean. With `"*"` on both sides a text that the table
    does not name passes as it is, but for one that would read back as something else. With `any_case` the
    register's words are read in capitals too; a search for them must not mind capitals either.
    """
    others_same = passes_on(table)
    table = {served: each for served, each in table.items() if served != REST}
    read: dict[Any, Any] = {}
    write: dict[Any, Any] = {}
    rest: Any = MISSING
    for left, right in table.items():
        served = {"true": True, "false": False}.get(left, left)
        for word in right if isinstance(right, list) else [right]:
            if word == "*":
                rest = served
                continue
            read.setdefault(word, served)
            write.setdefault(served, word)

    def reading(value: Any) -> Any:
        if isinstance(value, (dict, list)):
            raise DoesNotFit
        if value in read:
            return read[value]
        if any_case and isinstance(value, str) and value.lower() in read:
            return read[value.lower()]
        if others_same and isinstance(value, str):
            return value
        if rest is MISSING:
            raise DoesNotFit
        return rest

    def writing(value: Any) -> Any:
        if value in write:
            return write[value]
        if others_same and isinstance(value, str) and value not in read:
            return value
        raise DoesNotFit

    def searching(value: Any) -> Any:
        as_it_is = [value] if others_same and value not in read else []
        found = [word for word, served in read.items() if served == value]
        return None if value == rest else [*found, *as_it_is]

    total = (
        not others_same
        and len(write) == len(table)
        and all(read[word] == served for served, word in write.items())
    )
    return Words(reading, writing, searching, () if rest is MISSING else tuple(read), total)


def _compiled(sides: Sides) -> Conversion:
    line = sides.line
    found = words(line["words"], any_case=line.get("any_case", False))
    read, write = found.read, found.write
    if passes_on(line["words"]):
        read = codecs.both(read, codecs.at_most(sides.own))
        write = codecs.both(write, codecs.at_most(sides.theirs))
    return Conversion(read, write, search=found.search, total=found.total, named=found.named, converted=True)


def _check(line: Line) -> Iterator[Problem]:
    """Every value of either side has a counterpart, or is passed on."""
    table, passed = line.node["words"], passes_on(line.node["words"])
    here = (*line.here, "words")
    writes = "inside" not in line.home and "read_only" not in line.home
    yield from strange_words(table, line.left, line.right, here, writes=writes, reads=not passed)
    if passed:
        yield from passed_on(table, line.left, line.right, (*here, REST))


def _says(node: Content) -> Iterable[str]:
    yield "; ".join(_word(*each) for each in node["words"].items() if each[0] != REST)
    if passes_on(node["words"]):
        yield "every other word as it is"


def _word(served: str, theirs: Any) -> str:
    listed = theirs if isinstance(theirs, list) else [theirs]
    return f"{served} is {' or '.join('any other' if each == REST else str(each) for each in listed)}"


def _unfit(node: Content, kept: str) -> Iterable[str]:
    return [f"a word that the register has for another one is {kept}"] if passes_on(node["words"]) else []


WORDS = Codec(
    "words",
    {
        "words": Described(
            TABLE,
            "Left the served word, right the register's; the first is written, all are read, "
            '"*" is any other. With "*" on both sides, every word that is not named is the same on both.',
        ),
        "any_case": Described(
            FLAG, "The register's words are read in capitals too; only in items of a list in an object."
        ),
    },
    _compiled,
    _check,
    _says,
    unfit=_unfit,
)
