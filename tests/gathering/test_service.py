"""What clients record through the service, what employees of the e-Suite see of it, and what clients read."""

import uuid as uuids
from collections import Counter

import pytest
from adapter.commands.opening import Failure, check_held
from adapter.gathering.sealing import KeyMissing, new_key
from adapter.registers.client import Register
from adapter.state.journal import Journal

from tests.gathering.service import configured, served, until

FIRST = "2026-03-01T10:15:00Z"
KINDS = {
    "betrokkenen": {"wasPartij": None, "rol": "klant", "initiator": True},
    "digitaleadressen": {
        "verstrektDoorPartij": None,
        "soortDigitaalAdres": "email",
        "omschrijving": "E-mail",
    },
    "onderwerpobjecten": {"wasKlantcontact": None},
    "internetaken": {"gevraagdeHandeling": "Bellen", "toelichting": "Na vijven", "status": "te_verwerken"},
}
WHOLE = "hadBetrokkenen,hadBetrokkenen.digitaleAdressen,gingOverOnderwerpobjecten,leiddeTotInterneTaken"


@pytest.fixture(scope="module")
def desk(town):
    with served(town) as client:
        yield client


@pytest.fixture(scope="module")
def group(desk):
    return actor(desk, "Frontoffice")


@pytest.fixture(scope="module")
def gone(desk):
    return actor(desk, "Opgeheven")


def actor(desk, naam):
    known = {"objectId": naam, "codeObjecttype": "grp", "codeRegister": "obj", "codeSoortObjectId": "idf"}
    body = {"naam": naam, "soortActor": "organisatorische_eenheid", "indicatieActief": True}
    return desk.post("actoren", {**body, "actoridentificator": known})


def ref(made):
    return {"uuid": made["uuid"]}


def contact(desk, **members):
    """A klantcontact with a text of its own, by which employees find it."""
    body = {"kanaal": "telefoon", "inhoud": "Is het klaar?", "taal": "nld", "vertrouwelijk": True}
    text = f"Vraag {uuids.uuid4().hex}"
    return desk.post("klantcontacten", {**body, "onderwerp": text, "plaatsgevondenOp": FIRST, **members})


def piece(desk, kind, expect=201, **members):
    return desk.post(kind, {**KINDS.get(kind, {}), **members}, expect)


def whole(desk):
    """A klantcontact with somebody, an address of his, and a zaak."""
    made = contact(desk)
    name = {"voorletters": "P", "voornaam": "Piet", "voorvoegselAchternaam": "", "achternaam": "Jansen"}
    someone = piece(desk, "betrokkenen", hadKlantcontact=ref(made), contactnaam=name)
    mail = piece(desk, "digitaleadressen", verstrektDoorBetrokkene=ref(someone), adres="piet@voorbeeld.nl")
    zaak = {"codeObjecttype": "zgw-Zaak", "codeRegister": "openzaak", "codeSoortObjectId": "uuid"}
    zaak["objectId"] = str(uuids.uuid4())
    about = piece(desk, "onderwerpobjecten", klantcontact=ref(made), onderwerpobjectidentificator=zaak)
    return {
        "klantcontacten": made,
        "betrokkenen": someone,
        "digitaleadressen": mail,
        "onderwerpobjecten": about,
    }


def task(desk, made, group, expect=201, **members):
    for_whom = [ref(group)]
    return piece(
        desk, "internetaken", expect,
        aanleidinggevendKlantcontact=ref(made), toegewezenAanActoren=for_whom, **members,
    )  # fmt: skip


def read(desk, pieces):
    """All pieces by their uuid, the contact with what belongs to it."""
    found = {kind: desk.get(f"{kind}/{each['uuid']}") for kind, each in pieces.items()}
    uuid = pieces["klantcontacten"]["uuid"]
    return {**found, "klantcontacten": desk.get(f"klantcontacten/{uuid}", expand=WHOLE)}


def refusal(answer):
    return {each["name"]: each["code"] for each in answer["invalidParams"]}


@pytest.mark.contract
def test_a_contact_is_served_while_it_is_held(town, desk):
    made = contact(desk)
    assert desk.get(f"klantcontacten/{made['uuid']}") == made
    found = desk.all("klantcontacten", onderwerp=made["onderwerp"])
    assert [each["uuid"] for each in found] == [made["uuid"]]
    assert town.contacts(made["onderwerp"]) == []


