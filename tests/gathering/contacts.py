"""What clients send of a contact, one request after another, and what must be there in the end."""

import uuid as uuids
from dataclasses import dataclass, field

from tests.gathering.test_service import actor

BSN = "999990019"
NUMBER = {"codeObjecttype": "natuurlijk_persoon", "codeRegister": "brp", "codeSoortObjectId": "bsn"}
ZAAK = {"codeObjecttype": "zgw-Zaak", "codeRegister": "openzaak", "codeSoortObjectId": "uuid"}
FIRST = "2026-03-01T10:15:00Z"
EXPAND = "hadBetrokkenen,gingOverOnderwerpobjecten,leiddeTotInterneTaken"


@dataclass
class Around:
    """What contacts refer to: it is there before them."""

    person: dict
    group: dict
    employee: dict


def around(desk):
    """A person, a group and an employee."""
    known = {
        "objectId": "jjansen",
        "codeObjecttype": "mdw",
        "codeRegister": "obj",
        "codeSoortObjectId": "idf",
    }
    body = {"naam": "J. Jansen", "soortActor": "medewerker", "indicatieActief": True}
    employee = desk.post("actoren", {**body, "actoridentificator": known})
    body = {"soortPartij": "persoon", "indicatieActief": True, "partijIdentificatie": {"contactnaam": None}}
    body |= {"digitaleAdressen": [], "rekeningnummers": [], "voorkeursDigitaalAdres": None}
    number = {"partijIdentificator": {**NUMBER, "objectId": BSN}}
    body |= {"voorkeursRekeningnummer": None, "partijIdentificatoren": [number]}
    return Around(desk.post("partijen", body), actor(desk, "Frontoffice"), employee)


