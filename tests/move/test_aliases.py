"""What got another uuid from its register than clients know is served under the one that they know."""

import uuid as uuids
from contextlib import closing

import pytest
from adapter import context
from adapter.commands.move_back import Bodies, _doing
from adapter.engine.gateway.aliased import Aliased, aliased
from adapter.engine.service import Engine
from adapter.engine.transaction.recognising import recognise
from adapter.errors import RegisterUnavailable
from adapter.main import prepare
from adapter.move.marks import NEW, Deed, Held
from adapter.registers.messages import Answer
from adapter.registers.renaming import renamed, uuids_within
from adapter.service import Caller
from adapter.state.journal import OpenWrite
from adapter.state.opening import open_state

from tests import bodies
from tests.phases.phased import with_phases

SERVED, RECORD, OTHER = (f"{each}0000000-0000-4000-8000-000000000000" for each in "abc")


@pytest.fixture
def dialect():
    return "openklant"


@pytest.mark.parametrize(
    ("value", "within", "becomes"),
    [
        (None, [], None),
        (7, [], 7),
        ("", [], ""),
        (SERVED, [SERVED], RECORD),
        (SERVED.upper(), [SERVED], RECORD.upper()),
        (f"https://k.example/klanten/{SERVED}/", [SERVED], f"https://k.example/klanten/{RECORD}/"),
        (f"{SERVED}|{OTHER}", [SERVED, OTHER], f"{RECORD}|{OTHER}"),
        ({SERVED: [{"url": SERVED}]}, [SERVED, SERVED], {RECORD: [{"url": RECORD}]}),
        ([("klant", OTHER)], [OTHER], [["klant", OTHER]]),
    ],
)
def test_a_uuid_is_found_and_becomes_another_wherever_it_stands(value, within, becomes):
    assert list(uuids_within(value)) == within
    assert renamed(value, {SERVED: RECORD}) == becomes


class Recorded:
    """A register that answers what it is told, and keeps what it was asked."""

    name = "klanten"
    url = urls = identify = None

    def __init__(self, body):
        self.body, self.asked = body, []

    def call(self, method, path, *, params=(), json=None):
        self.asked.append((method, path, params, json))
        return Answer(200, self.body)


def test_a_call_says_the_uuid_of_the_record_and_its_answer_the_served_one():
    """Without aliases nothing is another, and the call is made as it is."""
    register, body = Recorded({"url": f"x/{RECORD}", "klant": f"x/{OTHER}"}), {"of": SERVED}
    with closing(open_state()) as state:
        through = Aliased(register, state.aliases)
        assert aliased({"klanten": register}, None, but="") == {"klanten": register}
        assert through.call("GET", f"klanten/{SERVED}").body is register.body
        state.aliases.made(SERVED, OTHER, "klanten/klanten")
        state.aliases.made(SERVED, RECORD, "klanten/klanten")
        answer = through.call("POST", f"klanten/{SERVED}", params=[("klant", f"x/{SERVED}")], json=body)
        assert answer.body == {"url": f"x/{SERVED}", "klant": f"x/{OTHER}"}
        assert register.asked[-1] == (
            "POST", f"klanten/{RECORD}", [("klant", f"x/{RECORD}")], {"of": RECORD},
        )  # fmt: skip
        both = aliased({"klanten": register, "target": register}, state.aliases, but="target")
        assert both["target"] is register is not both["klanten"]


def test_a_first_alias_of_another_process_is_seen_at_once(tmp_path):
    address = str(tmp_path / "state.sqlite3")
    with closing(open_state(address)) as here, closing(open_state(address)) as there:
        assert not here.aliases.there_are_any()
        there.aliases.made(SERVED, RECORD, "klanten/klanten")
        assert here.aliases.there_are_any()


@pytest.fixture
def made(deployment, tmp_path):
    """A client, and gives what is made under a uuid that was chosen."""
    change = with_phases(tmp_path / "phase", state=str(tmp_path / "state.sqlite3"))
    with deployment.another(change) as client:
        adapter = prepare(change(deployment.configuration))
        engine = Engine(adapter.deployment())

        def make(kind, body):
            uuid = str(uuids.uuid4())
            context.begin(context.RequestContext(uuid=uuid))
            found = engine.create(kind, Bodies(engine).whole(kind, body), Caller("move back"))
            context.begin(context.RequestContext())
            assert found["uuid"] == uuid
            return found

        yield client, make, adapter
        adapter.close()


