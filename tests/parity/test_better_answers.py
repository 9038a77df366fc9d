"""Where Open Klant 2.18 answers oddly, KlantBrug gives the answer that clients need."""

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

ADDRESS_LINES = {
    "bezoekadres": {
        "adresregel1": "Dam 1",
        "adresregel2": "1012 JS Amsterdam",
        "adresregel3": "2e verdieping",
    },
    "correspondentieadres": {
        "adresregel1": "Postbus 5",
        "adresregel2": "3500 AA Utrecht",
        "adresregel3": "t.a.v.",
    },
}


@pytest.fixture
def persoon(served):
    """A person."""
    return served.post("partijen", bodies.persoon())


@pytest.mark.parametrize(
    "expand", ["leiddeTotInterneTaken,gingOverOnderwerpobjecten", "omvatteBijlagen,hadBetrokkenen"]
)
def test_every_relation_asked_for_is_in_expand_when_all_are_empty(served, contact, expand):
    """A client may read each relation that it asked for without looking whether it is there."""
    wanted = {name: [] for name in expand.split(",")}
    assert served.get(f"klantcontacten/{contact['uuid']}", expand=expand)["_expand"] == wanted
    (listed,) = served.get("klantcontacten", expand=expand)["results"]
    assert listed["_expand"] == wanted


def test_a_partij_behind_two_betrokkenen_of_one_contact_is_expanded_twice(served, contact, persoon):
    """Each betrokkene carries the partij in full, also the second one."""
    for _ in range(2):
        served.post("betrokkenen", bodies.betrokkene(contact, persoon))
    expand = "hadBetrokkenen,hadBetrokkenen.wasPartij"
    found = served.get(f"klantcontacten/{contact['uuid']}", expand=expand)["_expand"]["hadBetrokkenen"]
    assert [each["_expand"]["wasPartij"]["uuid"] for each in found] == [persoon["uuid"]] * 2


def test_a_partij_behind_two_contacts_of_one_list_is_expanded_twice(served, contact, persoon):
    """Each klantcontact of a page carries the partij in full."""
    for each in (contact, served.post("klantcontacten", bodies.contact())):
        served.post("betrokkenen", bodies.betrokkene(each, persoon))
    page = served.get("klantcontacten", expand="hadBetrokkenen,hadBetrokkenen.wasPartij")
    assert page["count"] == 2
    for each in page["results"]:
        (found,) = each["_expand"]["hadBetrokkenen"]
        assert found["_expand"]["wasPartij"]["uuid"] == persoon["uuid"]


def test_a_betrokkene_of_two_addresses_is_expanded_at_both(served, contact):
    """Each address of a page carries its betrokkene, and that one its klantcontact."""
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact))
    served.post("digitaleadressen", bodies.adres("piet@example.nl", betrokkene=betrokkene))
    served.post("digitaleadressen", bodies.adres("0612345678", "telefoonnummer", betrokkene=betrokkene))
    expand = "verstrektDoorBetrokkene,verstrektDoorBetrokkene.hadKlantcontact"
    page = served.get("digitaleadressen", expand=expand)
    assert page["count"] == 2
    for each in page["results"]:
        found = each["_expand"]["verstrektDoorBetrokkene"]
        assert found["uuid"] == betrokkene["uuid"]
        assert found["_expand"]["hadKlantcontact"]["uuid"] == contact["uuid"]


def test_an_internetaak_with_two_actoren_of_one_name_is_found_once(served, contact):
    """A filter answers a task once, and pages and counts it once."""
    burgerzaken = bodies.actor("bz", "Burgerzaken", soort="organisatorische_eenheid", codes="afd/obj/idf")
    actoren = [served.post("actoren", burgerzaken) for _ in range(2)]
    task = served.post("internetaken", bodies.taak(contact, *actoren))
    page = served.get("internetaken", actoren__naam="Burgerzaken", status="te_verwerken", pageSize=1)
    assert (page["count"], page["next"]) == (1, None)
    assert [each["uuid"] for each in page["results"]] == [task["uuid"]]


