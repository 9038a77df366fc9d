"""Random work of old and new clients on registers of the klantenbundle: lists and todos agree as well."""

import pytest

from tests.engine.conftest import as_read
from tests.engine.histories import CALLED, MAILS, NOTHING, PHONES, STEPS, WORDS, History, seeds
from tests.engine.test_histories import both_sides_agree, deleting_takes_along, expands_agree, read
from tests.klantenbundle.conftest import uuid_of

LISTS = {"email": ("emails", "email"), "telefoonnummer": ("telefoonnummers", "telefoonnummer")}


class BundleHistory(History):
    """The same clients, but the old ones write lists and todos."""

    def listed(self, soort, values):
        """Some values, as the items of a list."""
        return [{"naam": self.random.choice(WORDS), LISTS[soort][1]: each} for each in self.some(values)]

    def todo(self):
        """Something to be done."""
        return {"name": "Bellen", "description": self.random.choice(WORDS), "status": "open", "attendees": []}

    def old_klant(self):
        lists = {
            "emails": self.listed("email", MAILS),
            "telefoonnummers": self.listed("telefoonnummer", PHONES),
        }
        return self.old.klant(achternaam=self.random.choice(WORDS), **lists)["url"]

    def old_changed_klant(self):
        klant = self.any_record("klanten")
        if not klant:
            return NOTHING
        soort, values = self.random.choice([("email", MAILS), ("telefoonnummer", PHONES)])
        name = LISTS[soort][0]
        rows = klant[name]
        changed = self.random.choice(
            [
                [*rows, *self.listed(soort, values)],
                [*self.listed(soort, values), *rows],
                rows[1:],
                rows[:-1],
                [{**each, LISTS[soort][1]: self.random.choice(values)} for each in rows],
            ]
        )[:3]
        self.old.klanten.patch(klant["url"], {name: changed})
        return f"{uuid_of(klant)} {name} {rows} {changed}"

    def old_deleted_task(self):
        """Not here: what KlantBrug told a todo stays there when an old client deletes the object itself."""
        return NOTHING

    def old_moment(self):
        more = {"todo": self.todo()} if self.random.random() < 0.5 else {}
        return self.old.moment(tekst=self.random.choice(WORDS), **more, **self.earlier())["url"]

    def old_changed_moment(self):
        moment = self.any_record("contactmomenten")
        if not moment:
            return NOTHING
        change = self.random.choice([{"tekst": self.random.choice(WORDS)}, {"todo": self.todo()}])
        self.old.contactmomenten.call("PUT", moment["url"], json={**moment, **change})
        return f"{uuid_of(moment)} {change}"


def lists_agree(old, found):
    """The lists of a klant and the addresses of a partij hold the same."""
    for partij in found["partijen"]:
        klant = old.klant_of(partij)
        owned = {each["uuid"] for each in partij["digitaleAdressen"]}
        mine = [each for each in found["digitaleadressen"] if each["uuid"] in owned]
        for soort, (name, member) in LISTS.items():
            served = sorted(each["adres"] for each in mine if each["soortDigitaalAdres"] == soort)
            assert sorted(each[member] for each in klant[name]) == served, (partij["uuid"], name)


def todos_agree(old, found):
    """What has to be done after a contact is one of its tasks."""
    tasks = {each["uuid"]: each["toelichting"] for each in found["internetaken"]}
    for contact in found["klantcontacten"]:
        said = (old.moment_of(contact).get("todo") or {}).get("description")
        listed = {tasks[each["uuid"]] for each in contact["leiddeTotInterneTaken"]}
        # an old client that changes the object itself tells the todo nothing
        assert not said or {said, CALLED} & listed, contact["uuid"]


@pytest.mark.parametrize("seed", seeds(by_default=1))
def test_any_history_leaves_everything_in_agreement(deployment, seed):
    """Lists, details, both sides of relations and registers agree after random work."""
    history = BundleHistory(deployment, seed)
    with history.told(), as_read(history.served) as different:
        history.run(STEPS)
        found = read(history.served)
        both_sides_agree(found)
        expands_agree(history.served, found)
        lists_agree(history.old, found)
        todos_agree(history.old, found)
        deleting_takes_along(deployment, found)
    assert different == []
