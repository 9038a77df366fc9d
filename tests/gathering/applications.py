"""The requests of applications over the Klantinteracties API: paths, parameters, bodies, headers, order.

They are sent as the applications send them, with members that the specification does not know and with nulls
for what they do not set. Values come from the caller.
"""

import json

import requests

BSN = {"codeObjecttype": "natuurlijk_persoon", "codeRegister": "brp", "codeSoortObjectId": "bsn"}
IDF = {"codeRegister": "obj", "codeSoortObjectId": "idf"}
FOUR = ("codeObjecttype", "codeRegister", "codeSoortObjectId", "objectId")
QUESTION = "leiddeTotInterneTaken,gingOverOnderwerpobjecten,hadBetrokkenen,hadBetrokkenen.wasPartij"
TASK = (
    "leiddeTotInterneTaken,gingOverOnderwerpobjecten,hadBetrokkenen,"
    "hadBetrokkenen.digitaleAdressen,hadBetrokkenen.wasPartij"
)


def ref(made):
    return {"uuid": made["uuid"]}


def codes(prefix, identificator):
    """The four parameters of an identificator."""
    return {f"{prefix}{name}": identificator[name] for name in FOUR}


def actor_codes(identificator):
    return {f"actoridentificator{name[0].upper()}{name[1:]}": identificator[name] for name in FOUR}


def zaak_of(uuid):
    return {
        "objectId": uuid,
        "codeObjecttype": "zgw-Zaak",
        "codeRegister": "openzaak",
        "codeSoortObjectId": "uuid",
    }


class Application:
    """An application with its token; every answer must be as it reads them."""

    def __init__(self, base, hook=None):
        self.base = base.rstrip("/")
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update({"Authorization": "Token demo", "Accept": "application/json"})
        if hook:
            self.session.hooks["response"].append(hook)

    def send(self, method, path, body=None, expect=None, **params):
        """The body of an answer, which has the status that the application expects."""
        url = path if path.startswith("http") else f"{self.base}/{path}"
        answer = self.session.request(
            method, url, params=params, timeout=20, **self.framed(None if body is None else json.dumps(body))
        )
        expected = expect or {"GET": 200, "POST": 201, "PUT": 200, "PATCH": 200, "DELETE": 204}[method]
        assert answer.status_code == expected, f"{method} {path} {params}: {answer.status_code} {answer.text}"
        assert answer.headers["Content-Type"].startswith(("application/json", "application/problem+json"))
        return answer.json()

    def framed(self, text):
        """How a body is sent."""
        return {"data": text, "headers": {"Content-Type": "application/json"}} if text else {}

    def get(self, path, expect=None, **params):
        return self.send("GET", path, expect=expect, **params)

    def post(self, path, body, expect=None):
        return self.send("POST", path, body, expect)

    def all(self, path, **params):
        """All pages, by the `next` of each."""
        page = self.get(path, **params)
        found = page["results"]
        while page["next"]:
            page = self.get(page["next"])
            found += page["results"]
        return found


