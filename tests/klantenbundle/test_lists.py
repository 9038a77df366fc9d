"""The e-mail addresses and telephone numbers of a klant stand in two lists, item by item."""

import pytest

from tests import bodies
from tests.klantenbundle.conftest import uuid_of

ANNA, PIET, PHONE, OTHER_PHONE = "anna@example.nl", "piet@example.nl", "0612345678", "0299012345"
LISTS = {
    "emails": [{"naam": "werk", "email": ANNA}, {"naam": "thuis", "email": PIET}],
    "telefoonnummers": [{"naam": "mobiel", "telefoonnummer": PHONE}],
    "adressen": [
        {
            "straatnaam": "Dorpsstraat",
            "huisnummer": "1",
            "huisletter": "A",
            "huisnummertoevoeging": "bis",
            "postcode": "1234AB",
            "woonplaatsnaam": "Ons Dorp",
            "landcode": "6030",
        }
    ],
}


@pytest.fixture
def old(klant):
    """A klant of an older client, with its lists."""
    return klant(**LISTS)


@pytest.fixture
def partij(served):
    return served.post("partijen", bodies.persoon())


def addresses(served, partij_uuid):
    """Address → the digitaal adres, of a partij."""
    found = served.get("digitaleadressen", verstrektDoorPartij__uuid=partij_uuid)["results"]
    assert len({each["uuid"] for each in found}) == len(found)
    return {each["adres"]: each for each in found}


def test_every_item_is_an_address_of_the_partij(served, old):
    """Each has its kind and description, a uuid of its own that leads to it, and stands at the partij."""
    found = addresses(served, uuid_of(old))
    assert {each: (one["soortDigitaalAdres"], one["omschrijving"]) for each, one in found.items()} == {
        ANNA: ("email", "werk"),
        PIET: ("email", "thuis"),
        PHONE: ("telefoonnummer", "mobiel"),
    }
    for each in found.values():
        assert served.get(f"digitaleadressen/{each['uuid']}") == {
            name: value for name, value in each.items() if name != "_expand"
        }
    partij = served.get(f"partijen/{uuid_of(old)}")
    assert {each["uuid"] for each in partij["digitaleAdressen"]} == {each["uuid"] for each in found.values()}
    assert [each["adres"] for each in served.get("digitaleadressen", adres=PIET)["results"]] == [PIET]


def test_what_a_new_client_adds_is_an_item(served, klanten, partij):
    """Every address stands in the list of its kind, in the order in which they came."""
    for text, soort, name in (
        (ANNA, "email", "werk"),
        (PIET, "email", ""),
        (PHONE, "telefoonnummer", "mobiel"),
    ):
        served.post("digitaleadressen", bodies.adres(text, soort, partij=partij, omschrijving=name))
    klant = klanten.get(f"klanten/{partij['uuid']}")
    assert [each["email"] for each in klant["emails"]] == [ANNA, PIET]
    assert klant["emails"][0]["naam"] == "werk"
    assert klant["telefoonnummers"] == [{"naam": "mobiel", "telefoonnummer": PHONE}]
    assert list(addresses(served, partij["uuid"])) == [PHONE, PIET, ANNA]


def test_changing_an_address_changes_its_item_only(served, klanten, old):
    """The other items, the other list and the postal addresses stay as they were."""
    piet = addresses(served, uuid_of(old))[PIET]
    served.patch(f"digitaleadressen/{piet['uuid']}", {"adres": "p@example.nl", "referentie": "zaak-1"})
    assert served.get(f"digitaleadressen/{piet['uuid']}")["adres"] == "p@example.nl"
    klant = klanten.get(old["url"])
    assert klant["emails"] == [LISTS["emails"][0], {"naam": "thuis", "email": "p@example.nl"}]
    assert {name: klant[name] for name in ("telefoonnummers", "adressen")} == {
        name: LISTS[name] for name in ("telefoonnummers", "adressen")
    }
    assert set(addresses(served, uuid_of(old))) == {ANNA, "p@example.nl", PHONE}


def test_deleting_an_address_takes_its_item_out(served, klanten, old, partij):
    """Of an older client's as of its own."""
    found = addresses(served, uuid_of(old))
    served.delete(f"digitaleadressen/{found[ANNA]['uuid']}")
    assert klanten.get(old["url"])["emails"] == [LISTS["emails"][1]]
    mine = [served.post("digitaleadressen", bodies.adres(each, partij=partij)) for each in (ANNA, PIET)]
    served.delete(f"digitaleadressen/{mine[0]['uuid']}")
    assert [each["email"] for each in klanten.get(f"klanten/{partij['uuid']}")["emails"]] == [PIET]
    assert set(addresses(served, partij["uuid"])) == {PIET}


def test_an_item_that_an_old_client_changes_is_the_same_address(served, klanten, partij):
    """It keeps its uuid, and gets the new text; the others are left alone."""
    mine = [served.post("digitaleadressen", bodies.adres(each, partij=partij)) for each in (ANNA, PIET)]
    klant = f"klanten/{partij['uuid']}"
    emails = klanten.get(klant)["emails"]
    klanten.patch(klant, {"emails": [{**emails[0], "email": "a@example.nl"}, emails[1]]})
    found = addresses(served, partij["uuid"])
    assert {each: one["uuid"] for each, one in found.items()} == {
        "a@example.nl": mine[0]["uuid"],
        PIET: mine[1]["uuid"],
    }