def test_what_got_another_uuid_is_read_found_changed_and_deleted_under_its_own(made, deployment):
    client, make, adapter = made
    person = make("partijen", bodies.persoon())
    contact = make("klantcontacten", bodies.contact())
    caller = make("betrokkenen", bodies.betrokkene(contact, person))
    subject = make("onderwerpobjecten", bodies.onderwerp(contact))
    mail = make("digitaleadressen", bodies.adres("a@example.nl", partij=person))
    for kind, each in (
        ("partijen", person), ("klantcontacten", contact), ("betrokkenen", caller),
        ("onderwerpobjecten", subject), ("digitaleadressen", mail),
    ):  # fmt: skip
        assert client.get(f"{kind}/{each['uuid']}")["uuid"] == each["uuid"]
        assert each["uuid"] in {it["uuid"] for it in client.all(kind)}
    assert client.get(f"betrokkenen/{caller['uuid']}")["wasPartij"]["uuid"] == person["uuid"]
    found = client.get("betrokkenen", wasPartij__uuid=person["uuid"])["results"]
    assert [each["uuid"] for each in found] == [caller["uuid"]]
    found = client.get(
        "klantcontacten", hadBetrokkene__wasPartij__uuid=person["uuid"], expand="hadBetrokkenen"
    )
    assert [each["uuid"] for each in found["results"]] == [contact["uuid"]]
    assert found["results"][0]["_expand"]["hadBetrokkenen"][0]["uuid"] == caller["uuid"]
    assert client.get(f"partijen/{person['uuid']}")["digitaleAdressen"][0]["uuid"] == mail["uuid"]
    # The register knows another uuid; whoever asks by it gets the same partij.
    (own,) = adapter.deployment().state.aliases.records([person["uuid"]]).values()
    assert own != person["uuid"]
    assert deployment.klanten.get(f"klanten/{own}")
    assert client.get(f"partijen/{own}")["uuid"] == person["uuid"]
    client.patch(f"partijen/{person['uuid']}", {"soortPartij": "persoon", "interneNotitie": "Later"})
    assert client.get(f"partijen/{person['uuid']}")["interneNotitie"] == "Later"
    task = client.post("internetaken", bodies.taak(contact, client.all("actoren")[0]))
    of = client.get(f"internetaken/{task['uuid']}")["aanleidinggevendKlantcontact"]
    assert of["uuid"] == contact["uuid"]
    assert client.get(of["url"])["uuid"] == contact["uuid"]
    client.delete(f"partijen/{person['uuid']}")
    client.get(f"partijen/{person['uuid']}", 404)
    client.get(f"digitaleadressen/{mail['uuid']}", 404)


def test_whoever_names_a_record_by_the_uuid_of_its_register_means_what_is_served(made):
    """As applications that work on the registers see it: in filters, by uuid and by URL, and in bodies."""
    client, make, adapter = made
    person, contact = make("partijen", bodies.persoon()), make("klantcontacten", bodies.contact())
    caller = make("betrokkenen", bodies.betrokkene(contact, person))
    uuids_of = adapter.deployment().state.aliases.records([person["uuid"], contact["uuid"]])
    own_person, own_contact = ({"uuid": uuids_of[each["uuid"]]} for each in (person, contact))
    for kind, uuid, filters in (
        ("betrokkenen", caller["uuid"], {"wasPartij__uuid": own_person["uuid"]}),
        ("betrokkenen", caller["uuid"], {"wasPartij__url": f"{client.base}/partijen/{own_person['uuid']}"}),
        ("betrokkenen", caller["uuid"], {"hadKlantcontact__uuid": own_contact["uuid"]}),
        ("klantcontacten", contact["uuid"], {"hadBetrokkene__wasPartij__uuid": own_person["uuid"]}),
    ):  # fmt: skip
        found = client.get(kind, **filters)["results"]
        assert [each["uuid"] for each in found] == [uuid], filters
    other = client.post("klantcontacten", bodies.contact())
    link = client.post("betrokkenen", bodies.betrokkene(other, own_person))
    assert link["wasPartij"]["uuid"] == person["uuid"]
    task = client.post("internetaken", bodies.taak(own_contact, client.all("actoren")[0]))
    assert task["aanleidinggevendKlantcontact"]["uuid"] == contact["uuid"]
    mail = client.post("digitaleadressen", bodies.adres("a@example.nl"))
    client.patch(f"digitaleadressen/{mail['uuid']}", {"verstrektDoorPartij": own_person})
    assert client.get(f"partijen/{person['uuid']}")["digitaleAdressen"][0]["uuid"] == mail["uuid"]


class Objects:
    """An Objects API in which an alias is kept, that does not answer at first."""

    def __init__(self):
        self.kept, self.answers = [], False

    def put_alias(self, *alias):
        if not self.answers:
            raise RegisterUnavailable("objects")
        self.kept.append(alias)


@pytest.mark.parametrize("forgotten", [False, True], ids=["key_known", "key_forgotten"])
def test_a_way_back_that_ended_before_its_note_makes_nothing_twice(made, deployment, forgotten):
    """Later, when its key may be forgotten, and the target holds something else."""
    client, _, adapter = made
    objects, uuid, state = Objects(), str(uuids.uuid4()), adapter.deployment().state
    do, count = _doing(adapter, objects), len(client.all("partijen"))
    first = bodies.persoon() | {"interneNotitie": "Eerst"}
    with pytest.raises(RegisterUnavailable):
        do(Deed(NEW, Held("partijen", uuid, first, "1")), first)
    if forgotten:
        with state.database.transaction() as transaction:
            transaction.run("DELETE FROM keys")
    objects.answers, later = True, first | {"interneNotitie": "Later"}
    assert do(Deed(NEW, Held("partijen", uuid, later, "2")), later) == ()
    assert objects.kept == [(uuid, state.aliases.records([uuid])[uuid], "klanten/klanten")]
    assert len(client.all("partijen")) == count + 1
    assert client.get(f"partijen/{uuid}")["interneNotitie"] == "Later"


def test_a_record_with_an_alias_is_that_of_no_other_write(made, deployment):
    """Though what was made is forgotten after a day, and a record has the same content."""
    _, make, adapter = made
    served = make("partijen", bodies.persoon())["uuid"]
    there = adapter.deployment()
    (own,) = there.state.aliases.records([served]).values()
    record = deployment.klanten.get(f"klanten/{own}")
    plain = {name: value for name, value in record.items() if name != "url" and isinstance(value, str)}
    step = {"register": "klanten", "path": "klanten", "sent": plain, "made": None}
    write = OpenWrite("1", "", "create partijen")
    with there.state.database.transaction() as transaction:
        transaction.run("DELETE FROM made")
    assert recognise(there, write, step) is None
    assert recognise(there, write, step | {"served": served}) == served
