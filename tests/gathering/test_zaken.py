"""Zaken of contacts, over HTTP: those that employees linked in the e-Suite, and those that clients record."""

import threading
import uuid as uuids
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from adapter.registers.client import Register
from adapter.registers.messages import RegisterFault

from tests.deployment import Client
from tests.gathering.applications import zaak_of
from tests.gathering.service import served, until

ZAAK = "onderwerpobjectidentificator"
EXPAND = "gingOverOnderwerpobjecten"
TEXT = "immutable-in-register"


@pytest.fixture(scope="module")
def desk(town):
    with served(town, quiet=0.2, sweep=0.05) as client:
        yield client


@pytest.fixture
def zaak():
    return str(uuids.uuid4())


@pytest.fixture
def contact(town, zaak):
    """A contact that an employee recorded and linked with a zaak."""
    made = town.records(tekst="Paspoort", type="Contactverzoek")
    town.links_zaak(made, zaak)
    return made


@pytest.fixture
def sent(town, desk):
    """A contact that a client recorded, once it is in the e-Suite: (its uuid, that of its record)."""
    made = question(desk)
    (record,) = until(lambda: town.contacts(made["onderwerp"]))
    path = f"klantcontacten/{made['uuid']}"
    # It is held until all is done that goes with it.
    assert until(lambda: desk.call("PATCH", path, json={"inhoud": "Anders"}).status_code == 400)
    return made["uuid"], record["url"].rpartition("/")[2]


def question(desk):
    body = {"kanaal": "telefoon", "taal": "nld", "inhoud": "Is het klaar?", "vertrouwelijk": False}
    return desk.post("klantcontacten", {**body, "onderwerp": str(uuids.uuid4())})


def by_zaak(zaak, prefix=""):
    """The four parameters of a zaak."""
    return {f"{prefix}{ZAAK}{name[0].upper()}{name[1:]}": value for name, value in zaak_of(zaak).items()}


@pytest.fixture
def unknown(town):
    """A zaak that the e-Suite does not know."""
    found = str(uuids.uuid4())
    town.looseness.unknown = frozenset({found})
    yield found
    town.looseness.unknown = frozenset()


@pytest.fixture(params=["of an employee", "sent", "held"])
def doubted(request, town, desk, unknown):
    """A contact of which a client recorded a zaak that is not linked: (its uuid, of its record, the zaak)."""
    if request.param == "of an employee":
        contact = record = town.records(tekst="Paspoort", type="Contactverzoek")
    elif request.param == "sent":
        contact, record = request.getfixturevalue("sent")
    else:
        made = question(desk)
        contact = made["uuid"]
    one = recorded(desk, contact, unknown)
    if request.param == "held":
        (seen,) = until(lambda: town.contacts(made["onderwerp"]))
        record = seen["url"].rpartition("/")[2]
        path = f"klantcontacten/{contact}"
        assert until(lambda: desk.call("PATCH", path, json={"inhoud": "Anders"}).status_code == 400)
    assert about(desk, contact) == [one]
    assert zaken(town, record) == []
    return contact, record, one


@pytest.fixture(scope="module")
def elsewhere(town, desk):
    """Another replica, which knows nothing of what the first has shown."""
    assert desk
    with served(town) as client:
        yield client


def recorded(desk, contact, zaak, expect=201):
    body = {"klantcontact": {"uuid": contact}, "wasKlantcontact": None}
    return desk.post("onderwerpobjecten", {**body, ZAAK: zaak_of(zaak)}, expect)


def zaken(town, record):
    """The zaken that employees see of a contact."""
    return [each.rpartition("/")[2] for each in town.seen({"url": record})["zaken"]]


def about(desk, contact):
    """What a contact is about: each as it is listed; a client reads the same in each way."""
    found = desk.get("onderwerpobjecten", klantcontact__uuid=contact)["results"]
    for each in found:
        assert desk.get(f"onderwerpobjecten/{each['uuid']}") == each
    one = desk.get(f"klantcontacten/{contact}", expand=EXPAND)
    assert sorted(it["uuid"] for it in one[EXPAND]) == sorted(each["uuid"] for each in found)
    expanded = sorted(one["_expand"][EXPAND], key=lambda each: each["uuid"])
    assert expanded == sorted(found, key=lambda each: each["uuid"])
    return found


