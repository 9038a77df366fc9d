"""Every design rule finds what it is there for.

`make lint` holds the served document to them, and puts the linter where this test looks.
"""

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.specs.conftest import SPECS, read

SPECTRAL = Path(sys.prefix) / "spectral" / "node_modules" / ".bin" / "spectral"
RULES = SPECS / "design-rules.yaml"
pytestmark = pytest.mark.skipif(not SPECTRAL.exists(), reason="Spectral is not installed: make lint")


def found(document, folder):
    """The names of the rules that the document breaks."""
    file = folder / "document.json"
    file.write_text(json.dumps(document))
    command = [SPECTRAL, "lint", "--quiet", "--format", "json", "--ruleset", RULES, file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return {each["code"] for each in json.loads(done.stdout or "[]")}


def broken():
    """The served document, with a mistake against every rule."""
    document = copy.deepcopy(read("klantinteracties"))
    document["openapi"] = "2.0"
    document["info"] = {"title": "x", "version": "1", "contact": {}}
    document["servers"] = [{"url": "http://example.nl/api"}]
    # one path of its own is enough to be there
    paths = document["paths"] = {"/actoren": document["paths"]["/actoren"]}
    paths["/Actoren_oud/"] = {"get": paths["/actoren"]["get"], "trace": paths["/actoren"]["get"]}
    paths["/bijlagen/{id}/x"] = {"get": {"operationId": "a b", "tags": ["niets"], "responses": {}}}
    paths["/zonder"] = {
        "get": {
            "parameters": [{"in": "query", "name": "Slecht_gekozen", "schema": {"type": "string"}}],
            "responses": {
                "200": {"description": "x"},
                "404": {
                    "description": "x",
                    "headers": {"X": {"schema": {"type": "string"}}},
                    "content": {"application/json": {"schema": {"properties": {"code": {}}}}},
                },
            },
        }
    }
    document["tags"].append(document["tags"][0])
    document["components"]["schemas"]["Slecht"] = {
        "properties": {
            "met_streep": {"type": "string", "enum": [1]},
            "beginDatum": {"type": "string", "format": "date-time"},
            "tijd": {"type": "string", "format": "time"},
        }
    }
    return document


def test_every_rule_finds_a_mistake(tmp_path):
    ruleset = yaml.safe_load(RULES.read_text())
    rules = set(ruleset["rules"])
    # Another version of OpenAPI is not looked into, and a document without servers has none to look at.
    elsewhere = {"/core/doc-openapi", "oas3-schema", "oas3-api-servers", "path-params"}
    document = broken()
    assert "/core/doc-openapi" in found(document, tmp_path)
    document["openapi"] = "3.0.3"
    assert found(document, tmp_path) >= rules - elsewhere
    document["servers"] = []
    document["paths"]["/bijlagen/{id}/x"]["get"]["responses"] = {"200": {}}
    assert found(document, tmp_path) >= {"oas3-schema", "oas3-api-servers", "path-params"}
