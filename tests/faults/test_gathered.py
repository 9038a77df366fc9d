"""A register that fails at a call of a request about what the e-Suite has: all of that is done, or nothing.

What becomes of the calls with which a contact is sent, and of kills, is in tests/gathering/test_killed.py.
"""

import json
import re
from contextlib import contextmanager

import pytest

from tests import bodies
from tests.deployment import KEPT
from tests.faults.proxy import UUID
from tests.promises.gathered import gathered_bench
from tests.unreliable import BROKEN, BROKEN_JSON, DOWN, PORTAL, UNANSWERED, UNHEARD

FAULTS = {"refuses": DOWN, "breaks down": BROKEN, "is cut off": BROKEN_JSON, "answers for another": PORTAL}
# Answers that never come: the register did it, or got nothing.
LOST = {"was not done": UNHEARD, "was done": UNANSWERED}
WHOLE = "hadBetrokkenen,hadBetrokkenen.digitaleAdressen,gingOverOnderwerpobjecten,leiddeTotInterneTaken"
NOW = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
# More than any of these requests calls.
MANY = 60
TRIES = 5


class Town:
    """A contact that was sent with its task, one that is held, and a klant, to which each case goes back."""

    def __init__(self, bench):
        self.bench, self.served = bench, bench.served
        partij, (group, *_) = bench.seeds["partijen"][0], bench.seeds["actoren"][2:]
        contact, self.held = bench.seeds["klantcontacten"][:2]
        someone = bench.seeds["betrokkenen"][0]
        self.adres = self.served.post("digitaleadressen", bodies.adres("p@example.nl", partij=partij))
        attached = {"wasBijlageVanKlantcontact": {"uuid": contact["uuid"]}}
        beside = self.served.post("bijlagen", attached)
        self.served.post("internetaken", bodies.taak(contact, group))
        late = self.served.post("digitaleadressen", bodies.adres("m@example.nl", betrokkene=someone))
        employee = bench.seeds["actoren"][0]
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
            "an employee too late": (
                "POST",
                "actorklantcontacten",
                {"klantcontact": {"uuid": contact["uuid"]}, "actor": {"uuid": employee["uuid"]}},
            ),
            "a piece beside goes": ("DELETE", f"bijlagen/{beside['uuid']}", None),
            "a late piece goes": ("DELETE", f"digitaleadressen/{late['uuid']}", None),
            "a task": ("POST", "internetaken", {**bodies.taak(self.held, group), "nummer": "0000000777"}),
            "a contact": ("GET", self.reads[0], None),
            "a list": ("GET", self.reads[3], None),
        }
        self.before = self.seen()

    def seen(self):
        """What clients read, without the uuids and moments that are new every time."""
        found = json.dumps([self.served.get(each) for each in self.reads], sort_keys=True)
        found = NOW.sub("*", found)
        known = getattr(self, "known", None)
        if known is None:
            known = self.known = {each[0] for each in UUID.finditer(found)}
        return UUID.sub(lambda each: each[0] if each[0] in known else "*", found)

    def ask(self, name, key=None):
        """The status of the answer to a request; with a key it may be done again."""
        method, path, body = self.requests[name]
        headers = {"Idempotency-Key": key} if key and method == "POST" else {}
        return self.served.call(method, path, json=body, headers=headers).status_code

    def records(self):
        """How many records there are of each kind in the e-Suite, and how many objects."""
        found, databases = {}, self.bench.deployment.databases
        for table in KEPT["klanten"]:
            ((found[table],),) = databases["klanten"].execute(f"SELECT count(*) FROM {table}")
        ((found["objects"],),) = databases["objects"].execute("SELECT count(*) FROM records WHERE latest")
        return found

    def hours_pass(self):
        """What waits for an answer is looked at again."""
        with self.bench.deployment.databases["state"] as state:
            state.execute("UPDATE holds SET due=0, lease_until=0, settled=0, unsure=min(unsure, 1)")
        self.bench.deployment.sweep()

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


WITH_KEY = (
    "what stands beside",
    "an address too late",
    "a zaak too late",
    "a klant too late",
    "an employee too late",
    "a piece",
    "a piece beside goes",
    "a late piece goes",
    "a telephone of a klant",
    "another address of a klant",
    "no address of a klant",
    "a task",
)


@pytest.mark.contract
@pytest.mark.parametrize("name", WITH_KEY)
def test_what_is_asked_again_after_a_lost_answer_is_there_once(town, name):
    """Whether the register did it or not. A client asks again; what is being sent goes on by itself."""

    def ended():
        town.hours_pass() if name == "a task" else None
        return town.seen(), town.records()

    town.bench.restore()
    assert town.ask(name, f"{name} well") < 300
    done, wrong = ended(), []
    for number in range(MANY):
        fired = False
        for how, fault in LOST.items():
            town.bench.restore()
            key = f"{name} {number} {how}"
            with town.spoilt(number, fault) as any_spoilt:
                status = town.ask(name, key)
            fired = fired or any_spoilt()
            again = status
            for _ in range(TRIES):
                if again in (502, 503):
                    again = town.ask(name, key)
            gone = name.endswith("goes") or name.startswith("no ")
            if not (again < 300 or (gone and again == 404)) or ended() != done:
                wrong.append((number, how, status, again))
        if not fired:
            break
    assert wrong == []
    assert number > 0


@pytest.mark.contract
def test_a_klant_that_was_made_is_found_though_the_rest_failed(town):
    """The e-Suite deletes no klant: asked again there is one already, which a client finds and can change."""
    _, path, body = town.requests["a new klant"]
    (number,), contactnaam = body["partijIdentificatoren"], body["partijIdentificatie"]["contactnaam"]
    by_number = {
        "partijIdentificator__codeSoortObjectId": number["partijIdentificator"]["codeSoortObjectId"],
        "partijIdentificator__objectId": number["partijIdentificator"]["objectId"],
    }
    statuses = set()
    for at in range(MANY):
        town.bench.restore()
        with town.spoilt(at, LOST["was done"]) as fired:
            status = town.ask("a new klant", f"a klant {at}")
        if not fired():
            break
        again = town.ask("a new klant", f"a klant {at}")
        (partij,) = town.served.all(path, **by_number)
        name = {"soortPartij": body["soortPartij"], "partijIdentificatie": body["partijIdentificatie"]}
        changed = town.served.patch(f"{path}/{partij['uuid']}", name)
        statuses.add((status, again, changed["partijIdentificatie"]["contactnaam"] == contactnaam))
    assert statuses == {(503, 201, True), (503, 400, True)}


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
