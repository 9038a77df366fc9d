"""What goes along with what is deleted, in the new API and in the registers."""

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating


def uuid_of(record):
    return record["url"].rpartition("/")[2]


def refs(resources):
    return sorted(each["uuid"] for each in resources)


def test_a_contact_with_a_successor(served, old):
    """Before a contact goes, the one after it is cut loose, which the register demands."""
    first = old.moment()
    second = old.moment(vorigContactmoment=first["url"])
    served.delete(f"klantcontacten/{uuid_of(first)}")
    assert old.contactmomenten.get(second["url"])["vorigContactmoment"] is None
    assert refs(served.get("klantcontacten")["results"]) == [uuid_of(second)]
    assert served.get("onderwerpobjecten")["count"] == 0


def test_an_old_contact_takes_its_parts(served, old):
    """The links, the task and the caller of an old contact go with it; klanten and actoren stay."""
    moment, klant = old.moment(), old.klant(emailadres="p@example.nl")
    old.link(moment, klant)
    old.about(moment, bodies.ZAAK)
    old.taak(moment, betrokkene={"digitaleAdressen": [{"adres": "x@example.nl"}]})
    served.delete(f"klantcontacten/{uuid_of(moment)}")
    for name in ("klantcontacten", "betrokkenen", "internetaken", "onderwerpobjecten", "actorklantcontacten"):
        assert served.get(name)["count"] == 0, name
    assert [each["adres"] for each in served.get("digitaleadressen")["results"]] == ["p@example.nl"]
    left = old.everything()
    assert left["klantcontactmomenten"] == left["objectcontactmomenten"] == left["contactmomenten"] == []
    assert left["klanten"] == [klant]
    assert left["objects"] == []


@pytest.mark.parametrize("dialect", ["vng", "openklant", "klantenbundle"])
def test_what_hangs_on_a_part_of_an_old_task_is_cut_loose(served, old):
    """An address of a caller in the task of an old client stays, of nobody, when the contact goes."""
    moment, klant = old.moment(), old.klant()
    for caller in ({}, {"klant": klant["url"]}):
        old.taak(moment, betrokkene={"digitaleAdressen": [{"adres": "x@example.nl"}], **caller})
    callers = served.get("betrokkenen")["results"]
    new = [served.post("digitaleadressen", bodies.adres("n@example.nl", betrokkene=each)) for each in callers]
    assert len(new) == 2
    served.delete(f"klantcontacten/{uuid_of(moment)}")
    left = served.get("digitaleadressen")["results"]
    assert refs(left) == refs(new)
    assert [each["verstrektDoorBetrokkene"] for each in left] == [None, None]


@pytest.mark.parametrize("linked", [False, True])
def test_an_old_task_leaves_its_caller(served, old, linked):
    """The caller and the addresses are the contact's: they stay when the task alone is deleted."""
    moment, klant = old.moment(), old.klant()
    known = {"klant": klant["url"]} if linked else {}
    caller = {"persoonsnaam": {"achternaam": "Vries"}, "digitaleAdressen": [{"adres": "x@example.nl"}]}
    task = old.taak(moment, betrokkene={**caller, **known})
    (betrokkene,) = served.get("betrokkenen")["results"]
    served.post("digitaleadressen", bodies.adres("n@example.nl", betrokkene=betrokkene))
    addresses = refs(served.get("digitaleadressen")["results"])
    served.delete(f"internetaken/{task['uuid']}")
    (left,) = served.get("betrokkenen")["results"]
    assert left["uuid"] == betrokkene["uuid"]
    assert left["contactnaam"] == betrokkene["contactnaam"]
    assert left["wasPartij"] == betrokkene["wasPartij"]
    assert refs(left["digitaleAdressen"]) == refs(served.get("digitaleadressen")["results"]) == addresses
    assert refs(served.get(f"klantcontacten/{uuid_of(moment)}")["hadBetrokkenen"]) == [betrokkene["uuid"]]
    served.delete(f"klantcontacten/{uuid_of(moment)}")
    assert served.get("betrokkenen")["count"] == 0
    left = served.get("digitaleadressen")["results"]
    assert sorted(each["adres"] for each in left) == ["n@example.nl", "x@example.nl"]
    assert [each["verstrektDoorBetrokkene"] for each in left] == [None, None]


