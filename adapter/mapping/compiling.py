"""Turn the content of mapping files into the form in `model`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapter.mapping import codecs, paths, schemas
from adapter.mapping.constructs import closing, composition, publishing, relation, rules, subjects
from adapter.mapping.constructs.relation import Relation
from adapter.mapping.homes import HomeCompiler
from adapter.mapping.lengths import Lengths
from adapter.mapping.model import (
    Absent,
    Filter,
    KnownBy,
    Mappings,
    Member,
    Must,
    Numbers,
    Resource,
)
from adapter.mapping.offering import collections
from adapter.mapping.paths import MISSING, Path
from adapter.mapping.places import place
from adapter.mapping.settings import Settings
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
        self.served, self.settings = served, Settings(settings)
        self.homes, self.registers = HomeCompiler(self.settings, links, lengths), lengths.registers

    def mappings(
        self, files: Mapping[str, Content], registers: Content, shapes: Mapping[str, Schema]
    ) -> Mappings:
        """All files of a dialect (resource name → content) and its registers.yaml as one.

        `shapes` are the schemas of the objecttypes that are not KlantBrug's own, by name.
        """
        plain = {name: content for name, content in files.items() if "parts" not in content}
        composed = {name: content for name, content in files.items() if "parts" in content}
        return Mappings(
            resources={name: self.resource(content) for name, content in plain.items()},
            compositions={
                name: composition.compiled(content, self.served) for name, content in composed.items()
            },
            collections=collections(registers, self.registers, self.settings),
            keys={name: place(text) for name, text in registers["keys"].items()},
            shapes=shapes,
        )

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
        urls = self._urls(name)
        return Resource(
            name=name,
            schema=schema_name,
            title=content.get("name", schema_name),
            members=members,
            relations=self._relations(content.get("relations") or {}, schema_name),
            homes={
                each: self.homes.home(name, each, node, members) for each, node in content["homes"].items()
            },
            rules=tuple(rules.compiled(node, self.settings) for node in content.get("rules") or ()),
            filters={
                each: _filter(each, node, each in urls)
                for each, node in (content.get("filters") or {}).items()
            },
            order=content.get("order", "").removeprefix("-"),
            shown=tuple(self._all_properties(schema)),
            places={path: number for number, path in enumerate(schemas.writable(self.served, schema))},
            expands=f"Expand{schema_name}" in self.served.raw["components"]["schemas"],
            known_by=_known_by(*next(iter(known.items()))) if known else None,
            body=content.get("body") or {},
            equivalents=self._equivalents(content.get("equivalent")),
            stored_schema=object_schema(self.served, schema, members),
            cascade=(content["cascade"]["parameter"], content["cascade"]["stays"])
            if "cascade" in content
            else None,
            concerns=subjects.concerned(content),
            identities=subjects.identities(content, self.settings),
            closes=closing.compiled(content["closes"]) if "closes" in content else None,
            publishes=publishing.published(content.get("publishes")),
            links=publishing.linking(content.get("links"), self.settings),
        )

    def _relations(self, nodes: Content, schema_name: str) -> dict[str, Relation]:
        schema = {"$ref": f"#/components/schemas/{schema_name}"}
        return {
            name: relation.compiled(name, node, self.settings, self.served, schema)
            for name, node in nodes.items()
        }

    def _equivalents(self, node: Content | None) -> tuple[Mapping[Path, Any], ...]:
        if node is None or self.settings.values.get(node["setting"]) != node["is"]:
            return ()
        return tuple(dict(self.settings.pairs_of(words)) for words in node["words"])

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
            ((kind, node[kind]) for kind in ("joined", "uuid_for", "first_of") if kind in node), None
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
            tested=node.get("tested", False),
            reason=node.get("reason", ""),
            reason_if_none=node.get("none", ""),
            unique=node.get("unique", ""),
            numbers=self._numbers(node.get("numbered")),
            read_only=node.get("read_only", False),
            needed=required and bool(node.get("to")) and not schema.get("nullable", False),
            if_null="today" if node.get("null_is") == "today" else "",
            about=node.get("about", ""),
            by=node.get("by", ""),
            members=members,
            variants=variants,
            computed=computed,
            feature=node.get("group", ""),
            resets=schema.get("default", MISSING),
        )

    def _numbers(self, node: Content | None) -> Numbers | None:
        if node is None or self.settings.values.get(node["setting"]) != node["is"]:
            return None
        return Numbers(node["digits"])

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
                value=_empty(
                    schema, members, nullable=node.get("null_is") != "empty" and bool(node.get("to"))
                )
            )
        absent = node["absent"]
        if absent in ("now", "left_out"):
            return Absent(kind=absent)
        if isinstance(absent, Mapping) and "same_as" in absent:
            return Absent("same_as", member=absent["same_as"])
        if isinstance(absent, Mapping) and "first_line_of" in absent:
            return Absent("first_line", absent["else"], absent["first_line_of"], absent["length"])
        return Absent(value=self.settings.value(absent))


def _filter(parameter: str, text: str, by_url: bool) -> Filter:
    path, _, operator = text.partition(" ")
    return Filter(parameter, paths.parse(path), operator or "equals", by_url)  # type: ignore[arg-type]


def _known_by(name: str, node: Content) -> KnownBy:
    return KnownBy(name, paths.parse(node["of"]), paths.parse(node["else"]), node["as"])


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
