"""Bodies that the served API takes, and what has to be read back of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from adapter.openapi.document import Schema
from adapter.shipped import served_document
from hypothesis import strategies as st

from tests.contract.believable import COLLECTIONS
from tests.promises.drawing import Drawing, Strategy, matching, texts

JSON = dict[str, Any]
DOCUMENT = served_document()

# What a reference is until it is sent: the collection and which of its resources.
MANY = ("digitaleAdressen", "rekeningnummers", "toegewezenAanActoren")
AMOUNT = 3
PREFERRED = {"voorkeursDigitaalAdres": "digitaleAdressen", "voorkeursRekeningnummer": "rekeningnummers"}
OTHERS = {
    "werkteVoorPartij": ("partijen", (1,)),
    "subIdentificatorVan": ("partij-identificatoren", (0,)),
    "wasPartij": ("partijen", (0, 1, 2)),
    **{name: (COLLECTIONS[of], (0, 1)) for name, of in PREFERRED.items()},
}
ADDRESSES = {
    "email": st.builds("{}@{}.nl".format, matching("^[a-z]{1,40}$", 40), matching("^[a-z]{1,30}$", 30)),
    "telefoonnummer": st.sampled_from(["0201234567", "+31612345678", "0031201234567"]),
    "overig": texts(80),
}
DIGITS = st.integers(0, 10**10 - 1).map(str)
# Groups of which the API serves nothing as a group of empty members.
NULL_IS_EMPTY = {
    "actoridentificator",
    "bezoekadres",
    "bijlageidentificator",
    "contactnaam",
    "correspondentieadres",
    "onderwerpobjectidentificator",
}
# Members that have a value although nobody gave one.
OWN_VALUE = {
    "afgehandeldOp",
    "beginDatum",
    "geregistreerdOp",
    "nummer",
    "plaatsgevondenOp",
    "referentienummer",
    "toegewezenAanActor",
    "toegewezenAanActoren",
    "url",
    "uuid",
    "volledigeNaam",
}
# Moments that the API fills in where a client sends nothing.
STAMPED = {"afgehandeldOp", "beginDatum"}
# What follows from another member, by that member.
FOLLOWS = {
    "soortActor": {"actorIdentificatie"},
    "soortPartij": {"partijIdentificatie"},
    "partijIdentificatie": {"volledigeNaam"},
    "status": {"afgehandeldOp"},
    "toegewezenAanActor": {"toegewezenAanActoren"},
    "toegewezenAanActoren": {"toegewezenAanActor"},
    "digitaleAdressen": {"voorkeursDigitaalAdres"},
    "rekeningnummers": {"voorkeursRekeningnummer"},
    "contactnaam": {"volledigeNaam"},
    "plaatsgevondenOp": {"geregistreerdOp"},
    "todo": {"leiddeTotInterneTaken"},
}


def bodies(resource: str) -> Strategy:
    """Whole bodies for a create or a change."""
    operation = DOCUMENT.operation("post", f"/{resource}")
    assert operation is not None
    assert operation.body is not None
    return DRAWING.of(operation.body).map(lawful)


def parts(body: JSON) -> Strategy:
    """One member of a body; with what decides of which shape it is."""
    kinds = {name: body[name] for name in ("soortPartij", "soortActor") if name in body}
    return (
        st.sampled_from(sorted(body)).map(lambda name: {**kinds, name: body[name]}) if body else st.just({})
    )


def lawful(body: JSON) -> JSON:
    """The body, changed where it would break a rule that no schema can say. Some are left to be refused."""
    for group in list(_groups(body)):
        for name, of in PREFERRED.items():
            if group.get(name) and group[name] not in (group.get(of) or ()):
                group[of] = [*(group.get(of) or ()), group[name]]
        if group.get("soortDigitaalAdres") and "adres" in group:
            group["adres"] = group["adres"][group["soortDigitaalAdres"]]
        if group.get("status") != "verwerkt" and "status" in group:
            group.pop("afgehandeldOp", None)
        if group.get("indicatieContactGelukt"):
            group.pop("verdereActieOndernomen", None)
        if "gevraagdeHandeling" in group:
            group.pop(
                "toegewezenAanActoren" if group.get("toegewezenAanActor") else "toegewezenAanActor", None
            )
            if "toegewezenAanActor" not in group:
                group.setdefault("toegewezenAanActoren", [])
        for name in ("partijIdentificatoren",):
            _each_kind_once(group.get(name) or [])
        if "partijIdentificator" in group:
            kind = group["partijIdentificator"]["codeSoortObjectId"]
            group["subIdentificatorVan"] = SUB if kind == "vestigingsnummer" else None
        if "url" not in group and set(group) != {"uuid"}:
            group.pop("uuid", None)
    return body


def _each_kind_once(identifiers: list[JSON]) -> None:
    seen: set[str] = set()
    for each in list(identifiers):
        each.pop("identificeerdePartij", None)
        kind = each["partijIdentificator"]["codeSoortObjectId"]
        if kind in seen:
            identifiers.remove(each)
        seen.add(kind)


def _groups(node: Any) -> Iterator[JSON]:
    if isinstance(node, dict):
        yield node
    for each in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _groups(each)


def _references() -> dict[str, Strategy]:
    """What each member that is a reference may name."""
    found = {
        name: (of, tuple(range(AMOUNT))) for name, of in COLLECTIONS.items() if name not in MANY
    } | OTHERS
    singles = {
        name: st.builds(lambda of, number: {"uuid": (of, number)}, st.just(of), st.sampled_from(numbers))
        for name, (of, numbers) in found.items()
    }
    lists = {
        name: st.lists(st.sampled_from((0, 1)), max_size=2, unique=True).map(
            lambda numbers, of=COLLECTIONS[name]: [{"uuid": (of, number)} for number in numbers]
        )
        for name in MANY
    }
    return singles | lists


def eleven_test(number: int) -> str:
    """The first number from this one on, of nine digits, that passes the 11-test."""
    while True:
        text = f"{number:09d}"
        digits = [int(each) for each in text]
        if sum(a * b for a, b in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0:
            return text
        number += 1


def _identifiers() -> Strategy:
    def of(kind: str, register: str, code: str, numbers: Strategy) -> Strategy:
        codes = {"codeObjecttype": kind, "codeRegister": register, "codeSoortObjectId": code}
        return numbers.map(lambda number: {**codes, "objectId": number})

    nine = st.integers(10**7, 9 * 10**8).map(eleven_test)
    return st.one_of(
        of("natuurlijk_persoon", "brp", "bsn", nine),
        of("niet_natuurlijk_persoon", "hr", "rsin", nine),
        of("niet_natuurlijk_persoon", "hr", "kvk_nummer", matching("^[0-9]{8}$", 8)),
        of("vestiging", "hr", "vestigingsnummer", matching("^[0-9]{12}$", 12)),
    )


SUB = {"uuid": ("partij-identificatoren", 0)}
ZAKEN = st.fixed_dictionaries(
    {
        "codeObjecttype": st.sampled_from(["zgw-Zaak", "zaak"]),
        "codeRegister": st.sampled_from(["openzaak", "open-zaak"]),
        "codeSoortObjectId": st.sampled_from(["uuid", "identificatie"]),
        "objectId": st.uuids(version=4).map(str) | st.sampled_from(["ZAAK-1", ""]),
    }
)
NAMED: dict[str, Strategy] = {
    "nummer": DIGITS,
    "referentienummer": DIGITS,
    "iban": st.sampled_from(["NL91ABNA0417164300", "DE89370400440532013000", "nl91abna0417164300"]),
    "bic": matching("^[A-Z0-9]{8,11}$", 11),
    "land": st.sampled_from(["NL", "BE", "DE", "XK", "ZW"]),
    "telefoonnummer": ADDRESSES["telefoonnummer"].filter(lambda number: len(number) >= 10),
    "partijIdentificator": _identifiers(),
    # One for each kind; which, follows from the kind.
    "adres": st.fixed_dictionaries(ADDRESSES),
}
# Text that is not required may be "", whatever its form; only moments and uuids may not.
NEVER_BLANK = {"date", "date-time", "uuid"}


def _may_be_blank(schema: Schema) -> bool:
    return "enum" not in schema and schema.get("format") not in NEVER_BLANK


DRAWING = Drawing(DOCUMENT, NAMED, _references(), _may_be_blank)


# what is read back


def differences(schema: Schema, sent: JSON, read: JSON) -> Iterator[str]:
    """Where a resource is read otherwise than it was written."""
    members = DOCUMENT.properties(_branch(schema, read))
    for name, value in sent.items():
        stamped = name in STAMPED and value is None
        if name in members and not stamped and not _same(members[name], name, value, read.get(name)):
            yield f"{name}: {value!r} is read as {read.get(name)!r}"


def leaks(sent: JSON, read: JSON) -> Iterator[str]:
    """Texts and groups that nobody gave, and that have a value all the same."""
    for name, value in read.items():
        text = isinstance(value, (str, dict)) and name not in OWN_VALUE
        if name not in sent and text and not blank(value) and DERIVED.isdisjoint({name}):
            yield f"{name} was not given and is read as {value!r}"


DERIVED = {"_expand", "toegewezenOp", "soortActor", "todo"}


def blank(value: Any) -> bool:
    """Whether there is nothing in it, apart from what the API makes itself."""
    if isinstance(value, dict):
        return all(blank(each) for name, each in value.items() if name not in OWN_VALUE)
    return value in (None, "", [], {})


def _branch(schema: Schema, read: JSON) -> Schema:
    """The variant that a resource is of."""
    discriminator = DOCUMENT.resolve(schema).get("discriminator")
    return (
        {"$ref": discriminator["mapping"][read[discriminator["propertyName"]]]} if discriminator else schema
    )


def _same(schema: Schema, name: str, sent: Any, read: Any) -> bool:
    if isinstance(sent, dict):
        return _same_group(schema, name, sent, read)
    if isinstance(sent, list):
        return isinstance(read, list) and _same_list(schema, sent, read)
    if sent is None:
        # What belongs to the resource stays what it is when a client sends null for the list of it.
        return isinstance(read, list) or (blank(read) if name in NULL_IS_EMPTY else read is None)
    if isinstance(sent, str):
        return _same_text(schema, sent, read)
    return type(sent) is type(read) and sent == read


# Groups of which the members depend on the kind of the resource: a member that is left out stays what it is.
OF_A_KIND = {"partijIdentificatie", "actorIdentificatie"}


def _same_group(schema: Schema, name: str, sent: JSON, read: Any) -> bool:
    if "uuid" in sent and name not in OF_A_KIND:
        return isinstance(read, dict) and read.get("uuid") == sent["uuid"]
    if not isinstance(read, dict):
        return blank(sent) and read is None
    if name in OF_A_KIND:
        sent = {key: value for key, value in sent.items() if key != "uuid"}  # which is read only there
        if not sent:
            return True
    unsaid = {key: value for key, value in read.items() if key not in sent}
    return not list(differences(schema, sent, read)) and (name == "metadata" or blank(unsaid))


def _same_list(schema: Schema, sent: list[JSON], read: list[JSON]) -> bool:
    if all("uuid" in each for each in sent):
        return sorted(each["uuid"] for each in sent) == sorted(each["uuid"] for each in read)
    items = DOCUMENT.merged(schema).get("items", {})
    return len(sent) == len(read) and all(
        any(not list(differences(items, each, other)) for other in read) for each in sent
    )


def _same_text(schema: Schema, sent: str, read: Any) -> bool:
    if DOCUMENT.merged(schema).get("format") == "date-time" and sent:
        return isinstance(read, str) and _moment(read) == _moment(sent)
    return bool(read == sent.strip()) or (sent.strip() == "" and read is None)


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
