"""The steps of a write as the journal keeps them: what each sends, and what takes it back.

A step is plain data: `do` says its kind, `register` and `path` where it writes. `sure` is set when the
register has answered; until then it may have done the step, or may yet. `made` is the uuid of a record that
it made.

make    POST a record or object; taken back by deleting it.
change  PATCH `sent` into a record; taken back by writing `former` where nobody wrote since: member by
        member, or, with `whole`, groups as a whole.
put     PUT data `sent` into an object; taken back in the same way.
drop    DELETE what can be made again from `former`.
delete  DELETE for good.

A step with `ahead` is one that will be sent later, and certainly has not been yet.

`remember` holds what is kept for an idempotency key when the write is finished, `tell` the messages that then
go into the outbox.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from adapter.engine.deployment import Deployment
from adapter.engine.entities.clock import today
from adapter.engine.entities.identity import uuid_in
from adapter.engine.entities.stored_object import OBJECTS, OF_OBJECTS, Record
from adapter.engine.gateway import answers
from adapter.engine.transaction.recognising import as_written, recognise, same
from adapter.errors import RegisterAnswer, RegisterUnavailable
from adapter.mapping.kinds import are_records
from adapter.mapping.model import Place
from adapter.notifications.messages import CREATE, DESTROY, PARTIAL_UPDATE, UPDATE
from adapter.registers.messages import Answer
from adapter.registers.wrong import wrong_members
from adapter.state.journal import CONTENTS, SEALED, OpenWrite, Step

MAKE, CHANGE, PUT, DROP, DELETE = "make", "change", "put", "drop", "delete"
REMEMBER, TELL, AHEAD = "remember", "tell", "ahead"
# How a register tells of what is done with a method.
ACTIONS = {"POST": CREATE, "PUT": UPDATE, "PATCH": PARTIAL_UPDATE, "DELETE": DESTROY}


class Refused(RegisterAnswer):
    """A register refuses a write: the status, and the names and codes of what it does not take."""

    def __init__(self, register: str, status: int, names: dict[str, str]) -> None:
        super().__init__(register)
        self.status, self.names = status, names


def step_of(do: str, register: str, path: str, **more: Any) -> Step:
    """A step that is about to be sent."""
    return {"do": do, "register": register, "path": path, "sure": False, "at": time.time(), **more}


def deleting(register: str, path: str) -> Step:
    """A step that deletes for good."""
    return {"do": DELETE, "register": register, "path": path}


def send(deployment: Deployment, register: str, method: str, path: str, content: Any = None) -> Any:
    """A call that writes; the record as the register answers it, None for a delete. Raises Refused."""
    place = (register, path.partition("/")[0])
    if place in deployment.heard:
        answer = _noted(deployment, register, method, path, content)
    else:
        answer = deployment.registers[register].call(method, path, json=content)
    if 400 <= answer.status < 500:
        if answer.status in (401, 403):
            raise RegisterAnswer(register)
        raise Refused(register, answer.status, wrong_members(answer.body, content or {}))
    if method == "DELETE":
        return answers.nothing(answer, register)
    found = deployment.mappings.collections.get(Place(*place))
    return answers.record(answer, register, found.fits if found else are_records)


def _noted(deployment: Deployment, register: str, method: str, path: str, content: Any) -> Answer:
    """The answer to a call that writes what its register tells of: that it was done here is noted.

    What was asked of a record that is known may have been done without an answer; noting it does no harm.
    """
    record = f"{register}/{path}" if method != "POST" else ""
    try:
        answer = deployment.registers[register].call(method, path, json=content)
        if answer.status >= 400:
            return answer
        if method == "POST" and isinstance(answer.body, Mapping) and answer.body.get("url"):
            record = f"{register}/{path}/{uuid_in(answer.body['url'])}"
    except RegisterUnavailable:
        if record:
            deployment.state.inbox.wrote(record, ACTIONS[method])
        raise
    if record:
        deployment.state.inbox.wrote(record, ACTIONS[method])
    return answer


def delete(deployment: Deployment, register: str, path: str) -> bool:
    """DELETE something; whether it was there."""
    try:
        send(deployment, register, "DELETE", path)
    except Refused as refused:
        if refused.status != 404:
            raise
        return False
    return True


def read(deployment: Deployment, register: str, path: str) -> Record | None:
    """A record or object as it is now; None when there is none."""
    answer = deployment.registers[register].call("GET", path)
    if answer.status == 404:
        return None
    return answers.record(answer, register)


def record_of(deployment: Deployment, object_type: str, data: Record) -> Record:
    """The body by which the Objects API takes the data of an object."""
    kind = deployment.types[object_type]
    return {"type": kind.url, "record": {"typeVersion": kind.version, "startAt": today(), "data": data}}


def take_back(deployment: Deployment, write: OpenWrite, step: Step) -> bool:
    """Take back one step; whether that is certain: False when the register may still be about to do it.

    Safe to repeat. What somebody else wrote since stays.
    """
    if step.get(SEALED) and not CONTENTS & step.keys():
        # The process that knew what was sent is gone; what is sealed elsewhere is known there.
        uuid = step["made"] if step["do"] == MAKE else step["path"].partition("/")[2]
        gathers = deployment.gathers
        return gathers is None or gathers.settled(step["do"] == MAKE, uuid) or bool(step["sure"])
    kinds = {MAKE: _unmake, CHANGE: _unchange, PUT: _unput, DROP: _undrop}
    return kinds[step["do"]](deployment, write, step) or bool(step["sure"])


def _unmake(deployment: Deployment, write: OpenWrite, step: Step) -> bool:
    register, collection = step["register"], step["path"]
    if _stay(deployment, Place(register, collection)):
        # Whether it was made or not: a record that stands alone there does no harm, and is found again.
        return True
    made = step["made"] or recognise(deployment, write, step)
    if made is None:
        return False
    path = f"{collection}/{made}"
    if register in OF_OBJECTS and not step["sure"]:
        found = read(deployment, register, path)
        if found is None or found["record"]["data"] != step["sent"]:
            return False  # not there, or not by this write
    return delete(deployment, register, path)


def _stay(deployment: Deployment, place: Place) -> bool:
    """Whether the register deletes no records of a collection."""
    homes = (home for resource in deployment.mappings.resources.values() for home in resource.homes.values())
    return any(home.stays for home in homes if home.place == place)


def _unchange(deployment: Deployment, _write: OpenWrite, step: Step) -> bool:
    record = read(deployment, step["register"], step["path"])
    if record is None:
        return True
    restored = _whole if step.get("whole") else _restored
    back = restored(step["sent"], step["former"], record)
    if back:
        send(deployment, step["register"], "PATCH", step["path"], back)
    blank = _restored(step["sent"], step.get("blank") or {}, record)
    if blank:
        # what was not there before; a register that leaves blanks out takes none
        with suppress(Refused):
            send(deployment, step["register"], "PATCH", step["path"], blank)
    return bool(back or blank)


def _unput(deployment: Deployment, _write: OpenWrite, step: Step) -> bool:
    found = read(deployment, step["register"], step["path"])
    if found is None:
        return True
    data, sent, former = found["record"]["data"], step["sent"], step["former"]
    ours = {name for name in {*sent, *former} if sent.get(name) != former.get(name)}
    back = {name for name in ours if data.get(name) == sent.get(name)}
    if not back:
        return False
    kept = {name: value for name, value in data.items() if name not in back}
    restored = {**kept, **{name: former[name] for name in back if name in former}}
    send(deployment, step["register"], "PUT", step["path"], record_of(deployment, step["type"], restored))
    return True


def _undrop(deployment: Deployment, write: OpenWrite, step: Step) -> bool:
    register, collection = step["register"], step["path"].partition("/")[0]
    if register == OBJECTS:
        if read(deployment, OBJECTS, step["path"]) is not None:
            return False
        content = {
            **record_of(deployment, step["type"], step["former"]),
            "uuid": step["path"].partition("/")[2],
        }
        send(deployment, OBJECTS, "POST", OBJECTS, content)
        return True
    if (
        recognise(deployment, write, {**step, "path": collection, "sent": step["former"], "companion": True})
        is not None
    ):
        return False
    send(deployment, register, "POST", collection, step["former"])
    return True


def _restored(sent: Mapping[str, Any], former: Mapping[str, Any], now: Mapping[str, Any]) -> Record:
    """The members of `former`, deep, where `now` still holds what was sent."""
    found: Record = {}
    for name, value in sent.items():
        if isinstance(value, Mapping) and isinstance(former.get(name), Mapping):
            inner = now.get(name)
            below = _restored(value, former[name], inner if isinstance(inner, Mapping) else {})
            if below:
                found[name] = below
        elif name in former and same(value, now.get(name)) and not same(former[name], now.get(name)):
            found[name] = former[name]
    return found


def _whole(sent: Mapping[str, Any], former: Mapping[str, Any], now: Mapping[str, Any]) -> Record:
    """The members of `former`, each as a whole, where `now` still holds all that was changed of it.

    A member of a group that was sent as it was may read otherwise since: a register derives some from others.
    """
    held = {name: as_written(value) for name, value in now.items()}
    back = {name: former[name] for name in sent if _is_held(sent[name], former[name], held.get(name))}
    # what stayed goes along: it may say what kind of group the others are
    return back if any(not same(value, held.get(name)) for name, value in back.items()) else {}


def _is_held(sent: Any, former: Any, now: Any) -> bool:
    if all(isinstance(each, Mapping) for each in (sent, former, now)):
        return all(_is_held(value, former.get(name), now.get(name)) for name, value in sent.items())
    return same(sent, former) or same(sent, now)


def earlier(former: Mapping[str, Any], step: Step) -> Record:
    """What stood there before `step`, where `former` still has what that wrote."""
    return _unwritten(former, step["sent"], step["former"], deep=step["do"] == CHANGE)


def _unwritten(
    now: Mapping[str, Any], sent: Mapping[str, Any], before: Mapping[str, Any], *, deep: bool
) -> Record:
    found = dict(now)
    for name in {*sent} if deep else {*sent, *before}:
        value, was = sent.get(name), before.get(name)
        if deep and all(isinstance(each, Mapping) for each in (value, was, found.get(name))):
            found[name] = _unwritten(found[name], sent[name], before[name], deep=True)
        elif same(found.get(name), value):
            found.pop(name, None)
            if name in before:
                found[name] = was
    return found
