"""The JSON Schema of the language: it takes what the language takes, and describes every construct."""

from pathlib import Path

import jsonschema_rs
import pytest
from adapter.mapping.check.schema import language_schema
from adapter.mapping.slots import SLOTS_FILE
from adapter.mapping.source import read, read_text

from tests.mapping.conftest import SHIPPED

# what klantbrug slots writes is for no editor
FILES = sorted(each for each in SHIPPED.glob("*/*.yaml") if each.name != SLOTS_FILE)
SCHEMA = language_schema()
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_the_shipped_mappings_keep_to_it(path):
    assert [str(each) for each in VALIDATOR.iter_errors(read(path).content)] == []


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_every_mapping_names_it_for_editors(path):
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (
        path.parent / first.partition("=")[2]
    ).resolve() == SHIPPED.parent / "docs" / "mapping.schema.json"


@pytest.mark.parametrize(
    "text",
    [
        "resource: x\nrule: []",
        "resource: x\nfields: {a: {too: b}}",
        "resource: x\nfields: {a: {when_deleted: remove}}",
        "resource: x\nhomes: {a: {record: a/b, read_only: true}}",
        "resource: x\nhomes: {a: {fields: {b: {at: c, too_long: keep}}}}",
        "resource: x\nrules: [{emial: a}]",
        "resource: x\nexamples: [{name: a, cases: legacy}]",
        "registers: {a: {collections: {b: {frozen: never}}}}",
    ],
)
def test_a_mistake_is_seen_by_an_editor(text):
    assert not VALIDATOR.is_valid(read_text(text, "example").content)


def test_every_construct_is_described():
    shapes = [each for each in SCHEMA["definitions"].values() if "properties" in each]
    assert len(shapes) > 30
    assert all(each["description"] for shape in shapes for each in shape["properties"].values())
