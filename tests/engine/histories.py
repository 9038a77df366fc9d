"""Random work of old and new clients on the same registers, and what must hold whatever they did."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import pytest

from tests import bodies
from tests.deployment import Running
from tests.engine.old_kiss import ACTOR, OldKiss

JSON = dict[str, Any]
SEEDS = int(os.environ.get("KLANTBRUG_HISTORIES", "5"))
STEPS = 60
MAILS = [f"{name}@example.nl" for name in "abcdef"]
PHONES = [f"061234567{n}" for n in range(6)]
WORDS = ["Paspoort", "Afval", "Parkeren", "Verhuizing", "Subsidie"]
ZAKEN = [f"5f6a1c52-7f0e-4d6c-9a43-0f5e0b9f7a{n:02d}" for n in range(4)]
BSNS = ["999990019", "999992570", "999993653", "999996769"]
CALLED = "Gebeld"
NOTHING = "nothing to work on"


def seeds(by_default: int) -> list[Any]:
    """One for each history: so many run by default, all with `contract`."""
    return [
        pytest.param(seed, marks=() if seed < by_default else pytest.mark.contract) for seed in range(SEEDS)
    ]


class History:
    """Clients that do something at random; `done` tells what, so that a failure can be understood."""

    def __init__(self, deployment: Running, seed: int) -> None:
        self.random = Random(seed)
        self.deployment = deployment
        self.served, self.old = deployment.served, OldKiss(deployment)
        self.done: list[str] = []
        self.steps = [
            *(getattr(self, name) for name in dir(self) if name.startswith(("old_", "new_"))),
        ]

    def run(self, amount: int) -> None:
        """So many random steps."""
        for _ in range(amount):
            step: Callable[[], Any] = self.random.choice(self.steps)
            self.done.append(f"{step.__name__} {step() or ''}".strip())

    @contextmanager
    def told(self) -> Iterator[None]:
        """What fails meanwhile tells what was done before."""
        try:
            yield
        except AssertionError as error:
            error.add_note("\n".join(self.done))
            raise

    # choices

    def any_of(self, collection: str) -> JSON | None:
        """One of the served resources of a collection."""
        found = self.served.all(collection)
        return self.random.choice(found) if found else None

    def any_record(self, collection: str) -> JSON | None:
        """One of a register's records."""
        client = self.old.klanten if collection == "klanten" else self.old.contactmomenten
        found = client.all(collection)
        return self.random.choice(found) if found else None

    def some(self, values: list[str]) -> list[str]:
        """None, one or two of these."""
        return self.random.sample(values, self.random.choice([0, 1, 2]))

    def any_task(self) -> JSON | None:
        """One of the InterneTaak objects."""
        kind = self.deployment.types["InterneTaak"]
        found = self.old.objects.get("objects", type=kind)["results"]
        return self.random.choice(found) if found else None

    def change(self, collection: str, **members: Any) -> str:
        """PATCH one of a collection; a refusal (400, 403) is an answer too, and changes nothing."""
        found = self.any_of(collection)
        if found is None:
            return NOTHING
        path = f"{collection}/{found['uuid']}"
        answer = self.served.call("PATCH", path, json=members)
        assert answer.status_code in (200, 400, 403), answer.text
        return f"{path} {members} {answer.status_code}"

    def spelt(self, record: JSON) -> str:
        """The URL of a record, as old clients write it."""
        url: str = record["url"]
        head, _, uuid = url.rpartition("/")
        base, _, collection = head.rpartition("/")
        return self.random.choice(
            [
                url,
                f"{url}/",
                f"{head}/{uuid.upper()}",
                f"{base}//{collection}/{uuid}",
                url.replace("http", "HTTP", 1),
            ]
        )

    # old clients

    def old_klant(self) -> str:
        mail, phone = self.random.choice([*MAILS, None]), self.random.choice([*PHONES, None])
        given = {"emailadres": mail, "telefoonnummer": phone, "achternaam": self.random.choice(WORDS)}
        return self.old.klant(**{name: value for name, value in given.items() if value})["url"]

    def old_moment(self) -> str:
        return self.old.moment(tekst=self.random.choice(WORDS), **self.earlier())["url"]

    def earlier(self) -> JSON:
        """Sometimes the contactmoment that one follows."""
        before = self.any_record("contactmomenten") if self.random.random() < 0.3 else None
        moments = self.old.contactmomenten.all("contactmomenten") if before else []
        if not before or before["url"] in {each["vorigContactmoment"] for each in moments}:
            return {}
        return {"vorigContactmoment": before["url"]}

    def old_link(self) -> str:
        moment, klant = self.any_record("contactmomenten"), self.any_record("klanten")
        if not (moment and klant):
            return NOTHING
        body = {"contactmoment": moment["url"], "klant": klant["url"], "rol": "gesprekspartner"}
        return str(self.old.contactmomenten.call("POST", "klantcontactmomenten", json=body).status_code)

    def old_task(self) -> str:
        moment, klant = self.any_record("contactmomenten"), self.any_record("klanten")
        if not moment:
            return NOTHING
        addresses = [{"adres": each, "soortDigitaalAdres": "email"} for each in self.random.sample(MAILS, 2)]
        caller: JSON = {
            "persoonsnaam": {"achternaam": self.random.choice(WORDS)},
            "digitaleAdressen": addresses,
        }
        if klant and self.random.random() < 0.5:
            caller["klant"] = self.spelt(klant)
        return self.old.taak({"url": self.spelt(moment)}, betrokkene=caller)["uuid"]

    def old_changed_klant(self) -> str:
        klant = self.any_record("klanten")
        if not klant:
            return NOTHING
        change = self.random.choice(
            [
                {"emailadres": self.random.choice(MAILS)},
                {"telefoonnummer": self.random.choice([*PHONES, ""])},
                {"achternaam": self.random.choice(WORDS)},
                {"subjectIdentificatie": {"inpBsn": self.random.choice(BSNS)}},
            ]
        )
        self.old.klanten.patch(klant["url"], change)
        return f"{klant['url']} {change}"

    def old_changed_moment(self) -> str:
        moment = self.any_record("contactmomenten")
        if not moment:
            return NOTHING
        employee = {"identificatie": self.random.choice("xyz"), "achternaam": "X"}
        change = self.random.choice(
            [{"tekst": self.random.choice(WORDS)}, {"medewerkerIdentificatie": employee}]
        )
        self.old.contactmomenten.call("PUT", moment["url"], json={**moment, **change})
        return f"{moment['url']} {change}"

    def old_changed_task(self) -> str:
        task = self.any_task()
        if not task:
            return NOTHING
        addresses = [{"adres": each, "soortDigitaalAdres": "email"} for each in self.some(MAILS)]
        change = self.random.choice(
            [
                {"status": "verwerkt"},
                {"status": "te verwerken"},
                {"toelichting": CALLED},
                {"actor": ACTOR},
                {"betrokkene": {"digitaleAdressen": addresses}},
            ]
        )
        self.old.change(task, **change)
        return f"{task['uuid']} {change}"

    def old_unlinked(self) -> str:
        link = self.any_record("klantcontactmomenten")
        if not link:
            return NOTHING
        self.old.contactmomenten.delete(link["url"])
        return link["url"]

    def old_deleted_task(self) -> str:
        task = self.any_task()
        if not task:
            return NOTHING
        self.old.objects.delete(task["url"])
        return task["uuid"]

    # new clients

    def new_contact(self) -> str:
        return self.served.post("klantcontacten", bodies.contact(inhoud=self.random.choice(WORDS)))["uuid"]

    def new_partij(self) -> str:
        body = self.random.choice([bodies.persoon(), bodies.organisatie()])
        return self.served.post("partijen", body)["uuid"]

    def new_betrokkene(self) -> str:
        contact = self.any_of("klantcontacten")
        partij = self.random.choice([None, self.any_of("partijen")])
        if contact is None:
            return NOTHING
        return self.served.post("betrokkenen", bodies.betrokkene(contact, partij))["uuid"]

    def new_address(self) -> str:
        partij, betrokkene = self.any_of("partijen"), self.any_of("betrokkenen")
        owner = self.random.choice([{"partij": partij}, {"betrokkene": betrokkene}])
        standard = self.random.random() < 0.5 and owner.get("partij") is not None
        body = bodies.adres(self.random.choice(MAILS), **owner, isStandaardAdres=standard)
        return f"{self.served.post('digitaleadressen', body)['uuid']} {body}"

    def new_task(self) -> str:
        contact = self.any_of("klantcontacten")
        if contact is None:
            return NOTHING
        actor = self.served.post("actoren", bodies.actor(self.random.choice("pqr"), "Actor"))
        return self.served.post("internetaken", bodies.taak(contact, actor))["uuid"]

    def new_employee(self) -> str:
        contact = self.any_of("klantcontacten")
        if contact is None:
            return NOTHING
        actor = self.served.post("actoren", bodies.actor(self.random.choice("pqr"), "Actor"))
        body = {"actor": bodies.ref(actor), "klantcontact": bodies.ref(contact)}
        return self.served.post("actorklantcontacten", body)["uuid"]

    def new_zaak(self) -> str:
        contact = self.any_of("klantcontacten")
        if contact is None:
            return NOTHING
        return self.served.post("onderwerpobjecten", bodies.onderwerp(contact, self.random.choice(ZAKEN)))[
            "uuid"
        ]

    def new_identificator(self) -> str:
        partij = self.any_of("partijen")
        body = bodies.identificator("bsn", self.random.choice(BSNS), partij)
        answer = self.served.call("POST", "partij-identificatoren", json=body)
        assert answer.status_code in (201, 400), answer.text
        return f"{body} {answer.status_code}"

    def new_changed_identificator(self) -> str:
        change: list[JSON] = [
            {"anderePartijIdentificator": self.random.choice(WORDS)},
            {"identificeerdePartij": bodies.ref(self.random.choice([None, self.any_of("partijen")]))},
        ]
        return self.change("partij-identificatoren", **self.random.choice(change))

    def new_changed_address(self) -> str:
        change: list[JSON] = [
            {"adres": self.random.choice(PHONES), "soortDigitaalAdres": "telefoonnummer"},
            {"soortDigitaalAdres": "overig"},
            {"isStandaardAdres": False},
            {"verstrektDoorPartij": None, "isStandaardAdres": False},
            {"verstrektDoorBetrokkene": bodies.ref(self.random.choice([None, self.any_of("betrokkenen")]))},
            {"adres": self.random.choice(MAILS), "soortDigitaalAdres": "email"},
            {"omschrijving": "werk"},
            {"isStandaardAdres": True},
            {"verstrektDoorPartij": bodies.ref(self.any_of("partijen"))},
        ]
        return self.change("digitaleadressen", **self.random.choice(change))

    def new_changed_betrokkene(self) -> str:
        change: list[JSON] = [
            {"organisatienaam": self.random.choice(WORDS)},
            {"wasPartij": bodies.ref(self.random.choice([None, self.any_of("partijen")]))},
            {"rol": "vertegenwoordiger"},
            {"initiator": self.random.choice([True, False])},
            {"hadKlantcontact": bodies.ref(self.any_of("klantcontacten"))},
            {"contactnaam": {"voornaam": self.random.choice(WORDS), "achternaam": "Vries"}},
        ]
        return self.change("betrokkenen", **self.random.choice(change))

    def new_changed_contact(self) -> str:
        change: list[JSON] = [{"inhoud": self.random.choice(WORDS)}, {"reactie": "r"}, {"kanaal": "balie"}]
        return self.change("klantcontacten", **self.random.choice(change))

    def new_changed_task(self) -> str:
        change: list[JSON] = [
            {"status": self.random.choice(["te_verwerken", "verwerkt"])},
            {"toelichting": "T"},
            {"aanleidinggevendKlantcontact": bodies.ref(self.any_of("klantcontacten"))},
            {"toegewezenAanActoren": [bodies.ref(self.any_of("actoren"))]},
        ]
        return self.change("internetaken", **self.random.choice(change))

    def new_changed_employee(self) -> str:
        change: list[JSON] = [
            {"actor": bodies.ref(self.any_of("actoren"))},
            {"klantcontact": bodies.ref(self.any_of("klantcontacten"))},
        ]
        return self.change("actorklantcontacten", **self.random.choice(change))

    def new_changed_actor(self) -> str:
        change: list[JSON] = [{"naam": self.random.choice(WORDS)}, {"indicatieActief": False}]
        return self.change("actoren", **self.random.choice(change))

    def new_changed_zaak(self) -> str:
        found = bodies.onderwerp({"uuid": ""}, self.random.choice(ZAKEN))["onderwerpobjectidentificator"]
        change: list[JSON] = [
            {"onderwerpobjectidentificator": found},
            {"klantcontact": bodies.ref(self.any_of("klantcontacten"))},
            {"wasKlantcontact": bodies.ref(self.random.choice([None, self.any_of("klantcontacten")]))},
        ]
        return self.change("onderwerpobjecten", **self.random.choice(change))

    def new_sent_back(self) -> str:
        """A client that saves a form in which nothing was changed."""
        name = self.random.choice(["digitaleadressen", "betrokkenen", "klantcontacten", "internetaken"])
        found = self.any_of(name)
        if found is None:
            return NOTHING
        path = f"{name}/{found['uuid']}"
        before = self.served.get(path)
        answer = self.served.call("PUT", path, json=before)
        assert answer.status_code in (200, 400, 403), answer.text
        assert self.served.get(path) == before
        return f"{path} {answer.status_code}"

    def new_delete(self) -> str:
        collection = self.random.choice(
            ["digitaleadressen", "betrokkenen", "internetaken", "onderwerpobjecten", "actorklantcontacten"]
            * 3
            + ["klantcontacten", "partijen"]
        )
        found = self.any_of(collection)
        if found is None:
            return NOTHING
        path = f"{collection}/{found['uuid']}"
        self.served.delete(path)
        self.served.get(path, 404)
        return path
