"""Questions that a document answers."""

from __future__ import annotations

import pytest
from adapter.openapi.document import Document, UnknownReference, read_yaml
from adapter.openapi.specifications import specification

from tests.openapi.small import SMALL


def test_operations_come_in_the_order_of_the_document():
    assert [each.operation_id for each in SMALL.operations] == ["thingsList", "thingsCreate", "thingsDestroy"]
    assert [each.collection for each in SMALL.operations] == ["things"] * 3


def test_an_operation_is_found_by_method_and_path():
    assert SMALL.operation("post", "/things").operation_id == "thingsCreate"
    assert SMALL.operation("put", "/things") is None


def test_parameters_of_the_path_and_of_the_operation_are_joined():
    names = [each.name for each in SMALL.operation("get", "/things").parameters_in("query")]
    assert names == ["shared", "page", "owner"]


def test_body_and_answers_are_found_behind_references():
    create = SMALL.operation("post", "/things")
    assert create.body == create.answer == {"$ref": "#/components/schemas/Thing"}
    assert create.body_required
    listed = SMALL.operation("get", "/things")
    assert (listed.body, listed.answer) == (None, {"type": "array"})
    assert listed.answers["404"] is None


def test_allof_is_merged_and_the_schema_itself_wins():
    merged = SMALL.merged(
        {"allOf": [{"$ref": "#/components/schemas/Reference"}], "nullable": True, "type": "x"}
    )
    assert merged["nullable"]
    assert merged["type"] == "x"
    assert list(merged["properties"]) == ["uuid", "url"]
    assert SMALL.merged(SMALL.schema("Cat"))["required"] == ["uuid", "kind", "name"]
    assert "details" in SMALL.properties(SMALL.schema("Cat"))


def test_a_reference_to_nowhere_is_named():
    with pytest.raises(UnknownReference, match="Nowhere"):
        SMALL.schema("Loop")
    with pytest.raises(UnknownReference):
        SMALL.resolve({"$ref": "#/openapi/x"})


def test_instants_in_a_file_stay_text(tmp_path):
    path = tmp_path / "document.yaml"
    path.write_text("example: 2025-03-03T09:30:00Z\nday: 2025-03-03\nnumber: 7\n", encoding="utf-8")
    expected = {"example": "2025-03-03T09:30:00Z", "day": "2025-03-03", "number": 7}
    assert read_yaml(path) == Document.load(path).raw == expected


@pytest.mark.parametrize("name", ["klantinteracties", "klanten", "contactmomenten", "objects"])
def test_every_document_of_the_product_is_found(name):
    assert Document.load(specification(name)).operations
