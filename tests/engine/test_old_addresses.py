"""Where a klant lives, and what a klant is called, as an old client or a base registration wrote it."""

import pytest

pytestmark = pytest.mark.alternating

NOTHING = {
    "nummeraanduidingId": "",
    "straatnaam": "",
    "huisnummer": None,
    "huisnummertoevoeging": "",
    "postcode": "",
    "stad": "",
    "adresregel1": "",
    "adresregel2": "",
    "adresregel3": "",
    "land": "",
}
OLD = {"straatnaam": "Kerkstraat", "huisnummer": 12, "postcode": "3511LT", "woonplaatsnaam": "Utrecht"}
READ = {**NOTHING, "straatnaam": "Kerkstraat", "huisnummer": 12, "postcode": "3511 LT", "stad": "Utrecht"}
NEW = {**NOTHING, "straatnaam": "Kerkstraat", "huisnummer": 14, "stad": "Zeist"}
HOME = {"aoaIdentificatie": "1", "gorOpenbareRuimteNaam": "Dam", "wplWoonplaatsNaam": "Amsterdam"}

in_own_fields = pytest.mark.parametrize("dialect", ["vng", "openklant"])


def path_of(klant):
    """Where the partij of a klant is served."""
    return f"partijen/{klant['url'].rpartition('/')[2]}"


@in_own_fields
def test_an_old_address_is_served_and_stays(served, old, deployment):
    """It reads as the bezoekadres, and is not written by a client that sends it back."""
    klant = old.klant(adres=OLD)
    path = path_of(klant)
    partij = served.get(path)
    assert partij["bezoekadres"] == READ
    assert served.get("partijen")["results"][0]["bezoekadres"] == READ
    with deployment.writes() as writes:
        served.patch(path, {"bezoekadres": partij["bezoekadres"]})
    assert writes == []


@in_own_fields
@pytest.mark.parametrize("value", [NEW, NOTHING, None])
def test_an_address_of_a_new_client_takes_its_place_whole(served, old, value):
    """The register keeps what an old client wrote; no member of it comes back into another address."""
    klant = old.klant(adres=OLD)
    path = path_of(klant)
    served.patch(path, {"bezoekadres": value})
    assert served.get(path)["bezoekadres"] == (value or NOTHING)
    assert old.klanten.get(klant["url"])["adres"] == old.klanten.get(klant["url"])["adres"] | OLD
    served.patch(path, {"interneNotitie": "n"})
    assert served.get(path)["bezoekadres"] == (value or NOTHING)


@pytest.mark.parametrize("dialect", ["openklant"])
@pytest.mark.parametrize("change", [{"straatnaam": "Dam"}, {"woonplaatsnaam": "Zeist"}, {"huisletter": "B"}])
def test_an_address_that_an_old_client_changes_is_that_of_the_register(served, old, change):
    """Whatever member it is: two halves are no address."""
    klant = old.klant(adres=OLD)
    path = path_of(klant)
    served.patch(path, {"bezoekadres": {**NEW, "land": "BE"}})
    old.klanten.patch(klant["url"], {"adres": {**OLD, **change}})
    there = {**OLD, **change}
    wanted = {**READ, "straatnaam": there["straatnaam"], "stad": there["woonplaatsnaam"]}
    assert served.get(path)["bezoekadres"] == {**wanted, "huisnummertoevoeging": there.get("huisletter", "")}


def test_what_stands_only_in_a_base_registration(served, old):
    """The names and the address of a person are read where they stand; another name is written beside it."""
    subject = {"voornamen": "Anna Maria", "voorvoegselGeslachtsnaam": "van", "geslachtsnaam": "Dijk"}
    klant = old.klant(voornaam="", achternaam="", subjectIdentificatie={**subject, "verblijfsadres": HOME})
    path = path_of(klant)
    partij = served.get(path)
    assert partij["partijIdentificatie"]["volledigeNaam"] == "Anna Maria van Dijk"
    assert partij["bezoekadres"] == {**NOTHING, "straatnaam": "Dam", "stad": "Amsterdam"}
    name = {**partij["partijIdentificatie"]["contactnaam"], "achternaam": "Smit"}
    served.patch(path, {"soortPartij": "persoon", "partijIdentificatie": {"contactnaam": name}})
    assert served.get(path)["partijIdentificatie"]["contactnaam"] == name
    assert old.klanten.get(klant["url"])["achternaam"] == "Smit"


@in_own_fields
def test_the_one_address_or_the_other(served, old):
    """What an old client wrote goes first, and nothing is read from both."""
    subject = {"verblijfsadres": HOME}
    one = old.klant(adres={"straatnaam": "Kerkstraat"}, subjectIdentificatie=subject)
    other = old.klant(adres={"straatnaam": ""}, subjectIdentificatie=subject)
    assert served.get(path_of(one))["bezoekadres"] == {**NOTHING, "straatnaam": "Kerkstraat"}
    assert served.get(path_of(other))["bezoekadres"] == {**NOTHING, "straatnaam": "Dam", "stad": "Amsterdam"}
