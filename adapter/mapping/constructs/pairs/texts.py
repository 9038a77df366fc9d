"""A pair without a conversion: one value on both sides, a text of which may be too long for one of them."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping import codecs
from adapter.mapping.codecs import Convert
from adapter.mapping.constructs.pairs.conversion import Conversion, Line, Sides, nothing
from adapter.mapping.constructs.pairs.sources import sources
from adapter.mapping.language.grammar import Described, Problem, Word
from adapter.mapping.language.ground import Content
from adapter.mapping.language.wording import missing_words
from adapter.mapping.schemas import Facts

NAMES = {
    "too_long": Described(
        Word(("cut", "refuse")), "What happens to a text that the shorter side cannot hold."
    )
}


def compiled(sides: Sides) -> Conversion:
    """The value as it is, within what both sides hold."""
    own, theirs, cut = sides.own, sides.theirs, sides.line.get("too_long") == "cut"
    read: Convert = codecs.same
    write: Convert = codecs.same
    nearest: Convert = nothing
    total = True
    if own is not None and (theirs is None or theirs > own):
        read, total = codecs.cut(own) if cut else codecs.at_most(own), False
    if theirs is not None and (own is None or own > theirs):
        write, nearest, total = codecs.at_most(theirs), codecs.cut(theirs) if cut else nothing, False
    least = sides.lengths.least(sides.home, sides.served, sides.chosen)
    if least is not None:
        read = codecs.at_least(least)
    if own and cut and ("else_at" in sides.line or "joined" in sides.line):
        # what stands elsewhere may be longer
        read = codecs.cut(own)
    in_an_object = not (sides.home.get("record") or sides.home.get("inside_record"))
    if in_an_object and sides.lengths.is_text(sides.home, sides.served, sides.chosen):
        # no specification says of what kind it is in an object of others
        read = codecs.text(read)
    return Conversion(read, write, nearest, total=total)


def check(line: Line) -> Iterator[Problem]:
    """Both sides hold values of one kind, and the very same choices."""
    if "any" not in (line.left.kind, line.right.kind) and line.left.kind != line.right.kind:
        yield line.problem(f"{line.served} is a {line.left.kind} and {line.at} a {line.right.kind}")
    else:
        yield from missing_words(line.left, line.right, line.here, line.served, line.at)


def lengths(line: Line) -> Iterator[Problem]:
    """The line says what becomes of a text that does not fit."""
    if line.left.kind != "text":
        return
    own, theirs = line.left.longest, line.right.longest
    fields = sources(line.node)
    if "joined" not in line.node and all(line.facts(each).longest == own for each in fields):
        return
    whole = _whole(line)
    if "too_long" not in line.node:
        way = (
            "too_long: refuse"
            if whole
            else "with too_long whether the text is cut or refused (aside in a correspondence)"
        )
        limits = f"{line.served} takes {_limit(own)} and {line.at} {_limit(theirs)}"
        yield line.problem(f"{limits}: say {way}")
    elif line.node["too_long"] == "cut" and whole:
        text = f"{line.served} is {whole}, which is never cut; use too_long: refuse"
        yield line.problem(text, "too_long")


def _whole(line: Line) -> str:
    """What a text is that means nothing once it is cut; nothing for other texts."""
    sides = (line.left, line.right)
    if any(each.format in ("date", "date-time") for each in sides):
        return "a date"
    known = (line.view.content.get("known_by") or {}).values()
    is_key = any(line.served == each["of"] for each in known)
    return "an address, a key or a choice" if is_key or any(each.exact for each in sides) else ""


def _limit(longest: int | None) -> str:
    return "text of any length" if longest is None else f"at most {longest} characters"


def unfit(node: Content, served: Facts | None, register: Facts | None, kept: str) -> Iterator[str]:
    """What becomes of a text that is too long for one of the sides, for the reference."""
    own = served.longest if served else None
    theirs = register.longest if register else None
    cut = node.get("too_long") == "cut"
    gets_any = not node.get("read_only") and served is not None and served.kind == "text"
    if gets_any and theirs is not None and (own is None or own > theirs):
        gets = "the beginning" if cut else "nothing"
        yield f"longer than {theirs}: the register gets {gets}, the whole is {kept}"
    longer = own is not None and (theirs is None or theirs > own or "else_at" in node or "joined" in node)
    if longer and "words" not in node and "to" not in node:
        shown = "its beginning is served" if cut else "it is not served"
        yield f"longer than {own}: {shown}, the register keeps it"
