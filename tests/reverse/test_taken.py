"""KISS in its old mode keeps contactverzoeken in the Objects API: here they are interne taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from adapter.registers.client import Register
from adapter.registers.messages import Received
from requests.structures import CaseInsensitiveDict

from tests import bodies
from tests.deployment import Client
from tests.reverse.chain import Chain, turned
from tests.reverse.test_budget import Costs
from tests.reverse.test_rules import KLANTEN, LINKS, MOMENTEN, klant, moment

TYPE = "6a1d5f0e-1c1b-4c57-9f0e-2f4d0c8a1b01"
OBJECTS = "api/v2/objects"
JSON = "application/json"
WHEN = "2024-03-01T10:15:00+01:00"
ADRESSEN = [
    {"adres": "jan@example.nl", "soortDigitaalAdres": "email", "omschrijving": "e-mailadres"},
    {"adres": "0612345678", "soortDigitaalAdres": "telefoonnummer", "omschrijving": "telefoonnummer"},
    {"adres": "030 2861000 tst 3", "soortDigitaalAdres": "telefoonnummer", "omschrijving": "werk"},
]


@pytest.fixture(scope="session")
def running_kiss(running_chain: Chain) -> Iterator[Chain]:
    """The chain, with objects of type InterneTaak served too."""
    with turned("openklant", running_chain.running, taken=True) as chain:
        yield chain


@pytest.fixture
def kiss(running_kiss: Chain) -> Chain:
    """An empty chain, of which the client sends what the Objects API wants too."""
    running_kiss.reset()
    running_kiss.old.session.headers["Content-Crs"] = "EPSG:4326"
    return running_kiss


def verzoek(contact: str, **members: Any) -> dict[str, Any]:
    """An object as KISS makes it for a contactverzoek."""
    data = {
        "status": "te verwerken",
        "contactmoment": contact,
        "registratiedatum": WHEN,
        "toelichting": "Graag na vijf uur bellen",
        "verantwoordelijkeAfdeling": "Burgerzaken",
        "medewerkerIdentificatie": {"identificatie": "kcm", "achternaam": "Wit"},
        "actor": {
            "naam": "Joost Berg",
            "soortActor": "medewerker",
            "identificatie": "jberg",
            "naamOrganisatorischeEenheid": "Burgerzaken",
            "identificatieOrganisatorischeEenheid": "BZ",
            "typeOrganisatorischeEenheid": "afdeling",
        },
        "betrokkene": {
            "rol": "klant",
            "persoonsnaam": {"voornaam": "Jan", "achternaam": "Jansen"},
            "digitaleAdressen": ADRESSEN,
        },
    }
    record = {"typeVersion": 1, "startAt": "2024-03-01", "data": {**data, **members}}
    return {"type": f"https://objecten.example/api/v2/objecttypes/{TYPE}", "record": record}


def found(old: Client, **query: str) -> list[Any]:
    asked = {"ordering": "-record__data__registratiedatum", "pageSize": "10", "type": TYPE, **query}
    return list(old.get(OBJECTS, **asked)["results"])


def test_a_contactverzoek_of_kiss_is_an_interne_taak(kiss: Chain) -> None:
    """Contact, object with the klant, then the link: it reads what it wrote, new clients see one of each."""
    old, new = kiss.old, kiss.running.served
    person = old.post(KLANTEN, klant())
    contact = old.post(MOMENTEN, moment(initiatiefnemer="klant"))
    body = verzoek(contact["url"])
    body["record"]["data"]["betrokkene"]["klant"] = person["url"]
    made = old.post(OBJECTS, body)
    assert made["record"]["data"] == body["record"]["data"]
    assert old.get(f"{LINKS}?klant={person['url']}")["results"] == []
    ends = {"klant": person["url"], "contactmoment": contact["url"]}
    link = old.post(LINKS, {**ends, "rol": "gesprekspartner"})

    assert old.get(made["url"])["record"] == made["record"]
    for query in (
        f"betrokkene__klant__exact__{person['url']}",
        "betrokkene__digitaleAdressen__icontains__JAN@",
    ):
        assert [each["record"]["data"] for each in found(old, data_attr=query)] == [body["record"]["data"]]
    assert old.get(f"{LINKS}?klant={person['url']}")["results"] == [link]
    assert old.get(contact["url"])["initiatiefnemer"] == "klant"
    assert not any("http" in path for _, _, path in kiss.calls)

    (taak,) = new.all("internetaken")
    assert taak["toelichting"] == "Graag na vijf uur bellen"
    assert {new.get(f"actoren/{each['uuid']}")["naam"] for each in taak["toegewezenAanActoren"]} == {
        "Joost Berg",
        "Burgerzaken",
    }
    (betrokkene,) = new.all("betrokkenen")
    assert link["url"].endswith(betrokkene["uuid"])
    assert betrokkene["contactnaam"]["voornaam"] == "Jan"
    kinds = {each["adres"]: each["soortDigitaalAdres"] for each in new.all("digitaleadressen")}
    assert kinds == {"jan@example.nl": "email", "0612345678": "telefoonnummer", "030 2861000 tst 3": "overig"}


def test_what_either_client_changes_the_other_reads(kiss: Chain) -> None:
    """PATCH merges and PUT replaces, as in the Objects API; of two changes of a member the last one holds.

    Bytes that are no UTF-8 are not replaced by what is; an object is not posted to.
    """
    old, new = kiss.old, kiss.running.served
    contact = old.post(MOMENTEN, moment())
    made = old.post(OBJECTS, verzoek(contact["url"]))
    (taak,) = new.all("internetaken")

    done = old.patch(made["url"], {"record": {"data": {"status": "verwerkt", "datumVerwerkt": WHEN}}})
    assert done["record"]["index"] == 2
    assert old.get(made["url"])["record"]["data"] == {
        **made["record"]["data"],
        "status": "verwerkt",
        "datumVerwerkt": WHEN,
    }
    assert new.get(f"internetaken/{taak['uuid']}")["status"] == "verwerkt"

    new.patch(f"internetaken/{taak['uuid']}", {"status": "te_verwerken", "toelichting": "Toch niet"})
    data = old.get(made["url"])["record"]["data"]
    assert (data["status"], data["toelichting"]) == ("te verwerken", "Toch niet")
    assert data["verantwoordelijkeAfdeling"] == "Burgerzaken"

    group = {"naam": "Parkeren", "soortActor": "organisatorische eenheid", "identificatie": "PK"}
    group |= {"typeOrganisatorischeEenheid": "groep"}
    before = new.all("digitaleadressen")
    other = verzoek(contact["url"], actor=group)
    other["record"]["data"]["betrokkene"]["digitaleAdressen"] = ADRESSEN[:2]
    old.put(made["url"], other)
    assert old.get(made["url"])["record"]["data"] == other["record"]["data"]
    (actor,) = new.get(f"internetaken/{taak['uuid']}")["toegewezenAanActoren"]
    assert new.get(f"actoren/{actor['uuid']}")["actoridentificator"]["codeObjecttype"] == "grp"
    after = new.all("digitaleadressen")
    assert [each for each in before if each["adres"] != ADRESSEN[2]["adres"]] == after

    refused = {"data": b'{"record": {"data": {"toelichting": "\xff"}}}', "headers": {"Content-Type": JSON}}
    assert old.call("PATCH", made["url"], **refused).status_code == 400
    answer = old.call("POST", made["url"], json={})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, PUT, PATCH, DELETE, HEAD")
    assert old.get(made["url"])["record"]["data"] == other["record"]["data"]
    old.delete(made["url"])
    old.get(made["url"], expect=404)
    assert new.all("internetaken") == []


def test_a_taak_of_a_new_client_is_an_object_for_old_ones(kiss: Chain) -> None:
    """It is as KISS needs it: with an actor and addresses, found by what it says."""
    old, new = kiss.old, kiss.running.served
    contact = new.post(
        "klantcontacten", {"kanaal": "balie", "onderwerp": "x", "taal": "nld", "vertrouwelijk": False}
    )
    taak = new.post(
        "internetaken",
        {
            "aanleidinggevendKlantcontact": {"uuid": contact["uuid"]},
            "toegewezenAanActoren": [],
            "toelichting": "Bel",
            **WAT,
        },
    )
    (seen,) = found(old)
    assert seen["url"] == f"{kiss.origin}/{OBJECTS}/{taak['uuid']}"
    assert seen["type"] == f"{kiss.origin}/api/v2/objecttypes/{TYPE}"
    assert seen["record"]["data"]["betrokkene"] == {"digitaleAdressen": []}
    assert seen["record"]["data"]["actor"]["identificatie"]
    for query, count in (
        ("toelichting__exact__Bel", 1),
        ("status__exact__verwerkt", 0),
        ("toelichting__icontains__EL", 1),
    ):
        assert len(found(old, data_attr=query)) == count
    answer = old.post(
        f"{OBJECTS}/search", {"type": TYPE, "data_attrs": "toelichting__exact__Bel"}, expect=200
    )
    assert answer["count"] == 1
    assert old.get(f"{seen['url']}/history")["count"] == 1
    old.get(f"{seen['url']}/{'9' * 5000}", expect=404)


def test_who_comes_later_is_not_who_an_earlier_object_is_about(kiss: Chain) -> None:
    """A first betrokkene of the contact, of another object or a link, leaves what said nothing of one."""
    old = kiss.old
    person, contact = old.post(KLANTEN, klant()), old.post(MOMENTEN, moment())
    silent = {"digitaleAdressen": []}
    first = old.post(OBJECTS, verzoek(contact["url"], betrokkene=silent))
    second = old.post(OBJECTS, verzoek(contact["url"]))
    assert old.get(first["url"])["record"]["data"] == first["record"]["data"]
    other = old.post(MOMENTEN, moment())
    third = old.post(OBJECTS, verzoek(other["url"], betrokkene=silent))
    old.post(LINKS, {"klant": person["url"], "contactmoment": other["url"], "rol": "gesprekspartner"})
    assert old.get(third["url"])["record"]["data"] == third["record"]["data"]
    assert old.get(second["url"])["record"]["data"]["betrokkene"]["digitaleAdressen"] == ADRESSEN


UNIT = {"soortActor": "organisatorische eenheid", "typeOrganisatorischeEenheid": "afdeling"}
ELS = {"naam": "Els Bos", "soortActor": "medewerker", "identificatie": "ebos"}
OF_UNIT = {"naamOrganisatorischeEenheid": "Burgerzaken", "identificatieOrganisatorischeEenheid": "BZ"}


def test_whoever_a_contactverzoek_is_given_to_is_who_new_clients_read(kiss: Chain) -> None:
    """From an employee, of a unit or not, to a unit and back; whom a new client added stays."""
    old, served = kiss.old, kiss.running.served
    unit = {**UNIT, "naam": "Burgerzaken", "identificatie": "BZ"}
    other = {**UNIT, "naam": "Parkeren", "identificatie": "PK"}
    contact = old.post(MOMENTEN, moment())["url"]
    made = old.post(OBJECTS, verzoek(contact, actor=ELS))
    path = f"internetaken/{made['uuid']}"
    program = served.post(
        "actoren", {**bodies.actor("p", "Programma"), "soortActor": "geautomatiseerde_actor"}
    )

    def names() -> list[str]:
        links = served.get(path)["toegewezenAanActoren"]
        return [served.get(f"actoren/{each['uuid']}")["naam"] for each in links]

    links = served.get(path)["toegewezenAanActoren"]
    served.patch(path, {"toegewezenAanActoren": [{"uuid": each["uuid"]} for each in (*links, program)]})
    for actor, shown in (
        (unit, ["Burgerzaken"]),
        ({**ELS, **OF_UNIT}, ["Els Bos", "Burgerzaken"]),
        (unit, ["Burgerzaken"]),
        (other, ["Parkeren"]),
        (ELS, ["Els Bos"]),
        ({"identificatie": "alleen"}, ["alleen"]),
    ):
        old.put(made["url"], verzoek(contact, actor=actor))
        assert old.get(made["url"])["record"]["data"]["actor"] == actor
        assert sorted(names()) == sorted([*shown, "Programma"])


def test_who_comes_from_another_contact_is_not_who_an_object_is_about(kiss: Chain) -> None:
    """Her addresses neither, whether an object about the other contact shows them or none does.

    Nor when she was there before whoever the object is about.
    """
    old, served = kiss.old, kiss.running.served
    person, other = old.post(KLANTEN, klant()), old.post(KLANTEN, klant(klantnummer="2"))
    for told, later in ((False, False), (True, False), (False, True)):
        first, second = old.post(MOMENTEN, moment()), old.post(MOMENTEN, moment())
        body = {"klant": person["url"], "contactmoment": first["url"], "rol": "gesprekspartner"}
        link = old.post(LINKS, body)
        owner = {"verstrektDoorBetrokkene": {"uuid": link["url"].rpartition("/")[2]}}
        address = {"adres": "jan@example.nl", "soortDigitaalAdres": "email", "omschrijving": "thuis"}
        served.post("digitaleadressen", {**address, **owner, "verstrektDoorPartij": None})
        if later:
            old.post(LINKS, {**body, "klant": other["url"], "contactmoment": second["url"]})
        for each in (first, second) if told else (second,):
            contact = {"aanleidinggevendKlantcontact": {"uuid": each["url"].rpartition("/")[2]}}
            body = {"gevraagdeHandeling": "Bellen", "status": "te_verwerken", "toegewezenAanActoren": []}
            served.post("internetaken", {**body, **contact, "toelichting": ""})
        before = found(old)
        old.put(link["url"], {**link, "contactmoment": second["url"], "rol": "belanghebbende"})
        assert found(old) == before


def test_a_contactverzoek_costs_no_more_calls_than_it_needs(kiss: Chain) -> None:
    """One for each thing that is made, one to look for each actor, one for the contact, one for a refusal."""
    old, costs = kiss.old, Costs(kiss)
    person, contact = old.post(KLANTEN, klant()), old.post(MOMENTEN, moment(initiatiefnemer="klant"))
    body = verzoek(contact["url"])
    body["record"]["data"]["betrokkene"]["klant"] = person["url"]
    made = costs.at_most(11, 5, old.post, OBJECTS, body)
    ends = {"klant": person["url"], "contactmoment": contact["url"]}
    costs.at_most(3, 6, old.post, LINKS, {**ends, "rol": "gesprekspartner"})
    by_klant = f"betrokkene__klant__exact__{person['url']}"
    for query, asides in ((by_klant, 2), ("betrokkene__digitaleAdressen__icontains__jan@", 2)):
        costs.at_most(3, asides, old.get, f"{OBJECTS}?type={TYPE}&data_attr={query}")
    costs.at_most(4, 1, old.get, made["url"])
    costs.at_most(5, 2, old.patch, made["url"], {"record": {"data": {"status": "verwerkt"}}})
    assert costs.dear == [], "\n".join(costs.dear)


@pytest.mark.contract
@pytest.mark.parametrize("without", ["adapter.reverse.writes.claimed", "adapter.reverse.parts_far._mark"])
def test_without_adopting_the_contact_has_the_klant_twice(
    kiss: Chain, monkeypatch: pytest.MonkeyPatch, without: str
) -> None:
    """The rule is needed: what the object made and what the link makes are one."""
    monkeypatch.setattr(without, lambda *_args: None)
    old = kiss.old
    person, contact = old.post(KLANTEN, klant()), old.post(MOMENTEN, moment())
    body = verzoek(contact["url"])
    body["record"]["data"]["betrokkene"]["klant"] = person["url"]
    old.post(OBJECTS, body)
    ends = {"klant": person["url"], "contactmoment": contact["url"]}
    old.post(LINKS, {**ends, "rol": "gesprekspartner"})
    assert len(kiss.running.served.all("betrokkenen")) == 2


WAT = {"gevraagdeHandeling": "Bellen", "status": "te_verwerken"}


def test_what_is_no_taak_is_handed_on(kiss: Chain) -> None:
    """The Objects API judges the client by its own token; its addresses are ours in the answer."""
    mine = Client(kiss.origin, Authorization="Token demo", **{"Content-Crs": "EPSG:4326"})
    kinds = {each["name"]: each for each in mine.get("api/v2/objecttypes")["results"]}
    assert kinds["Afdeling"]["url"].startswith(kiss.origin)
    data = {"identificatie": "BZ", "naam": "Burgerzaken"}
    body = {
        "type": kinds["Afdeling"]["url"],
        "record": {"typeVersion": 1, "startAt": "2024-03-01", "data": data},
    }
    made = mine.post(OBJECTS, body)
    assert made["url"].startswith(f"{kiss.origin}/{OBJECTS}/")
    assert mine.get(made["url"])["record"]["data"] == data
    query = {"type": kinds["Afdeling"]["url"], "data_attr": "naam__exact__Burgerzaken"}
    assert mine.get(OBJECTS, **query)["results"] == [made]
    for path in ("objects%3Fpage=1", "objects/%2e%2e/objecttypes", "objects%23x"):
        assert mine.call("GET", f"api/v2/{path}").status_code == 404
    mine.session.headers["Authorization"] = "Token elders"
    assert mine.get(made["url"], expect=401)["code"] == "authentication_failed"
    mine.delete(made["url"], expect=401)
    mine.session.headers["Authorization"] = "Token demo"
    mine.delete(made["url"])
    mine.close()


def test_only_headers_that_the_objects_api_reads_go_along(
    kiss: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No cookies, and nothing that only a proxy may say; nor does a cookie come back."""
    seen: list[set[str]] = []

    def relay(_self: Register, *_given: Any, headers: dict[str, str], **_more: Any) -> Received:
        seen.append({name.lower() for name in headers})
        return Received(200, CaseInsensitiveDict({"Set-Cookie": "sessionid=2", "ETag": '"1"'}), b"")

    monkeypatch.setattr(Register, "relay", relay)
    untrusted = {
        "Cookie": "sessionid=1",
        "X-Forwarded-Host": "elders.example",
        "X-Forwarded-For": "192.0.2.1",
    }
    answer = kiss.old.call("GET", "api/v2/objecttypes", headers={**untrusted, "X-Request-Id": "een"})
    assert seen == [{"authorization", "accept", "content-crs", "x-request-id"}]
    assert (answer.headers["ETag"], "Set-Cookie" in answer.headers) == ('"1"', False)
    assert kiss.old.call("TRACE", "api/v2/objecttypes").status_code == 405
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"contactmoment": "https://elders.example/1"}, "record.data.contactmoment"),
        ({"actor": {"naam": "zonder identificatie"}}, "nonFieldErrors"),
        pytest.param({"status": "weet niet"}, "nonFieldErrors", marks=pytest.mark.contract),
    ],
)
def test_an_object_that_cannot_be_a_taak_is_refused(kiss: Chain, change: dict[str, Any], name: str) -> None:
    """Nothing is made of it, here or there."""
    contact = kiss.old.post(MOMENTEN, moment())
    answer = kiss.old.post(OBJECTS, verzoek(contact["url"], **change), expect=400)
    assert [each["name"] for each in answer["invalid_params"]] == [name]
    assert kiss.running.served.all("internetaken") == []


