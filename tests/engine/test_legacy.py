"""Whatever lies in the registers reads as complete, valid resources; every answer is checked for that."""

import json

import pytest

from tests import bodies
from tests.engine.old_kiss import ACTOR, MOMENT

pytestmark = pytest.mark.alternating

COLLECTIONS = (
    "actoren",
    "actorklantcontacten",
    "betrokkenen",
    "bijlagen",
    "categorie-relaties",
    "categorieen",
    "digitaleadressen",
    "internetaken",
    "klantcontacten",
    "onderwerpobjecten",
    "partij-identificatoren",
    "partijen",
    "rekeningnummers",
    "vertegenwoordigingen",
)
EXPANDS = {
    "klantcontacten": "leiddeTotInterneTaken,gingOverOnderwerpobjecten,omvatteBijlagen,hadBetrokkenen,"
    "hadBetrokkenen.digitaleAdressen,hadBetrokkenen.wasPartij",
    "betrokkenen": "digitaleAdressen",
    "partijen": "digitaleAdressen,betrokkenen,betrokkenen.hadKlantcontact,categorieRelaties",
    "digitaleadressen": "verstrektDoorBetrokkene,verstrektDoorBetrokkene.hadKlantcontact",
}
NOWHERE = "https://elders.example.nl/api/v1/dingen/3f9b5a0e-64b5-4a4c-9d5f-0c6a3f4a2b11"


def read_everything(served):
    """Every list and every resource in it, with and without expand; each must be 200 and the same twice."""
    found = {}
    for name in COLLECTIONS:
        found[name] = served.all(name)
        assert len(found[name]) == len({each["uuid"] for each in found[name]}), name
        for each in found[name]:
            read = served.get(f"{name}/{each['uuid']}")
            assert read == {key: value for key, value in each.items() if key != "_expand"}
        if name in EXPANDS:
            served.all(name, expand=EXPANDS[name])
            for each in found[name]:
                served.get(f"{name}/{each['uuid']}", expand=EXPANDS[name])
    follow(served, found)
    return found


def follow(served, found):
    """Every reference in the answers leads to something that can be read."""
    references = set()

    def collect(value):
        if isinstance(value, dict):
            if {"uuid", "url"} <= value.keys():
                references.add(value["url"])
            for each in value.values():
                collect(each)
        elif isinstance(value, list):
            for each in value:
                collect(each)

    collect(found)
    for url in sorted(references):
        assert served.call("GET", url).status_code in (200, 404), url


def test_everything_of_a_busy_day_is_served(served, old):
    """Contacts, klanten, tasks and zaken in all their combinations are complete and stable."""
    person = old.klant(
        voornaam="Piet", achternaam="Jansen", emailadres="piet@example.nl", telefoonnummer="0612345678"
    )
    shop = old.klant(
        subjectType="vestiging",
        subjectIdentificatie={"vestigingsNummer": bodies.VESTIGING},
        bedrijfsnaam="Bakkerij",
    )
    firm = old.klant(
        subjectType="niet_natuurlijk_persoon",
        subjectIdentificatie={"innNnpId": bodies.RSIN},
        bedrijfsnaam="Firma",
    )
    first = old.moment()
    second = old.moment(vorigContactmoment=first["url"], registratiedatum="2025-03-04T09:30:00Z")
    for klant, rol in ((person, "belanghebbende"), (person, "gesprekspartner"), (shop, "gesprekspartner")):
        old.link(first, klant, rol)
    old.link(second, firm)
    old.about(first, bodies.ZAAK)
    address = {"adres": "bel@example.nl", "soortDigitaalAdres": "e-mailadres", "omschrijving": "werk"}
    old.taak(
        first, betrokkene={"persoonsnaam": {"achternaam": "Vries"}, "digitaleAdressen": [address, address]}
    )
    old.taak(second, betrokkene={"klant": firm["url"], "digitaleAdressen": [address]})
    old.object("Medewerker", identificatie="s.deboer", afdelingen=[])
    old.object("Afdeling", identificatie="BZ", naam="Burgerzaken")
    first_time = read_everything(served)
    assert {name: len(found) for name, found in first_time.items() if found} == {
        "actoren": 2,
        "actorklantcontacten": 2,
        "betrokkenen": 5,
        "digitaleadressen": 5,
        "internetaken": 2,
        "klantcontacten": 2,
        "onderwerpobjecten": 2,
        "partij-identificatoren": 3,
        "partijen": 3,
    }
    assert {name: served.all(name) for name in COLLECTIONS} == first_time


