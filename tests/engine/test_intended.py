"""What a body intends, before any register is asked."""

from types import SimpleNamespace

import pytest
from adapter.engine.write import intents
from adapter.shipped import shipped_mappings

ADDRESS = {"adres": "a@example.nl", "soortDigitaalAdres": "email", "omschrijving": "werk"}


@pytest.fixture(scope="module")
def resources():
    return shipped_mappings("vng").resources


def entry(resource, **values):
    """A resource as it was read."""
    return SimpleNamespace(
        resource=resource,
        values=values,
        notes=SimpleNamespace(variants={}),
        served=lambda path: values.get(path[0]),
    )


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ({"digitaleAdressen": None}, {"digitaleAdressen": []}),
        ({"digitaleAdressen": []}, {"digitaleAdressen": []}),
        ({"digitaleAdressen": [{"uuid": "1"}]}, {"digitaleAdressen": [{"uuid": "1"}]}),
        ({"partijIdentificatoren": None}, {}),
        ({"nummer": None}, {"nummer": None}),
    ],
)
def test_null_is_no_links_and_leaves_nested_resources(resources, body, meant):
    assert intents.sent(resources["partijen"], body) == meant


def test_a_create_intends_every_member(resources):
    found = intents.new(resources["digitaleadressen"], ADDRESS)
    assert found == {
        **ADDRESS,
        "verstrektDoorBetrokkene": None,
        "verstrektDoorPartij": None,
        "isStandaardAdres": False,
        "referentie": "",
        "verificatieDatum": None,
    }


def test_of_what_is_computed_or_not_known_nothing_is_taken_from_a_body(resources):
    found = intents.new(resources["digitaleadressen"], {**ADDRESS, "uuid": "1", "iets": 1})
    assert found == intents.new(resources["digitaleadressen"], ADDRESS)


def test_what_is_not_sent_is_now_and_null_is_today(resources):
    contact = intents.new(resources["klantcontacten"], {"kanaal": "balie"})
    assert contact["plaatsgevondenOp"] == contact["geregistreerdOp"] != ""
    given = intents.new(resources["klantcontacten"], {"plaatsgevondenOp": "2024-05-06T07:08:09Z"})
    assert given["plaatsgevondenOp"] == "2024-05-06T07:08:09Z"


@pytest.mark.parametrize("partial", [True, False])
def test_a_change_intends_what_was_read_with_what_was_sent(resources, partial):
    found = entry(resources["digitaleadressen"], **ADDRESS, referentie="thuis")
    intended, aside = intents.changed(found, {"omschrijving": "privé"}, partial=partial)
    assert intended["omschrijving"] == "privé"
    assert intended["adres"] == ADDRESS["adres"]
    assert aside == {}
    assert found.values["omschrijving"] == "werk"


def test_a_text_that_only_lost_its_spaces_stays_as_it_was_read(resources):
    found = entry(resources["digitaleadressen"], **{**ADDRESS, "omschrijving": " werk "})
    intended, _ = intents.changed(found, {"omschrijving": "werk"}, partial=True)
    assert intended["omschrijving"] == " werk "


def test_the_group_of_another_variant_is_kept_aside_and_comes_back(resources):
    """A persoon that becomes an organisatie, and a persoon again."""
    persoon = {"contactnaam": {"voornaam": "Els"}, "volledigeNaam": "Els"}
    found = entry(resources["partijen"], soortPartij="persoon", partijIdentificatie=persoon)
    intended, aside = intents.changed(found, {"soortPartij": "organisatie"}, partial=True)
    assert intended["partijIdentificatie"] != persoon
    assert aside == {"partijIdentificatie": {"persoon": persoon}}
    again = entry(resources["partijen"], **intended)
    again.notes.variants = aside
    back, _ = intents.changed(again, {"soortPartij": "persoon"}, partial=True)
    assert back["partijIdentificatie"] == persoon
