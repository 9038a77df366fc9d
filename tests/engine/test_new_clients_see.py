"""What an old client wrote in the registers reads as the new API would have it, and can be worked with."""

import pytest

from tests import bodies
from tests.engine.old_kiss import MOMENT

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


def test_a_contactmoment_is_a_klantcontact(contact):
    """Everything that a contactmoment says is served, the rest has sensible values."""
    assert contact["kanaal"] == "telefoon"
    assert contact["inhoud"] == "Wil een afspraak."
    assert contact["onderwerp"] == "Wil een afspraak."
    assert contact["plaatsgevondenOp"] == MOMENT
    assert contact["geregistreerdOp"] == MOMENT
    assert (contact["taal"], contact["vertrouwelijk"]) == ("nld", False)
    assert (contact["nummer"], contact["metadata"]) == (None, {})


def test_the_employee_of_a_contactmoment_is_its_actor(served, contact):
    """The employee is shown with name and identificatie, and can be followed by uuid."""
    (actor,) = contact["hadBetrokkenActoren"]
    assert actor["naam"] == "J. Jansen"
    assert actor["soortActor"] == "medewerker"
    assert actor["actoridentificator"] == {
        "objectId": "j.jansen",
        "codeObjecttype": "mdw",
        "codeRegister": "obj",
        "codeSoortObjectId": "idf",
    }
    assert served.get(f"actoren/{actor['uuid']}") == actor
    (link,) = served.get("actorklantcontacten", klantcontact__uuid=contact["uuid"])["results"]
    assert link["actor"]["uuid"] == actor["uuid"]
    assert served.get(f"actorklantcontacten/{link['uuid']}") == link


@pytest.mark.parametrize("kind", ["Actor", "Medewerker"])
def test_an_employee_that_is_known_is_the_known_actor(served, old, moment, kind):
    """An employee of a contactmoment is the actor, or the municipality's own employee, of that name."""
    if kind == "Actor":
        known = served.post("actoren", bodies.actor("j.jansen", "Jan Jansen", codes="mdw/msei/email"))
    else:
        known = old.object("Medewerker", **JAN)
    read = served.get(f"klantcontacten/{moment['url'].rpartition('/')[2]}")
    assert [each["uuid"] for each in read["hadBetrokkenActoren"]] == [known["uuid"]]


def test_a_klantcontactmoment_is_a_betrokkene(served, old, moment, contact):
    """The klant that took part is a betrokkene with its partij, and is found by the url of the partij."""
    klant = old.klant(achternaam="Jansen")
    link = old.link(moment, klant)
    partij = served.get(f"partijen/{klant['url'].rpartition('/')[2]}")
    (betrokkene,) = served.get("betrokkenen", wasPartij__url=partij["url"], pageSize=100)["results"]
    assert link["url"].endswith(betrokkene["uuid"])
    assert betrokkene["hadKlantcontact"]["uuid"] == contact["uuid"]
    assert (betrokkene["rol"], betrokkene["initiator"]) == ("klant", True)
    assert partij["betrokkenen"] == [{"uuid": betrokkene["uuid"], "url": betrokkene["url"]}]
    found = served.get("klantcontacten", hadBetrokkene__wasPartij__uuid=partij["uuid"], pageSize=500)
    assert [each["uuid"] for each in found["results"]] == [contact["uuid"]]


@pytest.mark.parametrize(("initiatiefnemer", "initiator"), [("klant", True), ("gemeente", False)])
def test_who_began_makes_the_initiator(served, old, initiatiefnemer, initiator):
    """A betrokkene of an old contact is its initiator unless the gemeente began."""
    moment = old.moment(initiatiefnemer=initiatiefnemer)
    old.link(moment, old.klant())
    assert [each["initiator"] for each in served.get("betrokkenen")["results"]] == [initiator]


def test_a_zaak_is_an_onderwerpobject(served, old, moment, contact):
    """The zaak of an old contact is shown, expanded and found in the words that KISS looks for."""
    old.about(moment, bodies.ZAAK)
    found = served.get(
        "klantcontacten",
        onderwerpobject__onderwerpobjectidentificatorObjectId=bodies.ZAAK,
        expand="gingOverOnderwerpobjecten",
    )
    (read,) = found["results"]
    assert read["uuid"] == contact["uuid"]
    (link,) = read["_expand"]["gingOverOnderwerpobjecten"]
    assert link["onderwerpobjectidentificator"] == {
        "objectId": bodies.ZAAK,
        "codeObjecttype": "zgw-Zaak",
        "codeRegister": "openzaak",
        "codeSoortObjectId": "uuid",
    }
    assert served.get(f"onderwerpobjecten/{link['uuid']}") == link