@pytest.mark.parametrize("dialect", ["openklant"])
def test_blanks_of_open_klant_are_served(served, old):
    """A contactmoment with nothing filled in, and a klant with less, read as complete resources."""
    blank = {"kanaal": "", "tekst": "", "initiatiefnemer": "", "voorkeurstaal": "", "voorkeurskanaal": ""}
    moment = old.moment(**blank, medewerker="https://example.nl/m/1", medewerkerIdentificatie=None)
    klant = old.klant(websiteUrl="")
    old.link(moment, klant)
    found = read_everything(served)
    (contact,) = found["klantcontacten"]
    assert (contact["kanaal"], contact["inhoud"], contact["onderwerp"]) == ("", "", "Contact")
    assert (contact["taal"], contact["hadBetrokkenActoren"]) == ("nld", [])
    assert found["betrokkenen"][0]["initiator"] is True


@pytest.mark.parametrize("dialect", ["openklant"])
def test_a_blank_that_was_read_may_be_sent_back(deployment, served, old):
    """Where the specification wants a value and the register has none, only a new blank is refused."""
    path = f"klantcontacten/{old.moment(kanaal='')['url'].rpartition('/')[2]}"
    read = served.get(path)
    with deployment.writes() as written:
        assert served.put(path, read) == read
    assert written == []
    served.patch(path, {"kanaal": "balie"})
    (problem,) = served.patch(path, {"kanaal": ""}, expect=400)["invalidParams"]
    assert (problem["name"], problem["code"]) == ("kanaal", "blank")


def test_a_long_text_is_cut_and_stays_whole(served, old):
    """A text of 3000 characters is served in 1000; sent back as served it stays whole in the register."""
    text = "Eerste regel\n" + "lang verhaal " * 230
    moment = old.moment(tekst=text[:3000])
    path = f"klantcontacten/{moment['url'].rpartition('/')[2]}"
    read = served.get(path)
    assert len(read["inhoud"]) == 1000
    assert read["inhoud"].endswith("…")
    assert moment["tekst"].startswith(read["inhoud"][:-1])
    assert read["onderwerp"] == "Eerste regel"
    served.put(path, read)
    served.patch(path, {"inhoud": read["inhoud"], "onderwerp": "Nieuw"})
    assert old.contactmomenten.get(moment["url"])["tekst"] == moment["tekst"]
    assert served.get(path)["inhoud"] == read["inhoud"]
    assert served.get(path)["onderwerp"] == "Nieuw"


@pytest.mark.parametrize("text", ["", " \n ", "\n\nTweede", "x" * 300])
def test_the_onderwerp_of_any_text(served, old, text):
    """Without an onderwerp the first line with words is it, within the limit, or a fixed word."""
    moment = old.moment(tekst=text)
    read = served.get(f"klantcontacten/{moment['url'].rpartition('/')[2]}")
    assert 0 < len(read["onderwerp"]) <= 200
    assert "\n" not in read["onderwerp"]


@pytest.mark.parametrize("dialect", ["openklant"])
def test_values_that_do_not_fit_are_left_out_or_cut(served, old):
    """A name that is too long is cut, an address that cannot be one is left out, the rest is served."""
    old.klant(
        voornaam="V" * 50,
        achternaam="A" * 200,
        voorvoegselAchternaam="van der",
        emailadres="a" * 60 + "@" + "b" * 60 + ".example.nl",
        telefoonnummer="bel maar niet",
    )
    found = read_everything(served)
    (partij,) = found["partijen"]
    assert partij["partijIdentificatie"]["contactnaam"]["voorvoegselAchternaam"] == "van der"
    assert [each for each in found["digitaleadressen"] if each["soortDigitaalAdres"] == "email"] == []


def test_a_klant_without_a_known_subject(served, old):
    """A klant that nobody has identified is a partij without identificatoren."""
    old.klant(subjectIdentificatie={"inpBsn": "", "voorletters": "P."})
    found = read_everything(served)
    assert len(found["partijen"]) == 1
    assert found["partij-identificatoren"] == []


def test_references_that_lead_nowhere_are_tolerated(served, old, deployment):
    """What leads to a deleted klant or contact, or to an unknown host, expands to nothing."""
    moment, klant, gone = old.moment(), old.klant(), old.moment()
    old.link(moment, klant)
    old.taak(moment, betrokkene={"klant": klant["url"], "digitaleAdressen": []})
    old.taak(gone, betrokkene={"klant": NOWHERE, "digitaleAdressen": [{"adres": "a@example.nl"}]})
    old.taak({"url": NOWHERE})
    deployment.klanten.delete(klant["url"])
    deployment.contactmomenten.delete(gone["url"])
    found = read_everything(served)
    assert len(found["klantcontacten"]) == 1
    assert len(found["internetaken"]) == 3
    contact = found["klantcontacten"][0]
    expand = EXPANDS["klantcontacten"]
    read = served.get(f"klantcontacten/{contact['uuid']}", expand=expand)
    (betrokkene,) = read["_expand"]["hadBetrokkenen"]
    assert betrokkene["_expand"]["wasPartij"] is None


