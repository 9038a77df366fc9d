"""Whom an old record alone names stays who it is for a client that names her elsewhere."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import pytest

from tests import bodies
from tests.engine.old_kiss import ACTOR
from tests.engine.test_failures import sweep
from tests.unreliable import DOWN

pytestmark = pytest.mark.alternating

OTHER = {"naam": "Els Bos", "soortActor": "medewerker", "identificatie": "e.bos"}
MAIL = "sanne.deboer.van.der.berg@gemeente.example"
ENDS = {
    "deleted": lambda old, task: old.objects.delete(task["url"]),
    "of another": lambda old, task: old.change(task, actor=OTHER),
}


def actors(served, task):
    """(uuid, naam) of the actoren of a taak, as they are read."""
    links = served.get(f"internetaken/{task['uuid']}")["toegewezenAanActoren"]
    return [(each["uuid"], served.get(f"actoren/{each['uuid']}")["naam"]) for each in links]


def assigned(served, contact, *uuids):
    """A taak of these actoren."""
    return served.post("internetaken", bodies.taak(contact, *({"uuid": each} for each in uuids)))


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("key", [ACTOR["identificatie"], MAIL])
def test_an_actor_of_an_old_taak_in_another(served, old, contact, end, key):
    """Whatever an old client does with the record that named her first; both show one actor until then."""
    first = old.taak(old.moment(), actor={**ACTOR, "identificatie": key})
    (employee, _), (unit, _) = actors(served, first)
    second = assigned(served, contact, employee, unit)
    third = assigned(served, contact, actors(served, second)[0][0])
    again = assigned(served, contact, employee)
    names = [naam for _, naam in actors(served, second)]
    assert names == [ACTOR["naam"], ACTOR["naamOrganisatorischeEenheid"]]
    assert actors(served, third) == actors(served, again) == actors(served, second)[:1]
    before = actors(served, second)
    if len(key) <= 24:
        assert actors(served, first) == before
    ENDS[end](old, first)
    assert actors(served, second) == before
    found = served.get("internetaken", toegewezenAanActor__uuid=before[0][0])["results"]
    assert {each["uuid"] for each in found} >= {second["uuid"], third["uuid"], again["uuid"]}
    if end == "of another":
        assert actors(served, first)[0][1] == OTHER["naam"]


def test_an_actor_of_an_old_taak_behind_another_in_the_same(served, old):
    """Old clients see the other then; a change of another member makes nothing."""
    actor = served.post("actoren", bodies.actor("p", "Piet"))
    task = old.taak(old.moment())
    path = f"internetaken/{task['uuid']}"
    (employee, naam), _ = actors(served, task)
    served.patch(path, {"toelichting": "Bellen"})
    assert served.get("actoren")["count"] == 1
    served.patch(path, {"toegewezenAanActoren": [{"uuid": actor["uuid"]}, {"uuid": employee}]})
    (one, other), names = zip(*actors(served, task), strict=True)
    assert (one, names) == (actor["uuid"], (actor["naam"], naam))
    assert old.data(task)["actor"]["naam"] == actor["naam"]
    served.get(f"actoren/{other}")
    read = served.get(path)
    served.put(path, {name: value for name, value in read.items() if name != "toegewezenAanActor"})
    assert served.get(path) == read
    assert served.get("actoren")["count"] == 2


def test_the_employee_of_an_old_contact_at_another(served, old, contact):
    """Also when the link itself goes to another contact."""
    moment = old.moment()
    link = served.get("actorklantcontacten")["results"][0]
    old_contact = f"klantcontacten/{link['klantcontact']['uuid']}"
    body = {"actor": {"uuid": link["actor"]["uuid"]}, "klantcontact": bodies.ref(contact)}
    made = served.post("actorklantcontacten", body)
    (shown,) = served.get(old_contact)["hadBetrokkenActoren"]
    assert shown["uuid"] == made["actor"]["uuid"]
    employee = {"identificatie": "e.bos", "achternaam": "Bos"}
    old.contactmomenten.call("PUT", moment["url"], json={**moment, "medewerkerIdentificatie": employee})
    naam = served.get(f"actoren/{made['actor']['uuid']}")["naam"]
    assert "Jansen" in naam
    moved = served.get("actorklantcontacten", klantcontact__uuid=link["klantcontact"]["uuid"])["results"][0]
    third = served.post("klantcontacten", bodies.contact())
    served.patch(f"actorklantcontacten/{moved['uuid']}", {"klantcontact": bodies.ref(third)})
    old.contactmomenten.delete(moment["url"])
    (shown,) = served.get(f"klantcontacten/{third['uuid']}")["hadBetrokkenActoren"]
    assert "Bos" in served.get(f"actoren/{shown['uuid']}")["naam"]


def test_two_that_name_the_same_actor_at_once_name_one(deployment, served, old, monkeypatch):
    """She becomes an actor by herself once, though each of them reads another old record."""
    employees = [actors(served, old.taak(old.moment()))[0][0] for _ in range(2)]
    contacts = [served.post("klantcontacten", bodies.contact()) for _ in employees]

    async def slowly(scope):
        if (scope["method"], scope["path"]) == ("POST", "/api/v2/objects"):
            await asyncio.sleep(0.2)

    monkeypatch.setattr(deployment.faults["objects"], "hold", slowly)
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(partial(assigned, served), contacts, employees))
    assert len({actors(served, each)[0] for each in made}) == 1
    assert served.get("actoren")["count"] == 1


@pytest.mark.parametrize("refused", ["POST", "everything"])
def test_a_taak_that_cannot_be_made_leaves_no_actor(deployment, old, contact, watch, refused):
    """The actor that was made for it is taken back, at once or by whoever sweeps what was left."""
    served = deployment.served
    task = old.taak(old.moment())
    (employee, _), *_ = actors(served, task)
    before = old.everything()
    body = bodies.taak(contact, {"uuid": employee})
    with ExitStack() as faults:
        server = deployment.faults["objects"]
        faults.enter_context(server.failing(DOWN, method="POST", path="/objects", skip=1))
        if refused == "everything":
            faults.enter_context(server.failing(DOWN, method="DELETE"))
        assert served.call("POST", "internetaken", json=body).status_code == 503
    sweep(deployment, watch)
    assert old.everything() == before
    made = served.post("internetaken", body)
    assert actors(served, made) == [(served.get("actoren")["results"][0]["uuid"], ACTOR["naam"])]
