"""What an old client changes afterwards wins over what a new client wrote before."""

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

LONG = "Een lang verhaal. " * 80
MAIL = "p@example.nl"


@pytest.fixture
def contact(served):
    """A klantcontact with a text that fits the register."""
    return served.post("klantcontacten", bodies.contact(inhoud="Nieuw", kanaal="balie"))


def path_of(resource, name):
    return f"{name}/{resource['uuid']}"


def test_a_changed_text_and_channel(served, old, contact):
    """Text, channel and language of the register are served from the moment that they change."""
    moment = old.moment_of(contact)
    change = {"tekst": "Oud", "kanaal": "e-mail", "voorkeurstaal": "eng"}
    old.contactmomenten.put(moment["url"], {**moment, **change})
    read = served.get(path_of(contact, "klantcontacten"))
    assert (read["inhoud"], read["kanaal"], read["taal"]) == ("Oud", "e-mail", "eng")
    assert read["onderwerp"] == contact["onderwerp"]


@pytest.mark.parametrize("member", ["kanaal", "taal"])
def test_a_supplemented_value_is_void_once_the_register_changed(served, old, member):
    """A value that did not fit the register is served until an old client writes another one there."""
    wanted = {"kanaal": "k" * 50, "taal": "nl"}[member]
    contact = served.post("klantcontacten", bodies.contact(**{member: wanted}))
    path = path_of(contact, "klantcontacten")
    assert served.get(path)[member] == wanted
    moment = old.moment_of(contact)
    at = {"kanaal": "kanaal", "taal": "voorkeurstaal"}[member]
    changed = {"kanaal": "post", "taal": "fra"}[member]
    old.contactmomenten.put(moment["url"], {**moment, at: changed})
    assert served.get(path)[member] == changed
    served.patch(path, {"reactie": "ja"})
    assert served.get(path)[member] == changed


def test_a_changed_moment(served, old, contact):
    """The moment of the register is served, and orders the list."""
    later = served.post("klantcontacten", bodies.contact(plaatsgevondenOp="2026-02-01T10:00:00.123456Z"))
    moment = old.moment_of(later)
    old.contactmomenten.put(moment["url"], {**moment, "registratiedatum": "2020-01-01T10:00:00Z"})
    assert served.get(path_of(later, "klantcontacten"))["plaatsgevondenOp"] == "2020-01-01T10:00:00Z"
    assert [each["uuid"] for each in served.get("klantcontacten")["results"]] == [
        contact["uuid"],
        later["uuid"],
    ]


def test_a_changed_employee(served, old, contact):
    """Another employee in the contactmoment is the one that the contact is served with."""
    first = served.post("actoren", bodies.actor("a", "Anna"))
    link = {"actor": bodies.ref(first), "klantcontact": bodies.ref(contact)}
    link = served.post("actorklantcontacten", link)
    moment = old.moment_of(contact)
    assert moment["medewerkerIdentificatie"]["identificatie"] == "a"
    other = {"identificatie": "b", "achternaam": "Bakker", "voorletters": "B.", "voorvoegselAchternaam": ""}
    old.contactmomenten.put(moment["url"], {**moment, "medewerkerIdentificatie": other})
    (actor,) = served.get(path_of(contact, "klantcontacten"))["hadBetrokkenActoren"]
    assert actor["actoridentificator"]["objectId"] == "b"
    (read,) = served.get("actorklantcontacten")["results"]
    assert read["uuid"] == link["uuid"]
    assert read["actor"]["uuid"] == actor["uuid"]


@pytest.fixture
def persoon(served):
    """A person with one address of each kind."""
    partij = served.post("partijen", bodies.persoon())
    served.post(
        "digitaleadressen", bodies.adres(MAIL, partij=partij, omschrijving="werk", referentie="portaal")
    )
    served.post("digitaleadressen", bodies.adres("0612345678", "telefoonnummer", partij=partij))
    return served.get(path_of(partij, "partijen"))


def addresses(served, partij):
    found = served.get("digitaleadressen", verstrektDoorPartij__uuid=partij["uuid"])["results"]
    return {each["soortDigitaalAdres"]: each for each in found}


def test_a_changed_name(served, old, persoon):
    """A name in the klant is the name of the partij; what the klant has no place for stays."""
    old.klanten.patch(f"klanten/{persoon['uuid']}", {"achternaam": "Bakker"})
    name = served.get(path_of(persoon, "partijen"))["partijIdentificatie"]["contactnaam"]
    assert name == {**persoon["partijIdentificatie"]["contactnaam"], "achternaam": "Bakker"}


