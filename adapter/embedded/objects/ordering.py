"""The `ordering` of a list, as an ORDER BY on the records."""

from collections.abc import Iterator, Mapping

from adapter.embedded.objects.conditions import Condition
from adapter.embedded.objects.records import SEPARATOR

DATA = "record__data__"
COLUMNS: Mapping[str, str] = {
    "uuid": "r.uuid",
    "type": "(SELECT t.id FROM objecttypes t WHERE t.uuid = r.objecttype)",
    "record__index": "r.position",
    "record__typeVersion": "r.type_version",
    "record__startAt": "r.start_at",
    "record__endAt": "r.end_at",
    "record__registrationAt": "r.registration_at",
    "record__correctionFor": "r.correction_for",
    "record__correctedBy": "r.corrected_by",
}
MEMBER = "(SELECT m.{0} FROM members m WHERE m.path = ? AND m.record = r.id)"
NEWEST = Condition("r.id DESC")


def order_of(ordering: str | None) -> Condition:
    """Last changed first, unless `ordering` names known fields; unknown ones are passed over. What is absent
    comes last, and first in descending order. Ties are broken as in the default order."""
    terms = [*_terms(ordering or ""), NEWEST]
    return Condition(
        ", ".join(term.sql for term in terms), tuple(value for term in terms for value in term.values)
    )


def _terms(ordering: str) -> Iterator[Condition]:
    for term in ordering.split(","):
        name = term.strip()
        way = "DESC NULLS FIRST" if name.startswith("-") else "ASC NULLS LAST"
        name = name.removeprefix("-")
        if name in COLUMNS:
            yield Condition(f"{COLUMNS[name]} {way}")
        elif name.startswith(DATA):
            path = name.removeprefix(DATA).replace("__", SEPARATOR)
            terms = (f"{MEMBER.format(column)} {way}" for column in ("rank", "value"))
            yield Condition(", ".join(terms), (path, path))
