"""What a new client records stands where an old client looks for it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import bodies

MAIL, PHONE = "piet@example.nl", "0612345678"
AGENT = bodies.actor("jan@gem.nl", "Jan Jansen", codes="mdw/msei/email")
SANNE = bodies.actor("s.deboer", "Sanne de Boer")
BURGERZAKEN = bodies.actor("BZ", "Burgerzaken", soort="organisatorische_eenheid", codes="afd/obj/idf")
NAME = {"voorletters": "P", "voornaam": "Piet", "voorvoegselAchternaam": "van", "achternaam": "Jansen"}
CALL = bodies.contact(
    onderwerp="Afspraak maken (paspoort)",
    inhoud="Burger wil een terugbelverzoek",
    indicatieContactGelukt=True,
    plaatsgevondenOp="2026-01-05T10:15:00Z",
)


@pytest.fixture
def contact(served):
    """A klantcontact that an agent of KISS recorded."""
    agent = served.post("actoren", AGENT)
    contact = served.post("klantcontacten", CALL)
    served.post("actorklantcontacten", {"actor": bodies.ref(agent), "klantcontact": bodies.ref(contact)})
    return contact


def test_a_contact_is_a_contactmoment(contact, old):
    """Channel, text, moment, language, who began and which employee stand in the contactmoment."""
    moment = old.moment_of(contact)
    assert moment["kanaal"] == "telefoon"
    assert moment["tekst"] == "Burger wil een terugbelverzoek"
    assert moment["registratiedatum"] == "2026-01-05T10:15:00Z"
    assert moment["voorkeurstaal"] == "nld"
    assert moment["medewerkerIdentificatie"]["identificatie"] == "jan@gem.nl"
    assert moment["medewerkerIdentificatie"]["achternaam"] == "Jan Jansen"


@pytest.mark.parametrize(("initiators", "initiatiefnemer"), [([True], "klant"), ([False, False], "gemeente")])
def test_who_began_is_told(served, contact, old, initiators, initiatiefnemer):
    """The klant began when a betrokkene did, the gemeente when none of them did."""
    for initiator in initiators:
        served.post("betrokkenen", bodies.betrokkene(contact, initiator=initiator))
    assert old.moment_of(contact)["initiatiefnemer"] == initiatiefnemer


def steps_of(served, contact):
    """The parts of a contactverzoek after its contact, each as a step that needs the ones before it."""
    made = {}

    def betrokkene():
        made["betrokkene"] = served.post("betrokkenen", bodies.betrokkene(contact, contactnaam=NAME))

    def addresses():
        for adres, soort, omschrijving in (
            (MAIL, "email", "e-mailadres"),
            (PHONE, "telefoonnummer", "telefoonnummer"),
        ):
            body = bodies.adres(adres, soort, betrokkene=made["betrokkene"], omschrijving=omschrijving)
            served.post("digitaleadressen", body)

    def taak():
        actoren = [served.post("actoren", each) for each in (SANNE, BURGERZAKEN)]
        made["taak"] = served.post("internetaken", bodies.taak(contact, *actoren, nummer=""))

    return {"betrokkene": betrokkene, "addresses": addresses, "taak": taak}, made


ORDERS = ["betrokkene addresses taak", "betrokkene taak addresses", "taak betrokkene addresses"]


@pytest.mark.parametrize("order", ORDERS)
def test_a_contactverzoek_is_complete_whatever_comes_first(served, contact, old, order):
    """The InterneTaak names actor, eenheid, caller, addresses and contact, in whatever order they came."""
    steps, made = steps_of(served, contact)
    for step in order.split():
        steps[step]()
    (task,) = old.taken_with(MAIL)
    assert task == old.data(made["taak"])
    assert task["contactmoment"] == old.moment_of(contact)["url"]
    assert task["status"] == "te verwerken"
    assert task["toelichting"] == "Graag terugbellen"
    moment = datetime.fromisoformat(task["registratiedatum"])
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    assert task["actor"] == {
        "naam": "Sanne de Boer",
        "soortActor": "medewerker",
        "identificatie": "s.deboer",
        "naamOrganisatorischeEenheid": "Burgerzaken",
        "identificatieOrganisatorischeEenheid": "BZ",
        "typeOrganisatorischeEenheid": "afdeling",
    }
    betrokkene = task["betrokkene"]
    assert betrokkene["persoonsnaam"] == {
        "voornaam": "Piet",
        "voorvoegselAchternaam": "van",
        "achternaam": "Jansen",
    }
    assert betrokkene["rol"] == "klant"
    assert "klant" not in betrokkene
    assert sorted(each["adres"] for each in betrokkene["digitaleAdressen"]) == [PHONE, MAIL]
    by_kind = {each["soortDigitaalAdres"]: each for each in betrokkene["digitaleAdressen"]}
    assert by_kind["email"] == {"adres": MAIL, "soortDigitaalAdres": "email", "omschrijving": "e-mailadres"}


def test_changes_of_a_contactverzoek_reach_the_old_client(served, contact, old):
    """A corrected address, another name and a removed address stand in the InterneTaak at once."""
    steps, made = steps_of(served, contact)
    for step in ORDERS[0].split():
        steps[step]()
    mail, phone = (served.get("digitaleadressen", adres=each)["results"][0] for each in (MAIL, PHONE))
    served.patch(f"digitaleadressen/{mail['uuid']}", {"adres": "nieuw@example.nl"})
    served.delete(f"digitaleadressen/{phone['uuid']}")
    served.patch(
        f"betrokkenen/{made['betrokkene']['uuid']}", {"contactnaam": {**NAME, "achternaam": "Pietersen"}}
    )
    betrokkene = old.data(made["taak"])["betrokkene"]
    assert [each["adres"] for each in betrokkene["digitaleAdressen"]] == ["nieuw@example.nl"]
    assert betrokkene["persoonsnaam"]["achternaam"] == "Pietersen"
    served.delete(f"betrokkenen/{made['betrokkene']['uuid']}")
    betrokkene = old.data(made["taak"])["betrokkene"]
    assert betrokkene["digitaleAdressen"] == []
    assert "persoonsnaam" not in betrokkene


def test_what_is_told_is_never_served_twice(served, contact):
    """The caller and the addresses in the InterneTaak are those that were made, and count once."""
    steps, made = steps_of(served, contact)
    for step in ORDERS[0].split():
        steps[step]()
    assert served.get("betrokkenen")["count"] == 1
    assert served.get("digitaleadressen")["count"] == 2
    assert served.get("actoren")["count"] == 3
    read = served.get(f"klantcontacten/{contact['uuid']}")
    assert [each["uuid"] for each in read["hadBetrokkenen"]] == [made["betrokkene"]["uuid"]]
    assert [each["naam"] for each in read["hadBetrokkenActoren"]] == ["Jan Jansen"]


def test_an_identified_citizen_and_a_zaak(served, contact, old):
    """A partij with a BSN is a klant that is found by it, took part in the contact, and so did the zaak."""
    partij = served.post("partijen", bodies.partij("persoon", partijIdentificatie={"contactnaam": None}))
    served.post("partij-identificatoren", bodies.identificator("bsn", bodies.BSN, partij))
    served.post("betrokkenen", bodies.betrokkene(contact, partij))
    served.post("onderwerpobjecten", bodies.onderwerp(contact))
    klant = old.klant_with(subjectNatuurlijkPersoon__inpBsn=bodies.BSN)
    assert klant["url"].endswith(partij["uuid"])
    assert [each["url"] for each in old.momenten_of(klant)] == [old.moment_of(contact)["url"]]
    assert old.zaken_of(contact) == [bodies.ZAAK]


def test_the_zaak_knows_the_contact(served, contact, deployment):
    """The Zaken API has the relation as well, as the register demands."""
    served.post("onderwerpobjecten", bodies.onderwerp(contact))
    pair = {
        "zaak": deployment.zaken.url(f"zaken/{bodies.ZAAK}"),
        "contactmoment": deployment.contactmomenten.url(f"contactmomenten/{contact['uuid']}"),
    }
    assert len(deployment.zaken.get("zaakcontactmomenten", **pair)) == 1


def test_a_zaak_that_is_unlinked_is_unlinked_on_both_sides(served, contact, old, deployment):
    """Deleting the onderwerpobject removes the objectcontactmoment and the relation in the Zaken API."""
    link = served.post("onderwerpobjecten", bodies.onderwerp(contact))
    served.delete(f"onderwerpobjecten/{link['uuid']}")
    pair = {
        "zaak": deployment.zaken.url(f"zaken/{bodies.ZAAK}"),
        "contactmoment": deployment.contactmomenten.url(f"contactmomenten/{contact['uuid']}"),
    }
    assert deployment.zaken.get("zaakcontactmomenten", **pair) == []
    assert old.zaken_of(contact) == []
    assert served.get("onderwerpobjecten")["count"] == 0


def test_the_taak_of_an_identified_citizen_names_the_klant(served, contact, old):
    """Old clients find the contactverzoeken of a klant by its URL."""
    partij = served.post("partijen", bodies.persoon())
    served.post("betrokkenen", bodies.betrokkene(contact, partij))
    task = served.post("internetaken", bodies.taak(contact, served.post("actoren", SANNE)))
    klant = old.klant_of(partij)
    assert old.taken_of(klant) == [old.data(task)]


def test_a_person_is_a_klant_with_names_and_addresses(served, old):
    """Names, and the standard address of each kind, stand in the klant."""
    partij = served.post("partijen", bodies.persoon(nummer="12345678"))
    for adres, soort, standard in (
        ("tweede@example.nl", "email", False),
        (MAIL, "email", True),
        (PHONE, "telefoonnummer", True),
        ("0201234567", "telefoonnummer", False),
    ):
        served.post("digitaleadressen", bodies.adres(adres, soort, partij=partij, isStandaardAdres=standard))
    klant = old.klant_of(partij)
    assert (klant["voornaam"], klant["voorvoegselAchternaam"], klant["achternaam"]) == (
        "Pieter",
        "de",
        "Vries",
    )
    assert klant["subjectIdentificatie"]["voorletters"] == "P."
    assert (klant["emailadres"], klant["telefoonnummer"]) == (MAIL, PHONE)
    assert klant["klantnummer"] == "12345678"


def test_without_a_standard_address_the_first_is_seen(served, old):
    """The klant shows the first address of a kind until one is the standard."""
    partij = served.post("partijen", bodies.persoon())
    served.post("digitaleadressen", bodies.adres("eerste@example.nl", partij=partij))
    second = served.post("digitaleadressen", bodies.adres("tweede@example.nl", partij=partij))
    assert old.klant_of(partij)["emailadres"] == "eerste@example.nl"
    served.patch(f"digitaleadressen/{second['uuid']}", {"isStandaardAdres": True})
    assert old.klant_of(partij)["emailadres"] == "tweede@example.nl"


@pytest.mark.parametrize(
    ("soort", "number", "klant"),
    [
        ("rsin", bodies.RSIN, ("niet_natuurlijk_persoon", "subjectNietNatuurlijkPersoon__innNnpId")),
        ("vestigingsnummer", bodies.VESTIGING, ("vestiging", "subjectVestiging__vestigingsNummer")),
    ],
)
def test_an_organisation_is_found_by_its_number(served, old, soort, number, klant):
    """A nested number decides what kind of klant an organisatie is; old clients find it by that number."""
    subject_type, filter_name = klant
    kvk = served.post("partij-identificatoren", bodies.identificator("kvk_nummer", "12345678"))
    nested = bodies.identificator(soort, number, sub=kvk if soort == "vestigingsnummer" else None)
    del nested["identificeerdePartij"]
    partij = served.post("partijen", bodies.organisatie(partijIdentificatoren=[nested]))
    klant = old.klant_with(**{filter_name: number})
    assert klant["url"].endswith(partij["uuid"])
    assert klant["subjectType"] == subject_type
    assert klant["bedrijfsnaam"] == "Bakkerij De Korenbloem"


def test_the_question_of_a_citizen_and_its_answer(served, old):
    """Open Inwoner's question is a contactmoment of the klant; the answer names it as the one before."""
    nested = bodies.identificator("bsn", bodies.BSN)
    del nested["identificeerdePartij"]
    partij = served.post("partijen", bodies.persoon(partijIdentificatoren=[nested]))
    inbox = served.post("actoren", BURGERZAKEN)
    question = served.post(
        "klantcontacten", bodies.contact(kanaal="open-inwoner", inhoud="Hoe vraag ik dat aan?")
    )
    served.post("betrokkenen", bodies.betrokkene(question, partij, organisatienaam="Open Inwoner Platform"))
    body = bodies.taak(question, toegewezenAanActor=bodies.ref(inbox), toelichting="Beantwoorden vraag")
    del body["toegewezenAanActoren"]
    task = served.post("internetaken", body)
    served.post("onderwerpobjecten", bodies.onderwerp(question))
    answer = served.post("klantcontacten", bodies.contact(inhoud="Zo vraagt u dat aan."))
    link = {"klantcontact": bodies.ref(answer), "wasKlantcontact": bodies.ref(question)}
    served.post("onderwerpobjecten", {**link, "onderwerpobjectidentificator": None})
    served.patch(f"internetaken/{task['uuid']}", {"status": "verwerkt"})

    klant = old.klant_with(subjectNatuurlijkPersoon__inpBsn=bodies.BSN)
    (asked,) = old.momenten_of(klant)
    assert (asked["kanaal"], asked["tekst"]) == ("open-inwoner", "Hoe vraag ik dat aan?")
    assert old.moment_of(answer)["vorigContactmoment"] == asked["url"]
    assert asked["volgendContactmoment"] == old.moment_of(answer)["url"]
    (seen,) = old.taken_of(klant)
    assert (seen["status"], seen["toelichting"]) == ("verwerkt", "Beantwoorden vraag")
    assert seen["actor"]["soortActor"] == "organisatorische eenheid"
    assert (seen["actor"]["naam"], seen["actor"]["identificatie"]) == ("Burgerzaken", "BZ")
    assert seen["betrokkene"]["organisatie"] == "Open Inwoner Platform"
    assert old.zaken_of(question) == [bodies.ZAAK]