def test_a_name_that_did_not_fit(served, old):
    """A prefix that was too long for the klant is void once an old client writes another."""
    name = {
        "voorletters": "P.",
        "voornaam": "Piet",
        "voorvoegselAchternaam": "tien teken",
        "achternaam": "A" * 200,
    }
    partij = served.post("partijen", bodies.partij("persoon", partijIdentificatie={"contactnaam": name}))
    assert partij["partijIdentificatie"]["contactnaam"] == name
    old.klanten.patch(f"klanten/{partij['uuid']}", {"achternaam": "Kort"})
    read = served.get(path_of(partij, "partijen"))
    assert read["partijIdentificatie"]["contactnaam"] == {**name, "achternaam": "Kort"}


@pytest.mark.parametrize(
    ("soort", "change"),
    [("email", {"emailadres": "oud@example.nl"}), ("telefoonnummer", {"telefoonnummer": "0201234567"})],
)
def test_a_changed_address(served, old, persoon, soort, change):
    """The address keeps its uuid and everything else, and reads as the old client wrote it."""
    ((at, value),) = change.items()
    before = addresses(served, persoon)
    old.klanten.patch(f"klanten/{persoon['uuid']}", {at: value})
    after = addresses(served, persoon)
    assert after == {**before, soort: {**before[soort], "adres": value}}
    assert served.get(path_of(before[soort], "digitaleadressen"))["adres"] == value
    assert served.get("digitaleadressen", adres=value)["count"] == 1
    assert served.get("digitaleadressen", adres=before[soort]["adres"])["count"] == 0


def test_a_changed_address_is_kept_by_the_next_write(served, old, persoon):
    """Writing something else of the address keeps what the old client wrote."""
    address = addresses(served, persoon)["email"]
    old.klanten.patch(f"klanten/{persoon['uuid']}", {"emailadres": "oud@example.nl"})
    served.patch(path_of(address, "digitaleadressen"), {"omschrijving": "thuis"})
    read = addresses(served, persoon)["email"]
    assert (read["adres"], read["omschrijving"]) == ("oud@example.nl", "thuis")
    assert old.klant_of(persoon)["emailadres"] == "oud@example.nl"


def test_an_emptied_address_is_gone(served, old, persoon):
    """When an old client empties the telephone number, the mirrored address no longer exists."""
    address = addresses(served, persoon)["telefoonnummer"]
    old.klanten.patch(f"klanten/{persoon['uuid']}", {"telefoonnummer": ""})
    assert addresses(served, persoon).keys() == {"email"}
    served.get(path_of(address, "digitaleadressen"), 404)
    assert address["uuid"] not in str(served.get(path_of(persoon, "partijen")))


def test_a_deleted_klant_takes_the_partij(served, old, persoon):
    """When an old client deletes the klant, partij and addresses can no longer be read."""
    old.klanten.delete(f"klanten/{persoon['uuid']}")
    served.get(path_of(persoon, "partijen"), 404)
    assert served.get("partijen")["count"] == 0


def test_a_deleted_contactmoment_takes_the_contact(served, old, contact):
    """When an old client deletes the contactmoment, the klantcontact is gone from lists and by uuid."""
    served.post("betrokkenen", bodies.betrokkene(contact))
    old.contactmomenten.delete(f"contactmomenten/{contact['uuid']}")
    served.get(path_of(contact, "klantcontacten"), 404)
    assert served.get("klantcontacten")["count"] == 0
    for each in served.get("betrokkenen", expand="digitaleAdressen")["results"]:
        assert served.get(path_of(each, "betrokkenen")) == {k: v for k, v in each.items() if k != "_expand"}


@pytest.fixture
def task(served, contact):
    """A task of an employee, recorded by a new client."""
    actor = served.post("actoren", bodies.actor("sanne", "Sanne de Boer"))
    return served.post("internetaken", bodies.taak(contact, actor))


def test_a_changed_task(served, old, task):
    """Status and explanation that an old client writes are served."""
    stored = old.objects.get(f"objects/{task['uuid']}")
    old.change(stored, status="verwerkt", toelichting="Gebeld")
    read = served.get(path_of(task, "internetaken"))
    assert (read["status"], read["toelichting"]) == ("verwerkt", "Gebeld")
    assert served.get("internetaken", status="verwerkt")["count"] == 1
    assert served.get("internetaken", status="te_verwerken")["count"] == 0


