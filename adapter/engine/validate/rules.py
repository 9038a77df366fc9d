"""The rules of a mapping over a record as a whole: what the specification cannot say about a write."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from adapter.engine.entities.draft import Draft, is_link, stamped
from adapter.engine.read.repository import Repository
from adapter.engine.validate import formats
from adapter.errors import Problem
from adapter.mapping.model import Rule
from adapter.mapping.paths import filled, get, parse

INVALID = "invalid"

# Rules about the identity of a resource, which an old record may go on breaking.
_IDENTITY = frozenset({"fits", "number", "reference", "kept_while_named", "not_itself"})


class Rules:
    """The rules that one write can break on its own, or with what it refers to."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._checks: dict[str, Callable[[Draft, Rule], list[Problem]]] = {
            "not_both": self._not_both,
            "exactly_one": self._exactly_one,
            "stamp": self._stamp,
            "fits": self._fits,
            "number": self._number,
            "reference": self._reference,
            "needs": self._needs,
            "kept_while_named": self._kept_while_named,
            "different": self._different,
        }

    def texts(self, draft: Draft, wrong: Collection[str] = ()) -> list[Problem]:
        """What is wrong with the form of single texts, each told whatever else is wrong.

        A form that hangs on a member with something `wrong` is not known.
        """
        found: list[Problem] = []
        for rule in draft.resource.rules:
            if rule.kind in formats.TEXTS and not any(each in wrong for each in rule.spec.get("if") or ()):
                found += self._text(draft, rule)
        return found

    def broken(self, draft: Draft) -> list[Problem]:
        """What breaks the first of the rules that is broken: no other is looked at, as in the reference."""
        for rule in draft.resource.rules:
            check = self._checks.get(rule.kind)
            if check is not None and not _as_served(draft, rule) and (found := check(draft, rule)):
                return found
        return []

    def impossible(self, draft: Draft) -> list[Problem]:
        """What breaks a rule that is told together with what must be unique."""
        rules = [rule for rule in draft.resource.rules if rule.kind == "not_itself"]
        return [
            each for rule in rules if not _as_served(draft, rule) for each in self._not_itself(draft, rule)
        ]

    def _holds(self, draft: Draft, rule: Rule) -> bool:
        wanted: Mapping[str, Any] = rule.spec.get("if") or {}
        return all(get(draft.intended, parse(path)) == value for path, value in wanted.items())

    def _text(self, draft: Draft, rule: Rule) -> list[Problem]:
        name = rule.spec[rule.kind]
        value = get(draft.intended, parse(name))
        if not self._holds(draft, rule) or not isinstance(value, str) or not value:
            return []
        if name not in draft.body or not draft.changed(parse(name)):
            return []
        reason = formats.TEXTS[rule.kind](value)
        return [Problem(name, INVALID, reason)] if reason else []

    def _not_both(self, draft: Draft, rule: Rule) -> list[Problem]:
        if all(draft.intended.get(name) for name in rule.spec["not_both"]):
            return [Problem("nonFieldErrors", rule.spec["code"], rule.spec["reason"])]
        return []

    def _exactly_one(self, draft: Draft, rule: Rule) -> list[Problem]:
        names = rule.spec["exactly_one"]
        sent = [name for name in names if draft.body.get(name) is not None]
        if len(sent) > 1:
            return [Problem("nonFieldErrors", INVALID, rule.spec["both"])]
        if not sent and not draft.partial:
            return [Problem("nonFieldErrors", INVALID, rule.spec["none"])]
        return []

    def _stamp(self, draft: Draft, rule: Rule) -> list[Problem]:
        name = rule.spec["stamp"]
        if filled(draft.body.get(name)) and not stamped(draft.intended, rule):
            return [Problem(name, INVALID, rule.spec["reason"])]
        return []

    def _fits(self, draft: Draft, rule: Rule) -> list[Problem]:
        per, value = (get(draft.intended, parse(rule.spec[each])) for each in ("per", "fits"))
        words = rule.spec["words"].get(per)
        if words is None or value in words or not filled(value):
            return []
        last = rule.spec["per"].rpartition(".")[2]
        reason = f"voor `{last}` {per} zijn alleen deze waarden toegestaan: {words}"
        return [Problem(rule.spec["name"], INVALID, reason)]

    def _number(self, draft: Draft, rule: Rule) -> list[Problem]:
        value = get(draft.intended, parse(rule.spec["number"]))
        form = rule.spec["words"].get(get(draft.intended, parse(rule.spec["per"])))
        if form is None or not isinstance(value, str) or not value:
            return []
        reason = formats.number(value, form["length"], form.get("eleven_test", ""))
        return [Problem(rule.spec["name"], INVALID, reason)] if reason else []

    def _reference(self, draft: Draft, rule: Rule) -> list[Problem]:
        name = rule.spec["reference"]
        link = draft.intended.get(name)
        if not self._holds(draft, rule):
            return []
        if link is None:
            return [Problem(name, INVALID, rule.spec["required"])]
        values = draft.earlier.get(link["uuid"])
        if values is None:
            target = self.repository.one(draft.resource.members[name].to, link["uuid"])
            values = target.values if target is not None else {}
        wanted = rule.spec["must_be"].items()
        if any(get(values, parse(path)) != value for path, value in wanted):
            return [Problem(name, INVALID, rule.spec["other"])]
        return []

    def _needs(self, draft: Draft, rule: Rule) -> list[Problem]:
        name = rule.spec["needs"]
        asked = any(draft.changed(parse(each)) for each in (name, *rule.spec["if"]))
        if asked and self._holds(draft, rule) and draft.intended.get(name) is None:
            return [Problem(rule.spec["name"], INVALID, rule.spec["reason"])]
        return []

    def _kept_while_named(self, draft: Draft, rule: Rule) -> list[Problem]:
        if draft.before is None or draft.nested:
            return []
        if self.repository.related(draft.resource.name, rule.spec["by"], [draft.uuid]):
            return [Problem(rule.spec["name"], INVALID, rule.spec["reason"])]
        return []

    def own(self, draft: Draft) -> list[Problem]:
        """What is wrong with a uuid that a body gives the resource: it has no other than its own."""
        names = [rule for rule in draft.resource.rules if rule.kind == "own" and not draft.nested]
        sent = [(rule, draft.body[rule.spec["own"]]) for rule in names if rule.spec["own"] in draft.body]
        return [
            Problem(rule.spec["own"], "unique", rule.spec["reason"])
            for rule, uuid in sent
            if draft.before is None or uuid != draft.uuid
        ]

    def _not_itself(self, draft: Draft, rule: Rule) -> list[Problem]:
        name = rule.spec["not_itself"]
        link: Any = draft.intended.get(name)
        if is_link(link) and link["uuid"] == draft.uuid:
            return [Problem(name, INVALID, rule.spec["reason"])]
        return []

    def _different(self, draft: Draft, rule: Rule) -> list[Problem]:
        values: list[Any] = [get(draft.intended, parse(name)) for name in rule.spec["different"]]
        uuids = [value["uuid"] for value in values if is_link(value)]
        if len(set(uuids)) < len(uuids):
            return [Problem(rule.spec["name"], INVALID, rule.spec["reason"])]
        return []


def _as_served(draft: Draft, rule: Rule) -> bool:
    """Whether a rule about the identity of a resource concerns only what an old record says already."""
    if rule.kind not in _IDENTITY:
        return False
    own = rule.spec[rule.kind]
    if rule.kind == "reference" and draft.intended.get(own) is not None:
        # its target may have become another kind
        return False
    names = (own, rule.spec.get("per", own), *(rule.spec.get("if") or ()))
    return not any(draft.changed(parse(name)) for name in names)
