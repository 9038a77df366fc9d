"""Turn the content of mapping files into the form in `model`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping import codecs, paths, schemas
from adapter.mapping.model import (
    Absent,
    Collection,
    Composition,
    DoesNotFit,
    Filter,
    Home,
    Known,
    KnownBy,
    Mappings,
    Member,
    Mirror,
    Must,
    Pair,
    Part,
    Place,
    Relation,
    Resource,
    Rule,
    Tell,
)
from adapter.mapping.paths import MISSING, Path
from adapter.mapping.stored import object_schema
from adapter.openapi.document import Document, Schema

Content = Mapping[str, Any]


class Compiler:
    """Compiles the files of one dialect against the served specification.

    `settings` gives the values of `{setting: name}`; `links` how records are referred to. `lengths` tells the
    longest text that a register's field takes (None when it has no limit).
    """

    def __init__(
        self, served: Document, settings: Mapping[str, Any], links: codecs.Links, lengths: Lengths
    ) -> None:
        self.served, self.settings, self.links, self.lengths = served, settings, links, lengths

    def mappings(self, files: Mapping[str, Content], registers: Content) -> Mappings:
        """All files of a dialect (resource name → content) and its registers.yaml as one."""
        plain = {name: content for name, content in files.items() if "parts" not in content}
        composed = {name: content for name, content in files.items() if "parts" in content}
        return Mappings(
            resources={name: self.resource(content) for name, content in plain.items()},
            compositions={name: _composition(content) for name, content in composed.items()},
            collections=_collections(registers),
            keys={name: place(text) for name, text in registers["keys"].items()},
        )

    def value(self, node: Any) -> Any:
        """A constant, or what a `{setting: name}` stands for."""
        if isinstance(node, Mapping) and set(node) <= {"setting", "many"} and "setting" in node:
            return self.settings.get(node["setting"])
        return node

    def pairs_of(self, node: Content | None) -> tuple[tuple[Path, Any], ...]:
        """`{path: value}` with settings filled in."""
        return tuple((paths.parse(name), self.value(value)) for name, value in (node or {}).items())

    def resource(self, content: Content) -> Resource:
        """One mapping file."""
        name, schema_name = content["resource"], content["schema"]
        schema = self.served.schema(schema_name)
        required = self.served.merged(schema).get("required", ())
        members = {
            each: self.member(each, node or {}, self._property(schema, each), each in required)
            for each, node in content["fields"].items()
        }
        known = content.get("known_by") or {}
        return Resource(
            name=name,
            schema=schema_name,
            title=content.get("name", schema_name),
            members=members,
            relations={
                each: self._relation(each, node) for each, node in (content.get("relations") or {}).items()
            },
            homes={
                each: self.home(name, each, node, members, content["homes"])
                for each, node in content["homes"].items()
            },
            rules=tuple(_rule(node) for node in content.get("rules") or ()),
            filters={
                each: _filter(each, node, each in self._urls(name))
                for each, node in (content.get("filters") or {}).items()
            },
            order=content.get("order", ""),
            shown=tuple(self._all_properties(schema)),
            expands=f"Expand{schema_name}" in self.served.raw["components"]["schemas"],
            known_by=_known_by(*next(iter(known.items()))) if known else None,
            body=content.get("body") or {},
            equivalents=self._equivalents(content.get("equivalent")),
            stored_schema=object_schema(self.served, schema, members),
            cascade=(content["cascade"]["parameter"], content["cascade"]["stays"])
            if "cascade" in content
            else None,
        )

    def _equivalents(self, node: Content | None) -> tuple[Mapping[Path, Any], ...]:
        if node is None or self.settings.get(node["setting"]) != node["is"]:
            return ()
        return tuple(dict(self.pairs_of(words)) for words in node["words"])

    # the served side

    def _urls(self, resource: str) -> set[str]:
        """The parameters of a resource's list that take a URL."""
        operation = self.served.operation("get", f"/{resource}")
        parameters = operation.parameters_in("query") if operation else ()
        return {each.name for each in parameters if self.served.merged(each.schema).get("format") == "uri"}

    def _all_properties(self, schema: Schema) -> list[str]:
        names = list(self.served.properties(schema))
        for branch in self._variants(schema).values():
            names += [name for name in self.served.properties(branch) if name not in names]
        return names

    def _variants(self, schema: Schema) -> dict[str, Schema]:
        mapping = schema.get("discriminator", {}).get("mapping", {})
        return {value: self.served.resolve({"$ref": target}) for value, target in mapping.items()}

    def _property(self, schema: Schema, name: str) -> dict[str, Schema]:
        """The merged schema of a member, by variant; the key is "" where all variants agree."""
        variants = self._variants(schema)
        if not variants:
            found = self.served.properties(schema).get(name)
            return {"": self.served.merged(found)} if found is not None else {}
        found_in = {value: self.served.properties(branch).get(name) for value, branch in variants.items()}
        merged: dict[str, Schema] = {
            value: self.served.merged(each) for value, each in found_in.items() if each is not None
        }
        distinct = {str(each) for each in merged.values()}
        return {"": next(iter(merged.values()))} if len(distinct) == 1 else merged

    def member(
        self, name: str, node: Content, schemas: Mapping[str, Schema], required: bool = False
    ) -> Member:
        """A served member from its line under `fields` and its schema."""
        schema = schemas.get("", {})
        inner = node.get("members") or {}
        variants = {}
        if "by" in node:
            variants = {
                value: self._group(inner.get(value) or {}, each) for value, each in schemas.items() if value
            }
        members = self._group(inner, schema) if "by" not in node and _is_group(node, schema) else {}
        must = node.get("must_be")
        computed = next(
            ((kind, node[kind]) for kind in ("name_of", "uuid_for", "first_of") if kind in node), None
        )
        return Member(
            name=name,
            absent=self._absent(node, schema, members),
            empty=_empty_group(members) if members else None,
            null_is_empty=node.get("null_is") == "empty",
            to=node.get("to", ""),
            many=node.get("many", False),
            when_deleted=node.get("when_deleted"),
            shows=tuple(node.get("shows", ())),
            must=self._must(must) if must else None,
            one_of=node.get("one_of", ""),
            reason=node.get("reason", ""),
            unique=node.get("unique", ""),
            read_only=node.get("read_only", False),
            needed=required and bool(node.get("to")) and not schema.get("nullable", False),
            if_null=node.get("if_null", ""),
            by=node.get("by", ""),
            members=members,
            variants=variants,
            computed=computed,
            feature=node.get("group", ""),
            resets=schema.get("default", MISSING),
        )

    def _must(self, node: Content) -> Must:
        (member, value), *_ = ((key, value) for key, value in node.items() if key != "reason")
        return Must(paths.parse(member), value, node["reason"])

    def _group(self, nodes: Content, schema: Schema) -> dict[str, Member]:
        return {
            name: self.member(name, nodes.get(name) or {}, {"": self.served.merged(each)})
            for name, each in self.served.properties(schema).items()
        }

    def _absent(self, node: Content, schema: Schema, members: Mapping[str, Member]) -> Absent:
        if node.get("many"):
            return Absent(value=[])
        if "absent" not in node:
            return Absent(
                value=_empty(schema, members, nullable=not node.get("null_is") and bool(node.get("to")))
            )
        absent = node["absent"]
        if absent in ("now", "left_out"):
            return Absent(kind=absent)
        if isinstance(absent, Mapping) and "same_as" in absent:
            return Absent("same_as", member=absent["same_as"])
        if isinstance(absent, Mapping) and "first_line_of" in absent:
            return Absent("first_line", absent["else"], absent["first_line_of"], absent["length"])
        return Absent(value=self.value(absent))

    def _relation(self, name: str, node: Content) -> Relation:
        resource, _, member = node["from"].partition(".")
        return Relation(
            name=name,
            resource=resource,
            member=member,
            take=node.get("take", ""),
            whole=node.get("show") == "whole",
            hidden=node.get("hidden", False),
            write=node.get("write", ""),
            pick=node.get("pick", ""),
            shows=tuple((each, paths.parse(path)) for each, path in (node.get("shows") or {}).items()),
            make=node.get("make"),
            only_if=self.pairs_of(node.get("only_if")),
            refused=node.get("refused", ""),
            feature=node.get("group", ""),
        )

    # the register side

    def home(
        self, resource: str, name: str, node: Content, members: Mapping[str, Member], all_homes: Content
    ) -> Home:
        """One home of a resource."""
        kind: Any = next(each for each in ("record", "object", "inside") if each in node)
        where = place(node["record"]) if kind == "record" else None
        owner = node.get("owner")
        inside = node.get("inside", ".").partition(".")
        known, pairs = self._pairs(node.get("fields") or {}, members, where, node)
        return Home(
            resource=resource,
            name=name,
            kind=kind,
            place=where,
            object_type=node.get("object", ""),
            optional=node.get("optional", False),
            owner_resource=inside[0],
            owner_home=inside[2],
            owner=next(iter(owner.items())) if owner else None,
            slots=tuple(str(each) for each in node.get("slot", ())),
            each=paths.parse(node["each"]) if "each" in node else (),
            filled=paths.parse(node["filled"]) if "filled" in node else (),
            fillers=self.pairs_of(node.get("filler")),
            there_if=self.pairs_of(node.get("there_if")),
            pairs=pairs,
            variants=self._by(node.get("by") or {}, members, where, node),
            known=known,
            means=self.pairs_of(node.get("means")),
            takes=self.pairs_of(node.get("takes")),
            keys=node.get("keys") or {},
            rest=node.get("rest", ""),
            created=node.get("created", False),
            needs=node.get("needs", ""),
            companion=node.get("first"),
            fill={key: self._filled_in(value) for key, value in (node.get("fill") or {}).items()},
            tells=tuple(
                Tell(at, spec) for at, spec in (node.get("tells") or {}).items() if "legacy" not in spec
            ),
            legacy=tuple(
                (at, spec["legacy"]) for at, spec in (node.get("tells") or {}).items() if "legacy" in spec
            ),
            mirrors=tuple(
                Mirror(slot, self.pairs_of(spec["when"]), self.pairs_of(spec.get("first")))
                for slot, spec in (node.get("mirror") or {}).items()
            ),
            same_as=(node["same_as"]["home"], tuple(node["same_as"]["when"])) if "same_as" in node else None,
            read_only=node.get("read_only", ""),
            unlisted=node.get("unlisted", False),
            known_by=node.get("known_by", ""),
            known_at=paths.parse(node["known_at"]) if "known_at" in node else (),
            created_at=paths.parse(node["created_at"]) if "created_at" in node else (),
        )

    def _filled_in(self, node: Any) -> Any:
        if isinstance(node, Mapping) and "setting" not in node:
            return {key: self._filled_in(value) for key, value in node.items()}
        return self.value(node)

    def _by(
        self, node: Content, members: Mapping[str, Member], where: Place | None, home: Content
    ) -> tuple[tuple[str, Mapping[str, tuple[Pair, ...]]], ...]:
        found = []
        for member, groups in node.items():
            table = {}
            for value, group in groups.items():
                fields = groups[group["same_as"]] if set(group) == {"same_as"} else group
                table[value] = self._pairs(fields, members, where, home, {member: value})[1]
            found.append((member, table))
        return tuple(found)

    def _pairs(
        self,
        nodes: Content,
        members: Mapping[str, Member],
        where: Place | None,
        home: Content,
        chosen: Mapping[str, str] | None = None,
    ) -> tuple[tuple[Known, ...], tuple[Pair, ...]]:
        known, pairs = [], []
        for served, node in nodes.items():
            spec: Content = {"at": node} if isinstance(node, str) else node
            if "known" in spec:
                for name in ("known", "and_known"):
                    resource, _, inside = spec.get(name, "").partition(".")
                    if resource:
                        known.append(Known(paths.parse(served), resource, inside, spec.get("told", "")))
            else:
                pairs.append(self._pair(paths.parse(served), spec, members, chosen or {}, home))
        return tuple(known), tuple(pairs)

    def _pair(
        self,
        served: Path,
        spec: Content,
        members: Mapping[str, Member],
        chosen: Mapping[str, str],
        home: Content,
    ) -> Pair:
        at = paths.parse(spec["at"])
        own, theirs = self.lengths.served(home, served, chosen), self.lengths.register(home, at)
        read: codecs.Convert = codecs.same
        write: codecs.Convert = codecs.same
        nearest: codecs.Convert = codecs.same
        total = True
        target: Place | None = None
        search: codecs.Convert = _one
        if "to" in spec:
            target = place(spec["to"])
            member = members.get(served[0])
            lenient = member is not None and member.needed
            read, write = codecs.reference(self.links, target, lenient=lenient)
            search = _searching(write)
        elif "uuid_of" in spec:
            read, write = codecs.uuid_of(self.links, place(spec["uuid_of"]))
            search = _searching(write)
        elif "words" in spec:
            read, write, search = codecs.words(spec["words"])
            total = not any(isinstance(word, list) for word in spec["words"].values())
            total = total and len(set(map(str, spec["words"].values()))) == len(spec["words"])
        elif spec.get("as") == "instant":
            read = codecs.instant
        elif "form" in spec:
            read = write = codecs.of_form(spec["form"])
            total = False
        else:
            read, write, nearest, total = _texts(own, theirs, spec.get("too_long", "refuse"))
            read = codecs.cut(own) if own and _elsewhere(spec) and spec.get("too_long") == "cut" else read
        missing = nearest is codecs.same and write is not codecs.same
        return Pair(
            served=served,
            at=at,
            else_at=tuple(paths.parse(each) for each in spec.get("else_at", ())),
            joined=tuple(paths.parse(each) for each in spec.get("joined", ())),
            read=read,
            write=write,
            nearest=_nothing if missing else nearest,
            search=_none if "else_at" in spec or "joined" in spec else search,
            total=total and "else_at" not in spec and "joined" not in spec,
            frozen=spec.get("frozen", False),
            read_only=spec.get("read_only", False),
            condition=self.pairs_of(spec.get("if")),
            clears=self.lengths.takes_blank(home, at),
            filler=spec.get("fill", ""),
            to=target,
            link="to" in spec or "uuid_of" in spec,
            choose=_choices(spec.get("choose") or {}),
        )


