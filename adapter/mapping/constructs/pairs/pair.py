"""A pair: a served path, and the path in a record that holds its value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from adapter.mapping import schemas
from adapter.mapping.constructs.pairs import choose, said_by, sources, texts
from adapter.mapping.constructs.pairs.choose import Choices
from adapter.mapping.constructs.pairs.conversion import Line, Sides
from adapter.mapping.constructs.pairs.conversions import CODECS, codec_of, conversion_of
from adapter.mapping.language.grammar import FLAG, Described, Problem, Shape, Word
from adapter.mapping.language.ground import Content, Nowhere, illegal
from adapter.mapping.language.values import CONSTANTS, constant
from adapter.mapping.paths import Conditions, Path, parse
from adapter.mapping.places import Place
from adapter.mapping.settings import Settings


@dataclass(frozen=True, slots=True)
class Pair:
    """A served path and the register path that holds its value.

    `read` takes the register's value and gives the served one, or raises DoesNotFit (it reads as absent).
    `write` gives the register's value, or raises DoesNotFit (the home does not take it); `nearest` is what
    the register gets instead, MISSING when nothing.
    """

    served: Path
    at: Path
    else_at: tuple[Path, ...]
    joined: tuple[Path, ...]
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]
    nearest: Callable[[Any], Any]
    search: Callable[[Any], list[Any] | None]
    """The register's texts that read as a served value; None when a search for them would miss some."""
    total: bool
    """Whether every served value is held by the register as it is, so that a search there is exact."""
    else_unless: tuple[Path, ...] = ()
    """Nothing is read from `else_at` while any of these has a value."""
    named: tuple[str, ...] = ()
    """All texts of a vocabulary, when any other text reads as one of its values as well."""
    instant: bool = False
    """Whether many texts in the register read as one served value, an instant."""
    converted: bool = False
    """Whether the register's text is another than the served one, so that no part of it can be looked for."""
    frozen: bool = False
    read_only: bool = False
    condition: Conditions = ()
    filler: str = ""
    to: Place | None = None
    link: bool = False
    """Whether the register's value is the URL of another record."""
    clears: bool = True
    """Whether the register takes an empty text, or null, for its field."""
    nothing: str | None = ""
    """Which of them empties the field."""
    choose: Choices = ()

    plain: tuple[str, str] | None = field(init=False, compare=False, repr=False)
    """(name in the record, name of the member) of a pair that is no more than that."""

    def __post_init__(self) -> None:
        more = self.else_at or self.joined or self.filler or len(self.at) != 1 or len(self.served) > 1
        object.__setattr__(self, "plain", None if more else (self.at[0], self.served[0]))

    @property
    def sources(self) -> tuple[Path, ...]:
        """The paths in a record from which the served value may come."""
        return tuple(dict.fromkeys((self.at, *self.joined, *self.else_at)))


PAIR = Shape(
    "a pair",
    {
        **sources.NAMES,
        **{name: kind for codec in CODECS for name, kind in codec.names.items()},
        **texts.NAMES,
        "frozen": Described(FLAG, "Never changed after the record was made."),
        "read_only": Described(FLAG, "Never written."),
        "if": Described(CONSTANTS, "The pair holds only for records like this."),
        "fill": Described(
            Word(("random_code",)),
            "What is written when there is no value; it is recognised and never served.",
        ),
        **choose.NAMES,
        **said_by.NAMES,
    },
    required=("at",),
    most_one_of=tuple(codec.word for codec in CODECS),
    lowered=frozenset((*choose.NAMES, *said_by.NAMES)),
    former={
        "other_words": 'say "*": "*" in words',
        "date": "say as",
    },
)


def compiled(sides: Sides, settings: Settings) -> list[Pair]:
    """The pair of a line that has passed the check, and one for each boolean of `said_by`."""
    said = sides.line.get("said_by", {}).items()
    return [_pair(sides, settings), *(_said(sides.served, parse(at), value) for at, value in said)]


def _pair(sides: Sides, settings: Settings) -> Pair:
    node, at = sides.line, parse(sides.line["at"])
    made, elsewhere = conversion_of(sides), sources.elsewhere(sides.line)
    return Pair(
        served=sides.served,
        at=at,
        else_at=sources.listed(node, "else_at"),
        else_unless=sources.listed(node, "else_unless"),
        joined=sources.listed(node, "joined"),
        read=made.read,
        write=made.write,
        nearest=made.nearest,
        search=(lambda _: None) if elsewhere else made.search,
        total=made.total and not elsewhere,
        named=made.named,
        instant=made.instant,
        frozen=node.get("frozen", False),
        read_only=node.get("read_only", False),
        condition=settings.pairs_of(node.get("if")),
        clears=sides.lengths.takes_blank(sides.home, at) or sides.lengths.takes_null(sides.home, at),
        nothing="" if sides.lengths.takes_blank(sides.home, at) else None,
        filler=node.get("fill", ""),
        to=made.to,
        link=made.link,
        converted=made.converted,
        choose=choose.compiled(node),
    )


def _said(served: Path, at: Path, value: Any) -> Pair:
    made = said_by.conversion(value)
    return Pair(
        served=served,
        at=at,
        else_at=(),
        joined=(),
        read=made.read,
        write=made.write,
        nearest=made.nearest,
        search=made.search,
        total=made.total,
    )


def problems(line: Line) -> Iterator[Problem]:
    """Both sides exist, their types fit, and every value of either side has a place on the other."""
    wrong = list(sources.check(line))
    yield from wrong
    yield from _conditions(line)
    if not wrong:
        yield from _conversion(line)
        yield from sources.variant(line)
    for codec in CODECS:
        yield from codec.broken(line.node, line.here)
    yield from choose.check(line)
    yield from said_by.check(line)


def _conditions(line: Line) -> Iterator[Problem]:
    for path, value in line.node.get("if", {}).items():
        try:
            why = illegal(value, schemas.facts(line.record.at(path)))
        except Nowhere as nowhere:
            why = str(nowhere)
        if why:
            yield line.problem(why, "if", path)


def _conversion(line: Line) -> Iterator[Problem]:
    codec = codec_of(line.node)
    if line.reference and "to" not in line.node:
        yield line.problem(f"{line.served} is a reference; say with to whose URL {line.at} is")
    elif codec is not None:
        yield from codec.check(line)
    else:
        yield from texts.check(line)
    if codec is None:
        yield from texts.lengths(line)
    elif "too_long" in line.node:
        text = "too_long has no use here: nothing is written that is not one of the known values"
        yield line.problem(text, "too_long")


def says(node: Content) -> Iterable[str]:
    """How a value of one side becomes one of the other, for the reference."""
    codec = codec_of(node)
    if codec is not None:
        yield from codec.says(node)
    yield from sources.says(node)
    if "if" in node:
        conditions = (f"{path} is {constant(value)}" for path, value in node["if"].items())
        yield f"only where {' and '.join(conditions)}"
    if node.get("frozen"):
        yield "never changed afterwards"
    if node.get("read_only"):
        yield "never written"
    if "fill" in node:
        yield "filled when there is no value"
