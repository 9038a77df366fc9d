"""Names of which a deployment says that the e-Suite has them: others are refused when they are recorded."""

from contextlib import closing
from dataclasses import replace

import pytest
from adapter.gathering.kept import Piece
from adapter.gathering.known_names import KnownNames

from tests.deployment import Client
from tests.gathering.declared import BALIE, JAN, Directory, Links, declared
from tests.gathering.service import served
from tests.gathering.test_service import actor, contact, refusal, task

KNOWN = {"kanalen": ["telefoon", "balie"], "groepen": ["Frontoffice"]}


@pytest.fixture(scope="module")
def desk(town):
    """A KlantBrug that is told which names there are, and sends a task only later."""
    with served(town, dialect=KNOWN, settle=600.0) as client:
        yield client


@pytest.mark.contract
def test_a_kanaal_that_is_not_there_is_refused_with_the_first_piece(desk):
    """And when it changes; one that is there may change into another."""
    refused = desk.post(
        "klantcontacten", {"kanaal": "post", "onderwerp": "Vraag", "taal": "nld", "vertrouwelijk": False}, 400
    )
    assert refusal(refused) == {"kanaal": "not-in-register"}
    made = contact(desk)
    assert refusal(desk.patch(f"klantcontacten/{made['uuid']}", {"kanaal": "post"}, 400)) == {
        "kanaal": "not-in-register"
    }
    assert desk.patch(f"klantcontacten/{made['uuid']}", {"kanaal": "balie"})["kanaal"] == "balie"
    assert desk.get(f"klantcontacten/{made['uuid']}")["kanaal"] == "balie"


def test_a_kanaal_that_is_not_there_is_refused_where_several_pieces_come_at_once(desk):
    """By the name that it has in that body, as its other mistakes; none of the pieces is held."""
    before = len(desk.all("betrokkenen"))
    whole = {"kanaal": "post", "onderwerp": "Vraag", "taal": "nld", "vertrouwelijk": False}
    body = {"klantcontact": whole, "betrokkene": {"wasPartij": None, "rol": "klant", "initiator": True}}
    refused = desk.post("maak-klantcontact", body, 400)
    assert refusal(refused) == {"klantcontact.kanaal": "not-in-register"}
    assert len(desk.all("betrokkenen")) == before
    whole["kanaal"] = "balie"
    assert desk.post("maak-klantcontact", body)["klantcontact"]["kanaal"] == "balie"


@pytest.mark.contract
def test_a_kanaal_that_the_e_suite_refuses_is_told_where_a_task_comes_along(town):
    """Nobody says which there are: it is noticed when the contact is sent, and then nothing of it stays."""
    with served(town) as desk:
        before = asides(town)
        whole = {"kanaal": "duif", "onderwerp": "Duif", "taal": "nld", "vertrouwelijk": False, "todo": "Bel"}
        assert refusal(desk.post("klantcontacten", whole, 400)) == {"kanaal": "not-in-register"}
        refused = desk.post("maak-klantcontact", {"klantcontact": whole}, 400)
        assert refusal(refused) == {"klantcontact.kanaal": "not-in-register"}
        assert desk.all("klantcontacten", onderwerp="Duif") == []
        assert asides(town) == before


def asides(town):
    """What stands beside records, as objects."""
    place = town.places["objects"]
    headers = {"Authorization": "Token demo", "Content-Crs": "EPSG:4326"}
    with closing(Client(f"{place.origin}/api/v2", **headers)) as client:
        types = {each["name"]: each["url"] for each in client.all("objecttypes")}
        return client.all("objects", type=types["ContactAanvulling"])


@pytest.mark.contract
def test_a_group_that_is_not_there_is_refused_with_the_task(town, desk):
    """Though that is sent later; an employee, of whom nothing is said, is not."""
    made = contact(desk)
    refused = task(desk, made, actor(desk, "Parkeren"), 400)
    assert refusal(refused) == {"toegewezenAanActoren": "not-in-register"}
    assert desk.get(f"klantcontacten/{made['uuid']}")["leiddeTotInterneTaken"] == []
    todo = task(desk, made, actor(desk, "Frontoffice"))
    assert desk.get(f"internetaken/{todo['uuid']}") == todo
    assert town.contacts(made["onderwerp"]) == []


@pytest.mark.contract
def test_a_contact_of_before_keeps_its_kanaal(town, tmp_path):
    """What is held already may stay as it is, and changes in all else."""
    state = str(tmp_path / "state")
    with served(town, state) as desk:
        made = contact(desk, kanaal="chat")
    with served(town, state, dialect=KNOWN) as desk:
        path = f"klantcontacten/{made['uuid']}"
        assert desk.patch(path, {"onderwerp": "Iets anders", "kanaal": "chat"})["onderwerp"] == "Iets anders"
        assert refusal(desk.patch(path, {"kanaal": "brief"}, 400)) == {"kanaal": "not-in-register"}


def names(**known):
    """Of these members of the record the names that are there."""
    there = (replace(each, known=frozenset(known.get(each.member[0], ()))) for each in declared().names)
    return KnownNames(replace(declared(), names=tuple(there)), Directory(), Links())


def taak(*actoren):
    return Piece("t", "internetaken", {"toegewezenAanActoren": [{"uuid": each} for each in actoren]})


def test_what_a_piece_would_say_that_is_not_there():
    """Of the contact, and of those to whom a task is assigned; what is droppable stops nothing."""
    post = Piece("c", "klantcontacten", {"kanaal": "post"})
    found = names(kanaal=["balie"], groep=["Parkeren"], medewerkerIdentificatie=["piet"])
    assert found.unknown(post) == ["kanaal"]
    assert found.unknown(post, before=post) == []
    assert found.unknown(taak(JAN, BALIE)) == ["groep"]
    assert found.unknown(taak(JAN)) == []
    assert found.unknown(Piece("a", "actorklantcontacten", {"actor": {"uuid": JAN}})) == []
    assert names(kanaal=["post"], groep=["Balie"]).unknown(taak(BALIE)) == []
    assert names().known == {}