class Lengths:
    """The longest texts that the fields of both sides take."""

    def __init__(self, served: Document, registers: Mapping[str, Document]) -> None:
        self._served, self._registers = served, registers

    def served(self, home: Content, path: Path, chosen: Mapping[str, str]) -> int | None:
        """The limit of a served member, in the variant that is `chosen`."""
        schema = self._served.schema(home["schema"]) if "schema" in home else None
        if schema is None:
            return None
        return _longest(self._served, schema, path, tuple(chosen.values()))

    def takes_blank(self, home: Content, path: Path) -> bool:
        """Whether a register's field may hold an empty text; an object's fields may."""
        return all(schemas.takes_blank(each) for each in self._at(home, path))

    def register(self, home: Content, path: Path) -> int | None:
        """The limit of a register's field; None for an object, whose schema has none."""
        return schemas.facts(self._at(home, path)).longest

    def _at(self, home: Content, path: Path) -> list[Schema]:
        register, _, collection = (home.get("record") or home.get("inside_record", "")).partition("/")
        document = self._registers.get(register)
        operation = document.operation("post", f"/{collection}") if document else None
        if document is None or operation is None or operation.body is None:
            return []
        return schemas.at(document, operation.body, path)


def _longest(document: Document, schema: Schema, path: Path, variants: tuple[str, ...]) -> int | None:
    return schemas.facts(schemas.at(document, schema, path, variants)).longest


