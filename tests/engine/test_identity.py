"""A resource has one uuid, for ever, wherever it is kept."""

from uuid import UUID

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

MAIL = "p@example.nl"


def uuid_of(record):
    return record["url"].rpartition("/")[2]


@pytest.fixture
def partij(served, old):
    """A klant of an old client, with an address of each kind, as it is served."""
    klant = old.klant(emailadres=MAIL, telefoonnummer="0612345678")
    return served.get(f"partijen/{uuid_of(klant)}", expand="digitaleAdressen")


@pytest.fixture
def mail(partij):
    """Its e-mail address."""
    return next(each for each in partij["_expand"]["digitaleAdressen"] if each["adres"] == MAIL)


def test_uuids_in_slots_show_their_owner(partij):
    """Each value in a klant has a well-formed uuid of its own, told apart by the version digit."""
    owner = UUID(partij["uuid"])
    uuids = [UUID(each["uuid"]) for each in (*partij["digitaleAdressen"], *partij["partijIdentificatoren"])]
    mask = ~(0xF << 76)
    assert {each.int & mask for each in uuids} == {owner.int & mask}
    assert owner.version == 4
    assert all(each.version != 4 for each in uuids)


def test_an_unknown_slot_is_not_found(served, old):
    """The uuid of an empty slot, or of a slot of no record, is 404."""
    klant = old.klant(emailadres=MAIL)
    uuid = uuid_of(klant)
    for digit in "0123567890abcdef":
        other = uuid[:14] + digit + uuid[15:]
        expected = 200 if digit == "8" else 404
        assert served.call("GET", f"digitaleadressen/{other}").status_code == expected, digit
    nobody = "3f9b5a0e-64b5-8a4c-9d5f-0c6a3f4a2b11"
    for name in (
        "digitaleadressen",
        "partij-identificatoren",
        "actoren",
        "actorklantcontacten",
        "betrokkenen",
    ):
        served.get(f"{name}/{nobody}", 404)


@pytest.mark.parametrize(
    "change",
    [
        {"omschrijving": "thuis"},
        {"adres": "nieuw@example.nl"},
        {"isStandaardAdres": False},
        {"referentie": "x"},
    ],
)
def test_an_adopted_address_keeps_its_uuid(served, old, partij, mail, change):
    """Changing an old address makes it KlantBrug's, under the same uuid, and once in lists."""
    changed = served.patch(f"digitaleadressen/{mail['uuid']}", change)
    assert changed == {**{k: v for k, v in mail.items() if k != "_expand"}, **change}
    assert served.get(f"digitaleadressen/{mail['uuid']}") == changed
    assert served.get("digitaleadressen")["count"] == 2
    read = served.get(f"partijen/{partij['uuid']}")
    assert {each["uuid"] for each in read["digitaleAdressen"]} == {
        each["uuid"] for each in partij["digitaleAdressen"]
    }
    assert old.klant_of(partij)["emailadres"] == changed["adres"]


def test_a_deleted_address_of_an_old_klant_is_gone(served, old, partij, mail):
    """Deleting an old address empties it for everybody, and its uuid is 404."""
    served.delete(f"digitaleadressen/{mail['uuid']}")
    served.get(f"digitaleadressen/{mail['uuid']}", 404)
    assert served.get("digitaleadressen", adres=MAIL)["count"] == 0
    assert len(served.get(f"partijen/{partij['uuid']}")["digitaleAdressen"]) == 1


def test_when_an_address_of_an_old_klant_is_deleted_another_takes_its_place(served, old, partij, mail):
    """Old clients see the oldest of those that are left."""
    for each in ("first@example.nl", "second@example.nl"):
        served.post("digitaleadressen", bodies.adres(each, partij=partij))
    assert old.klant_of(partij)["emailadres"] == MAIL
    served.delete(f"digitaleadressen/{mail['uuid']}")
    assert old.klant_of(partij)["emailadres"] == "first@example.nl"
    served.get(f"digitaleadressen/{mail['uuid']}", 404)
    assert len(served.get(f"partijen/{partij['uuid']}")["digitaleAdressen"]) == 3


