"""The rules `email` and `dutch_phone`: the form of one text."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from adapter.errors import Problem
from adapter.mapping.constructs.rules.change import Change
from adapter.mapping.constructs.rules.construct import IF, Part, RuleConstruct, texts
from adapter.mapping.language.grammar import TEXT
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


def _form(name: str, says: str, wrong: Callable[[str], str | None]) -> RuleConstruct[TextForm]:
    def compiled(node: Content, settings: Settings) -> TextForm:
        return TextForm(parse(node[name]), settings.pairs_of(node.get("if")), wrong)

    return RuleConstruct(name, {name: Part(TEXT, says, texts), "if": IF}, (), compiled)


EMAIL = _form("email", "This text is an e-mail address.", _email)
DUTCH_PHONE = _form(
    "dutch_phone",
    "This text is a telephone number that can be called from the Netherlands.",
    wrong_number,
)
