"""With `nummers: generate` every klantcontact, interne taak and partij has a nummer."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest

from tests import bodies
from tests.deployment import Client, with_settings

pytestmark = pytest.mark.alternating

GENERATE = with_settings(nummers="generate")
SENT = "1234567890"


@pytest.fixture(scope="module")
def numberings(deployments):
    """Gives a client of a KlantBrug that gives numbers, of a dialect; started when it is first asked for."""
    found = {}
    with ExitStack() as stack:

        def client_of(dialect):
            if dialect not in found:
                found[dialect] = stack.enter_context(deployments(dialect).another(GENERATE))
            return found[dialect]

        yield client_of


@pytest.fixture
def numbering(deployment, numberings, dialect):
    """A client of a KlantBrug that gives numbers, before empty registers."""
    return numberings(dialect)


def given(number):
    """Whether a number is one that was given out."""
    return isinstance(number, str) and len(number) == 10 and number.isdigit() and number[0] != "9"


def computed(number):
    """Whether a number is one that was computed."""
    return isinstance(number, str) and len(number) == 10 and number.isdigit() and number[0] == "9"


def creates(client):
    """(collection, body) of each kind of resource that has a number."""
    contact = client.post("klantcontacten", bodies.contact())
    actor = client.post("actoren", bodies.actor("sanne", "Sanne"))
    return [
        ("klantcontacten", bodies.contact()),
        ("internetaken", bodies.taak(contact, actor)),
        ("partijen", bodies.persoon()),
        ("partijen", bodies.organisatie()),
    ]


def old_records(old):
    """(collection, uuid) of what an old client recorded, one of each kind."""
    moment, klant = old.moment(), old.klant()
    task = old.taak(moment)
    uuids = [each["url"].rpartition("/")[2] for each in (moment, klant)]
    return [("klantcontacten", uuids[0]), ("partijen", uuids[1]), ("internetaken", task["uuid"])]


@pytest.mark.parametrize("sent", [{}, {"nummer": None}, {"nummer": ""}])
def test_what_is_made_without_a_number_is_given_one(numbering, sent):
    """Not sent, null and empty text are all no number: the resource gets one, and is found by it."""
    for collection, body in creates(numbering):
        made = numbering.post(collection, {**body, **sent})
        assert given(made["nummer"])
        path = f"{collection}/{made['uuid']}"
        assert numbering.get(path)["nummer"] == made["nummer"]
        (found,) = numbering.get(collection, nummer=made["nummer"])["results"]
        assert found["uuid"] == made["uuid"]


def test_by_default_nothing_is_given_or_computed(served, old):
    """Without the setting nummer is null unless it is sent, as in Open Klant."""
    for collection, body in creates(served):
        assert served.post(collection, body)["nummer"] is None
    for collection, uuid in old_records(old):
        assert served.get(f"{collection}/{uuid}")["nummer"] is None


def test_a_number_that_is_sent_stands(numbering):
    """A client's own number is kept, also one that looks computed, and is unique."""
    for number in (SENT, "9234567890", "12"):
        for collection, body in creates(numbering)[:3]:
            made = numbering.post(collection, {**body, "nummer": number})
            assert made["nummer"] == number
            answer = numbering.post(collection, {**body, "nummer": number}, expect=400)
            assert [(each["name"], each["code"]) for each in answer["invalidParams"]] == [
                ("nummer", "unique")
            ]


def test_parts_of_one_create_are_numbered(numbering):
    """maak-klantcontact gives the klantcontact a number; a todo gives its task one of its own."""
    body = {
        "klantcontact": bodies.contact(todo="Terugbellen"),
        "betrokkene": {"rol": "klant", "initiator": True},
    }
    made = numbering.post("maak-klantcontact", body)["klantcontact"]
    assert given(made["nummer"])
    (task,) = numbering.get("internetaken")["results"]
    assert given(task["nummer"])
    contact = numbering.post("klantcontacten", bodies.contact())
    numbering.patch(f"klantcontacten/{contact['uuid']}", {"todo": "Mailen"})
    assert all(given(each["nummer"]) for each in numbering.get("internetaken")["results"])
    assert len({each["nummer"] for each in numbering.get("internetaken")["results"]}) == 2


def test_a_number_stays(numbering, deployment):
    """PUT without nummer, and null or empty text, leave the number; another one takes its place."""
    for collection, body in creates(numbering)[:3]:
        made = numbering.post(collection, body)
        path = f"{collection}/{made['uuid']}"
        with deployment.writes() as writes:
            for sent in ({}, {"nummer": None}, {"nummer": ""}, {"nummer": made["nummer"]}):
                assert numbering.patch(path, sent)["nummer"] == made["nummer"]
        assert writes == []
        for sent in ({}, {"nummer": None}):
            assert numbering.put(path, {**body, **sent})["nummer"] == made["nummer"]
        assert numbering.patch(path, {"nummer": SENT})["nummer"] == SENT
        assert numbering.get(collection, nummer=made["nummer"])["count"] == 0


