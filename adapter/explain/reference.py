"""The generated reference of the mappings of all dialects, as files."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from adapter.dialects import SHIPPED, Library
from adapter.explain.filters import ways
from adapter.explain.gathered_page import gathering_pages
from adapter.mapping.check.schema import language_schema
from adapter.mapping.language.ground import Ground
from adapter.mapping.reference.blocks import Block, Heading, Paragraph, Table, markdown
from adapter.mapping.reference.pages import Described, Ways, coverage, ground_of, page
from adapter.mapping.reference.web import reference
from adapter.shipped import (
    example_settings,
    served_document,
    shipped_mappings,
    standard_documents,
)

FOLDER = "reference"
HTML = "index.html"
SCHEMA = "mapping.schema.json"
TITLE = "Mapping reference"
ABOUT = (
    "Generated from the mappings by `klantbrug docs`. No value that *does not fit* is lost: the aanvulling, "
    "an object in the Objects API, stores what a register cannot. A filter is answered by a *page*: one "
    "register gives the page and the count; by a *search*: registers are searched, and KlantBrug tests what "
    "they give; or by a *scan*: KlantBrug reads all resources and tests them, up to `limits.scan`. Where "
    "there are several, it depends on the value."
)


def _names(library: Library) -> list[str]:
    """The dialects that are described, with those that they extend; the latter come first."""
    found = {each for name in library.own() for each in library.lineage(name)}
    return sorted(found, key=lambda each: (len(library.lineage(each)), each))


def described(library: Library = SHIPPED) -> list[Described]:
    """The descriptions of the dialects; those that others extend come first."""
    return [described_dialect(name, library) for name in _names(library)]


def described_dialect(name: str, library: Library = SHIPPED) -> Described:
    """The description of a dialect, with the way in which it answers each filter."""
    ground = _ground(name, library)
    return Described(name, ground, _answered(name, ground, library))


def _ground(name: str, library: Library) -> Ground:
    return ground_of(library, name, served=served_document(), registers=standard_documents())


def _answered(dialect: str, ground: Ground, library: Library) -> Ways:
    """How each filter is answered, also with the settings that some are answered in another way with."""
    settings = example_settings()
    found = ways(shipped_mappings(dialect, library=library), served_document())
    for setting, value in _deciding(ground):
        changed = {**settings, setting: value}
        others = ways(shipped_mappings(dialect, changed, library), served_document())
        for key, way in others.items():
            if way != found[key]:
                found[key] = f"{found[key]}; with {setting}: {value}, {way}"
    return found


def _deciding(ground: Ground) -> set[tuple[str, str]]:
    """(setting, value) on which it depends whether members are numbered."""
    nodes = [node.get("numbered") for view in ground.views.values() for node in view.members.values()]
    return {(node["setting"], node["is"]) for node in nodes if node}


def files(library: Library = SHIPPED) -> Iterator[tuple[str, str]]:
    """(path below docs/, text) of each generated file."""
    all_dialects = described(library)
    resources = list(all_dialects[0].ground.views)
    everything: list[Block] = []
    for resource in resources:
        blocks = page(resource, all_dialects)
        yield f"{FOLDER}/{resource}.md", markdown(blocks)
        everything += [_deeper(block) for block in blocks]
    names = [name for each in all_dialects for name, _ in gathering_pages(library, each.name)]
    for each in all_dialects:
        for name, blocks in gathering_pages(library, each.name):
            yield f"{FOLDER}/{name}.md", markdown(blocks)
            everything += [_deeper(block) for block in blocks]
    about = ABOUT.replace("`", "").replace("*", "")
    yield f"{FOLDER}/README.md", markdown(_contents([*resources, *names]))
    yield f"{FOLDER}/{HTML}", reference(TITLE, about, everything, [each.name for each in all_dialects])
    yield SCHEMA, editor_schema()


def editor_schema() -> str:
    """The JSON Schema of mapping files, by which editors complete and check them."""
    schema = orjson.dumps(language_schema(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    return schema.decode()


def _contents(resources: list[str]) -> list[Block]:
    links = "\n".join(f"- [{each}]({each}.md)" for each in resources)
    return [Heading(TITLE), Paragraph(ABOUT), Paragraph(links), Paragraph(f"All on [one page]({HTML}).")]


def _deeper(block: Block) -> Block:
    return Heading(block.text, block.level + 1, block.dialects) if isinstance(block, Heading) else block


def coverage_tables(library: Library = SHIPPED) -> list[Block]:
    """A table per dialect with the place of every served property."""
    blocks: list[Block] = []
    for name in _names(library):
        lines = list(coverage(_ground(name, library)))
        blocks += [Heading(name, 2), Table(("resource", "property", "lives in"), lines)]
    return blocks


def filter_tables(library: Library = SHIPPED) -> list[Block]:
    """A table per dialect with the way in which every filter is answered."""
    blocks: list[Block] = []
    for each in described(library):
        lines = [(f"GET /{name}", parameter, way) for (name, parameter), way in each.ways.items()]
        blocks += [Heading(each.name, 2), Table(("operation", "parameter", "answered by"), lines)]
    return blocks
