"""Every request is logged as a processing of personal data: whose, for what, and how it ended."""

import hmac
from contextlib import ExitStack
from dataclasses import dataclass, replace

import pytest
from adapter.configuration import Token
from adapter.configuration.logbook import LOG, REFUSE, LogbookSettings

from tests import bodies, flows
from tests.deployment import Client, Running
from tests.logbook.book import Book, keeping
from tests.unreliable import DOWN
from tests.watching import planted_in

KEY = "een sleutel van meer dan tweeendertig tekens"
READING, WRITING = "https://avg.example/verwerkingen/12/v3", "https://avg.example/verwerkingen/13/v1"
OTHER = "https://oin.example/00000001001299757000"
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"
TRANSACTION = "0191f2a5-5b2c-7f53-9ac1-0d8c1a6ba8e0"
UNSET, OK, ERROR = 0, 1, 2


def pseudonym(text):
    """What the log says instead of `BSN:999990019`."""
    return hmac.new(KEY.encode(), text.encode(), "sha256").hexdigest()


BSN = pseudonym(f"BSN:{bodies.BSN}")


@dataclass
class World:
    """A KlantBrug with a logbook; `strict` is another one that answers reads only when they are logged."""

    running: Running
    book: Book
    served: Client
    strict: Client

    def reset(self):
        self.running.reset()
        self.book.forget()


@pytest.fixture(scope="module")
def shared(deployments):
    running = deployments("openklant")
    running.reset()
    with keeping() as book, ExitStack() as stack:

        def logged(reads):
            settings = LogbookSettings(
                book.url,
                KEY,
                {"*List": READING, "*Retrieve": READING, "*": WRITING},
                {"Authorization": "Bearer logboek"},
                reads=reads,
                parties={"party": OTHER},
            )

            def change(configuration):
                party = Token("party", "", "party", ("*",), None)
                return replace(configuration, logbook=settings, tokens=(*configuration.tokens, party))

            return stack.enter_context(running.another(change))

        yield World(running, book, logged(LOG), logged(REFUSE))


@pytest.fixture
def world(shared):
    shared.reset()
    return shared


@pytest.fixture
def partij(world):
    """A resident with a BSN; his creation is no longer in the book."""
    number = bodies.identificator("bsn", bodies.BSN)
    partij = world.served.post("partijen", bodies.persoon(partijIdentificatoren=[number]))
    world.book.wait_for(2, "partijenCreate")
    world.book.forget()
    return partij


def of_subjects(records):
    return [each for each in records if "data_subject_id" in each["attributes"]]


def actions(records):
    return [each for each in records if "data_subject_id" not in each["attributes"]]


def test_five_applications_leave_records_and_no_values(world):
    """One record for each request, one for each data subject of it; nobody's data is in them."""
    requests = []
    world.served.session.hooks["response"].append(lambda answer, **_: requests.append(answer))
    made = flows.play(world.served)
    world.served.session.hooks["response"].pop()
    number = len(requests)
    until = actions(world.book.wait_for(number))
    while len(until) < number:
        until = actions(world.book.wait_for(len(world.book.records) + 1))
    assert len(actions(world.book.records)) == number
    subjects = of_subjects(world.book.records)
    known = {BSN, pseudonym(f"partijen:{made['partij']['uuid']}")}
    assert {each["attributes"]["data_subject_id"] for each in subjects} == known
    for each in world.book.records:
        assert each["attributes"]["processing_activity_id"] in (READING, WRITING)
        assert int(each["startTimeUnixNano"]) <= int(each["endTimeUnixNano"])
    spans = {(each["traceId"], each["spanId"]): each for each in actions(world.book.records)}
    assert all((each["traceId"], each["parentSpanId"]) in spans for each in subjects)
    assert {each["status"]["code"] for each in spans.values()} == {OK}
    assert planted_in(" ".join(world.book.raw)) == []
    assert made["partij"]["uuid"] not in " ".join(world.book.raw)
    assert world.book.headers["authorization"] == "Bearer logboek"