@pytest.mark.parametrize(
    "filters",
    [
        {"hadBetrokkene__wasPartij__uuid": "{partij}"},
        {"hadBetrokkene__wasPartij__url": "{url}"},
        {"onderwerpobject__onderwerpobjectidentificatorCodeObjecttype": "zaak"},
        {
            "onderwerpobject__onderwerpobjectidentificatorCodeObjecttype": "zaak",
            "onderwerpobject__onderwerpobjectidentificatorObjectId": "ZAAK-2025-1",
        },
    ],
)
def test_a_contact_that_matches_a_filter_twice_is_found_once(served, contact, filters):
    """Two betrokkenen of one partij, or two links to one zaak, make one result."""
    partij = served.post("partijen", bodies.organisatie())
    codes = {"objectId": "ZAAK-2025-1", "codeObjecttype": "zaak", "codeRegister": "open-zaak"}
    link = bodies.onderwerp(
        contact, onderwerpobjectidentificator={**codes, "codeSoortObjectId": "identificatie"}
    )
    for _ in range(2):
        served.post("betrokkenen", bodies.betrokkene(contact, partij))
        served.post("onderwerpobjecten", link)
    names = {"partij": partij["uuid"], "url": partij["url"]}
    found = served.get("klantcontacten", **{name: value.format(**names) for name, value in filters.items()})
    assert found["count"] == 1
    assert [each["uuid"] for each in found["results"]] == [contact["uuid"]]


@pytest.mark.parametrize("address", ADDRESS_LINES)
@pytest.mark.parametrize("line", ["adresregel1", "adresregel2", "adresregel3"])
def test_the_address_lines_filter_partijen(served, persoon, address, line):
    """Each of the six parameters finds the partijen with that line, and no others."""
    partij = served.post("partijen", bodies.organisatie(**ADDRESS_LINES))
    parameter = address + line.capitalize()
    found = served.get("partijen", **{parameter: ADDRESS_LINES[address][line]})
    assert [each["uuid"] for each in found["results"]] == [partij["uuid"]]
    assert served.get("partijen", **{parameter: "elders"})["count"] == 0


def test_an_empty_nummer_is_no_nummer(served):
    """Clients that send an empty nummer may do so again and again, and read what they sent."""
    made = [served.post("klantcontacten", bodies.contact(nummer="")) for _ in range(2)]
    assert [each["nummer"] for each in made] == ["", ""]
    assert served.get(f"klantcontacten/{made[0]['uuid']}")["nummer"] == ""
    contact = made[0]
    tasks = [served.post("internetaken", bodies.taak(contact, nummer="")) for _ in range(2)]
    assert [each["nummer"] for each in tasks] == ["", ""]


def test_keys_of_metadata_are_read_as_they_were_written(served):
    """Metadata belongs to the client: no key is respelled."""
    metadata = {"snake_case": "a", "_voor": "b", "met-streep": "c", "a__b": "d"}
    made = served.post("klantcontacten", bodies.contact(metadata=metadata))
    assert made["metadata"] == metadata
    assert served.get(f"klantcontacten/{made['uuid']}")["metadata"] == metadata
    assert served.get("klantcontacten")["results"][0]["metadata"] == metadata


def test_without_actoren_there_is_no_actor(served, contact):
    """A task for nobody reads null, never a reference without a uuid; an actor given twice counts once."""
    actor = served.post("actoren", bodies.actor("sanne", "Sanne de Boer"))
    assert served.post("internetaken", bodies.taak(contact))["toegewezenAanActor"] is None
    task = served.post("internetaken", bodies.taak(contact, actor, actor))
    assert [each["uuid"] for each in task["toegewezenAanActoren"]] == [actor["uuid"]]
    path = f"internetaken/{task['uuid']}"
    assert served.patch(path, {"toegewezenAanActoren": []})["toegewezenAanActor"] is None
    served.patch(path, {"toegewezenAanActoren": [bodies.ref(actor)]})
    served.delete(f"actoren/{actor['uuid']}")
    read = served.get(path)
    assert (read["toegewezenAanActor"], read["toegewezenAanActoren"]) == (None, [])


