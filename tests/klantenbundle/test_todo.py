"""What has to be done after a contact is the contactmoment's todo, and an interne taak."""

import pytest

from tests import bodies
from tests.klantenbundle.conftest import uuid_of

TODO = {
    "name": "Terugbellen",
    "description": "Graag na vijf uur bellen",
    "attendees": ["s.deboer", "onbekend@gemeente.example"],
    "startDate": "2024-03-01T11:00:00+01:00",
    "status": "open",
    "completed": False,
}
SANNE = bodies.actor("s.deboer", "Sanne de Boer")


@pytest.fixture
def old(moment):
    """A contactverzoek of an older client."""
    return moment(todo=TODO, resultaat="Doorgezet", afwijkendOnderwerp="Paspoort", gespreksId="g-1")


@pytest.fixture
def new(served):
    """A contactverzoek of a new client."""
    return served.post("klantcontacten", bodies.contact(todo="Bel terug", resultaat="Doorgezet"))


def tasks(served, contact_uuid):
    return served.get("internetaken", klantcontact__uuid=contact_uuid)["results"]


def todo_of(moments, contact):
    return moments.get(f"contactmomenten/{contact['uuid']}")["todo"]


def test_an_old_todo_is_an_interne_taak(served, old):
    """Of the klantcontact, with a uuid of its own, for those who are named."""
    sanne = served.post("actoren", SANNE)
    (task,) = tasks(served, uuid_of(old))
    assert (task["gevraagdeHandeling"], task["toelichting"], task["status"]) == (
        "Terugbellen",
        "Graag na vijf uur bellen",
        "te_verwerken",
    )
    assert (task["toegewezenOp"], task["afgehandeldOp"]) == ("2024-03-01T10:00:00Z", None)
    assert served.get(f"internetaken/{task['uuid']}")["toelichting"] == TODO["description"]
    first, second = [each["uuid"] for each in task["toegewezenAanActoren"]]
    assert first == sanne["uuid"]
    assert served.get(f"actoren/{second}")["naam"] == "onbekend@gemeente.example"
    contact = served.get(f"klantcontacten/{uuid_of(old)}")
    assert [each["uuid"] for each in contact["leiddeTotInterneTaken"]] == [task["uuid"]]
    assert (contact["todo"], contact["resultaat"], contact["onderwerp"]) == (
        TODO["description"],
        "Doorgezet",
        "Paspoort",
    )


def test_each_attendee_keeps_the_uuid_of_its_place(served, moment):
    """It is that of the contactmoment with a version of its own; there are four of them."""
    made = moment(todo={**TODO, "attendees": ["els", "piet", "ans", "hans", "ria"]})
    (task,) = tasks(served, uuid_of(made))
    uuids = [each["uuid"] for each in task["toegewezenAanActoren"]]
    assert uuids == [f"{uuid_of(made)[:14]}{place}{uuid_of(made)[15:]}" for place in "5321"]
    assert [served.get(f"actoren/{each}")["naam"] for each in uuids] == ["els", "piet", "ans", "hans"]
    for each in uuids:
        found = served.get("internetaken", toegewezenAanActor__uuid=each)["results"]
        assert [one["uuid"] for one in found] == [task["uuid"]]


def test_an_old_todo_that_is_completed_is_done(served, moment):
    """Whichever of status and completed says so."""
    for said in ({"completed": True}, {"status": "afgehandeld"}):
        made = moment(todo={**TODO, **said, "endDate": "2024-03-02T09:00:00Z"})
        (task,) = tasks(served, uuid_of(made))
        assert (task["status"], task["afgehandeldOp"]) == ("verwerkt", "2024-03-02T09:00:00Z")
    found = served.get("internetaken", status="verwerkt")["results"]
    assert len(found) == 2
    assert served.get("internetaken", status="te_verwerken")["results"] == []


