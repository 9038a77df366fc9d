"""The page about mappings names every construct, and its examples are right."""

import re
from pathlib import Path

import pytest
from adapter.correspondence.language import CORRESPONDENCE, PARTS
from adapter.mapping.check.language import RESOURCE, kind_of
from adapter.mapping.check.register_language import DIALECT, REGISTERS
from adapter.mapping.constructs.rules import RULES
from adapter.mapping.language.grammar import Choice, Described, Every, Kind, Shape, Table
from adapter.mapping.source import read_text

PAGE = (Path(__file__).parents[2] / "docs" / "mappings.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
PROBES = (None, "text", {}, {"at": 1}, {"known": 1}, {"legacy": 1}, {"same_as": 1}, {"first_line_of": 1})


def _constructs(kind: Kind, seen: set[int]) -> set[str]:
    if id(kind) in seen:
        return set()
    seen.add(id(kind))
    if isinstance(kind, Shape):
        names = {name: each for name, each in kind.names.items() if name not in kind.lowered}
        return set(names).union(*(_constructs(each, seen) for each in names.values()))
    if isinstance(kind, Table | Every):
        return _constructs(kind.item, seen)
    if isinstance(kind, Described):
        return _constructs(kind.kind, seen)
    if isinstance(kind, Choice):
        return set().union(*(_constructs(kind.of(probe), seen) for probe in PROBES))
    return set()


def _all() -> list[str]:
    seen: set[int] = set()
    kinds = [
        RESOURCE,
        kind_of("maak", {"parts": {}}),
        REGISTERS,
        DIALECT,
        CORRESPONDENCE,
        PARTS,
        *(each.shape for each in RULES.values()),
    ]
    return sorted(set().union(*(_constructs(kind, seen) for kind in kinds)))


@pytest.mark.parametrize("name", _all())
def test_every_construct_is_named(name):
    text = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    assert re.search(rf"`{{?{name}\b", text)


@pytest.mark.parametrize("example", EXAMPLES, ids=[each.split("\n")[0] for each in EXAMPLES])
def test_every_example_keeps_to_the_language(example):
    content = read_text(example, "example").content
    special = {"registers": REGISTERS, "extends": DIALECT, "correspondence": CORRESPONDENCE}
    kind = next((special[name] for name in content if name in special), kind_of("example", content))
    assert isinstance(kind, Shape)
    # An example shows a part of a file: what a whole one needs may be missing.
    part = Shape(kind.noun, kind.names)

    wrong = [each.text for each in part.problems(content, ())]
    assert [each for each in wrong if not each.startswith("a home needs exactly one of")] == []
