"""Values as labelled lines of a text that people read, and the same values read back from it.

    Contact opnemen met: J. Pietersen
    Gevraagde handeling: bellen
      na vijf uur

    Free text.

Lines `Label: value` in a fixed order, a line break in them followed by two spaces; a blank line; free text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_CONTINUED = "  "
_BREAK = "\n"
_BLANK = "\n\n"
_SEPARATOR = ": "
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Form:
    """The labels of a text in their order, and those of them that may occur several times."""

    labels: tuple[str, ...] = ()
    many: frozenset[str] = frozenset()

    def write(self, said: Said, longest: int | None = None) -> str:
        """The text that says this; empty values are left out.

        longest: in characters. Free text is cut to it; where the values alone are too long, the last of them
        are left out. So the text may say less, never something else.
        """
        entries = [each for label in self.labels for each in _entries(label, said.values.get(label, ()))]
        if longest is not None:
            while entries and len(_BREAK.join(entries)) > longest:
                entries.pop()
        head = _BREAK.join(entries)
        if not said.free:
            return head
        text = f"{head}{_BLANK}{said.free}" if head else said.free
        if longest is None or len(text) <= longest:
            return text
        # At least one character of the free text, or none of it.
        kept = longest - len(_CUT)
        return text[:kept] + _CUT if kept > len(head) + len(_BLANK) else head

    def read(self, text: str) -> Said:
        """What a text says. When it is not just what `write` would make of that, all of it is free text."""
        found = self._read(text)
        return found if self.write(found) == text else Said(free=text)

    def _read(self, text: str) -> Said:
        head, _, free = text.partition(_BLANK)
        values: dict[str, list[str]] = {}
        label = ""
        for line in head.split(_BREAK):
            if line.startswith(_CONTINUED) and label:
                values[label][-1] += _BREAK + line.removeprefix(_CONTINUED)
                continue
            label, separator, value = line.partition(_SEPARATOR)
            if not separator or label not in self.labels or (label in values and label not in self.many):
                return Said(free=text)
            values.setdefault(label, []).append(value)
        return Said({name: tuple(each) for name, each in values.items()}, free)


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says: the values by their label, in the order of the text, and the free text."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    free: str = field(default="", repr=False)


def _entries(label: str, values: Sequence[str]) -> Iterator[str]:
    for value in values:
        if value:
            yield f"{label}{_SEPARATOR}{value.replace(_BREAK, _BREAK + _CONTINUED)}"


def first_and_rest(first: str, rest: str) -> str:
    """A text of which the first line says one thing and the others another."""
    return f"{first}{_BREAK}{rest}" if rest else first


def split_first(text: str) -> tuple[str, str]:
    """The first line of a text, and the others."""
    first, _, rest = text.partition(_BREAK)
    return first, rest