class Kiss(Application):
    """KISS: bodies come in chunks, from its own server, and a GET repeats the Content-Type of the browser."""

    def framed(self, text):
        headers = {"Content-Type": "application/json; charset=utf-8"}
        return {"headers": headers, **({"data": iter([text.encode()])} if text else {})}

    def agent(self, email, name):
        """The employee who is logged in, found by his address alone."""
        found = self.get("actoren", actoridentificatorObjectId=email)["results"]
        if found:
            return found[0]
        known = {"objectId": email, "codeObjecttype": "mdw", "codeRegister": "msei"}
        known["codeSoortObjectId"] = "email"
        return self.post("actoren", {
            "naam": name, "soortActor": "medewerker", "indicatieActief": True, "actoridentificator": known,
            "medewerkerIdentificatie": {
                "identificatie": email, "achternaam": name, "voorletters": "", "voorvoegselAchternaam": "",
            },
        })  # fmt: skip

    def assignee(self, naam, kind, number):
        """Somebody from its register of employees (`mdw`), departments (`afd`) or groups (`grp`)."""
        known = {"objectId": number, "codeObjecttype": kind, **IDF}
        found = self.get("actoren", **actor_codes(known))["results"]
        if found:
            return found[0]
        soort = "medewerker" if kind == "mdw" else "organisatorische_eenheid"
        body = {"naam": naam, "soortActor": soort, "indicatieActief": True, "actoridentificator": known}
        return self.post("actoren", body)

    def contact(self, agent, onderwerp, inhoud, now, kanaal="telefoon"):
        made = self.post("klantcontacten", {
            "kanaal": kanaal, "onderwerp": onderwerp, "inhoud": inhoud, "indicatieContactGelukt": True,
            "taal": "nld", "vertrouwelijk": False, "plaatsgevondenOp": now,
        })  # fmt: skip
        self.post("actorklantcontacten", {"actor": ref(agent), "klantcontact": ref(made)})
        return made

    def involved(self, contact, partij=None, voornaam="", achternaam="", organisatie=""):
        return self.post("betrokkenen", {
            "wasPartij": partij and ref(partij), "hadKlantcontact": ref(contact), "rol": "klant",
            "initiator": True, "organisatienaam": organisatie,
            "contactnaam": {
                "voorletters": voornaam[:1], "voornaam": voornaam, "voorvoegselAchternaam": "",
                "achternaam": achternaam,
            },
        })  # fmt: skip

    def address(self, betrokkene, adres, soort, omschrijving):
        return self.post("digitaleadressen", {
            "verstrektDoorBetrokkene": ref(betrokkene), "verstrektDoorPartij": None, "adres": adres,
            "soortDigitaalAdres": soort, "omschrijving": omschrijving,
        })  # fmt: skip

    def task(self, contact, actors, toelichting, expect=None):
        return self.post("internetaken", {
            "nummer": "", "gevraagdeHandeling": "Contact opnemen met betrokkene",
            "aanleidinggevendKlantcontact": ref(contact),
            "toegewezenAanActoren": [ref(each) for each in actors],
            "toelichting": toelichting, "status": "te_verwerken",
        }, expect)  # fmt: skip

    def about(self, contact, zaak):
        return self.post("onderwerpobjecten", {
            "klantcontact": ref(contact), "wasKlantcontact": None,
            "onderwerpobjectidentificator": zaak_of(zaak),
        })  # fmt: skip

    def resident(self, number):
        """A person by his BSN, made when there is none, each identificator read by its uuid."""
        found = self.get(
            "partijen", expand="digitaleAdressen", soortPartij="persoon",
            partijIdentificator__codeSoortObjectId="bsn", partijIdentificator__objectId=number,
        )  # fmt: skip
        assert found["count"] < 2
        if found["count"]:
            (partij,) = found["results"]
            for each in partij["partijIdentificatoren"]:
                self.get(f"partij-identificatoren/{each['uuid']}")
            return partij
        lists = (
            "digitaleAdressen", "betrokkenen", "categorieRelaties", "vertegenwoordigden", "rekeningnummers",
            "partijIdentificatoren",
        )  # fmt: skip
        partij = self.post("partijen", {
            "soortPartij": "persoon", "partijIdentificatie": {"contactnaam": None},
            "indicatieGeheimhouding": False, "indicatieActief": True, "voorkeursDigitaalAdres": None,
            "voorkeursRekeningnummer": None, **{name: [] for name in lists},
        })  # fmt: skip
        self.post("partij-identificatoren", {
            "identificeerdePartij": {"url": partij["url"], "uuid": partij["uuid"]},
            "partijIdentificator": {**BSN, "objectId": number},
        })  # fmt: skip
        return partij

    def contacts_of(self, partij):
        """What its page of a resident shows: the contacts behind his betrokkenen."""
        found = self.get("betrokkenen", wasPartij__url=partij["url"], pageSize=100)["results"]
        return [
            self.get(
                f"klantcontacten/{each['hadKlantcontact']['uuid']}",
                expand="leiddeTotInterneTaken,gingOverOnderwerpobjecten",
            )
            for each in found
        ]

    def contacts_about(self, zaak):
        return self.get(
            "klantcontacten",
            onderwerpobject__onderwerpobjectidentificatorObjectId=zaak,
            expand="gingOverOnderwerpobjecten",
        )["results"]

    def search(self, query):
        """Requests of people who are nobody's partij, by an address."""
        number, found = 1, []
        while True:
            page = self.get("digitaleadressen", adres=query, page=number, expand="verstrektDoorBetrokkene")
            found += [each["_expand"]["verstrektDoorBetrokkene"] for each in page["results"]]
            if not page["next"]:
                return [each for each in found if each and not each["wasPartij"]]
            number += 1


