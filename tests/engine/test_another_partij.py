"""A betrokkene that gets another partij: old clients find the klantcontactmoment of that one."""

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating


@pytest.fixture
def partijen(served):
    """Three partijen."""
    return [served.post("partijen", bodies.persoon()) for _ in range(3)]


def betrokkene(served, contact, partij, **members):
    """A betrokkene of a contact."""
    return served.post("betrokkenen", bodies.betrokkene(contact, partij, **members))


def to(served, one, partij):
    """The betrokkene, of another partij."""
    return served.patch(f"betrokkenen/{one['uuid']}", {"wasPartij": bodies.ref(partij)})


def seen(old, contact):
    """The uuids of the klanten that old clients find with a contact."""
    return [each["klant"].rpartition("/")[2] for each in old.links_of(contact)]


def everywhere(served, contact, partij):
    """Each way in which a new client finds the betrokkenen of a contact and a partij."""
    whole = served.get(f"klantcontacten/{contact['uuid']}")["hadBetrokkenen"]
    return [
        served.get("betrokkenen")["results"],
        served.get("betrokkenen", hadKlantcontact__uuid=contact["uuid"])["results"],
        served.get("betrokkenen", wasPartij__uuid=partij["uuid"])["results"],
        served.get(f"partijen/{partij['uuid']}")["betrokkenen"],
        whole,
    ]


@pytest.mark.parametrize("dialect", ["vng"])
def test_old_clients_find_the_other_partij(served, old, contact, partijen):
    """The link is with the new klant and not with the old one, time and again; nothing is served twice."""
    first, *others = partijen
    one = betrokkene(served, contact, first, organisatienaam="Bakker", initiator=False)
    for partij in others:
        changed = to(served, one, partij)
        assert (changed["organisatienaam"], changed["initiator"]) == ("Bakker", False)
        assert seen(old, contact) == [partij["uuid"]]
        for found in everywhere(served, contact, partij):
            assert [each["uuid"] for each in found] == [one["uuid"]]
        assert served.get("klantcontacten", hadBetrokkene__wasPartij__uuid=partij["uuid"])["count"] == 1
        assert served.get("klantcontacten", hadBetrokkene__wasPartij__uuid=first["uuid"])["count"] == 0
    to(served, one, None)
    assert seen(old, contact) == []
    to(served, one, first)
    assert seen(old, contact) == [first["uuid"]]
    served.delete(f"betrokkenen/{one['uuid']}")
    assert seen(old, contact) == []
    assert served.get("betrokkenen")["count"] == 0


@pytest.mark.parametrize("dialect", ["openklant"])
def test_what_was_no_link_is_one(served, old, contact, partijen, deployment):
    """A betrokkene without a partij gets one, which old clients see; the link goes on as one record."""
    first, second, third = partijen
    one = betrokkene(served, contact, None)
    assert seen(old, contact) == []
    to(served, one, first)
    (link,) = old.links_of(contact)
    to(served, one, second)
    assert seen(old, contact) == [second["uuid"]]
    assert [each["url"] for each in old.links_of(contact)] == [link["url"]]
    klant = old.klant_of(third)
    old.contactmomenten.patch(link["url"], {"klant": klant["url"]})
    assert served.get(f"betrokkenen/{one['uuid']}")["wasPartij"]["uuid"] == third["uuid"]
    for found in everywhere(served, contact, third):
        assert [each["uuid"] for each in found] == [one["uuid"]]
    assert served.get("betrokkenen", wasPartij__uuid=second["uuid"])["count"] == 0
    served.delete(f"partijen/{third['uuid']}")
    assert served.call("GET", f"betrokkenen/{one['uuid']}").status_code == 404
    assert old.links_of(contact) == []
    assert "Betrokkene" not in [each["type"] for each in old.objects.all("objects")]


@pytest.mark.parametrize("dialect", ["vng"])
def test_other_rollen_and_names(served, old, contact, partijen, deployment):
    """The link follows the rol; what the register does not say makes no other record."""
    one = betrokkene(served, contact, partijen[0])
    to(served, one, partijen[1])
    served.patch(f"betrokkenen/{one['uuid']}", {"rol": "vertegenwoordiger"})
    assert [each["rol"] for each in old.links_of(contact)] == ["gesprekspartner"]
    assert served.get(f"betrokkenen/{one['uuid']}")["rol"] == "vertegenwoordiger"
    with deployment.writes() as writes:
        served.patch(f"betrokkenen/{one['uuid']}", {"organisatienaam": "Bakker"})
    assert not [each for each in writes if "klantcontactmomenten" in each]
    (link,) = old.links_of(contact)
    assert served.call("GET", f"betrokkenen/{link['url'].rpartition('/')[2]}").status_code == 404


@pytest.mark.parametrize("dialect", ["vng"])
def test_an_old_client_removes_the_link(served, old, contact, partijen):
    """The betrokkene is gone for new clients, too."""
    one = to(served, betrokkene(served, contact, partijen[0]), partijen[1])
    (link,) = old.links_of(contact)
    old.contactmomenten.delete(link["url"])
    assert served.call("GET", f"betrokkenen/{one['uuid']}").status_code == 404
    for found in everywhere(served, contact, partijen[1]):
        assert found == []


@pytest.mark.parametrize("dialect", ["vng"])
def test_two_of_one_partij(served, old, contact, partijen):
    """The register has room for one link with a klant in one rol; both are served, each once."""
    both = [betrokkene(served, contact, each) for each in partijen[:2]]
    for each in both:
        to(served, each, partijen[2])
    assert seen(old, contact) == [partijen[2]["uuid"]]
    for found in everywhere(served, contact, partijen[2]):
        assert sorted(each["uuid"] for each in found) == sorted(each["uuid"] for each in both)
    served.delete(f"klantcontacten/{contact['uuid']}")
    assert served.get("betrokkenen")["count"] == 0


@pytest.mark.parametrize("dialect", ["vng"])
def test_the_caller_of_an_old_taak_is_the_one_that_moved(served, old, contact, partijen):
    """An old client that makes a taak for the klant whom it sees names the same betrokkene."""
    one = to(served, betrokkene(served, contact, partijen[0]), partijen[1])
    klant = {"rol": "klant", "klant": old.klant_of(partijen[1])["url"], "organisatie": "Bakker"}
    old.taak(old.moment_of(contact), betrokkene={**klant, "digitaleAdressen": []})
    for found in everywhere(served, contact, partijen[1]):
        assert [each["uuid"] for each in found] == [one["uuid"]]
    served.delete(f"betrokkenen/{one['uuid']}")
    for found in everywhere(served, contact, partijen[1]):
        assert found == []
