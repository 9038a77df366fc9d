"""KlantBrug's own objecttypes in an Objects API, over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from adapter.embedded.objects import POWERLESS, create_app
from adapter.embedded.server import running
from adapter.registers.client import Register
from adapter.registers.objecttypes import ObjecttypeRefused, set_up
from adapter.registers.services import build_service


@dataclass(frozen=True)
class Definition:
    uuid: str
    name: str
    name_plural: str
    schema: dict[str, Any]


ONE = Definition("0b6a6f5e-9d8c-5a33-8a53-0f8a3a3f1d11", "Bijlage", "Bijlagen", {"type": "object"})
TWO = Definition("0b6a6f5e-9d8c-5a33-8a53-0f8a3a3f1d12", "Categorie", "Categorieen", {"type": "object"})


def objects_register(base: str, token: str) -> Register:
    service = build_service(
        {
            "identifier": "objects",
            "api_type": "orc",
            "api_root": f"{base}/api/v2/",
            "auth_type": "api_key",
            "header_key": "Authorization",
            "header_value": f"Token {token}",
        }
    )
    return Register("objects", service, headers={"Content-Crs": "EPSG:4326"})


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with running(create_app(":memory:")) as base:
        yield base


@pytest.fixture
def objects(base: str) -> Iterator[Register]:
    register = objects_register(base, "demo")
    yield register
    register.close()


def test_setting_up_creates_once_and_publishes_what_changed(objects):
    def done(*definitions):
        return [(each.name, each.version, each.done) for each in set_up(objects, definitions)]

    assert done(ONE, TWO) == [("Bijlage", 1, "created"), ("Categorie", 1, "created")]
    assert done(ONE, TWO) == [("Bijlage", 1, "unchanged"), ("Categorie", 1, "unchanged")]
    changed = replace(ONE, schema={"type": "object", "properties": {"a": {"type": "string"}}})
    assert done(changed, TWO) == [("Bijlage", 2, "new version"), ("Categorie", 1, "unchanged")]
    assert done(changed) == [("Bijlage", 2, "unchanged")]
    assert done(ONE) == [("Bijlage", 3, "new version")]


def test_a_draft_is_no_published_version(objects):
    definition = replace(ONE, uuid="0b6a6f5e-9d8c-5a33-8a53-0f8a3a3f1d13")
    body = {"uuid": definition.uuid, "name": "Bijlage", "namePlural": "Bijlagen"}
    assert objects.call("POST", "objecttypes", json=body).status == 201
    draft = {"status": "draft", "jsonSchema": definition.schema}
    assert objects.call("POST", f"objecttypes/{definition.uuid}/versions", json=draft).status == 201
    (outcome,) = set_up(objects, [definition])
    assert (outcome.version, outcome.done) == (2, "new version")


def test_a_refusal_says_what_is_missing(base):
    register = objects_register(base, next(iter(POWERLESS)))
    with pytest.raises(ObjecttypeRefused, match="write permission") as caught:
        list(set_up(register, [replace(ONE, uuid="0b6a6f5e-9d8c-5a33-8a53-0f8a3a3f1d14")]))
    register.close()
    assert caught.value.status == 403