def ids(found):
    return [each["uuid"] for each in found["results"]]


def test_the_zaak_of_an_employees_contact_is_read(desk, contact, zaak):
    """By its contact, by its zaak, by its own uuid; and its contact is found by the zaak."""
    (one,) = about(desk, contact)
    assert one["klantcontact"]["uuid"] == contact
    assert one["wasKlantcontact"] is None
    assert one[ZAAK] == zaak_of(zaak)
    assert desk.get("onderwerpobjecten", **by_zaak(zaak))["results"] == [one]
    assert desk.get("onderwerpobjecten", onderwerpobjectidentificatorObjectId=zaak)["results"] == [one]
    assert ids(desk.get("klantcontacten", **by_zaak(zaak, "onderwerpobject__"))) == [contact]
    other = {**by_zaak(zaak), "onderwerpobjectidentificatorCodeObjecttype": "dossier"}
    assert ids(desk.get("onderwerpobjecten", **other)) == []


@pytest.mark.contract
def test_each_zaak_keeps_its_uuid_when_others_come(desk, town, contact, zaak):
    """The uuid follows from the contact and the zaak, not from the order of the links."""
    before = {each[ZAAK]["objectId"]: each["uuid"] for each in about(desk, contact)}
    others = [str(uuids.uuid4()) for _ in range(3)]
    for each in others:
        town.links_zaak(contact, each)
    after = {each[ZAAK]["objectId"]: each["uuid"] for each in about(desk, contact)}
    assert set(after) == {zaak, *others}
    assert len(set(after.values())) == 4
    assert after[zaak] == before[zaak]


def test_the_zaken_of_a_list_come_with_expand(desk, contact):
    """A list asks the e-Suite for them only when it is asked for them."""
    listed = {each["uuid"]: each for each in desk.all("klantcontacten", pageSize=100)}
    assert listed[contact][EXPAND] == []
    whole = {each["uuid"]: each for each in desk.all("klantcontacten", pageSize=100, expand=EXPAND)}
    assert [each["uuid"] for each in whole[contact]["_expand"][EXPAND]] == ids(
        desk.get("onderwerpobjecten", klantcontact__uuid=contact)
    )
    assert contact not in {each["klantcontact"]["uuid"] for each in desk.all("onderwerpobjecten")}


def test_a_link_of_an_employee_stays(desk, town, contact, zaak):
    """It can be read and not be changed; what changes nothing is right."""
    (one,) = about(desk, contact)
    path = f"onderwerpobjecten/{one['uuid']}"
    body = {"klantcontact": {"uuid": contact}, "wasKlantcontact": None, ZAAK: one[ZAAK]}
    assert desk.put(path, body) == one
    desk.patch(path, {ZAAK: {**one[ZAAK], "codeRegister": "elders"}}, 403)
    for change, name in (
        ({ZAAK: zaak_of(str(uuids.uuid4()))}, f"{ZAAK}.objectId"),
        ({"klantcontact": None}, "klantcontact"),
    ):
        refused = desk.put(path, {**body, **change}, 400)["invalidParams"]
        assert [(each["name"], each["code"]) for each in refused] == [(name, TEXT)]
    desk.delete(path, 403)
    assert about(desk, contact) == [one]
    assert zaken(town, contact) == [zaak]


def test_a_zaak_that_a_client_records_is_linked_in_the_e_suite(desk, town, contact, zaak):
    """It is served once, with what the client said of it and the uuid that it got; and it stays."""
    new = str(uuids.uuid4())
    one = recorded(desk, contact, new)
    assert sorted(zaken(town, contact)) == sorted([zaak, new])
    assert {each["uuid"] for each in about(desk, contact) if each[ZAAK]["objectId"] == new} == {one["uuid"]}
    assert ids(desk.get("onderwerpobjecten", **by_zaak(new))) == [one["uuid"]]
    path = f"onderwerpobjecten/{one['uuid']}"
    desk.delete(path, 403)
    refused = desk.patch(path, {ZAAK: zaak_of(str(uuids.uuid4()))}, 400)["invalidParams"]
    assert [(each["name"], each["code"]) for each in refused] == [(f"{ZAAK}.objectId", TEXT)]
    changed = desk.patch(path, {ZAAK: {**zaak_of(new), "codeRegister": "elders"}})
    assert changed[ZAAK]["codeRegister"] == "elders"
    assert sorted(zaken(town, contact)) == sorted([zaak, new])


