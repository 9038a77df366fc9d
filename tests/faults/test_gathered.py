"""A register that fails at a call of a request about what the e-Suite has: all of that is done, or nothing.

What becomes of the calls with which a contact is sent, and of kills, is in tests/gathering/test_killed.py.
"""

import json
from contextlib import contextmanager

import pytest

from tests import bodies
from tests.faults.proxy import UUID
from tests.promises.gathered import gathered_bench
from tests.unreliable import BROKEN, BROKEN_JSON, DOWN, PORTAL

FAULTS = {"refuses": DOWN, "breaks down": BROKEN, "is cut off": BROKEN_JSON, "answers for another": PORTAL}
WHOLE = "hadBetrokkenen,hadBetrokkenen.digitaleAdressen,gingOverOnderwerpobjecten,leiddeTotInterneTaken"
# More than any of these requests calls.
MANY = 60


class Town:
    """A contact that was sent with its task, one that is held, and a klant, to which each case goes back."""

    def __init__(self, bench):
        self.bench, self.served = bench, bench.served
        partij, (group, *_) = bench.seeds["partijen"][0], bench.seeds["actoren"][2:]
        contact, self.held = bench.seeds["klantcontacten"][:2]
        someone = bench.seeds["betrokkenen"][0]
        self.adres = self.served.post("digitaleadressen", bodies.adres("p@example.nl", partij=partij))
        self.served.post("internetaken", bodies.taak(contact, group))
        bench.freeze()
        self.reads = [
            f"klantcontacten/{contact['uuid']}?expand={WHOLE}",
            f"klantcontacten/{self.held['uuid']}?expand={WHOLE}",
            f"partijen/{partij['uuid']}?expand=digitaleAdressen",
            "internetaken?status=te_verwerken",
        ]
        bsn = bodies.identificator("bsn", "999993653")
        del bsn["identificeerdePartij"]
        self.requests = {
            "what stands beside": ("PATCH", f"klantcontacten/{contact['uuid']}", {"vertrouwelijk": True}),
            "an address too late": (
                "POST",
                "digitaleadressen",
                bodies.adres("l@example.nl", betrokkene=someone),
            ),
            "a zaak too late": ("POST", "onderwerpobjecten", bodies.onderwerp(contact)),
            "a klant too late": ("POST", "betrokkenen", bodies.betrokkene(contact, partij)),
            "a piece": ("POST", "betrokkenen", bodies.betrokkene(self.held, partij)),
            "a telephone of a klant": (
                "POST",
                "digitaleadressen",
                bodies.adres("0612345678", "telefoonnummer", partij=partij),
            ),
            "another address of a klant": (
                "PATCH",
                f"digitaleadressen/{self.adres['uuid']}",
                {"adres": "n@example.nl"},
            ),
            "no address of a klant": ("DELETE", f"digitaleadressen/{self.adres['uuid']}", None),
            "a new klant": ("POST", "partijen", bodies.persoon(partijIdentificatoren=[bsn])),
            "a contact": ("GET", self.reads[0], None),
            "a list": ("GET", self.reads[3], None),
        }
        self.before = self.seen()

    def seen(self):
        """What clients read, without the uuids that are new every time."""
        found = json.dumps([self.served.get(each) for each in self.reads], sort_keys=True)
        known = getattr(self, "known", None)
        if known is None:
            known = self.known = {each[0] for each in UUID.finditer(found)}
        return UUID.sub(lambda each: each[0] if each[0] in known else "*", found)

    def ask(self, name):
        """The status of the answer to a request."""
        method, path, body = self.requests[name]
        return self.served.call(method, path, json=body).status_code

    @contextmanager
    def spoilt(self, number, fault):
        """The call with this number, of all that registers get, fails; tells whether there was one."""
        seen = []

        def decide(_scope):
            seen.append(1)
            return fault if len(seen) == number + 1 else None

        servers = self.bench.deployment.faults.values()
        for each in servers:
            each.decide = decide
        try:
            yield lambda: len(seen) > number
        finally:
            for each in servers:
                each.decide = None


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    with gathered_bench(tmp_path_factory.mktemp("faults"), watched=False) as found:
        yield Town(found)


CASES = (
    "what stands beside",
    "an address too late",
    "a zaak too late",
    "a klant too late",
    "a piece",
    "a telephone of a klant",
    "another address of a klant",
    "no address of a klant",
    "a new klant",
    "a contact",
    "a list",
)


@pytest.mark.contract
@pytest.mark.parametrize("name", CASES)
def test_a_call_that_fails_leaves_all_of_a_request_or_nothing(town, name):
    town.bench.restore()
    assert town.ask(name) < 300
    done, wrong = town.seen(), []
    for number in range(MANY):
        how = list(FAULTS)[number % len(FAULTS)]
        town.bench.restore()
        with town.spoilt(number, FAULTS[how]) as fired:
            status = town.ask(name)
        if not fired():
            break
        now = town.seen()
        right = now == done if status < 300 else status in (502, 503) and now in (town.before, done)
        if not right:
            wrong.append((number, how, status, "all" if now == done else now == town.before))
    assert wrong == []
    assert number > 0