def _texts(own: int | None, theirs: int | None, too_long: str) -> tuple[Any, Any, Any, bool]:
    """(read, write, nearest, total) of a pair of texts of these lengths."""
    read: codecs.Convert = codecs.same
    write: codecs.Convert = codecs.same
    nearest: codecs.Convert = codecs.same
    total = True
    if own is not None and (theirs is None or theirs > own):
        read = codecs.cut(own) if too_long == "cut" else codecs.at_most(own)
        total = False
    if theirs is not None and (own is None or own > theirs):
        write = codecs.at_most(theirs)
        nearest = codecs.cut(theirs) if too_long == "cut" else codecs.same
        total = False
    return read, write, nearest, total


def _elsewhere(spec: Content) -> bool:
    """Whether a text may come from other fields as well, which can be longer."""
    return "else_at" in spec or "joined" in spec


def _one(value: Any) -> Any:
    return [value]


def _searching(write: codecs.Convert) -> codecs.Convert:
    def search(value: Any) -> Any:
        try:
            return [write(value)]
        except DoesNotFit:
            return []

    return search


def _none(_: Any) -> Any:
    return None


def _nothing(_: Any) -> Any:
    return MISSING


def place(text: str) -> Place:
    """`register/collection`."""
    register, _, collection = text.partition("/")
    return Place(register, collection)