def test_a_link_that_is_there_keeps_its_uuid_when_a_client_records_it(desk, town, contact, zaak):
    """What a client read of it before is it still, and the e-Suite has it once."""
    (before,) = about(desk, contact)
    one = recorded(desk, contact, zaak)
    assert one == before
    assert about(desk, contact) == [one]
    assert zaken(town, contact) == [zaak]
    again = recorded(desk, contact, zaak)
    assert again["uuid"] != one["uuid"]
    assert {each["uuid"] for each in about(desk, contact)} == {one["uuid"], again["uuid"]}
    assert zaken(town, contact) == [zaak]


@pytest.mark.contract
def test_what_is_no_zaak_stands_beside_the_contact(desk, town, contact, zaak):
    """It can be changed and deleted; when it becomes a zaak, that is linked."""
    other = {**zaak_of("D-42"), "codeObjecttype": "dossier"}
    body = {"klantcontact": {"uuid": contact}, "wasKlantcontact": None, ZAAK: other}
    one, two = desk.post("onderwerpobjecten", body), desk.post("onderwerpobjecten", body)
    desk.delete(f"onderwerpobjecten/{two['uuid']}")
    new = str(uuids.uuid4())
    desk.patch(f"onderwerpobjecten/{one['uuid']}", {ZAAK: zaak_of(new)})
    assert sorted(zaken(town, contact)) == sorted([zaak, new])
    assert len(about(desk, contact)) == 2
    desk.delete(f"onderwerpobjecten/{one['uuid']}", 403)


def test_an_employee_links_a_contact_that_a_client_recorded(desk, town, sent, zaak):
    """The zaak is read with the uuid of the contact that clients know."""
    contact, record = sent
    own = recorded(desk, contact, str(uuids.uuid4()))
    assert about(desk, contact) == [own]
    town.links_zaak(record, zaak)
    (linked,) = (each for each in about(desk, contact) if each["uuid"] != own["uuid"])
    assert linked[ZAAK] == zaak_of(zaak)
    assert linked["klantcontact"]["uuid"] == contact
    assert ids(desk.get("klantcontacten", **by_zaak(zaak, "onderwerpobject__"))) == [contact]
    desk.delete(f"onderwerpobjecten/{linked['uuid']}", 403)
    desk.delete(f"onderwerpobjecten/{own['uuid']}", 403)
    assert recorded(desk, contact, zaak) == linked
    assert len(zaken(town, record)) == 2


def test_a_zaak_of_a_contact_that_is_held_is_there_once(desk, town, zaak):
    """Before it is sent, and afterwards."""
    made = question(desk)
    contact = made["uuid"]
    one = recorded(desk, contact, zaak)
    assert about(desk, contact) == [one]
    (record,) = until(lambda: town.contacts(made["onderwerp"]))
    assert until(lambda: town.seen(record)["zaken"])
    assert about(desk, contact) == [one]
    assert ids(desk.get("onderwerpobjecten", **by_zaak(zaak))) == [one["uuid"]]


@pytest.mark.contract
def test_a_zaak_has_the_same_uuid_in_every_replica(desk, elsewhere, contact):
    """One that has never shown it knows it as soon as its contact is asked for."""
    (one,) = about(desk, contact)
    path = f"onderwerpobjecten/{one['uuid']}"
    elsewhere.get(path, 404)
    found = elsewhere.get("onderwerpobjecten", klantcontact__uuid=contact)
    assert ids(found) == [one["uuid"]]
    assert elsewhere.get(path)["uuid"] == one["uuid"]


