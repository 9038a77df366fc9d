"""Records as old clients leave them in the registers: whatever the register's specification allows."""

from __future__ import annotations

from typing import Any

from adapter.dialects import SHIPPED
from adapter.mapping.documents import shape_documents
from adapter.mapping.model import Home
from adapter.mapping.schemas import takes_blank
from adapter.shipped import register_documents
from hypothesis import strategies as st

from tests.promises.drawing import Drawing, Strategy, matching, texts
from tests.promises.served import eleven_test

JSON = dict[str, Any]
RSIN = st.integers(10**7, 9 * 10**8).map(eleven_test)
# References to records are drawn as (collection, number), like those of bodies.
KLANT = st.sampled_from([("klanten", 0), ("klanten", 1)])
MOMENT = st.sampled_from([("contactmomenten", 0), ("contactmomenten", 1)])
NAMED: dict[str, Strategy] = {
    "bronorganisatie": RSIN,
    "inpBsn": RSIN | st.just(""),
    "inpA_nummer": st.just("1234567890"),
    "innNnpId": RSIN | st.just(""),
    "klantnummer": texts(8).filter(lambda text: text == text.strip()) | matching("^[0-9]{1,8}$", 8),
    "object": st.just(("zaken", 0)),
    "klant": KLANT,
    "vorigContactmoment": MOMENT,
    "contactmoment": MOMENT,
}


def records(dialect: str, home: Home) -> Strategy:
    """What an old client may record in a home."""
    if home.place is None:
        schema = {"$ref": f"#/components/schemas/{home.object_type}"}
        return Drawing(shape_documents(SHIPPED, ())[home.object_type], NAMED, {}, takes_blank).of(schema)
    document = register_documents(dialect)[home.place.register]
    operation = document.operation("post", f"/{home.place.collection}")
    assert operation is not None
    assert operation.body is not None
    return Drawing(document, NAMED, {}, takes_blank).of(operation.body).map(complete)


def complete(record: JSON) -> JSON:
    """The record with what no schema can say: a klant is somebody, and somebody had the contact."""
    subject, employee = "subjectIdentificatie", "medewerkerIdentificatie"
    if "subjectType" in record and not record.get(subject):
        record[subject] = {**SOMEBODY[record["subjectType"]]}
    if "klantnummer" not in record and "bronorganisatie" in record and not record.get(employee):
        record[employee] = {"identificatie": "x"}
    # A URL elsewhere, which the register would want to fetch.
    record.pop("subject", None)
    return record


SOMEBODY: dict[str | None, JSON] = {
    "natuurlijk_persoon": {"voorletters": "A."},
    "niet_natuurlijk_persoon": {"statutaireNaam": "Stichting"},
    "vestiging": {"handelsnaam": ["Winkel"]},
}
