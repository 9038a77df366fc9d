"""The writes of the fault table, made of the mappings: every kind of write of every resource that there is.

Bodies come from the examples in the mappings and from the served specification; what they refer to is made
first. A write is known by the register writes that a first run of it is seen to make: of those that are alike
one is kept.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapter.dialects import SHIPPED
from adapter.mapping.examples.written import example
from adapter.mapping.load import read_dialect
from adapter.mapping.model import Mappings, Member, Resource
from adapter.shipped import served_document, shipped_mappings

from tests import bodies
from tests.contract.believable import SEEDS, Made, believable
from tests.faults.site import DOWN, Site

JSON = dict[str, Any]
REPAIRS = 4
OTHER_TEXT = "anders"
BASE = ("url", "uuid")


@dataclass(frozen=True)
class Write:
    """One request that writes, and the register calls that it was seen to make."""

    name: str
    method: str
    path: str
    body: JSON | None
    calls: tuple[tuple[bool, str], ...] = field(default=(), compare=False)

    @property
    def writes(self) -> tuple[str, ...]:
        """The register calls that write."""
        return tuple(what for write, what in self.calls if write)

    @property
    def reads(self) -> int:
        """How many register calls read."""
        return sum(not write for write, _ in self.calls)


class Town:
    """Registers with something of everything in them, from old clients and new ones."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.mappings: Mappings = shipped_mappings(site.dialect)
        self.files = read_dialect(SHIPPED, site.dialect).files
        self.made = Made()
        self._fill()
        self.kept = site.kept()
        self.before = site.contents()

    def _fill(self) -> None:
        served, old = self.site.served, self.site.old

        def create(collection: str, body: JSON) -> Any:
            answer = served.call("POST", collection, json=body)
            return answer.json() if answer.status_code == 201 else None

        # Twice: of everything there is another to refer to.
        self.made.seed(create)
        self.made.seed(create)
        for name in self.mappings.resources:
            for _, body in self.new(name):
                self.made.note(name, self.sent("POST", name, body)[1])
        klant = old.klant(emailadres="oud@example.nl", telefoonnummer="0201234567")
        moment = old.moment()
        old.link(moment, klant)
        old.about(moment, bodies.ZAAK)
        caller = {"digitaleAdressen": [{"adres": "bel@example.nl"}], "klant": klant["url"]}
        old.taak(moment, betrokkene=caller)
        old.taak(old.moment())

    # sending

    def sent(self, method: str, path: str, body: JSON | None) -> tuple[JSON | None, Any]:
        """(the body that was taken, the answer) of a request without the members that are complained of."""
        for _ in range(REPAIRS):
            answer = self.site.served.call(method, path, json=body)
            if answer.status_code in DOWN:
                continue
            if answer.status_code < 300:
                return body, answer.json() if answer.content else {}
            if answer.status_code != 400 or not body:
                break
            wrong = {each["name"].partition(".")[0] for each in answer.json().get("invalidParams", [])}
            body = {name: value for name, value in body.items() if name not in wrong}
        return None, None

    # bodies

    def new(self, name: str) -> Iterator[tuple[str, JSON]]:
        """Bodies to make a resource of, each with the name of where it comes from."""
        resource = self.mappings.resources[name]
        for node in self.files[name].get("examples") or ():
            each = example(node, next(iter(resource.homes)))
            if each.write is not None and each.before is None:
                yield each.name, self._body(resource, each.write)
        yield "required", self._body(resource, {})
        yield "everything", self._body(resource, self._everything(resource))

    def _body(self, resource: Resource, named: Mapping[str, Any]) -> JSON:
        """A body with these members, and whatever else is required."""
        schema = served_document().merged(served_document().operation("post", f"/{resource.name}").body)
        body: JSON = {**SEEDS.get(resource.name, {}), **named}
        properties = _properties(resource)
        for name in schema.get("required", ()):
            if name not in body:
                body[name] = self._value(resource, name, properties[name])
        for name, member in resource.members.items():
            if member.to and body.get(name):
                body[name] = self._reference(member)
        believable(body, self.made)
        return copy.deepcopy(body)

    def _everything(self, resource: Resource) -> JSON:
        """Every member that a client may send, with some value."""
        return {
            name: self._value(resource, name, each)
            for name, each in _properties(resource).items()
            if name not in BASE and not served_document().merged(each).get("readOnly")
        }

    def _value(self, resource: Resource, name: str, schema: Mapping[str, Any]) -> Any:
        member = resource.members.get(name)
        if member is not None and member.to:
            return self._reference(member)
        schema = served_document().merged(schema)
        if name in resource.relations or schema.get("type") == "array":
            return []
        if schema.get("type") == "object" or "properties" in schema:
            inner = served_document().properties(schema)
            return {each: self._value(resource, "", inner[each]) for each in inner if inner[each]}
        if schema.get("enum"):
            return schema["enum"][0]
        kinds = {"boolean": True, "integer": 1, "string": "tekst"}
        return None if schema.get("format") else kinds.get(schema.get("type", ""))

    def _reference(self, member: Member) -> Any:
        found = self.made.one(member.to)
        link = {"uuid": found} if found else None
        return ([link] if link else []) if member.many else link

    # the table

    def candidates(self, name: str) -> Iterator[Write]:
        """Every write of a resource that is worth a try."""
        if name in self.mappings.compositions:
            yield from self._composed(name)
            return
        resource = self.mappings.resources[name]
        for what, body in self.new(name):
            yield Write(f"create {name}, {what}", "POST", name, body)
        for what, more in self._nested(resource):
            body = {**self._body(resource, {}), **more}
            yield Write(f"create {name} with {what}", "POST", name, body)
        for member in resource.members.values():
            for link in self._of_old_records(resource, member):
                body = {**self._body(resource, {}), member.name: [link] if member.many else link}
                yield Write(f"create {name} for who an old record names", "POST", name, body)
        for found in self._there(name):
            path = f"{name}/{found['uuid']}"
            for what, body in self._changes(resource, found):
                yield Write(f"change {name}, {what}", "PATCH", path, body)
            yield Write(
                f"replace {name}", "PUT", path, {**self._whole(found), **self._changed(resource, found)}
            )
            yield Write(f"delete {name}", "DELETE", path, None)

    def _there(self, name: str) -> list[JSON]:
        """What can be read of a resource: what is listed, and what its owners show of it."""
        listed = self.site.served.all(name)
        uuids = {each["uuid"] for each in listed}
        for owner, resource in self.mappings.resources.items():
            names = [each for each, relation in resource.relations.items() if relation.resource == name]
            for each in self.site.served.all(owner) if names else ():
                links = [link for it in names for link in (each.get(it) or []) if isinstance(link, dict)]
                uuids |= {link["uuid"] for link in links if link.get("uuid")}
        unlisted = uuids - {each["uuid"] for each in listed}
        answers = [self.site.served.call("GET", f"{name}/{uuid}") for uuid in sorted(unlisted)]
        return [*listed, *(each.json() for each in answers if each.status_code == 200)]

    def _of_old_records(self, resource: Resource, member: Member) -> list[JSON]:
        """References of such a resource to whoever only an old record names."""
        fixed = self.mappings.resources[member.to].fixed_slots if member.to else frozenset()
        found = [each.get(member.name) for each in self.site.served.all(resource.name)] if fixed else []
        links = [link for it in found for link in (it if isinstance(it, list) else [it]) if link]
        return [{"uuid": each["uuid"]} for each in links if each["uuid"][14] in fixed][:1]

    def _changes(self, resource: Resource, found: JSON) -> Iterator[tuple[str, JSON]]:
        yield "its values", self._changed(resource, found)
        for member in resource.members.values():
            if member.to and not member.read_only:
                yield member.name, {member.name: self._reference(member)}
                yield f"without {member.name}", {member.name: [] if member.many else None}
        yield from self._nested(resource)

    def _changed(self, resource: Resource, found: JSON) -> JSON:
        """Every value but references another than it is."""
        changed: JSON = {}
        for name, node in _properties(resource).items():
            each = served_document().merged(node)
            member = resource.members.get(name)
            if name not in found or name in resource.relations or (member is not None and member.to):
                continue
            if each.get("enum"):
                changed[name] = next((it for it in each["enum"] if it not in (found[name], "")), found[name])
            elif each.get("type") == "boolean":
                changed[name] = not found[name]
            elif each.get("type") == "string" and not each.get("format") and not each.get("pattern"):
                changed[name] = OTHER_TEXT
        believable(changed, self.made)
        return {name: value for name, value in changed.items() if value != found[name]}

    def _whole(self, found: JSON) -> JSON:
        return {name: value for name, value in found.items() if name not in BASE and name != "_expand"}

    def _nested(self, resource: Resource) -> Iterator[tuple[str, JSON]]:
        """Members by way of which others are written."""
        for name, relation in resource.relations.items():
            target = self.mappings.resources[relation.resource]
            if relation.write == "nested":
                for what, body in self.new(target.name):
                    item = {key: value for key, value in body.items() if key != relation.member}
                    yield f"{name}, {what}", {name: [item]}
            elif relation.write == "link" and (found := self.made.one(target.name)):
                yield name, {name: [{"uuid": found}]}
            elif relation.make is not None:
                yield name, {name: OTHER_TEXT}
            if relation.write:
                yield f"no {name}", {name: []}

    def _composed(self, name: str) -> Iterator[Write]:
        parts = self.mappings.compositions[name].parts
        made = {part.name: list(self.new(part.resource)) for part in parts}
        for number in range(max(map(len, made.values()))):
            body = {}
            for part in parts:
                what = copy.deepcopy(made[part.name][number % len(made[part.name])][1])
                body[part.name] = {k: v for k, v in what.items() if not part.fills or k != part.fills[0]}
            yield Write(f"{name} {number + 1}", "POST", name, body)

    def table(self, name: str, method: str = "") -> list[Write]:
        """The writes of a resource, each with the calls of its first run; the registers stay as they are."""
        found: dict[Any, Write] = {}
        for each in self.candidates(name):
            if method not in ("", each.method):
                continue
            self.site.order.arm()
            body, answer = self.sent(each.method, each.path, each.body)
            self.site.order.disarm()
            if answer is not None:
                self.site.put_back(self.kept)
                calls = tuple(self.site.unspoilt(each.method, each.path, body))
                run = Write(each.name, each.method, each.path, body, calls)
                if run.writes:
                    found.setdefault((each.method, run.writes), run)
            self.site.put_back(self.kept)
        return list(found.values())


def resources(dialect: str) -> list[str]:
    """Everything that can be written, by name."""
    return list(read_dialect(SHIPPED, dialect).files)


def _properties(resource: Resource) -> Mapping[str, Any]:
    """The members of the body of a create."""
    return served_document().properties(served_document().operation("post", f"/{resource.name}").body)


def known_values(node: Any) -> Iterable[str]:
    """Every text in a node."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for each in node.values():
            yield from known_values(each)
    elif isinstance(node, list):
        for each in node:
            yield from known_values(each)


def text(node: Any) -> str:
    """A node as text, the same for equal nodes."""
    return json.dumps(node, sort_keys=True)
