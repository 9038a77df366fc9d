"""What applications do, request for request, over an e-Suite; what employees see, and what is refused."""

import uuid as uuids

import pytest
from adapter.errors import RegisterUnavailable
from adapter.gathering.store import ObjectStore

from tests.gathering.applications import (
    QUESTION,
    TASK,
    Ita,
    Kiss,
    OpenForms,
    OpenInwoner,
    ref,
    status_of,
)
from tests.gathering.service import served, until
from tests.gathering.test_service import actor as group_of
from tests.gathering.test_service import contact, refusal, task

NOW = "2026-03-01T10:15:00Z"
MSEI = {"codeObjecttype": "mdw", "codeRegister": "msei", "codeSoortObjectId": "email"}
IDF = {"codeObjecttype": "mdw", "codeRegister": "obj", "codeSoortObjectId": "idf"}


@pytest.fixture(scope="module")
def desk(town, tmp_path_factory):
    """Contacts without a task are sent three seconds after the last piece; each has a number, as ITA asks."""
    state = str(tmp_path_factory.mktemp("state") / "state.sqlite3")
    dialect = {"antwoord_als_klantcontact": True, "nummers": "generate"}
    with served(town, state, dialect=dialect, quiet=3.0, sweep=0.2) as client:
        yield client


@pytest.fixture(scope="module")
def kiss(desk):
    return Kiss(desk.base, desk.session.hooks["response"][0])


@pytest.fixture(scope="module")
def open_inwoner(desk):
    return OpenInwoner(desk.base, desk.session.hooks["response"][0])


@pytest.fixture(scope="module")
def ita(desk):
    return Ita(desk.base, desk.session.hooks["response"][0])


@pytest.fixture(scope="module")
def open_forms(desk):
    return OpenForms(desk.base, desk.session.hooks["response"][0])


def text_of(what):
    return f"{what} ({uuids.uuid4().hex[:12]})"


def read(app, *made, expand=TASK):
    """Resources by their URL, klantcontacten with what belongs to them."""
    params = {each["url"]: {"expand": expand} if "/klantcontacten/" in each["url"] else {} for each in made}
    return {url: app.get(url, **named) for url, named in params.items()}


def found(listed):
    return [each["uuid"] for each in listed]


def test_kiss_records_a_request_of_somebody_unknown(town, kiss):
    """One contact in the e-Suite, complete and with the right group; before and after, the same is read."""
    onderwerp, zaak = text_of("Afspraak maken"), str(uuids.uuid4())
    agent = kiss.agent("jan@gem.nl", "Jan Jansen")
    assert kiss.agent("jan@gem.nl", "Jan Jansen")["uuid"] == agent["uuid"]
    made = kiss.contact(agent, onderwerp, "Burger wil terugbel", NOW)
    someone = kiss.involved(made, voornaam="Piet", achternaam="Jansen")
    addresses = [
        kiss.address(someone, "piet@x.nl", "email", "e-mailadres"),
        kiss.address(someone, "0612345678", "telefoonnummer", "telefoonnummer"),
        kiss.address(someone, "0201234567", "telefoonnummer", "werk"),
    ]
    employee = kiss.assignee("F. de Vries", "mdw", "fdevries")
    group = kiss.assignee("Frontoffice", "grp", "9")
    nobody = kiss.assignee("Opgeheven", "grp", "77")
    before = read(kiss, made, someone, *addresses)
    assert town.contacts(onderwerp) == []
    # A group that is not in the e-Suite is told at once, and another one can be chosen.
    refused = kiss.task(made, [nobody], "Graag terugbellen na vijven", 400)
    assert refusal(refused) == {"toegewezenAanActoren": "not-in-register"}
    assert read(kiss, made, someone, *addresses) == before
    todo = kiss.task(made, [employee, group], "Graag terugbellen na vijven")
    (seen,) = town.contacts(onderwerp)
    assert {name: seen.get(name) for name in ("status", "type", "kanaal", "groep", "tekst", "afdeling")} == {
        "status": "nieuw",
        "type": "Contactverzoek",
        "kanaal": "telefoon",
        "groep": "Frontoffice",
        "tekst": f"{onderwerp}\nBurger wil terugbel",
        "afdeling": None,
    }
    assert seen["behandelaar"]["gebruikersnaam"] == "fdevries"
    assert seen["contactgegevens"] == {
        "emailadres": "piet@x.nl",
        "telefoonnummer": "0612345678",
        "telefoonnummerAlternatief": "0201234567",
    }
    name, deed, _, text, _, sign = seen["toelichting"].split("\n")
    assert (name, deed, text) == (
        "Contact opnemen met: P Piet Jansen",
        "Gevraagde handeling: Contact opnemen met betrokkene",
        "Graag terugbellen na vijven",
    )
    assert sign.startswith(f"Kenmerk: {made['nummer']}-")
    after = read(kiss, made, someone, *addresses)
    whole = after[made["url"]]
    assert whole.pop("todo") == "Graag terugbellen na vijven"
    assert found(whole.pop("leiddeTotInterneTaken")) == [todo["uuid"]]
    assert whole["_expand"].pop("leiddeTotInterneTaken") == [todo]
    before[made["url"]].pop("leiddeTotInterneTaken")
    before[made["url"]]["_expand"].pop("leiddeTotInterneTaken")
    assert after == before
    # The zaak comes last, and is linked then.
    kiss.about(made, zaak)
    assert [each.rpartition("/")[2] for each in town.seen(seen)["zaken"]] == [zaak]
    (there,) = kiss.contacts_about(zaak)
    assert (there["uuid"], there["hadBetrokkenActoren"][0]["naam"]) == (made["uuid"], "Jan Jansen")
    assert kiss.task(made, [employee, group], "Graag terugbellen na vijven")["uuid"] == todo["uuid"]
    assert len(town.contacts(onderwerp)) == 1


