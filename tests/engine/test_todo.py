"""The deprecated members todo, resultaat and geregistreerdOp of a klantcontact."""

import pytest

from tests import bodies
from tests.deployment import Client, with_settings

pytestmark = pytest.mark.alternating

HANDELING = "Contact opnemen met betrokkene"


@pytest.fixture
def contact(served):
    """A contactverzoek in the words of the older clients."""
    return served.post("klantcontacten", bodies.contact(todo="Bel terug"))


def tasks(served, contact):
    return served.get("internetaken", klantcontact__uuid=contact["uuid"])["results"]


def patch(served, contact, expect=200, **members):
    return served.patch(f"klantcontacten/{contact['uuid']}", members, expect)


def test_a_todo_makes_a_task(served, old, contact):
    """A klantcontact with a todo leads to a task for nobody yet, which old clients see too."""
    assert contact["todo"] == "Bel terug"
    (task,) = tasks(served, contact)
    assert (task["toelichting"], task["status"], task["gevraagdeHandeling"]) == (
        "Bel terug",
        "te_verwerken",
        HANDELING,
    )
    assert task["toegewezenAanActoren"] == []
    assert contact["leiddeTotInterneTaken"] == [{"uuid": task["uuid"], "url": task["url"]}]
    assert old.data(task)["toelichting"] == "Bel terug"
    assert old.data(task)["contactmoment"] == old.moment_of(contact)["url"]


def test_a_todo_in_a_later_write_makes_a_task(served):
    """PUT and PATCH make the task as POST does, and once."""
    contact = served.post("klantcontacten", bodies.contact())
    assert "todo" not in contact
    assert patch(served, contact, todo="Bel terug")["todo"] == "Bel terug"
    served.put(f"klantcontacten/{contact['uuid']}", bodies.contact(todo="Bel nu"))
    (task,) = tasks(served, contact)
    assert task["toelichting"] == "Bel nu"


def test_changing_a_todo_changes_its_task(served, contact):
    """The same task gets the new text, and keeps its uuid."""
    (before,) = tasks(served, contact)
    assert patch(served, contact, todo="Mail terug")["todo"] == "Mail terug"
    (after,) = tasks(served, contact)
    assert after == {**before, "toelichting": "Mail terug"}


@pytest.mark.parametrize("empty", ["", None])
def test_emptying_a_todo_removes_its_task(served, contact, empty):
    """An empty text or null takes the task away that came from the todo."""
    assert "todo" not in patch(served, contact, todo=empty)
    assert tasks(served, contact) == []


def test_leaving_out_a_todo_leaves_its_task(served, contact):
    """A PUT or PATCH without the member changes nothing of the task."""
    before = tasks(served, contact)
    patch(served, contact, onderwerp="Anders")
    read = served.put(f"klantcontacten/{contact['uuid']}", bodies.contact())
    assert read["todo"] == "Bel terug"
    assert tasks(served, contact) == before


def test_the_oldest_task_is_the_todo(served):
    """Reading gives the explanation of the oldest task, whoever made it."""
    contact = served.post("klantcontacten", bodies.contact())
    actor = served.post("actoren", bodies.actor("sanne", "Sanne"))
    for text in ("eerst", "later"):
        served.post("internetaken", bodies.taak(contact, actor, toelichting=text))
    assert served.get(f"klantcontacten/{contact['uuid']}")["todo"] == "eerst"


def test_a_task_of_an_old_client_is_a_todo(served, old):
    """An old contactverzoek reads as todo, and is not changed by one."""
    moment = old.moment()
    task = old.taak(moment, toelichting="Graag bellen")
    uuid = moment["url"].rpartition("/")[2]
    read = served.get(f"klantcontacten/{uuid}")
    assert read["todo"] == "Graag bellen"
    refused = patch(served, read, 400, todo="Anders")
    assert [each["name"] for each in refused["invalidParams"]] == ["todo"]
    assert patch(served, read, todo="Graag bellen", onderwerp="x")["todo"] == "Graag bellen"
    assert old.data(task) == task["record"]["data"]


@pytest.mark.parametrize("todo", ["Anders", "", None])
def test_a_task_of_somebody_else_is_not_touched(served, todo):
    """A todo beside a task that did not come from one is refused, and nothing is written."""
    contact = served.post("klantcontacten", bodies.contact())
    actor = served.post("actoren", bodies.actor("sanne", "Sanne"))
    task = served.post("internetaken", bodies.taak(contact, actor))
    refused = patch(served, contact, 400, todo=todo, onderwerp="Anders")
    assert [each["name"] for each in refused["invalidParams"]] == ["todo"]
    assert served.get(f"internetaken/{task['uuid']}") == task
    assert served.get(f"klantcontacten/{contact['uuid']}")["onderwerp"] == contact["onderwerp"]


