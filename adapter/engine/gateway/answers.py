"""What a register answers, in the shape that the rest relies on: a record, a page of a list, a whole list.

RegisterAnswer for any other. Prevents that a gateway, or a register in trouble, that answers valid JSON of
its own is taken at its word: an empty object is no record, and a list is no sign that something was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from operator import itemgetter

from adapter.engine.deployment import Deployment
from adapter.engine.entities.annotations import KIND, SUPPLEMENT
from adapter.engine.entities.stored_object import OBJECTS, Record, StoredObject
from adapter.engine.gateway.questions import Attributes, ObjectPage, Parameters
from adapter.engine.gateway.scan_bound import ScanTooLong
from adapter.engine.gateway.soundness import are_objects, sound_data
from adapter.errors import AnswerTooLong, RegisterAnswer, RegisterUnavailable
from adapter.mapping.kinds import Check, are_records
from adapter.mapping.model import Place
from adapter.registers.messages import Answer

RECORDS_PER_PAGE = 100
OBJECTS_PER_PAGE = 500
LONGEST_QUERY = 4000
# In at least so many parts a page is asked that was too long.
PARTS = 5
READINGS = 3
_UUID, _RECORD, _DATA = itemgetter("uuid"), itemgetter("record"), itemgetter("data")

Part = tuple[int, list[Record], bool]
"""(how many there are, the records of this page or part of one, whether there are more after it)."""


# what an answer says


def record(answer: Answer, register: str, fits: Check = are_records) -> Record:
    """The record or object of a successful answer; it `fits` what its register says of records."""
    if answer.status >= 400 or not fits([answer.body]):
        raise RegisterAnswer(register)
    found: Record = answer.body
    return found


def page(answer: Answer, register: str, fits: Check = are_records) -> Part:
    """(how many there are, the records of this page, whether there is a next one) of a list."""
    found = answer.body if isinstance(answer.body, dict) else {}
    count, rows, more = found.get("count"), found.get("results"), found.get("next")
    if answer.status >= 400 or type(count) is not int or count < 0:
        raise RegisterAnswer(register)
    if not isinstance(rows, list) or not fits(rows) or not (more is None or isinstance(more, str)):
        raise RegisterAnswer(register)
    return count, rows, bool(more)


def companions(answer: Answer, register: str) -> tuple[list[Record], bool]:
    """The same of a register of which the lists have no pages: (the records, False)."""
    if isinstance(answer.body, list) and answer.status < 400:
        if not are_records(answer.body):
            raise RegisterAnswer(register)
        return answer.body, False
    _, rows, more = page(answer, register)
    return rows, more


def nothing(answer: Answer, register: str) -> None:
    """That a delete was done."""
    if answer.status >= 400 or answer.body is not None:
        raise RegisterAnswer(register)


# records


def record_of(deployment: Deployment, place: Place, uuid: str) -> list[Record]:
    """The record with this uuid, with what comes along with it; [] when there is none."""
    collection = deployment.mappings.collections[place]
    answer = deployment.registers[place.register].call(
        "GET", f"{place.collection}/{uuid}", params=collection.expand
    )
    return [] if answer.status == 404 else [record(answer, place.register, collection.fits)]


def page_of_records(deployment: Deployment, place: Place, params: Parameters, number: int) -> Part:
    """The page with this number; each record with what comes along with it."""
    collection = deployment.mappings.collections[place]
    paging = [("page", str(number))] if number > 1 else []
    answer = deployment.registers[place.register].call(
        "GET", place.collection, params=[*params, *collection.expand, *paging]
    )
    if answer.status == 404 and number > 1:
        return 0, [], False
    return page(answer, place.register, collection.fits)


def all_records(deployment: Deployment, place: Place, params: Parameters) -> list[Record]:
    """Every page as one list; see `steady`. ScanTooLong when there are too many."""

    def read() -> Iterator[tuple[int, list[Record]]]:
        count, rows, more = page_of_records(deployment, place, params, 1)
        if count > (bound := deployment.scan_bound):
            raise ScanTooLong.counted(place.register, bound, found=len(rows), more=more)
        yield count, rows
        for number in range(2, -(-count // RECORDS_PER_PAGE) + 1):
            yield page_of_records(deployment, place, params, number)[:2]

    return steady(place.register, read)


# objects


def object_of(deployment: Deployment, uuid: str) -> list[StoredObject]:
    """The object with this uuid; [] when there is none, or it is of a type that is not ours."""
    answer = deployment.registers[OBJECTS].call("GET", f"{OBJECTS}/{uuid}")
    if answer.status == 403:  # of a type that is not ours, when we may read all that are
        deployment.rights.need_all()
    missing = answer.status in (403, 404)
    return [] if missing else _stored(deployment, [record(answer, OBJECTS, are_objects)])


def page_of_objects(deployment: Deployment, asked: ObjectPage) -> tuple[int, list[StoredObject]]:
    """(how many there are, the objects of this page)."""
    parts = list(in_parts(partial(_objects, deployment, asked), asked.number, asked.size))
    return parts[0][0], _stored(deployment, [row for _, rows, _ in parts for row in rows])


def all_objects(
    deployment: Deployment, object_type: str | None, attributes: Attributes
) -> list[StoredObject]:
    """All objects, of a type when that is named; see `steady`. ScanTooLong when there are too many."""
    asked = ObjectPage(object_type or "", attributes, "", 1, OBJECTS_PER_PAGE)
    ask, bound = partial(_objects, deployment, asked), deployment.scan_bound

    def read() -> Iterator[tuple[int, list[Record]]]:
        for number in range(1, bound // OBJECTS_PER_PAGE + 2):
            for count, found, more in in_parts(ask, number, OBJECTS_PER_PAGE):
                if count > bound:
                    raise ScanTooLong.counted(OBJECTS, bound, found=len(found), more=more)
                yield count, found
                if not more:
                    return

    return _stored(deployment, steady(OBJECTS, read))


def _objects(deployment: Deployment, asked: ObjectPage, number: int, size: int) -> Part:
    """A page, or a part of one; a search that is too long for a URL, and asks for no order, has a body."""
    register, ordering = deployment.registers[OBJECTS], asked.ordering
    of_type = [("type", deployment.types[asked.object_type].url)] if asked.object_type else []
    paging = [("pageSize", str(size)), *([("page", str(number))] if number > 1 else [])]
    conditions = ["__".join(each) for each in asked.attributes]
    if not ordering and sum(len(part) for each in asked.attributes for part in each) > LONGEST_QUERY:
        body = {"data_attrs": ",".join(conditions), **dict(of_type)}
        answer = register.call("POST", f"{OBJECTS}/search", params=paging, json=body)
        return page(answer, OBJECTS, are_objects)
    in_order = [("ordering", ordering)] if ordering else []
    query = [*of_type, *(("data_attr", each) for each in conditions), *in_order, *paging]
    answer = register.call("GET", OBJECTS, params=query)
    if answer.status == 404 and number > 1:
        return 0, [], False
    return page(answer, OBJECTS, are_objects)


def _stored(deployment: Deployment, rows: Iterable[Record]) -> list[StoredObject]:
    """Those of our types among what the Objects API answers; those of one type as they came.

    RegisterAnswer when the data of one are not sound.
    """
    of_type: dict[str, list[Record]] = {}
    for row in rows:
        of_type.setdefault(row["type"], []).append(row)
    found: dict[str, StoredObject] = {}
    for url, own in of_type.items():
        # hosts differ, the uuid of a type does not
        kind = deployment.types_by_uuid.get(url.rstrip("/").rpartition("/")[2])
        if kind is not None:
            uuids, records = list(map(_UUID, own)), list(map(_RECORD, own))
            contents = list(map(_DATA, records))
            since = [each.get("startAt") or "" for each in records]
            made = map(StoredObject, uuids, repeat(kind.name), contents, since)
            found.update(zip(uuids, made, strict=True))
            _check(deployment, kind.name, contents)
    return list(found.values())


def _check(deployment: Deployment, name: str, contents: Sequence[Record]) -> None:
    """Raise RegisterAnswer when the data of some objects of a type are not sound."""
    of_kind: dict[str, list[Record]] = {}
    if name == SUPPLEMENT:
        for data in contents:
            of_kind.setdefault(str(data.get(KIND)), []).append(data)
    mappings = deployment.mappings
    for of, each in of_kind.items() or (("", contents),):
        known = of if of in mappings.resources else ""
        sound = deployment.planned(("sound", name, known), partial(sound_data, mappings, name, known))
        if not sound(each):
            raise RegisterAnswer(OBJECTS)


def in_parts(ask: Callable[[int, int], Part], number: int, size: int) -> Iterator[Part]:
    """A page, in parts when its answer is too long, each as small as it has to be.

    AnswerTooLong for one object that is too long by itself.
    """
    try:
        yield ask(number, size)
    except AnswerTooLong:
        if size == 1:
            raise
    else:
        return
    parts = next(each for each in range(min(PARTS, size), size + 1) if size % each == 0)
    for part in range((number - 1) * parts + 1, number * parts + 1):
        for found in in_parts(ask, part, size // parts):
            yield found
            if not found[2]:
                return


def steady(register: str, read: Callable[[], Iterable[tuple[int, list[Record]]]]) -> list[Record]:
    """All records of a list, each once, also while others write to it.

    `read` gives (count, records) of each page. What is created or deleted meanwhile shifts the records on the
    pages that are still to come: the counts differ, or a record comes twice. Then everything is read again;
    RegisterUnavailable when that goes on. A register that gives a record twice each time is taken as it is.
    """
    before: set[str] | None = None
    for _ in range(READINGS):
        counts: set[int] = set()
        rows: dict[str, Record] = {}
        for count, found in read():
            counts.add(count)
            rows.update({row["url"]: row for row in found})
        if len(counts) == 1 and (len(rows) in counts or set(rows) == before):
            return list(rows.values())
        before = set(rows)
    raise RegisterUnavailable(register)
