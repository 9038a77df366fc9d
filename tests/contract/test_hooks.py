"""Where the contract looks twice: what it lets pass, and what it does not."""

import copy
import re
from types import SimpleNamespace

import jsonschema_rs
import pytest
from adapter.openapi.document import Document
from adapter.shipped import served_document

from tests.contract.answered import as_answered
from tests.contract.as_read import body_as_read, query_as_read
from tests.contract.believable import ENOUGH, Made, believable
from tests.contract.rules import only_rules

UUID = "0b0e2a0c-54a1-4b0e-9d1c-5e3f0a1b2c3d"


@pytest.fixture(scope="module")
def document():
    raw = copy.deepcopy(dict(served_document().raw))
    as_answered(raw)
    return Document(raw)


def answers(document, name):
    """Whether a value is an answer of that schema, null and all."""
    definitions = {key: nullable(schema) for key, schema in document.raw["components"]["schemas"].items()}
    whole = {"components": {"schemas": definitions}, "$ref": f"#/components/schemas/{name}"}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True).is_valid


def nullable(node):
    if isinstance(node, list):
        return [nullable(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: nullable(each) for key, each in node.items() if key != "discriminator"}
    return {"anyOf": [found, {"type": "null"}]} if node.get("nullable") is True else found


@pytest.mark.parametrize(
    ("soort", "identificatie", "right"),
    [
        ("organisatie", {"naam": "Bakkerij"}, True),
        ("organisatie", None, True),
        ("persoon", {"contactnaam": None, "volledigeNaam": ""}, True),
        ("persoon", {"contactnaam": {"voornaam": 3}, "volledigeNaam": ""}, False),
        ("organisatie", {"naam": 3}, False),
        ("onbekend", None, False),
    ],
)
def test_an_actor_or_partij_is_one_of_its_kind(document, soort, identificatie, right):
    partij = {
        "uuid": UUID,
        "url": f"https://brug.example/partijen/{UUID}",
        "soortPartij": soort,
        "indicatieActief": True,
        "betrokkenen": [],
        "categorieRelaties": [],
        "vertegenwoordigden": [],
        "partijIdentificatie": identificatie,
    }
    assert answers(document, "Partij")(partij) is right


def test_a_blank_is_an_answer_where_a_text_is_optional_and_nothing_else_is(document):
    address = answers(document, "DigitaalAdres")
    right = {
        "uuid": UUID,
        "url": f"https://brug.example/digitaleadressen/{UUID}",
        "verstrektDoorBetrokkene": None,
        "verstrektDoorPartij": None,
        "adres": "x",
        "soortDigitaalAdres": "overig",
    }
    assert address({**right, "referentie": ""})
    assert not address({**right, "referentie": "met spatie"})
    assert not address({**right, "soortDigitaalAdres": ""})


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ({"naam": 3}, {"naam": "3"}),
        ({"naam": " Anna "}, {"naam": "Anna"}),
        ({"indicatieActief": "ja"}, {"indicatieActief": "ja"}),
        ({"indicatieActief": "yes"}, {"indicatieActief": True}),
        ({"uuid": "geen"}, {}),
        ({"actorIdentificatie": 3}, {}),
        ({"soortActor": "x", "actorIdentificatie": 3}, {"soortActor": "x", "actorIdentificatie": 3}),
        ([], []),
    ],
)  # fmt: skip
def test_a_body_is_read_as_the_reference_reads_it(document, body, read):
    assert body_as_read(document, {"$ref": "#/components/schemas/Actor"}, body) == (read)


def test_a_query_is_read_as_the_reference_reads_it():
    schemas = {
        "page": {"type": "integer"},
        "uuid": {"type": "string", "format": "uuid"},
        "op": {"type": "string", "format": "date"},
        "ja": {"type": "boolean"},
        "expand": {"type": "array"},
    }
    query = f"page=x&ja=misschien&uuid=x&uuid={UUID.upper()}&op=15-1-2025&expand=a,b&expand=c&niet=1"
    expected = {"uuid": UUID, "op": "2025-01-15", "expand": ["a", "b", "c"]}
    assert query_as_read(query, schemas, lenient=True) == expected
    assert query_as_read(query, schemas, lenient=False) == {**expected, "niet": "1"}
    assert query_as_read("uuid=x", schemas, lenient=True) == {"uuid": "x"}


