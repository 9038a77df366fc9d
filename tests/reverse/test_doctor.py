"""What doctor says of a register Klantinteracties: what is wrong with it, and nothing of a right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from adapter.commands.probes_old import register_problems
from adapter.errors import RegisterUnavailable
from adapter.registers.messages import Answer
from adapter.reverse.needs import Need, needs
from adapter.shipped import served_document

from tests.reverse.chain import Chain

UUID = {"type": "string", "format": "uuid"}
PARTIJEN = {
    "partijen": Need(
        "partijen", {"digitaleAdressen", "betrokkenen"}, {"nummer": {"type": "string", "maxLength": 10}}
    ),
}
Change = Callable[[str, str, dict[str, str]], Answer | None]


class Register:
    """A register in which all is well but for what `change` answers."""

    def __init__(self, change: Change) -> None:
        self.change, self.sent = change, []

    def call(self, method: str, path: str, *, params: Any = (), json: Any = None) -> Answer:
        self.sent.append((method, path, json))
        found = self.change(method, path, dict(params))
        if found is not None:
            return found
        return Answer(400, {}) if method == "POST" else Answer(200, {"count": 0, "results": []})


def down(_method: str, _path: str, _params: dict[str, str]) -> Answer:
    raise RegisterUnavailable("klantinteracties")


WRONG = [
    pytest.param(lambda _m, _p, _q: None, [], id="all is well"),
    pytest.param(down, ["partijen: it does not answer in time, or with an error"], id="down"),
    pytest.param(
        lambda m, _p, _q: Answer(403, {}) if m == "GET" else None,
        ["KlantBrug may not read partijen there (403)"],
        id="no right to read",
    ),
    pytest.param(
        lambda m, _p, _q: Answer(404, {}) if m == "GET" else None,
        ["it has no partijen (404): is its version new enough?"],
        id="an older version",
    ),
    pytest.param(
        lambda m, _p, _q: Answer(403, {}) if m == "POST" else None,
        ["KlantBrug may not write partijen there (403)"],
        id="only a right to read",
    ),
    pytest.param(
        lambda _m, _p, q: Answer(400, {}) if "betrokkenen" in q.get("expand", "") else None,
        ["partijen cannot be asked with expand=betrokkenen"],
        id="no such expand",
    ),
    pytest.param(
        lambda _m, _p, q: Answer(400, {}) if "nummer" in q else None,
        ["partijen cannot be asked by nummer (400)"],
        id="no such filter",
    ),
    pytest.param(
        lambda _m, _p, q: Answer(200, {"count": 3, "results": []}) if "nummer" in q else None,
        ["partijen passes over nummer: a question by it is answered with records that do not fit"],
        id="a filter that is passed over",
    ),
]


@pytest.mark.parametrize(("change", "says"), WRONG)
def test_what_is_wrong_with_a_register_is_said(change: Change, says: list[str]) -> None:
    """Nothing is sent that a register could take."""
    register = Register(change)
    assert list(register_problems(register, PARTIJEN)) == [
        f"the register klantinteracties: {each}" for each in says
    ]
    assert all(json == {} for method, _, json in register.sent if method != "GET")


def test_of_a_register_that_is_right_nothing_is_said(chain: Chain) -> None:
    """Each filter is asked of it, with something in it."""
    deployment = chain.reverse.deployment
    found = needs(deployment.correspondences.values(), deployment.offers, served_document())
    assert {"partijen", "klantcontacten", "betrokkenen", "digitaleadressen", "actoren"} <= found.keys()
    assert found["klantcontacten"].expand == {"hadBetrokkenen", "gingOverOnderwerpobjecten"}
    chain.old.post(
        "klanten/api/v1/klanten",
        {
            "bronorganisatie": "002220647",
            "klantnummer": "12345678",
            "websiteUrl": "https://voorbeeld.example/",
            "emailadres": "jan@example.nl",
            "subjectType": "natuurlijk_persoon",
            "subjectIdentificatie": {"inpBsn": "999993653"},
        },
    )
    assert list(register_problems(deployment.register, found)) == []
    assert any("nummer" in each.parameters for each in found.values())