def test_an_address_may_be_patched_with_the_referentie_that_it_has(served, persoon):
    """An address is not its own duplicate, in a PUT either."""
    body = bodies.adres("p@example.nl", partij=persoon, referentie="portaal")
    made = served.post("digitaleadressen", body)
    assert served.put(f"digitaleadressen/{made['uuid']}", body) == made
    found = served.patch(
        f"digitaleadressen/{made['uuid']}", {"referentie": "portaal", "omschrijving": "thuis"}
    )
    assert (found["referentie"], found["omschrijving"]) == ("portaal", "thuis")


def test_an_address_may_be_put_with_a_part_of_its_members(served, persoon):
    """NL Portal's PUT leaves out whose address it is; everything left out stays."""
    body = bodies.adres(
        "p@example.nl",
        partij=persoon,
        referentie="portaal",
        isStandaardAdres=True,
        verificatieDatum="2025-01-15",
    )
    made = served.post("digitaleadressen", body)
    part = {
        "uuid": made["uuid"],
        "adres": "nieuw@example.nl",
        "omschrijving": "prive",
        "soortDigitaalAdres": "email",
        "verificatieDatum": None,
    }
    changed = {key: value for key, value in part.items() if key != "uuid"}
    assert served.put(f"digitaleadressen/{made['uuid']}", part) == {**made, **changed}
    assert served.get(f"digitaleadressen/{made['uuid']}") == {**made, **changed}
    assert served.get(f"partijen/{persoon['uuid']}")["digitaleAdressen"] == [
        {"uuid": made["uuid"], "url": made["url"]}
    ]


def test_an_address_may_be_made_without_naming_a_partij(served, contact):
    """The specification does not ask for the member verstrektDoorPartij."""
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact))
    plain = {"adres": "info@example.nl", "soortDigitaalAdres": "email"}
    assert served.post("digitaleadressen", plain)["verstrektDoorPartij"] is None
    made = served.post("digitaleadressen", {**plain, "verstrektDoorBetrokkene": bodies.ref(betrokkene)})
    assert made["verstrektDoorPartij"] is None
    assert made["verstrektDoorBetrokkene"]["uuid"] == betrokkene["uuid"]


def test_the_profile_of_nl_portal_can_be_made_changed_and_emptied(served, persoon):
    """A person with a BSN gets an address, changes it with a part of it, and removes it."""
    identificator = bodies.identificator("bsn", bodies.OTHER_BSN, persoon)
    served.post("partij-identificatoren", identificator)
    made = served.post(
        "digitaleadressen",
        {
            "adres": "noor@example.nl",
            "soortDigitaalAdres": "email",
            "omschrijving": "prive",
            "verificatieDatum": None,
            "verstrektDoorPartij": bodies.ref(persoon),
            "referentie": "portaal",
        },
    )
    by_number = {"verstrektDoorPartij__partijIdentificator__objectId": bodies.OTHER_BSN, "page": 1}
    assert served.get("digitaleadressen", referentie="portaal", **by_number)["count"] == 1
    part = {"uuid": made["uuid"], "adres": "noor.visser@example.nl", "soortDigitaalAdres": "email"}
    served.put(f"digitaleadressen/{made['uuid']}", part)
    (found,) = served.get("digitaleadressen", **by_number)["results"]
    assert (found["uuid"], found["adres"]) == (made["uuid"], "noor.visser@example.nl")
    served.delete(f"digitaleadressen/{made['uuid']}")
    assert served.get("digitaleadressen", **by_number)["count"] == 0
    assert served.get(f"partijen/{persoon['uuid']}")["digitaleAdressen"] == []


