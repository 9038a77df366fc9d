"""Which problems of a body are told, in which order and by which names; and how the names in it are read."""

import json

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

NOBODY = {"uuid": "3f9b5a0e-64b5-4a4c-9d5f-0c6a3f4a2b11"}
JSON = {"Content-Type": "application/json"}
NUL, HALF, LONG = "null_characters_not_allowed", "surrogate_characters_not_allowed", "max_length"


def told(served, method, path, body):
    """(name, code) of all that is wrong with a body, halves of characters and all."""
    answer = served.call(method, path, data=json.dumps(body), headers=JSON)
    assert answer.status_code == 400, answer.text
    return [(each["name"], each["code"]) for each in answer.json()["invalidParams"]]


# texts

WRONG = "x\0\ud83d" * 30


@pytest.mark.parametrize(
    "case",
    [
        ("klantcontacten", "nummer", WRONG, ["invalid", LONG, NUL, HALF]),
        ("klantcontacten", "kanaal", "\udc4d", [HALF]),
        ("klantcontacten", "taal", "\0", [NUL]),
        ("klantcontacten", "metadata.a", "\ud83d\0", [NUL, HALF]),
        ("klantcontacten", "hoofdOnderwerpType", WRONG * 3, [LONG, NUL, HALF, "invalid"]),
        ("internetaken", "referentienummer", "een\0", ["invalid", NUL]),
        ("partijen", "nummer", "\0", ["invalid", NUL]),
        ("partijen", "bezoekadres.land", "NLD", ["invalid", LONG]),
        ("partijen", "bezoekadres.postcode", "1012\ud83d", ["invalid", HALF]),
        ("partijen", "bezoekadres.huisnummer", "1" * 1001, ["max_string_length"]),
        ("partijen", "soortPartij", "\ud83d", ["invalid_choice"]),
        ("digitaleadressen", "referentie", "é" * 51, [LONG, "invalid"]),
        ("digitaleadressen", "referentie", {}, ["invalid"]),
        ("betrokkenen", "contactnaam.voornaam", "\ud83d", [HALF]),
    ],
)
def test_all_that_is_wrong_with_one_text(served, old, contact, case):
    """In the order in which Open Klant looks: its rules, its length, its characters, its own form."""
    collection, name, text, expected = case
    made = {
        "klantcontacten": bodies.contact(),
        "internetaken": bodies.taak(contact),
        "partijen": bodies.persoon(),
        "digitaleadressen": {"adres": "x", "soortDigitaalAdres": "overig", "verstrektDoorPartij": None},
        "betrokkenen": bodies.betrokkene(contact),
    }
    before = old.everything()
    group, _, member = name.rpartition(".")
    body = {**made[collection], **({group: {member: text}} if group else {member: text})}
    assert [code for each, code in told(served, "POST", collection, body) if each == name] == expected
    assert old.everything() == before


@pytest.mark.parametrize(
    ("member", "value", "reason"),
    [
        ("hoofdOnderwerpType", 5.5, "Voer een geldige URL in."),
        ("hoofdOnderwerpType", [], "Voer een geldige URL in."),
        ("kanaal", [], "Not a valid string."),
        ("plaatsgevondenOp", "0001-01-01T00:00:00+01:00", "Datetime value out of range."),
    ],
)
def test_the_reason_for_what_is_no_text_is_that_of_its_form(served, member, value, reason):
    answer = served.post("klantcontacten", {**bodies.contact(), member: value}, 400)
    assert [(each["name"], each["reason"]) for each in answer["invalidParams"]] == [(member, reason)]


