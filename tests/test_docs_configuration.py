"""The page about configuration leaves no setting out, and says something of each."""

import re

import pytest
from adapter.configuration.page import page
from adapter.configuration.schemas import configuration_schema, read_data


def _names(schema):
    """Every setting in a schema, however deep; what a register is given stands once."""
    for name, each in schema.get("properties", {}).items():
        yield name
        for part in (each, each.get("items"), each.get("additionalProperties")):
            # The two certificates are files, whose names are in the sentence about them.
            if isinstance(part, dict) and not name.endswith("_certificate"):
                yield from _names(part)


@pytest.mark.parametrize("name", sorted(set(_names(configuration_schema()))))
def test_every_setting_is_on_the_page(name):
    assert re.search(rf"`{name}`|^## .*\b{name}\b", page(), re.MULTILINE)


def test_every_setting_says_what_it_is_for():
    schema = read_data("schema.yaml")
    schema["properties"]["settings"] = read_data("settings.yaml")
    rows = [line.split(" | ") for line in re.findall(r"^\| `.*$", page(), re.MULTILINE)]
    assert len(rows) > 60
    assert [row[0] for row in rows if row[-1].strip(" |") == ""] == []