def test_a_new_contact_takes_its_parts(served, old):
    """No object of a contact is left in the Objects API, but those of actoren and partijen."""
    partij, actor = (
        served.post("partijen", bodies.persoon()),
        served.post("actoren", bodies.actor("sanne", "Sanne")),
    )
    before = len(old.everything()["objects"])
    contact = served.post("klantcontacten", bodies.contact(metadata={"a": "b"}, todo="Bel"))
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact, partij, organisatienaam="O"))
    served.post("digitaleadressen", bodies.adres("x@example.nl", betrokkene=betrokkene))
    served.post("actorklantcontacten", {"actor": bodies.ref(actor), "klantcontact": bodies.ref(contact)})
    served.post("onderwerpobjecten", bodies.onderwerp(contact))
    served.post("bijlagen", {"wasBijlageVanKlantcontact": bodies.ref(contact)})
    served.delete(f"klantcontacten/{contact['uuid']}")
    for name in ("betrokkenen", "internetaken", "onderwerpobjecten", "actorklantcontacten"):
        assert served.get(name)["count"] == 0, name
    left = served.get("digitaleadressen")["count"] + served.get("bijlagen")["count"]
    assert len(old.everything()["objects"]) == before + left
    assert served.get(f"partijen/{partij['uuid']}")["betrokkenen"] == []


def test_a_partij_takes_its_parts(served, old):
    """Addresses, identificatoren, betrokkenen and links of a partij go; its contacts stay."""
    partij = served.post("partijen", bodies.persoon(interneNotitie="n"))
    other = served.post("partijen", bodies.organisatie())
    contact = served.post("klantcontacten", bodies.contact())
    served.post("digitaleadressen", bodies.adres("p@example.nl", partij=partij))
    served.post("partij-identificatoren", bodies.identificator("bsn", bodies.BSN, partij))
    served.post("betrokkenen", bodies.betrokkene(contact, partij))
    served.post("rekeningnummers", {"partij": bodies.ref(partij), "iban": "NL91ABNA0417164300"})
    served.post(
        "vertegenwoordigingen",
        {"vertegenwoordigendePartij": bodies.ref(other), "vertegenwoordigdePartij": bodies.ref(partij)},
    )
    served.delete(f"partijen/{partij['uuid']}")
    for name in (
        "digitaleadressen",
        "partij-identificatoren",
        "betrokkenen",
        "rekeningnummers",
        "vertegenwoordigingen",
    ):
        assert served.get(name)["count"] == 0, name
    assert served.get(f"klantcontacten/{contact['uuid']}")["hadBetrokkenen"] == []
    assert [each["url"] for each in old.everything()["klanten"]] == [old.klant_of(other)["url"]]
    assert old.links_of(contact) == []


def test_a_betrokkene_of_an_old_client(served, old):
    """Deleting a betrokkene removes the klantcontactmoment; klant and contact stay."""
    moment, klant = old.moment(), old.klant()
    link = old.link(moment, klant)
    served.delete(f"betrokkenen/{uuid_of(link)}")
    assert served.get("betrokkenen")["count"] == 0
    assert old.momenten_of(klant) == []
    assert served.get("klantcontacten")["count"] == 1


def test_a_caller_of_an_old_client(served, old):
    """Deleting a betrokkene that stands in a contactverzoek empties it there, and keeps the task."""
    caller = {"persoonsnaam": {"achternaam": "Vries"}, "digitaleAdressen": [{"adres": "x@example.nl"}]}
    task = old.taak(old.moment(), betrokkene=caller)
    (betrokkene,) = served.get("betrokkenen")["results"]
    served.delete(f"betrokkenen/{betrokkene['uuid']}")
    assert served.get("betrokkenen")["count"] == 0
    assert "Vries" not in str(old.data(task))
    assert served.get("internetaken")["count"] == 1


