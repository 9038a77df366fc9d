"""The rule `format`: the form of one text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from adapter.errors import Problem
from adapter.mapping.constructs.rules.change import Change
from adapter.mapping.constructs.rules.construct import IF, Part, RuleConstruct, texts
from adapter.mapping.language.grammar import TEXT, Word
from adapter.mapping.language.ground import Content
from adapter.mapping.paths import Conditions, Path, get, meets, parse
from adapter.mapping.settings import Settings
from adapter.openapi import reasons
from adapter.openapi.formats import email_address
from adapter.openapi.telephones import wrong_number


@dataclass(frozen=True, slots=True)
class TextForm:
    """In records that meet `conditions`, the text at `member` has a form.

    `wrong` gives the reason, in the words of the reference server, why a text has not; None for one that has.
    """

    member: Path
    conditions: Conditions
    wrong: Callable[[str], str | None]

    def broken(self, change: Change, wrong: Collection[str] = ()) -> list[Problem]:
        """What is wrong with the text when it was sent and is new.

        Nothing is known of it while something is `wrong` with a member that decides which form it has.
        """
        name, value = ".".join(self.member), get(change.intended, self.member)
        if any(".".join(path) in wrong for path, _ in self.conditions):
            return []
        if not isinstance(value, str) or not value or not meets(change.intended, self.conditions):
            return []
        if name not in change.body or not change.changed(self.member):
            return []
        reason = self.wrong(value)
        return [Problem(name, "invalid", reason)] if reason else []


def _email(value: str) -> str | None:
    return None if email_address(value) is not None else reasons.NOT_EMAIL


_FORMS: Mapping[str, Callable[[str], str | None]] = {"email": _email, "dutch_phone": wrong_number}


def _compiled(node: Content, settings: Settings) -> TextForm:
    return TextForm(parse(node["format"]), settings.pairs_of(node.get("if")), _FORMS[node["is"]])


FORMAT = RuleConstruct(
    "format",
    {
        "format": Part(TEXT, "A text that has a form.", texts),
        "is": Part(
            Word(tuple(_FORMS)),
            "email, or dutch_phone: a telephone number that can be called from the Netherlands.",
        ),
        "if": IF,
    },
    ("is",),
    _compiled,
)
