"""What is told to old clients: the target is in the record, the source can be walked to, the text fits."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.mapping import schemas
from adapter.mapping.check.grammar import Problem, way_out
from adapter.mapping.check.ground import Content, Ground, Nowhere, Record, View, illegal
from adapter.mapping.check.homes import known_place
from adapter.mapping.check.members import served_constant
from adapter.mapping.check.wording import missing_words, strange_words
from adapter.mapping.source import NodePath


def tells(ground: Ground, view: View) -> Iterator[Problem]:
    """What is wrong with the tells of every home."""
    for name, home in view.homes.items():
        record = ground.record(home)
        for target, spec in (home.get("tells") or {}).items():
            here = ("homes", name, "tells", target)
            if "legacy" in spec:
                yield from _legacy(ground, view, target, spec["legacy"], here)
            else:
                yield from _tell(ground, view, record, spec, here)


def _legacy(ground: Ground, view: View, member: str, spec: Content, here: NodePath) -> Iterator[Problem]:
    here = (*here, "legacy")
    reference = view.members.get(spec["of"], {}).get("to")
    if member not in view.members:
        yield Problem(here[:-1], f"{view.name} has no {member}{way_out(member, view.members)}")
        return
    if reference not in ground.views:
        references = [name for name, node in view.members.items() if "to" in node]
        text = f"{spec['of']} is no reference of {view.name}{way_out(spec['of'], references)}"
        yield Problem((*here, "of"), text)
        return
    homes = ground.views[reference].homes.values()
    record = next((ground.record(home) for home in homes if "record" in home), None)
    try:
        right = schemas.facts(record.at(spec["at"])) if record else None
    except Nowhere as nowhere:
        yield Problem((*here, "at"), str(nowhere))
        return
    left = schemas.facts(ground.at(view, member))
    if right is not None:
        yield from strange_words(spec.get("words", {}), left, right, (*here, "words"), writes=False)


def _tell(
    ground: Ground, view: View, record: Record | None, spec: Content, here: NodePath
) -> Iterator[Problem]:
    target = str(here[-1])
    try:
        resource = _source(ground, view, spec["of"])
    except Nowhere as nowhere:
        yield Problem((*here, "of"), str(nowhere))
        return
    if record is not None:
        try:
            record.at(target)
        except Nowhere as nowhere:
            yield Problem(here, str(nowhere))
            return
    yield from _conditions(ground, resource, spec, here)
    writer = _Writer(ground, record)
    yield from writer.fields(resource, target, spec.get("fields", {}), (*here, "fields"))
    if "list" in spec and record is not None:
        yield from _listed(ground, record, resource, spec["list"], here)
    beside = spec.get("beside", {})
    yield from writer.fields(resource, target, beside.get("fields", {}), (*here, "beside", "fields"))
    if record is not None:
        yield from _constants(record, target, spec, here)


def _listed(
    ground: Ground, record: Record, resource: str, spec: Content, here: NodePath
) -> Iterator[Problem]:
    """A list of texts: the target is one, and so is what each of the resources gives."""
    if "from" not in spec:
        yield Problem((*here, "list"), "a list is told from a path")
        return
    try:
        record.at(f"{here[-1]}.0")
        end = ground.walk(resource, spec["from"])
    except Nowhere as nowhere:
        yield Problem((*here, "list"), str(nowhere))
        return
    if end.facts is None or end.facts.kind != "text":
        yield Problem((*here, "list", "from"), f"{spec['from']} is no text")


def _source(ground: Ground, view: View, text: str) -> str:
    """The resource that is told of: at the end of a path, or the one whose member refers here."""
    resource, _, member = text.partition(".")
    far = ground.views.get(resource)
    if far is not None and far.members.get(member, {}).get("to") == view.name:
        return resource
    if far is not None and resource not in view.members:
        pointing = [name for name, node in far.members.items() if node.get("to") == view.name]
        raise Nowhere(f"{member} of {resource} does not refer to {view.name}{way_out(member, pointing)}")
    end = ground.walk(view.name, text)
    if not end.resource:
        raise Nowhere(f"{text} is a value; told are the members of a resource")
    return end.resource


def _conditions(ground: Ground, resource: str, spec: Content, here: NodePath) -> Iterator[Problem]:
    for path in (("first",), ("beside", "where"), ("value", "any")):
        node = spec
        for part in path:
            node = node.get(part) or {}
        for member, value in node.items():
            yield from served_constant(ground, resource, member, value, (*here, *path, member))


def _constants(record: Record, target: str, spec: Content, here: NodePath) -> Iterator[Problem]:
    for part in ("then", "else"):
        if part in spec.get("value", {}):
            why = illegal(spec["value"][part], schemas.facts(record.at(target)))
            if why:
                yield Problem((*here, "value", part), f"{target}: {why}")
    for name in spec.get("required", {}):
        try:
            record.at(f"{target}.{name}")
        except Nowhere as nowhere:
            yield Problem((*here, "required", name), str(nowhere))


class _Writer:
    """Follows what is written under a target of a record, list by list."""

    def __init__(self, ground: Ground, record: Record | None) -> None:
        self.ground, self.record = ground, record

    def fields(self, resource: str, target: str, fields: Content, here: NodePath) -> Iterator[Problem]:
        for name, spec in fields.items():
            path = f"{target}.{name}" if target else name
            yield from self._one(resource, path, spec, (*here, name))

    def _one(self, resource: str, target: str, spec: Content, here: NodePath) -> Iterator[Problem]:
        try:
            found = self.record.at(target) if self.record else []
        except Nowhere as nowhere:
            yield Problem(here, str(nowhere))
            return
        if "each" in spec:
            yield from self._each(resource, target, spec, here)
            return
        if "known_by" in spec:
            known = self.ground.views[resource].content.get("known_by") or {}
            if spec["known_by"] not in known:
                text = f"{resource} is not known by {spec['known_by']}{way_out(spec['known_by'], known)}"
                yield Problem((*here, "known_by"), text)
            return
        try:
            end = self.ground.walk(resource, spec["from"])
        except Nowhere as nowhere:
            yield Problem((*here, "from"), str(nowhere))
            return
        if end.resource:
            yield from self._reference(end.resource, spec, here)
        elif found:
            yield from self._value(schemas.facts(end.value), schemas.facts(found), target, spec, here)

    def _each(self, resource: str, target: str, spec: Content, here: NodePath) -> Iterator[Problem]:
        try:
            end = self.ground.walk(resource, spec["each"])
            record = self.record.item(target) if self.record else None
        except Nowhere as nowhere:
            yield Problem((*here, "each"), str(nowhere))
            return
        if not end.resource:
            yield Problem((*here, "each"), f"{spec['each']} is a value; each wants a relation")
            return
        inner = _Writer(self.ground, record)
        yield from inner.fields(end.resource, "", spec.get("fields", {}), (*here, "fields"))

    def _reference(self, resource: str, spec: Content, here: NodePath) -> Iterator[Problem]:
        if "to" not in spec:
            yield Problem(here, f"{spec['from']} is a reference; say with to which URL is told")
            return
        yield from known_place(self.ground, spec["to"], (*here, "to"))
        homes = self.ground.views[resource].homes.values()
        if all(home.get("record") != spec["to"] for home in homes):
            yield Problem((*here, "to"), f"{resource} have no home in {spec['to']}")

    def _value(
        self, left: schemas.Facts, right: schemas.Facts, target: str, spec: Content, here: NodePath
    ) -> Iterator[Problem]:
        if "words" in spec:
            words = (*here, "words")
            yield from strange_words(spec["words"], left, right, words, writes=True, reads=False)
            return
        if left.kind != right.kind:
            yield Problem(here, f"{spec['from']} is a {left.kind} and {target} a {right.kind}")
            return
        if right.choices:
            yield from missing_words(left, right, here, spec["from"], target)
        if right.longest is not None and spec.get("length", right.longest) > right.longest:
            yield Problem((*here, "length"), f"{target} takes at most {right.longest} characters")
        if "too_long" in spec and "length" not in spec:
            yield Problem((*here, "too_long"), "say with length at how many characters the text is cut")
        longer = right.longest is not None and (left.longest is None or left.longest > right.longest)
        if longer and "too_long" not in spec:
            text = f"{target} takes at most {right.longest} characters: say too_long: cut with that length"
            yield Problem(here, text)
