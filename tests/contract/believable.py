"""Generated requests made believable: they name what is there, and keep the rules that no schema can say.

Without this nearly every generated create is refused for a reference to nothing. What is named is what the
run has made itself, and it is deleted again when there is enough of it.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from tests.served_contract import RECORDED_NULLS

COLLECTIONS = {
    "aanleidinggevendKlantcontact": "klantcontacten",
    "hadKlantcontact": "klantcontacten",
    "klantcontact": "klantcontacten",
    "wasKlantcontact": "klantcontacten",
    "wasBijlageVanKlantcontact": "klantcontacten",
    "actor": "actoren",
    "toegewezenAanActor": "actoren",
    "toegewezenAanActoren": "actoren",
    "categorie": "categorieen",
    "digitaleAdressen": "digitaleadressen",
    "rekeningnummers": "rekeningnummers",
    "verstrektDoorBetrokkene": "betrokkenen",
    "partij": "partijen",
    "identificeerdePartij": "partijen",
    "verstrektDoorPartij": "partijen",
    "vertegenwoordigdePartij": "partijen",
    "vertegenwoordigendePartij": "partijen",
    "wasPartij": "partijen",
}
# A record goes when one of these goes; other references only become empty.
OWNERS = {
    "actor",
    "categorie",
    "hadKlantcontact",
    "identificeerdePartij",
    "klantcontact",
    "partij",
    "aanleidinggevendKlantcontact",
    "verstrektDoorPartij",
    "vertegenwoordigdePartij",
    "vertegenwoordigendePartij",
    "wasBijlageVanKlantcontact",
    "wasKlantcontact",
    "wasPartij",
    "werkteVoorPartij",
}
# Text that is required and may not be blank.
NOT_BLANK = {"naam", "adres", "gevraagdeHandeling", "kanaal", "onderwerp", "taal", "functie"}
# The shortest that a text may be, and one that is right.
LENGTHS = {"land": (2, "NL"), "bic": (8, "INGBNL2A")}
# Text that holds digits.
NUMBERS = {"nummer", "referentienummer"}
# So many of a kind are kept: with more, lists only get longer.
ENOUGH = 12
ADDRESSES = {"email": "info@example.nl", "telefoonnummer": "0201234567"}


# What other records need, and what is needed to make it.
SEEDS: dict[str, dict[str, Any]] = {
    "actoren": {"naam": "Contract", "soortActor": "medewerker"},
    "partijen": {"soortPartij": "persoon", "indicatieActief": True},
    "klantcontacten": {"kanaal": "test", "onderwerp": "Contract", "taal": "nld", "vertrouwelijk": False},
    "betrokkenen": {"hadKlantcontact": {"uuid": ""}, "rol": "klant", "initiator": True},
    "categorieen": {"naam": "Contract"},
    "rekeningnummers": {"iban": "NL91ABNA0417164300"},
    "digitaleadressen": {
        "verstrektDoorPartij": None,
        "verstrektDoorBetrokkene": None,
        "soortDigitaalAdres": "overig",
        "adres": "Contract",
    },
}


class Made:
    """The uuids of what a run has made, by collection; each time another one is named."""

    def __init__(self) -> None:
        self._uuids: dict[str, list[str]] = defaultdict(list)
        self._owned: dict[str, set[str]] = defaultdict(set)
        self._gone: set[str] = set()
        self._numbers = itertools.count(1)
        self._turn = itertools.count()

    def seed(self, create: Callable[[str, Any], Any]) -> None:
        """Makes one of everything that others refer to; `create` gives the answer to a POST, or None."""
        for collection, body in SEEDS.items():
            believable(body, self)
            self.note(collection, create(collection, body))

    def note(self, collection: str, answer: Any) -> str | None:
        """What a create answered; gives the oldest of the collection when there are more than needed."""
        known = self._uuids[collection]
        if isinstance(answer, dict) and isinstance(answer.get("uuid"), str):
            known.append(answer["uuid"])
            self.tie(answer)
        return known.pop(0) if len(known) > ENOUGH else None

    def tie(self, answer: dict[str, Any]) -> None:
        """A record was answered: it goes when what it belongs to goes."""
        for group in _groups(answer):
            for name in OWNERS & group.keys():
                if isinstance(group[name], dict) and "uuid" in group[name]:
                    self._owned[group[name]["uuid"]].add(answer["uuid"])

    def forget(self, collection: str, uuid: str) -> None:
        """Something was deleted, and with it all that belonged to it."""
        if uuid in self._uuids[collection]:
            self._uuids[collection].remove(uuid)
        going = [uuid]
        while going:
            last = going.pop()
            if last not in self._gone:
                self._gone.add(last)
                going += self._owned[last]

    def is_gone(self, uuid: str) -> bool:
        """Whether it was deleted, or went with something that was."""
        return uuid in self._gone

    def one(self, collection: str) -> str | None:
        """One that was made and, as far as known, is still there."""
        found = self._uuids[collection]
        return found[next(self._turn) % len(found)] if found else None

    def bsn(self) -> str:
        """A number that passes the test of eleven and was not given before."""
        for number in self._numbers:
            digits = [int(each) for each in f"{number:08d}"]
            last = sum(digit * weight for digit, weight in zip(digits, range(9, 1, -1), strict=True)) % 11
            if last < 10:
                return f"{number:08d}{last}"
        raise AssertionError("there is no end to numbers")


def believable(body: Any, made: Made) -> None:
    """Changes a valid body in place."""
    for group in list(_groups(body)):
        for name, value in group.items():
            if name in NOT_BLANK and isinstance(value, str) and not value.strip():
                group[name] = "tekst"
            elif name in COLLECTIONS:
                _refer(value, COLLECTIONS[name], made)
        _keep_rules(group, made)


def _groups(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _groups(each)


def _refer(value: Any, collection: str, made: Made) -> None:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict) and "uuid" in each and (found := made.one(collection)):
            each["uuid"] = found


def _keep_rules(group: dict[str, Any], made: Made) -> None:
    if group.get("toegewezenAanActor") and "toegewezenAanActoren" in group:
        del group["toegewezenAanActoren"]
    if group.get("status") != "verwerkt":
        group.pop("afgehandeldOp", None)
    if group.get("indicatieContactGelukt"):
        group.pop("verdereActieOndernomen", None)
    for name in RECORDED_NULLS & group.keys():
        if group[name] is None:
            del group[name]
    for name in NUMBERS & group.keys():
        if not str(group[name] or "").isdecimal():
            del group[name]
    for name in ("voorkeursDigitaalAdres", "voorkeursRekeningnummer", "subIdentificatorVan"):
        group.pop(name, None)
    # White space around text does not count for its length: what is long enough with it may be too short.
    for name, (shortest, right) in LENGTHS.items():
        if 0 < len(str(group.get(name) or "").strip()) < shortest:
            group[name] = right
    if "iban" in group:
        group["iban"] = "NL91ABNA0417164300"
    if "adres" in group and group.get("soortDigitaalAdres") in ADDRESSES:
        group["adres"] = ADDRESSES[group["soortDigitaalAdres"]]
    if "codeSoortObjectId" in group and "codeRegister" in group and "partijIdentificator" not in group:
        _identify(group, made)
    metadata = group.get("metadata")
    if isinstance(metadata, dict):
        group["metadata"] = {key: each if each.strip() else "x" for key, each in metadata.items()}


def _identify(group: dict[str, Any], made: Made) -> None:
    """A number of a person, where the values are those of the API's own enumeration."""
    if group["codeSoortObjectId"] in {"bsn", "kvk_nummer", "rsin", "vestigingsnummer"}:
        group |= {
            "codeObjecttype": "natuurlijk_persoon",
            "codeRegister": "brp",
            "codeSoortObjectId": "bsn",
            "objectId": made.bsn(),
        }
