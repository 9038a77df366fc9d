"""A request can be followed through KlantBrug by the names that its client gave it."""

from __future__ import annotations

import logging

import pytest
from adapter import context

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRANSACTION = "0191f2a5-5b2c-7f53-9ac1-0d8c1a6ba8e0"


@pytest.fixture
def passed_on(service, monkeypatch):
    """The headers that go along with register calls, per request."""
    seen = []
    called = service._called

    def remember(*call):
        seen.append(dict(context.current().headers))
        called(*call)

    monkeypatch.setattr(service, "_called", remember)
    return seen


def test_names_of_a_request_are_logged_answered_and_passed_on(client, passed_on, caplog):
    caplog.set_level(logging.INFO, "klantbrug")
    headers = {
        "X-Request-Id": "kiss-42",
        "traceparent": TRACE,
        "Fsc-Transaction-Id": TRANSACTION,
        "X-Audit-Toelichting": "Op verzoek van mevrouw Jansen",
    }
    answer = client.get("/klantcontacten", headers=headers)
    assert answer.headers["X-Request-Id"] == "kiss-42"
    assert passed_on == [headers]
    (line,) = (record.msg for record in caplog.records if record.name == "klantbrug.api")
    assert line["request_id"] == "kiss-42"
    assert line["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert line["fsc_transaction_id"] == TRANSACTION
    assert "Jansen" not in str(line)


@pytest.mark.parametrize("name", ["", "999990019", "a b", "jan@example.nl", "x" * 129, "é"])
def test_a_request_id_that_cannot_be_logged_is_replaced(client, passed_on, name):
    answer = client.get("/klantcontacten", headers={"X-Request-Id": name.encode()})
    assert len(answer.headers["X-Request-Id"]) == 32
    assert passed_on[0]["X-Request-Id"] == answer.headers["X-Request-Id"]


def test_what_is_no_trace_is_not_passed_on(client, passed_on):
    client.get("/klantcontacten", headers={"traceparent": "999990019", "Fsc-Transaction-Id": "Jansen"})
    assert passed_on[0].keys() == {"X-Request-Id"}


def test_an_error_can_be_named_too(client):
    assert client.get("/onbekend", headers={"X-Request-Id": "kiss-43"}).headers["X-Request-Id"] == "kiss-43"