def test_a_question_with_a_task_is_in_the_e_suite_at_once(town, desk, group):
    """With all that was recorded until then; clients go on to read what they recorded."""
    pieces = whole(desk)
    made = pieces["klantcontacten"]
    before = read(desk, pieces)
    pieces["internetaken"] = todo = task(desk, made, group)
    (seen,) = town.contacts(made["onderwerp"])
    assert (seen["status"], seen["groep"]) == ("nieuw", "Frontoffice")
    assert seen["tekst"] == f"{made['onderwerp']}\nIs het klaar?"
    assert seen["contactgegevens"] == {"emailadres": "piet@voorbeeld.nl"}
    assert seen["toelichting"].startswith("Contact opnemen met: P Piet Jansen\nGevraagde handeling: Bellen\n")
    after = read(desk, pieces)
    assert after.pop("internetaken") == todo
    assert [each["uuid"] for each in after["klantcontacten"].pop("leiddeTotInterneTaken")] == [todo["uuid"]]
    assert after["klantcontacten"]["_expand"].pop("leiddeTotInterneTaken") == [todo]
    assert after["klantcontacten"].pop("todo") == "Na vijven"
    before["klantcontacten"].pop("leiddeTotInterneTaken")
    before["klantcontacten"]["_expand"].pop("leiddeTotInterneTaken", None)
    assert after == before
    # By the uuid of its record it is the same contact, and it is there once.
    record = seen["url"].rpartition("/")[2]
    assert desk.get(f"klantcontacten/{record}")["uuid"] == made["uuid"]
    found = desk.all("klantcontacten", onderwerp=made["onderwerp"])
    assert [each["uuid"] for each in found] == [made["uuid"]]
    assert todo in desk.all("internetaken", status="te_verwerken")
    about = pieces["onderwerpobjecten"]["onderwerpobjectidentificator"]["objectId"]
    asked = {"onderwerpobject__onderwerpobjectidentificatorObjectId": about}
    assert [each["uuid"] for each in desk.all("klantcontacten", **asked)] == [made["uuid"]]


def test_a_held_contact_is_changed_and_deleted(town, desk, group):
    pieces = whole(desk)
    made, mail = pieces["klantcontacten"], pieces["digitaleadressen"]
    assert desk.patch(f"klantcontacten/{made['uuid']}", {"kanaal": "balie"})["kanaal"] == "balie"
    assert desk.patch(f"digitaleadressen/{mail['uuid']}", {"adres": "p@v.example"})["adres"] == "p@v.example"
    desk.delete(f"onderwerpobjecten/{pieces['onderwerpobjecten']['uuid']}")
    desk.get(f"onderwerpobjecten/{pieces['onderwerpobjecten']['uuid']}", 404)
    task(desk, made, group)
    (seen,) = town.contacts(made["onderwerp"])
    assert (seen["kanaal"], seen["contactgegevens"]) == ("balie", {"emailadres": "p@v.example"})
    other = whole(desk)
    desk.delete(f"klantcontacten/{other['klantcontacten']['uuid']}")
    for kind in ("klantcontacten", "betrokkenen", "onderwerpobjecten"):
        desk.get(f"{kind}/{other[kind]['uuid']}", 404)
    assert town.contacts(other["klantcontacten"]["onderwerp"]) == []


def test_a_group_that_is_unknown_there_is_told_and_nothing_is_recorded(town, desk, group, gone):
    made = contact(desk)
    assert refusal(task(desk, made, gone, 400)) == {"toegewezenAanActoren": "not-in-register"}
    assert desk.get(f"klantcontacten/{made['uuid']}")["leiddeTotInterneTaken"] == []
    todo = task(desk, made, group)
    assert len(town.contacts(made["onderwerp"])) == 1
    assert desk.get(f"internetaken/{todo['uuid']}") == todo