def test_a_todo_that_is_done_is_not_touched(served, contact):
    """Once its task is closed a todo can be read and sent back, and no longer changed."""
    (task,) = tasks(served, contact)
    served.patch(f"internetaken/{task['uuid']}", {"status": "verwerkt"})
    assert patch(served, contact, todo="Bel terug")["todo"] == "Bel terug"
    patch(served, contact, 400, todo="Anders")
    patch(served, contact, 400, todo="")
    (after,) = tasks(served, contact)
    assert (after["status"], after["toelichting"]) == ("verwerkt", "Bel terug")


@pytest.mark.parametrize("length", [1000, 1001])
def test_the_length_of_a_todo(served, length):
    """1000 characters are taken and read back, one more is refused."""
    body = bodies.contact(todo="t" * length)
    made = served.post("klantcontacten", body, 201 if length == 1000 else 400)
    if length == 1000:
        assert made["todo"] == "t" * 1000
    else:
        assert [each["name"] for each in made["invalidParams"]] == ["todo"]


def test_a_todo_is_assigned_to_the_configured_actor(served, deployment):
    """With the setting todo_actor the task is assigned from the start."""
    actor = served.post("actoren", bodies.actor("inbox", "Inbox"))
    with deployment.another(with_settings(todo_actor=actor["uuid"])) as other:
        contact = other.post("klantcontacten", bodies.contact(todo="Bel terug"))
        (task,) = tasks(other, contact)
    assert [each["uuid"] for each in task["toegewezenAanActoren"]] == [actor["uuid"]]


def test_a_todo_in_maak_klantcontact(served):
    """The composed create takes a todo as well."""
    made = served.post("maak-klantcontact", {"klantcontact": bodies.contact(todo="Bel terug")})
    assert made["klantcontact"]["todo"] == "Bel terug"
    assert len(tasks(served, made["klantcontact"])) == 1


def test_a_resultaat_is_kept(served):
    """A resultaat is read back, at any length, and is absent without one."""
    contact = served.post("klantcontacten", bodies.contact(resultaat="Zelfstandig afgehandeld " * 100))
    assert (
        served.get(f"klantcontacten/{contact['uuid']}")["resultaat"]
        == ("Zelfstandig afgehandeld " * 100).strip()
    )
    assert "resultaat" not in patch(served, contact, resultaat=None)
    assert "resultaat" not in served.post("klantcontacten", bodies.contact())


def test_geregistreerd_op_is_the_moment_of_the_register(served, contact):
    """It is read-only: a client that sends one changes nothing."""
    assert contact["geregistreerdOp"] == contact["plaatsgevondenOp"]
    read = patch(served, contact, geregistreerdOp="2001-01-01T00:00:00Z")
    assert read["geregistreerdOp"] == contact["geregistreerdOp"]


NAMES = {"todo", "resultaat", "geregistreerdOp"}


def test_a_client_that_refuses_unknown_members_gets_none(deployment, served):
    """A token with legacy_fields false is served without the three members, and does not write them."""
    body = bodies.contact(todo="Bel terug", resultaat="Klaar")
    contact = served.post("klantcontacten", body)
    assert contact.keys() >= NAMES
    partij = served.post("partijen", bodies.persoon())
    served.post("betrokkenen", bodies.betrokkene(contact, partij))
    modern = Client(deployment.served.base, Authorization="Token modern")
    with modern.session:
        answers = [
            modern.get(f"klantcontacten/{contact['uuid']}"),
            *modern.get("klantcontacten")["results"],
            modern.get(f"partijen/{partij['uuid']}", expand="betrokkenen,betrokkenen.hadKlantcontact")[
                "_expand"
            ]["betrokkenen"][0]["_expand"]["hadKlantcontact"],
            patch(modern, contact, onderwerp="Anders"),
        ]
        for each in answers:
            assert not NAMES & each.keys()
        patch(modern, contact, todo="Anders", resultaat="Anders")
    read = served.get(f"klantcontacten/{contact['uuid']}")
    assert (read["todo"], read["resultaat"]) == ("Bel terug", "Klaar")


def test_a_deployment_can_leave_them_out(deployment, served):
    """With the setting legacy_fields false nobody gets the three members."""
    served.post("klantcontacten", bodies.contact(todo="Bel terug", resultaat="Klaar"))
    with deployment.another(with_settings(legacy_fields=False)) as other:
        (read,) = other.get("klantcontacten")["results"]
    assert not NAMES & read.keys()
