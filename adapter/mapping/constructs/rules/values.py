"""The rule `fits`: values that are allowed per value of another member."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from adapter.errors import Problem
from adapter.mapping.constructs.rules.change import Change
from adapter.mapping.constructs.rules.construct import NAME, PER, At, Part, RuleConstruct, texts
from adapter.mapping.language import grammar
from adapter.mapping.language.grammar import NUMBER as WHOLE_NUMBER
from adapter.mapping.language.grammar import (
    SCALAR,
    TEXT,
    Choice,
    Described,
    Every,
    Shape,
    Table,
    Word,
    way_out,
)
from adapter.mapping.language.ground import Content
from adapter.mapping.paths import Path, filled, get, parse
from adapter.mapping.settings import Settings

_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Fits:
    """The value at `member` is one of `words`, by the value at `per`; any where that has no words.

    Nothing is wrong with what an old record says already, so neither value may have changed.
    """

    member: Path
    per: Path
    words: Mapping[str, list[str]]
    name: str

    def broken(self, change: Change) -> list[Problem]:
        """What is wrong with a value that does not go with the other."""
        per, value = get(change.intended, self.per), get(change.intended, self.member)
        allowed = self.words.get(per)
        if allowed is None or value in allowed or not filled(value):
            return []
        if not change.changed(self.member) and not change.changed(self.per):
            return []
        reason = f"voor `{self.per[-1]}` {per} zijn alleen deze waarden toegestaan: {allowed}"
        return [Problem(self.name, "invalid", reason)]


@dataclass(frozen=True, slots=True)
class NumberForm:
    """So many digits, that pass the 11-test of the kind of number that `eleven_test` names: BSN."""

    length: int
    eleven_test: str = ""

    def wrong(self, value: str) -> str | None:
        """Why a text is no such number, in the words of the reference server; None for one that is."""
        reason = None
        if len(value) != self.length:
            reason = f"Waarde moet {self.length} tekens lang zijn"
        elif not _DIGITS.fullmatch(value):
            reason = "Voer een numerieke waarde in"
        elif self.eleven_test and not _passes_eleven(value):
            reason = f"Onjuist {self.eleven_test} nummer"
        return f"Deze waarde is ongeldig, reden: {reason}" if reason else None


def _passes_eleven(value: str) -> bool:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, value, strict=True)) % 11 == 0


@dataclass(frozen=True, slots=True)
class Number:
    """The text at `member` has the form that goes with the value at `per`; any where that has none.

    Nothing is wrong with what an old record says already, so neither value may have changed.
    """

    member: Path
    per: Path
    forms: Mapping[str, NumberForm]
    name: str

    def broken(self, change: Change) -> list[Problem]:
        """What is wrong with a text that has another form."""
        value, form = get(change.intended, self.member), self.forms.get(get(change.intended, self.per))
        if form is None or not isinstance(value, str) or not value:
            return []
        if not change.changed(self.member) and not change.changed(self.per):
            return []
        reason = form.wrong(value)
        return [Problem(self.name, "invalid", reason)] if reason else []


def _fits(node: Content, _: Settings) -> Fits | Number:
    member, per, words = parse(node["fits"]), parse(node["per"]), node["words"]
    name = node.get("name", node["fits"])
    if _is_form(words):
        forms = {
            value: NumberForm(form["length"], form.get("eleven_test", "")) for value, form in words.items()
        }
        return Number(member, per, forms, name)
    return Fits(member, per, words, name)


def _is_form(words: Content) -> bool:
    """Whether the words say of what form a number is, instead of which texts there can be."""
    return any(isinstance(each, Mapping) for each in words.values())


def _values(at: At, node: Content) -> Iterator[grammar.Problem]:
    """Every word is a value that the member can have, and stands under a value that the other can have."""
    per, own = at.facts(node["per"]), at.facts(node[at.rule])
    for value, allowed in node["words"].items():
        if _is_form(node["words"]) and not isinstance(allowed, Mapping):
            text = "one rule has lists of words, or forms of numbers; make it two rules"
            yield grammar.Problem((*at.here, "words", value), text)
        if per and per.choices and value not in per.choices:
            text = f"{node['per']} is never {value}{way_out(value, per.choices)}"
            yield grammar.Problem((*at.here, "words", value), text)
        for number, word in enumerate(allowed if isinstance(allowed, list) else ()):
            if own and own.choices and word not in own.choices:
                text = f"{node[at.rule]} is never {word}{way_out(word, own.choices)}"
                yield grammar.Problem((*at.here, "words", value, number), text)


_FORM = Shape(
    "a number",
    {
        "length": Described(WHOLE_NUMBER, "How many digits."),
        "eleven_test": Described(Word(("BSN", "RSIN")), "The number whose 11-test it has to pass."),
    },
    ("length",),
)
FITS = RuleConstruct(
    "fits",
    {
        "fits": Part(TEXT, "A member whose values depend on another member.", texts),
        "per": PER,
        "words": Part(
            Table(Choice(lambda node: _FORM if isinstance(node, Mapping) else Every(SCALAR))),
            "The values that are allowed, per value of the other member: a list of texts, or the form of a "
            "number.",
        ),
        "name": NAME,
    },
    ("per", "words"),
    _fits,
    check=_values,
)
