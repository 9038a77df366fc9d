"""What a real server answered to wrong requests: the same problems, in the same order."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from adapter.openapi.bodies import compile_body
from adapter.openapi.document import Document
from adapter.openapi.parameters import compile_query, filters_of_one
from adapter.shipped import served_document

RECORDED = Path(__file__).parents[1] / "parity" / "recorded" / "klantinteracties"
UNKNOWN = "99999999-9999-4999-8999-999999999999"
# The one blank text of a required member that the reference takes.
OPTIONS = {"partij-identificatoren": {"partijIdentificator.objectId": {"blank": True}}}
# Codes and reasons that follow from a schema alone; the other ones are rules of the resources.
CODES = {
    "required", "null", "blank", "max_length", "min_length", "invalid_choice", "not_a_dict", "not_a_list",
    "null_characters_not_allowed", "surrogate_characters_not_allowed", "max_value", "min_value", "overflow",
}  # fmt: skip
VARIANTS = {"partijIdentificatie", "actorIdentificatie"}
REASONS = (
    "Must be a valid",
    "Not a valid",
    "Voer een geldige URL",
    "Ongeldige data.",
    "Date heeft",
    "Datetime heeft",
    "Een geldig getal",
)


@pytest.fixture(scope="module")
def document() -> Document:
    return served_document()


def steps() -> list[dict[str, Any]]:
    loader = yaml.CSafeLoader
    files = sorted(RECORDED.glob("**/*.yaml"))
    return [step for file in files for step in yaml.load(file.read_text("utf-8"), loader)["steps"]]


def filled(text: str) -> str:
    """Names of kept values are replaced by something of their kind."""
    return re.sub(r"\{\w+\}", UNKNOWN, text.replace("{base}", "https://brug.example"))


def expected(step: dict[str, Any]) -> list[tuple[str, str, str]]:
    problems = (step["expect"].get("body") or {}).get("invalidParams", [])
    return [(each["name"], each["code"], each["reason"]) for each in problems]


def last(name: str) -> bool:
    """Whether a problem is of the group of a variant, which is looked at when all else is right."""
    return name.partition(".")[0] in VARIANTS


def test_bodies(document):
    validators = {
        operation.collection: compile_body(
            document, operation.body, options=OPTIONS.get(operation.collection)
        )
        for operation in document.operations
        if operation.method == "post" and operation.body
    }
    compared = 0
    for step in steps():
        method, path = step["call"].split()[:2]
        if "json" not in step or method not in {"POST", "PUT", "PATCH"}:
            continue
        if step["expect"]["status"] not in {200, 201, 400} or path == "/":
            continue
        checked = validators[re.split(r"[/?]", path)[1]](
            json.loads(filled(json.dumps(step["json"]))), method == "PATCH"
        )
        asked = parse_qs(urlsplit(path).query)
        from_schema = [
            problem
            for problem in expected(step)
            if (problem[1] in CODES or problem[2].startswith(REASONS)) and problem[0] not in asked
        ]
        others = any(not last(name) for name, *_ in expected(step))
        found = [each for each in checked.problems if not (others and last(each.name))]
        assert [(each.name, each.code, each.reason) for each in found] == from_schema, step["call"]
        compared += 1
    assert compared > 1000


def test_queries(document):
    parsers = {
        (operation.collection, "{" in operation.path): compile_query(
            document, operation.parameters_in("query"), filters=filters_of_one(document, operation)
        )
        for operation in document.operations
        if operation.method == "get"
    }
    compared = 0
    for step in steps():
        method, _, target = step["call"].partition(" ")
        # What an earlier answer gave (a link, an instant) cannot be filled in here.
        if method != "GET" or "?" not in target or "={op}" in target or not target.startswith("/"):
            continue
        # Another form than JSON is refused before the query is read.
        if "format=" in target and step["expect"]["status"] == 404:
            continue
        path, _, query = filled(target).partition("?")
        collection, _, identifier = path.strip("/").partition("/")
        parsed = parsers[collection, bool(identifier)](query)
        found = sorted((each.name, each.code, each.reason) for each in parsed.problems)
        assert found == sorted(expected(step)), step["call"]
        compared += 1
    assert compared > 300
