"""What a client reads and sends back changes nothing, and what it cannot see survives."""

import pytest

from tests import bodies
from tests.engine.old_kiss import ACTOR, MOMENT

pytestmark = pytest.mark.alternating

MEMBERS = {
    "klanten": {
        "functie": "Directeur",
        "websiteUrl": "https://bakkerij.example.nl/",
        "adres": {
            "straatnaam": "Damrak",
            "huisnummer": 1,
            "huisletter": "a",
            "huisnummertoevoeging": "",
            "postcode": "1012JS",
            "woonplaatsnaam": "Amsterdam",
            "landcode": "NL",
        },
    },
    "contactmomenten": {
        "onderwerpLinks": ["https://example.nl/onderwerp/1"],
        "voorkeurskanaal": "e-mail",
        "medewerkerIdentificatie": {
            "identificatie": "j.jansen",
            "achternaam": "Jansen",
            "voorletters": "J.",
            "voorvoegselAchternaam": "van",
        },
    },
}


@pytest.fixture
def legacy(served, old):
    """One of everything that an old client writes, as it is served: collection and resource."""
    klant = old.klant(
        **MEMBERS["klanten"],
        achternaam="Jansen",
        voornaam="Piet",
        emailadres="p@example.nl",
        telefoonnummer="0612345678",
    )
    first = old.moment(registratiedatum="2025-03-01T09:00:00Z")
    moment = old.moment(**MEMBERS["contactmomenten"], vorigContactmoment=first["url"])
    old.link(moment, klant)
    old.about(moment, bodies.ZAAK)
    caller = {"persoonsnaam": {"achternaam": "Vries"}, "digitaleAdressen": [{"adres": "x@example.nl"}]}
    old.taak(first, betrokkene=caller, nummer="2025000001", handeling="Bellen")
    return resources(served)


@pytest.fixture
def modern(served):
    """One of everything that a new client writes, with values that the registers have no place for."""
    partij = served.post("partijen", bodies.persoon(nummer="1234567890", interneNotitie="Belt liever"))
    served.post("digitaleadressen", bodies.adres("p@example.nl", partij=partij, referentie="portaal"))
    served.post("partij-identificatoren", bodies.identificator("bsn", bodies.BSN, partij))
    contact = bodies.contact(
        inhoud="Tekst", nummer="0000000042", metadata={"a": "b"}, reactie="ja", todo=None
    )
    contact = served.post("klantcontacten", contact)
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact, partij, organisatienaam="Bakkerij"))
    served.post("digitaleadressen", bodies.adres("0612345678", "telefoonnummer", betrokkene=betrokkene))
    actor = served.post("actoren", bodies.actor("sanne", "Sanne de Boer"))
    served.post("actorklantcontacten", {"actor": bodies.ref(actor), "klantcontact": bodies.ref(contact)})
    served.post("internetaken", bodies.taak(contact, actor, nummer="0000000007"))
    served.post("onderwerpobjecten", bodies.onderwerp(contact))
    return resources(served)


def resources(served):
    names = (
        "klantcontacten",
        "partijen",
        "betrokkenen",
        "digitaleadressen",
        "internetaken",
        "onderwerpobjecten",
        "partij-identificatoren",
        "actorklantcontacten",
    )
    return [(name, each["uuid"]) for name in names for each in served.all(name)]


@pytest.mark.parametrize("records", ["legacy", "modern"])
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_sending_back_what_was_read_writes_nothing(served, deployment, request, records, method):
    """A GET followed by a PUT or PATCH of the same body makes no register write, and answers the same."""
    for name, uuid in request.getfixturevalue(records):
        path = f"{name}/{uuid}"
        read = served.get(path)
        body = without_double(name, read)
        with deployment.writes() as writes:
            answer = served.call(method, path, json=body)
        assert answer.status_code == 200, (path, answer.text)
        assert (name, writes) == (name, [])
        assert answer.json() == read


def without_double(name, read):
    """The older of two ways to assign a task may not be sent along."""
    if name != "internetaken":
        return read
    return {key: value for key, value in read.items() if key != "toegewezenAanActor"}


@pytest.mark.parametrize("records", ["legacy", "modern"])
def test_an_empty_patch_writes_nothing(served, deployment, request, records):
    """A PATCH without members changes nothing at all."""
    for name, uuid in request.getfixturevalue(records):
        with deployment.writes() as writes:
            served.patch(f"{name}/{uuid}", {})
        assert (name, writes) == (name, [])


