"""Recognise the record that a step made, when the answer to the POST was lost.

A step says by `asked` how its record is searched for (pairs of parameter and text), where the search
parameters of its collection do not say so. Its record is then one that holds all that was sent, to which
nothing belongs yet, and which has no object of its own: `beside` is (namespace, start of a name, register),
where with the uuid of a record a uuid of version 5 follows, that of its object in that register.
"""

from __future__ import annotations

import json
import uuid as uuids
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adapter.engine.deployment import Deployment
from adapter.engine.entities.identity import uuid_in
from adapter.engine.entities.stored_object import OBJECTS, Record
from adapter.engine.gateway import answers
from adapter.mapping.model import Place
from adapter.openapi.formats import instant
from adapter.state.fences import CONTENTS
from adapter.state.journal import OpenWrite, Step

PAGES = 50


def recognise(deployment: Deployment, write: OpenWrite, step: Step) -> str | None:
    """The uuid of the record that a step made, if it did: one that no other write accounts for.

    The register is asked by the first of its search parameters that the record has a value for; for a
    companion, by all of them. Whoever makes a record of the same content has accounted for it before the
    lock is free.
    """
    with deployment.state.locks.hold(CONTENTS, [content_key(step)]):
        candidates = [uuid_in(row["url"]) for row in _alike(deployment, step) if _may_be_of(step, row)]
        others = deployment.state.journal.accounted(candidates, but=write) if candidates else set()
        others |= _served_otherwise(deployment, step, candidates)
        found = (each for each in candidates if each not in others)
        return next((each for each in found if not _has_object(deployment, step, each)), None)


def _served_otherwise(deployment: Deployment, step: Step, candidates: Iterable[str]) -> set[str]:
    """Those that have an alias, which stays when their write is forgotten: it is not that of this step."""
    aliases = deployment.aliases
    if aliases is None or not aliases.there_are_any():
        return set()
    return {each for each in candidates if each != step.get("served") and aliases.collection(each)}


def content_key(step: Step) -> str:
    """The name of the lock under which a record of this content is made and looked for."""
    plain = {name: value for name, value in step["sent"].items() if _plain(value)}
    return f"{step['register']}/{step['path']} {json.dumps(plain, sort_keys=True)}"


def _may_be_of(step: Step, row: Record) -> bool:
    sent = step["sent"]
    if "asked" not in step:
        return all(same(value, row.get(name)) for name, value in sent.items() if _plain(value))
    bare = all(not value for name, value in row.items() if isinstance(value, list) and name not in sent)
    return bare and holds(sent, {name: as_written(value) for name, value in row.items()})


def _has_object(deployment: Deployment, step: Step, uuid: str) -> bool:
    if "beside" not in step:
        return False
    namespace, start, *named = step["beside"]
    register = named[0] if named else OBJECTS
    own = uuids.uuid5(uuids.UUID(namespace), f"{start}{uuid}")
    answer = deployment.registers[register].call("GET", f"{OBJECTS}/{own}")
    if answer.status == 404:
        return False
    answers.record(answer, register)
    return True


def _alike(deployment: Deployment, step: Step) -> Iterator[Record]:
    place, params = Place(step["register"], step["path"]), _params(deployment, step)
    for number in range(1, PAGES + 1):
        asked = params if number == 1 else [*params, ("page", str(number))]
        answer = deployment.registers[place.register].call("GET", place.collection, params=asked)
        if answer.status == 404 and number > 1:  # past the last page
            return
        rows, more = answers.companions(answer, place.register)
        yield from rows
        if not more:
            return


def _params(deployment: Deployment, step: Step) -> list[tuple[str, str]]:
    if "asked" in step:
        return [(name, text) for name, text in step["asked"]]
    search = deployment.mappings.collections[Place(step["register"], step["path"])].search
    sent = step["sent"]
    members = [name for name in search if isinstance(sent.get(name), str) and sent[name]]
    return [(search[name], sent[name]) for name in (members if step.get("companion") else members[:1])]


def as_written(value: Any) -> Any:
    """A value as it is written: of a reference, the uuid alone."""
    if isinstance(value, Mapping):
        if {"uuid", "url"} <= set(value):
            return {"uuid": value["uuid"]}
        return {name: as_written(each) for name, each in value.items()}
    return [as_written(each) for each in value] if isinstance(value, list) else value


def holds(sent: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether a record holds everything that was sent."""
    return all(
        holds(value, now[name])
        if isinstance(value, Mapping) and isinstance(now.get(name), Mapping)
        else same(value, now.get(name))
        for name, value in sent.items()
    )


def same(one: Any, other: Any) -> bool:
    """Whether two values of a member are the same but for the way in which registers write them."""
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip() or (len(one) > 10 and instant(one) == instant(other) is not None)
    return one == other or (one in ("", None) and other in ("", None))


def _plain(value: Any) -> bool:
    return not isinstance(value, Mapping | list)
