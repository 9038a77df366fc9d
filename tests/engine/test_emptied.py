"""What an old client emptied stays gone, whatever a new client writes there afterwards."""

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

FIRST, SECOND = bodies.actor("j.bakker", "Joost"), bodies.actor("e.smit", "Els")


class Addresses:
    """An address of a partij, in the field of its klant."""

    path = "digitaleadressen"

    def __init__(self, served, old, *, soort="email", at="emailadres", values):
        self.served, self.old, self.soort, self.at, self.values = served, old, soort, at, values
        self.partij = served.post("partijen", bodies.persoon())

    def record(self, number, **more):
        """A new client records the first or the second value."""
        body = bodies.adres(self.values[number], self.soort, partij=self.partij, **more)
        return self.served.post(self.path, body)

    def by_old(self, number):
        """An old client writes a value, or empties the field."""
        klant = self.old.klant_of(self.partij)
        self.old.klanten.put(klant["url"], {**klant, self.at: "" if number is None else self.values[number]})

    def describe(self, one):
        """A new client changes what only the new API knows."""
        return self.served.patch(f"{self.path}/{one['uuid']}", {"omschrijving": "werk"})

    def found(self):
        """[(uuid, value)] of the list."""
        return [(each["uuid"], each["adres"]) for each in self.served.get(self.path)["results"]]


class Numbers(Addresses):
    """An identificator of a partij, in the subjectIdentificatie of its klant."""

    path = "partij-identificatoren"

    def __init__(self, served, old, *, soort, at, values, partij):
        super().__init__(served, old, soort=soort, at=at, values=values)
        self.partij = served.post("partijen", partij)

    def record(self, number, **more):
        """A new client records the first or the second number."""
        body = bodies.identificator(self.soort, self.values[number], self.partij)
        return self.served.post(self.path, {**body, **more})

    def by_old(self, number):
        """An old client writes a number, or empties the field."""
        klant = self.old.klant_of(self.partij)
        value = "" if number is None else self.values[number]
        group = {**(klant["subjectIdentificatie"] or {}), self.at: value}
        self.old.klanten.put(klant["url"], {**klant, "subjectIdentificatie": group})

    def describe(self, one):
        """A new client changes what only the new API knows."""
        return self.served.patch(f"{self.path}/{one['uuid']}", {"anderePartijIdentificator": "anders"})

    def found(self):
        """[(uuid, number)] of the list."""
        rows = self.served.get(self.path)["results"]
        return [(each["uuid"], each["partijIdentificator"]["objectId"]) for each in rows]


class Employees(Addresses):
    """The employee of a contact, in the medewerkerIdentificatie of its contactmoment."""

    path = "actorklantcontacten"

    def __init__(self, served, old):
        self.served, self.old = served, old
        self.contact = served.post("klantcontacten", bodies.contact())
        self.values = [served.post("actoren", each)["uuid"] for each in (FIRST, SECOND)]

    def record(self, number):
        """A new client records the first or the second employee."""
        body = {"actor": {"uuid": self.values[number]}, "klantcontact": bodies.ref(self.contact)}
        return self.served.post(self.path, body)

    def by_old(self, number):
        """An old client writes an employee, or takes out who stands there."""
        moment = self.old.moment_of(self.contact)
        who = "" if number is None else (FIRST, SECOND)[number]["actoridentificator"]["objectId"]
        names = {"achternaam": "", "voorletters": "", "voorvoegselAchternaam": "", "identificatie": who}
        self.old.contactmomenten.put(moment["url"], {**moment, "medewerkerIdentificatie": names})

    def found(self):
        """[(uuid, actor)] of the list."""
        return [(each["uuid"], each["actor"]["uuid"]) for each in self.served.get(self.path)["results"]]


