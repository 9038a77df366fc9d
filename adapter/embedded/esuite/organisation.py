"""The municipality in the embedded e-Suite: names that exist there, and who can be looked up elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapter.embedded.dutch_numbers import rsin_problem
from adapter.openapi.document import read_yaml

# The kind of a klant by the member with its number, the more particular member first.
KINDS = {
    "vestigingsNummer": "vestiging",
    "innNnpId": "niet_natuurlijk_persoon",
    "inpBsn": "natuurlijk_persoon",
}


@dataclass(frozen=True, slots=True)
class Organisation:
    """The names that exist; every other one is refused. `medewerkers` are by their user name."""

    bronorganisatie: str
    kanalen: frozenset[str]
    types: frozenset[str]
    afdelingen: frozenset[str]
    groepen: frozenset[str]
    medewerkers: Mapping[str, Mapping[str, str]]
    voornamen: Sequence[str]
    achternamen: Sequence[Sequence[str]]
    bedrijven: Sequence[str]
    onbekend: frozenset[str]
    bekend: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """The names of numbers of which they are not drawn."""

    def named(self, user: str) -> str:
        """The full name of an employee."""
        return self.medewerkers[user]["naam"]

    def looked_up(self, member: str, number: str) -> dict[str, Any] | None:
        """What the source of persons or companies says of a number; None when it is not there.

        The same number has the same names every time.
        """
        if number in self.onbekend or not number.isdecimal() or (member == "inpBsn" and rsin_problem(number)):
            return None
        if number in self.bekend:
            return dict(self.bekend[number])
        at = int(number)
        if member != "inpBsn":
            return {"bedrijfsnaam": self.bedrijven[at % len(self.bedrijven)]}
        insertion, last = self.achternamen[at % len(self.achternamen)]
        first = self.voornamen[at % len(self.voornamen)]
        return {"voornaam": first, "voorvoegselAchternaam": insertion, "achternaam": last}


def read_organisation(changes: Mapping[str, Any] | None = None) -> Organisation:
    """The municipality of the demonstration, with other values where `changes` has them."""
    found = {**read_yaml(Path(__file__).with_name("organisation.yaml")), **(changes or {})}
    for name in ("kanalen", "types", "afdelingen", "groepen", "onbekend"):
        found[name] = frozenset(found[name])
    return Organisation(**found)