@pytest.mark.contract
def test_kiss_helps_a_resident_about_a_zaak(town, kiss):
    """Without a task it is a report: closed after a while, linked, and read as before."""
    onderwerp, zaak = text_of("Verhuizing"), str(uuids.uuid4())
    person = kiss.resident("999990019")
    assert kiss.resident("999990019")["uuid"] == person["uuid"]
    agent = kiss.agent("jan@gem.nl", "Jan Jansen")
    made = kiss.contact(agent, onderwerp, "Wil verhuizen", NOW)
    someone = kiss.involved(made, person)
    about = kiss.about(made, zaak)

    def all_read():
        kept = (read(kiss, made, someone, about), kiss.contacts_of(person), kiss.contacts_about(zaak))
        assert (found(kept[1]), found(kept[2])) == ([made["uuid"]], [made["uuid"]])
        return kept

    before = all_read()
    (seen,) = until(lambda: town.contacts(onderwerp))
    assert (seen["status"], seen["type"], seen["tekst"]) == ("afgehandeld", "Contactmoment", onderwerp)
    assert seen["antwoord"].startswith(f"Wil verhuizen\n\nKenmerk: {made['nummer']}-")
    klant, case = until(lambda: town.links(seen))
    assert town.klant(klant)["subjectIdentificatie"] == {"inpBsn": "999990019"}
    assert case.rpartition("/")[2] == zaak
    assert all_read() == before
    late = kiss.task(made, [kiss.assignee("Frontoffice", "grp", "9")], "Toch terugbellen", 400)
    assert refusal(late) == {"aanleidinggevendKlantcontact": "late-task"}


@pytest.mark.contract
def test_a_citizen_asks_and_later_reads_the_answer(town, kiss, open_inwoner):
    """The answer is found by the question, and among the contacts of the citizen."""
    onderwerp, zaak = text_of("Vraag over parkeren"), str(uuids.uuid4())
    person = open_inwoner.citizen("999993653")
    assert open_inwoner.citizen("999993653")["uuid"] == person["uuid"]
    group = kiss.assignee("Parkeren", "grp", "12")
    asked = open_inwoner.question(person, group, onderwerp, "Mag ik hier parkeren?", NOW)
    (seen,) = town.contacts(onderwerp)
    assert (seen["status"], seen["groep"], seen["kanaal"]) == ("nieuw", "Parkeren", "open-inwoner")
    assert seen["toelichting"].startswith("Organisatie: Open Inwoner Platform\n")
    assert len(town.seen(seen)["klanten"]) == 1
    open_inwoner.about(asked, zaak)
    ((question,), answers) = open_inwoner.questions(person)
    assert (question["uuid"], question["inhoud"], answers) == (asked["uuid"], "Mag ik hier parkeren?", {})
    assert status_of(question, []) == "Onbeantwoord"
    assert len(question["nummer"]) == 10
    record = seen["url"].rpartition("/")[2]
    town.works(record, status="in_behandeling")
    assert status_of(open_inwoner.questions(person)[0][0], []) == "Onbeantwoord"
    town.works(record, status="afgehandeld", antwoord="Ja, vanaf 9 uur.")
    ((question,), answers) = open_inwoner.questions(person)
    (answer,) = answers[question["uuid"]]
    assert (answer["inhoud"], answer["kanaal"]) == ("Ja, vanaf 9 uur.", "open-inwoner")
    assert status_of(question, [answer]) == "Afgehandeld"
    # An earlier Open Inwoner takes for an answer what has the same partij.
    listed = open_inwoner.all(
        "klantcontacten", hadBetrokkene__wasPartij__uuid=person["uuid"], pageSize=500, expand=QUESTION
    )
    assert {each["uuid"] for each in listed} == {question["uuid"], answer["uuid"]}
    (who,) = answer["_expand"]["hadBetrokkenen"]
    assert (who["wasPartij"]["uuid"], who["initiator"]) == (person["uuid"], False)
    assert open_inwoner.get(f"betrokkenen/{who['uuid']}")["hadKlantcontact"]["uuid"] == answer["uuid"]
    open_inwoner.send("PATCH", f"betrokkenen/{who['uuid']}", {"initiator": True}, 403)
    (there,) = open_inwoner.on_zaak(zaak)
    assert there["_expand"]["hadBetrokkenen"][0]["initiator"] is True


