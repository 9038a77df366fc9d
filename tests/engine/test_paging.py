"""Lists of resources that live in several places page as one list, also while others write."""

import json
import threading
import uuid

import pytest

from tests import bodies
from tests.deployment import Client

pytestmark = pytest.mark.alternating

UNION = ("betrokkenen", "onderwerpobjecten", "digitaleadressen")


class Town:
    """Old and new clients that make and remove resources of each kind, in each of its homes."""

    def __init__(self, served, old):
        self.served, self.old = served, old
        self.count = 0

    def number(self):
        self.count += 1
        return self.count

    def fill(self, kind):
        """A dozen of a kind, and one of each other kind, which must not get among them."""
        for other in UNION:
            for _ in range(4 if other == kind else 1):
                self.make(other)
                self.make_old(other)
                self.make(other, bare=True)

    def partij(self, *, bare):
        return None if bare else self.served.post("partijen", bodies.persoon())

    def make(self, kind, *, bare=False):
        """A new client's; `bare` is what no register has a place for. Its path."""
        contact = self.served.post("klantcontacten", bodies.contact())
        if kind == "betrokkenen":
            body = bodies.betrokkene(
                contact, None if bare else self.served.post("partijen", bodies.persoon())
            )
        elif kind == "onderwerpobjecten":
            body = bodies.onderwerp(contact, str(uuid.uuid4()))
            if bare:
                body["onderwerpobjectidentificator"]["codeObjecttype"] = "document"
        else:
            body = bodies.adres(f"n{self.number()}@example.nl", partij=self.partij(bare=bare))
        return f"{kind}/{self.served.post(kind, body)['uuid']}"

    def make_old(self, kind):
        """An old client's: in a record of its own, or inside another."""
        old = self.old
        moment = old.moment()
        if kind == "betrokkenen":
            if self.number() % 2:
                return old.link(moment, old.klant())["url"]
            old.taak(moment, betrokkene={"organisatie": "Bakker", "digitaleAdressen": []})
        elif kind == "onderwerpobjecten":
            return old.about(moment, str(uuid.uuid4()))["url"]
        elif self.number() % 2:
            return old.klant(emailadres=f"o{self.number()}@example.nl")["url"]
        else:
            adres = {
                "adres": f"t{self.number()}@example.nl",
                "omschrijving": "",
                "soortDigitaalAdres": "email",
            }
            old.taak(moment, betrokkene={"organisatie": "Bakker", "digitaleAdressen": [adres]})
        return None


@pytest.fixture
def town(served, old):
    return Town(served, old)


def walk(served, kind, size, between=lambda page: None):
    """The uuids of all pages; something happens between each two of them."""
    found, address = [], f"{kind}?pageSize={size}"
    while address:
        page = served.get(address)
        rows = [each["uuid"] for each in page["results"]]
        assert len(rows) == len(set(rows)) <= size
        found.append(rows)
        address = page["next"]
        between(page)
    return found


def flat(pages):
    return [uuid for page in pages for uuid in page]


@pytest.mark.parametrize("kind", UNION)
def test_the_pages_make_the_list(served, town, kind):
    """Whatever their size: count, next and previous are right, and nothing stands on two pages."""
    town.fill(kind)
    whole = [each["uuid"] for each in served.get(kind, pageSize=500)["results"]]
    assert len(whole) == len(set(whole)) >= 12
    homes = {each[14] for each in whole}
    assert homes != {"4"} or kind == "onderwerpobjecten"
    for size in (3, len(whole) - 1, len(whole), len(whole) + 1):
        number, address, found = 0, f"{kind}?pageSize={size}", []
        while address:
            number += 1
            page = served.get(address)
            rows = [each["uuid"] for each in page["results"]]
            found += rows
            assert page["count"] == len(whole)
            assert len(rows) == (size if page["next"] else len(whole) - size * (number - 1))
            if page["previous"]:
                assert served.get(page["previous"])["next"] == served.url(
                    f"{kind}?page={number}&pageSize={size}"
                )
            assert bool(page["previous"]) is (number > 1)
            address = page["next"]
        assert found == whole
        served.get(kind, 404, page=number + 1, pageSize=size)
    assert [each["uuid"] for each in served.get(kind, page=len(whole), pageSize=1)["results"]] == whole[-1:]