@pytest.mark.parametrize("dialect", ["openklant"])
def test_a_deleted_address_is_empty_in_the_register(served, old, partij, mail):
    """Where a register takes an empty address, old clients see that there is none."""
    served.delete(f"digitaleadressen/{mail['uuid']}")
    assert old.klant_of(partij)["emailadres"] == ""


def test_an_address_that_moves_to_another_partij(served, old, partij, mail):
    """The address keeps its uuid, belongs to the other partij, and stands in its klant."""
    other = served.post("partijen", bodies.persoon())
    served.patch(f"digitaleadressen/{mail['uuid']}", {"verstrektDoorPartij": bodies.ref(other)})
    read = served.get(f"digitaleadressen/{mail['uuid']}")
    assert read["verstrektDoorPartij"]["uuid"] == other["uuid"]
    assert [each["uuid"] for each in served.get(f"partijen/{other['uuid']}")["digitaleAdressen"]] == [
        mail["uuid"]
    ]
    assert old.klant_of(other)["emailadres"] == MAIL
    assert served.get("digitaleadressen", adres=MAIL)["count"] == 1


@pytest.mark.parametrize(
    "goes",
    [
        lambda other: {"verstrektDoorPartij": bodies.ref(other)},
        lambda other: {"verstrektDoorPartij": None, "isStandaardAdres": False},
        lambda other: {"soortDigitaalAdres": "overig", "isStandaardAdres": False},
    ],
    ids=["to another partij", "to nobody", "to another kind"],
)
def test_an_address_that_an_old_client_writes_where_another_left(served, old, partij, mail, goes):
    """It has a uuid of its own, at once and when the one before is deleted; that one stays what it was."""
    other = served.post("partijen", bodies.persoon())
    left = served.patch(f"digitaleadressen/{mail['uuid']}", goes(other))
    old.klanten.patch(f"klanten/{partij['uuid']}", {"emailadres": "new@example.nl"})
    (new,) = served.get("digitaleadressen", adres="new@example.nl")["results"]
    assert served.get(f"digitaleadressen/{mail['uuid']}") == left
    for _ in range(2):
        shown = served.get(f"partijen/{partij['uuid']}", expand="digitaleAdressen")
        assert new["uuid"] in {each["uuid"] for each in shown["digitaleAdressen"]}
        for each in shown["_expand"]["digitaleAdressen"]:
            assert served.get(f"digitaleadressen/{each['uuid']}")["adres"] == each["adres"]
        served.call("DELETE", f"digitaleadressen/{mail['uuid']}")
    changed = served.patch(f"digitaleadressen/{new['uuid']}", {"omschrijving": "thuis"})
    assert (changed["adres"], changed["uuid"]) == ("new@example.nl", new["uuid"])


def test_a_bsn_that_an_old_client_writes_where_another_left(served, old):
    """It is an identificator of its own beside the one that went to another partij."""
    klant = old.klant()
    (mine,) = served.get(f"partijen/{uuid_of(klant)}")["partijIdentificatoren"]
    other = served.post("partijen", bodies.persoon())
    path = f"partij-identificatoren/{mine['uuid']}"
    left = served.patch(path, {"identificeerdePartij": bodies.ref(other)})
    old.klanten.patch(klant["url"], {"subjectIdentificatie": {"inpBsn": bodies.OTHER_BSN}})
    shown = served.get(f"partijen/{uuid_of(klant)}")["partijIdentificatoren"]
    assert [each["partijIdentificator"]["objectId"] for each in shown] == [bodies.OTHER_BSN]
    assert served.get(path) == left
    assert served.get(f"partij-identificatoren/{shown[0]['uuid']}") == shown[0]
    assert served.get("partij-identificatoren")["count"] == 2


