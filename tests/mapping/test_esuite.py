"""Whatever is asked of the dialect `esuite` is answered, or refused with a reason: never is it a fault."""

import pytest
from adapter.dialects import SHIPPED
from adapter.engine.maintenance.examination import examine
from adapter.mapping.load import read_dialect
from adapter.scenes.theatre import theatre
from adapter.shipped import served_document

UUID = "0b0e2a0c-54a1-4b0e-9d1c-5e3f0a1b2c3d"
# A value that a parameter of this kind takes; of any other it is text.
VALUES = {
    "uuid": UUID,
    "date-time": "2024-01-01T10:00:00Z",
    "date": "2024-01-01",
    "uri": f"https://x.example/{UUID}",
}
KIND = {"boolean": "true", "integer": "1"}


@pytest.fixture(scope="module")
def play():
    with theatre(read_dialect(SHIPPED, "esuite"), SHIPPED) as found:
        play = found.play({})
        klant = {"subjectIdentificatie": {"inpBsn": "999990019"}, "emailadres": "anna@v.example"}
        play.registers["klanten"].call("POST", "klanten", json=klant)
        for status, kind in (("nieuw", "Contactverzoek"), ("afgehandeld", "Contactmoment")):
            contact = {
                "tekst": "Vraag",
                "type": kind,
                "status": status,
                "antwoord": "Ja",
                "groep": "Parkeren",
            }
            play.registers["contactmomenten"].call("POST", "contactmomenten", json=contact)
        yield play


def _parameters(play):
    document = served_document()
    for name, resource in play.deployment.mappings.resources.items():
        operation = document.operation("get", f"/{name}")
        known = {each.name: document.merged(each.schema) for each in operation.parameters_in("query")}
        for each in resource.filters:
            schema = known[each]
            choices = schema.get("enum")
            value = VALUES.get(schema.get("format"), KIND.get(schema.get("type"), "42"))
            yield name, each, str(choices[0]) if choices else value


def test_what_a_register_does_not_list_is_said_and_all_else_examined(play):
    found = {each.what: each.lines for each in examine(play.deployment)}
    assert found.pop("lists that a register does not give") == (
        "digitaleadressen",
        "partij-identificatoren",
        "partijen",
    )
    assert {what: lines for what, lines in found.items() if lines} == {}


@pytest.mark.contract
def test_every_filter_is_answered_or_refused(play):
    faults = {}
    for name, parameter, value in _parameters(play):
        status, body = play.ask("GET", f"{name}?{parameter}={value}", None)
        if status not in (200, 400) or (status == 400 and not body.get("invalidParams")):
            faults[name, parameter] = status, body
    assert faults == {}
    listed = {name: play.ask("GET", name, None)[0] for name in play.deployment.mappings.resources}
    refused = {name for name, status in listed.items() if status != 200}
    assert refused == {"partijen", "partij-identificatoren", "digitaleadressen"}