@dataclass
class Contact:
    """A contact that a client sends in pieces. Every POST has an Idempotency-Key of its own.

    told: what the client was told is recorded, by kind and then by its own name for it.
    """

    around: Around
    with_task: bool = True
    keyed: bool = True
    text: str = field(default_factory=lambda: f"Vraag {uuids.uuid4().hex}")
    zaken: list = field(default_factory=lambda: [str(uuids.uuid4()) for _ in range(2)])
    told: dict = field(default_factory=dict)

    def __post_init__(self):
        self._key = uuids.uuid4().hex

    def steps(self):
        """The requests, each a function of the client that may be done again."""
        steps = [
            self.post("klantcontacten", "klantcontacten", self.contact),
            self.post("betrokkenen", "betrokkenen", self.someone),
            self.post("mail", "digitaleadressen", lambda: self.address("email", "p@v.example")),
            self.post("telefoon", "digitaleadressen", lambda: self.address("telefoonnummer", "0201234567")),
            self.patch("mail", "digitaleadressen", {"adres": "piet@v.example"}),
            self.post("eerste", "onderwerpobjecten", lambda: self.case(0)),
            self.post("wie", "actorklantcontacten", self.employee),
        ]
        if self.with_task:
            steps.append(self.post("taak", "internetaken", self.task))
        return [
            *steps,
            self.post("later", "onderwerpobjecten", lambda: self.case(1)),
            self.post("laat", "digitaleadressen", lambda: self.address("email", "laat@v.example")),
        ]

    def sorts(self):
        """Of each step what sort it is: those of one sort go the same way through KlantBrug."""
        held = ["a contact", "a piece", "a piece", "a piece", "a change", "a piece", "a piece"]
        more = ["a task"] if self.with_task else []
        return [*held, *more, *(["late", "late"] if self.with_task else ["a piece", "a piece"])]

    def post(self, name, kind, body):
        """A POST, the same whenever it is done again."""
        key = {"Idempotency-Key": f"{self._key}-{name}"} if self.keyed else {}

        def do(desk):
            answer = desk.call("POST", kind, json=body(), headers=key)
            if answer.status_code == 201:
                self.told[name] = (kind, answer.json())
            return answer

        return do

    def patch(self, name, kind, changes):
        """A PATCH of what was told."""

        def do(desk):
            answer = desk.call("PATCH", f"{kind}/{self.uuid(name)}", json=changes)
            if answer.status_code == 200:
                self.told[name] = (kind, answer.json())
            return answer

        return do

    def uuid(self, name):
        """The uuid of what was told."""
        return self.told[name][1]["uuid"]

    def ref(self, name):
        """A reference to what was told."""
        return {"uuid": self.uuid(name)}

    # bodies

    def contact(self):
        body = {"kanaal": "telefoon", "onderwerp": self.text, "inhoud": "Is het klaar?", "taal": "nld"}
        return {**body, "vertrouwelijk": True, "plaatsgevondenOp": FIRST}

    def someone(self):
        name = {"voorletters": "P", "voornaam": "Piet", "voorvoegselAchternaam": "", "achternaam": "Jansen"}
        body = {"wasPartij": {"uuid": self.around.person["uuid"]}, "rol": "klant", "initiator": True}
        return {**body, "hadKlantcontact": self.ref("klantcontacten"), "contactnaam": name}

    def address(self, soort, adres):
        body = {"verstrektDoorPartij": None, "verstrektDoorBetrokkene": self.ref("betrokkenen")}
        return {**body, "soortDigitaalAdres": soort, "adres": adres, "omschrijving": soort}

    def case(self, number):
        body = {"wasKlantcontact": None, "klantcontact": self.ref("klantcontacten")}
        return {**body, "onderwerpobjectidentificator": {**ZAAK, "objectId": self.zaken[number]}}

    def employee(self):
        return {"klantcontact": self.ref("klantcontacten"), "actor": {"uuid": self.around.employee["uuid"]}}

    def task(self):
        body = {"gevraagdeHandeling": "Bellen", "toelichting": "Na vijven", "status": "te_verwerken"}
        whom = {"toegewezenAanActoren": [{"uuid": self.around.group["uuid"]}]}
        return {**body, **whom, "aanleidinggevendKlantcontact": self.ref("klantcontacten")}

    # laws

    def problems(self, site, desk):
        """What is not as it must be: the contact once, whole, and read as its client was told."""
        found = site.town.contacts(self.text)
        if len(found) != 1:
            return [f"{len(found)} times in the e-Suite"]
        return [*self._in_register(site, found[0]), *self._beside(site, found[0]), *self._served(desk)]

    def _in_register(self, site, seen):
        kind = ("nieuw", "Frontoffice") if self.with_task else ("afgehandeld", None)
        reach = {"emailadres": "piet@v.example", "telefoonnummer": "0201234567"}
        if (seen["status"], seen.get("groep")) != kind:
            yield f"it is {seen['status']} for {seen.get('groep')}"
        if self.with_task and seen["contactgegevens"] != reach:
            yield f"reached by {seen['contactgegevens']}"
        if seen["medewerkerIdentificatie"]["identificatie"] != "jjansen":
            yield "somebody else recorded it"
        links = sorted(each.rpartition("/")[2] for each in site.town.links(seen))
        if links != sorted([self.around.person["uuid"], *self.zaken]):
            yield f"{len(links)} links"

    def _beside(self, site, seen):
        uuid, record = self.uuid("klantcontacten"), seen["url"].rpartition("/")[2]
        asides = [each for each in site.objects("ContactAanvulling") if each["contact"] == uuid]
        if len(asides) != 1:
            yield f"{len(asides)} asides"
        aliases = [each["record"] for each in site.objects("Verwijzing") if each["bediend"] == uuid]
        if aliases != [record]:
            yield f"aliases {aliases}"

    def _served(self, desk):
        """Every piece by its uuid, and all of them in lists."""
        uuid = self.uuid("klantcontacten")
        listed = [each["uuid"] for each in desk.all("klantcontacten", onderwerp=self.text)]
        if listed != [uuid]:
            yield f"listed {len(listed)} times"
        for name, (kind, told) in self.told.items():
            if wrong := self.differs(kind, told, desk.call("GET", f"{kind}/{told['uuid']}")):
                yield f"{name} {wrong}"
        for kind, filters in (
            ("betrokkenen", {"hadKlantcontact__uuid": uuid}),
            ("digitaleadressen", {"verstrektDoorBetrokkene__uuid": self.uuid("betrokkenen")}),
            ("onderwerpobjecten", {"klantcontact__uuid": uuid}),
            ("internetaken", {"klantcontact__uuid": uuid}),
            ("actorklantcontacten", {"klantcontact__uuid": uuid}),
        ):
            told = sorted(each["uuid"] for of, each in self.told.values() if of == kind)
            if sorted(each["uuid"] for each in desk.all(kind, **filters)) != told:
                yield f"{kind} are others"

    def differs(self, kind, told, answer):
        """How what is served differs from what was told, but for what others added to it since."""
        if answer.status_code != 200:
            return f"is {answer.status_code}"
        grow = {"hadBetrokkenen", "gingOverOnderwerpobjecten", "leiddeTotInterneTaken", "digitaleAdressen"}
        grow |= {"hadBetrokkenActoren", "todo", "omvatteBijlagen", "url", "_expand"}
        now, told = _without_urls(answer.json()), _without_urls(told)
        differ = [name for name, value in told.items() if name not in grow and now.get(name) != value]
        return f"differs in {differ}" if differ else ""


def _without_urls(value):
    """What is served without URLs: each replica has a name of its own here."""
    if isinstance(value, list):
        return [_without_urls(each) for each in value]
    if isinstance(value, dict):
        return {name: _without_urls(each) for name, each in value.items() if name != "url"}
    return value