@pytest.mark.usefixtures("legacy")
def test_members_that_the_new_api_lacks_survive_every_write(served, old):
    """Function, website, address, channels and links of old clients outlive changes of everything else."""
    (partij,) = served.all("partijen")
    contact = served.all("klantcontacten")[0]
    (link,) = served.get("betrokkenen", wasPartij__uuid=partij["uuid"])["results"]
    name = {"voorletters": "Q.", "voornaam": "Quirijn", "voorvoegselAchternaam": "", "achternaam": "Q"}
    served.patch(
        f"partijen/{partij['uuid']}",
        {"soortPartij": "persoon", "interneNotitie": "n", "partijIdentificatie": {"contactnaam": name}},
    )
    for address in served.get("digitaleadressen", verstrektDoorPartij__uuid=partij["uuid"])["results"]:
        new = {"email": "nieuw@example.nl", "telefoonnummer": "0201234567"}[address["soortDigitaalAdres"]]
        served.patch(f"digitaleadressen/{address['uuid']}", {"adres": new})
    served.patch(f"betrokkenen/{link['uuid']}", {"organisatienaam": "O"})
    served.patch(
        f"klantcontacten/{contact['uuid']}", {"inhoud": "Anders", "onderwerp": "Nieuw", "kanaal": "post"}
    )
    klant, moment = old.klant_of(partij), old.moment_of(contact)
    for name, expected in MEMBERS["klanten"].items():
        assert klant[name] == expected, name
    for name, expected in MEMBERS["contactmomenten"].items():
        assert moment[name] == expected, name
    assert (klant["voornaam"], klant["achternaam"]) == ("Quirijn", "Q")
    assert (klant["emailadres"], klant["telefoonnummer"]) == ("nieuw@example.nl", "0201234567")
    assert (moment["tekst"], moment["kanaal"]) == ("Anders", "post")


def test_members_of_a_task_that_the_new_api_lacks_survive(served, old):
    """Who recorded a contactverzoek, and what else stands in the object, outlive every change."""
    moment = old.moment()
    extra = {
        "activiteiten": [{"datum": MOMENT}],
        "betrokkene": {"digitaleAdressen": [], "voorkeur": "ochtend"},
    }
    task = old.taak(moment, **extra)
    actor = served.post("actoren", bodies.actor("sanne", "Sanne de Boer"))
    path = f"internetaken/{task['uuid']}"
    served.patch(path, {"status": "verwerkt", "toelichting": "x", "gevraagdeHandeling": "y", "nummer": "12"})
    served.patch(path, {"toegewezenAanActoren": [bodies.ref(actor)]})
    data = old.data(task)
    assert data["activiteiten"] == extra["activiteiten"]
    assert data["betrokkene"] == extra["betrokkene"]
    assert data["medewerkerIdentificatie"] == task["record"]["data"]["medewerkerIdentificatie"]
    assert data["registratiedatum"] == MOMENT
    assert data["actor"] != ACTOR


def test_only_what_differs_is_written(served, old, deployment):
    """Changing what the register has no place for leaves the register's record alone."""
    klant = old.klant(achternaam="Jansen")
    uuid = klant["url"].rpartition("/")[2]
    with deployment.writes() as writes:
        served.patch(f"partijen/{uuid}", {"interneNotitie": "Belt liever", "voorkeurstaal": "nld"})
    assert [each for each in writes if "klanten/" in each.replace("klanten/klanten", "klanten/")] == []
    assert old.klanten.get(klant["url"]) == klant


def test_an_aanvulling_goes_when_there_is_nothing_left_to_hold(served, old, deployment):
    """When the register alone gives every value, no object is kept beside it."""
    klant = old.klant()
    path = f"partijen/{klant['url'].rpartition('/')[2]}"
    before = len(old.objects.all("objects"))
    served.patch(path, {"interneNotitie": "Belt liever"})
    assert len(old.objects.all("objects")) == before + 1
    served.patch(path, {"interneNotitie": ""})
    assert len(old.objects.all("objects")) == before


@pytest.mark.parametrize("dialect", ["openklant"])
def test_members_of_open_klant_alone_survive(served, old):
    """Whether a klant has read a contact, and how it was made and verified, outlive every change."""
    klant = old.klant(aanmaakkanaal="website", geverifieerd=True)
    moment = old.moment()
    link = old.link(moment, klant)
    old.contactmomenten.patch(link["url"], {"gelezen": True})
    partij, betrokkene = (each["url"].rpartition("/")[2] for each in (klant, link))
    served.patch(f"betrokkenen/{betrokkene}", {"rol": "vertegenwoordiger", "organisatienaam": "O"})
    served.patch(f"partijen/{partij}", {"nummer": "4711", "interneNotitie": "n"})
    assert old.contactmomenten.get(link["url"])["gelezen"] is True
    read = old.klanten.get(klant["url"])
    assert (read["aanmaakkanaal"], read["geverifieerd"]) == ("website", True)


@pytest.mark.parametrize("dialect", ["openklant"])
def test_a_link_whose_rol_is_taken_keeps_what_open_klant_alone_has(served, old):
    """The register refuses the rol: the record stays as it is, and the rol stands beside it."""
    klant, moment = old.klant(), old.moment()
    link = old.link(moment, klant, rol="belanghebbende")
    old.link(moment, klant, rol="gesprekspartner")
    old.contactmomenten.patch(link["url"], {"gelezen": True})
    path = f"betrokkenen/{link['url'].rpartition('/')[2]}"
    changed = served.patch(path, {"rol": "vertegenwoordiger", "organisatienaam": "O"})
    assert (changed["rol"], changed["organisatienaam"]) == ("vertegenwoordiger", "O")
    assert served.get(path) == changed
    assert old.contactmomenten.get(link["url"]) == {**link, "gelezen": True}
    assert served.get("betrokkenen")["count"] == 2
    served.delete(path)
    assert served.get("betrokkenen")["count"] == 1
