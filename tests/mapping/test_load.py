"""A dialect is its own files over those of the dialect that it extends."""

import pytest
from adapter.dialects import SHIPPED, Library
from adapter.mapping.files import read_files
from adapter.mapping.load import load, read_dialect
from adapter.mapping.model import Mappings, Place
from adapter.mapping.source import MappingError


class Links:
    def url(self, place, uuid):
        return f"https://{place.register}.example/{place.collection}/{uuid}"

    def uuid(self, place, url):
        start, _, uuid = url.rpartition("/")
        return uuid if f"{start}/" == self.url(place, "") else None


@pytest.fixture(params=["vng", "openklant"])
def loaded(request, served, registers, settings) -> Mappings:
    return load(SHIPPED, request.param, served=served, registers=registers, settings=settings, links=Links())


def test_the_dialects_are_the_folders():
    assert SHIPPED.dialects() == ["esuite", "klantenbundle", "openklant", "vng"]


def test_a_file_of_a_dialect_changes_only_what_it_names():
    bare, more = read_dialect(SHIPPED, "vng"), read_dialect(SHIPPED, "openklant")
    klant, other = bare.files["partijen"]["homes"]["klant"], more.files["partijen"]["homes"]["klant"]

    assert {name for name in klant if klant[name] != other[name]} == {"untouched"}
    assert klant.keys() == other.keys()


def test_the_most_particular_file_is_named_first():
    files = read_files(SHIPPED, "openklant")

    assert files.chain == ("openklant", "vng")
    assert [each.file for each in files.sources["partijen"]] == [
        "mappings/openklant/partijen.yaml",
        "mappings/vng/partijen.yaml",
        "mappings/vng/correspondences/klant.yaml",
    ]


def test_a_pair_of_a_correspondence_is_a_line_of_the_home_with_its_place():
    """In the dialect of the correspondence and those that extend it, not in those that it extends."""
    path = ("homes", "contactmoment", "fields", "resultaat")
    files = read_files(SHIPPED, "klantenbundle")
    said = next(each for each in files.sources["klantcontacten"] if path in each.positions)

    assert files.contents["klantcontacten"]["homes"]["contactmoment"]["fields"]["resultaat"] == {
        "at": "resultaat"
    }
    assert said.file == "mappings/klantenbundle/correspondences/contactmoment.yaml"
    line = (SHIPPED.folders[0].parent / said.file).read_text().splitlines()[said.position(path)[0] - 1]
    assert line.strip() == "resultaat: resultaat"
    below = read_files(SHIPPED, "openklant").contents["klantcontacten"]["homes"]["contactmoment"]["fields"]
    assert "resultaat" not in below


def test_a_dialect_that_does_not_exist_is_named_with_those_that_do():
    with pytest.raises(MappingError, match="there is no dialect esuit; there is"):
        read_dialect(SHIPPED, "esuit")


def test_a_mapping_that_does_not_say_whose_it_is_cannot_be_loaded(mappings):
    (mappings / "vng" / "nieuw.yaml").write_text("schema: Bijlage\n", encoding="utf-8")

    with pytest.raises(MappingError, match=r"mappings/vng/nieuw.yaml:1:1: a mapping needs resource"):
        read_dialect(Library((mappings,)), "vng")


def test_every_served_resource_has_a_mapping(loaded, served):
    created = {each.collection for each in served.operations if each.method == "post"}

    assert created == {*loaded.resources, *loaded.compositions}


def test_limits_of_a_klant_are_found_in_the_variant_that_has_them(loaded):
    """A BSN has nine characters; an objectId of two hundred does not fit there."""
    (pair,) = loaded.resources["partij-identificatoren"].homes["bsn"].pairs

    assert not pair.total


def test_a_setting_stands_for_its_value(served, registers):
    values = {"zaak_codeRegister": "open-zaak"}

    found = load(SHIPPED, "vng", served=served, registers=registers, settings=values, links=Links())

    means = dict(found.resources["onderwerpobjecten"].homes["zaak"].means)
    assert means[("onderwerpobjectidentificator", "codeRegister")] == "open-zaak"


def test_what_only_open_klant_offers_is_not_offered_without_it(served, registers, settings):
    def collection(dialect: str, name: str):
        found = load(SHIPPED, dialect, served=served, registers=registers, settings=settings, links=Links())
        return found.collections[Place("contactmomenten", name)]

    assert collection("vng", "klantcontactmomenten").frozen
    assert not collection("openklant", "klantcontactmomenten").frozen
    assert not collection("vng", "contactmomenten").inline
    assert "klantcontactmomenten" in collection("openklant", "contactmomenten").inline
