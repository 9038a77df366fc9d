"""What the target answers is logged as a processing too: for what, whose, and how it ended."""

import hmac
import json
from unittest.mock import patch

import pytest
from adapter.configuration.logbook import LogbookSettings
from adapter.phases import phase as phases_module
from adapter.phases.forward import Passed
from adapter.phases.whose import Whose
from adapter.processing import Subject
from adapter.registers.messages import Received
from adapter.shipped import expands, shipped_mappings

from tests import bodies
from tests.logbook.book import keeping
from tests.phases.phased import turn, with_phases

KEY = "een sleutel van meer dan tweeendertig tekens"
READING, WRITING = "https://avg.example/verwerkingen/12/v3", "https://avg.example/verwerkingen/13/v1"
BASE = "https://brug.example/klantinteracties/api/v1"
ONE, OTHER, LINK, CONTACT = (f"00000000-0000-4000-8000-00000000000{number}" for number in range(4))
UNSET, OK = 0, 1


def url(kind, uuid):
    return {"uuid": uuid, "url": f"{BASE}/{kind}/{uuid}"}


def whose(answers):
    """What asks a target with these answers, by path and query; what else is asked is an error."""

    def ask(asked):
        assert asked.method == "GET"
        return Received(200, {}, json.dumps(answers[asked.path, asked.query]).encode())

    return Whose(ask, shipped_mappings("openklant").resources, expands())


def found(uuids):
    return {Subject("partijen", uuid, by_uuid=True) for uuid in uuids}


CONTACT_ASKED = (f"klantcontacten/{CONTACT}", "expand=hadBetrokkenen")
CONTACT_ANSWER = {
    **url("klantcontacten", CONTACT),
    "_expand": {"hadBetrokkenen": [{"wasPartij": url("partijen", ONE)}]},
}


@pytest.mark.parametrize(
    ("kind", "query", "body", "asked", "wanted"),
    [
        ("partijen", "", {"results": [url("partijen", ONE), url("partijen", OTHER)]}, {}, {ONE, OTHER}),
        ("betrokkenen", "", {"wasPartij": url("partijen", ONE)}, {}, {ONE}),
        ("klantcontacten", "page=2&expand=omvatteBijlagen", {"hadBetrokkenen": [url("betrokkenen", LINK)]},
         {("klantcontacten", "page=2&expand=omvatteBijlagen%2ChadBetrokkenen"): CONTACT_ANSWER}, {ONE}),
        ("internetaken", "", {"aanleidinggevendKlantcontact": url("klantcontacten", CONTACT)},
         {(f"klantcontacten/{CONTACT}", ""): CONTACT_ANSWER, CONTACT_ASKED: CONTACT_ANSWER}, {ONE}),
        ("actoren", "", {"naam": "x"}, {}, set()),
    ],
)  # fmt: skip
def test_whose_data_an_answer_holds_is_found_by_the_paths_of_the_mappings(kind, query, body, asked, wanted):
    text = json.dumps(body, separators=(",", ":")).encode()
    assert whose(asked).after(kind, Passed("GET", kind, query, BASE), text) == found(wanted)


def test_whose_data_a_write_will_change_is_asked_before():
    answers = {
        (f"klantcontacten/{CONTACT}", ""): CONTACT_ANSWER,
        CONTACT_ASKED: CONTACT_ANSWER,
        (f"partijen/{OTHER}", ""): url("partijen", OTHER),
    }
    body = json.dumps({"aanleidinggevendKlantcontact": {"uuid": CONTACT}}).encode()
    one = whose(answers)
    assert one.before("internetaken", Passed("POST", "internetaken", "", BASE, body)) == found({ONE})
    body = json.dumps({"wasPartij": {"uuid": OTHER}, "hadKlantcontact": {"uuid": "no uuid"}}).encode()
    assert one.before("betrokkenen", Passed("POST", "betrokkenen", "", BASE, body)) == found({OTHER})
    assert one.before("partijen", Passed("DELETE", f"partijen/{OTHER}", "", BASE)) == found({OTHER})
    assert one.before("klantcontacten", Passed("POST", "klantcontacten", "", BASE, b"no JSON")) == set()


@pytest.fixture
def dialect():
    return "openklant"


def test_a_forwarded_operation_is_logged(deployment, deployments, tmp_path):
    """Its activity, its status, those whose data is answered; a write waits for the logbook."""
    target, file = deployments("vng"), tmp_path / "phase"
    target.reset()
    activities = {"*List": READING, "*Retrieve": READING, "*": WRITING}
    with keeping() as book, patch.object(phases_module, "LOOK_SECONDS", 0.02):
        change = with_phases(file, target.served.base, logbook=LogbookSettings(book.url, KEY, activities))
        with deployment.another(change) as client:
            turn(client, file, "forward")
            book.forget()
            person = client.post("partijen", bodies.persoon())
            (own, about) = book.wait_for(2)
            assert (own["name"], own["attributes"]["processing_activity_id"]) == ("partijenCreate", WRITING)
            assert own["status"]["code"] == OK
            pseudonym = hmac.new(KEY.encode(), f"partijen:{person['uuid']}".encode(), "sha256").hexdigest()
            assert about["attributes"]["data_subject_id"] == pseudonym
            assert about["parentSpanId"] == own["spanId"]
            book.forget()
            client.get(f"partijen/{person['uuid']}")
            (own, about) = book.wait_for(2)
            assert own["attributes"]["processing_activity_id"] == READING
            assert about["attributes"]["data_subject_id"] == pseudonym
            book.forget()
            client.post("partijen", {}, expect=400)
            (own,) = book.wait_for(1)
            assert own["status"]["code"] == UNSET
            book.forget()
            book.answer = (503, b"")
            client.delete(f"partijen/{person['uuid']}", expect=503)
            assert target.served.get("partijen")["count"] == 1
