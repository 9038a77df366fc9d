"""A record with its texts opened: what each says stands below its member, by label, without the sign.

`{"text": {"Organisatie": "Bakker", "free": "…"}}` for a text with labels; a label that may occur several
times has a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from adapter.correspondence.gathered import FIRST, FREE, Constants, Gathered, Text
from adapter.gathering.ports import Body
from adapter.gathering.sign import Sign
from adapter.gathering.text_form import Form, Said, first_and_rest, split_first
from adapter.mapping.paths import copied, filled, get, parse, put


@dataclass(frozen=True, slots=True)
class Texts:
    """Opens and closes the texts of records of a declaration."""

    declared: Gathered
    sign: Sign

    def kind_of(self, record: Body) -> str:
        """The kind of a record: the first of which it meets the conditions, else the last."""
        for kind in self.declared.kinds:
            if all(get(record, path) in values for path, values in kind.when):
                return kind.name
        return self.declared.kinds[-1].name

    def signed(self, kind: str) -> str:
        """The member at whose end a record of this kind has its sign."""
        return dict(self.declared.signed)[kind]

    def closed(self, said: Body, kind: str, line: str) -> Body:
        """The record that says this, with its fillers and a sign."""
        record, signed = copied(said), parse(self.signed(kind))
        for text in self._texts(kind):
            group = said.get(text.member)
            if isinstance(group, dict):
                room = self.declared.limits.get(text.member)
                if room is not None and (text.member,) == signed:
                    room = max(0, room - len(self.sign.put("x", line)) + 1)
                record[text.member] = _written(text, group, room)
        for path, value in self._fill(kind):
            if not filled(get(record, path)):
                put(record, path, value)
        before = get(record, signed)
        put(record, signed, self.sign.put(before if isinstance(before, str) else "", line))
        return {name: each for name, each in record.items() if filled(each)}

    def opened(self, record: Body, kind: str, contact: str) -> Body:
        """What a record says. A filler says nothing."""
        said, signed = copied(record), parse(self.signed(kind))
        ends = get(said, signed)
        if isinstance(ends, str):
            put(said, signed, self.sign.taken_off(ends, contact))
        for path, value in self._fill(kind):
            if get(said, path) == value:
                put(said, path, None)
        for text in self._texts(kind):
            content = said.get(text.member)
            if isinstance(content, str):
                said[text.member] = _read(text, content)
        return {name: each for name, each in said.items() if filled(each)}

    def _fill(self, kind: str) -> Constants:
        return next(each.fill for each in self.declared.kinds if each.name == kind)

    def _texts(self, kind: str) -> list[Text]:
        return [each for each in self.declared.texts if not each.kinds or kind in each.kinds]


def _written(text: Text, group: Body, longest: int | None) -> str:
    if text.first_line:
        return first_and_rest(str(group.get(FIRST) or ""), str(group.get(FREE) or ""))
    values = {label: _values(group.get(label)) for label in text.labels}
    return Form(text.labels, text.many).write(Said(values, str(group.get(FREE) or "")), longest)


def _values(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] if filled(value) else []


def _read(text: Text, content: str) -> Body:
    if text.first_line:
        first, rest = split_first(content)
        return {FIRST: first, FREE: rest}
    said = Form(text.labels, text.many).read(content)
    found: Body = {
        label: list(values) if label in text.many else values[0] for label, values in said.values.items()
    }
    return {**found, FREE: said.free}
