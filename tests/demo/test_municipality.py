"""The made-up municipality: always the same, and nobody in it exists."""

import asyncio
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from random import Random

import jsonschema_rs
import orjson
import pytest
from adapter.collection import Question
from adapter.demo.registers import bearer_token
from adapter.embedded import klanten_contactmomenten, objects, zaken
from adapter.embedded.inside import Neighbours, Sent, inside
from adapter.embedded.municipality.contacts import GONE
from adapter.embedded.municipality.filling import Filling
from adapter.embedded.municipality.people import numbers, passes_eleven_test
from adapter.embedded.municipality.plan import Size, objecttypes, plan

NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
ZAKEN = "http://127.0.0.1:1"


def municipality():
    return plan(Size(), ZAKEN, NOW)


def identified(kind):
    return [
        klant.body["subjectIdentificatie"]
        for klant in municipality().klanten
        if klant.body["subjectType"] == kind
    ]


def test_the_same_is_made_every_time():
    assert municipality() == municipality()


def test_citizen_numbers_are_in_the_range_for_tests_and_valid():
    numbers = [each["inpBsn"] for each in identified("natuurlijk_persoon")]
    assert len(numbers) == len(set(numbers)) >= 200
    assert all(number.startswith("9999") and passes_eleven_test(number) for number in numbers)


def test_companies_have_valid_numbers():
    numbers = [each["innNnpId"] for each in identified("niet_natuurlijk_persoon")]
    assert len(numbers) >= 25
    assert all(passes_eleven_test(number) for number in numbers)
    branches = [each["vestigingsNummer"] for each in identified("vestiging")]
    assert all(re.fullmatch(r"0000[0-9]{8}", number) for number in branches)


def test_nobody_has_the_telephone_numbers_or_mail_addresses():
    for klant in municipality().klanten:
        assert re.fullmatch(r"060[0-9]{7}|02990[0-9]{5}", klant.body.get("telefoonnummer", "0600000000"))
        assert klant.body.get("emailadres", "a@b.example").endswith(".example")


def test_contacts_lie_in_the_past_in_order_and_some_are_connected():
    contacts = municipality().contacts
    moments = [contact.body["registratiedatum"] for contact in contacts]
    assert moments == sorted(moments)
    assert moments[-1] < "2026-03-04T15:00:00Z"
    assert sum(contact.task is not None for contact in contacts) > 50
    assert sum(contact.zaak != "" for contact in contacts) > 50
    assert sum(contact.previous is not None for contact in contacts) > 10
    assert sum(contact.klant is None for contact in contacts) > 50
    assert sum(len(contact.body["tekst"]) > 1000 for contact in contacts) == 1


def test_objects_are_valid_under_their_objecttype():
    schemas = {each.name: jsonschema_rs.validator_for(each.schemas[0]) for each in objecttypes()}
    made = municipality()
    for name, data in made.objects:
        schemas[name].validate(data)
    for contact in made.contacts:
        if contact.task:
            schemas["InterneTaak"].validate(contact.task.data | {"contactmoment": "http://127.0.0.1/x"})
    assert {name for name, _ in made.objects} == {"Afdeling", "Groep", "Medewerker"}
    logins = [data["identificatie"] for name, data in made.objects if name == "Medewerker"]
    assert len(logins) == len(set(logins))


def test_citizen_numbers_do_not_run_out():
    """The range for tests has 9,090; more residents get other ones, none twice."""
    many = list(islice(numbers(Random(1), "9999", "999", "99"), 12_000))
    assert len(set(many)) == len(many)
    assert all(map(passes_eleven_test, many))
    assert 0.3 < sum(number.startswith("9999") for number in many) / 9_090 < 1


@pytest.mark.parametrize(
    ("contacts", "size"),
    [
        (1, Size(1, 1, 48, 0, 1, odd=True)),
        (2_000, Size(841, 201, 48, 0, 2_000, odd=True)),
        (100_000, Size(42_001, 10_001, 769, 28, 100_000, odd=True)),
    ],
)
def test_everything_is_in_proportion_to_the_contacts(contacts, size):
    assert Size.of(contacts) == size


