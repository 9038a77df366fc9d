"""What the operations are about where contacts are gathered."""

from tests import bodies

GROUP = {
    "codeObjecttype": "grp",
    "codeRegister": "obj",
    "codeSoortObjectId": "idf",
    "objectId": "Frontoffice",
}
ZAAK = "0c9b2f7e-3d5a-4b16-8e47-6a1d2c3b4f52"
# As employees record them.
RECORDED = {
    "bronorganisatie": "002220647",
    "kanaal": "telefoon",
    "registratiedatum": "2025-03-03T09:30:00Z",
    "tekst": "Wil een afspraak.",
    "status": "afgehandeld",
    "antwoord": "Gemaakt.",
    "type": "Contactmoment",
}


def known_of_gathered(deployment):
    """Makes contacts that are held, sent, or of employees, by the names of budget.yaml."""
    served = deployment.served
    bsn = bodies.identificator("bsn", bodies.BSN)
    bsn.pop("identificeerdePartij")
    partij = served.post("partijen", bodies.persoon(partijIdentificatoren=[bsn]))
    group = bodies.actor("Frontoffice", "Frontoffice", soort="organisatorische_eenheid", codes="grp/obj/idf")
    actor = served.post("actoren", group)
    found = {"partij": partij["uuid"], "actor": actor["uuid"]}
    adres = bodies.adres("p@example.nl", partij=partij)
    found["adres"] = served.post("digitaleadressen", adres)["uuid"]
    for name in ("contact", "held"):
        made = whole(served, partij)
        found[name], found[f"{name}_betrokkene"] = made["klantcontacten"], made["betrokkenen"]
        found[f"{name}_adres"] = made["digitaleadressen"]
    # Sent with its task; the other one waits for it.
    taak = bodies.taak({"uuid": found["contact"]}, actor)
    found["taak"] = served.post("internetaken", taak)["uuid"]
    found["betrokkene"] = found["contact_betrokkene"]
    found["bare"] = served.post("klantcontacten", bodies.contact())["uuid"]
    old = deployment.contactmomenten.post("contactmomenten", RECORDED)
    found["old"] = old["url"].rpartition("/")[2]
    link = {
        "contactmoment": old["url"],
        "object": deployment.zaken.url(f"zaken/{ZAAK}"),
        "objectType": "zaak",
    }
    deployment.contactmomenten.post("objectcontactmomenten", link)
    found["zaak"] = ZAAK
    return found


def whole(served, partij):
    """The uuids of a klantcontact with a partij, an address and a zaak, by their resources."""
    contact = served.post("klantcontacten", bodies.contact(inhoud="Vraag"))
    naam = {"voorletters": "E", "voornaam": "Eva", "voorvoegselAchternaam": "", "achternaam": "Bos"}
    someone = served.post("betrokkenen", bodies.betrokkene(contact, partij, contactnaam=naam))
    adres = served.post("digitaleadressen", bodies.adres("e@example.nl", betrokkene=someone))
    about = served.post("onderwerpobjecten", bodies.onderwerp(contact))
    made = {"klantcontacten": contact, "betrokkenen": someone, "digitaleadressen": adres}
    return {name: each["uuid"] for name, each in {**made, "onderwerpobjecten": about}.items()}
