"""Validators of request bodies, compiled once from an OpenAPI schema.

They accept, coerce and refuse as Django REST framework does, which Open Klant is built on. What a schema
cannot express is given as options per dotted path: `group.member` for a member of a group, `list.member` for
one of the items of a list, `map.*` for the values of a map. An option is a keyword of JSON Schema, which
overrides that of the schema, or one of

    blank      whether "" is accepted; by default where the text or choice is not required
    required   whether the member is required
    trim       whether white space around the text is removed; true by default
    bareDate   whether a date-time may be a date alone; true by default
    format     besides those of OpenAPI: `country` (ISO 3166-1 alpha-2, in capitals), `telephone`, `digits` (a
               whole number as text) and `slug` (letters, digits, hyphens and underscores)
    reason     the message for text that does not match `pattern`, with `{value}` for the text; a pattern
               without a reason is not checked, as there would be no message for the client
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from adapter.openapi import reasons
from adapter.openapi.checked import WHOLE, Checked
from adapter.openapi.document import Document, Schema
from adapter.openapi.fields import INVALID, Check, Findings, TooManyProblems, not_null, nullable, scalar
from adapter.openapi.spelling import Spellings
from adapter.openapi.texts import characters

Options = Mapping[str, Mapping[str, Any]]
BodyValidator = Callable[[Any, bool], Checked]

_NEVER_BLANK = {"date", "date-time", "uuid"}


class UnknownOption(LookupError):
    """There are options for `paths` that the schema does not have."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = tuple(paths)
        super().__init__(", ".join(self.paths))


def compile_body(
    document: Document, schema: Schema, *, options: Options | None = None, list_items: int | None = None
) -> BodyValidator:
    """The validator of bodies with this schema: `validator(body, partial)` returns `Checked`.

    - With `partial`, as for PATCH, no member of the body itself is required; those of groups in it are.
    - Read-only and unknown members are ignored. Other spellings of a name are accepted (see `spelling`).
    - A group without any valid member is left out of the value; in a list it becomes {}, so that positions
      stay as they were sent.
    - A list without `maxItems` may have `list_items` items.
    - Validation stops after MOST_PROBLEMS problems.

    Raises UnknownOption.
    """
    compiler = _Compiler(document, options or {}, list_items)
    members = compiler.object_members(schema, "")
    if unused := [path for path in compiler.options if path not in compiler.seen]:
        raise UnknownOption(unused)

    def validate(body: Any, partial: bool) -> Checked:
        findings = Findings(partial=partial)
        if body is None:
            findings.add(WHOLE, "null", reasons.NO_DATA)
        elif not isinstance(body, dict):
            findings.add(WHOLE, "invalid", reasons.not_an_object(body))
        else:
            try:
                value = members(body, "", findings, partial)
            except TooManyProblems:
                return Checked({}, findings.problems, more=True)
            return Checked(value, findings.problems, findings.rejected)
        return Checked({}, findings.problems)

    return validate


# (object, path before the names of its members, findings, whether no member is required) → valid members
Members = Callable[[dict[str, Any], str, Findings, bool], dict[str, Any]]


class _Compiler:
    """Compiles a schema.

    `seen` collects the paths of all writable members, `variant_groups` those of members that only some of the
    variants of a `oneOf` have.
    """

    def __init__(self, document: Document, options: Options, list_items: int | None) -> None:
        self.document = document
        self.options = options
        self.list_items = list_items
        self.seen: set[str] = set()
        self.variant_groups: set[str] = set()

    def object_members(self, schema: Schema, path: str) -> Members:
        merged = self.document.merged(schema)
        if "oneOf" in merged and "discriminator" in merged:
            return self._variants(merged, path)
        return self._members(merged.get("properties", {}), merged.get("required", ()), path)

    def _members(self, properties: Mapping[str, Schema], required: Iterable[str], path: str) -> Members:
        needed = frozenset(required)
        members: list[tuple[str, bool, Check]] = []
        for name, schema in properties.items():
            below = f"{path}.{name}" if path else name
            spec = self._spec(schema, below, required=name in needed)
            if not spec.get("readOnly"):
                members.append((name, spec["required"], self._check(spec, below)))
        return _each(members, Spellings(properties))

    def _spec(self, schema: Schema, path: str, *, required: bool) -> dict[str, Any]:
        """The merged schema of a member, with its options.

        `required` is whether the member itself is required; the names that its own schema requires are under
        `members`.
        """
        merged = self.document.merged(schema)
        spec = {**merged, "required": required, "members": merged.get("required", ())}
        spec |= self.options.get(path, {})
        if not spec.get("readOnly"):
            self.seen.add(path)
        # drf-spectacular, which made these documents, writes minLength 1 for a text that may not be blank.
        optional = not spec["required"] and spec.get("minLength") != 1
        spec.setdefault("blank", optional and spec.get("format") not in _NEVER_BLANK)
        return spec

    def _check(self, spec: dict[str, Any], path: str) -> Check:
        check = self._shape(spec, path)
        return nullable(check) if spec.get("nullable") else not_null(check)

    def _shape(self, spec: dict[str, Any], path: str) -> Check:
        if spec.get("type") == "array":
            return self._list(spec, path)
        if "oneOf" in spec and "discriminator" in spec:
            return _object(self._variants(spec, path))
        if "properties" in spec:
            return _object(self._members(spec["properties"], spec["members"], path), self._whole(spec, path))
        if isinstance(spec.get("additionalProperties"), Mapping):
            values = self._spec(spec["additionalProperties"], f"{path}.*", required=True)
            return _map(self._check(values, f"{path}.*"))
        return scalar(spec)

    def _whole(self, spec: dict[str, Any], path: str) -> list[str]:
        """The members that a PATCH must send together, which are the required ones of a group.

        None for a reference, which has a uuid, and for a group that belongs to one variant of a `oneOf`.
        """
        needed = [] if path in self.variant_groups else spec["members"]
        return [] if "uuid" in needed else [name for name in spec["properties"] if name in needed]

    def _list(self, spec: dict[str, Any], path: str) -> Check:
        merged = self.document.merged(spec["items"])
        most = spec.get("maxItems", self.list_items)
        if "properties" in merged or "oneOf" in merged:
            return _objects(_object(self.object_members(merged, path)), most)
        item = self._check(self._spec(merged, f"{path}.*", required=True), f"{path}.*")
        return _scalars(item, most, empty=spec.get("empty", True))

    def _variants(self, spec: Mapping[str, Any], path: str) -> Members:
        """The check of a `oneOf`: the members of all variants, then those of the discriminator's variant.

        Without a valid discriminator only the shared members are validated.
        """
        name = spec["discriminator"]["propertyName"]
        mapping: Mapping[str, str] = spec["discriminator"].get("mapping", {})
        branches = {key: self.document.merged({"$ref": reference}) for key, reference in mapping.items()}
        first, *others = branches.values()
        shared = {
            member: schema
            for member, schema in first["properties"].items()
            if all(other["properties"].get(member) == schema for other in others)
        }
        base = self._members(shared, first.get("required", ()), path)
        variants = {}
        for key, branch in branches.items():
            own = {member: schema for member, schema in branch["properties"].items() if member not in shared}
            self.variant_groups |= {f"{path}.{member}" if path else member for member in own}
            variants[key] = self._members(own, branch.get("required", ()), path)

        def check(value: dict[str, Any], before: str, findings: Findings, partial: bool) -> dict[str, Any]:
            result = base(value, before, findings, partial)
            variant = variants.get(result.get(name, ""))
            return result if variant is None else result | variant(value, before, findings, partial)

        return check