def test_an_earlier_contact_is_an_onderwerpobject(served, old, moment, contact):
    """The contact before an old contact is found as the question that it answers."""
    answer = old.moment(vorigContactmoment=moment["url"], registratiedatum="2025-03-04T09:30:00Z")
    (link,) = served.get("onderwerpobjecten", wasKlantcontact__uuid=contact["uuid"], pageSize=500)["results"]
    assert answer["url"].endswith(link["klantcontact"]["uuid"])
    assert served.get(f"onderwerpobjecten/{link['uuid']}") == link
    assert served.get("onderwerpobjecten", klantcontact__uuid=contact["uuid"])["count"] == 0


def test_a_klant_is_a_partij(served, old):
    """Names, number, addresses and BSN of a klant are those of a partij."""
    klant = old.klant(
        voornaam="Piet",
        voorvoegselAchternaam="van",
        achternaam="Jansen",
        emailadres=MAIL,
        telefoonnummer=PHONE,
    )
    found = served.get(
        "partijen",
        expand="digitaleAdressen",
        soortPartij="persoon",
        partijIdentificator__codeSoortObjectId="bsn",
        partijIdentificator__objectId="999990019",
    )
    (partij,) = found["results"]
    assert klant["url"].endswith(partij["uuid"])
    assert partij["partijIdentificatie"]["contactnaam"]["achternaam"] == "Jansen"
    assert partij["partijIdentificatie"]["volledigeNaam"] == "Piet van Jansen"
    (identificator,) = partij["partijIdentificatoren"]
    assert served.get(f"partij-identificatoren/{identificator['uuid']}") == identificator
    assert {each["adres"] for each in partij["_expand"]["digitaleAdressen"]} == {MAIL, PHONE}
    for address in partij["_expand"]["digitaleAdressen"]:
        assert served.get(f"digitaleadressen/{address['uuid']}")["adres"] == address["adres"]


def test_open_forms_prefills_from_a_klant(served, old):
    """The addresses of a klant are found by the four codes of its BSN."""
    old.klant(emailadres=MAIL)
    old.klant(emailadres="ander@example.nl", subjectIdentificatie={"inpBsn": "999992570"})
    prefix = "verstrektDoorPartij__partijIdentificator__"
    codes = {
        "codeSoortObjectId": "bsn",
        "codeRegister": "brp",
        "codeObjecttype": "natuurlijk_persoon",
        "objectId": "999990019",
    }
    found = served.get("digitaleadressen", **{prefix + name: value for name, value in codes.items()})
    assert [each["adres"] for each in found["results"]] == [MAIL]


def test_klantcontacten_come_by_moment_whoever_wrote_them(served, old):
    """Old and new contacts are one list, newest first, counted and paged together."""
    old.moment(registratiedatum="2025-03-01T09:00:00Z", tekst="a")
    served.post("klantcontacten", bodies.contact(plaatsgevondenOp="2025-03-02T09:00:00Z", inhoud="b"))
    old.moment(registratiedatum="2025-03-03T09:00:00Z", tekst="c")
    served.post("klantcontacten", bodies.contact(plaatsgevondenOp="2025-03-04T09:00:00Z", inhoud="d"))
    assert [each["inhoud"] for each in served.all("klantcontacten", pageSize=1)] == ["d", "c", "b", "a"]
    assert served.get("klantcontacten", pageSize=3)["count"] == 4


def test_partijen_come_as_their_register_has_them(served, old):
    """Whoever made a klant, and whether it has an aanvulling: in every list, on every page, with a filter."""
    first = served.post("partijen", bodies.persoon())
    legacy = old.klant()
    second = served.post("partijen", bodies.organisatie(interneNotitie="b"))
    third = served.post("partijen", bodies.persoon())
    expected = [third["uuid"], second["uuid"], legacy["url"].rpartition("/")[2], first["uuid"]]
    for asked in ({}, {"pageSize": 1}, {"indicatieActief": "true", "pageSize": 3}):
        assert [each["uuid"] for each in served.all("partijen", **asked)] == expected


def test_what_hangs_on_a_contact_comes_oldest_first(served, old):
    """The links in an answer, what an old client made before all; the list has them newest first."""
    contact = old.moment(registratiedatum="2025-03-01T09:00:00Z")
    uuid = contact["url"].rpartition("/")[2]
    klant = old.klant()
    link = old.link(contact, klant)["url"].rpartition("/")[2]
    made = [
        served.post("betrokkenen", bodies.betrokkene({"uuid": uuid}, organisatienaam=name))["uuid"]
        for name in ("een", "twee")
    ]
    shown = served.get(f"klantcontacten/{uuid}", expand="hadBetrokkenen")
    assert [each["uuid"] for each in shown["hadBetrokkenen"]] == [link, *made]
    assert [each["uuid"] for each in shown["_expand"]["hadBetrokkenen"]] == [link, *made]
    listed = served.get("betrokkenen", hadKlantcontact__uuid=uuid)["results"]
    assert [each["uuid"] for each in listed] == [*made[::-1], link]
