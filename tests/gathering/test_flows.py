"""What clients do, one request after another, over an e-Suite: what employees see, and what clients read."""

import uuid as uuids

import pytest

from tests.gathering.service import served, suite, until
from tests.gathering.test_service import actor, contact, piece, ref, task

BSN = {"codeObjecttype": "natuurlijk_persoon", "codeRegister": "brp", "codeSoortObjectId": "bsn"}
ZAAK = {"codeObjecttype": "zgw-Zaak", "codeRegister": "openzaak", "codeSoortObjectId": "uuid"}
EXPAND = "hadBetrokkenen,hadBetrokkenen.wasPartij,hadBetrokkenen.digitaleAdressen,gingOverOnderwerpobjecten"


@pytest.fixture(scope="module")
def town():
    with suite() as there:
        yield there


@pytest.fixture(scope="module")
def desk(town, tmp_path_factory):
    """Contacts are sent a second after the last piece."""
    state = str(tmp_path_factory.mktemp("state") / "state.sqlite3")
    with served(town, state, quiet=1.0, sweep=0.2) as client:
        yield client


@pytest.fixture(scope="module")
def group(desk):
    return actor(desk, "Frontoffice")


def partij(desk, bsn):
    """A person by his number, found or made as clients do it."""
    found = desk.all("partijen", **{
        "partijIdentificator__codeSoortObjectId": "bsn", "partijIdentificator__objectId": bsn,
    })  # fmt: skip
    if found:
        return found[0]
    number = {"partijIdentificator": {**BSN, "objectId": bsn}}
    body = {"soortPartij": "persoon", "indicatieActief": True, "partijIdentificatoren": [number]}
    lists = {"digitaleAdressen": [], "rekeningnummers": []}
    nulls = {"voorkeursDigitaalAdres": None, "voorkeursRekeningnummer": None}
    name = {"partijIdentificatie": {"contactnaam": None}}
    return desk.post("partijen", {**body, **lists, **nulls, **name})


def about(zaak):
    return {"onderwerpobjectidentificator": {**ZAAK, "objectId": zaak}}


def uuids_of(desk, kind, **filters):
    return [each["uuid"] for each in desk.all(kind, **filters)]


@pytest.mark.contract
def test_a_call_of_a_klant_about_a_zaak(town, desk):
    """All in one request, then who took the call. Without a task it is a report, closed after a while."""
    person, zaak, text = partij(desk, "999990019"), str(uuids.uuid4()), f"Vraag {uuids.uuid4().hex}"
    klantcontact = {"kanaal": "telefoon", "onderwerp": text, "inhoud": "?", "taal": "nld"}
    made = desk.post("maak-klantcontact", {
        "klantcontact": {**klantcontact, "vertrouwelijk": True},
        "betrokkene": {"wasPartij": ref(person), "rol": "klant", "initiator": True},
        "onderwerpobject": about(zaak),
    })  # fmt: skip
    one, someone = made["klantcontact"], made["betrokkene"]
    known = {
        "objectId": "jjansen",
        "codeObjecttype": "mdw",
        "codeRegister": "obj",
        "codeSoortObjectId": "idf",
    }
    body = {"naam": "J. Jansen", "soortActor": "medewerker", "indicatieActief": True}
    employee = desk.post("actoren", {**body, "actoridentificator": {**known, "codeSoortObjectId": "idf"}})
    piece(desk, "actorklantcontacten", klantcontact=ref(one), actor=ref(employee))
    filters = [
        {"hadBetrokkene__wasPartij__uuid": person["uuid"]},
        {"onderwerpobject__onderwerpobjectidentificatorObjectId": zaak},
        {"hadBetrokkene__uuid": someone["uuid"]},
        {"onderwerp": text},
    ]
    path = f"klantcontacten/{one['uuid']}"
    held = desk.get(path, expand=EXPAND)
    assert [uuids_of(desk, "klantcontacten", **each) for each in filters] == [[one["uuid"]]] * 4
    assert held["_expand"]["hadBetrokkenen"][0]["_expand"]["wasPartij"]["uuid"] == person["uuid"]
    (seen,) = until(lambda: town.contacts(text))
    assert (seen["status"], seen["medewerkerIdentificatie"]["identificatie"]) == ("afgehandeld", "jjansen")
    until(lambda: town.links(seen))
    assert desk.get(path, expand=EXPAND) == held
    assert [uuids_of(desk, "klantcontacten", **each) for each in filters] == [[one["uuid"]]] * 4
    assert desk.get(f"partijen/{person['uuid']}")["betrokkenen"] == [
        {name: someone[name] for name in ("uuid", "url")}
    ]
    klant, case = town.links(seen)
    assert (klant.rpartition("/")[2], case.rpartition("/")[2]) == (person["uuid"], zaak)


@pytest.mark.contract
def test_a_citizen_asks_and_later_reads_the_answer(town, desk, group):
    person, zaak = partij(desk, "999993653"), str(uuids.uuid4())
    asked = contact(desk, kanaal="open-inwoner", vertrouwelijk=False)
    someone = piece(desk, "betrokkenen", hadKlantcontact=ref(asked), wasPartij=ref(person))
    todo = task(desk, asked, group)
    piece(desk, "onderwerpobjecten", klantcontact=ref(asked), **about(zaak))
    (seen,) = town.contacts(asked["onderwerp"])
    mine = {"hadBetrokkene__wasPartij__uuid": person["uuid"]}
    assert [uuids_of(desk, "klantcontacten", **mine)] == [[asked["uuid"]]]
    open_there = {"actoren__naam": "Frontoffice", "status": "te_verwerken"}
    assert uuids_of(desk, "internetaken", toegewezenAanActor__uuid=group["uuid"]) == [todo["uuid"]]
    assert uuids_of(desk, "internetaken", **open_there) == [todo["uuid"]]
    assert uuids_of(desk, "internetaken", toegewezenAanActor__uuid=group["uuid"]) == [todo["uuid"]]
    by_zaak = {"onderwerpobject__onderwerpobjectidentificatorObjectId": zaak}
    assert uuids_of(desk, "klantcontacten", **by_zaak) == [asked["uuid"]]
    town.works(seen["url"].rpartition("/")[2], status="afgehandeld", antwoord="Ja, vanaf 9 uur.")
    (found,) = desk.all("klantcontacten", **mine, expand="leiddeTotInterneTaken")
    assert found["_expand"]["leiddeTotInterneTaken"][0]["status"] == "verwerkt"
    assert uuids_of(desk, "internetaken", **open_there) == []
    assert desk.get(f"betrokkenen/{someone['uuid']}")["wasPartij"]["uuid"] == person["uuid"]


@pytest.mark.contract
def test_a_question_whose_task_never_comes_goes_to_the_fall_back_group(town, desk):
    """It is nobody's report: it would be closed with the question as its answer."""
    made = contact(desk, kanaal="open-inwoner")
    (seen,) = until(lambda: town.contacts(made["onderwerp"]))
    assert (seen["status"], seen["groep"]) == ("nieuw", "Klantcontactcentrum")
    path = f"klantcontacten/{made['uuid']}"
    (todo,) = until(lambda: desk.get(path)["leiddeTotInterneTaken"])
    assert desk.get(f"internetaken/{todo['uuid']}")["status"] == "te_verwerken"