class OpenInwoner(Application):
    """Open Inwoner: what a citizen who is logged in asks, and reads of it."""

    def citizen(self, number):
        known = {**BSN, "objectId": number}
        found = self.get("partijen", soortPartij="persoon", **codes("partijIdentificator__", known))[
            "results"
        ]
        if found:
            return found[0]
        name = {"voorletters": "", "voornaam": "Anna", "voorvoegselAchternaam": "", "achternaam": "Bakker"}
        return self.post("partijen", {
            "digitaleAdressen": None, "voorkeursDigitaalAdres": None, "rekeningnummers": None,
            "voorkeursRekeningnummer": None, "indicatieGeheimhouding": False, "indicatieActief": True,
            "voorkeurstaal": "nld", "soortPartij": "persoon", "partijIdentificatie": {"contactnaam": name},
            "partijIdentificatoren": [{"partijIdentificator": known}],
        })  # fmt: skip

    def question(self, partij, actor, onderwerp, inhoud, now):
        made = self.post("klantcontacten", {
            "inhoud": inhoud, "onderwerp": onderwerp, "taal": "nld", "kanaal": "open-inwoner",
            "vertrouwelijk": False, "plaatsgevondenOp": now,
        })  # fmt: skip
        self.post("betrokkenen", {
            "wasPartij": ref(partij), "hadKlantcontact": ref(made), "rol": "klant",
            "organisatienaam": "Open Inwoner Platform", "initiator": True,
        })  # fmt: skip
        self.post("internetaken", {
            "aanleidinggevendKlantcontact": ref(made), "toelichting": "Beantwoorden vraag",
            "gevraagdeHandeling": "Vraag beantwoorden in aanleiding gevend klant contact",
            "status": "te_verwerken", "toegewezenAanActor": ref(actor),
        })  # fmt: skip
        return made

    def about(self, contact, zaak):
        return self.post("onderwerpobjecten", {
            "klantcontact": ref(contact), "wasKlantcontact": None,
            "onderwerpobjectidentificator": zaak_of(zaak),
        })  # fmt: skip

    def questions(self, partij):
        """(questions, answers by the uuid of their question) as its page of questions reads them."""
        listed = self.all(
            "klantcontacten", hadBetrokkene__wasPartij__uuid=partij["uuid"], pageSize=500, expand=QUESTION
        )
        there = {each["uuid"]: each for each in listed}
        for uuid in list(there):
            for link in self.all("onderwerpobjecten", wasKlantcontact__uuid=uuid, pageSize=500):
                if link["klantcontact"]["uuid"] not in there:
                    found = self.get(f"klantcontacten/{link['klantcontact']['uuid']}", expand=QUESTION)
                    there[found["uuid"]] = found
        questions, answers = [], {}
        for each in there.values():
            links = each["_expand"]["gingOverOnderwerpobjecten"]
            back = next((link["wasKlantcontact"] for link in links if link["wasKlantcontact"]), None)
            if back is None:
                questions.append(each)
            else:
                answers.setdefault(back["uuid"], []).append(each)
        return questions, answers

    def on_zaak(self, zaak):
        return self.all(
            "klantcontacten",
            onderwerpobject__onderwerpobjectidentificatorObjectId=zaak,
            expand="hadBetrokkenen",
        )