def test_a_new_task_is_the_todo_of_the_contactmoment(served, moments):
    """An older client sees what has to be done, by whom, and later that it is done."""
    sanne = served.post("actoren", SANNE)
    contact = served.post("klantcontacten", bodies.contact())
    task = served.post("internetaken", bodies.taak(contact, sanne, gevraagdeHandeling="Terugbellen"))
    todo = todo_of(moments, contact)
    assert (todo["name"], todo["description"], todo["attendees"], todo["status"], todo["completed"]) == (
        "Terugbellen",
        "Graag terugbellen",
        ["s.deboer"],
        "open",
        False,
    )
    served.patch(f"internetaken/{task['uuid']}", {"status": "verwerkt"})
    todo = todo_of(moments, contact)
    assert (todo["status"], todo["completed"]) == ("afgehandeld", True)
    assert todo["endDate"]
    assert [each["uuid"] for each in tasks(served, contact["uuid"])] == [task["uuid"]]
    served.delete(f"internetaken/{task['uuid']}")
    todo = todo_of(moments, contact)
    assert (todo["description"], todo["attendees"], todo["completed"]) == ("", [], False)
    assert tasks(served, contact["uuid"]) == []


def test_a_written_todo_is_seen_on_both_sides(served, moments, new):
    """As text of the klantcontact, as its interne taak, and in the contactmoment."""
    assert (new["todo"], new["resultaat"]) == ("Bel terug", "Doorgezet")
    (task,) = tasks(served, new["uuid"])
    assert task["toelichting"] == "Bel terug"
    moment = moments.get(f"contactmomenten/{new['uuid']}")
    assert (moment["todo"]["description"], moment["resultaat"], moment["afwijkendOnderwerp"]) == (
        "Bel terug",
        "Doorgezet",
        "Verhuizing",
    )
    served.patch(f"klantcontacten/{new['uuid']}", {"todo": "Mail terug"})
    assert todo_of(moments, new)["description"] == "Mail terug"
    assert [each["uuid"] for each in tasks(served, new["uuid"])] == [task["uuid"]]
    assert "todo" not in served.patch(f"klantcontacten/{new['uuid']}", {"todo": None})
    assert todo_of(moments, new)["description"] == ""


def test_what_an_old_client_does_with_a_new_todo_is_seen(served, moments, new):
    """It is the same interne taak, with the new text and state; without a text there is none."""
    (task,) = tasks(served, new["uuid"])
    path = f"contactmomenten/{new['uuid']}"
    moments.patch(path, {"todo": {"description": "Mail terug", "attendees": ["jan"], "completed": True}})
    (now,) = tasks(served, new["uuid"])
    assert (now["uuid"], now["toelichting"], now["status"]) == (task["uuid"], "Mail terug", "verwerkt")
    (actor,) = now["toegewezenAanActoren"]
    assert served.get(f"actoren/{actor['uuid']}")["naam"] == "jan"
    moments.patch(path, {"todo": {"description": ""}})
    assert tasks(served, new["uuid"]) == []
    assert "todo" not in served.get(f"klantcontacten/{new['uuid']}")


def test_an_old_todo_is_changed_by_its_klantcontact(served, moments, old):
    """As long as it is to be done; what else stands in it stays."""
    contact = {"uuid": uuid_of(old)}
    (task,) = tasks(served, contact["uuid"])
    assert served.patch(f"klantcontacten/{contact['uuid']}", {"todo": "Mail terug"})["todo"] == "Mail terug"
    assert todo_of(moments, contact) == {**TODO, "description": "Mail terug", "endDate": ""}
    assert [each["uuid"] for each in tasks(served, contact["uuid"])] == [task["uuid"]]
    served.patch(f"klantcontacten/{contact['uuid']}", {"todo": ""})
    assert todo_of(moments, contact)["description"] == ""
    assert tasks(served, contact["uuid"]) == []


def test_an_old_todo_that_is_done_stays(served, moment):
    """Its klantcontact cannot change it any more, only send it back."""
    made = moment(todo={**TODO, "completed": True})
    path = f"klantcontacten/{uuid_of(made)}"
    served.patch(path, {"todo": "Mail terug"}, expect=400)
    served.patch(path, {"todo": TODO["description"]})