def test_an_adopted_identificator_keeps_its_uuid(served, old):
    """KISS attaches what it read: a PUT of an old BSN keeps uuid and value."""
    klant = old.klant()
    partij = served.get(f"partijen/{uuid_of(klant)}")
    (identificator,) = partij["partijIdentificatoren"]
    path = f"partij-identificatoren/{identificator['uuid']}"
    changed = served.patch(path, {"anderePartijIdentificator": "iets"})
    assert changed == {**identificator, "anderePartijIdentificator": "iets"}
    assert served.get("partij-identificatoren")["count"] == 1
    assert served.get(f"partijen/{partij['uuid']}")["partijIdentificatoren"] == [changed]
    assert old.klanten.get(klant["url"])["subjectIdentificatie"]["inpBsn"] == bodies.BSN


def test_a_betrokkene_that_gets_a_partij(served, contact):
    """The uuid stays, lists hold it once, and the partij shows it."""
    partij = served.post("partijen", bodies.persoon())
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact))
    path = f"betrokkenen/{betrokkene['uuid']}"
    assert served.patch(path, {"wasPartij": bodies.ref(partij)})["wasPartij"]["uuid"] == partij["uuid"]
    assert [each["uuid"] for each in served.get("betrokkenen")["results"]] == [betrokkene["uuid"]]
    shown = [{"uuid": betrokkene["uuid"], "url": betrokkene["url"]}]
    assert served.get(f"partijen/{partij['uuid']}")["betrokkenen"] == shown
    assert served.get(f"klantcontacten/{contact['uuid']}")["hadBetrokkenen"] == shown
    assert served.get("betrokkenen", wasPartij__url=partij["url"])["count"] == 1


@pytest.mark.parametrize("second", [True, False])
def test_a_betrokkene_that_loses_its_partij(served, old, contact, second):
    """The uuid stays with another partij or none; old clients no longer see the first one."""
    first = served.post("partijen", bodies.persoon())
    other = served.post("partijen", bodies.organisatie()) if second else None
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact, first, organisatienaam="O"))
    path = f"betrokkenen/{betrokkene['uuid']}"
    changed = served.patch(path, {"wasPartij": bodies.ref(other)})
    assert changed["organisatienaam"] == "O"
    assert (changed["wasPartij"] or {}).get("uuid") == (other["uuid"] if other else None)
    assert served.get(path) == changed
    assert served.get("betrokkenen")["count"] == 1
    assert served.get(f"partijen/{first['uuid']}")["betrokkenen"] == []
    assert old.momenten_of(old.klant_of(first)) == []


def test_a_betrokkene_that_changes_its_role(served, contact):
    """Role, name and organisation change under the same uuid."""
    partij = served.post("partijen", bodies.persoon())
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact, partij))
    change = {"rol": "vertegenwoordiger", "initiator": False, "organisatienaam": "Kantoor"}
    changed = served.patch(f"betrokkenen/{betrokkene['uuid']}", change)
    assert changed == {**betrokkene, **change}
    assert [each["uuid"] for each in served.get("betrokkenen")["results"]] == [betrokkene["uuid"]]
    assert served.get("betrokkenen", wasPartij__uuid=partij["uuid"])["count"] == 1


def test_a_partij_that_took_part_twice(served, old, contact):
    """A second betrokkene with the same partij and role is served as well, beside one klantcontactmoment."""
    partij = served.post("partijen", bodies.persoon())
    made = [served.post("betrokkenen", bodies.betrokkene(contact, partij)) for _ in range(2)]
    assert {each["uuid"] for each in served.get("betrokkenen")["results"]} == {each["uuid"] for each in made}
    assert len(old.links_of(contact)) == 1
    served.delete(f"betrokkenen/{made[0]['uuid']}")
    assert [each["uuid"] for each in served.get("betrokkenen")["results"]] == [made[1]["uuid"]]


def test_a_contact_that_is_about_a_zaak_twice(served, old, contact):
    """Each link is served, beside one objectcontactmoment; it is gone when the one that it is goes."""
    made = [served.post("onderwerpobjecten", bodies.onderwerp(contact)) for _ in range(3)]
    assert {each["uuid"] for each in served.get("onderwerpobjecten")["results"]} == {
        each["uuid"] for each in made
    }
    assert old.zaken_of(contact) == [bodies.ZAAK]
    served.delete(f"onderwerpobjecten/{made[0]['uuid']}")
    assert old.zaken_of(contact) == []
    filters = {"onderwerpobjectidentificatorObjectId": bodies.ZAAK}
    assert served.get("onderwerpobjecten", **filters)["count"] == 2
    served.post("onderwerpobjecten", bodies.onderwerp(contact))
    assert old.zaken_of(contact) == [bodies.ZAAK]