@pytest.mark.contract
def test_a_uuid_in_capitals_is_the_same_zaak(desk, town, contact):
    """The link is served once, as the client recorded it."""
    new = str(uuids.uuid4())
    town.links_zaak(contact, new)
    one = recorded(desk, contact, new.upper())
    assert [each["uuid"] for each in about(desk, contact) if each[ZAAK]["objectId"].lower() == new] == [
        one["uuid"]
    ]


@pytest.mark.contract
def test_a_link_of_which_the_answer_was_lost_is_made_once(desk, town, contact, zaak, monkeypatch):
    """What it was for is taken back, and the client records it again: then it is the one that is there."""
    call, lost = Register.call, []

    def unanswered(self, method, path, **named):
        answer = call(self, method, path, **named)
        if (method, path) == ("POST", "objectcontactmomenten") and not lost:
            lost.append(path)
            raise RegisterFault(self.name, 504, 1)
        return answer

    monkeypatch.setattr(Register, "call", unanswered)
    new = str(uuids.uuid4())
    recorded(desk, contact, new, 503)
    (linked,) = (each for each in about(desk, contact) if each[ZAAK]["objectId"] == new)
    assert recorded(desk, contact, new) == linked
    assert len(about(desk, contact)) == 2
    assert sorted(zaken(town, contact)) == sorted([zaak, new])


def test_without_zaken_a_zaak_is_found_by_what_clients_recorded(town, zaak):
    """No register of zaken is configured, so none of its URLs is known: no employee's link is asked for."""
    with served(town, without="zaken") as desk:
        made = question(desk)
        subject = {"klantcontact": {"uuid": made["uuid"]}, "wasKlantcontact": None, ZAAK: zaak_of(zaak)}
        one = desk.post("onderwerpobjecten", subject)
        found = desk.all("klantcontacten", **by_zaak(zaak, "onderwerpobject__"))
        assert [each["uuid"] for each in found] == [made["uuid"]]
        assert [each["uuid"] for each in desk.all("onderwerpobjecten", **by_zaak(zaak))] == [one["uuid"]]


def test_a_zaak_that_the_e_suite_refused_can_be_deleted(desk, doubted):
    """It stands beside the contact alone, so that it is gone then."""
    contact, _, one = doubted
    desk.delete(f"onderwerpobjecten/{one['uuid']}")
    assert about(desk, contact) == []
    desk.get(f"onderwerpobjecten/{one['uuid']}", 404)


def test_a_zaak_that_the_e_suite_refused_can_be_corrected(desk, town, doubted, zaak):
    """The right one is linked, and stays from then on."""
    contact, record, one = doubted
    path = f"onderwerpobjecten/{one['uuid']}"
    changed = desk.patch(path, {ZAAK: zaak_of(zaak)})
    assert zaken(town, record) == [zaak]
    assert about(desk, contact) == [changed]
    desk.delete(path, 403)
    desk.patch(path, {ZAAK: zaak_of(str(uuids.uuid4()))}, 400)


@pytest.mark.contract
def test_a_change_tries_the_link_again(desk, town, doubted):
    """The e-Suite knows the zaak by now."""
    contact, record, one = doubted
    town.looseness.unknown = frozenset()
    own = {**one[ZAAK], "codeRegister": "elders"}
    changed = desk.patch(f"onderwerpobjecten/{one['uuid']}", {ZAAK: own})
    assert zaken(town, record) == [own["objectId"]]
    assert about(desk, contact) == [changed]
    desk.delete(f"onderwerpobjecten/{one['uuid']}", 403)


WRITERS = 8


def test_writers_who_record_a_linked_zaak_at_one_instant(desk, town, contact, zaak):
    """Each has its own, one of them under the uuid that was read before; the e-Suite has the link once."""
    (before,) = about(desk, contact)
    begin = threading.Barrier(WRITERS)

    def record():
        with closing(Client(desk.base, Authorization="Token demo")) as client:
            begin.wait(10)
            return recorded(client, contact, zaak)["uuid"]

    with ThreadPoolExecutor(WRITERS) as pool:
        made = [each.result() for each in [pool.submit(record) for _ in range(WRITERS)]]
    assert len(set(made)) == WRITERS
    assert before["uuid"] in made
    assert {each["uuid"] for each in about(desk, contact)} == set(made)
    assert zaken(town, contact) == [zaak]
