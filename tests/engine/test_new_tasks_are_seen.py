"""A task that a new client records is the contactverzoek that old KISS shows, complete and in step."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

MAIL, PHONE = "piet@example.nl", "0612345678"
AGENT = bodies.actor("jan@gem.nl", "Jan Jansen", codes="mdw/msei/email")
SANNE = bodies.actor("s.deboer", "Sanne de Boer")
BURGERZAKEN = bodies.actor("BZ", "Burgerzaken", soort="organisatorische_eenheid", codes="afd/obj/idf")


@pytest.fixture
def contact(served):
    """A klantcontact that an agent recorded."""
    agent, contact = served.post("actoren", AGENT), served.post("klantcontacten", bodies.contact())
    served.post("actorklantcontacten", {"actor": bodies.ref(agent), "klantcontact": bodies.ref(contact)})
    return contact


NAME = {"voorletters": "P", "voornaam": "Piet", "voorvoegselAchternaam": "van", "achternaam": "Jansen"}


def steps_of(served, contact):
    """The parts of a contactverzoek after its contact, each as a step that needs the ones before it."""
    made = {}

    def betrokkene():
        made["betrokkene"] = served.post("betrokkenen", bodies.betrokkene(contact, contactnaam=NAME))

    def addresses():
        for adres, soort, omschrijving in (
            (MAIL, "email", "e-mailadres"),
            (PHONE, "telefoonnummer", "telefoonnummer"),
        ):
            body = bodies.adres(adres, soort, betrokkene=made["betrokkene"], omschrijving=omschrijving)
            served.post("digitaleadressen", body)

    def taak():
        actoren = [served.post("actoren", each) for each in (SANNE, BURGERZAKEN)]
        made["taak"] = served.post("internetaken", bodies.taak(contact, *actoren, nummer=""))

    return {"betrokkene": betrokkene, "addresses": addresses, "taak": taak}, made


ORDERS = ["betrokkene addresses taak", "betrokkene taak addresses", "taak betrokkene addresses"]


@pytest.mark.parametrize("order", ORDERS)
def test_a_contactverzoek_is_complete_whatever_comes_first(served, contact, old, order):
    """The InterneTaak names actor, eenheid, caller, addresses and contact, in whatever order they came."""
    steps, made = steps_of(served, contact)
    for step in order.split():
        steps[step]()
    (task,) = old.taken_with(MAIL)
    assert task == old.data(made["taak"])
    assert task["contactmoment"] == old.moment_of(contact)["url"]
    assert task["status"] == "te verwerken"
    assert task["toelichting"] == "Graag terugbellen"
    moment = datetime.fromisoformat(task["registratiedatum"])
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    assert task["actor"] == {
        "naam": "Sanne de Boer",
        "soortActor": "medewerker",
        "identificatie": "s.deboer",
        "naamOrganisatorischeEenheid": "Burgerzaken",
        "identificatieOrganisatorischeEenheid": "BZ",
        "typeOrganisatorischeEenheid": "afdeling",
    }
    betrokkene = task["betrokkene"]
    assert betrokkene["persoonsnaam"] == {
        "voornaam": "Piet",
        "voorvoegselAchternaam": "van",
        "achternaam": "Jansen",
    }
    assert betrokkene["rol"] == "klant"
    assert "klant" not in betrokkene
    assert sorted(each["adres"] for each in betrokkene["digitaleAdressen"]) == [PHONE, MAIL]
    by_kind = {each["soortDigitaalAdres"]: each for each in betrokkene["digitaleAdressen"]}
    assert by_kind["email"] == {"adres": MAIL, "soortDigitaalAdres": "email", "omschrijving": "e-mailadres"}


def test_changes_of_a_contactverzoek_reach_the_old_client(served, contact, old):
    """A corrected address, another name and a removed address stand in the InterneTaak at once."""
    steps, made = steps_of(served, contact)
    for step in ORDERS[0].split():
        steps[step]()
    mail, phone = (served.get("digitaleadressen", adres=each)["results"][0] for each in (MAIL, PHONE))
    served.patch(f"digitaleadressen/{mail['uuid']}", {"adres": "nieuw@example.nl"})
    served.delete(f"digitaleadressen/{phone['uuid']}")
    served.patch(
        f"betrokkenen/{made['betrokkene']['uuid']}", {"contactnaam": {**NAME, "achternaam": "Pietersen"}}
    )
    betrokkene = old.data(made["taak"])["betrokkene"]
    assert [each["adres"] for each in betrokkene["digitaleAdressen"]] == ["nieuw@example.nl"]
    assert betrokkene["persoonsnaam"]["achternaam"] == "Pietersen"
    served.delete(f"betrokkenen/{made['betrokkene']['uuid']}")
    betrokkene = old.data(made["taak"])["betrokkene"]
    assert betrokkene["digitaleAdressen"] == []
    assert "persoonsnaam" not in betrokkene


def test_what_is_told_is_never_served_twice(served, contact):
    """The caller and the addresses in the InterneTaak are those that were made, and count once."""
    steps, made = steps_of(served, contact)
    for step in ORDERS[0].split():
        steps[step]()
    assert served.get("betrokkenen")["count"] == 1
    assert served.get("digitaleadressen")["count"] == 2
    assert served.get("actoren")["count"] == 3
    read = served.get(f"klantcontacten/{contact['uuid']}")
    assert [each["uuid"] for each in read["hadBetrokkenen"]] == [made["betrokkene"]["uuid"]]
    assert [each["naam"] for each in read["hadBetrokkenActoren"]] == ["Jan Jansen"]


def test_the_taak_of_an_identified_citizen_names_the_klant(served, contact, old):
    """Old clients find the contactverzoeken of a klant by its URL."""
    partij = served.post("partijen", bodies.persoon())
    served.post("betrokkenen", bodies.betrokkene(contact, partij))
    task = served.post("internetaken", bodies.taak(contact, served.post("actoren", SANNE)))
    klant = old.klant_of(partij)
    assert old.taken_of(klant) == [old.data(task)]


def test_a_task_that_is_taken_and_closed(served, contact, old):
    """ITA's assignment, closing and reopening stand in the InterneTaak."""
    eenheid = served.post("actoren", BURGERZAKEN)
    me = served.post("actoren", bodies.actor("ik@gem.nl", "Ik Zelf", codes="mdw/msei/email"))
    task = served.post("internetaken", bodies.taak(contact, eenheid))
    assert old.data(task)["actor"]["naam"] == "Burgerzaken"
    path = f"internetaken/{task['uuid']}"
    served.patch(path, {"toegewezenAanActoren": [bodies.ref(me), bodies.ref(eenheid)]})
    actor = old.data(task)["actor"]
    assert (actor["naam"], actor["identificatie"]) == ("Ik Zelf", "ik@gem.nl")
    assert actor["naamOrganisatorischeEenheid"] == "Burgerzaken"
    served.patch(path, {"status": "verwerkt"})
    assert old.data(task)["status"] == "verwerkt"
    served.patch(path, {"status": "te_verwerken"})
    assert old.data(task)["status"] == "te verwerken"
