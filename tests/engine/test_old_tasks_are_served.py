"""A contactverzoek that an old client wrote is an interne taak that ITA and KISS can work with."""

import pytest

from tests import bodies
from tests.engine.old_kiss import ACTOR, MOMENT

pytestmark = pytest.mark.alternating

MAIL, PHONE = "piet@example.nl", "0612345678"
JAN = {"identificatie": "j.jansen", "voornaam": "Jan", "achternaam": "Jansen", "afdelingen": []}


@pytest.fixture
def moment(old):
    """A contactmoment of an old client."""
    return old.moment()


@pytest.fixture
def contact(served, moment):
    """The same as it is served."""
    return served.get(f"klantcontacten/{moment['url'].rpartition('/')[2]}")


CALLER = {
    "rol": "klant",
    "persoonsnaam": {"voornaam": "Piet", "voorvoegselAchternaam": "van", "achternaam": "Jansen"},
    "organisatie": "Bakkerij",
    "digitaleAdressen": [
        {"adres": MAIL, "soortDigitaalAdres": "email", "omschrijving": "e-mailadres"},
        {"adres": PHONE, "soortDigitaalAdres": "telefoonnummer", "omschrijving": "telefoonnummer"},
    ],
}


FIVE_PATHS = (
    "leiddeTotInterneTaken,gingOverOnderwerpobjecten,hadBetrokkenen,hadBetrokkenen.digitaleAdressen,"
    "hadBetrokkenen.wasPartij"
)


@pytest.fixture
def task(old, moment):
    """A contactverzoek of an anonymous caller, as old KISS writes it."""
    return old.taak(moment, betrokkene=CALLER)


def test_a_contactverzoek_is_an_internetaak(served, contact, task):
    """Its status, explanation, moment and contact are served, and its actor by name."""
    read = served.get(f"internetaken/{task['uuid']}")
    assert read["status"] == "te_verwerken"
    assert read["toelichting"] == "Graag terugbellen"
    assert read["gevraagdeHandeling"] == "Contact opnemen met betrokkene"
    assert read["toegewezenOp"] == MOMENT
    assert read["aanleidinggevendKlantcontact"]["uuid"] == contact["uuid"]
    assert (read["afgehandeldOp"], read["nummer"]) == (None, None)
    assert read["toegewezenAanActor"] == read["toegewezenAanActoren"][0]


def test_an_employee_and_the_eenheid_are_two_actoren(served, task):
    """As KISS writes them now: first the employee, then the afdeling or groep that was chosen with it."""
    references = served.get(f"internetaken/{task['uuid']}")["toegewezenAanActoren"]
    employee, eenheid = (served.get(f"actoren/{each['uuid']}") for each in references)
    assert (employee["naam"], employee["soortActor"]) == ("Sanne de Boer", "medewerker")
    codes = {"codeRegister": "obj", "codeSoortObjectId": "idf"}
    assert employee["actoridentificator"] == {"objectId": "s.deboer", "codeObjecttype": "mdw", **codes}
    assert (eenheid["naam"], eenheid["soortActor"]) == ("Burgerzaken", "organisatorische_eenheid")
    assert eenheid["actoridentificator"] == {"objectId": "BZ", "codeObjecttype": "afd", **codes}
    for name in ("Sanne de Boer", "Burgerzaken"):
        assert served.get("internetaken", actoren__naam=name)["count"] == 1


def test_the_actoren_of_a_task_are_those_that_are_known(served, old, moment):
    """An employee and an eenheid that exist as objects are the ones that the task is assigned to."""
    sanne = old.object("Medewerker", **{**JAN, "identificatie": "s.deboer"})
    eenheid = old.object("Afdeling", identificatie="BZ", naam="Burgerzaken")
    task = old.taak(moment)
    read = served.get(f"internetaken/{task['uuid']}")
    assert [each["uuid"] for each in read["toegewezenAanActoren"]] == [sanne["uuid"], eenheid["uuid"]]
    assert served.get("internetaken", toegewezenAanActor__uuid=eenheid["uuid"])["count"] == 1
    assert served.get("internetaken", actoren__naam="Burgerzaken", status="te_verwerken")["count"] == 1


