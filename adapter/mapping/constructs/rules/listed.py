"""The rule `listed`: a text that is a code in a table of the API Referentielijsten, where one is named."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from adapter.errors import Problem
from adapter.mapping.constructs.rules.change import Change
from adapter.mapping.constructs.rules.construct import REASON, At, Part, RuleConstruct, texts
from adapter.mapping.language import grammar
from adapter.mapping.language.constants import no_setting
from adapter.mapping.language.grammar import TEXT
from adapter.mapping.language.ground import Content
from adapter.mapping.paths import Path, get, parse
from adapter.mapping.settings import Settings

_WORDS = re.compile(r"\{(value|allowed)\}")


@dataclass(frozen=True, slots=True)
class Listed:
    """The text at `member` is a code of `table` (`KANAAL`), which stands in the setting of that name.

    Without a table any text is right. `reason` is told of a text that is no code, `none` of every text while
    the table has no codes at all; in both `{value}` and `{allowed}` stand for the text and the codes.
    """

    member: Path
    setting: str
    table: str
    reason: str
    none: str

    @property
    def name(self) -> str:
        """The member, as an answer names it."""
        return ".".join(self.member)

    def concerns(self, change: Change, wrong: Collection[str] = ()) -> bool:
        """Whether the table has to be read: the text was sent, is new, and nothing else is `wrong` with it.

        What an old record says already is never looked at.
        """
        value = get(change.intended, self.member)
        sent = self.member[0] in change.body and self.name not in wrong
        return bool(self.table and sent and isinstance(value, str) and value and change.changed(self.member))

    def broken(self, change: Change, codes: Sequence[str] | None) -> list[Problem]:
        """What is wrong with a text that it concerns. `codes` hold now; None for a table without any."""
        value = str(get(change.intended, self.member))
        if codes is not None and value in codes:
            return []
        words = {"value": value, "allowed": ", ".join(codes or ())}
        reason = self.none if codes is None else self.reason
        return [Problem(self.name, "invalid", _WORDS.sub(lambda found: words[found[1]], reason))]


def _compiled(node: Content, settings: Settings) -> Listed:
    table = settings.values.get(node["setting"])
    return Listed(parse(node["listed"]), node["setting"], table or "", node["reason"], node["none"])


def _setting(at: At, name: str) -> Iterator[grammar.Problem]:
    """It is a setting that holds text."""
    known = at.ground.settings
    if name not in known:
        yield grammar.Problem(at.here, no_setting(name, at.ground))
    elif (known[name] or {}).get("type") != "string":
        yield grammar.Problem(at.here, f"the setting {name} holds no text, and the code of a table is text")


LISTED = RuleConstruct(
    "listed",
    {
        "listed": Part(TEXT, "This text is a code in a table of the API Referentielijsten.", texts),
        "setting": Part(
            TEXT, "The setting with the code of the table; while it is empty, any text is right.", _setting
        ),
        "reason": REASON,
        "none": Part(TEXT, "The sentence that a client reads while the table has no codes."),
    },
    ("setting", "reason", "none"),
    _compiled,
)