def test_after_sending_only_what_stands_beside_the_record_changes(town, desk, group):
    pieces = whole(desk)
    made, someone = pieces["klantcontacten"], pieces["betrokkenen"]
    todo = task(desk, made, group)
    path = f"klantcontacten/{made['uuid']}"
    # Sent again after an answer that was lost, it is the same.
    assert task(desk, made, group)["uuid"] == todo["uuid"]
    assert refusal(task(desk, made, group, 400, toelichting="Anders")) == {
        "aanleidinggevendKlantcontact": "one-task"
    }
    assert refusal(desk.patch(path, {"kanaal": "balie"}, 400)) == {"kanaal": "immutable-in-register"}
    assert refusal(desk.patch(f"internetaken/{todo['uuid']}", {"status": "verwerkt"}, 400)) == {
        "status": "immutable-in-register"
    }
    assert desk.patch(path, {"vertrouwelijk": False, "kanaal": "telefoon"})["vertrouwelijk"] is False
    assert desk.get(path)["vertrouwelijk"] is False
    desk.delete(path, 403)
    desk.delete(f"betrokkenen/{someone['uuid']}", 403)
    desk.delete(f"internetaken/{todo['uuid']}", 403)
    assert desk.get(path)["hadBetrokkenen"]
    # What comes later stands beside it.
    late = piece(desk, "digitaleadressen", verstrektDoorBetrokkene=ref(someone), adres="later@v.example")
    assert late["uuid"] in {
        each["uuid"] for each in desk.get(f"betrokkenen/{someone['uuid']}")["digitaleAdressen"]
    }
    desk.delete(f"digitaleadressen/{late['uuid']}")
    assert len(town.contacts(made["onderwerp"])) == 1


@pytest.mark.contract
def test_what_an_employee_does_is_read(town, desk, group):
    made = contact(desk)
    todo = task(desk, made, group)
    (seen,) = town.contacts(made["onderwerp"])
    town.works(seen["url"].rpartition("/")[2], status="afgehandeld", antwoord="Gebeld.")
    assert desk.get(f"internetaken/{todo['uuid']}")["status"] == "verwerkt"
    assert todo["uuid"] not in {each["uuid"] for each in desk.all("internetaken", status="te_verwerken")}


def test_tasks_are_found_by_whom_they_are_assigned_to(town, desk):
    """By the uuid of a group and by its name, held or sent."""
    own = actor(desk, "Parkeren")
    made = contact(desk)
    asked = task(desk, made, own)
    for query in (f"toegewezenAanActor__uuid={own['uuid']}", "actoren__naam=Parkeren"):
        assert [each["uuid"] for each in desk.get(f"internetaken?{query}")["results"]] == [asked["uuid"]]


def test_a_partij_may_be_given_a_number(town, desk):
    """Which the e-Suite cannot be asked for: whether a klant there has it is not known."""
    assert desk.post("partijen", {"soortPartij": "persoon", "indicatieActief": True, "nummer": "5"})["uuid"]


@pytest.mark.contract
def test_a_contact_without_a_task_is_sent_after_the_quiet_time(town):
    with served(town, quiet=0.0, sweep=0.1) as desk:
        made = contact(desk)
        (seen,) = until(lambda: town.contacts(made["onderwerp"]))
        assert (seen["status"], seen["tekst"]) == ("afgehandeld", made["onderwerp"])
        assert seen["antwoord"].startswith("Is het klaar?\n\nKenmerk: ")
        assert desk.get(f"klantcontacten/{made['uuid']}") == made
        assert refusal(task(desk, made, actor(desk, "Frontoffice"), 400)) == {
            "aanleidinggevendKlantcontact": "late-task"
        }


@pytest.mark.contract
def test_nothing_that_a_client_sent_stands_in_the_state_in_clear(town, tmp_path):
    """Neither while it is held, nor in the journal of its write, nor after it was sent."""
    state = tmp_path / "state.sqlite3"
    with served(town, str(state)) as desk:
        group = actor(desk, "Frontoffice")
        pieces = whole(desk)
        made, mail = pieces["klantcontacten"], pieces["digitaleadressen"]
        desk.patch(f"digitaleadressen/{mail['uuid']}", {"adres": "ander@v.example"})
        planted = [made["onderwerp"], "Jansen", "piet@voorbeeld.nl", "ander@v.example", "Na vijven"]
        about = pieces["onderwerpobjecten"]["onderwerpobjectidentificator"]["objectId"]
        for text in (*planted, about):
            assert not stands(text, tmp_path), text
        task(desk, made, group)
        for text in (*planted, about):
            assert not stands(text, tmp_path), text
        assert stands(made["uuid"], tmp_path)


def test_a_held_piece_that_leaves_its_contact_stands_nowhere_in_clear(town, tmp_path, monkeypatch):
    """Not in the journal either, as long as that is open; from then on it is of the other contact."""
    seen, close = [], Journal.close

    def closes(*given, **named):
        seen.append(stands("piet@voorbeeld.nl", tmp_path))
        close(*given, **named)

    with served(town, str(tmp_path / "state.sqlite3")) as desk:
        one, other = whole(desk), whole(desk)
        to = {"verstrektDoorBetrokkene": ref(other["betrokkenen"])}
        monkeypatch.setattr(Journal, "close", closes)
        desk.patch(f"digitaleadressen/{one['digitaleadressen']['uuid']}", to)
        assert seen == [False]
        moved = desk.all("digitaleadressen", verstrektDoorBetrokkene__uuid=other["betrokkenen"]["uuid"])
        assert one["digitaleadressen"]["uuid"] in {each["uuid"] for each in moved}
        assert len(moved) == 2
        left = desk.all("digitaleadressen", verstrektDoorBetrokkene__uuid=one["betrokkenen"]["uuid"])
        assert left == []


