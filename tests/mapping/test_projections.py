"""What is told to register clients, as far as no register is needed: each part follows from the values."""

from typing import Any

import pytest
from adapter.mapping.constructs import companion
from adapter.mapping.constructs.tells import Each, Key, OneOfTwo, Source, Taken, legacies, projections
from adapter.mapping.examples.written import ExampleLinks
from adapter.mapping.paths import MISSING
from adapter.mapping.settings import Settings

SETTINGS = Settings({"unknown": "onbekend"})
MEMBERS = {"contact": None, "actoren": None}


def _one(at: str, node: dict[str, Any]) -> Any:
    (found,) = projections({"tells": {at: node}}, MEMBERS, SETTINGS, ExampleLinks(), lambda _: 3)
    return found


@pytest.mark.parametrize(
    ("of", "source", "reference"),
    [
        ("betrokkenen.contact", Source("contact", resource="betrokkenen"), ""),
        ("actoren", Source("actoren"), "actoren"),
        ("contact.betrokkenen", Source("contact", relation="betrokkenen"), "contact"),
    ],
)
def test_where_a_projection_comes_from(of, source, reference):
    """A path begins with a reference of the owner, or names a resource and its reference to the owner."""
    found = _one("actor", {"of": of, "fields": {}})

    assert found.source == source
    assert found.source.reference == reference


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ([], "klant"),
        ([{"begon": False}], "gemeente"),
        ([{"begon": False}, {"begon": True}], "klant"),
    ],
)
def test_one_of_two_constants(resources, expected):
    value = _one(
        "wie", {"of": "actoren", "value": {"any": {"begon": True}, "then": "klant", "else": "gemeente"}}
    ).value

    assert isinstance(value, OneOfTwo)
    assert value.of(resources) == expected


@pytest.mark.parametrize(
    ("node", "value", "expected"),
    [
        ({"from": "groep.naam"}, "Els", "Els"),
        ({"from": "groep.naam", "too_long": "cut"}, "Elsje", "El…"),
        ({"from": "groep.naam", "words": {"afd": "afdeling"}}, "afd", "afdeling"),
        ({"from": "groep.naam", "words": {"afd": "afdeling"}}, "grp", None),
        ({"from": "groep.naam", "to": "klanten/klanten"}, {"uuid": "7"}, "https://klanten.example/klanten/7"),
        ({"from": "groep.naam", "to": "klanten/klanten"}, None, None),
    ],
)
def test_a_member_is_taken_in_the_form_of_the_register(node, value, expected):
    """What the register has nothing for is not written."""
    ((at, field),) = _one("actor", {"of": "actoren", "fields": {"soort": node}}).value.fields

    assert at == ("soort",)
    assert isinstance(field, Taken)
    assert field.of({"groep": {"naam": value}}) == expected


def test_a_key_and_a_list_of_groups():
    """A setting stands for a key that is not there; what each of a relation gives is written too."""
    fields = {
        "id": {"known_by": "id", "else": {"setting": "unknown"}},
        "adressen": {"each": "adressen", "fields": {"adres": {"from": "adres"}}},
    }
    found = _one("actor", {"of": "actoren", "fields": fields, "required": {"naam": {"setting": "unknown"}}})
    (_, key), (_, each) = found.value.fields

    assert key == Key("onbekend")
    assert isinstance(each, Each)
    assert found.relations == ("adressen",)
    assert found.value.required == {"naam": "onbekend"}


@pytest.mark.parametrize(
    ("value", "expected"), [("gemeente", False), ("klant", True), ("", True), (None, True), (MISSING, True)]
)
def test_what_another_record_says_of_an_old_one(value, expected):
    words = {"false": "gemeente", "true": "*"}
    (found,) = legacies({"tells": {"begon": {"legacy": {"of": "contact", "at": "wie", "words": words}}}})

    assert found.read(value) is expected


def test_what_the_companion_of_a_record_says():
    """It is made with these members, and found by them when an interrupted write is taken back."""
    node = {"record": "zaken/contacten", "fields": {"zaak": "object"}}
    found = companion.compiled({"first": node})

    assert found is not None
    assert found.of({"object": "https://zaken.example/7", "soort": "zaak"}) == {
        "zaak": "https://zaken.example/7"
    }
    assert companion.compiled({}) is None
