"""What a new client records stands where an old client looks for it."""

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

MAIL, PHONE = "piet@example.nl", "0612345678"


AGENT = bodies.actor("jan@gem.nl", "Jan Jansen", codes="mdw/msei/email")


SANNE = bodies.actor("s.deboer", "Sanne de Boer")


BURGERZAKEN = bodies.actor("BZ", "Burgerzaken", soort="organisatorische_eenheid", codes="afd/obj/idf")


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