# What is asked, and the operation that it is.
READ = [
    ("partijen/{partij}", "partijenRetrieve"),
    ("klantcontacten", "klantcontactenList"),
    ("klantcontacten/{contact}?expand=hadBetrokkenen.wasPartij,hadBetrokkenen", "klantcontactenRetrieve"),
    ("betrokkenen", "betrokkenenList"),
    ("digitaleadressen", "digitaleadressenList"),
    ("internetaken", "internetakenList"),
    ("partij-identificatoren", "partijIdentificatorenList"),
    ("actorklantcontacten", "actorklantcontactenList"),
    ("onderwerpobjecten", "onderwerpobjectenList"),
    ("bijlagen", "bijlagenList"),
    ("rekeningnummers", "rekeningnummersList"),
    ("categorie-relaties", "categorieRelatiesList"),
    ("digitaleadressen?verstrektDoorPartij__uuid={partij}", "digitaleadressenList"),
]


def test_whoever_is_read_of_is_found_by_way_of_what_holds_his_data(world, partij):
    """Also where his data hangs on a contact. Whoever is in the answer himself is known by his BSN."""
    contact = world.served.post("klantcontacten", bodies.contact())
    betrokkene = world.served.post("betrokkenen", bodies.betrokkene(contact, partij))
    actor = world.served.post("actoren", bodies.actor("jan", "Jan"))
    world.served.post(
        "actorklantcontacten", {"actor": bodies.ref(actor), "klantcontact": bodies.ref(contact)}
    )
    world.served.post("internetaken", bodies.taak(contact, actor))
    world.served.post("onderwerpobjecten", bodies.onderwerp(contact))
    world.served.post("digitaleadressen", bodies.adres("a@example.nl", betrokkene=betrokkene))
    world.served.post("digitaleadressen", bodies.adres("b@example.nl", partij=partij))
    world.served.post(
        "bijlagen",
        {
            "wasBijlageVanKlantcontact": bodies.ref(contact),
            "bijlageidentificator": {
                "objectId": "1",
                "codeObjecttype": "document",
                "codeRegister": "drc",
                "codeSoortObjectId": "uuid",
            },
        },
    )
    world.served.post("rekeningnummers", {"partij": bodies.ref(partij), "iban": "NL18BANK23481326"})
    categorie = world.served.post("categorieen", {"naam": "abonnee"})
    world.served.post(
        "categorie-relaties",
        {"partij": bodies.ref(partij), "categorie": bodies.ref(categorie), "beginDatum": "2024-01-01"},
    )
    uuid = partij["uuid"]
    told, expected = {}, {}
    for path, name in READ:
        world.book.forget()
        world.served.get(path.format(partij=uuid, contact=contact["uuid"]))
        own, subject = (each["attributes"] for each in world.book.wait_for(2, name))
        told[path] = own, subject["data_subject_id"], subject["data_subject_id_type"]
        himself = path.startswith("partijen/") or "wasPartij" in path
        who = (BSN, "BSN") if himself else (pseudonym(f"partijen:{uuid}"), f"{world.served.base}/partijen")
        expected[path] = {"processing_activity_id": READING}, *who
    assert told == expected


def test_a_page_is_one_export_with_a_record_for_each(world):
    made = [world.served.post("partijen", bodies.persoon()) for _ in range(5)]
    world.book.forget()
    world.strict.get("partijen")
    (export,) = world.book.exports
    assert len(actions(export)) == 1
    found = {each["attributes"]["data_subject_id"] for each in of_subjects(export)}
    assert found == {pseudonym(f"partijen:{each['uuid']}") for each in made}


def test_a_change_is_refused_when_the_logbook_does_not_confirm(world, partij):
    """Nothing has been written then, and the client may repeat it."""
    contact = world.served.post("klantcontacten", bodies.contact())
    world.book.answer = (503, b"")
    with world.running.writes() as written:
        for method, path, body in (
            ("PATCH", f"partijen/{partij['uuid']}", {"indicatieActief": False}),
            ("POST", "klantcontacten", bodies.contact()),
            ("POST", "betrokkenen", bodies.betrokkene(contact, partij)),
            ("POST", "maak-klantcontact", {"klantcontact": bodies.contact(), "betrokkene": {}}),
            ("DELETE", f"partijen/{partij['uuid']}", None),
        ):
            answer = world.served.call(method, path, json=body)
            assert answer.status_code == (400 if path == "maak-klantcontact" else 503), answer.text
            if answer.status_code == 503:
                assert answer.json()["code"] == "logbook_unavailable"
                assert int(answer.headers["Retry-After"]) > 0
    assert written == []
    world.book.forget()
    world.served.patch(f"partijen/{partij['uuid']}", {"indicatieActief": False})
    # The records of the refused requests themselves come now, too.
    updates = [each for each in world.book.records if each["name"] == "partijenPartialUpdate"]
    done = next(each for each in actions(updates) if each["status"]["code"] == OK)
    (subject,) = of_subjects(updates)
    assert subject["attributes"]["data_subject_id"] == BSN
    assert subject["parentSpanId"] == done["spanId"]
    assert updates.index(subject) < updates.index(done)


