"""The page of the reference that says how a dialect makes one record of several resources, and reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.correspondence.reading import read_correspondences
from adapter.dialects import Library
from adapter.mapping.language.values import constant
from adapter.mapping.reference.blocks import Block, Heading, Paragraph, Table

Content = Mapping[str, Any]
ABOUT = (
    "Generated from the correspondence by `klantbrug docs`. One record of {old} is made, once, of what "
    "clients record in several resources. Its pieces are held until then, and served as if they were "
    "recorded; afterwards they are read from the record, and from what stands beside it."
)
_EVERY = "any number"


def gathering_pages(library: Library, dialect: str) -> Iterator[tuple[str, list[Block]]]:
    """(name of a page, its blocks) for each correspondence of a dialect that gathers."""
    if not library.gathers(dialect):
        return
    for file in read_correspondences(library, dialect).values():
        if "gather" in file.content:
            yield f"gathering-{dialect}", list(_blocks(dialect, file.content))


def _blocks(dialect: str, content: Content) -> Iterator[Block]:
    gather = content["gather"]
    yield Heading(f"Gathering in {dialect}", 1, (dialect,))
    yield Paragraph(ABOUT.format(old=content["old"]))
    yield Heading(f"What is held in {dialect}", 2, (dialect,))
    yield Table(("resource", "belongs to the contact by", "how many"), list(_held(content)))
    yield Heading(f"When it is sent in {dialect}", 2, (dialect,))
    yield Paragraph("The first line that holds counts.")
    yield Table(("when", "only if", "as", "to"), [_rule(each, gather) for each in gather["send"]])
    yield Heading(f"The record in {dialect}", 2, (dialect,))
    yield Table(("member", "kind", "says", "conversion"), list(_members(content)))
    yield Heading(f"Texts in {dialect}", 2, (dialect,))
    yield Paragraph(
        "A text that is not just what these forms would make is read as free text. The last line of the "
        "member with the sign is not served: by it the record is recognised."
    )
    yield Table(("member", "kind", "form"), list(_texts(content)))
    yield Heading(f"Beside the record in {dialect}", 2, (dialect,))
    yield Table(("what", "from", "how"), list(_beside(gather)))


def _held(content: Content) -> Iterator[tuple[str, ...]]:
    gather = content["gather"]
    yield (content["new"], "it is the contact", "one")
    for resource, reference in gather["pieces"].items():
        yield (resource, reference, "one" if resource in gather.get("single", ()) else _EVERY)


def _rule(node: Content, gather: Content) -> tuple[str, ...]:
    when = "it is quiet, or too old"
    if "with" in node:
        after = node.get("after", 0)
        when = f"{constant(after)} seconds after {node['with']}" if after else f"at once with {node['with']}"
    only = [f"{name} is {_in(value)}" for name, value in (node.get("if") or {}).items()]
    make = (gather.get("fall_back") or {}).get("make") or {}
    to = _each(make) if node.get("fall_back") else ""
    return (when, " and ".join(only), node["as"], to)


def _in(value: Any) -> str:
    if isinstance(value, list):
        return f"one of {', '.join(map(constant, value))}"
    return f"in {constant(value)}" if isinstance(value, Mapping) else constant(value)


def _each(constants: Content) -> str:
    return ", ".join(f"{name} is {constant(value)}" for name, value in constants.items())


def _members(content: Content) -> Iterator[tuple[str, ...]]:
    for kind, node in content["kinds"].items():
        for name, value in node["make"].items():
            yield (name, kind, constant(value), "always")
    for name, pair in (content.get("pairs") or {}).items():
        yield _pair(_at(pair), "", content["new"], name, pair)
    for kind, pairs in (content["by"].get("kind") or {}).items():
        for name, pair in pairs.items():
            yield _pair(_at(pair), kind, content["new"], name, pair)
    for part in content["parts"].values():
        for at, pair in part["item"].items():
            node = {"new": pair} if isinstance(pair, str) else pair
            joined = ", ".join((*node.get("joined", ()), node["new"]))
            yield _pair(at, ", ".join(part.get("kinds", ())), _row(part, content), joined, node)
    for kind, node in content["kinds"].items():
        for name, value in (node.get("fill") or {}).items():
            yield (name, kind, constant(value), "where nothing else is said; read as nothing")


def _at(pair: Any) -> str:
    return str(pair["at"] if isinstance(pair, Mapping) else pair)


def _pair(at: str, kind: str, resource: str, member: str, pair: Any) -> tuple[str, ...]:
    node = pair if isinstance(pair, Mapping) else {}
    said = [f"{served} is {_words(there)}" for served, there in (node.get("words") or {}).items()]
    said += ["cut where it is too long; the whole stands beside"] if node.get("too_long") == "cut" else []
    said += ["only read"] if node.get("read_only") else []
    return (at, kind, f"{resource}: {member}", "; ".join(said) or "as it is")


def _words(there: Any) -> str:
    return " or ".join(map(str, there)) if isinstance(there, list) else str(there)


def _row(part: Content, content: Content) -> str:
    """Whose members a part has: `the first … of RESOURCE with MEMBER VALUE of PART`."""
    many = "each_of" in part
    resource = part["each_of"] if many else part["one_of"]
    where = [f"{name} {constant(value)}" for name, value in (part.get("where") or {}).items()]
    whose = [f"of {part['of']}"] if "of" in part else []
    by = [f"in {part['by']}"] if "by" in part else [f"by {part['via']}"] if "via" in part else []
    said = [f"with {' and '.join(where)}"] if where else []
    first = "each that has no other place, of" if many else "the first without another place, of"
    return " ".join([first, resource, *said, *by, *whose])


def _texts(content: Content) -> Iterator[tuple[str, ...]]:
    sign = content["gather"]["sign"]
    for name, node in (content.get("texts") or {}).items():
        kinds = ", ".join(node.get("kinds", ()))
        if node.get("first_line"):
            yield (name, kinds, "`first`, and on the lines below it `free`")
            continue
        many = node.get("many", ())
        labels = (f"`{each}: …`{' (several)' if each in many else ''}" for each in node["labels"])
        yield (name, kinds, f"{', '.join(labels)}, each on a line of its own; a blank line; `free`")
    for kind, name in sign["in"].items():
        yield (name, kind, f"last the sign, `{sign['line']}`")


def _beside(gather: Content) -> Iterator[tuple[str, ...]]:
    for resource, node in (gather.get("links") or {}).items():
        where = _each(node.get("where") or {})
        yield (f"a record of {node['post']}", f"{resource}{f' where {where}' if where else ''}", "also later")
    for resource, node in (gather.get("behind") or {}).items():
        yield (f"{node['each']} of the record", f"behind {node['member']} of {resource}", "only read")
    if answer := gather.get("answer"):
        served = constant(answer["served"])
        yield (f"{answer['at']} of the record", "a contact of its own", f"where {served} is true")
    for name, node in (gather.get("names") or {}).items():
        known = (
            f"one of {constant(node['known'])}, if that has any" if "known" in node else "is sent as it is"
        )
        yield (f"a name in {name}", "must be known to the register", known or "is sent as it is")
    for name in gather.get("droppable", ()):
        yield (name, "the register may refuse it", "then the record is made without it")
    yield ("whatever the record does not say", "each piece", "kept with it, until the record changes")
