"""What stood in an old contactverzoek and is deleted, or goes elsewhere, is not read from there again."""

import pytest

from tests import bodies
from tests.engine.test_histories import both_sides_agree, expands_agree, listed, read

pytestmark = pytest.mark.alternating

LEAVING = ("betrokkenen", "digitaleadressen")
OWNERS = ("klantcontacten", "partijen")
ALL = (*LEAVING, *OWNERS, "internetaken")
MAIL, OTHER_MAIL, NEW_MAIL = "p@example.nl", "b@example.nl", "n@example.nl"
CALLER = {"persoonsnaam": {"voornaam": "Els", "achternaam": "Jansen"}}


class Town:
    """An old contactverzoek with a caller who gave two addresses, and where these can go."""

    def __init__(self, served, old, *, linked):
        """Whether the caller is a klant, who is linked to the contact as well."""
        moment, other = old.moment(), old.moment()
        klant = old.klant() if linked else None
        if klant:
            old.link(moment, klant)
        addresses = [{"adres": each, "soortDigitaalAdres": "email"} for each in (MAIL, OTHER_MAIL)]
        caller = {"persoonsnaam": {"achternaam": "Vries"}, "digitaleAdressen": addresses}
        self.task = old.taak(moment, betrokkene={**caller, **({"klant": klant["url"]} if klant else {})})
        (betrokkene,) = served.get("betrokkenen")["results"]
        self.served = served
        self.contact = f"klantcontacten/{moment['url'].rpartition('/')[2]}"
        self.other = {"uuid": other["url"].rpartition("/")[2]}
        self.partij = served.post("partijen", bodies.persoon())
        self.somebody = served.post("betrokkenen", bodies.betrokkene(self.other))
        self.caller = f"betrokkenen/{betrokkene['uuid']}"
        self.addresses = [f"digitaleadressen/{each['uuid']}" for each in betrokkene["digitaleAdressen"]]
        self.there = {self.caller, *self.addresses}

    def delete(self, path):
        self.served.delete(path)
        self.there.discard(path)

    def change(self, path, **members):
        self.served.patch(path, members)

    def do(self, step):
        """One of the steps below."""
        address, task = self.addresses[0], f"internetaken/{self.task['uuid']}"
        {
            "caller renamed": lambda: self.change(self.caller, contactnaam={"achternaam": "Bakker"}),
            "caller elsewhere": lambda: self.change(self.caller, hadKlantcontact=self.other),
            "caller known": lambda: self.change(self.caller, wasPartij=bodies.ref(self.partij)),
            "caller unknown": lambda: self.change(self.caller, wasPartij=None),
            "caller deleted": lambda: self.delete(self.caller),
            "address described": lambda: self.change(address, omschrijving="werk"),
            "address of nobody": lambda: self.change(address, verstrektDoorBetrokkene=None),
            "address of another": lambda: self.change(
                address, verstrektDoorBetrokkene=bodies.ref(self.somebody)
            ),
            "address of a partij": lambda: self.change(
                address, verstrektDoorBetrokkene=None, verstrektDoorPartij=bodies.ref(self.partij)
            ),
            "address deleted": lambda: self.delete(address),
            "contact deleted": lambda: (self.delete(self.contact), self.there.clear()),
            "task elsewhere": lambda: self.change(task, aanleidinggevendKlantcontact=self.other),
        }[step]()

    def written_anew(self, old):
        """An old client writes another caller, with two addresses, into the contactverzoek."""
        addresses = [{"adres": each, "soortDigitaalAdres": "email"} for each in (NEW_MAIL, OTHER_MAIL)]
        old.change(self.task, betrokkene={**CALLER, "digitaleAdressen": addresses})
        found = listed(self.served, LEAVING)
        paths = {f"{name}/{each['uuid']}" for name in LEAVING for each in found[name]}
        new = paths - self.there - {f"betrokkenen/{self.somebody['uuid']}"}
        self.there |= new
        return [self.served.get(each) for each in sorted(new)]

    def agrees(self):
        """Each of them that was not deleted is there, once, and lists, details and relations agree."""
        found = read(self.served, ALL)
        self.all_there(found)
        expands_agree(self.served, found)

    def stands(self):
        """The same of their lists alone, and those of what has them."""
        self.all_there(listed(self.served, (*LEAVING, *OWNERS)))

    def all_there(self, found):
        both_sides_agree(found)
        paths = [f"{name}/{each['uuid']}" for name in LEAVING for each in found[name]]
        assert sorted(paths) == sorted({*self.there, f"betrokkenen/{self.somebody['uuid']}"})
        named = {(each["verstrektDoorBetrokkene"] or {}).get("uuid") for each in found["digitaleadressen"]}
        assert named <= {None, *(each["uuid"] for each in found["betrokkenen"])}