def test_what_a_logbook_rejects_is_not_confirmed(world, partij):
    for answer in (b'{"partialSuccess":{"rejectedSpans":"1"}}', b"<html>"):
        world.book.answer = (200, answer)
        patch = world.served.call("PATCH", f"partijen/{partij['uuid']}", json={"indicatieActief": False})
        assert patch.status_code == 503


def test_reads_are_answered_before_or_after_they_are_logged(world, partij):
    """As the setting says; what is not confirmed at once is sent until it is."""
    world.book.answer = (503, b"")
    assert world.strict.call("GET", f"partijen/{partij['uuid']}").status_code == 503
    assert world.served.call("GET", f"partijen/{partij['uuid']}").status_code == 200
    assert world.book.records == []
    world.book.forget()
    found = world.book.wait_for(2, "partijenRetrieve")
    assert {each["attributes"].get("data_subject_id") for each in found} >= {None, BSN}


def test_a_new_partij_is_logged_when_it_has_a_uuid(world):
    """It has nothing by which it is known; that the logbook takes records is asked before."""
    made = world.served.post("partijen", bodies.organisatie())
    asked, after = world.book.exports
    assert asked == []
    assert len(actions(after)) == 1
    (subject,) = of_subjects(after)
    assert subject["attributes"]["data_subject_id"] == pseudonym(f"partijen:{made['uuid']}")


def test_a_kvk_number_is_an_identity_too(world):
    number = bodies.identificator("kvk_nummer", "12345678")
    world.served.post("partijen", bodies.organisatie(partijIdentificatoren=[number]))
    found = {each["attributes"]["data_subject_id"] for each in of_subjects(world.book.records)}
    assert found == {pseudonym("KVK:12345678")}


def test_how_it_ended_is_logged(world):
    """A fault of the client is none of the processing; one of a register is an error, told by its class."""
    world.strict.get("partijen/5b1f3a52-3d0b-4a35-9c7e-8a1f0f6f2b11", expect=404)
    (missing,) = world.book.wait_for(1, "partijenRetrieve")
    assert missing["status"]["code"] == UNSET
    with world.running.faults["klanten"].failing(DOWN):
        world.strict.get("partijen", expect=503)
    (failed,) = world.book.wait_for(1, "partijenList")
    assert failed["status"]["code"] == ERROR
    assert failed["attributes"]["exception.type"] == "RegisterFault"
    assert planted_in(str(failed)) == []


def test_a_trace_goes_on_through_the_log(world):
    """The record of the caller is the parent; a register gets that of this request."""
    received = []

    def note(scope):
        headers = dict(scope["headers"])
        received.append(headers.get(b"traceparent", b"").decode())

    world.running.faults["klanten"].decide = note
    try:
        world.strict.call("GET", "partijen", headers={"traceparent": TRACEPARENT}).raise_for_status()
    finally:
        world.running.faults["klanten"].decide = None
    (own,) = world.book.wait_for(1, "partijenList")
    assert (own["traceId"], own["parentSpanId"]) == (TRACE, PARENT)
    assert set(received) == {f"00-{TRACE}-{own['spanId']}-01"}


def test_another_organisation_is_named_and_no_parent(world):
    """FSC passes on its transaction and no trace: that is the trace then."""
    client = {"Authorization": "Token party", "Fsc-Transaction-Id": TRANSACTION}
    world.strict.call("GET", "partijen", headers=client).raise_for_status()
    (own,) = world.book.wait_for(1, "partijenList")
    assert own["traceId"] == TRANSACTION.replace("-", "")
    assert "parentSpanId" not in own
    assert own["attributes"]["foreign_operation.processor"] == OTHER
