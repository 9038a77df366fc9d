"""What employees added to a record since, shown behind a rule line in a text that clients recorded.

    Na vijf uur bellen.

    --- Added in the register ---
    2026-03-02T10:15:00Z F. de Vries: Het duurt een week.

It is shown where one resource is asked for by its uuid, as far as there is room in the text. In what a client
sends back, nothing counts from the rule line on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapter.correspondence.gathered import Behind
from adapter.mapping.codecs import cut
from adapter.mapping.paths import MISSING, get, put
from adapter.openapi.checked import Checked

_NAME = re.compile(r"\{([^{}]+)\}")
_BREAK, _BLANK = "\n", "\n\n"


def added(rule: Behind, record: Mapping[str, Any]) -> str:
    """The lines behind a text, with the rule line; "" when nothing was added. What a row lacks is empty."""
    rows = get(record, rule.each)
    found = rows if isinstance(rows, list) else []
    lines = [_line(rule, each) for each in found if isinstance(each, Mapping)]
    return _BREAK.join([rule.rule, *lines]) if lines else ""


def _line(rule: Behind, row: Mapping[str, Any]) -> str:
    return _NAME.sub(lambda name: str(row.get(name[1]) or ""), rule.line)


def shown(rule: Behind, body: dict[str, Any], record: Mapping[str, Any]) -> None:
    """Put what was added to a record behind the text of a resource."""
    own = get(body, rule.member) or ""
    if more := _fitting(rule, own, added(rule, record)):
        put(body, rule.member, _BLANK.join(each for each in (own, more) if each))


def _fitting(rule: Behind, own: str, more: str) -> str:
    """As much as there is room for behind a text; nothing where that is not the rule line and more."""
    room = len(more) if rule.longest is None else rule.longest - len(own) - len(_BLANK)
    if room <= len(rule.rule) + len(_BREAK):
        return ""
    fitting: str = cut(room)(more)
    return fitting


def taken_off(rule: Behind, checked: Checked) -> Checked:
    """What a client sends, without what was shown behind its text."""
    text = get(checked.value, rule.member)
    if text is MISSING or not isinstance(text, str):
        return checked
    lines = text.split(_BREAK)
    if rule.rule not in lines:
        return checked
    own = _BREAK.join(lines[: lines.index(rule.rule)]).removesuffix(_BREAK)
    value = dict(checked.value)
    put(value, rule.member, own)
    return replace(checked, value=value)
