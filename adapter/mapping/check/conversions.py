"""How the values of a pair become one another: what the line says of it can be done, both ways."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping.check.grammar import Problem, broken_expression
from adapter.mapping.check.ground import Content
from adapter.mapping.check.wording import passed_on, strange_words
from adapter.mapping.forms import wrong_form
from adapter.mapping.schemas import Facts
from adapter.mapping.source import NodePath

_SPLIT = (("text", "list"), ("list", "text"), ("text", "any"), ("list", "any"))


def broken(line: Content, here: NodePath) -> Iterator[Problem]:
    """What is wrong with a line whatever stands on its sides."""
    if "other_words" in line and "words" not in line:
        yield Problem((*here, "other_words"), "other_words stands beside words: say which words differ")
    if "form" in line and (why := broken_expression(line["form"])):
        yield Problem((*here, "form"), why)


def translated(
    line: Content, left: Facts, right: Facts, here: NodePath, *, writes: bool
) -> Iterator[Problem]:
    """What is wrong with the words of a line."""
    passed = "other_words" in line
    yield from strange_words(line["words"], left, right, (*here, "words"), writes=writes, reads=not passed)
    if passed:
        yield from passed_on(line["words"], left, right, (*here, "other_words"))


def other_form(line: Content, left: Facts, right: Facts, here: NodePath) -> Iterator[Problem]:
    """What is wrong with a list or a date that is written in another form."""
    part, served, at = ("split" if "split" in line else "date"), here[-1], line["at"]
    why = ""
    if part == "split":
        if (left.kind, right.kind) not in _SPLIT:
            sides = f"{served} is a {left.kind} and {at} a {right.kind}"
            why = f"split is for a list on one side and a text on the other; {sides}"
    elif left.format not in ("date", "date-time"):
        why = f"{served} is no date"
    elif right.kind not in ("text", "any"):
        why = f"{at} is a {right.kind}, and a date in a form of its own is text"
    elif right.format in ("date", "date-time"):
        why = f"{at} is a {right.format}, which has the form of the served one; leave out date"
    else:
        why = wrong_form(line["date"], moment=left.format == "date-time")
    if why:
        yield Problem((*here, part), why)