@pytest.mark.contract
def test_a_key_is_replaced_while_a_contact_is_held(town, tmp_path):
    """With both keys it is served and sent; once it is sealed anew, the old key may go."""
    state, new = str(tmp_path / "state.sqlite3"), new_key()
    with served(town, state) as desk:
        old = dict(configured(town, state).gathering.keys)
        made, group = contact(desk), actor(desk, "Frontoffice")
    both = {"current": "new", "keys": {**old, "new": new}}
    with served(town, state, **both, sweep=0.05) as desk:
        assert desk.get(f"klantcontacten/{made['uuid']}")["onderwerp"] == made["onderwerp"]
        alone = {"current": "new", "keys": {"new": new}}
        until(lambda: opens(configured(town, state, **alone)))
    with served(town, state, current="new", keys={"new": new}) as desk:
        assert desk.get(f"klantcontacten/{made['uuid']}")["onderwerp"] == made["onderwerp"]
        task(desk, made, group)
    assert len(town.contacts(made["onderwerp"])) == 1


def opens(configuration):
    """Whether the keys of a configuration open all that is held."""
    try:
        check_held(configuration)
    except Failure:
        return False
    return True


def stands(text, folder):
    return any(text.encode() in each.read_bytes() for each in folder.glob("state.sqlite3*"))


@pytest.mark.contract
def test_a_start_without_a_key_of_what_is_held_is_refused(town, tmp_path):
    state = str(tmp_path / "state.sqlite3")
    with served(town, state) as desk:
        contact(desk)
    keys = {"new": new_key()}
    with pytest.raises(KeyMissing), served(town, state, current="new", keys=keys):
        pass
    configuration = configured(town, state, current="new", keys=keys)
    with pytest.raises(Failure, match="the key demo"):
        check_held(configuration)


def test_what_comes_while_a_post_is_unanswered_is_asked_to_wait(town, desk, group):
    """What would be refused of a record, were it there, is 503 with Retry-After; the contact is served on."""
    made = contact(desk)
    town.looseness.lost = 1
    todo = task(desk, made, group)
    path = f"klantcontacten/{made['uuid']}"
    answer = desk.session.patch(f"{desk.base}/{path}", json={"kanaal": "balie"}, timeout=10)
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True)
    assert desk.get(path)["kanaal"] == "telefoon"
    assert desk.get(f"internetaken/{todo['uuid']}") == todo
    assert len(town.contacts(made["onderwerp"])) == 1


def test_what_is_known_of_a_contact_is_not_asked_of_the_e_suite(desk, group, monkeypatch):
    """One that is held is read without it; one that was sent with one call, for whichever piece of it.

    For the contact with another one: an employee may have linked it with a zaak.
    """
    call, asked = Register.call, Counter()

    def counted(self, method, *given, **named):
        asked[f"{self.name} {method}"] += 1
        return call(self, method, *given, **named)

    monkeypatch.setattr(Register, "call", counted)
    pieces = whole(desk)
    for most in (0, 1):
        for kind, each in pieces.items():
            asked.clear()
            desk.get(f"{kind}/{each['uuid']}", **({"expand": WHOLE} if kind == "klantcontacten" else {}))
            zaken = most if kind == "klantcontacten" else 0
            assert asked["contactmomenten GET"] == most + zaken, (kind, asked)
        if not most:
            pieces["internetaken"] = task(desk, pieces["klantcontacten"], group)


@pytest.mark.contract
def test_lists_know_the_uuid_of_a_record_at_once(town):
    """Also that of the first that was ever made: as soon as the contact is sent."""
    with served(town) as desk:
        assert desk.all("klantcontacten", onderwerp="Niets") == []
        made = contact(desk)
        todo = task(desk, made, actor(desk, "Frontoffice"))
        (seen,) = town.contacts(made["onderwerp"])
        found = desk.all("internetaken", klantcontact__uuid=seen["url"].rpartition("/")[2])
        assert [each["uuid"] for each in found] == [todo["uuid"]]