def status_of(question, answers):
    """The status that Open Inwoner shows for a question."""
    tasks = [task for each in (question, *answers) for task in each["_expand"]["leiddeTotInterneTaken"]]
    if tasks and all(each["status"] == "verwerkt" for each in tasks):
        return "Afgehandeld"
    return "Beantwoord" if any(each["inhoud"] for each in answers) else "Onbeantwoord"


class Ita(Application):
    """The application in which employees work on interne taken."""

    def tasks(self, **params):
        """A page of tasks; the path is the one that it has of its own."""
        root = self.base.partition("/klantinteracties/")[0]
        return self.get(f"{root}/klantinteracties/api/v1/internetaken", **params)["results"]

    def row(self, task):
        """What a row shows: the contact, and the names of whom it is assigned to."""
        uuid = task["aanleidinggevendKlantcontact"]["uuid"]
        contact = self.get(f"klantcontacten/{uuid}", expand=TASK)
        assert contact["nummer"]
        names = [self.get(f"actoren/{each['uuid']}")["naam"] for each in task["toegewezenAanActoren"]]
        return contact, names

    def me(self, identificator):
        found = self.get(
            "actoren", **actor_codes(identificator), soortActor="medewerker", indicatieActief="true"
        )
        return next(iter(found["results"]), None)

    def report(self, task, me, now):
        """What it records when an employee has called back, before it closes the task."""
        made = self.post("klantcontacten", {
            "kanaal": "telefoon", "onderwerp": "Teruggebeld", "inhoud": "Gebeld en verteld.",
            "indicatieContactGelukt": True, "taal": "nld", "vertrouwelijk": False, "plaatsgevondenOp": now,
            "klantnaam": None,
        })  # fmt: skip
        before = task["aanleidinggevendKlantcontact"]
        self.post("actorklantcontacten", {"actor": ref(me), "klantcontact": ref(made)})
        self.post("onderwerpobjecten", {
            "klantcontact": ref(made), "wasKlantcontact": ref(before),
            "onderwerpobjectidentificator": {
                "objectId": before["uuid"], "codeObjecttype": "klantcontact", "codeRegister": "openklant",
                "codeSoortObjectId": "uuid",
            },
        })  # fmt: skip
        return made


class OpenForms(Application):
    """Open Forms: a form that is sent in."""

    def root(self):
        return self.session.get(f"{self.base}/", timeout=20).status_code

    def prefilled(self, number):
        known = {**BSN, "objectId": number}
        return self.all("digitaleadressen", **codes("verstrektDoorPartij__partijIdentificator__", known))

    def party(self, number):
        known = {**BSN, "objectId": number}
        found = self.get("partijen", **codes("partijIdentificator__", known))["results"]
        assert len(found) < 2
        return found[0] if found else self.post("partijen", {
            "digitaleAdressen": None, "voorkeursDigitaalAdres": None, "rekeningnummers": None,
            "voorkeursRekeningnummer": None, "indicatieGeheimhouding": False, "indicatieActief": True,
            "voorkeurstaal": "nld", "soortPartij": "persoon", "partijIdentificatie": {"contactnaam": None},
            "partijIdentificatoren": [{"partijIdentificator": known}],
        })  # fmt: skip

    def submission(self, form, number, partij=None):
        whose = {"wasPartij": ref(partij)} if partij else {}
        return self.post("maak-klantcontact", {
            "klantcontact": {
                "kanaal": "Webformulier", "onderwerp": form, "taal": "nld", "vertrouwelijk": True,
            },
            "betrokkene": {"rol": "klant", "initiator": True, "organisatienaam": "", **whose},
            "onderwerpobject": {
                "onderwerpobjectidentificator": {
                    "objectId": number, "codeObjecttype": "formulierinzending",
                    "codeRegister": "Open Formulieren", "codeSoortObjectId": "public_registration_reference",
                },
            },
        })  # fmt: skip

    def address(self, betrokkene, partij, adres, soort, standard=False):
        return self.post("digitaleadressen", {
            "adres": adres, "soortDigitaalAdres": soort, "isStandaardAdres": standard, "omschrijving": "",
            "verstrektDoorBetrokkene": ref(betrokkene), "verstrektDoorPartij": partij and ref(partij),
        })  # fmt: skip