@pytest.mark.parametrize("kind", UNION)
def test_what_is_made_meanwhile_hides_nothing(served, town, kind):
    """Creates only push what is still to come further: nothing is missed, and the order stays."""
    town.fill(kind)
    before = flat(walk(served, kind, 100))
    made = iter([lambda: town.make(kind), lambda: town.make_old(kind), lambda: town.make(kind, bare=True)])
    found = flat(walk(served, kind, 5, lambda page: next(made, lambda: None)()))
    assert [each for each in dict.fromkeys(found) if each in before] == before


@pytest.mark.parametrize("kind", UNION)
def test_what_is_removed_meanwhile_doubles_nothing(served, town, kind):
    """Deletes draw what is to come nearer: nothing comes twice, and no more is missed than was deleted."""
    town.fill(kind)
    before = flat(walk(served, kind, 100))
    gone = [town.make(kind), town.make(kind, bare=True)]
    found = flat(walk(served, kind, 5, lambda page: gone and served.delete(gone.pop())))
    assert len(found) == len(set(found))
    known = [each for each in found if each in before]
    assert known == [each for each in before if each in known]
    assert len(before) - len(known) <= 2


@pytest.mark.parametrize("kind", UNION)
def test_every_page_is_a_part_of_one_order_while_others_write(served, town, kind):
    """With writers at work each page is whole and in order, or 503 with Retry-After."""
    town.fill(kind)
    before = flat(walk(served, kind, 100))
    place = {each: number for number, each in enumerate(before)}
    stop, client = threading.Event(), Client(served.base, Authorization="Token demo")
    busy = Town(client, town.old)

    def write():
        while not stop.is_set():
            path = busy.make(kind, bare=True)
            busy.make(kind)
            client.delete(path)

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    try:
        for number in [1, 2, 3] * 3:
            answer = served.call("GET", kind, params={"pageSize": 4, "page": number})
            if answer.status_code == 503:
                assert int(answer.headers["Retry-After"]) > 0
                continue
            assert answer.status_code == 200
            page = answer.json()
            assert page["count"] >= len(before)
            known = [place[each["uuid"]] for each in page["results"] if each["uuid"] in place]
            assert known == [*range(known[0], known[0] + len(known))] if known else True
            seen.update(known)
    finally:
        stop.set()
        writer.join()
        client.close()
    assert set(before) <= set(flat(walk(served, kind, 100)))


def shifting(deployment, what, times):
    """Let something happen to the klanten register before it answers a second page, so many times."""
    database = deployment.databases["klanten"]

    def decide(scope):
        nonlocal times
        if scope["path"].endswith("/klanten") and b"page=2" in scope["query_string"] and times:
            times -= 1
            with database:
                if "delete" in what:
                    database.execute("DELETE FROM klanten WHERE pk = (SELECT min(pk) FROM klanten)")
                if "create" in what:
                    ((text,),) = database.execute("SELECT data FROM klanten ORDER BY pk DESC LIMIT 1")
                    new = str(uuid.uuid4())
                    row = (new, json.dumps({**json.loads(text), "klantnummer": new[:8]}))
                    database.execute("INSERT INTO klanten (uuid, data) VALUES (?, ?)", row)

    return decide


@pytest.fixture
def crowd(deployment, old):
    """More klanten than the register has on a page, each with an address."""
    old.klant(emailadres="k0@example.nl")
    with deployment.databases["klanten"] as database:
        ((text,),) = database.execute("SELECT data FROM klanten")
        for number in range(1, 101):
            klant = {**json.loads(text), "klantnummer": f"K{number}", "emailadres": f"k{number}@example.nl"}
            row = (str(uuid.uuid4()), json.dumps(klant))
            database.execute("INSERT INTO klanten (uuid, data) VALUES (?, ?)", row)
    yield
    deployment.faults["klanten"].decide = None


@pytest.mark.parametrize("what", ["create", "delete", "create and delete"])
def test_what_shifts_under_a_scan_is_read_again(served, deployment, crowd, what):
    """When the register changes while its pages are read, the answer is still that of one moment."""
    deployment.faults["klanten"].decide = shifting(deployment, what, 2)
    page = served.get("digitaleadressen", pageSize=500)
    uuids = [each["uuid"] for each in page["results"]]
    deployment.faults["klanten"].decide = None
    assert page["count"] == len(set(uuids)) == len(uuids)
    assert uuids == [each["uuid"] for each in served.get("digitaleadressen", pageSize=500)["results"]]


@pytest.mark.parametrize("what", ["create", "create and delete"])
def test_a_scan_under_which_it_keeps_shifting_is_given_up(served, deployment, crowd, what):
    """After three readings the client is asked to come back."""
    deployment.faults["klanten"].decide = shifting(deployment, what, -1)
    answer = served.call("GET", "digitaleadressen")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