def test_a_changed_actor_of_a_task(served, old, task):
    """Another actor in the InterneTaak is the one that the task is assigned to."""
    stored = old.objects.get(f"objects/{task['uuid']}")
    actor = {"naam": "Burgerzaken", "soortActor": "organisatorische eenheid", "identificatie": "BZ"}
    old.change(stored, actor={**actor, "typeOrganisatorischeEenheid": "afdeling"})
    (reference,) = served.get(path_of(task, "internetaken"))["toegewezenAanActoren"]
    assert served.get(f"actoren/{reference['uuid']}")["naam"] == "Burgerzaken"
    served.patch(path_of(task, "internetaken"), {"toelichting": "x"})
    assert old.data(task)["actor"]["naam"] == "Burgerzaken"


def test_a_changed_caller_of_a_task(served, old, contact):
    """A name that an old client corrects in the InterneTaak is the name of the betrokkene."""
    naam = {"voorletters": "P", "voornaam": "Piet", "voorvoegselAchternaam": "", "achternaam": "Jansen"}
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact, contactnaam=naam))
    actor = served.post("actoren", bodies.actor("sanne", "Sanne de Boer"))
    task = served.post("internetaken", bodies.taak(contact, actor))
    stored = old.objects.get(f"objects/{task['uuid']}")
    told = stored["record"]["data"]["betrokkene"]
    old.change(
        stored, betrokkene={**told, "persoonsnaam": {**told["persoonsnaam"], "achternaam": "Pietersen"}}
    )
    read = served.get(path_of(betrokkene, "betrokkenen"))
    assert read["contactnaam"] == {**naam, "achternaam": "Pietersen"}
    assert served.get("betrokkenen")["count"] == 1


def test_a_changed_previous_contact(served, old, contact):
    """The earlier contact that an old client names instead is the one that is served, under the same uuid."""
    first, second = (served.post("klantcontacten", bodies.contact()) for _ in range(2))
    link = {"klantcontact": bodies.ref(contact), "wasKlantcontact": bodies.ref(first)}
    made = served.post("onderwerpobjecten", {**link, "onderwerpobjectidentificator": None})
    moment = old.moment_of(contact)
    assert moment["vorigContactmoment"].endswith(first["uuid"])
    earlier = old.contactmomenten.url(f"contactmomenten/{second['uuid']}")
    old.contactmomenten.put(moment["url"], {**moment, "vorigContactmoment": earlier})
    (read,) = served.get("onderwerpobjecten")["results"]
    assert (read["uuid"], read["wasKlantcontact"]["uuid"]) == (made["uuid"], second["uuid"])
    old.contactmomenten.put(moment["url"], {**moment, "vorigContactmoment": None})
    assert served.get("onderwerpobjecten")["count"] == 0


def test_a_filler_is_replaced_by_what_an_old_client_fills_in(served, old, contact):
    """As long as nobody knows the employee there is none; the first that an old client names is served."""
    assert contact["hadBetrokkenActoren"] == []
    moment = old.moment_of(contact)
    employee = {"identificatie": "j.jansen", "achternaam": "Jansen"}
    old.contactmomenten.put(moment["url"], {**moment, "medewerkerIdentificatie": employee})
    (actor,) = served.get(path_of(contact, "klantcontacten"))["hadBetrokkenActoren"]
    assert actor["naam"] == "Jansen"


def test_a_number_that_an_old_client_gives_is_served(served, old):
    """A klantnummer of digits that replaces the filler is the nummer of the partij."""
    partij = served.post("partijen", bodies.persoon())
    assert partij["nummer"] is None
    old.klanten.patch(f"klanten/{partij['uuid']}", {"klantnummer": "4711"})
    assert served.get(path_of(partij, "partijen"))["nummer"] == "4711"
    assert served.get("partijen", nummer="4711")["count"] == 1


def test_a_long_text_of_a_new_client(served, old):
    """A text that fits the register is there whole; one that an old client shortens is served shortened."""
    contact = served.post("klantcontacten", bodies.contact(inhoud=LONG[:1000]))
    moment = old.moment_of(contact)
    assert moment["tekst"] == LONG[:1000]
    old.contactmomenten.put(moment["url"], {**moment, "tekst": LONG[:500]})
    assert served.get(path_of(contact, "klantcontacten"))["inhoud"] == LONG[:500]