def test_the_caller_is_a_betrokkene_with_addresses(served, contact, task):
    """Name, organisation and addresses of a caller without klant are read from the contactverzoek."""
    read = served.get(f"klantcontacten/{contact['uuid']}", expand=FIVE_PATHS)
    assert [each["uuid"] for each in read["_expand"]["leiddeTotInterneTaken"]] == [task["uuid"]]
    (betrokkene,) = read["_expand"]["hadBetrokkenen"]
    assert betrokkene["contactnaam"] == {
        "voorletters": "",
        "voornaam": "Piet",
        "voorvoegselAchternaam": "van",
        "achternaam": "Jansen",
    }
    assert betrokkene["volledigeNaam"] == "Piet van Jansen"
    assert betrokkene["organisatienaam"] == "Bakkerij"
    assert betrokkene["wasPartij"] is None
    assert betrokkene["_expand"]["wasPartij"] is None
    addresses = betrokkene["_expand"]["digitaleAdressen"]
    assert {(each["adres"], each["soortDigitaalAdres"], each["omschrijving"]) for each in addresses} == {
        (MAIL, "email", "e-mailadres"),
        (PHONE, "telefoonnummer", "telefoonnummer"),
    }
    assert {each["uuid"] for each in betrokkene["digitaleAdressen"]} == {each["uuid"] for each in addresses}


def test_kiss_finds_a_caller_by_address(served, contact, task):
    """The search of KISS: exact address, with the betrokkene that gave it, who has no partij."""
    page = served.get("digitaleadressen", adres=MAIL, page=1, expand="verstrektDoorBetrokkene")
    (address,) = page["results"]
    betrokkene = address["_expand"]["verstrektDoorBetrokkene"]
    assert betrokkene["wasPartij"] is None
    assert betrokkene["hadKlantcontact"]["uuid"] == contact["uuid"]
    assert served.get("digitaleadressen", adres="niemand@example.nl")["count"] == 0


def test_a_caller_with_a_klant_is_that_klants_betrokkene(served, old, moment, contact):
    """The caller in a contactverzoek and the klantcontactmoment are one betrokkene, not two."""
    klant = old.klant()
    link = old.link(moment, klant)
    old.taak(moment, betrokkene={**CALLER, "klant": klant["url"]})
    (betrokkene,) = served.get("betrokkenen")["results"]
    assert link["url"].endswith(betrokkene["uuid"])
    assert klant["url"].endswith(betrokkene["wasPartij"]["uuid"])
    assert betrokkene["contactnaam"]["achternaam"] == "Jansen"
    assert len(betrokkene["digitaleAdressen"]) == 2
    assert len(served.get(f"klantcontacten/{contact['uuid']}")["hadBetrokkenen"]) == 1


def test_a_caller_with_a_klant_but_no_link_still_is_a_betrokkene(served, old, moment):
    """Without a klantcontactmoment the contactverzoek alone makes the betrokkene of that klant."""
    klant = old.klant()
    old.taak(moment, betrokkene={**CALLER, "klant": klant["url"]})
    (betrokkene,) = served.get("betrokkenen")["results"]
    assert klant["url"].endswith(betrokkene["wasPartij"]["uuid"])
    partij = served.get(f"partijen/{betrokkene['wasPartij']['uuid']}")
    assert [each["uuid"] for each in partij["betrokkenen"]] == [betrokkene["uuid"]]


@pytest.mark.parametrize(
    "filters",
    [
        {"status": "te_verwerken"},
        {"actoren__naam": "Sanne de Boer"},
        {"actoren__naam": "Sanne de Boer", "status": "te_verwerken", "page": 1, "pageSize": 20},
        {"nummer": "2025000012"},
        {"toegewezenOp": "2025-03-03T09:30:00Z"},
    ],
)
def test_ita_finds_a_contactverzoek(served, old, moment, filters):
    """Each filter of ITA finds the old contactverzoek, and no other."""
    wanted = old.taak(moment, nummer="2025000012")
    other = {"identificatie": "x", "naam": "Anders", "soortActor": "medewerker"}
    old.taak(moment, status="verwerkt", actor=other, registratiedatum="2025-03-04T09:30:00Z")
    found = served.get("internetaken", **filters)["results"]
    assert [each["uuid"] for each in found] == [wanted["uuid"]]