def test_a_client_without_a_right_does_not_see_taken(kiss: Chain) -> None:
    """401 without a token that is known here, in the words of the Objects API."""
    nobody = Client(kiss.origin)
    assert nobody.get(OBJECTS, expect=401, type=TYPE)["code"] == "not_authenticated"
    nobody.close()


def test_who_an_object_made_goes_with_the_klant_and_leaves_the_contact_as_it_read(kiss: Chain) -> None:
    """Also while no link was made of it: such a betrokkene counts for what the contactmoment says.

    A link goes with the klant.
    """
    old = kiss.old
    person, contact = old.post(KLANTEN, klant()), old.post(MOMENTEN, moment(initiatiefnemer="gemeente"))
    body = verzoek(contact["url"])
    body["record"]["data"]["betrokkene"]["klant"] = person["url"]
    old.post(OBJECTS, body)
    assert old.get(contact["url"])["initiatiefnemer"] == "gemeente"
    other = old.post(MOMENTEN, moment())
    ends = {"klant": person["url"], "contactmoment": other["url"]}
    link = old.post(LINKS, {**ends, "rol": "gesprekspartner"})
    old.delete(person["url"])
    assert kiss.running.served.all("betrokkenen") == []
    assert old.get(contact["url"])["initiatiefnemer"] == "gemeente"
    old.put(link["url"], {**ends, "rol": "belanghebbende"}, expect=404)


def test_an_address_that_stands_aside_is_found_as_well(kiss: Chain) -> None:
    """The betrokkene of a second contactverzoek is not that of the contact: its addresses stand aside.

    Quotes are found as little as in the JSON that a real Objects API looks in.
    """
    old = kiss.old
    contact = old.post(MOMENTEN, moment())
    first = old.post(OBJECTS, verzoek(contact["url"]))
    second = verzoek(contact["url"])
    second["record"]["data"]["betrokkene"]["digitaleAdressen"] = [
        {"adres": each, "soortDigitaalAdres": "overig"}
        for each in ("niemand@example.nl", "straße@example.nl", "X%_1", 'zegt "ja"')
    ]
    made = old.post(OBJECTS, second)
    assert made["record"]["data"] == second["record"]["data"]
    for part, wanted in {
        "NIEMAND@": [made],
        "Straße": [made],
        "x%_": [made],
        'zegt "ja': [],
        "example": [made, first],
    }.items():
        query = f"betrokkene__digitaleAdressen__icontains__{part}"
        urls = {each["url"] for each in found(old, data_attr=query)}
        assert urls == {each["url"] for each in wanted}, part