def test_numbers_that_the_registers_hold_are_passed_over(numbering, served, old):
    """Whoever wrote a number, through the API or into a register, has it alone."""
    for collection, body in creates(numbering)[:3]:
        first = int(numbering.post(collection, body)["nummer"])
        ahead = [f"{first + n:010d}" for n in range(1, 6)]
        for number in ahead:
            served.post(collection, {**body, "nummer": number})
        assert numbering.post(collection, body)["nummer"] not in ahead
    moment = old.moment()
    held = int(numbering.post(*creates(numbering)[1])["nummer"]) + 1
    old.taak(moment, nummer=f"{held:010d}")
    for _ in range(3):
        assert int(numbering.post(*creates(numbering)[1])["nummer"]) != held


def test_a_long_row_of_numbers_is_passed_in_few_steps(numbering, served, deployment):
    """Past numbers that stand in a row it takes a few searches, not one for each of them."""
    first = int(numbering.post("klantcontacten", bodies.contact())["nummer"])
    for n in range(1, 41):
        served.post("klantcontacten", bodies.contact(nummer=f"{first + n:010d}"))
    calls = []
    for _ in range(2):
        before = len(deployment.exchanges)
        made = numbering.post("klantcontacten", bodies.contact())
        assert int(made["nummer"]) > first + 40
        calls.append(len(deployment.exchanges) - before)
    assert calls[0] - calls[1] < 20


def test_old_records_read_a_number_that_is_the_same_everywhere(numbering, old, deployment):
    """No list has a null; the number is the same in every replica and at every moment."""
    with deployment.another(GENERATE) as other:
        for collection, uuid in old_records(old):
            read = numbering.get(f"{collection}/{uuid}")["nummer"]
            assert computed(read)
            assert other.get(f"{collection}/{uuid}")["nummer"] == read
            assert [each["nummer"] for each in numbering.all(collection)] == [read]
    expanded = numbering.get("internetaken")["results"][0]
    contact = numbering.get(
        f"klantcontacten/{expanded['aanleidinggevendKlantcontact']['uuid']}", expand="leiddeTotInterneTaken"
    )
    assert computed(contact["_expand"]["leiddeTotInterneTaken"][0]["nummer"])


def test_old_numbers_are_served_as_they_are(numbering, old):
    """A klantnummer of digits and the nummer of an old task are numbers; codes and words are none."""
    for code, number in (("00000123", "00000123"), ("9876", "9876"), ("KABCDEFG", None)):
        klant = old.klant(klantnummer=code)
        read = numbering.get(f"partijen/{klant['url'].rpartition('/')[2]}")["nummer"]
        assert read == number if number else computed(read)
    moment = old.moment()
    for text, number in (("0000000042", "0000000042"), ("", None), ("CV-12", None)):
        read = numbering.get(f"internetaken/{old.taak(moment, nummer=text)['uuid']}")["nummer"]
        assert read == number if number else computed(read)


def test_a_computed_number_finds_its_record(numbering, old, served):
    """A search gives every match: the record that reads so, and one to which a client gave that number."""
    for collection, uuid in old_records(old):
        number = numbering.get(f"{collection}/{uuid}")["nummer"]
        assert [each["uuid"] for each in numbering.get(collection, nummer=number)["results"]] == [uuid]
        other = f"9{(int(number[1:]) + 1) % 10**9:09d}"
        assert numbering.get(collection, nummer=other)["count"] == 0
        assert served.get(collection, nummer=number)["count"] == 0
    for collection, body in creates(numbering)[:3]:
        uuid = next(uuid for kind, uuid in old_records(old) if kind == collection)
        number = numbering.get(f"{collection}/{uuid}")["nummer"]
        made = numbering.post(collection, {**body, "nummer": number})
        found = numbering.get(collection, nummer=number)["results"]
        assert {each["uuid"] for each in found} == {uuid, made["uuid"]}


def test_filters_through_a_reference_find_computed_numbers(numbering, old):
    """A task, a betrokkene and a categorie-relatie are found by the computed number of what they refer to."""
    moment, klant = old.moment(), old.klant()
    old.link(moment, klant)
    task = old.taak(moment)
    contact, partij = (each["url"].rpartition("/")[2] for each in (moment, klant))
    of_contact = numbering.get(f"klantcontacten/{contact}")["nummer"]
    of_partij = numbering.get(f"partijen/{partij}")["nummer"]
    categorie = numbering.post("categorieen", {"naam": "VIP"})
    relation = numbering.post(
        "categorie-relaties", {"partij": {"uuid": partij}, "categorie": bodies.ref(categorie)}
    )
    other = numbering.post("klantcontacten", bodies.contact())
    actor = numbering.post("actoren", bodies.actor("sanne", "Sanne"))
    mine = numbering.post("internetaken", bodies.taak(other, actor))

    def uuids(collection, **filters):
        return [each["uuid"] for each in numbering.get(collection, **filters)["results"]]

    assert uuids("internetaken", klantcontact__nummer=of_contact) == [task["uuid"]]
    assert uuids("internetaken", klantcontact__nummer=other["nummer"]) == [mine["uuid"]]
    assert len(uuids("betrokkenen", hadKlantcontact__nummer=of_contact)) == 1
    assert len(uuids("betrokkenen", wasPartij__nummer=of_partij)) == 1
    assert uuids("categorie-relaties", partij__nummer=of_partij) == [relation["uuid"]]
    assert uuids("categorie-relaties", partij__nummer=of_contact) == []


