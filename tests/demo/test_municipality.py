"""The made-up municipality: always the same, and nobody in it exists."""

import re
from datetime import UTC, datetime

import jsonschema_rs
from adapter.embedded.municipality.people import passes_eleven_test
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
