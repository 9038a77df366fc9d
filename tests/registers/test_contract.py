"""Register exchanges against a document: what is found, and that no finding holds a value."""

import logging

import orjson
import pytest
from adapter.counts import Counts
from adapter.errors import RegisterAnswer
from adapter.registers.contract import Finding, RegisterContract, contract_for
from adapter.registers.messages import Mode, Received, Sent

from tests.registers.test_client import UUID

THING = {
    "type": "object",
    "required": ["url", "naam"],
    "properties": {
        "url": {"type": "string", "format": "uri", "readOnly": True},
        "naam": {"type": "string", "maxLength": 5},
        "soort": {"type": "string", "enum": ["een", "twee"]},
        "adres": {"allOf": [{"$ref": "#/components/schemas/Adres"}], "nullable": True},
    },
}
ANSWER = {
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
    "description": "",
}
UUID_PARAMETER = {
    "in": "path",
    "name": "uuid",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Things", "version": "1"},
    "servers": [{"url": "https://elders.example.nl/api/v1"}],
    "security": [{"login": []}],
    "paths": {
        "/things": {
            "get": {
                "operationId": "list",
                "parameters": [{"in": "query", "name": "page", "schema": {"type": "integer"}}],
                "responses": {"200": {"description": ""}},
            },
            "post": {
                "operationId": "create",
                "requestBody": ANSWER | {"required": True},
                "responses": {"201": ANSWER},
            },
        },
        "/things/{uuid}": {
            "get": {
                "operationId": "retrieve",
                "parameters": [UUID_PARAMETER],
                "responses": {"200": ANSWER},
            },
            "patch": {
                "operationId": "change",
                "parameters": [UUID_PARAMETER],
                "requestBody": ANSWER | {"required": True},
                "responses": {"200": ANSWER},
            },
        },
    },
    "components": {
        "schemas": {
            "Thing": THING,
            "Adres": {"type": "object", "properties": {"plaats": {"type": "string"}}},
        },
        "securitySchemes": {"login": {"type": "http", "scheme": "bearer"}},
    },
}
GOOD = {"url": "https://a.nl/1", "naam": "Jan", "adres": None}


def exchange(method, path, *, params=(), body=None, status=200, answer=None):
    """The findings of one exchange, as (half, position, rule)."""
    found: list[Finding] = []
    contract = RegisterContract("things", DOCUMENT, found.append)
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    sent = Sent(method, path, params, headers, None if body is None else orjson.dumps(body))
    contract.request(sent)
    contract.answer(sent, Received(status, {"Content-Type": "application/json"}, orjson.dumps(answer)))
    assert all(each.register == "things" for each in found)
    return [(each.half, each.position, each.rule) for each in found]


def test_an_exchange_that_keeps_the_contract_has_no_findings():
    assert exchange("GET", f"things/{UUID}", answer=GOOD) == []
    assert exchange("POST", "things", body={"naam": "Jan"}, status=201, answer=GOOD) == []
    assert exchange("GET", "things", params=[("page", "2")], answer={}) == []


def test_null_is_allowed_where_nullable_stands_beside_a_reference():
    assert exchange("GET", f"things/{UUID}", answer=GOOD | {"adres": {"plaats": "Utrecht"}}) == []
    assert exchange("GET", f"things/{UUID}", answer=GOOD | {"adres": 5}) != []


def test_everything_wrong_in_an_answer_is_found_with_position_and_rule():
    answer = {"naam": "te lang voor hier", "soort": "drie"}
    assert sorted(exchange("GET", f"things/{UUID}", answer=answer)) == [
        ("answer", "/", "required url"),
        ("answer", "/naam", "maxLength 5"),
        ("answer", "/soort", "enum"),
    ]


@pytest.mark.parametrize(
    ("method", "path", "details", "finding"),
    [
        ("GET", "nothings", {}, ("request", "", "operation not in the contract")),
        ("DELETE", f"things/{UUID}", {}, ("request", "", "operation not in the contract")),
        ("GET", "things", {"params": [("x", "1")]}, ("request", "x", "parameter not in the contract")),
        ("POST", "things", {"body": {"naam": 5}, "status": 201}, ("request", "/naam", "type string")),
        ("GET", f"things/{UUID}", {"status": 418}, ("answer", "", "status not in the contract")),
    ],
)
def test_what_the_contract_does_not_have_is_found(method, path, details, finding):
    assert finding in exchange(method, path, answer=GOOD, **details)


def test_a_patch_may_leave_out_what_a_whole_record_must_have():
    change = {"adres": {"plaats": "Delft"}}
    assert exchange("PATCH", f"things/{UUID}", body=change, answer=GOOD) == []
    assert exchange("PATCH", f"things/{UUID}", body={"naam": "te lang"}, answer=GOOD) == [
        ("request", "/naam", "maxLength 5")
    ]


def test_a_wrong_parameter_is_found_by_name():
    (found,) = exchange("GET", "things", params=[("page", "BSN 999990019")], answer={})
    assert found[:2] == ("request", "page")
    assert "999990019" not in found[2]


def broken_exchange(contract):
    sent = Sent("GET", f"things/{UUID}", (), {}, None)
    contract.answer(
        sent,
        Received(200, {"Content-Type": "application/json"}, b'{"url": "https://a.nl", "naam": "Jansen"}'),
    )


def test_log_mode_writes_a_warning_without_values(caplog):
    with caplog.at_level(logging.WARNING):
        broken_exchange(contract_for("things", DOCUMENT, Mode.LOG))
    assert "things/{uuid}" in caplog.text
    assert "maxLength 5" in caplog.text
    assert "Jansen" not in caplog.text
    assert UUID not in caplog.text


def test_a_share_of_the_exchanges_is_checked(register, monkeypatch):
    """Of each exchange both halves are checked, or none; what was checked and found is counted."""
    counts = Counts()
    contract = contract_for("klanten", DOCUMENT, Mode.LOG, counts)
    client = register(contract=contract, contract_share=0.25)
    drawn = iter([0.1, 0.25, 0.9, 0.2, 0.8, 0.0])
    monkeypatch.setattr("adapter.registers.client._CHANCE.random", lambda: next(drawn))
    for _ in range(6):
        client.call("GET", f"nothings/{UUID}")
    assert counts == {"contract_checked.klanten": 3, "contract_broken.klanten": 6}


def test_refuse_mode_ends_the_request_and_off_mode_checks_nothing():
    with pytest.raises(RegisterAnswer):
        broken_exchange(contract_for("things", DOCUMENT, Mode.REFUSE))
    assert contract_for("things", DOCUMENT, Mode.OFF) is None


def test_a_register_checks_its_exchanges(register):
    client = register(contract=contract_for("klanten", DOCUMENT, Mode.REFUSE))
    with pytest.raises(RegisterAnswer):
        client.call("GET", f"things/{UUID}")