def test_a_task_that_is_taken_and_closed(served, contact, old):
    """ITA's assignment, closing and reopening stand in the InterneTaak."""
    eenheid = served.post("actoren", BURGERZAKEN)
    me = served.post("actoren", bodies.actor("ik@gem.nl", "Ik Zelf", codes="mdw/msei/email"))
    task = served.post("internetaken", bodies.taak(contact, eenheid))
    assert old.data(task)["actor"]["naam"] == "Burgerzaken"
    path = f"internetaken/{task['uuid']}"
    served.patch(path, {"toegewezenAanActoren": [bodies.ref(me), bodies.ref(eenheid)]})
    actor = old.data(task)["actor"]
    assert (actor["naam"], actor["identificatie"]) == ("Ik Zelf", "ik@gem.nl")
    assert actor["naamOrganisatorischeEenheid"] == "Burgerzaken"
    served.patch(path, {"status": "verwerkt"})
    assert old.data(task)["status"] == "verwerkt"
    served.patch(path, {"status": "te_verwerken"})
    assert old.data(task)["status"] == "te verwerken"


def test_a_submitted_form(served, old):
    """Open Forms' three creates in one are a contactmoment of the klant with the submitted address."""
    nested = bodies.identificator("bsn", bodies.BSN)
    del nested["identificeerdePartij"]
    partij = served.post("partijen", bodies.persoon(partijIdentificatoren=[nested], voorkeurstaal="nld"))
    made = served.post(
        "maak-klantcontact",
        {
            "klantcontact": bodies.contact(kanaal="Webformulier", onderwerp="Verhuizen", vertrouwelijk=True),
            "betrokkene": {
                "rol": "klant",
                "initiator": True,
                "organisatienaam": "",
                "wasPartij": bodies.ref(partij),
            },
            "onderwerpobject": {
                "onderwerpobjectidentificator": {
                    "objectId": "OF-2026-000123",
                    "codeObjecttype": "formulierinzending",
                    "codeRegister": "Open Formulieren",
                    "codeSoortObjectId": "public_registration_reference",
                }
            },
        },
    )
    body = bodies.adres(MAIL, partij=partij, betrokkene=made["betrokkene"], isStandaardAdres=True)
    served.post("digitaleadressen", body)
    klant = old.klant_with(subjectNatuurlijkPersoon__inpBsn=bodies.BSN)
    assert klant["emailadres"] == MAIL
    (moment,) = old.momenten_of(klant)
    assert moment["kanaal"] == "Webformulier"
    found = served.get(
        "klantcontacten", onderwerpobject__onderwerpobjectidentificatorObjectId="OF-2026-000123"
    )
    assert [each["uuid"] for each in found["results"]] == [made["klantcontact"]["uuid"]]


def test_what_is_deleted_is_gone_for_old_clients(served, contact, old):
    """Deleting a klantcontact takes the contactmoment and its tasks; deleting a partij takes the klant."""
    partij = served.post("partijen", bodies.persoon())
    served.post("betrokkenen", bodies.betrokkene(contact, partij))
    task = served.post("internetaken", bodies.taak(contact, served.post("actoren", SANNE)))
    served.delete(f"klantcontacten/{contact['uuid']}")
    old.contactmomenten.get(f"contactmomenten/{contact['uuid']}", 404)
    old.objects.get(f"objects/{task['uuid']}", 404)
    assert old.momenten_of(old.klant_of(partij)) == []
    served.delete(f"partijen/{partij['uuid']}")
    old.klanten.get(f"klanten/{partij['uuid']}", 404)
