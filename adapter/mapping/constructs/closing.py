"""The construct `closes`: a resource is a record of what happened, and cannot be changed after a while."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from adapter.mapping.language.constants import no_setting
from adapter.mapping.language.grammar import TEXT, Described, Problem, Shape, way_out
from adapter.mapping.language.ground import Content, Ground, View
from adapter.mapping.language.values import TEXTS

ALWAYS, NEVER = "altijd", "nooit"
# A duration of ISO 8601 without years and months, of which the length is not known.
DURATION = r"P(?=.)(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?=.)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?"
_PARTS = ("weeks", "days", "hours", "minutes", "seconds")

CLOSES = Shape(
    "closes",
    {
        "setting": Described(TEXT, "The setting with how long it can be changed."),
        "since": Described(TEXT, "The member with the moment from which that counts."),
        "open": Described(TEXTS, "The members that can be changed all the same."),
        "belongs": Described(TEXTS, "The references, as resource.member, of what belongs to it."),
        "homes": Described(TEXTS, "The homes in which it closes; by default in all."),
        "reason": Described(TEXT, "The sentence that a client reads."),
    },
    required=("setting", "since", "belongs", "reason"),
)


@dataclass(frozen=True, slots=True)
class Closing:
    """How a resource closes.

    `setting` says how long it stays open: always, never, or a duration since the moment in the member
    `since`. Afterwards only the members `open` change, and what refers to it by one of `belongs` (resource,
    member) is neither made nor deleted nor moved.
    """

    setting: str
    since: str
    open: frozenset[str]
    belongs: frozenset[tuple[str, str]]
    reason: str
    homes: frozenset[str] = frozenset()

    def is_over(self, since: Any, allowed: str, now: dt.datetime) -> bool:
        """Whether a resource of this moment (`2025-03-03T09:30:00Z`) can be changed no more."""
        if allowed in (ALWAYS, NEVER):
            return allowed == NEVER
        try:
            began = dt.datetime.fromisoformat(str(since))
        except ValueError:
            return False
        return now - began.replace(tzinfo=began.tzinfo or dt.UTC) > duration(allowed)


def duration(text: str) -> dt.timedelta:
    """The length of a duration such as `P7D` or `PT12H`. Raises ValueError for any other text."""
    found = re.fullmatch(DURATION, text)
    if found is None:
        raise ValueError("no duration of ISO 8601 in weeks, days, hours, minutes and seconds")
    return dt.timedelta(
        **{part: int(each) for part, each in zip(_PARTS, found.groups(), strict=True) if each}
    )


def compiled(node: Content) -> Closing:
    """A node that has passed the check."""
    belongs = (each.partition(".") for each in node["belongs"])
    pairs = frozenset((resource, member) for resource, _, member in belongs)
    return Closing(
        node["setting"],
        node["since"],
        frozenset(node.get("open") or ()),
        pairs,
        node["reason"],
        frozenset(node.get("homes") or ()),
    )


def problems(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong under `closes`."""
    node = view.content.get("closes")
    if node is None:
        return
    here = "closes"
    if node["setting"] not in ground.settings:
        yield Problem((here, "setting"), no_setting(node["setting"], ground))
    members = view.content.get("fields") or {}
    for name in ("since", "open"):
        given = node.get(name) or ()
        for each in [given] if isinstance(given, str) else given:
            if each not in members:
                text = f"{view.name} has no member {each}{way_out(each, members)}"
                yield Problem((here, name), text)
    homes = view.content.get("homes") or {}
    for each in node.get("homes") or ():
        if each not in homes:
            yield Problem((here, "homes"), f"{view.name} has no home {each}{way_out(each, homes)}")
    for number, each in enumerate(node["belongs"]):
        resource, _, member = each.partition(".")
        other = ground.views.get(resource)
        fields = (other.content.get("fields") or {}) if other else {}
        if ((fields.get(member) or {}).get("to")) != view.name:
            refers = [
                f"{name}.{field}"
                for name, one in ground.views.items()
                for field, line in (one.content.get("fields") or {}).items()
                if (line or {}).get("to") == view.name
            ]
            text = f"{each} is no reference to {view.name}{way_out(each, refers)}"
            yield Problem((here, "belongs", number), text)
