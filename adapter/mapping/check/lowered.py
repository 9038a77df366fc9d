"""What only correspondences say of a home: a mapping file that says it too is told what to say instead."""

from __future__ import annotations

from collections.abc import Iterator

from adapter.dialects import CORRESPONDENCES
from adapter.mapping.correspondence_parts import table
from adapter.mapping.files import Files
from adapter.mapping.language.grammar import Problem
from adapter.mapping.lowering_parts import PART, named_parts
from adapter.mapping.source import Source

# Words of a pair that correspondences give it, and what an author says.
_OF_PAIRS = {
    "choose": "choose is no construct of a pair any more; say sharper in a correspondence",
    "said_by": "said_by is no construct of a pair any more; say a second member of the part, with words",
}
# What a home that is a part has from it.
_OF_PARTS = ("inside", "owner", "each")


def lowered_words(files: Files) -> Iterator[tuple[str, Problem]]:
    """A mistake for each line of the dialect's own that is for correspondences to say, by its file."""
    for stem, (own, *others) in files.sources.items():
        if own.file.endswith(f"/{files.dialect}/{stem}.yaml"):
            yield from ((stem, problem) for problem in (*_pairs(own), *_parts(own, others)))


def _pairs(own: Source) -> Iterator[Problem]:
    for path in own.positions:
        is_pair = path[:1] == ("homes",) and path[2:3] in (("fields",), ("by",))
        if is_pair and len(path) in (5, 7) and path[-1] in _OF_PAIRS:
            yield Problem(path, _OF_PAIRS[str(path[-1])])


def _parts(own: Source, others: list[Source]) -> Iterator[Problem]:
    for name, part in named_parts(own.content):
        home = own.content["homes"][name]
        for word in _OF_PARTS:
            if word in home:
                text = f"{word} follows from the part {part}; leave it out, or change the part"
                yield Problem(("homes", name, word), text, blocking=True)
        said = [each for each in others if f"/{CORRESPONDENCES}/" in each.file]
        for path in table(home.get("means")):
            if any(path in table(_means(each, name)) for each in said):
                text = f"{path} stands in the part {part} already: leave it out, or change the part"
                yield Problem(("homes", name, "means", path), text)


def _means(source: Source, home: str) -> object:
    node = table(table(source.content.get("homes")).get(home))
    return node.get("means") if PART not in node else None