class Earlier(Addresses):
    """An earlier contact, in the vorigContactmoment of a contactmoment."""

    path = "onderwerpobjecten"

    def __init__(self, served, old):
        self.served, self.old = served, old
        self.contact = served.post("klantcontacten", bodies.contact())
        self.values = [served.post("klantcontacten", bodies.contact())["uuid"] for _ in range(2)]

    def record(self, number):
        """A new client records the first or the second contact."""
        earlier = {"wasKlantcontact": {"uuid": self.values[number]}}
        body = {"klantcontact": bodies.ref(self.contact), "onderwerpobjectidentificator": None, **earlier}
        return self.served.post(self.path, body)

    def by_old(self, number):
        """An old client writes an earlier contactmoment, or none."""
        moment = self.old.moment_of(self.contact)
        uuid = number is not None and self.values[number]
        url = self.old.contactmomenten.url(f"contactmomenten/{uuid}") if uuid else None
        self.old.contactmomenten.put(moment["url"], {**moment, "vorigContactmoment": url})

    def found(self):
        """[(uuid, earlier contact)] of the list."""
        rows = self.served.get(self.path)["results"]
        return [(each["uuid"], each["wasKlantcontact"]["uuid"]) for each in rows]


KINDS = {
    "email": lambda *two: Addresses(*two, values=("a@voorbeeld.example", "b@voorbeeld.example")),
    "telefoonnummer": lambda *two: Addresses(
        *two, soort="telefoonnummer", at="telefoonnummer", values=("0612345678", "0201234567")
    ),
    "bsn": lambda *two: Numbers(
        *two,
        soort="bsn",
        at="inpBsn",
        values=(bodies.BSN, bodies.OTHER_BSN),
        partij=bodies.persoon(),
    ),
    "rsin": lambda *two: Numbers(
        *two,
        soort="rsin",
        at="innNnpId",
        values=(bodies.RSIN, "517439943"),
        partij=bodies.organisatie(),
    ),
    "medewerker": Employees,
    "vorigContactmoment": Earlier,
}
# Klanten 1.0.0 takes no empty emailadres.
FIELDS = [
    (dialect, kind)
    for dialect in ("vng", "openklant")
    for kind in KINDS
    if (dialect, kind) != ("vng", "email")
]
DESCRIBED = [
    (dialect, kind) for dialect, kind in FIELDS if kind in ("email", "telefoonnummer", "bsn", "rsin")
]
every_field = pytest.mark.parametrize(("dialect", "kind"), FIELDS)


@every_field
def test_a_new_value_is_another_resource(served, old, kind):
    """Recorded, emptied by the old side, another recorded: that one is there, once."""
    slot = KINDS[kind](served, old)
    first = slot.record(0)
    slot.by_old(None)
    assert slot.found() == []
    second = slot.record(1)
    assert slot.found() == [(second["uuid"], slot.values[1])]
    served.get(f"{slot.path}/{first['uuid']}", 404)
    slot.by_old(0)
    assert slot.found() == [(second["uuid"], slot.values[0])]


@pytest.mark.parametrize(("dialect", "kind"), DESCRIBED)
def test_an_old_clients_value_that_a_new_one_changed(served, old, kind):
    """It is gone all the same once the old side empties it, and its uuid is not given again."""
    slot = KINDS[kind](served, old)
    slot.by_old(0)
    ((uuid, _),) = slot.found()
    slot.describe({"uuid": uuid})
    slot.by_old(None)
    second = slot.record(1)
    assert slot.found() == [(second["uuid"], slot.values[1])]
    served.get(f"{slot.path}/{uuid}", 404)
    served.delete(f"{slot.path}/{second['uuid']}")
    slot.by_old(0)
    ((third, value),) = slot.found()
    assert value == slot.values[0]
    assert third not in {uuid, second["uuid"]}


@every_field
def test_the_same_value_again(served, old, kind):
    """What is recorded anew is another resource, although it says the same."""
    slot = KINDS[kind](served, old)
    first = slot.record(0)
    slot.by_old(None)
    second = slot.record(0)
    assert slot.found() == [(second["uuid"], slot.values[0])]
    served.get(f"{slot.path}/{first['uuid']}", 404)


@every_field
def test_emptied_again_and_again(served, old, kind):
    """However often: only the last one is there."""
    slot = KINDS[kind](served, old)
    made = []
    for number in (0, 1, 0):
        made.append(slot.record(number)["uuid"])
        assert slot.found() == [(made[-1], slot.values[number])]
        slot.by_old(None)
        assert slot.found() == []
    for uuid in made:
        served.get(f"{slot.path}/{uuid}", 404)
