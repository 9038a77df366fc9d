"""Servers in threads of one process."""

from __future__ import annotations

import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import requests
from adapter.embedded import klanten_contactmomenten, zaken
from adapter.embedded.server import DidNotStart, running
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.embedded.registers_client import ZAAK, RegistersClient


def test_two_run_side_by_side_and_stop() -> None:
    before = threading.active_count()
    with running(zaken.create_app()) as one, running(zaken.create_app()) as other:
        assert one != other
        for base in (one, other):
            assert requests.get(f"{base}/zaken/{ZAAK}", timeout=5).json()["url"] == f"{base}/zaken/{ZAAK}"
    with pytest.raises(requests.ConnectionError):
        requests.get(one, timeout=5)
    assert threading.active_count() <= before


def test_a_port_can_be_chosen_and_must_be_free() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running(zaken.create_app(), port) as base:
        assert base == f"http://127.0.0.1:{port}"
        with pytest.raises(OSError), running(zaken.create_app(), port):
            pass


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_start_that_fails_is_told() -> None:
    @asynccontextmanager
    async def broken(_app: Starlette) -> AsyncIterator[None]:
        raise RuntimeError
        yield

    with pytest.raises(DidNotStart), running(Starlette(lifespan=broken)):
        pass


def test_records_survive_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "registers.sqlite"
    with running(zaken.create_app()) as zaken_base:
        with running(klanten_contactmomenten.create_app(file)) as base:
            made = RegistersClient(base, zaken_base).klant(achternaam="Blijver")
        with running(klanten_contactmomenten.create_app(file)) as base:
            found = RegistersClient(base, zaken_base).get("klanten", achternaam="Blijver")["results"]
    assert [klant["klantnummer"] for klant in found] == [made["klantnummer"]]


def test_a_zaken_api_may_live_below_a_path() -> None:
    app = Starlette(routes=[Mount("/zaken/api/v1", zaken.create_app(related=False))])
    with running(app) as base:
        zaak = f"{base}/zaken/api/v1/zaken/{ZAAK}"
        assert requests.get(zaak, timeout=5).json()["url"] == zaak
        relations, pair = f"{base}/zaken/api/v1/zaakcontactmomenten", {"zaak": zaak, "contactmoment": "x"}
        assert requests.get(relations, params=pair, timeout=5).json() == []
        made = requests.post(relations, json=pair, timeout=5).json()
        assert requests.get(relations, params=pair, timeout=5).json() == [made]


def test_a_contact_is_not_linked_to_a_zaak_of_an_unknown_host(registers: RegistersClient) -> None:
    with running(zaken.create_app()) as elsewhere:
        body = {
            "contactmoment": registers.moment()["url"],
            "object": f"{elsewhere}/zaken/{ZAAK}",
            "objectType": "zaak",
        }
        problem = registers.post("objectcontactmomenten", body, 400)["invalidParams"][0]
    assert (problem["name"], problem["code"]) == ("object", "invalid-resource")


def test_other_names_of_the_register_are_its_own() -> None:
    """A klant behind such a name is looked up here, not fetched."""
    gateway = "https://gateway.example.nl"
    app = klanten_contactmomenten.create_app(aliases=[gateway])
    with running(app) as base:
        client = RegistersClient(base, base)
        klant = client.klant()
        link = {
            "contactmoment": client.moment()["url"].replace(base, gateway),
            "klant": klant["url"].replace(base, gateway),
            "rol": "gesprekspartner",
        }
        made = client.post("klantcontactmomenten", link)
        assert client.get("klantcontactmomenten", contactmoment=link["contactmoment"])["results"] == [made]
