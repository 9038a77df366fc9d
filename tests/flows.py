"""What five client applications do from end to end, for tests of what is told of it meanwhile.

They are KISS with somebody unknown and with a resident, Open Inwoner, the application for interne taken, and
Open Forms with a document. The bodies hold the values that `tests.watching` looks for.
"""

from typing import Any

from tests import bodies
from tests.deployment import Client

BSN = {"codeObjecttype": "natuurlijk_persoon", "codeRegister": "brp", "codeSoortObjectId": "bsn"}


def play(served: Client) -> dict[str, Any]:
    """Play all five; what they made, by a name."""
    medewerker = served.post("actoren", bodies.actor("jan@example.nl", "J. Jansen", codes="mdw/msei/email"))
    unknown = _unknown(served, medewerker)
    partij = _resident(served, medewerker)
    question = _question(served, partij, medewerker)
    _task_is_done(served, question["taak"], medewerker)
    form = _form(served, partij)
    served.delete(f"digitaleadressen/{unknown['adres']['uuid']}")
    return {"medewerker": medewerker, "partij": partij, **question, "form": form}


def _unknown(served: Client, medewerker: Any) -> dict[str, Any]:
    contact = served.post("klantcontacten", bodies.contact(inhoud="Wil een afspraak, 0201234567"))
    served.post("actorklantcontacten", {"actor": bodies.ref(medewerker), "klantcontact": bodies.ref(contact)})
    naam = {"voorletters": "P.", "voornaam": "Pieter", "voorvoegselAchternaam": "", "achternaam": "Jansen"}
    betrokkene = served.post("betrokkenen", bodies.betrokkene(contact, contactnaam=naam, organisatienaam=""))
    adres = served.post("digitaleadressen", bodies.adres("piet@example.nl", betrokkene=betrokkene))
    served.post("internetaken", bodies.taak(contact, medewerker))
    served.post("onderwerpobjecten", bodies.onderwerp(contact))
    return {"contact": contact, "adres": adres}


def _find(served: Client, **more: str) -> Any:
    codes = {f"partijIdentificator__{name}": value for name, value in BSN.items()}
    return served.get("partijen", **codes, partijIdentificator__objectId=bodies.BSN, **more)["results"]


def _resident(served: Client, medewerker: Any) -> Any:
    assert _find(served, soortPartij="persoon", expand="digitaleAdressen") == []
    partij = served.post("partijen", bodies.persoon())
    served.post("partij-identificatoren", bodies.identificator("bsn", bodies.BSN, partij))
    contact = served.post("klantcontacten", bodies.contact(inhoud="Verhuizing naar een andere straat"))
    served.post("actorklantcontacten", {"actor": bodies.ref(medewerker), "klantcontact": bodies.ref(contact)})
    served.post("betrokkenen", bodies.betrokkene(contact, partij))
    served.get("betrokkenen", wasPartij__url=partij["url"], pageSize=100)
    return partij


def _question(served: Client, partij: Any, medewerker: Any) -> dict[str, Any]:
    assert len(_find(served, soortPartij="persoon")) == 1
    contact = served.post("klantcontacten", bodies.contact(kanaal="open-inwoner", inhoud="Hoe werkt dat?"))
    served.post("betrokkenen", bodies.betrokkene(contact, partij))
    taak = served.post("internetaken", bodies.taak(contact, medewerker))
    expand = "hadBetrokkenen,hadBetrokkenen.wasPartij,leiddeTotInterneTaken,gingOverOnderwerpobjecten"
    served.get("klantcontacten", hadBetrokkene__wasPartij__uuid=partij["uuid"], expand=expand)
    return {"contact": contact, "taak": taak}


def _task_is_done(served: Client, taak: Any, medewerker: Any) -> None:
    served.get("internetaken", toegewezenAanActor__uuid=medewerker["uuid"], status="te_verwerken")
    served.patch(f"internetaken/{taak['uuid']}", {"status": "verwerkt"})


def _form(served: Client, partij: Any) -> Any:
    made = served.post(
        "maak-klantcontact",
        {
            "klantcontact": bodies.contact(kanaal="Webformulier"),
            "betrokkene": {
                "wasPartij": bodies.ref(partij),
                "rol": "klant",
                "initiator": True,
                "organisatienaam": "",
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
    served.post("digitaleadressen", bodies.adres("s.deboer@example.nl", partij=partij))
    return made