def test_ita_finds_what_is_assigned_to_somebody(served, contact, task):
    """The actor of an old contactverzoek filters by uuid, and by url; the contact too."""
    actor = served.get(f"internetaken/{task['uuid']}")["toegewezenAanActoren"][0]
    for filters in (
        {"toegewezenAanActor__uuid": actor["uuid"]},
        {"toegewezenAanActor__url": actor["url"]},
        {"aanleidinggevendKlantcontact__uuid": contact["uuid"]},
        {"klantcontact__uuid": contact["uuid"]},
    ):
        assert served.get("internetaken", **filters)["count"] == 1, filters


@pytest.mark.parametrize(
    ("actor", "soort", "codes"),
    [
        ({**ACTOR}, "medewerker", "mdw"),
        (
            {
                "naam": "Burgerzaken",
                "soortActor": "organisatorische eenheid",
                "identificatie": "BZ",
                "typeOrganisatorischeEenheid": "afdeling",
            },
            "organisatorische_eenheid",
            "afd",
        ),
        (
            {
                "naam": "Balie",
                "soortActor": "organisatorische eenheid",
                "identificatie": "BA",
                "typeOrganisatorischeEenheid": "groep",
            },
            "organisatorische_eenheid",
            "grp",
        ),
        ({"identificatie": "i-1"}, "medewerker", "mdw"),
    ],
)
def test_each_kind_of_actor_of_a_contactverzoek(served, old, actor, soort, codes):
    """An employee, an afdeling, a groep, and one without kind are actoren of their kind."""
    task = old.taak(old.moment(), actor=actor)
    reference = served.get(f"internetaken/{task['uuid']}")["toegewezenAanActor"]
    read = served.get(f"actoren/{reference['uuid']}")
    assert read["soortActor"] == soort
    assert read["naam"] == actor.get("naam", "i-1")
    assert read["actoridentificator"]["codeObjecttype"] == codes
    assert read["actoridentificator"]["objectId"] == actor["identificatie"]


def test_a_contactverzoek_is_closed(served, old, task):
    """The status reaches the old client, the moment of closing is kept, and nothing else changes."""
    closed = served.patch(f"internetaken/{task['uuid']}", {"status": "verwerkt"})
    assert closed["afgehandeldOp"] is not None
    before = task["record"]["data"]
    kept = {name: value for name, value in old.data(task).items() if name in before}
    assert kept == {**before, "status": "verwerkt"}
    assert served.get(f"internetaken/{task['uuid']}") == closed


def test_a_contactverzoek_is_reassigned(served, old, task):
    """The new actor stands in the object, and the caller's data stay."""
    actor = served.post("actoren", bodies.actor("ik@gem.nl", "Ik Zelf", codes="mdw/msei/email"))
    path = f"internetaken/{task['uuid']}"
    read = served.patch(path, {"toegewezenAanActoren": [bodies.ref(actor)]})
    assert [each["uuid"] for each in read["toegewezenAanActoren"]] == [actor["uuid"]]
    data = old.data(task)
    assert (data["actor"]["naam"], data["actor"]["identificatie"]) == ("Ik Zelf", "ik@gem.nl")
    assert data["betrokkene"] == CALLER
    assert data["contactmoment"] == task["record"]["data"]["contactmoment"]
    assert served.get("internetaken", toegewezenAanActor__uuid=actor["uuid"])["count"] == 1


def test_a_contactverzoek_is_deleted(served, old, task):
    """The object goes; the caller and the addresses that stood in it stay as they were."""
    kinds = ("betrokkenen", "digitaleadressen")
    before = {each["uuid"]: each for kind in kinds for each in served.all(kind)}
    assert len(before) > 1
    served.delete(f"internetaken/{task['uuid']}")
    old.objects.get(f"objects/{task['uuid']}", 404)
    assert {each["uuid"]: each for kind in kinds for each in served.all(kind)} == before


def test_addresses_for_which_there_is_no_uuid_are_counted(served, old, moment):
    """The first nine are served; that there are more is told to who looks after the deployment."""
    addresses = [{"adres": f"a{number}@example.nl", "soortDigitaalAdres": "email"} for number in range(11)]
    old.taak(moment, betrokkene={"digitaleAdressen": addresses})
    assert {each["adres"] for each in served.all("digitaleadressen")} == {
        each["adres"] for each in addresses[:9]
    }
    counts = served.get(served.base.removesuffix("/klantinteracties/api/v1") + "/_healthz")["counts"]
    assert counts["left_out.digitaleadressen.taak"] > 1
