"""What the served document says on top of the published one."""

import pytest
from connexion import AsyncApp
from connexion.resolver import Resolution, Resolver

from tests.specs.conftest import operations, read, resolved

DOCUMENT = read("klantinteracties")
OPERATIONS = operations(DOCUMENT)
JSON = ["application/json", "application/problem+json"]


class Nothing(Resolver):
    """Every operation, carried out by a function that does nothing."""

    def resolve(self, operation):
        return Resolution(lambda **_: None, operation.operation_id)


def test_connexion_serves_it():
    app = AsyncApp("klantinteracties")
    app.add_api(DOCUMENT, resolver=Nothing(), base_path="/klantinteracties/api/v1")
    assert len(OPERATIONS) == 86


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_answer_that_is_an_error_is_declared_in_the_common_form(method, path, operation):
    expected = {"400", "401", "403", "405", "406", "413", "502", "503"}
    names = {resolved(DOCUMENT, each)["name"] for each in operation.get("parameters", ())}
    expected |= {"404"} if "{uuid}" in path or "page" in names or method == "post" else set()
    expected |= {"409"} if method == "post" else set()
    expected |= {"429"} if path != "/" else set()
    expected |= {"408", "415"} if "requestBody" in operation else set()
    errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
    assert set(errors) == expected
    for status, answer in errors.items():
        content = resolved(DOCUMENT, answer)["content"]
        assert list(content) == JSON
        form = "ValidatieFout" if status == "400" else "Fout"
        assert {each["schema"]["$ref"] for each in content.values()} == {f"#/components/schemas/{form}"}


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_answer_carries_the_version(method, path, operation):
    for answer in operation["responses"].values():
        assert "API-Version" in resolved(DOCUMENT, answer)["headers"]


def test_a_create_takes_a_key_and_says_where_the_result_is():
    creates = [(path, operation) for method, path, operation in OPERATIONS if method == "post"]
    assert len(creates) == 15
    for path, operation in creates:
        assert {"$ref": "#/components/parameters/Idempotency-Key"} in operation["parameters"]
        # What maak-klantcontact makes has no single place.
        assert ("Location" in operation["responses"]["201"]["headers"]) == (path != "/maak-klantcontact")


def test_a_token_is_asked_everywhere_but_for_the_overview():
    assert DOCUMENT["security"] == [{"tokenAuth": []}]
    assert [path for _, path, operation in OPERATIONS if "security" in operation] == ["/"]
    assert DOCUMENT["paths"]["/"]["get"]["security"] == []


@pytest.mark.parametrize("name", ["Klantcontact", "PatchedKlantcontact"])
def test_the_members_for_older_clients_are_deprecated_and_optional(name):
    schema = DOCUMENT["components"]["schemas"][name]
    older = {key: schema["properties"][key] for key in ("todo", "resultaat", "geregistreerdOp")}
    assert all(each["deprecated"] for each in older.values())
    assert not older.keys() & set(schema.get("required", ()))
    assert older["todo"]["maxLength"] == 1000
    assert older["geregistreerdOp"]["readOnly"]
