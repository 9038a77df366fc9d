"""A write that stops halfway, wherever it stops, and a process that dies there: as before or as intended."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from adapter.engine.transaction.recovery import Recovery
from adapter.errors import RegisterError, RegisterUnavailable

from tests.reverse.chain import Chain, Killed
from tests.reverse.mixed import NEW
from tests.reverse.test_rules import KLANTEN, LINKS, MOMENTEN, klant, moment

OBJECT_LINKS = "contactmomenten/api/v1/objectcontactmomenten"
ZAAK = "11111111-1111-4111-8111-111111111111"
UNKNOWN = {"uuid", "url", "_expand"}
OLD = (KLANTEN, MOMENTEN, LINKS, OBJECT_LINKS)
MOST = 20
WRITES = {"POST", "PATCH", "PUT", "DELETE"}


class Broken:
    """Makes one of the calls that write the last of a process, or one without an answer.

    number: which one; 0 for none. arrives: whether the register got it. dies: whether the process dies there,
    so that nothing is called any more until `alive`.
    """

    def __init__(self, chain: Chain, patch: pytest.MonkeyPatch) -> None:
        self.number, self.done, self.arrives, self.dies, self.dead = 0, 0, False, False, False
        for register in chain.reverse.deployment.serving.registers.values():
            patch.setattr(register, "call", self.failing(register.call))

    def at(self, number: int, *, arrives: bool, dies: bool) -> None:
        """Let the write with this number fail."""
        self.number, self.done, self.arrives, self.dies, self.dead = number, 0, arrives, dies, False

    def alive(self) -> None:
        """All is well again."""
        self.number, self.dead = 0, False

    def failing(self, call: Any) -> Any:
        def calling(method: str, path: str, **options: Any) -> Any:
            if self.dead:
                raise Killed
            if method in WRITES and not path.endswith("search"):
                self.done += 1
                if self.done == self.number:
                    if self.arrives:
                        call(method, path, **options)
                    self.dead = self.dies
                    raise Killed if self.dies else RegisterUnavailable("klantinteracties")
            return call(method, path, **options)

        return calling


def everything(chain: Chain) -> Any:
    """What a new client and an old one read, and what stands aside; without uuids."""
    new = {name: sorted(repr(_known(each)) for each in chain.running.served.all(name)) for name in NEW}
    shelf = chain.reverse.deployment.shelf
    asides = {name: shelf._all_of(name) for name in chain.reverse.collections}
    beside = {name: sorted(repr(each["record"]["data"]) for each in found) for name, found in asides.items()}
    return new, beside, [sorted(repr(_known(each)) for each in chain.old.all(name)) for name in OLD]


def _known(found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _known(value) for name, value in sorted(found.items()) if name not in UNKNOWN}
    return [_known(each) for each in found] if isinstance(found, list) else found


def recover(chain: Chain) -> None:
    """What the next start does."""
    serving = chain.reverse.deployment.serving
    assert Recovery(serving).sweep(time.time() + serving.settle) == 0
    assert serving.state.journal.all() == []


def writes(chain: Chain) -> Iterator[tuple[str, str, Any]]:
    """Writes of each kind: method, path, body."""
    old = chain.old
    yield "POST", KLANTEN, klant(emailadres="jan@example.nl", telefoonnummer="0612345678", functie="x")
    person = old.post(KLANTEN, klant(klantnummer="2", emailadres="jan@example.nl", functie="x"))
    change = {"voornaam": "Jan", "emailadres": "", "telefoonnummer": "0687654321", "functie": "y"}
    yield "PATCH", person["url"], change
    yield "PUT", person["url"], klant(klantnummer="2", telefoonnummer="0611111111", achternaam="Smit")
    yield "POST", MOMENTEN, moment(kanaal="")
    contact = old.post(MOMENTEN, moment(initiatiefnemer="gemeente"))
    yield "POST", MOMENTEN, moment(vorigContactmoment=contact["url"], tekst="Later")
    yield "PATCH", contact["url"], {"tekst": "Dag", "medewerkerIdentificatie": {"identificatie": "mw-2"}}
    ends = {"contactmoment": contact["url"], "klant": person["url"]}
    yield "POST", LINKS, {**ends, "rol": "gesprekspartner"}
    (link,) = old.all(LINKS)
    yield "PATCH", link["url"], {"rol": "belanghebbende"}
    zaak = {"contactmoment": contact["url"], "object": f"{chain.zaken}/zaken/{ZAAK}"}
    yield "POST", OBJECT_LINKS, {**zaak, "objectType": "zaak"}
    (case,) = old.all(OBJECT_LINKS)
    # of which the zaak does not go by the face of the chain, whose zaken are related to everything
    yield "REMOVE", case["url"], None
    yield "DELETE", link["url"], None
    old.post(LINKS, {**ends, "rol": "gesprekspartner"})
    yield "DELETE", person["url"], None
    yield "DELETE", contact["url"], None


def perform(chain: Chain, method: str, path: str, body: Any) -> int:
    """Let an old client write; the status. REMOVE deletes without the rules of the face."""
    if method != "REMOVE":
        return int(chain.old.call(method, path, json=body).status_code)
    collection, uuid = path.rsplit("/", 2)[1:]
    try:
        chain.reverse.collections[collection].remove(uuid)
    except Killed:
        return 500
    except RegisterError:
        return 502
    return 204


SOME = {("POST", KLANTEN), ("PATCH", "klanten"), ("DELETE", "klantcontactmomenten")}
MANNERS = [(False, False), (True, False), (False, True), (True, True)]


@pytest.mark.parametrize(
    ("arrives", "dies", "some"),
    [
        pytest.param(True, True, True),
        *(pytest.param(*each, False, marks=[pytest.mark.contract]) for each in MANNERS),
    ],
)
def test_a_write_that_stops_is_as_before_or_as_intended(
    chain: Chain, monkeypatch: pytest.MonkeyPatch, arrives: bool, dies: bool, some: bool
) -> None:
    broken, stopped = Broken(chain, monkeypatch), 0
    for method, path, body in writes(chain):
        if some and not {(method, path), (method, path.split("/")[-2])} & SOME:
            assert perform(chain, method, path, body) < 400
            continue
        before, seen = everything(chain), []
        for number in range(1, MOST):
            broken.at(number, arrives=arrives, dies=dies)
            status = perform(chain, method, path, body)
            broken.alive()
            if status < 400:
                break
            stopped += 1
            assert status >= 500
            recover(chain)
            seen.append((number, everything(chain)))
            if seen[-1][1] != before:
                # nothing that is finished at the end makes anything: once more changes nothing
                assert method != "POST", (path, number)
                perform(chain, method, path, body)
                break
        after = everything(chain)
        for number, each in seen:
            assert each in (before, after), (method, path, number)

    assert stopped >= (7 if some else 25)


def test_the_next_write_on_the_same_record_recovers_it_first(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, journal = Broken(chain, monkeypatch), chain.reverse.deployment.serving.state.journal
    person = chain.old.post(KLANTEN, klant(emailadres="jan@example.nl"))
    broken.at(2, arrives=True, dies=True)
    perform(chain, "PATCH", person["url"], {"voornaam": "Piet", "telefoonnummer": "0687654321"})
    broken.alive()
    assert [(each.operation, len(each.steps)) for each in journal.all()] == [("klant_update", 2)]

    chain.old.patch(person["url"], {"functie": "z"})

    assert chain.old.get(person["url"]) == {**person, "functie": "z"}
    assert journal.all() == []


def test_a_shared_row_of_a_write_that_died_is_not_lost_for_the_next(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The employee that the first made is taken back before the second looks for it."""
    broken, employee = Broken(chain, monkeypatch), {"identificatie": "mw-9"}
    broken.at(3, arrives=False, dies=True)
    perform(chain, "POST", MOMENTEN, moment(medewerkerIdentificatie=employee))
    broken.alive()

    second = chain.old.post(MOMENTEN, moment(medewerkerIdentificatie=employee, tekst="Dag"))
    recover(chain)

    assert [each["url"] for each in chain.old.all(MOMENTEN)] == [second["url"]]
    (actor,) = chain.running.served.all("actoren")
    assert actor["actoridentificator"]["objectId"] == "mw-9"
    assert len(chain.running.served.all("actorklantcontacten")) == 1
