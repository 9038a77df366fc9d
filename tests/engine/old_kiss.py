"""An old client: writes the registers as KISS does without the new API, and reads them the same way."""

import itertools
from typing import Any

from tests.deployment import Running

JSON = dict[str, Any]
RSIN = "517439943"
MOMENT = "2025-03-03T09:30:00Z"
EMPLOYEE = {
    "identificatie": "j.jansen",
    "achternaam": "Jansen",
    "voorletters": "J.",
    "voorvoegselAchternaam": "",
}
ACTOR = {
    "naam": "Sanne de Boer",
    "soortActor": "medewerker",
    "identificatie": "s.deboer",
    "naamOrganisatorischeEenheid": "Burgerzaken",
    "identificatieOrganisatorischeEenheid": "BZ",
    "typeOrganisatorischeEenheid": "afdeling",
}


class OldKiss:
    """Works on the registers directly. Everything that it makes has no aanvulling."""

    def __init__(self, deployment: Running) -> None:
        self._deployment = deployment
        self.klanten = deployment.klanten
        self.contactmomenten = deployment.contactmomenten
        self.objects = deployment.objects
        self._numbers = itertools.count(1)

    # writing

    def klant(self, **members: Any) -> JSON:
        """A natuurlijk persoon with a random klantnummer, as nanoid makes them."""
        smallest = {
            "bronorganisatie": RSIN,
            "klantnummer": f"x-_{next(self._numbers)}Za",
            "websiteUrl": "https://example.nl/",
            "subjectType": "natuurlijk_persoon",
            "subjectIdentificatie": {"inpBsn": "999990019"},
        }
        return self.klanten.post("klanten", {**smallest, **members})

    def moment(self, **members: Any) -> JSON:
        """A contactmoment."""
        smallest = {
            "bronorganisatie": RSIN,
            "registratiedatum": MOMENT,
            "kanaal": "telefoon",
            "tekst": "Wil een afspraak.",
            "onderwerpLinks": [],
            "initiatiefnemer": "klant",
            "medewerkerIdentificatie": EMPLOYEE,
        }
        return self.contactmomenten.post("contactmomenten", {**smallest, **members})

    def link(self, moment: JSON, klant: JSON, rol: str = "gesprekspartner") -> JSON:
        """A klantcontactmoment."""
        body = {"contactmoment": moment["url"], "klant": klant["url"], "rol": rol}
        return self.contactmomenten.post("klantcontactmomenten", body)

    def about(self, moment: JSON, zaak: str) -> JSON:
        """An objectcontactmoment, after the relation in the Zaken API."""
        url = self._deployment.zaken.url(f"zaken/{zaak}")
        body = {"contactmoment": moment["url"], "zaak": url}
        self._deployment.zaken.post("zaakcontactmomenten", body)
        body = {"contactmoment": moment["url"], "object": url, "objectType": "zaak"}
        return self.contactmomenten.post("objectcontactmomenten", body)

    def not_about(self, contact: JSON, zaak: str) -> None:
        """Remove the relation in the Zaken API, and then the objectcontactmoment."""
        moment = self.contactmomenten.url(f"contactmomenten/{contact['uuid']}")
        url = self._deployment.zaken.url(f"zaken/{zaak}")
        self._deployment.zaken.delete("zaakcontactmomenten", zaak=url, contactmoment=moment)
        found = self.contactmomenten.get("objectcontactmomenten", contactmoment=moment, object=url)
        for each in found["results"]:
            self.contactmomenten.delete(each["url"])

    def taak(self, moment: JSON, **data: Any) -> JSON:
        """An InterneTaak object, of which the data are answered with its uuid."""
        smallest = {
            "registratiedatum": MOMENT,
            "status": "te verwerken",
            "toelichting": "Graag terugbellen",
            "contactmoment": moment["url"],
            "actor": ACTOR,
            "betrokkene": {"digitaleAdressen": []},
            "medewerkerIdentificatie": EMPLOYEE,
        }
        return self.object("InterneTaak", **{**smallest, **data})

    def object(self, kind: str, **data: Any) -> JSON:
        """An object of one of the municipality's objecttypes."""
        record = {"typeVersion": 1, "startAt": "2025-03-03", "data": data}
        return self.objects.post("objects", {"type": self._deployment.types[kind], "record": record})

    def change(self, stored: JSON, **data: Any) -> JSON:
        """PATCH some of the data of an object."""
        return self.objects.patch(stored["url"], {"record": {"data": data}})

    # reading

    def klant_of(self, partij: JSON) -> JSON:
        """The klant behind a partij."""
        return self.klanten.get(f"klanten/{partij['uuid']}")

    def klant_with(self, **filters: Any) -> JSON:
        """The one klant that a search finds."""
        (found,) = self.klanten.get("klanten", **filters)["results"]
        return found

    def moment_of(self, contact: JSON) -> JSON:
        """The contactmoment behind a klantcontact."""
        return self.contactmomenten.get(f"contactmomenten/{contact['uuid']}")

    def momenten_of(self, klant: JSON) -> list[JSON]:
        """The contactmomenten in which a klant took part."""
        found = self.contactmomenten.get("klantcontactmomenten", klant=klant["url"])["results"]
        return [self.contactmomenten.get(each["contactmoment"]) for each in found]

    def links_of(self, contact: JSON) -> list[JSON]:
        """The klantcontactmomenten of a contact."""
        url = self.contactmomenten.url(f"contactmomenten/{contact['uuid']}")
        return self.contactmomenten.get("klantcontactmomenten", contactmoment=url)["results"]

    def zaken_of(self, contact: JSON) -> list[str]:
        """The uuids of the zaken that a contact was about."""
        url = self.contactmomenten.url(f"contactmomenten/{contact['uuid']}")
        found = self.contactmomenten.get("objectcontactmomenten", contactmoment=url)["results"]
        return [each["object"].rpartition("/")[2] for each in found]

    def taken(self, *attributes: str) -> list[JSON]:
        """The data of the InterneTaak objects that a search finds, newest first."""
        found = self.objects.get(
            "objects",
            type=self._deployment.types["InterneTaak"],
            ordering="-record__data__registratiedatum",
            pageSize=10,
            data_attr=list(attributes),
        )
        return [each["record"]["data"] for each in found["results"]]

    def taken_of(self, klant: JSON) -> list[JSON]:
        """The contactverzoeken of a klant."""
        return self.taken(f"betrokkene__klant__exact__{klant['url']}")

    def taken_with(self, text: str) -> list[JSON]:
        """The contactverzoeken with this text in an address."""
        return self.taken(f"betrokkene__digitaleAdressen__icontains__{text}")

    def data(self, stored: JSON) -> JSON:
        """The data of an object, by the resource or object with its uuid."""
        return self.objects.get(f"objects/{stored['uuid']}")["record"]["data"]

    def everything(self) -> JSON:
        """Whatever the registers hold, by collection: to see that nothing changed."""
        found: JSON = {"klanten": self.klanten.all("klanten"), "objects": self.objects.all("objects")}
        for name in ("contactmomenten", "klantcontactmomenten", "objectcontactmomenten"):
            found[name] = self.contactmomenten.all(name)
        return {name: sorted(each, key=lambda it: it["url"]) for name, each in found.items()}