def _choices(node: Content) -> tuple[tuple[str, str, Path, Any], ...]:
    return tuple(
        (word, member, paths.parse(path), value)
        for word, wanted in node.items()
        for member, inner in wanted.items()
        for path, value in inner.items()
    )


def _rule(node: Content) -> Rule:
    return Rule(next(iter(node)), node)


def _filter(parameter: str, text: str, by_url: bool) -> Filter:
    path, _, operator = text.partition(" ")
    return Filter(parameter, paths.parse(path), operator or "equals", by_url)  # type: ignore[arg-type]


def _known_by(name: str, node: Content) -> KnownBy:
    return KnownBy(name, paths.parse(node["of"]), paths.parse(node["else"]), node["as"])


def _composition(content: Content) -> Composition:
    return Composition(
        content["resource"],
        tuple(
            Part(
                name,
                node["resource"],
                next(iter(node["with"].items())) if "with" in node else None,
                node.get("unless") == "empty",
            )
            for name, node in content["parts"].items()
        ),
    )


def _collections(registers: Content) -> dict[Place, Collection]:
    return {
        Place(register, name): Collection(
            search=node.get("search") or {},
            frozen=node.get("frozen", False),
            inline={
                other: (inline["expand"], inline["of"])
                for other, inline in (node.get("inline") or {}).items()
            },
            goes_with=node.get("goes_with", ""),
            reach=node.get("reach") or {},
        )
        for register, offers in registers["registers"].items()
        for name, node in (offers.get("collections") or {}).items()
    }


def _is_group(node: Content, schema: Schema) -> bool:
    return not node.get("to") and "first_of" not in node and bool(schema.get("properties"))


def _empty_group(members: Mapping[str, Member]) -> dict[str, Any]:
    return {
        name: member.empty if member.empty is not None else member.absent.value
        for name, member in members.items()
        if member.computed is None
    }


def _empty(schema: Schema, members: Mapping[str, Member], *, nullable: bool) -> Any:
    """How the reference serves a member that nobody gave: empty text, empty list, empty group, else null."""
    if members:
        return _empty_group(members)
    if nullable or (schema.get("nullable") and schema.get("type") != "array"):
        return None
    kind = schema.get("type")
    return {"string": "" if schema.get("format") not in _NO_BLANK else None, "array": [], "object": {}}.get(
        kind or ""
    )


_NO_BLANK = ("date", "date-time", "uuid")
