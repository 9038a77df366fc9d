"""Examples of correspondences: what new records say as an old one, and what an old one is written as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from adapter.correspondence.compiling import Compiler
from adapter.correspondence.gather_compiling import gathers
from adapter.correspondence.model import Correspondence, Part, Reference, Rows
from adapter.correspondence.reading import read_correspondences
from adapter.correspondence.rows import meets
from adapter.correspondence.translating import alone, counts, filling, written
from adapter.dialects import SHIPPED, Library
from adapter.mapping.codecs import DoesNotFit
from adapter.mapping.paths import MISSING, get, parse, put
from adapter.mapping.settings import Settings
from adapter.reverse.links import Bases
from adapter.shipped import example_settings, register_documents, served_document

BASES = {
    "klanten": ["https://brug.example/klanten/api/v1"],
    "contactmomenten": ["https://brug.example/contactmomenten/api/v1"],
    "zaken": ["https://zaken.example"],
}
ASIDE = "aside"
EXAMPLES = yaml.load(
    Path(__file__).with_name("examples.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
)


def compiled(dialect: str, library: Library = SHIPPED) -> dict[str, Correspondence]:
    """The correspondences of a dialect that serve both directions, by name. Raises MappingError."""
    compiler = Compiler(served_document(), register_documents(dialect, library), Settings(example_settings()))
    files = read_correspondences(library, dialect).values()
    return {each.name: each for each in map(compiler.compiled, (it for it in files if not gathers(it)))}


def said(it: Correspondence, new: Mapping[str, Any], rows: Mapping[str, list[Any]]) -> dict[str, Any]:
    """The old record that a new one says by itself; `rows` by resource."""

    def of(wanted: Rows) -> list[Any]:
        return rows.get(wanted.resource, [])

    return alone(it, "right", new, of, Bases(BASES))


def sent(it: Correspondence, old: Mapping[str, Any]) -> dict[str, Any]:
    """What an old record is written as, by path; ASIDE where the new one cannot say it."""
    found = dict(_members("", it.pairs, old))
    body: dict[str, Any] = {}
    for path, value in found.items():
        put(body, parse(path), value)
    for path, filler in it.fill("left"):
        value = filling(filler, body, "")
        # what follows from another record is told as it is declared
        found.setdefault(".".join(path), value if value is not MISSING else repr(filler))
    found |= {f"where {'.'.join(path)}": value for path, value in it.left.where}
    for name, value in _of_parts(it.parts, old):
        # two parts may be told by one member of the old record
        found[name if name not in found else f"{name} (2)"] = value
    return found


def _of_parts(parts: Iterable[Part], old: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for part in parts:
        value, at = get(old, part.path), ".".join(part.path)
        if not meets(old, part.only) or value in (MISSING, None):
            continue
        for number, item in enumerate(value if part.kind == "each_of" else [value]):
            place = f"{at}.{number}" if part.kind == "each_of" else at
            yield from _members(f"{place} > {part.rows.resource}.", part.pairs, item)
            if isinstance(item, Mapping):
                yield from _of_parts(part.parts, item)
        yield from _declared(at, part)
        rows = part.rows
        for kind in ("where", "make", "prefer", "on_change", "refused"):
            for path, wanted in getattr(rows, kind):
                yield f"{at} {kind} {'.'.join(path)}", wanted


def _declared(at: str, part: Part) -> Iterator[tuple[str, Any]]:
    """What no value shows: whose rows these are, and what a value makes of them."""
    rows = part.rows
    for name in ("via", "shared", "through", "own", "adopted", "makeable"):
        said = getattr(rows, name)
        if name == "shared" and said == ():
            yield f"{at} {name}", "itself"
        elif said not in (None, "", (), True):
            yield f"{at} {name}", ".".join(said) if isinstance(said, tuple) else said
    if part.filled:
        yield f"{at} filled", ".".join(part.filled)
    for word, given in part.quantifier.becomes if part.quantifier else ():
        yield from ((f"{at} {word} makes {'.'.join(path)}", value) for path, value in given)


def _members(where: str, pairs: Iterable[Any], record: Any) -> Iterator[tuple[str, Any]]:
    for pair in pairs:
        if pair.read_only or not counts(pair, record, "right"):
            continue
        try:
            value = written(pair, "left", record, Bases(BASES))
        except DoesNotFit:
            value = ASIDE
        collections = [each.collection for each in pair.conversions if isinstance(each, Reference)]
        if collections:
            yield f"{where}{'.'.join(map(str, pair.left))} to", ", ".join(collections)
        for other in pair.left_others:
            yield f"{where}{'.'.join(map(str, pair.left))} also", ".".join(map(str, other))
        if pair.frozen:
            yield f"{where}{'.'.join(map(str, pair.left))} frozen", pair.frozen
        if value is not MISSING:
            yield f"{where}{'.'.join(map(str, pair.left))}", value


def differences(dialect: str, library: Library = SHIPPED) -> list[str]:
    """The names of the examples of a dialect that come out otherwise. Raises MappingError."""
    found = compiled(dialect, library)
    return [
        each["name"]
        for each in EXAMPLES.get(dialect, ())
        if not _is_so(found.get(each["correspondence"]), each)
    ]


def _is_so(it: Correspondence | None, example: Mapping[str, Any]) -> bool:
    if it is None:
        return False
    if "new" in example:
        return said(it, example["new"], example.get("rows", {})) == example["old"]
    return sent(it, example["old"]) == example["sent"]