def _each(members: list[tuple[str, bool, Check]], spellings: Spellings) -> Members:
    def check(value: dict[str, Any], before: str, findings: Findings, partial: bool) -> dict[str, Any]:
        value = spellings.read(value)
        result = {}
        for name, required, member in members:
            if name in value:
                found = member(value[name], before + name, findings)
                if found is not INVALID:
                    result[name] = found
            elif required and not partial:
                findings.add(before + name, "required", reasons.REQUIRED)
        return result

    return check


def _object(members: Members, needed: Sequence[str] = ()) -> Check:
    spellings = Spellings(needed)

    def check(value: Any, at: str, findings: Findings) -> Any:
        if needed and findings.partial and isinstance(value, str | list | dict):
            # Open Klant looks for the names first, in text and lists too, where they are absent as well.
            sent = spellings.read(value) if isinstance(value, dict) else ()
            if absent := [name for name in needed if name not in sent]:
                for name in absent:
                    findings.add(f"{at}.{name}", "required", reasons.REQUIRED)
                return INVALID
        if not isinstance(value, dict):
            return findings.add(f"{at}.{WHOLE}", "invalid", reasons.not_an_object(value), value)
        before = len(findings.problems)
        result = members(value, f"{at}.", findings, False)
        if needed and findings.partial:
            # When one is missing, Open Klant reports nothing else about these members.
            findings.only_missing(before, [f"{at}.{name}" for name in needed])
        return INVALID if not result and len(findings.problems) > before else result

    return check


def _objects(item: Check, most: int | None) -> Check:
    def check(value: Any, at: str, findings: Findings) -> Any:
        if not isinstance(value, list):
            return findings.add(f"{at}.{WHOLE}", "not_a_list", reasons.not_a_list(value), value)
        if most is not None and len(value) > most:
            return findings.add(f"{at}.{WHOLE}", "max_length", reasons.too_many_items(most))
        found = []
        for position, each in enumerate(value):
            here = f"{at}.{position}"
            # Open Klant reports an item that is null under the name of the list.
            checked = findings.null_item(at, here) if each is None else item(each, here, findings)
            found.append({} if checked is INVALID else checked)
        return found

    return check


def _scalars(item: Check, most: int | None, *, empty: bool) -> Check:
    def check(value: Any, at: str, findings: Findings) -> Any:
        if not isinstance(value, list):
            return findings.add(at, "not_a_list", reasons.not_a_list(value), value)
        if not value and not empty:
            return findings.add(at, "empty", reasons.EMPTY_LIST)
        if most is not None and len(value) > most:
            return findings.add(at, "max_length", reasons.too_many_items(most))
        found = [item(each, f"{at}.{position}", findings) for position, each in enumerate(value)]
        return INVALID if any(each is INVALID for each in found) else found

    return check


def _map(item: Check) -> Check:
    def check(value: Any, at: str, findings: Findings) -> Any:
        if not isinstance(value, dict):
            return findings.add(at, "not_a_dict", reasons.not_a_map(value), value)
        wrong = [each for key in value for each in characters(key)]
        for code, reason in dict.fromkeys(wrong):
            findings.add(at, code, reason)
        found = {key: item(each, f"{at}.{key}", findings) for key, each in value.items()}
        return INVALID if wrong or any(each is INVALID for each in found.values()) else found

    return check
