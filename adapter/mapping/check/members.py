"""The served members: every one of the schema stands in the mapping, and what is said of it can be true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from adapter.mapping import schemas
from adapter.mapping.language.constants import no_setting, served_constant
from adapter.mapping.language.grammar import Problem, way_out
from adapter.mapping.language.ground import Content, Ground, Nowhere, View, illegal
from adapter.mapping.own_settings import values_of
from adapter.mapping.source import NodePath
from adapter.openapi.document import Schema

_OWN = ("uuid", "url")


def members(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong under `fields`, `order` and `known_by`."""
    served = schemas.names(ground.served, ground.schema(view))
    for name in served:
        if name not in view.members and name not in view.relations and name not in _OWN:
            text = f"{name} of {view.schema} is missing: it is a line under fields or under relations"
            yield Problem(("fields",), text)
    for name, node in view.members.items():
        if name not in served:
            problem = f"{view.schema} has no {name}{way_out(name, served)}"
            yield Problem(("fields", name), problem)
            continue
        found = ground.at(view, name)
        yield from _Member(ground, view, ("fields", name), node, found).problems()
    yield from _order(view)
    yield from _known_by(ground, view)


def _order(view: View) -> Iterator[Problem]:
    said: str = view.content.get("order", "")
    name = said.removeprefix("-")
    if name and name not in view.members:
        yield Problem(("order",), f"{view.name} has no {name}{way_out(name, view.members)}")
    elif name == said != "":
        yield Problem(("order",), f"lists have the latest first, which a minus sign says: -{name}")


def _known_by(ground: Ground, view: View) -> Iterator[Problem]:
    for name, node in (view.content.get("known_by") or {}).items():
        for part in ("of", "else"):
            try:
                ground.at(view, node[part])
            except Nowhere as nowhere:
                yield Problem(("known_by", name, part), str(nowhere))