def test_a_task_is_found_by_its_contact_without_reading_every_contact(numbering, old, deployment):
    """The number of a klantcontact follows from its uuid, so only the contacts that fit are read."""
    moments = [old.moment() for _ in range(12)]
    tasks = [old.taak(each) for each in moments]
    number = numbering.get(f"klantcontacten/{moments[3]['url'].rpartition('/')[2]}")["nummer"]
    before = len(deployment.exchanges)
    (found,) = numbering.get("internetaken", klantcontact__nummer=number)["results"]
    assert found["uuid"] == tasks[3]["uuid"]
    contacts = [each for each in deployment.exchanges[before:] if each.path.startswith("contactmomenten/")]
    assert len({each.path for each in contacts}) == 1


def test_what_cannot_be_read_on_is_refused(deployment, old):
    """A computed number that must be looked for in more records than allowed is 400; others are not."""
    for _ in range(101):
        old.moment()

    def bounded(configuration):
        return GENERATE(replace(configuration, limits=replace(configuration.limits, scan=100)))

    with deployment.another(bounded) as client:
        answer = client.get("klantcontacten", nummer="9000000001", expect=400)
        assert [(each["name"], each["code"]) for each in answer["invalidParams"]] == [
            ("nummer", "scan-bound")
        ]
        assert client.get("klantcontacten", nummer="8000000001")["count"] == 0


def test_a_computed_number_sent_back_changes_nothing(numbering, old, deployment):
    """A client that reads an old record and writes it back as it was disturbs no register."""
    for collection, uuid in old_records(old):
        path = f"{collection}/{uuid}"
        read = numbering.get(path)
        with deployment.writes() as writes:
            assert numbering.patch(path, {"nummer": read["nummer"]})["nummer"] == read["nummer"]
            assert numbering.patch(path, {"nummer": None})["nummer"] == read["nummer"]
        assert writes == []


def test_a_computed_number_is_kept_nowhere(numbering, old, served):
    """Also when something else changes: without the setting the number of an old record is null again."""
    for collection, uuid in old_records(old):
        read = numbering.get(f"{collection}/{uuid}")
        change = {"klantcontacten": "onderwerp", "partijen": "interneNotitie", "internetaken": "toelichting"}
        sent = {change[collection]: "Anders", "nummer": read["nummer"]}
        assert numbering.patch(f"{collection}/{uuid}", sent)["nummer"] == read["nummer"]
        assert served.get(f"{collection}/{uuid}")["nummer"] is None


def test_an_old_record_can_get_a_number(numbering, old):
    """A client may give an old record a number of its own; the computed one no longer finds it."""
    for collection, uuid in old_records(old):
        before = numbering.get(f"{collection}/{uuid}")["nummer"]
        assert numbering.patch(f"{collection}/{uuid}", {"nummer": SENT})["nummer"] == SENT
        assert numbering.get(collection, nummer=SENT)["count"] == 1
        assert numbering.get(collection, nummer=before)["count"] == 0


def test_a_replay_gives_the_same_number(numbering):
    """The same request with one Idempotency-Key is numbered once."""
    client = Client(numbering.base, **{"Authorization": "Token demo", "Idempotency-Key": "een-en-dezelfde"})
    with client.session:
        first, second = (client.post("klantcontacten", bodies.contact()) for _ in range(2))
    assert (first["uuid"], first["nummer"]) == (second["uuid"], second["nummer"])
    assert numbering.get("klantcontacten")["count"] == 1


def test_numbers_differ_when_clients_send_some_of_them_at_once(numbering):
    """Creates with and without a number at one moment never end with the same one."""
    first = int(numbering.post("klantcontacten", bodies.contact())["nummer"])
    sent = [bodies.contact(nummer=f"{first + n:010d}") for n in range(1, 9)]

    def create(body):
        client = Client(numbering.base, Authorization="Token demo")
        with client.session:
            return client.call("POST", "klantcontacten", json=body)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(create, [each for body in sent for each in (body, bodies.contact())]))
    assert {each.status_code for each in answers} <= {201, 400}
    made = [each.json()["nummer"] for each in answers if each.status_code == 201]
    assert len(made) == len(set(made)) >= 8
    assert len(numbering.all("klantcontacten")) == len(made) + 1