def test_sending_back_what_was_read_changes_nothing(deployment, served, moments, old):
    """Neither by the interne taak nor by the klantcontact; what has no word here is left alone."""
    (task,) = tasks(served, uuid_of(old))
    contact = served.get(f"klantcontacten/{uuid_of(old)}")
    with deployment.writes() as written:
        served.put(
            f"internetaken/{task['uuid']}", {k: v for k, v in task.items() if k != "toegewezenAanActor"}
        )
        served.put(f"klantcontacten/{contact['uuid']}", contact)
    assert written == []
    assert moments.get(f"contactmomenten/{uuid_of(old)}") == old


def test_changing_an_old_todo_leaves_the_rest(served, moments, old):
    """A new client that is done with it tells so; attendees, dates and the contact itself stay."""
    (task,) = tasks(served, uuid_of(old))
    served.patch(f"internetaken/{task['uuid']}", {"status": "verwerkt"})
    now = moments.get(f"contactmomenten/{uuid_of(old)}")
    assert now["todo"] == {
        **TODO,
        "status": "afgehandeld",
        "completed": True,
        "endDate": now["todo"]["endDate"],
    }
    assert {**now, "todo": old["todo"]} == old


def test_a_todo_that_is_deleted_is_gone_though_another_task_does_not_fit(served, moments, new):
    """Of two tasks one stays; it has no explanation, so old clients see no todo any more."""
    contact = served.post("klantcontacten", bodies.contact(todo="Bel terug"))
    second = served.post("internetaken", bodies.taak(contact, toelichting=""))
    (first,) = [each for each in tasks(served, contact["uuid"]) if each["uuid"] != second["uuid"]]
    served.delete(f"internetaken/{first['uuid']}")
    assert [each["uuid"] for each in tasks(served, contact["uuid"])] == [second["uuid"]]
    assert moments.get(f"contactmomenten/{contact['uuid']}")["todo"]["description"] == ""
    assert "todo" not in served.get(f"klantcontacten/{contact['uuid']}")


@pytest.mark.parametrize("change", [{"status": "verwerkt"}, "another task", "elsewhere"])
def test_what_an_older_client_made_of_a_todo_stays(served, moments, change):
    """Whatever a new client does with the task, or beside it."""
    contact, other = (served.post("klantcontacten", bodies.contact()) for _ in range(2))
    actor = served.post("actoren", SANNE)
    task = served.post("internetaken", bodies.taak(contact, actor))
    path = f"contactmomenten/{contact['uuid']}"
    moment = moments.get(path)
    moments.put(path, {**moment, "todo": {**moment["todo"], "description": "Na vijven bellen"}})
    if change == "another task":
        served.post("internetaken", bodies.taak(contact, actor))
    elif change == "elsewhere":
        served.patch(f"internetaken/{task['uuid']}", {"aanleidinggevendKlantcontact": bodies.ref(other)})
    else:
        served.patch(f"internetaken/{task['uuid']}", change)
    assert served.get(f"internetaken/{task['uuid']}")["toelichting"] == "Na vijven bellen"


def test_an_attendee_who_is_named_in_another_taak_stays_who_she_is(served, moment, moments):
    """Also when the todo names others, and when its contactmoment is deleted."""
    made = moment(todo={**TODO, "attendees": ["els", "piet"]})
    (task,) = served.get("internetaken")["results"]
    els, piet = (each["uuid"] for each in task["toegewezenAanActoren"])
    contact = served.post("klantcontacten", bodies.contact())
    other = served.post("internetaken", bodies.taak(contact, {"uuid": piet}, {"uuid": els}))

    def names():
        links = served.get(f"internetaken/{other['uuid']}")["toegewezenAanActoren"]
        return [served.get(f"actoren/{each['uuid']}")["naam"] for each in links]

    assert names() == ["piet", "els"]
    moments.patch(made["url"], {"todo": {**TODO, "attendees": ["ans", "hans"]}})
    assert names() == ["piet", "els"]
    moments.delete(made["url"])
    assert names() == ["piet", "els"]