class _Member:
    """One line under `fields`, or one line of a group below it."""

    def __init__(
        self, ground: Ground, view: View, path: NodePath, node: Content, found: Sequence[Schema]
    ) -> None:
        self.ground, self.view, self.path, self.node, self.found = ground, view, path, node, found
        self.name = str(path[-1])
        self.facts = schemas.facts(found)
        self.reference = any(schemas.is_reference(ground.served, each) for each in found)

    def problems(self) -> Iterator[Problem]:
        yield from self._reference()
        yield from self._absent()
        yield from self._names_of_members()
        yield from self._groups()
        yield from self._numbered()
        yield from self._said_alike()
        if "group" in self.node and self.node["group"] not in self.ground.settings:
            yield self._at("group", no_setting(self.node["group"], self.ground))
        if self.node.get("null_is") == "empty" and self.facts.kind != "group":
            yield self._at("null_is", f"{self.name} is no group, so null cannot be an empty one")

    def _said_alike(self) -> Iterator[Problem]:
        """What the specification says of a member that the line has to say too."""
        computed = {"joined", "uuid_for", "first_of"} & set(self.node)
        if self.facts.read_only and not computed and not self.node.get("read_only"):
            yield Problem(self.path, f"{self.name} is read only in the specification: say read_only: true")
        kinds = {tuple(schemas.names(self.ground.served, each)) for each in self.found}
        if len(kinds) > 1 and "by" not in self.node:
            text = f"{self.name} has other members in each variant; say by which member with by"
            yield Problem(self.path, text)

    def _at(self, part: str, text: str) -> Problem:
        return Problem((*self.path, part), text)

    def _reference(self) -> Iterator[Problem]:
        node = self.node
        if "to" not in node:
            if self.reference and "first_of" not in node:
                yield Problem(self.path, f"{self.name} refers to a resource; say which with to")
            for part in ("when_deleted", "many", "shows", "must_be", "one_of", "tested"):
                if part in node:
                    yield self._at(part, f"{part} is for references, and {self.name} has no to")
            return
        if not self.reference:
            yield self._at("to", f"{self.name} of {self.view.schema} is no reference")
            return
        if node["to"] not in self.ground.views:
            text = f"there is no mapping for {node['to']}{way_out(node['to'], self.ground.views)}"
            yield self._at("to", text)
        if "when_deleted" not in node:
            text = f"{self.name} needs when_deleted: delete, clear, refuse or void"
            yield Problem(self.path, text)
        elif node["when_deleted"] == "clear" and not (self.facts.nullable or node.get("many")):
            text = f"{self.name} cannot be null, so it cannot be cleared; use delete or refuse"
            yield self._at("when_deleted", text)
        if node.get("many", False) != (self.facts.kind == "list"):
            wanted = "needs many: true" if self.facts.kind == "list" else "is one reference; leave out many"
            yield Problem(self.path, f"{self.name} {wanted}")
        yield from self._target()

    def _target(self) -> Iterator[Problem]:
        shown = {name for each in self.found for name in schemas.names(self.ground.served, each)}
        for number, name in enumerate(self.node.get("shows", ())):
            if name not in shown:
                text = f"{self.name} shows no {name}{way_out(name, shown)}"
                yield Problem((*self.path, "shows", number), text)
        target = self.ground.views.get(self.node["to"])
        must = {part: value for part, value in self.node.get("must_be", {}).items() if part != "reason"}
        if "must_be" in self.node and (len(must) != 1 or "reason" not in self.node["must_be"]):
            yield self._at("must_be", "must_be wants one member with its value, and a reason")
        for part, value in must.items():
            if target is not None:
                yield from served_constant(
                    self.ground, target.name, part, value, (*self.path, "must_be", part)
                )
        one_of = self.node.get("one_of")
        if one_of is not None and one_of not in self.view.relations:
            text = f"{self.view.name} has no relation {one_of}{way_out(one_of, self.view.relations)}"
            yield self._at("one_of", text)

    def _absent(self) -> Iterator[Problem]:
        if "absent" not in self.node:
            if self._never_empty():
                text = f"{self.name} is never null or empty; say with absent what it is when unknown"
                yield Problem(self.path, text)
            return
        absent = self.node["absent"]
        if isinstance(absent, Mapping) and "setting" in absent:
            yield from self._absent_setting(str(absent["setting"]))
        elif isinstance(absent, Mapping):
            yield from self._absent_from(absent)
        elif absent == "left_out":
            if self.name in schemas.required(self.ground.served, self.ground.schema(self.view)):
                yield self._at("absent", f"{self.name} is required, so it cannot be left out")
        elif absent == "now":
            if self.facts.format != "date-time":
                yield self._at("absent", f"{self.name} is no moment, so it cannot be now")
        elif absent is not None or self.facts.kind != "group":
            why = illegal(absent, self.facts)
            if why:
                yield self._at("absent", f"{self.name}: {why}")

    def _absent_setting(self, name: str) -> Iterator[Problem]:
        """Whatever a deployment decides has to be a value of the member."""
        setting = self.ground.settings.get(name) or {}
        longest = self.facts.longest
        open_text = setting.get("type") == "string" and "enum" not in setting
        if open_text and longest is not None and setting.get("maxLength", longest + 1) > longest:
            text = f"{self.name} takes at most {longest} characters; give the setting {name} that maxLength"
            yield self._at("absent", text)
            return
        why = next((why for each in values_of(setting) if (why := illegal(each, self.facts))), "")
        if why:
            yield self._at("absent", f"{self.name}, with the setting {name}: {why}")

    def _never_empty(self) -> bool:
        told = {"joined", "uuid_for", "first_of", "to"} & set(self.node)
        valued = self.facts.kind in ("boolean", "number") or self.facts.format in ("date", "date-time")
        return (valued or bool(self.facts.choices)) and not self.facts.nullable and not told

    def _absent_from(self, absent: Content) -> Iterator[Problem]:
        for part in ("same_as", "first_line_of"):
            if part in absent and absent[part] not in self.view.members:
                text = f"{self.view.name} has no {absent[part]}{way_out(absent[part], self.view.members)}"
                yield Problem((*self.path, "absent", part), text)
        longest = self.facts.longest
        if longest is not None and absent.get("length", 0) > longest:
            text = f"{self.name} takes at most {longest} characters"
            yield Problem((*self.path, "absent", "length"), text)
        if "else" in absent and (why := illegal(absent["else"], self.facts)):
            yield Problem((*self.path, "absent", "else"), f"{self.name}: {why}")

    def _numbered(self) -> Iterator[Problem]:
        node = self.node.get("numbered")
        if node is None:
            return
        if len(self.path) > 2 or self.facts.kind != "text" or "unique" not in self.node:
            yield self._at("numbered", "numbered is for a text of the resource itself that is unique")
        elif self.facts.longest is not None and node["digits"] > self.facts.longest:
            text = f"{self.name} takes at most {self.facts.longest} characters"
            yield Problem((*self.path, "numbered", "digits"), text)
        if node["digits"] < 2:
            yield Problem((*self.path, "numbered", "digits"), "digits wants 2 or more")

    def _names_of_members(self) -> Iterator[Problem]:
        for part in ("by", "first_of", "about"):
            name = self.node.get(part)
            if name is not None and name not in self.view.members:
                yield self._at(part, f"{self.view.name} has no {name}{way_out(name, self.view.members)}")
        # Below `members` stand the value and the name of the group's member; names are looked up beside it.
        group, chosen = (f"{self.path[1]}.", (str(self.path[3]),)) if len(self.path) > 2 else ("", ())
        for number, name in enumerate(self.node.get("joined", ())):
            try:
                self.ground.at(self.view, f"{group}{name}", chosen)
            except Nowhere as nowhere:
                yield Problem((*self.path, "joined", number), str(nowhere))

    def _groups(self) -> Iterator[Problem]:
        if "members" in self.node and "by" not in self.node:
            yield self._at("members", "members stand by the values of another member; name it with by")
            return
        if self.node.get("by") not in self.view.members:
            return
        kinds = schemas.facts(self.ground.at(self.view, self.node["by"])).choices
        for value in kinds:
            yield from self._references_of(value)
        for value, group in (self.node.get("members") or {}).items():
            if value not in kinds:
                text = f"{self.node['by']} is never {value}{way_out(value, kinds)}"
                yield Problem((*self.path, "members", value), text)
                continue
            yield from self._variant(value, group)

    def _references_of(self, value: str) -> Iterator[Problem]:
        """A reference in a group needs a line of its own, which says whose it is."""
        lines = (self.node.get("members") or {}).get(value) or {}
        for group in self.ground.at(self.view, self.name, (value,)):
            for name, each in schemas.names(self.ground.served, group).items():
                if name not in lines and schemas.is_reference(self.ground.served, each):
                    text = f"{name} of {value} refers to a resource; give it a line under members"
                    yield Problem(self.path, text)

    def _variant(self, value: str, group: Content) -> Iterator[Problem]:
        top = str(self.path[1])
        for name, node in group.items():
            path = (*self.path, "members", value, name)
            try:
                found = self.ground.at(self.view, f"{top}.{name}", (value,))
            except Nowhere as nowhere:
                yield Problem(path, str(nowhere))
                continue
            yield from _Member(self.ground, self.view, path, node or {}, found).problems()