@pytest.mark.parametrize("address", ADDRESS_LINES)
def test_a_wrong_address_line_is_told_by_its_own_name(served, persoon, address):
    """Clients find the field of a form by the name of the specification."""
    lines = dict.fromkeys(ADDRESS_LINES[address], "x" * 81)
    for method, path in (("POST", "partijen"), ("PATCH", f"partijen/{persoon['uuid']}")):
        answer = served.call(method, path, json=bodies.persoon(**{address: lines}))
        assert answer.status_code == 400
        names = [each["name"] for each in answer.json()["invalidParams"]]
        assert names == [f"{address}.{line}" for line in lines]


@pytest.mark.parametrize(
    "lists", [["digitaleAdressen"], ["rekeningnummers"], ["digitaleAdressen", "rekeningnummers"]]
)
def test_null_in_a_list_of_a_partij_is_no_server_error(served, persoon, lists):
    """It is told of each list, and nothing is made or changed."""
    wrong = {name: [None] for name in lists}
    for method, path in (("POST", "partijen"), ("PUT", persoon["url"]), ("PATCH", persoon["url"])):
        answer = served.call(method, path, json=bodies.persoon(interneNotitie="x", **wrong))
        assert answer.status_code == 400
        told = [(each["name"], each["code"]) for each in answer.json()["invalidParams"]]
        assert told == [(name, "null") for name in lists]
    assert served.get("partijen")["results"] == [{**persoon, "_expand": {}}]


@pytest.mark.parametrize("dialect", ["vng"])
def test_what_is_preferred_without_the_list_that_it_is_of_is_no_server_error(served, persoon):
    """It is not among those that the partij has, and nothing is made or changed."""
    adres = served.post("digitaleadressen", bodies.adres("a@example.nl"))
    rekening = served.post("rekeningnummers", {"iban": "NL91ABNA0417164300"})
    body = {"soortPartij": "persoon", "indicatieActief": True, "interneNotitie": "x"}
    for name, preferred in (("voorkeursDigitaalAdres", adres), ("voorkeursRekeningnummer", rekening)):
        for call, path in ((served.post, "partijen"), (served.put, f"partijen/{persoon['uuid']}")):
            answer = call(path, {**body, name: bodies.ref(preferred)}, 400)
            assert [each["name"] for each in answer["invalidParams"]] == [name]
    assert served.get("partijen")["results"] == [{**persoon, "_expand": {}}]


def test_addresses_that_come_to_one_partij_keep_the_rules_of_addresses(served, persoon):
    """Two of one soort with one referentie are refused, by whichever way they come together."""
    other = served.post("partijen", bodies.organisatie())
    of_one = served.post("digitaleadressen", bodies.adres("a@example.nl", partij=persoon, referentie="pv"))
    of_other = served.post("digitaleadressen", bodies.adres("b@example.nl", partij=other, referentie="pv"))
    before = served.get("digitaleadressen"), served.get("partijen")
    both = [bodies.ref(of_one), bodies.ref(of_other)]
    whole = bodies.organisatie(digitaleAdressen=both)
    served.post("partijen", whole, 400)
    served.put(f"partijen/{other['uuid']}", whole, 400)
    served.patch(f"partijen/{other['uuid']}", {"digitaleAdressen": both}, 400)
    answer = served.patch(of_one["url"], {"verstrektDoorPartij": bodies.ref(other)}, 400)
    assert [each["code"] for each in answer["invalidParams"]] == ["unique"]
    assert (served.get("digitaleadressen"), served.get("partijen")) == before


@pytest.mark.parametrize("member", ["metadata", "soortPartij"])
def test_what_no_text_can_hold_is_no_server_error(served, contact, persoon, member):
    """A NUL in a key of metadata, and half a character where the reason repeats what was sent."""
    if member == "metadata":
        answer = served.patch(contact["url"], {"metadata": {"a\0b": "c"}}, 400)
    else:
        answer = served.patch(persoon["url"], {"soortPartij": "\ud83d"}, 400)
    assert [each["name"] for each in answer["invalidParams"]] == [member]
