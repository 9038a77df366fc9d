"""The register's side as a whole: what it requires is written, and nothing of it is forgotten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapter.mapping import schemas
from adapter.mapping.homes import filled_at
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, Record, View, illegal
from adapter.mapping.schemas import facts
from adapter.mapping.source import NodePath

_OWN = ("url",)


def coverage(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong with `fill` and `untouched`, and what the homes leave unmentioned."""
    for name, home in view.homes.items():
        here = ("homes", name)
        record = ground.record(home)
        if "inside" in home:
            for part in ("fill", "untouched"):
                if part in home:
                    yield Problem((*here, part), f"{part} is for a home that is a record of its own")
            yield from _untouched_by(ground, record, home, here)
        elif record is not None:
            yield from _lists(record, home, here)
            for text, value in (home.get("fill") or {}).items():
                yield from _fill(record, text, value, (*here, "fill", text))
                if record.name in ground.gathered:
                    told = f"what is gathered makes {record.name}, and fills {text} itself; leave it out here"
                    yield Problem((*here, "fill", text), told)
            if "read_only" not in home:
                yield from _required(ground, view, record, home, here)
                others = {text for each in _inside(ground, view, name) for text in written(each)}
                yield from _unmentioned(ground, record, home, others, here)


def _lists(record: Record, home: Content, here: NodePath) -> Iterator[Problem]:
    used = written(home)
    for number, name in enumerate(home.get("untouched", ())):
        path = (*here, "untouched", number)
        if name not in record.names():
            yield Problem(path, f"{record.name} has no {name}{way_out(name, record.names())}")
        elif name in used:
            yield Problem(path, f"{name} is written by this home, so it is not untouched")


def written(home: Content) -> set[str]:
    """The register's members that a home reads or writes."""
    found = {text.partition(".")[0] for part in ("fill", "filler") for text in home.get(part) or {}}
    found |= {text.partition(".")[0] for text in (home.get("made_of") or {}).get("fields") or {}}
    found |= {
        target.partition(".")[0] for target, spec in (home.get("tells") or {}).items() if "legacy" not in spec
    }
    places = [home["each"]] if "each" in home else [*filled_at(home), *home.get("if", ())]
    created = home.get("created")
    places += [created] if isinstance(created, str) else []
    found |= {text.partition(".")[0] for text in places}
    for spec in _lines(home):
        line = {"at": spec} if isinstance(spec, str) else spec
        names = [line.get("at", line.get("told", "")), *line.get("else_at", ()), *line.get("joined", ())]
        if "each" not in home:
            found |= {text.partition(".")[0] for text in names if text}
    return found


def _lines(home: Content) -> Iterator[str | Content]:
    yield from (home.get("fields") or {}).values()
    for groups in (home.get("by") or {}).values():
        for group in groups.values():
            if set(group) != {"same_as"}:
                yield from group.values()


def _untouched_by(ground: Ground, record: Record | None, home: Content, here: NodePath) -> Iterator[Problem]:
    owner = ground.home(home["inside"]) or {}
    used = written(home) & set(record.names() if record else ())
    for name in sorted(used & set(owner.get("untouched", ()))):
        text = f"{name} is used here and untouched in {home['inside']}; leave it out there"
        yield Problem(here, text)


def _inside(ground: Ground, view: View, name: str) -> Iterator[Content]:
    """The homes inside the record of a home."""
    for other in ground.views.values():
        yield from (each for each in other.homes.values() if each.get("inside") == f"{view.name}.{name}")


def _fill(record: Record, text: str, value: object, here: NodePath) -> Iterator[Problem]:
    try:
        found = record.at(text)
    except Nowhere as nowhere:
        yield Problem(here, str(nowhere))
        return
    kind = facts(found).kind
    if isinstance(value, Mapping) and "setting" not in value:
        if kind not in ("group", "any"):
            yield Problem(here, f"{text}: a {kind} is wanted here, not a group")
            return
        for name, each in value.items():
            yield from _fill(record, f"{text}.{name}", each, (*here, name))
        return
    if isinstance(value, list):
        why = "" if kind in ("list", "any") else f"a {kind} is wanted here, not a list"
    else:
        why = illegal(value, facts(found))
    if why:
        yield Problem(here, f"{text}: {why}")


def _required(ground: Ground, view: View, record: Record, home: Content, here: NodePath) -> Iterator[Problem]:
    if record.name in ground.gathered:
        return  # nothing is made here
    certain = {text.partition(".")[0] for text in home.get("fill") or {}}
    certain |= {text.partition(".")[0] for text in (home.get("made_of") or {}).get("fields") or {}}
    certain |= {target for target, spec in (home.get("tells") or {}).items() if "legacy" not in spec}
    perhaps = {}
    for served, spec in (home.get("fields") or {}).items():
        line = {"at": spec} if isinstance(spec, str) else spec
        if "at" in line and (line.get("fill") or _always(ground, view, home, served)):
            certain.add(line["at"])
        elif "at" in line:
            perhaps[line["at"]] = served
    for name in schemas.required(record.document, record.schema):
        if name in certain or name in _OWN or record.document.merged(record.names()[name]).get("readOnly"):
            continue
        if name in perhaps:
            text = f"{name} is required and {perhaps[name]} may be empty; say with fill what is written then"
            yield Problem((*here, "fields", perhaps[name]), text)
        else:
            yield Problem(here, f"{name} of {record.name} is required; pair it or fill it")


def _always(ground: Ground, view: View, home: Content, served: str) -> bool:
    """Whether a new resource in this home surely has a value there."""
    if (home.get("takes") or {}).get(served) is not None:
        return True
    member = view.members.get(served, {})
    if member.get("absent") not in (None, "left_out"):
        return True
    return served in schemas.required(ground.served, ground.schema(view))


def _unmentioned(
    ground: Ground, record: Record, home: Content, others: set[str], here: NodePath
) -> Iterator[Problem]:
    known = written(home) | others | set(home.get("untouched", ()))
    known |= set(schemas.required(record.document, record.schema)) | _inline(ground, home)
    for name in record.names():
        if name in known or name in _OWN:
            continue
        ways = "pair it, fill it, or list it under untouched"
        text = f"{name} of {record.name} is not mentioned; {ways}"
        yield Problem(here, text)


def _inline(ground: Ground, home: Content) -> set[str]:
    """The members in which records of other collections come along."""
    register, _, collection = home.get("record", "").partition("/")
    offers = ground.registers.get("registers", {}).get(register, {}).get("collections") or {}
    return set((offers.get(collection) or {}).get("inline") or {})