HISTORIES = (
    "caller renamed, caller deleted",
    "caller known, caller elsewhere, caller deleted",
    "caller known, address of another, caller deleted, address deleted",
    "caller elsewhere, address of nobody, caller deleted",
    "caller unknown, address deleted, caller deleted",
    "address described, caller renamed, caller elsewhere, address deleted",
    "address described, caller deleted, address deleted",
    "address of nobody, caller deleted",
    "address of another, address deleted, caller deleted",
    "address of a partij, caller elsewhere",
    "address deleted, caller renamed",
    "contact deleted",
    "caller renamed, contact deleted",
    "task elsewhere, caller deleted, address deleted",
    "address described, task elsewhere, address deleted, caller known",
)


@pytest.mark.alternating("history")
@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("caller", ["unknown caller", "klant"])
def test_what_leaves_a_contactverzoek(served, old, history, caller):
    """Whatever becomes of the caller and the addresses: each stays what it is until it is deleted."""
    town = Town(served, old, linked=caller == "klant")
    steps = history.split(", ")
    for step, following in zip(steps, [*steps[1:], "all deleted"], strict=True):
        town.do(step)
        # what a step did to a thing cannot be seen any more when that is deleted
        if "deleted" in following:
            town.agrees()


def test_old_clients_no_longer_see_a_caller_who_was_deleted(served, old):
    """Nor the addresses, which are of nobody then."""
    town = Town(served, old, linked=False)
    town.do("caller renamed")
    town.do("caller deleted")
    data = old.data(town.task)
    assert not any(text in str(data["betrokkene"]) for text in ("Vries", "Bakker", MAIL, OTHER_MAIL))
    assert data["toelichting"] == "Graag terugbellen"


LEFT = (
    "caller elsewhere",
    "caller deleted",
    "caller renamed, caller deleted",
    "address of nobody, caller elsewhere",
    "address of a partij, caller elsewhere",
    "address described, task elsewhere",
    "task elsewhere",
)


@pytest.mark.parametrize("history", LEFT)
def test_a_caller_whom_an_old_client_writes_where_another_left(served, old, history):
    """She and her addresses are there, beside those who left, each with a uuid of its own."""
    town = Town(served, old, linked=False)
    for step in history.split(", "):
        town.do(step)
    caller, *addresses = town.written_anew(old)
    assert caller["volledigeNaam"] == "Els Jansen"
    assert [each["adres"] for each in addresses] == [OTHER_MAIL, NEW_MAIL]
    assert {each["uuid"] for each in caller["digitaleAdressen"]} == {each["uuid"] for each in addresses}
    town.stands()
    town.change(f"betrokkenen/{caller['uuid']}", organisatienaam="Bakkerij")
    town.agrees()
    for path in sorted({town.caller, *town.addresses} & town.there - {f"betrokkenen/{caller['uuid']}"}):
        town.delete(path)
    town.stands()
    town.delete(f"digitaleadressen/{addresses[-1]['uuid']}")
    town.delete(f"betrokkenen/{caller['uuid']}")
    town.agrees()


def test_an_address_of_a_caller_whose_link_an_old_client_takes_away(served, old):
    """It stays the one that it was: the caller, who is not linked any more, does not get it as well."""
    town = Town(served, old, linked=True)
    town.do("address described")
    (link,) = old.contactmomenten.all("klantcontactmomenten")
    old.contactmomenten.delete(link["url"])
    town.change(town.addresses[0], verstrektDoorPartij=bodies.ref(town.partij))
    both_sides_agree(read(served))
