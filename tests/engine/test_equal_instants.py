"""Contactmomenten of one instant, in a register that promises no order among them."""

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

SAME = "2025-03-03T09:30:00Z"
ALONE = [
    "2025-03-04T09:30:00Z",
    "2025-03-03T09:30:01Z",
    "2025-03-03T09:29:59.999999Z",
    "2025-03-02T09:30:00Z",
]
TIED = 7


@pytest.fixture
def moments(deployment, old):
    """Some of one instant between others, in a register with a loose order."""
    store = deployment.faults["klanten"].app.state.store
    store.loose_order = True
    made = [old.moment(registratiedatum=SAME) for _ in range(TIED)]
    made += [old.moment(registratiedatum=each) for each in ALONE]
    yield made
    store.loose_order = False


def walk(served, size, between=lambda: None, more=0):
    """(instant, uuid) of all klantcontacten, page by page."""
    found, number = [], 1
    while True:
        page = served.get("klantcontacten", page=number, pageSize=size)
        assert page["count"] == TIED + len(ALONE) + more
        found += [(each["plaatsgevondenOp"], each["uuid"]) for each in page["results"]]
        if not page["next"]:
            return found
        number += 1
        between()


def change(old, moments):
    """Changes one of those of one instant: their order in the register is another after it."""
    moment = moments[0]
    return lambda: old.contactmomenten.call("PUT", moment["url"], json={**moment, "tekst": "Anders."})


INSTANTS = [*ALONE[:2], *[SAME] * TIED, *ALONE[2:]]


def test_the_register_is_as_loose_as_a_real_one(deployment, old, moments):
    """Else the tests below say nothing."""
    if deployment.dialect == "vng":
        return
    before = [each["url"] for each in old.contactmomenten.all("contactmomenten")]
    change(old, moments)()
    after = [each["url"] for each in old.contactmomenten.all("contactmomenten")]
    assert before != after
    assert sorted(before) == sorted(after)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_what_has_an_instant_of_its_own_keeps_its_place(served, old, moments, size):
    """Whatever changes between the pages; and so does the part of the list that those of one instant have."""
    found = walk(served, size, change(old, moments))
    assert [instant for instant, _ in found] == INSTANTS
    alone = {each["registratiedatum"]: each["url"].rpartition("/")[2] for each in moments[TIED:]}
    assert [uuid for instant, uuid in found if instant != SAME] == [alone[each] for each in ALONE]


def test_without_a_change_every_one_comes_once(served, moments):
    """On pages of any size."""
    for size in (1, 2, 3, 100):
        assert len({uuid for _, uuid in walk(served, size)}) == TIED + len(ALONE)


def test_a_list_that_is_read_whole_has_each_once(served, old, moments):
    """The last page, and what is found by a filter that the register does not know."""
    change(old, moments)()
    last = served.get("klantcontacten", page="last", pageSize=100)["results"]
    found = served.get("klantcontacten", inhoud="a", pageSize=100)["results"]
    for rows in (last, found):
        assert len({each["uuid"] for each in rows}) == len(rows) == TIED + len(ALONE)
        assert [each["plaatsgevondenOp"] for each in rows] == INSTANTS


def test_what_api_clients_recorded_at_one_instant_is_listed_newest_first(served, old, moments):
    """However the register has it; what a register client recorded at that instant comes after it."""
    made = [
        served.post("klantcontacten", {**bodies.contact(), "plaatsgevondenOp": SAME, "inhoud": "Samen."})
        for _ in range(TIED)
    ]
    wanted = [each["uuid"] for each in reversed(made)]
    for filters in ({}, *({name: made[0][name]} for name in ("inhoud", "kanaal", "onderwerp"))):
        rows = served.get("klantcontacten", pageSize=100, **filters)["results"]
        tied = [each["uuid"] for each in rows if each["plaatsgevondenOp"] == SAME]
        assert tied[:TIED] == wanted, filters
    for size in (1, 2, 3):
        tied = [uuid for instant, uuid in walk(served, size, more=TIED) if instant == SAME]
        assert tied[:TIED] == wanted, size
