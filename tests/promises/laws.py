"""What a mapping promises, as laws of a bench."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.mapping.model import Home
from adapter.openapi.document import Schema

from tests.promises.bench import Bench
from tests.promises.served import DOCUMENT, FOLLOWS, differences, leaks
from tests.served_contract import RECORDED_NULLS

JSON = dict[str, Any]
# Of two ways to say the same only one may be sent.
DOUBLE = {"internetaken": "toegewezenAanActor"}
ACTOR = "actor"


def written(bench: Bench, resource: str, first: JSON, second: JSON, some: JSON) -> None:
    """Bodies are read back as they were written: by POST, by PUT over it, and some members of it by PATCH."""
    body = bench.named(first)
    made = bench.send("POST", resource, body)
    if made is None:
        return
    if DOCUMENT.operation("put", f"/{resource}/{{uuid}}") is None:
        composed(resource, body, made)
        return
    kept(resource, body, made)
    lost = list(leaks(body, made))
    assert not lost, (lost, body)
    path = f"{resource}/{made['uuid']}"
    assert bench.served.get(path) == made
    undisturbed(bench, resource, made)
    body = bench.named(second)
    if bench.send("PUT", path, body) is not None:
        made = bench.served.get(path)
        kept(resource, body, made)
        undisturbed(bench, resource, made)
    changed(bench, resource, made, bench.named(some))


def kept(resource: str, body: JSON, read: JSON) -> None:
    """What was sent is read."""
    lost = list(differences(_schema(resource), body, read))
    assert not lost, (lost, body)


def composed(resource: str, body: JSON, made: JSON) -> None:
    """What was sent of each part is read in that part."""
    for name, schema in DOCUMENT.properties(_schema(resource)).items():
        if body.get(name):
            lost = list(differences(schema, body[name], made[name]))
            assert not lost, (name, lost, body)


def changed(bench: Bench, resource: str, before: JSON, some: JSON) -> bool:
    """A PATCH changes what it says, and nothing else; whether it was taken."""
    path = f"{resource}/{before['uuid']}"
    who = _who(bench, before)
    if bench.send("PATCH", path, some) is None:
        assert bench.served.get(path) == before
        return False
    after = bench.served.get(path)
    kept(resource, some, after)
    follows = set(some).union(*(FOLLOWS.get(name, ()) for name in some), bench.follows(before, some))
    follows |= set(_stamped(bench, resource, before))
    if before.get(ACTOR) != after.get(ACTOR):
        # Whom an old record alone names becomes an actor by itself with a link that leaves that record.
        assert _who(bench, after) == who or ACTOR in follows, (some, before, after)
        follows.add(ACTOR)
    moved = [name for name in before if name not in follows and before[name] != after.get(name)]
    assert not moved, (moved, some, before, after)
    return True


def _who(bench: Bench, link: JSON) -> JSON | None:
    """The actor that a resource refers to, without its address."""
    if not link.get(ACTOR):
        return None
    found = bench.served.get(f"actoren/{link[ACTOR]['uuid']}")
    return {name: value for name, value in found.items() if name not in {"uuid", "url"}}


def _stamped(bench: Bench, resource: str, before: JSON) -> Iterator[str]:
    """The moments that the next write sets, for an old client reached their state and left them out."""
    for stamp in bench.mappings.resources[resource].stamps:
        if stamp.holds(before) and before[stamp.member] is None:
            yield stamp.member


def undisturbed(bench: Bench, resource: str, read: JSON) -> None:
    """What was read and is sent back writes nothing, and is answered the same."""
    path, body = f"{resource}/{read['uuid']}", {**read}
    body.pop(DOUBLE.get(resource), None)
    body = {name: value for name, value in body.items() if value is not None or name not in RECORDED_NULLS}
    for name, member in bench.mappings.resources[resource].members.items():
        if member.one_of and body[name] not in [None, *body[member.one_of]]:
            # as in Open Klant it stays when what it names is no longer one of them, and is not taken again
            del body[name]
    for method in ("PUT", "PATCH"):
        with bench.deployment.writes() as writes:
            answer = bench.served.call(method, path, json=body)
        assert writes == [], (method, writes, read)
        if answer.status_code == 403:
            return
        assert answer.status_code == 200, (method, read, answer.text)
        assert answer.json() == read, (method, read)


def older(bench: Bench, home: Home, content: JSON, some: Mapping[str, JSON]) -> None:
    """A record of an old client reads as valid resources, and survives what is done to them."""
    record = bench.record(home, bench.named(content, "url"))
    if record is None:
        return
    before = bench.registers()
    for resource in bench.served_from(home):
        for each in bench.unseen(resource):
            path = f"{resource}/{each['uuid']}"
            read = bench.served.get(path)
            assert read == {name: value for name, value in each.items() if name != "_expand"}, path
            bench.reachable(read)
            undisturbed(bench, resource, read)
    assert bench.registers() == before
    for resource in bench.served_from(home):
        for each in bench.unseen(resource):
            if each["uuid"] in {it["uuid"] for it in bench.unseen(resource)}:
                changed(
                    bench,
                    resource,
                    bench.served.get(f"{resource}/{each['uuid']}"),
                    bench.named(some[resource]),
                )
    survived(bench, home, record)


def survived(bench: Bench, home: Home, record: JSON) -> None:
    """What the API has no word for is what it was."""
    now = bench.stored(home, record)
    lost = [name for name in bench.untouched(home) if record.get(name) != now.get(name)]
    assert not lost, (lost, record, now)


def _schema(resource: str) -> Schema:
    operation = DOCUMENT.operation("post", f"/{resource}")
    assert operation is not None
    assert operation.body is not None
    return operation.body
