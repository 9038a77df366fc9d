"""A body or query that is wrong is refused as a whole: every problem is named, nothing is written."""

import json

import pytest

from tests import bodies
from tests.deployment import Client

pytestmark = pytest.mark.alternating

NOBODY = {"uuid": "3f9b5a0e-64b5-4a4c-9d5f-0c6a3f4a2b11"}


@pytest.fixture
def known(served):
    """A contact, a partij and an actor to refer to."""
    return {
        "contact": served.post("klantcontacten", bodies.contact(nummer="0000000001")),
        "partij": served.post("partijen", bodies.persoon(nummer="0000000001")),
        "actor": served.post("actoren", bodies.actor("sanne", "Sanne")),
    }


CASES = {
    "klantcontacten": (
        lambda known: {
            "nummer": "0000000001",
            "referentienummer": "x",
            "onderwerp": "o" * 201,
            "inhoud": 5,
            "taal": "nederlands",
            "vertrouwelijk": "misschien",
            "plaatsgevondenOp": "gisteren",
            "metadata": {"a": None},
        },
        {
            "nummer",
            "referentienummer",
            "kanaal",
            "onderwerp",
            "taal",
            "vertrouwelijk",
            "plaatsgevondenOp",
            "metadata.a",
        },
    ),
    "betrokkenen": (
        lambda known: {
            "wasPartij": NOBODY,
            "hadKlantcontact": NOBODY,
            "rol": "buurman",
            "bezoekadres": {"postcode": "1012JS", "land": "NLD"},
            "contactnaam": {"voorletters": "v" * 11},
        },
        {
            "wasPartij.uuid",
            "hadKlantcontact.uuid",
            "rol",
            "initiator",
            "bezoekadres.postcode",
            "bezoekadres.land",
            "contactnaam.voorletters",
        },
    ),
    "digitaleadressen": (
        lambda known: {
            "verstrektDoorPartij": NOBODY,
            "verstrektDoorBetrokkene": NOBODY,
            "adres": "geen adres",
            "soortDigitaalAdres": "email",
            "referentie": "met spatie",
        },
        {"verstrektDoorPartij.uuid", "verstrektDoorBetrokkene.uuid", "adres", "referentie"},
    ),
    "internetaken": (
        lambda known: {
            "nummer": "een",
            "aanleidinggevendKlantcontact": NOBODY,
            "toegewezenAanActoren": [bodies.ref(known["actor"]), NOBODY],
            "status": "bijna",
        },
        {
            "nummer",
            "gevraagdeHandeling",
            "aanleidinggevendKlantcontact.uuid",
            "toegewezenAanActoren.1.uuid",
            "status",
        },
    ),
    "partijen": (
        lambda known: {
            **bodies.persoon(nummer="0000000001", voorkeurstaal="nederlands"),
            "digitaleAdressen": [NOBODY],
            "partijIdentificatoren": [{"partijIdentificator": {"codeSoortObjectId": "bsn"}}],
        },
        {"nummer", "voorkeurstaal", "digitaleAdressen.0.uuid"},
    ),
    "actoren": (
        lambda known: {"soortActor": "robot", "actoridentificator": {"objectId": "o" * 201}},
        {"soortActor"},
    ),
}


def names(answer):
    return {each["name"] for each in answer["invalidParams"]}


@pytest.mark.parametrize("collection", CASES)
def test_all_problems_come_at_once(served, old, known, collection):
    """One 400 names every problem of a body, those of references and uniqueness as well."""
    body, expected = CASES[collection]
    before = old.everything()
    answer = served.post(collection, body(known), 400)
    assert names(answer) >= expected
    assert len(answer["invalidParams"]) == len({(e["name"], e["code"]) for e in answer["invalidParams"]})
    assert old.everything() == before


def test_rules_over_several_members_come_once_each_member_is_right(served):
    """As in Open Klant: what two members may not say together is told when nothing is wrong with either."""
    body = bodies.contact(indicatieContactGelukt=True, verdereActieOndernomen=True, taal="nederlands")
    assert names(served.post("klantcontacten", body, 400)) == {"taal"}
    assert names(served.post("klantcontacten", {**body, "taal": "nld"}, 400)) == {"nonFieldErrors"}


def test_problems_of_a_composed_create_come_at_once(served, old, known):
    """The problems of all three parts are told with the part's name, and none of the parts is made."""
    before = old.everything()
    answer = served.post(
        "maak-klantcontact",
        {
            "klantcontact": {**bodies.contact(taal="nederlands"), "nummer": "0000000001"},
            "betrokkene": {"rol": "buurman", "initiator": True, "wasPartij": NOBODY},
            "onderwerpobject": {"wasKlantcontact": NOBODY},
        },
        400,
    )
    assert names(answer) >= {
        "klantcontact.taal",
        "klantcontact.nummer",
        "betrokkene.rol",
        "betrokkene.wasPartij.uuid",
        "onderwerpobject.wasKlantcontact.uuid",
    }
    assert old.everything() == before


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_wrong_change_changes_nothing(served, old, known, method):
    """A change with one wrong member leaves everything as it was."""
    contact = known["contact"]
    before = old.everything()
    body = bodies.contact(inhoud="Anders", taal="nederlands", todo="x" * 1001)
    answer = served.call(method, f"klantcontacten/{contact['uuid']}", json=body)
    assert answer.status_code == 400
    assert names(answer.json()) == {"taal", "todo"}
    assert old.everything() == before