OTHER_ZAAK = "77b7a1cf-0d6d-4f4a-8f0e-1f1a3c0d9e42"


def test_an_onderwerpobject_that_becomes_another_zaak(served, old, contact):
    """ITA couples another zaak: the uuid stays, the old zaak no longer finds the contact."""
    link = served.post("onderwerpobjecten", bodies.onderwerp(contact))
    codes = {**link["onderwerpobjectidentificator"], "objectId": OTHER_ZAAK}
    changed = served.patch(f"onderwerpobjecten/{link['uuid']}", {"onderwerpobjectidentificator": codes})
    assert changed["onderwerpobjectidentificator"] == codes
    assert [each["uuid"] for each in served.get("onderwerpobjecten")["results"]] == [link["uuid"]]
    name = "onderwerpobject__onderwerpobjectidentificatorObjectId"
    assert served.get("klantcontacten", **{name: bodies.ZAAK})["count"] == 0
    assert served.get("klantcontacten", **{name: OTHER_ZAAK})["count"] == 1
    assert bodies.ZAAK not in old.zaken_of(contact)


def test_a_legacy_zaak_that_becomes_another(served, old):
    """The zaak of an old contact is changed under the uuid that it had."""
    moment = old.moment()
    record = old.about(moment, bodies.ZAAK)
    link = served.get(f"onderwerpobjecten/{uuid_of(record)}")
    codes = {**link["onderwerpobjectidentificator"], "objectId": OTHER_ZAAK}
    served.patch(f"onderwerpobjecten/{link['uuid']}", {"onderwerpobjectidentificator": codes})
    (read,) = served.get("onderwerpobjecten")["results"]
    assert (read["uuid"], read["onderwerpobjectidentificator"]["objectId"]) == (link["uuid"], OTHER_ZAAK)


@pytest.mark.parametrize(
    "codes",
    [
        {
            "codeObjecttype": "zaak",
            "codeRegister": "open-zaak",
            "codeSoortObjectId": "uuid",
            "objectId": bodies.ZAAK,
        },
        {
            "codeObjecttype": "zgw-Zaak",
            "codeRegister": "openzaak",
            "codeSoortObjectId": "uuid",
            "objectId": "Z-1",
        },
        {
            "codeObjecttype": "zgw-Zaak",
            "codeRegister": "openzaak",
            "codeSoortObjectId": "uuid",
            "objectId": "dead0000-0000-4000-8000-000000000000",
        },
    ],
)
def test_a_link_is_read_back_in_its_own_words(served, contact, codes):
    """Whatever the vocabulary, and also when the zaak is unknown, the link is served as it was written."""
    link = served.post("onderwerpobjecten", bodies.onderwerp(contact, onderwerpobjectidentificator=codes))
    assert served.get(f"onderwerpobjecten/{link['uuid']}")["onderwerpobjectidentificator"] == codes
    prefix = "onderwerpobjectidentificator"
    filters = {prefix + name[0].upper() + name[1:]: value for name, value in codes.items()}
    assert served.get("onderwerpobjecten", **filters)["count"] == 1


def test_a_legacy_caller_that_is_changed_keeps_its_uuid(served, old):
    """A betrokkene that stood in a contactverzoek stays the same one when a new client corrects it."""
    moment = old.moment()
    caller = {
        "persoonsnaam": {"achternaam": "Vries"},
        "digitaleAdressen": [{"adres": MAIL}, {"adres": "b@example.nl"}],
    }
    old.taak(moment, betrokkene=caller)
    (betrokkene,) = served.get("betrokkenen")["results"]
    addresses = {each["uuid"] for each in betrokkene["digitaleAdressen"]}
    path = f"betrokkenen/{betrokkene['uuid']}"
    changed = served.patch(path, {"organisatienaam": "Bakkerij"})
    assert changed["organisatienaam"] == "Bakkerij"
    assert changed["contactnaam"] == betrokkene["contactnaam"]
    assert served.get("betrokkenen")["count"] == 1
    assert {each["uuid"] for each in served.get(path)["digitaleAdressen"]} == addresses
    assert {each["uuid"] for each in served.get("digitaleadressen")["results"]} == addresses
    first = sorted(addresses)[0]
    served.patch(f"digitaleadressen/{first}", {"omschrijving": "werk"})
    assert {each["uuid"] for each in served.get("digitaleadressen")["results"]} == addresses


