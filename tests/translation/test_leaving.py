"""What stood in an old contactverzoek and is deleted, or goes elsewhere, is not read from there again."""

import pytest

from tests import bodies
from tests.translation.test_histories import both_sides_agree, expands_agree, read

MAIL, OTHER_MAIL = "p@example.nl", "b@example.nl"


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
            "task elsewhere": lambda: self.change(task, aanleidinggevendKlantcontact=self.other),
        }[step]()

    def agrees(self):
        """Each of them that was not deleted is there, once, and lists, details and relations agree."""
        found = read(self.served)
        both_sides_agree(found)
        expands_agree(self.served, found)
        names = ("betrokkenen", "digitaleadressen")
        paths = [f"{name}/{each['uuid']}" for name in names for each in found[name]]
        assert sorted(paths) == sorted({*self.there, f"betrokkenen/{self.somebody['uuid']}"})


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
    "task elsewhere, caller deleted, address deleted",
    "address described, task elsewhere, address deleted, caller known",
)


@pytest.mark.parametrize("linked", [False, True], ids=["unknown caller", "klant"])
@pytest.mark.parametrize("history", HISTORIES)
def test_what_leaves_a_contactverzoek(served, old, history, linked):
    """Whatever becomes of the caller and the addresses: each stays what it is until it is deleted."""
    town = Town(served, old, linked=linked)
    for step in history.split(", "):
        town.do(step)
        town.agrees()


def test_old_clients_no_longer_see_a_caller_who_was_deleted(served, old):
    """Nor the addresses, which are of nobody then."""
    town = Town(served, old, linked=False)
    town.do("caller renamed")
    town.do("caller deleted")
    data = old.data(town.task)
    assert not any(text in str(data["betrokkene"]) for text in ("Vries", "Bakker", MAIL, OTHER_MAIL))
    assert data["toelichting"] == "Graag terugbellen"
