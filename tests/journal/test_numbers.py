"""Numbers are given once, by however many processes, and whatever happens to one of them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from adapter.state.opening import open_state

from tests import bodies
from tests.deployment import Client
from tests.faults.proxy import KILLS
from tests.faults.site import site
from tests.state.conftest import address

__all__ = ["address"]

EACH = 6
GENERATE = {"nummers": "generate"}


def test_counters_are_shared(address):
    """Two that share a state never get the same number, at one moment or after one of them began anew."""
    first, second = open_state(address), open_state(address)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: (first, second)[n % 2].numbers.next("a"), range(200)))
    assert sorted(found) == list(range(1, 201))
    for state in (first, second):
        state.close()
    third = open_state(address)
    assert (third.numbers.next("a"), third.numbers.next("a", 10), third.numbers.next("b")) == (201, 211, 1)
    third.close()


@pytest.mark.parametrize("dialect", ["openklant"])
def test_processes_give_numbers_together(address, dialect, tmp_path):
    """KlantBrugs that are asked at once give everything a number, and no number twice."""
    with site(tmp_path, dialect, address, replicas=2, settings=GENERATE) as found:
        urls = [each.url for each in found.replicas]

        def create(n):
            client = Client(urls[n // 2 % 2], Authorization="Token demo")
            with client.session:
                kind, body = [("klantcontacten", bodies.contact()), ("partijen", bodies.persoon())][n % 2]
                return kind, client.post(kind, body)["nummer"]

        with ThreadPoolExecutor(6) as pool:
            made = list(pool.map(create, range(4 * EACH)))
        for kind in ("klantcontacten", "partijen"):
            numbers = [number for collection, number in made if collection == kind]
            assert len(numbers) == len(set(numbers)) == 2 * EACH
            assert all(len(each) == 10 and each.isdigit() and each[0] != "9" for each in numbers)
            assert sorted(each["nummer"] for each in found.served.all(kind)) == sorted(numbers)


@pytest.fixture(scope="module")
def killable(tmp_path_factory):
    """A KlantBrug to be killed."""
    folder = tmp_path_factory.mktemp("killable")
    with site(folder, "openklant", str(folder / "state.sqlite3"), settings=GENERATE) as found:
        yield found


@pytest.mark.parametrize("kill", KILLS.values(), ids=KILLS)
def test_a_number_of_a_write_that_was_killed_is_passed_over(killable, kill):
    """What a killed process had given and not used is undone; the next one goes on behind it."""
    found = killable
    before = [each["nummer"] for each in found.served.all("klantcontacten")]
    first = found.served.post("klantcontacten", bodies.contact())["nummer"]
    found.order.arm(1, kill)
    with pytest.raises(requests.ConnectionError):
        found.served.post("klantcontacten", bodies.contact())
    found.order.disarm()
    assert found.replicas[0].died()
    found.replicas[0].start()
    made = [found.served.post("klantcontacten", bodies.contact())["nummer"] for _ in range(2)]
    assert len({first, *made}) == 3
    assert min(int(each) for each in made) > int(first) + 1
    assert found.journal_is_empty()
    there = [each["nummer"] for each in found.served.all("klantcontacten")]
    assert sorted(there) == sorted([*before, first, *made])