def test_two_roles_of_one_klant_are_two_betrokkenen(served, old):
    """Open Klant keeps a klant once per role; both are served, each as klant, and the contact once."""
    moment, klant = old.moment(), old.klant()
    for rol in ("belanghebbende", "gesprekspartner"):
        old.link(moment, klant, rol)
    found = served.get("betrokkenen")["results"]
    assert [each["rol"] for each in found] == ["klant", "klant"]
    uuid = klant["url"].rpartition("/")[2]
    contacts = served.get("klantcontacten", hadBetrokkene__wasPartij__uuid=uuid)
    assert (contacts["count"], len(contacts["results"])) == (1, 1)


ODD_TASKS = {
    "nothing but what is required": {"registratiedatum": None, "status": None, "toelichting": None},
    "a long explanation": {"toelichting": "t" * 3000, "handeling": "h" * 500},
    "a nummer that is none": {"nummer": "2025-0001"},
    "a long nummer": {"nummer": "1234567890123"},
    "an actor without a name": {"actor": {"identificatie": ""}},
    "an actor with a long identificatie": {"actor": {"identificatie": "i" * 300, "naam": "n" * 500}},
    "addresses of odd kinds": {
        "betrokkene": {
            "digitaleAdressen": [
                {"adres": ""},
                {"adres": "a" * 200, "soortDigitaalAdres": "email"},
                {"adres": "geen adres", "soortDigitaalAdres": "email", "omschrijving": "o" * 100},
                {"adres": "@naam", "soortDigitaalAdres": "Instagram"},
            ]
        }
    },
    "many addresses": {
        "betrokkene": {"digitaleAdressen": [{"adres": f"a{n}@example.nl"} for n in range(12)]}
    },
    "long names": {
        "betrokkene": {
            "rol": "vertegenwoordiger",
            "persoonsnaam": {
                "voornaam": "v" * 300,
                "voorvoegselAchternaam": "x" * 50,
                "achternaam": "a" * 300,
            },
            "organisatie": "o" * 400,
            "digitaleAdressen": [],
        }
    },
    "members of somebody else": {"activiteiten": [{"a": 1}], "betrokkene": {"digitaleAdressen": [], "x": 1}},
    "a moment with an offset": {"registratiedatum": "2025-03-03T10:30:00.123456+01:00"},
}


@pytest.mark.parametrize("data", ODD_TASKS.values(), ids=ODD_TASKS.keys())
def test_odd_tasks_are_served(served, old, data):
    """A contactverzoek with odd members is a valid internetaak with a valid betrokkene and addresses."""
    moment = old.moment()
    everything = {
        "registratiedatum": MOMENT,
        "status": "te verwerken",
        "toelichting": "Bel",
        "contactmoment": moment["url"],
        "actor": ACTOR,
        "betrokkene": {"digitaleAdressen": []},
        **data,
    }
    task = old.object(
        "InterneTaak", **{name: value for name, value in everything.items() if value is not None}
    )
    found = read_everything(served)
    assert [each["uuid"] for each in found["internetaken"]] == [task["uuid"]]


@pytest.mark.parametrize("data", ODD_TASKS.values(), ids=ODD_TASKS.keys())
def test_odd_tasks_can_be_closed(served, old, data):
    """Closing one changes its status and nothing else of what stood in it."""
    members = {"registratiedatum": MOMENT, "betrokkene": {"digitaleAdressen": []}, "actor": ACTOR, **data}
    moment = old.moment()
    before = {"contactmoment": moment["url"], **{k: v for k, v in members.items() if v is not None}}
    task = old.object("InterneTaak", **before)
    served.patch(f"internetaken/{task['uuid']}", {"status": "verwerkt"})
    after = old.data(task)
    assert after.pop("status") == "verwerkt"
    assert {name: after[name] for name in before} == before


def test_uuids_are_the_same_in_every_process(served, old, deployment):
    """A second KlantBrug before the same registers serves the same uuids, also those of values in slots."""
    klant = old.klant(emailadres="p@example.nl", telefoonnummer="0612345678")
    moment = old.moment()
    old.link(moment, klant)
    address = {"adres": "x@example.nl"}
    old.taak(moment, betrokkene={"digitaleAdressen": [address, address]})
    with deployment.another(lambda configuration: configuration) as other:
        for name in COLLECTIONS:
            mine, theirs = json.dumps(served.all(name)), json.dumps(other.all(name))
            assert mine == theirs.replace(other.base, served.base)
