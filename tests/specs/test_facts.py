"""Every fact of the published specifications holds in our documents.

`published/` holds those specifications without their prose.
"""

from pathlib import Path

import pytest
import yaml

from tests.specs.conftest import read
from tests.specs.facts import facts

PUBLISHED = Path(__file__).parent / "published"
FACTS = {
    "klantinteracties-0.9.0": 20386,
    "klanten-1.0.0": 2686,
    "contactmomenten-1.0.0": 4598,
    "objects-2.7.0": 1933,
    "esuite-klanten-1.3.0": 885,
    "esuite-contactmomenten-1.7.0": 1450,
}


@pytest.mark.parametrize("name", FACTS)
def test_the_facts_of_the_published_specification_hold(name):
    published = facts(yaml.load((PUBLISHED / f"{name}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader))
    ours = facts(read(name.rpartition("-")[0]))
    assert {where: ours.get(where) for where in published if ours.get(where) != published[where]} == {}
    assert len(published) == FACTS[name]


def document(**member):
    """One that answers an object with one member."""
    schema = {"properties": {"naam": {"type": "string", **member}}}
    content = {"application/json": {"schema": {"allOf": [{"$ref": "#/components/schemas/X"}]}}}
    return {
        "paths": {"/x": {"get": {"responses": {"200": {"content": content}}}}},
        "components": {"schemas": {"X": schema}},
    }


@pytest.mark.parametrize("change", [{"maxLength": 9}, {"nullable": True}, {"enum": ["a"]}])
def test_what_a_client_can_observe_is_a_fact(change):
    told = facts(document(**change)).keys() - facts(document()).keys()
    assert told == {f"GET /x -> 200.naam {word}" for word in change}


def test_prose_is_no_fact():
    assert facts(document(description="Anders.")) == facts(document())
