"""kill -9 while a client records a zaak on a contact of an employee: the object is made, then the link."""

import uuid as uuids

import pytest
import requests

from tests.faults.proxy import KILLS
from tests.faults.site import is_emptied
from tests.gathering.applications import zaak_of
from tests.gathering.mortal import answered, site

ZAAK = "onderwerpobjectidentificator"
LINKED = pytest.mark.parametrize("linked", [False, True], ids=["new", "linked"])


@pytest.fixture(scope="module")
def town_site(tmp_path_factory):
    with site(tmp_path_factory.mktemp("zaken")) as found:
        yield found


class Recording:
    """A zaak that a client records on a contact of an employee, who may have linked it before."""

    def __init__(self, found, *, linked):
        self.site, self.zaak = found, str(uuids.uuid4())
        self.contact = found.town.records(tekst="Paspoort", type="Contactverzoek")
        self.key = {"Idempotency-Key": uuids.uuid4().hex}
        if linked:
            found.town.links_zaak(self.contact, self.zaak)

    def send(self, desk):
        body = {"klantcontact": {"uuid": self.contact}, "wasKlantcontact": None, ZAAK: zaak_of(self.zaak)}
        return desk.call("POST", "onderwerpobjecten", json=body, headers=self.key)

    def links(self):
        """The zaken that employees see of the contact."""
        seen = self.site.town.seen({"url": self.contact})
        return [each.rpartition("/")[2] for each in seen["zaken"]]

    def served(self):
        """The uuids of what the contact is about: the same in each way in which they are asked for."""
        desk = self.site.desk
        found = desk.all("onderwerpobjecten", klantcontact__uuid=self.contact)
        by_zaak = desk.all("onderwerpobjecten", onderwerpobjectidentificatorObjectId=self.zaak)
        assert by_zaak == found
        for each in found:
            assert desk.get(f"onderwerpobjecten/{each['uuid']}") == each
        return [each["uuid"] for each in found]


def dies(found, spoil, *, linked):
    """A client records a zaak, and again when it got no answer; whether the process died."""
    recording = Recording(found, linked=linked)
    before = recording.served()
    spoil()
    try:
        recording.send(found.desk)
    except requests.RequestException:
        found.replicas[0].process.join(5)
        found.revive()
    fired = found.order.fired or found.fate.fired
    found.calm()
    found.revive()
    assert is_emptied(found.state)
    # All of it or nothing: what is linked is read, and nothing else.
    there = recording.served()
    assert len(there) == len(recording.links()) <= 1
    assert there == before or not before
    answer = answered(found, recording.send)
    assert answer.status_code == 201, answer.text
    told = answer.json()["uuid"]
    assert recording.served() == [told]
    assert recording.links() == [recording.zaak]
    # Whoever read it before knows it still.
    assert before in ([], [told])
    return fired


@pytest.mark.contract
@LINKED
@pytest.mark.parametrize("kill", KILLS)
def test_killed_at_every_call_a_zaak_is_linked_once(town_site, kill, linked):
    died = 0
    for number in range(10):
        if not dies(town_site, lambda n=number: town_site.at_call(n, KILLS[kill]), linked=linked):
            break
        died += 1
    assert died == 2


@pytest.mark.contract
@LINKED
def test_killed_at_every_step_a_zaak_is_linked_once(town_site, linked):
    """Before and after each change of the state."""
    recording = Recording(town_site, linked=linked)
    assert len(recording.served()) == linked
    with town_site.fate.noted() as kinds:
        assert answered(town_site, recording.send).status_code == 201
    died = [dies(town_site, lambda kind=kind: town_site.at_step(kind), linked=linked) for kind in kinds]
    assert sum(map(bool, died)) > 5, (kinds, died)
