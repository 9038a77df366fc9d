"""registers.yaml: what a dialect says of its registers stands in their documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from adapter.mapping.check.likeness import better
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, Record
from adapter.mapping.language.places import known_place
from adapter.mapping.source import NodePath


def offers(ground: Ground) -> Iterator[Problem]:
    """What is wrong in registers.yaml."""
    registers = ground.registers.get("registers", {})
    for name, register in registers.items():
        document = ground.documents.get(name)
        for collection, node in (register.get("collections") or {}).items():
            here = ("registers", name, "collections", collection)
            if document is None:
                for member in (node or {}).get("search") or {}:
                    yield from _misnamed(node["search"], member, (), here)
                continue
            record = ground.collection(name, collection)
            if record is None:
                known = [each.collection for each in document.operations if each.method == "post"]
                text = f"register {name} has no collection {collection}{way_out(collection, known)}"
                yield Problem(here, text)
            else:
                yield from _Collection(ground, record, node or {}, here).problems()
    for key, place in ground.registers.get("keys", {}).items():
        yield from known_place(ground, place, ("keys", key))


def _misnamed(
    search: Mapping[str, str], member: str, members: Iterable[str], here: NodePath
) -> Iterator[Problem]:
    """A parameter that is named for another member than the one that it searches."""

    def others() -> set[str]:
        return {each.partition(" ")[0] for each in search} | set(members)

    if (found := better(search[member], member.partition(" ")[0], others)) is not None:
        yield Problem((*here, "search", member), f"{search[member]} is named for {found}, not for {member}")


class _Collection:
    """One collection of a register."""

    def __init__(self, ground: Ground, record: Record, node: Content, here: NodePath) -> None:
        self.ground, self.record, self.node, self.here = ground, record, node, here
        self.document = record.document
        self.register, _, self.name = record.name.partition("/")

    def problems(self) -> Iterator[Problem]:
        yield from self._search()
        yield from self._goes_with()
        yield from self._inline()
        yield from self._reach()
        yield from self._frozen()
        yield from self._all()

    @cached_property
    def _parameters(self) -> set[str]:
        return {
            each.name
            for operation in self.document.operations
            if operation.method == "get" and operation.collection == self.name
            for each in operation.parameters_in("query")
        }

    def _parameter(self, name: str, path: NodePath) -> Iterator[Problem]:
        known = self._parameters
        if name not in known:
            yield Problem(path, f"GET /{self.name} of {self.register} has no {name}{way_out(name, known)}")

    def _member(self, text: str, path: NodePath) -> Iterator[Problem]:
        try:
            self.record.at(text)
        except Nowhere as nowhere:
            yield Problem(path, str(nowhere))

    def _search(self) -> Iterator[Problem]:
        for member, parameter in (self.node.get("search") or {}).items():
            path = (*self.here, "search", member)
            wrong = list(self._member(member.partition(" ")[0], path))
            yield from wrong
            yield from self._parameter(parameter, path)
            if not wrong:
                yield from _misnamed(self.node["search"], member, self.record.names(), self.here)

    def _goes_with(self) -> Iterator[Problem]:
        if "goes_with" in self.node:
            yield from self._member(self.node["goes_with"], (*self.here, "goes_with"))

    def _inline(self) -> Iterator[Problem]:
        for other, node in (self.node.get("inline") or {}).items():
            path = (*self.here, "inline", other)
            record = self.ground.collection(self.register, other)
            if record is None:
                yield Problem(path, f"register {self.register} has no collection {other}")
                continue
            if node["of"] not in record.names():
                text = f"{record.name} has no {node['of']}{way_out(node['of'], record.names())}"
                yield Problem((*path, "of"), text)
            if "expand" not in self._parameters:
                yield Problem(path, f"GET /{self.name} of {self.register} has no expand")

    def _reach(self) -> Iterator[Problem]:
        for text, parameter in (self.node.get("reach") or {}).items():
            path, (other, _, member) = (*self.here, "reach", text), text.partition(".")
            record = self.ground.collection(self.register, other)
            if record is None:
                yield Problem(path, f"register {self.register} has no collection {other}")
            elif member not in record.names():
                yield Problem(path, f"{record.name} has no {member}{way_out(member, record.names())}")
            yield from self._parameter(parameter, path)

    def _frozen(self) -> Iterator[Problem]:
        changed = any(
            each.method in ("patch", "put") and each.collection == self.name
            for each in self.document.operations
        )
        if changed == self.node.get("frozen", False):
            text = (
                f"the document of {self.register} can change {self.name}, so it is not frozen"
                if changed
                else f"the document of {self.register} cannot change {self.name}: say frozen: true"
            )
            yield Problem((*self.here, "frozen") if "frozen" in self.node else self.here, text)

    def _all(self) -> Iterator[Problem]:
        if {"all_with", "no_list"} <= self.node.keys():
            text = "what gives no list is not asked for all: leave out all_with or no_list"
            yield Problem((*self.here, "no_list"), text)
        for name in self.node.get("all_with") or {}:
            yield from self._parameter(name, (*self.here, "all_with", name))
