"""The documents are valid OpenAPI, and readable: shared parts stand once, and every part is described."""

import pytest
from adapter.openapi.overlay import apply
from openapi_core import OpenAPI
from openapi_spec_validator import validate

from tests.specs.conftest import DOCUMENTS, OVERLAYS, operations, read, resolved


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_valid_openapi(name):
    validate(read(name))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_document_with_its_overlay_is_valid_openapi(overlay):
    validate(apply(read(OVERLAYS[overlay]), read(overlay)))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_openapi_core_takes_a_document_with_its_overlay(overlay):
    OpenAPI.from_dict(apply(read(OVERLAYS[overlay]), read(overlay)))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_operation_has_one_id_and_a_summary(name):
    ids = [operation["operationId"] for _, _, operation in operations(read(name))]
    assert len(set(ids)) == len(ids)
    assert all(operation["summary"] for _, _, operation in operations(read(name)))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_member_parameter_and_answer_is_described(name):
    assert not list(undescribed(read(name), read(name)["components"], "components"))
    for _, path, operation in operations(read(name)):
        for part in (*operation.get("parameters", ()), *operation["responses"].values()):
            assert resolved(read(name), part)["description"], path


NAMED = (".properties", ".schemas", ".parameters", ".headers", ".responses")


def undescribed(document, node, where):
    """Where a member or a component has no description, of its own or of what it refers to."""
    for key, child in children(node):
        below = f"{where}.{key}"
        if (
            where.endswith(NAMED)
            and isinstance(child, dict)
            and not resolved(document, child).get("description")
        ):
            yield below
        yield from undescribed(document, child, below)


def children(node):
    if isinstance(node, dict):
        return list(node.items())
    return list(enumerate(node)) if isinstance(node, list) else []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_parameter_header_and_body_that_is_shared_is_used(name):
    document = read(name)
    kinds = ("parameters", "headers", "requestBodies")
    shared = {f"#/components/{kind}/{key}" for kind in kinds for key in document["components"].get(kind, ())}
    assert not shared - set(references(document))


def references(node):
    if isinstance(node, dict) and "$ref" in node:
        yield node["$ref"]
    for _, child in children(node):
        yield from references(child)