@pytest.fixture(scope="module")
def large():
    return plan(replace(Size.of(4_000), employees=120, departments=3), ZAKEN, NOW)


def test_a_large_municipality_has_more_departments_and_unique_keys(large):
    kinds = Counter(kind for kind, _ in large.objects)
    assert (kinds["Afdeling"], kinds["Medewerker"]) == (9, 120)
    for keys in (
        [klant.body["klantnummer"] for klant in large.klanten],
        [mail for klant in large.klanten if (mail := klant.body.get("emailadres"))],
        [data["identificatie"] for kind, data in large.objects if kind == "Medewerker"],
    ):
        assert len(keys) == len(set(keys)) > 100
    names = {contact.task.data["actor"]["naam"] for contact in large.contacts if contact.task}
    assert {"Burgerzaken", "Jeugd"} <= names


def test_a_large_municipality_has_every_oddity(large):
    """Each kind at least once, and no more than a few in a hundred."""
    tasks = [contact.task for contact in large.contacts if contact.task]
    assert {task.reference for task in tasks} == {"{url}", "{url}/", "", f"{{collection}}/{GONE}"}
    assert any(not task.data["actor"]["identificatie"] for task in tasks)
    assert 0 < sum(contact.gone for contact in large.contacts) < 40
    assert 0 < sum(contact.body["tekst"] == "" for contact in large.contacts) < 40
    assert 0 < sum(klant.body.get("telefoonnummer") == "06-0012 3456" for klant in large.klanten) < 40


def test_what_is_loaded_in_bulk_is_what_the_registers_make_of_a_post():
    """Each record of a small municipality is read, sent to empty registers, and stored there the same."""
    types = {each.name: each.uuid for each in objecttypes()}
    made = plan(Size(6, 4, 14, 1, 60), CASES, NOW)
    loaded, objects_app = registers(), objects.create_app(":memory:", types=objecttypes())
    Filling(loaded, ORIGIN, objects_app, types).store(made)
    posted = registers()
    for name, resource in loaded.state.resources.items():
        rows = resource.table.page(Question(), -1, 0)[1][:: 1 if name == "klanten" else -1]
        shown = resource.shown(rows, ORIGIN, ())
        assert len(rows) == EXPECTED[name](made)
        for row, record in zip(rows, shown, strict=True):
            body = {key: value for key, value in record.items() if value not in (None, "", [])}
            answer = asyncio.run(
                inside(posted, Sent("POST", ORIGIN + resource.description.path, BEARER, orjson.dumps(body)))
            )
            assert answer.status == 201, (name, answer.body)
            again = posted.state.resources[name].table.get(
                orjson.loads(answer.body)["url"].rpartition("/")[2]
            )
            posted.state.store.connection.execute(
                f"UPDATE {name} SET uuid = ? WHERE uuid = ?", (row.uuid, again.uuid)
            )
            assert again.data == row.data
    found = objects_app.state.database
    assert found.value("SELECT count(*) FROM records") == EXPECTED["objects"](made)


def registers():
    """Registers in this process that know the Zaken API."""
    neighbours = Neighbours({CASES: zaken.create_app()})
    return klanten_contactmomenten.create_app(zaken=[CASES], remote=neighbours)


ORIGIN, CASES = "https://klanten.example", "https://zaken.example"
BEARER = (("authorization", f"Bearer {bearer_token()}"),)
EXPECTED = {
    "klanten": lambda made: len(made.klanten),
    "contactmomenten": lambda made: len(made.contacts),
    "klantcontactmomenten": lambda made: sum(each.klant is not None for each in made.contacts),
    "objectcontactmomenten": lambda made: sum(bool(each.zaak) for each in made.contacts),
    "objects": lambda made: len(made.objects) + sum(each.task is not None for each in made.contacts),
}
