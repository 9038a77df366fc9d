"""kill -9 of a process that serves the old APIs, at a call that writes: all is done in the end, or none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from adapter.demo.places import ADAPTER, OLD, Place, free_ports
from adapter.demo.registers import bearer_token
from adapter.demo.settings import turned_configuration
from adapter.embedded.server import running
from adapter.embedded.zaken import create_app as create_zaken

from tests.deployment import Client, Running
from tests.faults.proxy import KILLS, Order, proxied
from tests.faults.site import PROCESSES, QUICK, is_emptied, serve_until_killed, until_it_answers
from tests.reverse.chain import Chain
from tests.reverse.mixed import NEW
from tests.reverse.test_rules import KLANTEN, LINKS, MOMENTEN, klant, moment
from tests.reverse.test_taken import OBJECTS, verzoek
from tests.reverse.test_undoing import _known

MOST = 25


def _serve(places: dict[str, Place], state: str, log: str) -> None:
    configuration = turned_configuration(places, "openklant", state)
    limits = replace(configuration.limits, failures=1_000_000, **QUICK)
    serve_until_killed(replace(configuration, limits=limits), places[OLD].port, log)


class Victim:
    """The old APIs in a process of their own, before a KlantBrug and an Objects API behind proxies."""

    def __init__(self, stack: ExitStack, below: Running, folder: Path) -> None:
        self.below, self.order, self.state, self.log = (
            below,
            Order(),
            str(folder / "state"),
            str(folder / "log"),
        )
        through = stack.enter_context(proxied(self.order))
        zaken = stack.enter_context(running(create_zaken()))
        origins = {ADAPTER: below.configuration.public_url, "objects": below.objects.base}
        ports = {name: through(int(url.split(":")[2].split("/")[0])) for name, url in origins.items()}
        ports |= {"zaken": int(zaken.rpartition(":")[2]), OLD: free_ports(1)[0]}
        self.places = {name: Place(name, ":memory:", port, ()) for name, port in ports.items()}
        headers = {"Authorization": f"Bearer {bearer_token()}", "Content-Crs": "EPSG:4326"}
        self.old = Client(self.places[OLD].origin, **headers)
        stack.callback(self.old.close)
        self.process: Any = None
        stack.callback(self.kill)

    def start(self) -> None:
        """Start it, and wait until it answers and has finished or taken back what was left."""
        self.process = PROCESSES.Process(target=_serve, args=(self.places, self.state, self.log), daemon=True)
        self.process.start()
        self.order.victim = self.process.pid
        until_it_answers(self.old, "_health/live")
        assert is_emptied(self.state)

    def kill(self) -> None:
        """kill -9, if it still lives."""
        if self.process is not None and self.process.pid:
            self.process.kill()
            self.process.join()

    def everything(self) -> Any:
        """What a new client reads and what stands aside; without uuids."""
        new = {name: sorted(repr(_known(each)) for each in self.below.served.all(name)) for name in NEW}
        aside = next(url for name, url in self.types().items() if name == "RegisterAanvulling")
        found = self.below.objects.all("objects", type=aside)
        return new, sorted(repr(each["record"]["data"]) for each in found)

    def types(self) -> dict[str, str]:
        """The objecttypes of the Objects API."""
        return {each["name"]: each["url"] for each in self.below.objects.all("objecttypes")}


@pytest.fixture(scope="module")
def victim(running_chain: Chain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victim]:
    """The process, before the registers of the chain."""
    with ExitStack() as stack:
        found = Victim(stack, running_chain.running, tmp_path_factory.mktemp("killed"))
        found.start()
        yield found


def killed_at(victim: Victim, number: int, fault: str, write: tuple[str, str, Any]) -> int:
    """Let an old client write, and the process die at the call with this number: 0, or the status."""
    method, path, body = write
    victim.order.arm(number, KILLS[fault])
    try:
        return int(victim.old.call(method, path, json=body).status_code)
    except requests.RequestException:
        victim.process.join(5)
        return 0
    finally:
        victim.order.disarm()


def tried(victim: Victim, write: tuple[str, str, Any], fault: str, numbers: range) -> int:
    """Kill it at each of these calls of a write; how often it died. In the end the write is done."""
    before, seen, died = victim.everything(), [], 0
    for number in numbers:
        status = killed_at(victim, number, fault, write)
        if status:
            assert status < 300
            break
        died += 1
        victim.start()
        seen.append((number, victim.everything()))
        if seen[-1][1] != before:
            break
    else:
        assert killed_at(victim, MOST, fault, write) < 300
    after = victim.everything()
    for number, each in seen:
        assert each in (before, after), (write[:2], fault, number)
    return died


@pytest.mark.faults
def test_a_write_is_done_or_not_when_the_process_was_killed(victim: Victim) -> None:
    """One call in the middle of a contactverzoek of KISS."""
    victim.below.reset()
    contact = victim.old.post(MOMENTEN, moment())
    assert tried(victim, ("POST", OBJECTS, verzoek(contact["url"])), "killed after", range(3, 4)) == 1
    assert len(victim.below.served.all("internetaken")) == 1


@pytest.mark.faults
@pytest.mark.parametrize("fault", KILLS)
def test_wherever_it_is_killed_a_write_is_done_or_not(victim: Victim, fault: str) -> None:
    """Every call that writes of a write of each kind."""
    victim.below.reset()
    old, every = victim.old, range(MOST)
    person = old.post(KLANTEN, klant(emailadres="jan@example.nl", functie="x"))
    contact = old.post(MOMENTEN, moment(initiatiefnemer="gemeente"))
    ends = {"klant": person["url"], "contactmoment": contact["url"]}
    change = {"voornaam": "Jan", "emailadres": "", "telefoonnummer": "0687654321", "functie": "y"}
    body = verzoek(contact["url"])
    body["record"]["data"]["betrokkene"]["klant"] = person["url"]
    died = tried(victim, ("POST", KLANTEN, klant(klantnummer="2", telefoonnummer="0612345678")), fault, every)
    died += tried(victim, ("PATCH", person["url"], change), fault, every)
    died += tried(victim, ("POST", MOMENTEN, moment(vorigContactmoment=contact["url"])), fault, every)
    died += tried(victim, ("POST", OBJECTS, body), fault, every)
    died += tried(victim, ("POST", LINKS, {**ends, "rol": "gesprekspartner"}), fault, every)
    (taak,) = old.get(OBJECTS, type=body["type"])["results"]
    died += tried(victim, ("PATCH", taak["url"], {"record": {"data": {"status": "verwerkt"}}}), fault, every)
    died += tried(victim, ("DELETE", person["url"], None), fault, every)
    died += tried(victim, ("DELETE", contact["url"], None), fault, every)
    assert died > 20