@pytest.mark.parametrize(
    ("code", "reason", "rule"),
    [
        ("invalid", "Partij object bestaat niet.", True),
        ("unique", "Er bestaat al een partij met eenzelfde nummer.", True),
        ("required", "Dit veld is vereist.", False),
        ("invalid", "Must be a valid UUID.", False),
        ("max_length", "Zorg ervoor dat dit veld niet meer dan 10 karakters bevat.", False),
        ("invalid_choice", '"x" is een ongeldige keuze.', False),
    ],
)
def test_only_what_no_schema_can_say_is_a_rule(code, reason, rule):
    problem = {"name": "x", "code": code, "reason": reason}
    assert only_rules([problem]) is rule
    known = {"name": "y", "code": "unique", "reason": ""}
    assert only_rules([known, problem]) is rule


def test_a_believable_body_names_what_was_made():
    made = Made()
    body = {"hadKlantcontact": {"uuid": UUID}, "rol": "klant", "onderwerp": " "}
    believable(body, made)
    assert body == {"hadKlantcontact": {"uuid": UUID}, "rol": "klant", "onderwerp": "tekst"}
    made.note("klantcontacten", {"uuid": "een"})
    believable(body, made)
    assert body["hadKlantcontact"] == {"uuid": "een"}
    made.forget("klantcontacten", "een")
    assert made.one("klantcontacten") is None


def test_no_more_is_kept_than_is_needed():
    made = Made()
    superfluous = [made.note("actoren", {"uuid": str(number)}) for number in range(ENOUGH + 2)]
    assert superfluous == [None] * ENOUGH + ["0", "1"]


def test_numbers_of_persons_pass_the_test_of_eleven():
    made = Made()
    numbers = [made.bsn() for _ in range(50)]
    assert len(set(numbers)) == 50
    for number in numbers:
        assert re.fullmatch(r"\d{9}", number)
        weights = [9, 8, 7, 6, 5, 4, 3, 2, -1]
        assert sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True)) % 11 == 0


def test_what_belongs_to_something_deleted_is_gone_and_nothing_else_is():
    made = Made()
    made.note("klantcontacten", {"uuid": "contact"})
    made.note("betrokkenen", {"uuid": "betrokkene", "hadKlantcontact": {"uuid": "contact"}})
    made.note("digitaleadressen", {"uuid": "adres", "verstrektDoorBetrokkene": {"uuid": "betrokkene"}})
    made.note("bijlagen", {"uuid": "bijlage", "wasBijlageVanKlantcontact": {"uuid": "contact"}})
    made.forget("klantcontacten", "contact")
    assert all(made.is_gone(uuid) for uuid in ("contact", "betrokkene", "bijlage"))
    assert not made.is_gone("adres")


@pytest.mark.parametrize(("deleted", "is_defect"), [("contact", False), ("andere", True)])
def test_a_record_that_is_not_there_is_a_defect_unless_its_owner_was_deleted(monkeypatch, deleted, is_defect):
    # schemathesis takes half a second, which every process of the tests would spend
    from schemathesis.openapi.checks import EnsureResourceAvailability  # noqa: PLC0415

    from tests.contract import hooks  # noqa: PLC0415

    made = Made()
    made.note("internetaken", {"uuid": "taak", "aanleidinggevendKlantcontact": {"uuid": "contact"}})
    made.forget("klantcontacten", deleted)
    monkeypatch.setattr(hooks, "made", made)
    failure = EnsureResourceAvailability(
        operation="POST /internetaken", message="", created_with="POST /internetaken", not_available_with=""
    )
    url = SimpleNamespace(url="https://brug.example/internetaken/taak")
    answer = SimpleNamespace(status_code=404, request=url)
    assert hooks.filter_failure(None, failure, None, answer) is is_defect


@pytest.mark.parametrize(
    ("sent", "made"),
    [
        ({"bic": "INGBNL3\x85"}, {"bic": "INGBNL2A"}),
        ({"bic": "INGBNL3B"}, {"bic": "INGBNL3B"}),
        ({"bic": ""}, {"bic": ""}),
        ({"adres": {"land": " B"}}, {"adres": {"land": "NL"}}),
    ],
)
def test_a_text_that_white_space_makes_long_enough_is_made_longer(sent, made):
    believable(sent, Made())
    assert sent == made
