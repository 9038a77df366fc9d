"""Every value that the served schema allows is read back as it was written, at every length."""

from collections.abc import Iterator
from typing import Any

import pytest
from adapter.shipped import served_document

from tests import bodies

pytestmark = pytest.mark.alternating

DOCUMENT = served_document()
# Texts with more than letters in them: accents, quotes, marks that searches and URLs care about, emoji.


UNICODE = "Ünï çødé 'aanhaling' \"dubbel\" <b> & % _ __ | , ; # \\ / \t € 漢字 😀 مرحبا "


BY_NAME = {
    "nummer": "0123456789",
    "referentienummer": "9876543210",
    "nummeraanduidingId": "0363200000123456",
    "huisnummer": 99999,
    "postcode": "1012 JS",
    "land": "NL",
    "hoofdOnderwerpType": "https://example.nl/" + "o" * 181,
    "emailadres": "a" * 60 + "@" + ("b" * 60 + ".") * 3 + "nl",
    "telefoonnummer": "+31612345678",
    "referentie": "r-_9" * 12 + "rr",
    "verificatieDatum": "2025-01-15",
    "beginDatum": "2024-02-29",
    "eindDatum": "2025-12-31",
    "plaatsgevondenOp": "2025-03-03T09:30:00.123456Z",
    "afgehandeldOp": "2025-03-04T09:30:00Z",
    "metadata": {"sleutel": "w" * 255, "lang_e-sleutel": "1", "ü": UNICODE.strip()},
    "resultaat": (UNICODE * 50).strip(),
    "iban": "NL91ABNA0417164300",
    "bic": "ABNANL2A",
    "taal": "nl",
}
# What other tests are about, or what decides about other members.


LEFT_OUT = {
    "uuid",
    "todo",
    "soortPartij",
    "soortActor",
    "rol",
    "status",
    "soortDigitaalAdres",
    "adres",
    "partijIdentificator",
    "anderePartijIdentificator",
    "indicatieContactGelukt",
    "verdereActieOndernomen",
    "isStandaardAdres",
    "vertrouwelijk",
    "indicatieActief",
    "indicatieGeheimhouding",
    "initiator",
}


