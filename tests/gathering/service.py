"""KlantBrug before an e-Suite, as clients and employees see it: everything over HTTP."""

import time
import uuid as uuids
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import requests
from adapter.demo.places import ADAPTER, Place, free_ports
from adapter.demo.registers import bearer_token
from adapter.demo.settings import PATHS, demo_configuration
from adapter.embedded.esuite import Looseness
from adapter.main import prepare

from tests.deployment import Client, registers
from tests.served_contract import violations
from tests.short_way import running

OFFICE = "kantoor/contacten"


@dataclass
class Suite:
    """The registers: an e-Suite, an Objects API and zaken."""

    places: dict
    looseness: Looseness
    made: list = field(default_factory=list)

    def contacts(self, text):
        """The contacts that contain a text, as employees see them."""
        found = self._asked("GET", OFFICE).json()["results"]
        return [each for each in found if text in str(each)]

    def links(self, contact):
        """The URLs of the klant and of the zaak of a contact, once it has both."""
        seen = self.seen(contact)
        found = [*seen["klanten"], *seen["zaken"]]
        return found if len(found) > 1 else []

    def seen(self, contact):
        """A contact as employees see it now."""
        return self._asked("GET", f"{OFFICE}/{contact['url'].rpartition('/')[2]}").json()

    def klant(self, url):
        """A klant, as an API client of the e-Suite sees it."""
        return self._asked("GET", url).json()

    def works(self, uuid, **changes):
        """An employee changes a contact."""
        answer = self._asked("PATCH", f"{OFFICE}/{uuid}", json=changes)
        assert answer.status_code == 200, answer.text

    def answers(self, uuid, text):
        """An employee gives a provisional answer."""
        answer = self._asked("POST", f"{OFFICE}/{uuid}/antwoorden", json={"antwoord": text})
        assert answer.status_code == 201, answer.text

    def records(self, **members):
        """An employee records a contact; its uuid."""
        path = PATHS["contactmomenten"][1].strip("/")
        answer = self._asked("POST", f"{path}/contactmomenten", json=members)
        assert answer.status_code == 201, answer.text
        return answer.json()["url"].rpartition("/")[2]

    def zaak(self):
        """The uuid of a new zaak."""
        return str(uuids.uuid4())

    def links_zaak(self, uuid, zaak):
        """An employee links a contact with a zaak; the uuid of the link."""
        root, path = self.places["klanten"].origin, PATHS["contactmomenten"][1].strip("/")
        body = {
            "contactmoment": f"{root}/{path}/contactmomenten/{uuid}",
            "object": f"{self.places['zaken'].origin}/zaken/{zaak}",
            "objectType": "zaak",
        }
        answer = self._asked("POST", f"{path}/objectcontactmomenten", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["url"].rpartition("/")[2]

    def _asked(self, method, path, **options):
        url = path if path.startswith("http") else f"{self.places['klanten'].origin}/{path}"
        headers = {"Authorization": f"Bearer {bearer_token()}"}
        return requests.request(method, url, headers=headers, timeout=10, **options)


@contextmanager
def suite():
    """The registers, running."""
    with ExitStack() as stack:
        looseness = Looseness()
        _, places = registers(stack, "esuite", None, looseness=looseness)
        yield Suite(places, looseness)


def configured(there, state, dialect=None, without="", tokens=(), **settings):
    """The configuration of a KlantBrug before the registers but one; `settings` are those of gathering.

    `tokens` are those of more clients than the usual one.
    """
    (port,) = free_ports(1)
    places = {**there.places, ADAPTER: Place(ADAPTER, ":memory:", port, ())}
    configuration = demo_configuration(places, "esuite", state)
    gathering = replace(configuration.gathering, **{"sweep": 3600.0, **settings})
    chosen = {**configuration.settings, **(dialect or {})}
    known = {name: each for name, each in configuration.registers.items() if name != without}
    clients = (*configuration.tokens, *tokens)
    return replace(configuration, gathering=gathering, settings=chosen, registers=known, tokens=clients)


@contextmanager
def served(there, state=":memory:", **settings):
    """A client of a KlantBrug before the registers; `settings` are those of gathering."""
    configuration = configured(there, state, **settings)
    port = urlsplit(configuration.public_url).port
    adapter = prepare(configuration)
    with ExitStack() as stack:
        stack.callback(adapter.close)
        there.made = there.made or list(adapter.set_up())
        app = adapter.application(there.made)
        stack.enter_context(running(app, port))
        client = Client(configuration.public_url, Authorization="Token demo")
        stack.callback(client.close)

        def check(answer, **_):
            broken = violations(answer, client.base)
            assert broken == [], broken

        client.session.hooks["response"].append(check)
        yield client


def until(look, seconds=10.0):
    """What `look` gives as soon as it gives anything: gathering sends by itself."""
    end = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return found
