"""The plan of the municipality, with everything that will be stored; the same seed gives the same one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from adapter.embedded.municipality.contacts import Contact, Contacts, Organisation
from adapter.embedded.municipality.oddities import with_oddities
from adapter.embedded.municipality.people import JSON, Employee, Klant, People
from adapter.embedded.objects import TypeSeed
from adapter.openapi.specifications import objecttypes_folder

BRONORGANISATIE = "002220647"
SEED = 1875


@dataclass(frozen=True, slots=True)
class Size:
    """The numbers of residents, companies, employees, more departments than the usual ones, and contacts.

    With `odd`, one in a hundred records is as no application should have written it, though some did.
    """

    residents: int = 260
    companies: int = 60
    employees: int = 48
    departments: int = 0
    contacts: int = 620
    odd: bool = False

    @classmethod
    def of(cls, contacts: int) -> "Size":
        """A municipality with so many contacts, and everything else in proportion."""
        usual, residents, companies = cls(), contacts * 42 // 100 + 1, contacts // 10 + 1
        employees = max(usual.employees, contacts // 130)
        departments = (employees - usual.employees) // 25
        return cls(residents, companies, employees, departments, contacts, odd=True)


@dataclass(frozen=True, slots=True)
class Municipality:
    """Everything to store; `objects` are pairs of the name of an objecttype and data."""

    klanten: list[Klant]
    contacts: list[Contact]
    objects: list[tuple[str, JSON]]


def objecttypes(shapes: Mapping[str, Mapping[str, Any]] | None = None) -> list[TypeSeed]:
    """The objecttypes that the municipality has, and those of `shapes` (name → JSON Schema) that it lacks."""
    found = [
        TypeSeed(each["uuid"], each["name"], each["name_plural"], (_schema(each["schema"]),))
        for each in _data("objecttypes.yaml")
    ]
    there = {each.name for each in found}
    others = [(name, schema) for name, schema in (shapes or {}).items() if name not in there]
    return found + [
        TypeSeed(str(uuid5(NAMESPACE_URL, name)), name, name, (schema,)) for name, schema in others
    ]


def plan(size: Size, zaken: str, until: datetime | None = None) -> Municipality:
    """The municipality with contacts up to `until`; `zaken` is the base URL of its Zaken API."""
    random, words = Random(SEED), _data("words.yaml")  # noqa: S311 (no secrets are made)
    people = People(random, words, BRONORGANISATIE)
    klanten = [people.resident() for _ in range(size.residents)]
    klanten += [people.company(branch=at % 2 == 0) for at in range(size.companies)]
    organisation = _organisation(people, words, size)
    contacts = Contacts(random, words, organisation, until or datetime.now(UTC))
    made = contacts.make(klanten, size.contacts, zaken, BRONORGANISATIE)
    if size.odd:
        klanten, made = with_oddities(klanten, made, words["lang"])
    return Municipality(klanten, made, _objects(organisation, words))


def _organisation(people: People, words: Mapping[str, Any], size: Size) -> Organisation:
    departments = dict(words["afdelingen"]) | dict(words["meer_afdelingen"][: size.departments])
    groups = {
        department: [(group, name) for group, name, of in words["groepen"] if of == department]
        for department in departments
    }
    employees: dict[str, list[Employee]] = {department: [] for department in departments}
    for at in range(size.employees):
        department = list(departments)[at % len(departments)]
        own = people.random.sample(groups[department], k=min(1, len(groups[department])))
        employees[department].append(people.employee((department, departments[department]), own))
    return Organisation(len(words["afdelingen"]), departments, groups, employees)


def _objects(organisation: Organisation, words: Mapping[str, Any]) -> list[tuple[str, JSON]]:
    domain = words["domein"]
    found: list[tuple[str, JSON]] = [
        ("Afdeling", {"identificatie": key, "naam": name, "email": f"{key.lower()}@{domain}"})
        for key, name in organisation.departments.items()
    ]
    found += [
        (
            "Groep",
            {
                "identificatie": key,
                "naam": name,
                "afdelingId": department,
                "email": f"{key.lower()}@{domain}",
            },
        )
        for department, groups in organisation.groups.items()
        for key, name in groups
    ]
    found += [("Medewerker", each.data) for group in organisation.employees.values() for each in group]
    return found


def _schema(name: str) -> JSON:
    file = objecttypes_folder() / f"{name}.json"
    schema: JSON = json.loads(file.read_text(encoding="utf-8"))
    return schema


@cache
def _data(name: str) -> Any:
    text = (files("adapter.embedded.municipality") / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)