def test_what_is_not_there_is_told_before_what_is_wrong(served):
    """A wrong body, and one that is no JSON, for a resource that does not exist is 404."""
    contact, text = served.post("klantcontacten", bodies.contact()), {"Content-Type": "application/json"}
    for method in ("PUT", "PATCH"):
        broken = [
            served.call(method, f"klantcontacten/{uuid}", data="{", headers=text).status_code
            for uuid in (NOBODY["uuid"], contact["uuid"])
        ]
        assert broken == [404, 400], method
    for name in ("klantcontacten", "partijen", "betrokkenen", "digitaleadressen", "internetaken", "actoren"):
        for method in ("PUT", "PATCH"):
            answer = served.call(method, f"{name}/{NOBODY['uuid']}", json={"onzin": 1, "naam": 5})
            assert answer.status_code == 404, (method, name)
        assert served.call("DELETE", f"{name}/{NOBODY['uuid']}").status_code == 404


@pytest.mark.parametrize("value", [None, 5, "tekst", [], [1], True])
def test_a_reference_of_another_shape(served, old, known, value):
    """Whatever stands where a reference should be is a 400, never a server error."""
    before = old.everything()
    body = {**bodies.betrokkene(known["contact"]), "hadKlantcontact": value}
    assert "hadKlantcontact" in "".join(names(served.post("betrokkenen", body, 400)))
    for broken in ({"uuid": value}, {"url": "x"}, {}):
        answer = served.call("POST", "betrokkenen", json={**body, "hadKlantcontact": broken})
        assert answer.status_code == 400
    assert old.everything() == before


def test_unique_numbers_are_unique_among_old_and_new(served, old):
    """A klantnummer of an old klant is taken for new partijen, also when it has leading zeros."""
    old.klant(klantnummer="4711")
    assert names(served.post("partijen", bodies.persoon(nummer="4711"), 400)) == {"nummer"}
    old.taak(old.moment(), nummer="12")
    contact, actor = (
        served.post("klantcontacten", bodies.contact()),
        served.post("actoren", bodies.actor("a", "A")),
    )
    assert names(served.post("internetaken", bodies.taak(contact, actor, nummer="12"), 400)) == {"nummer"}


def test_a_legacy_bsn_is_taken(served, old):
    """A partij cannot get the BSN of an old klant; two old klanten with one BSN are both served."""
    for _ in range(2):
        old.klant()
    assert served.get("partijen", partijIdentificator__objectId=bodies.BSN)["count"] == 2
    partij = served.post("partijen", bodies.persoon())
    answer = served.post("partij-identificatoren", bodies.identificator("bsn", bodies.BSN, partij), 400)
    assert names(answer) == {"__all__"}


def test_directory_objects_are_never_changed(served, old):
    """The municipality's own employees, afdelingen and groepen can be read and nothing else."""
    before = {}
    for kind, data in (
        ("Medewerker", {"identificatie": "s.deboer", "achternaam": "Boer", "afdelingen": []}),
        ("Afdeling", {"identificatie": "BZ", "naam": "Burgerzaken"}),
        ("Groep", {"identificatie": "BA", "naam": "Balie", "afdelingId": "BZ"}),
    ):
        stored = old.object(kind, **data)
        before[stored["uuid"]] = stored
        path = f"actoren/{stored['uuid']}"
        read = served.get(path)
        assert read["actoridentificator"]["objectId"] == data["identificatie"]
        assert served.patch(path, {"naam": "Anders"}, 403)["code"] == "permission_denied"
        sent = {name: value for name, value in read.items() if name != "actorIdentificatie"}
        assert served.put(path, sent) == read
        served.put(path, {**sent, "naam": "Anders"}, 403)
        served.delete(path, 403)
    for uuid, stored in before.items():
        assert old.objects.get(f"objects/{uuid}") == stored


@pytest.mark.parametrize(
    "query",
    [
        {"onbekend": "x"},
        {"plaatsgevondenOp": "gisteren"},
        {"hadBetrokkene__uuid": "geen-uuid"},
        {"expand": "onbekend"},
        {"kanaal": "x", "nog_een": "y"},
    ],
)
def test_a_wrong_query_is_refused(served, query):
    """A parameter that is unknown or has a wrong value is never ignored."""
    assert served.get("klantcontacten", 400, **query)["status"] == 400


@pytest.mark.parametrize("token", [None, "", "Token", "Token wrong", "Bearer demo"])
def test_without_a_token_nothing_is_told(deployment, token):
    """Reading and writing need a known token; the registers are not even asked."""
    headers = {} if token is None else {"Authorization": token}
    stranger = Client(deployment.served.base, **headers)
    deployment.exchanges.clear()
    with stranger.session:
        for method in ("GET", "POST"):
            answer = stranger.call(
                method, "klantcontacten", json=None if method == "GET" else bodies.contact()
            )
            assert answer.status_code == 401
    assert deployment.exchanges == []


@pytest.mark.parametrize("deep", [1000, 100_000])
@pytest.mark.parametrize(("opened", "closed"), [('{"a":', "}"), ("[", "]")], ids=["objects", "lists"])
@pytest.mark.parametrize("member", ["metadata", "taal", "hadBetrokkenen", "vertrouwelijk", "onbekend"])
def test_however_deep(served, member, opened, closed, deep):
    """A body that is nested deeper than any client means it is refused, or what is too much of it ignored."""
    nested = f"{opened * deep}1{closed * deep}"
    contact = json.dumps(bodies.contact()).removesuffix("}")
    answer = served.call(
        "POST",
        "klantcontacten",
        data=f'{contact}, "{member}": {nested}}}',
        headers={"Content-Type": "application/json"},
    )
    taken = member in ("onbekend", "hadBetrokkenen") and deep < 1024
    assert answer.status_code == (201 if taken else 400), answer.text[:300]
