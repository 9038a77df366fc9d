"""Records as no application should have written them: every register that is some years old has some.

Each is one that a register accepted once. KlantBrug serves them all the same, or leaves out what nobody could
read; a municipality of which every record is right would not show that.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from adapter.embedded.municipality.contacts import GONE, Contact, Task
from adapter.embedded.municipality.people import JSON, Klant

SEED = 1421
ONE_IN = 100


def with_oddities(
    klanten: Sequence[Klant], contacts: Sequence[Contact], long: str
) -> tuple[list[Klant], list[Contact]]:
    """The same, with an oddity in one of a hundred klanten, contacts and interne taken."""
    random = Random(SEED)  # noqa: S311 (no secrets are made)
    odd_klanten = [_odd_klant(random, each) if random.randrange(ONE_IN) == 0 else each for each in klanten]
    odd_contacts = []
    for each in contacts:
        found = random.choice(OF_CONTACTS)(each, long) if random.randrange(ONE_IN) == 0 else each
        if each.task and random.randrange(ONE_IN) == 0:
            found = replace(found, task=random.choice(OF_TASKS)(each.task))
        odd_contacts.append(found)
    return odd_klanten, odd_contacts


def _odd_klant(random: Random, klant: Klant) -> Klant:
    return replace(klant, body=random.choice(OF_KLANTEN)(dict(klant.body)))


def _dashed(body: JSON) -> JSON:
    """The telephone number as people write it."""
    return body | {"telefoonnummer": "06-0012 3456"}


def _nameless(body: JSON) -> JSON:
    """Nothing but a number: a portal made the klant at the first login."""
    return {name: value for name, value in body.items() if name not in NAMES}


def _foreign(body: JSON) -> JSON:
    """An address abroad, in the fields of one in the Netherlands."""
    street = {
        "straatnaam": "Rue de la Loi",
        "huisnummer": 16,
        "postcode": "1000",
        "woonplaatsnaam": "Brussel",
    }
    return body | {"adres": street | {"landcode": "5010"}}


NAMES = ("voornaam", "voorvoegselAchternaam", "achternaam", "bedrijfsnaam")
OF_KLANTEN: tuple[Callable[[JSON], JSON], ...] = (_dashed, _nameless, _foreign)


def _much(contact: Contact, long: str) -> Contact:
    """A text that is longer than what is served."""
    return replace(contact, body=contact.body | {"tekst": long})


def _silent(contact: Contact, _long: str) -> Contact:
    """No text at all."""
    return replace(contact, body=contact.body | {"tekst": ""})


def _of_nobody(contact: Contact, _long: str) -> Contact:
    """The klant was deleted, the link stayed."""
    task = contact.task and replace(contact.task, with_klant=True)
    return replace(contact, klant=None, gone=True, task=task)


OF_CONTACTS: tuple[Callable[[Contact, str], Contact], ...] = (_much, _silent, _of_nobody)


def _spelt(task: Task) -> Task:
    """The contactmoment with a slash behind it."""
    return replace(task, reference="{url}/")


def _loose(task: Task) -> Task:
    """No contactmoment: a form wrote it that knew none."""
    return replace(task, reference="")


def _left_behind(task: Task) -> Task:
    """The contactmoment was deleted."""
    return replace(task, reference="{collection}/" + GONE)


def _by_name(task: Task) -> Task:
    """The name of whoever has it, and nothing to find them by."""
    actor = {name: value for name, value in task.data["actor"].items() if name in ("naam", "soortActor")}
    return replace(task, data=task.data | {"actor": actor | {"identificatie": ""}})


OF_TASKS: tuple[Callable[[Task], Task], ...] = (_spelt, _loose, _left_behind, _by_name)