@pytest.mark.parametrize("key", ["a\0b", "\ud83d"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_key_of_metadata_has_no_character_that_cannot_be_kept(served, old, contact, method, key):
    """It is told of the map, which nothing of is kept."""
    before = old.everything()
    path = "klantcontacten" if method == "POST" else f"klantcontacten/{contact['uuid']}"
    found = told(served, method, path, bodies.contact(metadata={"goed": "a", key: "b"}))
    assert found == [("metadata", HALF if key == "\ud83d" else NUL)]
    assert old.everything() == before


def test_halves_that_belong_together_are_a_character(served):
    """As JSON has it, also in a text in which something else is half."""
    text = '{"onderwerp": "\\ud83d\\ude00", "kanaal": "%s", "taal": "nld", "vertrouwelijk": false}'
    whole = served.call("POST", "klantcontacten", data=text % "balie", headers=JSON)
    assert (whole.status_code, whole.json()["onderwerp"]) == (201, "\N{GRINNING FACE}")
    half = served.call("POST", "klantcontacten", data=text % "\\ud83d", headers=JSON)
    (problem,) = half.json()["invalidParams"]
    assert (problem["name"], problem["reason"]) == ("kanaal", "Surrogate characters are not allowed: U+D83D.")


def test_a_group_that_is_changed_is_first_looked_at_for_what_it_lacks(served):
    """In a PATCH that is told alone, nested or not; else beside what is wrong with the rest."""
    partij = served.post("partijen", bodies.persoon())
    made = served.post("partij-identificatoren", bodies.identificator("bsn", bodies.BSN, partij))
    lacking = {"partijIdentificator": {"object_id": "x" * 201}}
    absent = [
        f"partijIdentificator.{each}" for each in ("codeObjecttype", "codeSoortObjectId", "codeRegister")
    ]
    partly = [(each, "required") for each in absent]
    whole = [*partly[:2], ("partijIdentificator.objectId", LONG), partly[2]]
    assert told(served, "PATCH", made["url"], lacking) == partly
    for method, path in (("POST", "partij-identificatoren"), ("PUT", made["url"])):
        assert told(served, method, path, lacking) == whole
    nested = {"partijIdentificatoren": [lacking]}
    below = "partijIdentificatoren.0."
    assert told(served, "PATCH", partij["url"], nested) == [(below + name, code) for name, code in partly]
    body = {**bodies.persoon(), **nested}
    assert told(served, "PUT", partij["url"], body) == [(below + name, code) for name, code in whole]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize(
    "name", ["aanleidinggevendKlantcontact", "toegewezenAanActor", "toegewezenAanActoren"]
)
def test_a_reference_that_names_nothing_is_never_passed_over(served, old, contact, method, name):
    """Not in a change either."""
    made = served.post("internetaken", bodies.taak(contact))
    before = old.everything()
    body = {**bodies.taak(contact), "toelichting": "anders"}
    body.pop("toegewezenAanActoren" if name == "toegewezenAanActor" else "toegewezenAanActor", None)
    many = name.endswith("en")
    path = "internetaken" if method == "POST" else made["url"]
    found = told(served, method, path, {**body, name: [{}] if many else {}})
    assert found == [(f"{name}.0.uuid" if many else f"{name}.uuid", "required")]
    assert old.everything() == before


def test_the_form_of_an_address_is_not_known_beside_a_soort_that_is_none(served):
    """What it is now does not matter: it is to be another."""
    made = served.post("digitaleadressen", bodies.adres("a@example.nl"))
    wrong = {"adres": "geen", "soortDigitaalAdres": "postduif"}
    for method, path in (("PATCH", made["url"]), ("PUT", made["url"]), ("POST", "digitaleadressen")):
        assert told(served, method, path, wrong)[-1:] == [("soortDigitaalAdres", "invalid_choice")]
        assert "adres" not in [name for name, _ in told(served, method, path, wrong)]
    assert told(served, "PATCH", made["url"], {"adres": "geen"}) == [("adres", "invalid")]


def test_of_rules_over_several_members_the_first_that_is_broken_is_told(served, contact):
    """The next comes when that one is kept."""
    body = {"gevraagdeHandeling": "a", "aanleidinggevendKlantcontact": bodies.ref(contact)}
    body |= {"status": "te_verwerken", "afgehandeldOp": "2025-01-01T00:00:00Z"}
    actor = served.post("actoren", bodies.actor("a", "Anna"))
    whole = {**body, "toegewezenAanActoren": [bodies.ref(actor)]}
    made = served.post("internetaken", {**whole, "status": "verwerkt"})
    for method, path in (("POST", "internetaken"), ("PUT", made["url"])):
        assert told(served, method, path, body) == [("nonFieldErrors", "invalid")]
        both = {**whole, "toegewezenAanActor": bodies.ref(actor)}
        assert told(served, method, path, both) == [("nonFieldErrors", "invalid")]
        assert told(served, method, path, whole) == [("afgehandeldOp", "invalid")]
    assert told(served, "PATCH", made["url"], body) == [("afgehandeldOp", "invalid")]


def test_the_problems_of_a_composed_create_stand_in_the_order_of_its_parts(served):
    """Also when nothing of a part can be used."""
    wrong = {
        "onderwerpobject": {"wasKlantcontact": NOBODY},
        "betrokkene": {"rol": "buurman"},
        "klantcontact": bodies.contact(nummer="een"),
    }
    assert told(served, "POST", "maak-klantcontact", wrong) == [
        ("klantcontact.nummer", "invalid"),
        ("betrokkene.rol", "invalid_choice"),
        ("betrokkene.initiator", "required"),
        ("onderwerpobject.wasKlantcontact.uuid", "invalid"),
    ]


# references and lists


@pytest.mark.parametrize("value", [True, False, 1])
@pytest.mark.parametrize("member", ["klantcontact", "wasKlantcontact"])
def test_what_can_be_a_uuid_is_looked_for(served, member, value):
    """true is the number 1, and a number is a uuid: one that nothing has."""
    body = {"klantcontact": None, "wasKlantcontact": None, "onderwerpobjectidentificator": None}
    answer = served.post("onderwerpobjecten", {**body, member: {"uuid": value}}, 400)
    (problem,) = answer["invalidParams"]
    assert (problem["name"], problem["reason"]) == (f"{member}.uuid", "Klantcontact object bestaat niet.")


def test_the_problems_of_a_list_stand_in_the_order_of_its_items(served, old, contact):
    """Whatever finds them; an item that is null is told of the list, in its turn."""
    wrong = [NOBODY, {}, None, NOBODY, {"uuid": "x"}, None]
    before = old.everything()
    body = {**bodies.taak(contact), "toegewezenAanActoren": wrong, "status": "bijna", "nummer": "een"}
    name = "toegewezenAanActoren"
    assert told(served, "POST", "internetaken", body) == [
        ("nummer", "invalid"),
        (f"{name}.0.uuid", "invalid"),
        (f"{name}.1.uuid", "required"),
        (name, "null"),
        (f"{name}.3.uuid", "invalid"),
        (f"{name}.4.uuid", "invalid"),
        (name, "null"),
        ("status", "invalid_choice"),
    ]
    assert old.everything() == before


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
@pytest.mark.parametrize("name", ["digitaleAdressen", "rekeningnummers", "partijIdentificatoren"])
def test_null_in_a_list_of_a_partij(served, old, method, name):
    """Told of the list, beside the problems of its other items."""
    partij = served.post("partijen", bodies.persoon())
    path = "partijen" if method == "POST" else f"partijen/{partij['uuid']}"
    before = old.everything()
    assert told(served, method, path, {**bodies.persoon(), name: [None]}) == [(name, "null")]
    found = told(served, method, path, {**bodies.persoon(), name: [{"uuid": "x"}, None, {"uuid": "y"}]})
    about = [each for each in found if each[0].endswith("uuid") or each == (name, "null")]
    assert about == [(f"{name}.0.uuid", "invalid"), (name, "null"), (f"{name}.2.uuid", "invalid")]
    assert old.everything() == before


def test_the_problems_of_nested_identificatoren_stand_in_order(served):
    """What the schema finds and what the references give, by the members of each item."""
    code = bodies.identificator("bsn", bodies.BSN)["partijIdentificator"]
    wrong = {"partijIdentificator": {**code, "objectId": "9" * 201}, "subIdentificatorVan": NOBODY}
    body = {**bodies.persoon(), "partijIdentificatoren": [{"subIdentificatorVan": NOBODY}, wrong]}
    assert told(served, "POST", "partijen", body) == [
        ("partijIdentificatoren.0.partijIdentificator", "required"),
        ("partijIdentificatoren.0.subIdentificatorVan.uuid", "invalid"),
        ("partijIdentificatoren.1.partijIdentificator.objectId", LONG),
        ("partijIdentificatoren.1.subIdentificatorVan.uuid", "invalid"),
    ]


def test_keys_of_metadata_are_told_as_they_were_sent(served):
    """A map has no order of its own, whatever its keys look like."""
    long = "x" * 256
    found = told(
        served, "POST", "klantcontacten", bodies.contact(metadata={"9": long, "b.a": long, "1": long})
    )
    assert found == [(f"metadata.{key}", LONG) for key in ("9", "b.a", "1")]


# names


def respelled(value, spell):
    if isinstance(value, dict):
        return {spell(name): respelled(each, spell) for name, each in value.items()}
    return [respelled(each, spell) for each in value] if isinstance(value, list) else value


def snake(name):
    return "".join(f"_{each.lower()}" if each.isupper() or each.isdecimal() else each for each in name)


def capitals(name):
    return snake(name).upper()


def first_capital(name):
    return name[0].upper() + name[1:]


@pytest.mark.parametrize(
    "spell", [snake, first_capital, lambda name: snake(name).upper(), lambda name: f"_{name}"]
)
def test_members_are_read_in_every_spelling(served, contact, spell):
    """In every resource, at the top and below it, by POST, PUT and PATCH; answers spell them as ever."""
    actor = served.post("actoren", respelled(bodies.actor("a", "Anna"), spell))
    assert (actor["naam"], actor["actoridentificator"]["objectId"]) == ("Anna", "a")
    adres = {"straatnaam": "Dam", "huisnummertoevoeging": "bis", "adresregel1": "achter"}
    code = bodies.identificator("bsn", bodies.BSN)["partijIdentificator"]
    body = bodies.persoon(bezoekadres=adres, partijIdentificatoren=[{"partijIdentificator": code}])
    partij = served.post("partijen", respelled(body, spell))
    assert partij["partijIdentificatie"]["contactnaam"]["voorvoegselAchternaam"] == "de"
    assert {name: partij["bezoekadres"][name] for name in adres} == adres
    assert partij["partijIdentificatoren"][0]["partijIdentificator"] == code
    task = respelled(bodies.taak(contact, actor, gevraagdeHandeling="bellen"), spell)
    made = served.post("internetaken", task)
    assert (made["gevraagdeHandeling"], made["toegewezenAanActor"]["uuid"]) == ("bellen", actor["uuid"])
    path = f"internetaken/{made['uuid']}"
    assert served.put(path, {**task, spell("toelichting"): "a"})["toelichting"] == "a"
    assert served.patch(path, {spell("gevraagdeHandeling"): "mailen"})["gevraagdeHandeling"] == "mailen"
    together = {"klantcontact": bodies.contact(), "betrokkene": {"rol": "klant", "initiator": True}}
    assert served.post("maak-klantcontact", respelled(together, spell))["betrokkene"]["rol"] == "klant"


def test_of_a_member_that_comes_twice_the_last_counts(served):
    twice = {"hoofd_onderwerp_type": "https://a.example", "hoofdOnderwerpType": "https://b.example"}
    made = served.post("klantcontacten", {**bodies.contact(), **twice})
    assert made["hoofdOnderwerpType"] == "https://b.example"
    assert (
        served.post("klantcontacten", {**bodies.contact(), "ONDERWERP": "laatste"})["onderwerp"] == "laatste"
    )


def test_other_spellings_of_the_keys_of_metadata_are_other_keys(served):
    metadata = {"eenSleutel": "a", "een_sleutel": "b", "EEN_SLEUTEL": "c"}
    assert served.post("klantcontacten", bodies.contact(metadata=metadata))["metadata"] == metadata


# expand


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("collection", ["klantcontacten", "partijen", "betrokkenen", "digitaleadressen"])
def test_an_expand_that_does_not_exist_stops_a_change(served, old, contact, collection, method):
    """Before anything else is looked at; one that exists does nothing."""
    made = {
        "klantcontacten": (bodies.contact(), "inhoud"),
        "partijen": (bodies.persoon(), "interneNotitie"),
        "betrokkenen": (bodies.betrokkene(contact), "organisatienaam"),
        "digitaleadressen": (bodies.adres("a@example.nl"), "omschrijving"),
    }
    body, member = made[collection]
    path = f"{collection}/{served.post(collection, body)['uuid']}"
    before = old.everything()
    for there, text in (
        (path, json.dumps({**body, member: "anders"})),
        (f"{collection}/{NOBODY['uuid']}", "{"),
    ):
        answer = served.call(method, f"{there}?expand=onbekend", data=text, headers=JSON)
        assert answer.status_code == 400
        assert [each["name"] for each in answer.json()["invalidParams"]] == ["expand"]
    assert old.everything() == before
    assert served.call(method, f"{path}?expand=&onbekend=x", json={**body, member: "anders"}).ok
