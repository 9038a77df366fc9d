"""Bodies of requests: the schemas of the specification, and the rules of the e-Suite beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapter.embedded.esuite.faults import invalid
from adapter.embedded.esuite.organisation import KINDS, Organisation
from adapter.openapi.bodies import BodyValidator, compile_body
from adapter.openapi.checked import Checked, Problem
from adapter.openapi.document import Document

JSON = dict[str, Any]
CLOSED = "afgehandeld"
ONLY_OPEN = ("behandelaar", "toelichting")
DEPARTMENT, GROUP = "afd:", "grp:"
REACHED_BY = ("emailadres", "telefoonnummer", "telefoonnummerAlternatief")


def compiled(document: Document, schema: str) -> BodyValidator:
    """The validator of a schema; text stays as it is sent, white space included."""
    found = document.schema(schema)
    options = {path: {"trim": False} for path in _texts(document, found, "")}
    return compile_body(document, found, options=options)


def checked(validate: BodyValidator, body: Any, *, partial: bool = False) -> JSON:
    """The valid members of a body. Raises Refused with everything that is wrong."""
    found: Checked = validate(body, partial)
    if found.problems:
        raise invalid(found.problems)
    return found.value


def trimmed(value: Any) -> Any:
    """The same with no white space around any text."""
    if isinstance(value, dict):
        return {name: trimmed(each) for name, each in value.items()}
    return value.strip() if isinstance(value, str) else value


def kept(values: Mapping[str, Any]) -> JSON:
    """The members that have a value; an empty text is none."""
    found = {name: kept(each) if isinstance(each, dict) else each for name, each in values.items()}
    return {name: each for name, each in found.items() if each not in ("", None, {})}


def telephones(values: Mapping[str, Any], prefix: str = "") -> Iterator[Problem]:
    """That there is a first telephone number when there is a second one."""
    if values.get("telefoonnummerAlternatief") and not values.get("telefoonnummer"):
        reason = "Vul ook het eerste telefoonnummer in."
        yield Problem(f"{prefix}telefoonnummerAlternatief", "required", reason)


def contact_problems(values: Mapping[str, Any], organisation: Organisation) -> Iterator[Problem]:
    """What is wrong with the members of a new contact together, and with names that do not exist."""
    closed = values.get("status") == CLOSED
    if closed and not values.get("antwoord"):
        yield Problem("antwoord", "required", "Een afgehandeld contact heeft een antwoord.")
    for name in ONLY_OPEN:
        if closed and values.get(name):
            yield Problem(name, "invalid", "Kan niet bij een contact dat al is afgehandeld.")
    yield from telephones(values.get("contactgegevens", {}), "contactgegevens.")
    yield from unknown_names(values, organisation)


def unknown_names(values: Mapping[str, Any], organisation: Organisation) -> Iterator[Problem]:
    """The members with a name that does not exist in this e-Suite."""
    known = {
        "kanaal": organisation.kanalen,
        "type": organisation.types,
        "afdeling": organisation.afdelingen,
        "groep": organisation.groepen,
    }
    for name, names in known.items():
        if values.get(name) and values[name] not in names:
            yield Problem(name, "does_not_exist", "Deze naam bestaat niet.")
    if values.get("onderwerp") and assigned(values["onderwerp"], organisation) is None:
        yield Problem("onderwerp", "does_not_exist", "Deze afdeling of groep bestaat niet.")
    for name, member in (("behandelaar", "gebruikersnaam"), ("medewerkerIdentificatie", "identificatie")):
        user = values.get(name, {}).get(member)
        if user and user not in organisation.medewerkers:
            yield Problem(f"{name}.{member}", "does_not_exist", "Deze medewerker bestaat niet.")


def assigned(subject: str, organisation: Organisation) -> JSON | None:
    """The department or group that an onderwerp assigns a contact to; None when it does not exist."""
    if not subject.startswith(GROUP) and subject.removeprefix(DEPARTMENT) in organisation.afdelingen:
        return {"afdeling": subject.removeprefix(DEPARTMENT)}
    if not subject.startswith(DEPARTMENT) and subject.removeprefix(GROUP) in organisation.groepen:
        return {"groep": subject.removeprefix(GROUP)}
    return None


def subject_of(subject: Mapping[str, str]) -> tuple[str, str]:
    """The member and number by which a new klant is looked up. Raises Refused."""
    given = [name for name in KINDS if subject.get(name)]
    if not given or (len(given) > 1 and "inpBsn" in given):
        reason = "Geef een burgerservicenummer, een KVK-nummer of een vestigingsnummer."
        raise invalid([Problem("subjectIdentificatie", "invalid", reason)])
    return given[0], subject[given[0]]


def _texts(document: Document, schema: Any, prefix: str) -> Iterator[str]:
    merged = document.merged(schema)
    for name, each in merged.get("properties", {}).items():
        member = document.merged(each)
        if member.get("readOnly"):
            continue
        if "properties" in member:
            yield from _texts(document, member, f"{prefix}{name}.")
        elif member.get("type") == "string" and not {"format", "enum"} & member.keys():
            yield f"{prefix}{name}"