@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_of_several_addresses_of_a_caller(served, old, position):
    """Deleting one address leaves the others with the uuids that they had."""
    addresses = [{"adres": f"a{n}@example.nl"} for n in range(3)]
    task = old.taak(old.moment(), betrokkene={"digitaleAdressen": addresses})
    before = {each["adres"]: each for each in served.get("digitaleadressen")["results"]}
    gone = before.pop(f"a{position}@example.nl")
    served.delete(f"digitaleadressen/{gone['uuid']}")
    after = {each["adres"]: each for each in served.get("digitaleadressen")["results"]}
    assert after == before
    served.get(f"digitaleadressen/{gone['uuid']}", 404)
    # An empty place may stay behind: it keeps the uuids of those after it.
    told = [each["adres"] for each in old.data(task)["betrokkene"]["digitaleAdressen"] if each["adres"]]
    assert sorted(told) == sorted(before)


def test_an_employee_of_an_old_contact(served, old):
    """Deleting the link to an old contact's employee leaves a contact without one."""
    moment = old.moment()
    (link,) = served.get("actorklantcontacten")["results"]
    served.delete(f"actorklantcontacten/{link['uuid']}")
    assert served.get(f"klantcontacten/{uuid_of(moment)}")["hadBetrokkenActoren"] == []
    served.get(f"actorklantcontacten/{link['uuid']}", 404)
    assert served.get("actorklantcontacten")["count"] == 0


def test_a_mirrored_employee(served, old):
    """Deleting the first employee lets the next one stand in the contactmoment."""
    contact = served.post("klantcontacten", bodies.contact())
    links = []
    for name in ("anna", "bart"):
        actor = served.post("actoren", bodies.actor(name, name.title()))
        link = {"actor": bodies.ref(actor), "klantcontact": bodies.ref(contact)}
        links.append(served.post("actorklantcontacten", link))
    assert old.moment_of(contact)["medewerkerIdentificatie"]["identificatie"] == "anna"
    served.delete(f"actorklantcontacten/{links[0]['uuid']}")
    assert old.moment_of(contact)["medewerkerIdentificatie"]["identificatie"] == "bart"
    served.delete(f"actorklantcontacten/{links[1]['uuid']}")
    assert old.moment_of(contact)["medewerkerIdentificatie"]["identificatie"] == "onbekend"
    assert served.get("actorklantcontacten")["count"] == 0


def test_a_standard_address(served, old):
    """Deleting the standard address lets another of its kind stand in the klant."""
    partij = served.post("partijen", bodies.persoon())
    first = served.post(
        "digitaleadressen", bodies.adres("a@example.nl", partij=partij, isStandaardAdres=True)
    )
    served.post("digitaleadressen", bodies.adres("b@example.nl", partij=partij))
    served.delete(f"digitaleadressen/{first['uuid']}")
    assert old.klant_of(partij)["emailadres"] == "b@example.nl"
    assert served.get("digitaleadressen")["count"] == 1


@pytest.mark.parametrize("new", [True, False], ids=["new client", "old client"])
def test_a_contact_that_follows_itself(served, old, new):
    """It can be deleted, though its register refuses to delete what is named as the previous one."""
    contact = served.post("klantcontacten", bodies.contact())
    if new:
        both = {name: bodies.ref(contact) for name in ("klantcontact", "wasKlantcontact")}
        served.post("onderwerpobjecten", {**both, "onderwerpobjectidentificator": {}})
        assert not old.moment_of(contact).get("vorigContactmoment")
    else:
        moment = old.moment_of(contact)
        old.contactmomenten.put(moment["url"], {**moment, "vorigContactmoment": moment["url"]})
    (link,) = served.get("onderwerpobjecten", klantcontact__uuid=contact["uuid"])["results"]
    assert link["wasKlantcontact"]["uuid"] == contact["uuid"]
    served.delete(f"klantcontacten/{contact['uuid']}")
    served.get(f"onderwerpobjecten/{link['uuid']}", 404)
    old.contactmomenten.get(f"contactmomenten/{contact['uuid']}", 404)


def test_an_address_that_an_old_client_emptied_goes_with_the_partij(served, old):
    """It was none any more, and does not come back when the klant is gone."""
    partij = served.post("partijen", bodies.persoon())
    served.post("digitaleadressen", bodies.adres("0612345678", "telefoonnummer", partij=partij))
    old.klanten.patch(old.klant_of(partij)["url"], {"telefoonnummer": ""})
    assert served.get("digitaleadressen")["count"] == 0
    served.delete(f"partijen/{partij['uuid']}")
    assert served.get("digitaleadressen")["count"] == 0
    assert old.everything()["objects"] == []