@pytest.mark.contract
def test_an_employee_finds_his_task_and_is_told_where_to_work_on_it(town, kiss, ita):
    onderwerp = text_of("Rijbewijs")
    agent = kiss.agent("jan@gem.nl", "Jan Jansen")
    made = kiss.contact(agent, onderwerp, "Is het klaar?", NOW)
    kiss.involved(made, voornaam="Emma", achternaam="Bakker")
    employee = kiss.assignee("A. Bouma", "mdw", "abouma")
    department = kiss.assignee("Belastingen", "afd", "31")
    todo = kiss.task(made, [employee, department], "Bel haar")
    (seen,) = town.contacts(onderwerp)
    assert (seen["afdeling"], seen["behandelaar"]["gebruikersnaam"]) == ("Belastingen", "abouma")
    assert ita.me({"objectId": "jan@gem.nl", **MSEI})["uuid"] == agent["uuid"]
    me = ita.me({"objectId": "abouma", **IDF})
    mine = {"toegewezenAanActor__uuid": me["uuid"], "status": "te_verwerken"}
    ours = {"actoren__naam": "Belastingen", "status": "te_verwerken", "page": 1, "pageSize": 20}
    lists = [
        lambda: ita.get("internetaken", **mine)["results"],
        lambda: ita.tasks(**ours),
        lambda: ita.tasks(nummer=todo["nummer"]),
        lambda: ita.tasks(klantcontact__nummer=made["nummer"]),
    ]
    assert [found(each()) for each in lists] == [[todo["uuid"]]] * 4
    whole, names = ita.row(lists[1]()[0])
    assert (whole["uuid"], names) == (made["uuid"], ["A. Bouma", "Belastingen"])
    assert whole["_expand"]["hadBetrokkenen"][0]["volledigeNaam"] == "Emma Bakker"
    # What was sent stays: a task is given to somebody else, and closed, in the e-Suite.
    path = f"internetaken/{todo['uuid']}"
    for change in ({"toegewezenAanActoren": [ref(agent), ref(department)]}, {"status": "verwerkt"}):
        answer = ita.send("PATCH", path, change, 400)
        assert refusal(answer) == {next(iter(change)): "immutable-in-register"}
        assert "register" in answer["invalidParams"][0]["reason"]
    unchanged = {"toegewezenAanActoren": [ref(me), ref(department)], "status": "te_verwerken"}
    assert ita.send("PATCH", path, unchanged) == todo
    said = ita.report(todo, me, NOW)
    previous = {"onderwerpobject__onderwerpobjectidentificatorObjectId": made["uuid"]}
    assert found(ita.get("klantcontacten", **previous)["results"]) == [said["uuid"]]
    # The poller: the newest comes first.
    assert ita.get("internetaken")["results"][0]["uuid"] == todo["uuid"]
    assert todo["uuid"] in found(ita.get("internetaken", status="te_verwerken", page=1)["results"])
    ita.get("internetaken", 404, status="te_verwerken", page=2)
    town.works(seen["url"].rpartition("/")[2], status="afgehandeld", antwoord="Gebeld.")
    assert [found(each()) for each in lists] == [[], [], [todo["uuid"]], [todo["uuid"]]]
    assert ita.get(path)["status"] == "verwerkt"


