"""The rules of a mapping over a record as a whole: what the specification cannot say about a write."""

from __future__ import annotations

from collections.abc import Collection
from typing import assert_never

from adapter.engine.entities.draft import Draft
from adapter.engine.read.repository import Repository
from adapter.errors import Problem
from adapter.mapping.constructs.rules import (
    Different,
    ExactlyOne,
    Fits,
    KeptWhileNamed,
    Listed,
    Needs,
    NotBoth,
    NotItself,
    Number,
    OnlyOne,
    Own,
    RequiredReference,
    Stamp,
    TextForm,
    UniqueTogether,
)
from adapter.mapping.paths import meets

INVALID = "invalid"


def texts(repository: Repository, draft: Draft, wrong: Collection[str] = ()) -> list[Problem]:
    """What is wrong with single texts, each told whatever else is wrong: their form, then those on no list.

    A form that hangs on a member with something `wrong` is not known. No list is read that the write does not
    need. Raises RegisterError when one could never be read.
    """
    rules, lists = draft.resource.rules, repository.deployment.lists
    found = [each for rule in rules if isinstance(rule, TextForm) for each in rule.broken(draft, wrong)]
    for rule in rules:
        if lists is not None and isinstance(rule, Listed) and rule.concerns(draft, wrong):
            found += rule.broken(draft, lists.codes(rule.table))
    return found


def broken_of(kind: type[Own | NotItself], draft: Draft) -> list[Problem]:
    """What breaks the rules of a kind, all of them.

    Own: a body gives the resource a uuid, and it has no other than its own. NotItself is told together with
    what must be unique.
    """
    rules = (each for each in draft.resource.rules if isinstance(each, kind))
    return [problem for rule in rules for problem in rule.broken(draft)]


def broken(repository: Repository, draft: Draft) -> list[Problem]:
    """What breaks the first of the rules that is broken: no other is looked at, as in the reference."""
    for rule in draft.resource.rules:
        found: list[Problem] = []
        match rule:
            case NotBoth() | ExactlyOne() | Stamp() | Fits() | Number() | Needs() | Different():
                found = rule.broken(draft)
            case RequiredReference():
                found = _reference(repository, draft, rule)
            case KeptWhileNamed():
                found = _kept_while_named(repository, draft, rule)
            case TextForm() | Listed() | Own() | NotItself() | UniqueTogether() | OnlyOne():
                pass  # looked at in a turn of their own
            case _:
                assert_never(rule)
        if found:
            return found
    return []


def _kept_while_named(repository: Repository, draft: Draft, rule: KeptWhileNamed) -> list[Problem]:
    named = rule.concerns(draft) and repository.related(draft.resource.name, rule.by, [draft.uuid])
    return [Problem(rule.name, INVALID, rule.reason)] if named else []


def _reference(repository: Repository, draft: Draft, rule: RequiredReference) -> list[Problem]:
    if not rule.concerns(draft):
        return []
    link = draft.intended.get(rule.member)
    if link is None:
        return [Problem(rule.member, INVALID, rule.required)]
    values = draft.earlier.get(link["uuid"])
    if values is None:
        target = repository.one(draft.resource.members[rule.member].to, link["uuid"])
        values = target.values if target is not None else {}
    return [] if meets(values, rule.target) else [Problem(rule.member, INVALID, rule.other)]
