"""What drawn bodies and records brought to light, each by itself."""

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating


def test_space_around_an_old_text_stays_when_the_text_is_sent_back(served, old, deployment):
    """Texts are trimmed when they are sent; that a register holds one with space around it is no change."""
    moment = old.moment(tekst="  Wil een afspraak.\n", kanaal=" balie")
    path = f"klantcontacten/{moment['url'].rpartition('/')[2]}"
    read = served.get(path)
    with deployment.writes() as writes:
        assert served.put(path, read) == read
        assert served.patch(path, {"inhoud": "Wil een afspraak."}) == read
    assert writes == []


def test_an_old_number_that_breaks_a_rule_can_be_sent_back(served, old, deployment):
    """A rule about the identity of a resource is not held against what an old client recorded."""
    klant = old.klant(subjectType="vestiging", subjectIdentificatie={"vestigingsNummer": "123456"})
    (read,) = served.get(f"partijen/{klant['url'].rpartition('/')[2]}")["partijIdentificatoren"]
    path = f"partij-identificatoren/{read['uuid']}"
    with deployment.writes() as writes:
        assert served.put(path, read) == read
    assert writes == []
    served.patch(path, {"anderePartijIdentificator": "oud"})
    changed = {**read["partijIdentificator"], "objectId": "1234567"}
    served.patch(path, {"partijIdentificator": changed}, expect=400)


@pytest.mark.parametrize("dialect", ["openklant"])
def test_a_change_that_the_register_refuses_is_kept_in_an_object(served, old):
    """A betrokkene that moves to a contact where the register has the same klant and rol keeps its uuid."""
    partij, here, there = (
        served.post("partijen", bodies.persoon()),
        served.post("klantcontacten", bodies.contact()),
        served.post("klantcontacten", bodies.contact()),
    )
    served.post("betrokkenen", bodies.betrokkene(there, partij))
    moved = served.post("betrokkenen", bodies.betrokkene(here, partij, organisatienaam="O"))
    read = served.patch(f"betrokkenen/{moved['uuid']}", {"hadKlantcontact": bodies.ref(there)})
    assert (read["uuid"], read["organisatienaam"]) == (moved["uuid"], "O")
    assert len(served.get(f"klantcontacten/{there['uuid']}")["hadBetrokkenen"]) == 2
    assert (len(old.links_of(here)), len(old.links_of(there))) == (0, 1)


def test_an_old_address_goes_with_its_betrokkene(served, old):
    """The addresses of somebody in an old interne taak stay with them when they move to another contact."""
    other = served.post("klantcontacten", bodies.contact())
    moment = old.moment()
    old.taak(
        moment, betrokkene={"digitaleAdressen": [{"adres": "a@example.nl", "soortDigitaalAdres": "email"}]}
    )
    contact = served.get(f"klantcontacten/{moment['url'].rpartition('/')[2]}")
    path = f"betrokkenen/{contact['hadBetrokkenen'][0]['uuid']}"
    addresses = served.get(path)["digitaleAdressen"]
    assert len(addresses) == 1
    read = served.patch(path, {"hadKlantcontact": bodies.ref(other)})
    assert read["digitaleAdressen"] == addresses
    assert served.get(addresses[0]["url"])["verstrektDoorBetrokkene"]["uuid"] == read["uuid"]


def test_values_of_one_old_record_never_share_a_uuid(served, old):
    """What stands in the slots of a record can be changed side by side: each becomes an object of its own."""
    before = old.moment()
    moment = old.moment(vorigContactmoment=before["url"])
    klant = old.klant(emailadres="p@example.nl", telefoonnummer="0612345678")
    contact, partij = (each["url"].rpartition("/")[2] for each in (moment, klant))
    actor = served.post("actoren", bodies.actor("sanne", "Sanne"))
    (link,) = served.get("actorklantcontacten", klantcontact__uuid=contact)["results"]
    (subject,) = served.get(f"klantcontacten/{contact}")["gingOverOnderwerpobjecten"]
    served.patch(f"actorklantcontacten/{link['uuid']}", {"actor": bodies.ref(actor)})
    served.patch(f"onderwerpobjecten/{subject['uuid']}", {"wasKlantcontact": None})
    read = served.get(f"partijen/{partij}")
    parts = [("digitaleadressen", each) for each in read["digitaleAdressen"]]
    parts += [("partij-identificatoren", each) for each in read["partijIdentificatoren"]]
    assert len({each["uuid"] for _, each in parts}) == 3
    for name, each in parts:
        word = {"digitaleadressen": "omschrijving"}.get(name, "anderePartijIdentificator")
        assert served.patch(f"{name}/{each['uuid']}", {word: "nieuw"})[word] == "nieuw"