@pytest.mark.contract
def test_a_form_is_sent_in(town, open_forms):
    """By somebody who is logged in, with an address that he wants to be reached by from now on."""
    form = text_of("Aanvraag parkeervergunning")
    assert open_forms.root() == 200
    assert open_forms.prefilled("999994542") == []
    person = open_forms.party("999994542")
    assert open_forms.party("999994542")["uuid"] == person["uuid"]
    sent = open_forms.submission(form, f"OF-{uuids.uuid4().hex[:8]}", person)
    mail = open_forms.address(sent["betrokkene"], person, "anna@x.nl", "email", standard=True)
    assert open_forms.get(f"digitaleadressen/{mail['uuid']}")["adres"] == "anna@x.nl"
    assert found(open_forms.prefilled("999994542")) == [mail["uuid"]]
    mine = {"verstrektDoorPartij__uuid": person["uuid"], "adres": "anna@x.nl"}
    assert found(open_forms.get("digitaleadressen", **mine)["results"]) == [mail["uuid"]]
    open_forms.send("PATCH", f"digitaleadressen/{mail['uuid']}", {"isStandaardAdres": True})
    pieces = [sent["klantcontact"], sent["betrokkene"], sent["onderwerpobject"], mail]
    before = read(open_forms, *pieces)
    (seen,) = until(lambda: town.contacts(form))
    assert (seen["status"], seen["kanaal"], seen["tekst"]) == ("afgehandeld", "Webformulier", form)
    until(lambda: town.seen(seen)["klanten"])
    (klant,) = town.seen(seen)["klanten"]
    assert town.klant(klant)["emailadres"] == "anna@x.nl"
    assert read(open_forms, *pieces) == before
    assert found(open_forms.prefilled("999994542")) == [mail["uuid"]]


@pytest.mark.contract
def test_a_message_that_was_delivered_has_a_document(town, kiss, open_forms):
    """As NotifyNL records it: the contact in one request, then the document and who sent it."""
    text, number = text_of("Uw aanvraag"), str(uuids.uuid4())
    actor = kiss.assignee("J. Jansen", "mdw", "jjansen")
    made = open_forms.post("maak-klantcontact", {
        "klantcontact": {
            "kanaal": "e-mail", "onderwerp": text, "inhoud": "Uw aanvraag is ontvangen.",
            "indicatieContactGelukt": True, "taal": "nl", "vertrouwelijk": True, "plaatsgevondenOp": NOW,
        },
        "betrokkene": {"wasPartij": ref(open_forms.party("999994542")), "rol": "klant", "initiator": True},
        "onderwerpobject": {
            "onderwerpobjectidentificator": {
                "objectId": number, "codeObjecttype": "zaak", "codeRegister": "open-zaak",
                "codeSoortObjectId": "uuid",
            },
        },
    })  # fmt: skip
    document = open_forms.post("bijlagen", {
        "wasBijlageVanKlantcontact": ref(made["klantcontact"]),
        "bijlageidentificator": {
            "objectId": str(uuids.uuid4()), "codeObjecttype": "enkelvoudiginformatieobject",
            "codeRegister": "documenten", "codeSoortObjectId": "uuid",
        },
    })  # fmt: skip
    open_forms.post("actorklantcontacten", {"actor": ref(actor), "klantcontact": ref(made["klantcontact"])})
    pieces = [*made.values(), document]
    before = read(open_forms, *pieces)
    (seen,) = until(lambda: town.contacts(text))
    assert seen["medewerkerIdentificatie"]["identificatie"] == "jjansen"
    assert found(kiss.contacts_about(number)) == [made["klantcontact"]["uuid"]]
    assert read(open_forms, *pieces) == before


@pytest.mark.contract
def test_a_question_whose_task_never_comes_goes_to_the_fall_back_group(town, desk, monkeypatch):
    """From its POST on it has a task here too, which keeps its uuid when the contact is held no longer."""
    put_alias = ObjectStore.put_alias
    broken = True

    def put(*given):
        if broken:
            raise RegisterUnavailable("objects")
        put_alias(*given)

    monkeypatch.setattr(ObjectStore, "put_alias", put)
    with served(town, quiet=0.0, sweep=0.1, retry=0.2) as site:
        made = contact(site, kanaal="open-inwoner")
        (seen,) = until(lambda: town.contacts(made["onderwerp"]))
        assert (seen["status"], seen["groep"]) == ("nieuw", "Klantcontactcentrum")
        path = f"klantcontacten/{made['uuid']}"
        (todo,) = until(lambda: site.get(path)["leiddeTotInterneTaken"])
        before = site.get(f"internetaken/{todo['uuid']}")
        (actor,) = before["toegewezenAanActoren"]
        assert before["status"] == "te_verwerken"
        assert site.get(f"actoren/{actor['uuid']}")["naam"] == "Klantcontactcentrum"
        assert todo["uuid"] in found(site.all("internetaken", status="te_verwerken"))
        site.patch(f"internetaken/{todo['uuid']}", {"gevraagdeHandeling": "Bellen"}, 503)
        broken = False
        until(lambda: site.session.patch(
            f"{site.base}/internetaken/{todo['uuid']}", json={"nummer": "5"}, timeout=10
        ).status_code == 200)  # fmt: skip
        assert site.get(f"internetaken/{todo['uuid']}") == {**before, "nummer": "5"}
        assert found(site.get(path)["leiddeTotInterneTaken"]) == [todo["uuid"]]
        assert refusal(task(site, made, group_of(site, "Frontoffice"), 400)) == {
            "aanleidinggevendKlantcontact": "one-task"
        }
