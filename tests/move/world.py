"""One of everything, written by a new client and by an old one."""

from tests import bodies
from tests.bodies import ref
from tests.engine.old_kiss import OldKiss


def one_of_everything(deployment):
    """Fill the registers so that every table of a target gets a row, those of links and groups included."""
    served, old = deployment.served, OldKiss(deployment)
    people(served)
    contacts(served, old)


def people(served):
    """Partijen of each kind with all that hangs on them."""
    shop = served.post(
        "partijen", bodies.organisatie(nummer="0000000007", bezoekadres=bodies_address(), voorkeurstaal="nld")
    )
    person = served.post("partijen", bodies.persoon(interneNotitie="Belt\tgraag\nterug \\ later"))
    name = {"voorletters": "E", "voornaam": "Eva", "voorvoegselAchternaam": "", "achternaam": "Groot"}
    works = {"werkteVoorPartij": ref(shop), "contactnaam": name}
    served.post("partijen", bodies.partij("contactpersoon", partijIdentificatie=works))
    mail = served.post("digitaleadressen", bodies.adres("pieter@example.nl", partij=person))
    served.post(
        "digitaleadressen",
        bodies.adres("0612345678", "telefoonnummer", partij=person, isStandaardAdres=True, referentie="werk"),
    )
    account = {"partij": ref(person), "iban": "NL91ABNA0417164300", "bic": "ABNANL2A"}
    account = served.post("rekeningnummers", account)
    preferred = {"voorkeursDigitaalAdres": ref(mail), "voorkeursRekeningnummer": ref(account)}
    served.patch(f"partijen/{person['uuid']}", {"soortPartij": "persoon", **preferred})
    kind = served.post("categorieen", {"naam": "Ondernemer"})
    served.post(
        "categorie-relaties", {"partij": ref(shop), "categorie": ref(kind), "beginDatum": "2024-01-02"}
    )
    served.post(
        "vertegenwoordigingen",
        {"vertegenwoordigendePartij": ref(person), "vertegenwoordigdePartij": ref(shop)},
    )
    served.post("partij-identificatoren", bodies.identificator("bsn", bodies.BSN, person))
    kvk = served.post("partij-identificatoren", bodies.identificator("kvk_nummer", "12345678", shop))
    branch = served.post("partijen", bodies.organisatie("Filiaal"))
    served.post(
        "partij-identificatoren", bodies.identificator("vestigingsnummer", bodies.VESTIGING, branch, kvk)
    )


def bodies_address():
    """An address with all its members."""
    return {
        "nummeraanduidingId": "1234567890000001",
        "straatnaam": "Dorpsstraat",
        "huisnummer": 7,
        "huisnummertoevoeging": "a",
        "postcode": "1234 AB",
        "stad": "Ons Dorp",
        "adresregel1": "",
        "adresregel2": "",
        "adresregel3": "",
        "land": "NL",
    }


def contacts(served, old):
    """Klantcontacten with everything that hangs on them, of both kinds of clients."""
    desk = {"functie": "balie", "emailadres": "t@example.nl", "telefoonnummer": "0201234567"}
    clerk = served.post(
        "actoren",
        bodies.actor("t.tester", "T. Tester", actorIdentificatie=desk),
    )
    team = {
        "omschrijving": "Balie",
        "emailadres": "balie@example.nl",
        "faxnummer": "0201234568",
        "telefoonnummer": "0201234567",
    }
    team = bodies.actor(
        "burg", "Burgerzaken", soort="organisatorische_eenheid", codes="afd/obj/idf", actorIdentificatie=team
    )
    team = served.post("actoren", team)
    robot = {"soort": "geautomatiseerde_actor", "actorIdentificatie": {"functie": "bot", "omschrijving": "x"}}
    served.post("actoren", bodies.actor("bot", "Bot", **robot))
    person = served.all("partijen")[0]
    first = served.post("klantcontacten", bodies.contact(plaatsgevondenOp="2024-03-01T10:15:00.25Z"))
    contact = served.post(
        "klantcontacten",
        bodies.contact(
            nummer="0000000042",
            inhoud="Regel 1\nRegel 2",
            metadata={"zaaktype": "z", "Bron": "x"},
            indicatieContactGelukt=False,
        ),
    )
    served.post("betrokkenen", bodies.betrokkene(contact, person))
    caller = served.post("betrokkenen", bodies.betrokkene(contact, organisatienaam="Bakkerij"))
    served.post("digitaleadressen", bodies.adres("anna@example.nl", betrokkene=caller))
    served.post("actorklantcontacten", {"actor": ref(clerk), "klantcontact": ref(contact)})
    served.post("onderwerpobjecten", bodies.onderwerp(contact))
    served.post("onderwerpobjecten", {**bodies.onderwerp(contact), "wasKlantcontact": ref(first)})
    file = {"objectId": "d-1", "codeObjecttype": "d", "codeRegister": "r", "codeSoortObjectId": "u"}
    served.post("bijlagen", {"wasBijlageVanKlantcontact": ref(contact), "bijlageidentificator": file})
    served.post("internetaken", bodies.taak(contact, clerk, team, nummer="0000000001"))
    served.post("internetaken", bodies.taak(first, status="verwerkt"))
    klant = old.klant(emailadres="oud@example.nl", subjectIdentificatie={"inpBsn": bodies.OTHER_BSN})
    moment = old.moment()
    old.link(moment, klant)
    old.about(moment, bodies.OTHER_ZAAK)
    addresses = [{"adres": "0201234567", "omschrijving": "werk", "soortDigitaalAdres": "telefoonnummer"}]
    old.taak(moment, betrokkene={"rol": "klant", "digitaleAdressen": addresses})