def test_an_employee_of_an_old_contact_is_replaced(served, old):
    """A new client's own actor takes the place of the one that an old client named, once."""
    moment = old.moment()
    uuid = uuid_of(moment)
    (link,) = served.get("actorklantcontacten")["results"]
    actor = served.post("actoren", bodies.actor("sanne", "Sanne de Boer"))
    changed = served.patch(f"actorklantcontacten/{link['uuid']}", {"actor": bodies.ref(actor)})
    assert (changed["uuid"], changed["actor"]["uuid"]) == (link["uuid"], actor["uuid"])
    assert served.get("actorklantcontacten")["count"] == 1
    read = served.get(f"klantcontacten/{uuid}")
    assert [each["uuid"] for each in read["hadBetrokkenActoren"]] == [actor["uuid"]]
    assert old.contactmomenten.get(moment["url"])["medewerkerIdentificatie"]["identificatie"] == "sanne"


def test_an_employee_whom_an_old_client_names_where_another_left(served, old):
    """The one who went to another contact stays the same; the new one has a uuid of its own."""
    moment, other = old.moment(), served.post("klantcontacten", bodies.contact())
    (link,) = served.get("actorklantcontacten")["results"]
    actor = served.post("actoren", bodies.actor("sanne", "Sanne de Boer"))
    path = f"actorklantcontacten/{link['uuid']}"
    left = served.patch(path, {"klantcontact": bodies.ref(other), "actor": bodies.ref(actor)})
    employee = {"identificatie": "piet", "achternaam": "Piet"}
    old.contactmomenten.put(moment["url"], {**moment, "medewerkerIdentificatie": employee})
    assert served.get(path) == left
    found = {each["klantcontact"]["uuid"]: each for each in served.get("actorklantcontacten")["results"]}
    assert found.keys() == {uuid_of(moment), other["uuid"]}
    assert found[uuid_of(moment)]["uuid"] != link["uuid"]
    read = served.get(f"klantcontacten/{uuid_of(moment)}")
    assert [each["naam"] for each in read["hadBetrokkenActoren"]] == ["Piet"]


def test_a_second_employee_stands_beside_the_old_one(served, old):
    """Adding an actor to an old contact keeps the employee that an old client named."""
    moment = old.moment()
    actor = served.post("actoren", bodies.actor("sanne", "Sanne de Boer"))
    link = {"actor": bodies.ref(actor), "klantcontact": {"uuid": uuid_of(moment)}}
    served.post("actorklantcontacten", link)
    read = served.get(f"klantcontacten/{uuid_of(moment)}")
    assert sorted(each["naam"] for each in read["hadBetrokkenActoren"]) == ["J. Jansen", "Sanne de Boer"]
    assert old.contactmomenten.get(moment["url"])["medewerkerIdentificatie"]["identificatie"] == "j.jansen"


@pytest.mark.parametrize("standard", [True, False])
def test_what_an_old_client_wrote_stays_when_another_address_comes(served, old, standard):
    """Whether that takes the place in the klant or not."""
    partij = served.post("partijen", bodies.persoon())
    mine = served.post("digitaleadressen", bodies.adres(MAIL, partij=partij))
    old.klanten.patch(f"klanten/{partij['uuid']}", {"emailadres": "new@example.nl"})
    other = bodies.adres("other@example.nl", partij=partij, isStandaardAdres=standard)
    served.post("digitaleadressen", other)
    assert served.get(f"digitaleadressen/{mine['uuid']}")["adres"] == "new@example.nl"
    assert old.klant_of(partij)["emailadres"] == ("other@example.nl" if standard else "new@example.nl")
