"""A write that stops halfway is taken back, wherever it stops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from adapter.errors import RegisterUnavailable

from tests.reverse.chain import Chain
from tests.reverse.mixed import NEW
from tests.reverse.test_rules import KLANTEN, LINKS, MOMENTEN, klant, moment

UNKNOWN = {"uuid", "url", "_expand"}


class Broken:
    """Makes the calls that write fail from one of them on, as a register that is gone."""

    def __init__(self, chain: Chain, patch: pytest.MonkeyPatch) -> None:
        self.number, self.done = 0, 0
        deployment = chain.reverse.deployment
        for register in (deployment.register, deployment.shelf._objects):
            patch.setattr(register, "call", self.failing(register.call))

    def failing(self, call: Any) -> Any:
        def calling(method: str, path: str, **options: Any) -> Any:
            if method in {"POST", "PATCH", "PUT", "DELETE"} and not path.endswith("search"):
                self.done += 1
                if self.done == self.number:
                    raise RegisterUnavailable("klantinteracties")
            return call(method, path, **options)

        return calling


def everything(chain: Chain) -> Any:
    """All that the registers hold, but for uuids of rows that were made again."""

    def alike(found: dict[str, Any]) -> str:
        return repr({name: value for name, value in sorted(found.items()) if name not in UNKNOWN})

    new = {name: sorted(map(alike, chain.running.served.all(name))) for name in NEW}
    old = [chain.old.all(each) for each in (KLANTEN, MOMENTEN, LINKS)]
    return new, old


def writes(chain: Chain) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Writes of several calls: method, path, body."""
    old = chain.old
    yield "POST", KLANTEN, klant(emailadres="jan@example.nl", telefoonnummer="0612345678", functie="x")
    person = old.post(KLANTEN, klant(klantnummer="2", emailadres="jan@example.nl", functie="x"))
    change = {"voornaam": "Jan", "emailadres": "", "telefoonnummer": "0687654321", "functie": "y"}
    yield "PATCH", person["url"], change
    yield "POST", MOMENTEN, moment(kanaal="")
    contact = old.post(MOMENTEN, moment(initiatiefnemer="gemeente"))
    yield "PATCH", contact["url"], {"tekst": "Dag", "medewerkerIdentificatie": {"identificatie": "mw-2"}}
    ends = {"contactmoment": contact["url"], "klant": person["url"]}
    yield "POST", LINKS, {**ends, "rol": "gesprekspartner"}


@pytest.mark.contract
def test_a_write_that_stops_is_taken_back(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, stopped = Broken(chain, monkeypatch), 0
    for method, path, body in writes(chain):
        before = everything(chain)
        for number in range(1, 20):
            broken.number, broken.done = number, 0
            status = chain.old.call(method, path, json=body).status_code
            broken.number = 0
            if status < 400:
                break
            stopped += 1
            assert status >= 500
            assert everything(chain) == before, (method, path, number)

    assert stopped > 12