def test_an_item_that_an_old_client_changes_was_never_verified(served, klanten, partij):
    """But another description says nothing of the address itself."""
    body = bodies.adres(ANNA, partij=partij, verificatieDatum="2025-05-06")
    path = f"digitaleadressen/{served.post('digitaleadressen', body)['uuid']}"
    klant = klanten.get(f"klanten/{partij['uuid']}")
    klanten.put(klant["url"], {**klant, "emails": [{"naam": "thuis", "email": ANNA}]})
    assert served.get(path)["verificatieDatum"] == "2025-05-06"
    klanten.put(klant["url"], {**klant, "emails": [{"naam": "thuis", "email": PIET}]})
    assert (served.get(path)["adres"], served.get(path)["verificatieDatum"]) == (PIET, None)


def test_an_item_that_an_old_client_takes_out_is_gone(served, klanten, partij):
    """The one behind it moves up, and stays who it was."""
    mine = [served.post("digitaleadressen", bodies.adres(each, partij=partij)) for each in (ANNA, PIET)]
    klant = f"klanten/{partij['uuid']}"
    klanten.patch(klant, {"emails": klanten.get(klant)["emails"][1:]})
    assert served.call("GET", f"digitaleadressen/{mine[0]['uuid']}").status_code == 404
    assert {each["uuid"] for each in addresses(served, partij["uuid"]).values()} == {mine[1]["uuid"]}


def test_an_address_that_comes_after_one_was_taken_out_is_another(served, klanten, partij):
    """It does not become the one that is gone, however often, and that does not come back."""
    path = f"klanten/{partij['uuid']}"
    made = []
    for text in (ANNA, PIET, ANNA):
        made.append(served.post("digitaleadressen", bodies.adres(text, partij=partij, omschrijving="werk")))
        found = addresses(served, partij["uuid"])
        assert {each: one["uuid"] for each, one in found.items()} == {text: made[-1]["uuid"]}
        klanten.put(path, {**klanten.get(path), "emails": []})
        assert addresses(served, partij["uuid"]) == {}
    for each in made:
        served.get(f"digitaleadressen/{each['uuid']}", 404)


def test_an_item_that_an_old_client_adds_stands_beside_the_others(served, klanten, partij):
    """In front of those of the new client as well."""
    mine = served.post("digitaleadressen", bodies.adres(PIET, partij=partij))
    klant = f"klanten/{partij['uuid']}"
    klanten.patch(klant, {"emails": [{"naam": "", "email": ANNA}, *klanten.get(klant)["emails"]]})
    found = addresses(served, partij["uuid"])
    assert set(found) == {ANNA, PIET}
    assert found[PIET]["uuid"] == mine["uuid"]
    served.patch(f"digitaleadressen/{found[ANNA]['uuid']}", {"omschrijving": "werk"})
    assert klanten.get(klant)["emails"][0] == {"naam": "werk", "email": ANNA}
    assert set(addresses(served, partij["uuid"])) == {ANNA, PIET}


def test_an_address_of_another_kind_is_in_no_list(served, klanten, partij):
    """Nor is one that becomes it."""
    mine = served.post("digitaleadressen", bodies.adres(ANNA, partij=partij))
    served.patch(f"digitaleadressen/{mine['uuid']}", {"soortDigitaalAdres": "overig"})
    assert klanten.get(f"klanten/{partij['uuid']}")["emails"] == []
    assert set(addresses(served, partij["uuid"])) == {ANNA}
    served.patch(f"digitaleadressen/{mine['uuid']}", {"soortDigitaalAdres": "email"})
    assert [each["email"] for each in klanten.get(f"klanten/{partij['uuid']}")["emails"]] == [ANNA]


def test_sending_back_what_was_read_writes_nothing(deployment, served, old):
    """Neither in the klant nor beside it."""
    for each in addresses(served, uuid_of(old)).values():
        with deployment.writes() as written:
            served.put(f"digitaleadressen/{each['uuid']}", each)
        assert written == []


def test_more_items_than_there_are_uuids_are_left_out(served, klant):
    """A long list is served as far as its items can have a uuid."""
    made = klant(telefoonnummers=[{"naam": "", "telefoonnummer": f"06123456{n:02}"} for n in range(12)])
    assert len(addresses(served, uuid_of(made))) == 4


def test_what_an_old_client_made_of_an_item_stays_when_another_comes(served, klanten, partij):
    """And when that goes again."""
    mine = served.post("digitaleadressen", bodies.adres(ANNA, partij=partij))
    klanten.patch(f"klanten/{partij['uuid']}", {"emails": [{"naam": "", "email": "a@example.nl"}]})
    other = served.post("digitaleadressen", bodies.adres(PIET, partij=partij))
    assert served.get(f"digitaleadressen/{mine['uuid']}")["adres"] == "a@example.nl"
    served.delete(f"digitaleadressen/{other['uuid']}")
    assert served.get(f"digitaleadressen/{mine['uuid']}")["adres"] == "a@example.nl"