def members(schema: Any, kind: str = "", path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The writable members of a body that hold a value of their own, with their schemas."""
    schema = DOCUMENT.merged(schema)
    if "oneOf" in schema:
        schema = DOCUMENT.merged({"$ref": schema["discriminator"]["mapping"][kind]})
    for name, each in DOCUMENT.properties(schema).items():
        found = DOCUMENT.merged(each)
        if found.get("readOnly") or name in LEFT_OUT:
            continue
        if name != "metadata" and (found.get("properties") or "oneOf" in found):
            if "url" not in found["properties"]:
                yield from members(found, kind, (*path, name))
        elif found.get("type") in ("string", "integer") or name == "metadata":
            yield (*path, name), found


def longest(name: str, schema: Any) -> Any:
    """A valid value of the greatest length."""
    if name in BY_NAME:
        return BY_NAME[name]
    length = schema["maxLength"]
    text = (UNICODE * (length // len(UNICODE) + 1))[:length]
    # Texts are trimmed, as Open Klant does.
    return f"{text[:-1]}." if text[-1].isspace() else text


def put(body: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for name in path[:-1]:
        body = body.setdefault(name, {})
    body[path[-1]] = value


def at(body: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        body = body[name]
    return body


@pytest.fixture
def smallest(served):
    """The smallest bodies of everything, each with what it needs."""
    contact = served.post("klantcontacten", bodies.contact())
    partij = served.post("partijen", bodies.persoon())
    actor = served.post("actoren", bodies.actor("sanne", "Sanne"))
    parts = {"soortPartij": "contactpersoon", "indicatieActief": True}
    return {
        "actoren.medewerker": bodies.actor("x", "X", soort="medewerker"),
        "actoren.geautomatiseerde_actor": bodies.actor("x", "X", soort="geautomatiseerde_actor"),
        "actoren.organisatorische_eenheid": bodies.actor("x", "X", soort="organisatorische_eenheid"),
        "betrokkenen.object": bodies.betrokkene(contact),
        "betrokkenen.klantcontactmoment": bodies.betrokkene(contact, partij),
        "bijlagen": {"wasBijlageVanKlantcontact": bodies.ref(contact)},
        "categorie-relaties": {"partij": bodies.ref(partij), "categorie": None},
        "categorieen": {},
        "digitaleadressen": bodies.adres("p@example.nl", partij=partij),
        "internetaken": bodies.taak(contact, actor, status="verwerkt"),
        "klantcontacten": bodies.contact(),
        "onderwerpobjecten": {"klantcontact": bodies.ref(contact), "wasKlantcontact": None},
        "partijen.persoon": {**bodies.persoon(), "partijIdentificatie": {}},
        "partijen.organisatie": bodies.organisatie(),
        "partijen.contactpersoon": {**bodies.partij("contactpersoon"), **parts, "partijIdentificatie": {}},
        "rekeningnummers": {"partij": bodies.ref(partij), "iban": "NL91ABNA0417164300"},
    }


CASES = (
    "actoren.medewerker",
    "actoren.geautomatiseerde_actor",
    "actoren.organisatorische_eenheid",
    "betrokkenen.object",
    "betrokkenen.klantcontactmoment",
    "bijlagen",
    "categorie-relaties",
    "categorieen",
    "digitaleadressen",
    "internetaken",
    "klantcontacten",
    "onderwerpobjecten",
    "partijen.persoon",
    "partijen.organisatie",
    "partijen.contactpersoon",
    "rekeningnummers",
)


@pytest.mark.parametrize("case", CASES)
def test_the_longest_values_are_read_back(served, smallest, case):
    """A body with every text at its greatest length is answered, read and listed as it was sent."""
    collection, _, kind = case.partition(".")
    body, wanted = smallest[case], {}
    for path, schema in members(DOCUMENT.operation("post", f"/{collection}").body, kind):
        wanted[path] = longest(path[-1], schema)
        put(body, path, wanted[path])
    assert wanted
    made = served.post(collection, body)
    listed = next(each for each in served.all(collection) if each["uuid"] == made["uuid"])
    for read in (made, served.get(f"{collection}/{made['uuid']}"), listed):
        assert {path: at(read, path) for path in wanted} == wanted


@pytest.mark.parametrize("case", CASES)
def test_the_longest_values_can_be_written_later(served, smallest, case):
    """A PUT of every text at its greatest length onto a resource without them is read back."""
    collection, _, kind = case.partition(".")
    body, wanted = smallest[case], {}
    made = served.post(collection, body)
    for path, schema in members(DOCUMENT.operation("put", f"/{collection}/{{uuid}}").body, kind):
        wanted[path] = longest(path[-1], schema)
        put(body, path, wanted[path])
    served.put(f"{collection}/{made['uuid']}", body)
    read = served.get(f"{collection}/{made['uuid']}")
    assert {path: at(read, path) for path in wanted} == wanted


@pytest.mark.parametrize("case", CASES)
def test_texts_can_be_emptied(served, smallest, case):
    """After the longest values, a PUT of empty texts and nulls, where the schema has them, is read back."""
    collection, _, kind = case.partition(".")
    body = smallest[case]
    operation = DOCUMENT.operation("put", f"/{collection}/{{uuid}}")
    required = set(DOCUMENT.merged(operation.body).get("required", ())) | {
        "naam",
        "kanaal",
        "onderwerp",
        "taal",
    }
    for path, schema in members(operation.body, kind):
        put(body, path, longest(path[-1], schema))
    made = served.post(collection, body)
    wanted = {}
    for path, schema in members(operation.body, kind):
        if path[-1] in required or path[-1] in ("plaatsgevondenOp", "afgehandeldOp", "iban"):
            continue
        if path[0] == "actorIdentificatie" or path[-1] == "gevraagdeHandeling":
            continue
        empty = {} if path[-1] == "metadata" else ""
        wanted[path] = None if schema.get("nullable") else empty
        put(body, path, wanted[path])
    if not wanted:
        return
    served.put(f"{collection}/{made['uuid']}", body)
    read = served.get(f"{collection}/{made['uuid']}")
    if wanted.get(("resultaat",), "") is None:
        wanted.pop(("resultaat",))
        assert "resultaat" not in read
    assert {path: at(read, path) for path in wanted} == wanted


@pytest.mark.parametrize("case", CASES)
def test_one_too_many_is_refused_by_name(served, old, smallest, case):
    """A text that is one longer than the schema allows is a 400 that names it, and nothing is written."""
    collection, _, kind = case.partition(".")
    before = old.everything()
    for path, schema in members(DOCUMENT.operation("post", f"/{collection}").body, kind):
        if "maxLength" not in schema:
            continue
        body = {**smallest[case], **{path[0]: {}}} if len(path) > 1 else dict(smallest[case])
        put(body, path, "1" * (schema["maxLength"] + 1))
        answer = served.post(collection, body, 400)
        assert ".".join(path) in {each["name"] for each in answer["invalidParams"]}
    assert old.everything() == before


@pytest.mark.parametrize(
    "instant", ["2025-03-03T09:30:00+02:00", "1900-01-01T00:00:00Z", "2999-12-31T23:59:59.999999Z"]
)
def test_instants_keep_their_moment(served, old, instant):
    """A moment is read back in UTC to the microsecond, however it was written."""
    made = served.post("klantcontacten", bodies.contact(plaatsgevondenOp=instant))
    read = served.get(f"klantcontacten/{made['uuid']}")["plaatsgevondenOp"]
    expected = {"2025-03-03T09:30:00+02:00": "2025-03-03T07:30:00Z"}.get(instant, instant)
    assert read == expected
    assert old.moment_of(made)["registratiedatum"] == expected


@pytest.mark.parametrize(
    "adres", ["info@voorbeeld.example", "0612345678", "+31201234567", "@instagram", "x" * 80]
)
def test_any_address_is_read_back(served, adres):
    """An address of whatever kind, of a partij, is read back, also when the klant has no place for it."""
    soort = "email" if "." in adres else "telefoonnummer" if adres[-1].isdigit() else "overig"
    partij = served.post("partijen", bodies.persoon())
    made = served.post("digitaleadressen", bodies.adres(adres, soort, partij=partij, isStandaardAdres=True))
    assert served.get(f"digitaleadressen/{made['uuid']}") == made
    assert made["adres"] == adres
    assert served.get("digitaleadressen", adres=adres)["count"] == 1
