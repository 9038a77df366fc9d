"""The handlers of /objects and the paths below it."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from adapter.embedded.objects import records
from adapter.embedded.objects.bodies import objecttype_named, read_object
from adapter.embedded.objects.conditions import Condition, narrowest_first
from adapter.embedded.objects.errors import Problem, forbidden, invalid, invalid_query, not_found
from adapter.embedded.objects.exchange import Exchange, Reply
from adapter.embedded.objects.fields import Wrong, not_a_dictionary
from adapter.embedded.objects.filters import data_conditions, form_conditions, query_date
from adapter.embedded.objects.geometry import well_formed
from adapter.embedded.objects.ordering import order_of
from adapter.embedded.objects.paging import page_size, paged
from adapter.embedded.objects.records import Record
from adapter.embedded.objects.rendering import shown_object, shown_record
from adapter.embedded.objects.selection import tree_of


def list_objects(exchange: Exchange) -> Reply:
    query = exchange.query
    conditions = [
        *data_conditions(query.getlist("data_attr"), query.get("data_attrs")),
        *form_conditions(exchange.database, query),
    ]
    return _page(exchange, conditions)


def search_objects(exchange: Exchange) -> Reply:
    """A list with filters in the body; date, ordering, page and fields are query parameters as in a list."""
    form = exchange.body
    if not isinstance(form, dict):
        raise invalid(not_a_dictionary(form))
    if "data_attr" in form:  # the Objects API answers 500 here
        raise invalid_query("invalid-data-attr-query", "A search takes `data_attrs` only")
    single = form.get("data_attrs")
    conditions = [
        *data_conditions([], None if single is None else str(single)),
        *form_conditions(exchange.database, form),
        *_within(form),
    ]
    return _page(exchange, conditions)


def _within(form: Mapping[str, Any]) -> Iterable[Condition]:
    if "geometry" not in form:
        return
    geometry = form["geometry"]
    area = geometry.get("within") if isinstance(geometry, dict) else None
    if not well_formed(area):
        reason = 'Invalid geometry pointer returned from "OGR_G_CreateGeometryFromJson".'
        raise invalid(Problem("geometry.within", "invalid", f"Unable to convert to python object: {reason}"))
    yield Condition("within(r.geometry, ?)", (records.text_of(area),))


def _page(exchange: Exchange, filters: list[Condition]) -> Reply:
    query, database = exchange.query, exchange.database
    conditions = narrowest_first(database, [_moment(exchange, several=True), *_permitted(exchange), *filters])
    order = order_of(query.get("ordering"))
    tree = tree_of(query.get("fields"))

    def rows(limit: int, offset: int) -> list[Any]:
        found = records.page(database, conditions, order, limit, offset)
        return [shown_object(exchange.base, record, tree) for record in found]

    def count() -> int:
        return records.count(database, conditions)

    size = page_size(query.get("pageSize"))
    return Reply(paged(exchange.url, query.get("page"), size, count, rows))


def _moment(exchange: Exchange, *, several: bool) -> Condition:
    """The condition for the record of an object on `date`, by `registrationDate`, or else today."""
    day = query_date("date", exchange.query.get("date"))
    registered = query_date("registrationDate", exchange.query.get("registrationDate"))
    if day and registered:
        reason = "'date' and 'registrationDate' parameters can't be used in the same request"
        raise invalid_query("invalid-date-query-params", reason)
    if registered:
        condition, column, last = records.registered_by(registered), "registration_at", registered
    else:
        last = day or date.today().isoformat()
        condition, column = records.visible_on(last), "start_at"
    return records.narrowed(exchange.database, condition, column, last) if several else condition


def _permitted(exchange: Exchange) -> Iterable[Condition]:
    modes = exchange.grant.modes
    if modes is not None:
        marks = ", ".join("?" * len(modes))
        yield Condition(f"r.objecttype IN ({marks})", tuple(modes))


def retrieve_object(exchange: Exchange) -> Reply:
    """One object. The filters of a list apply too: an object that they exclude is a 404."""
    query = exchange.query
    conditions = [
        Condition("r.uuid = ?", (_uuid(exchange),)),
        _moment(exchange, several=False),
        *data_conditions(query.getlist("data_attr"), query.get("data_attrs")),
        *form_conditions(exchange.database, query),
    ]
    record = records.first(exchange.database, conditions)
    if record is None:
        raise not_found()
    if not exchange.grant.reads(record.objecttype):
        raise forbidden()
    return Reply(shown_object(exchange.base, record, tree_of(query.get("fields"))))


def create_object(exchange: Exchange) -> Reply:
    _check_may_create(exchange)
    with exchange.database.transaction():
        uuid, draft = read_object(exchange, None, partial=False)
        record = records.add(exchange.database, uuid or str(uuid4()), draft)
    content = shown_object(exchange.base, record, {})
    return Reply(content, 201, {"Location": content["url"]})


def _check_may_create(exchange: Exchange) -> None:
    """Raise Refusal (403) without permission for the type; the check of the body reports an invalid type."""
    if exchange.grant.everything or not isinstance(exchange.body, dict):
        return
    try:
        objecttype = objecttype_named(exchange, exchange.body.get("type"))
    except Wrong:
        return
    if not exchange.grant.writes(objecttype):
        raise forbidden()


def update_object(exchange: Exchange) -> Reply:
    return _change(exchange, partial=False)


def partial_update_object(exchange: Exchange) -> Reply:
    return _change(exchange, partial=True)


def _change(exchange: Exchange, *, partial: bool) -> Reply:
    with exchange.database.transaction():
        before = _existing(exchange, writing=True)
        _, draft = read_object(exchange, before, partial=partial)
        record = records.add(exchange.database, before.uuid, draft)
    return Reply(shown_object(exchange.base, record, {}))


def delete_object(exchange: Exchange) -> Reply:
    """Delete an object. With `zaak`, one that refers to other zaken too only loses this reference."""
    with exchange.database.transaction():
        record = _existing(exchange, writing=True)
        zaak = exchange.query.get("zaak")
        links = [link["url"] for link in json.loads(record.links)]
        if zaak in links and len(links) > 1:
            records.keep_without(exchange.database, record, str(zaak))
            return Reply({"behouden": [f"{exchange.base}/objects/{record.uuid}"]})
        records.remove(exchange.database, record.uuid)
    return Reply(None, 204)


def object_history(exchange: Exchange) -> Reply:
    """All records of an object, the oldest first."""
    record = _existing(exchange, writing=False)

    def rows(limit: int, offset: int) -> list[Any]:
        return [
            shown_record(found) for found in records.history(exchange.database, record.uuid, limit, offset)
        ]

    query = exchange.query
    size = page_size(query.get("pageSize"))
    return Reply(paged(exchange.url, query.get("page"), size, lambda: record.position, rows))


def object_record(exchange: Exchange) -> Reply:
    _existing(exchange, writing=False)
    record = records.at(exchange.database, _uuid(exchange), exchange.path["index"])
    if record is None:
        raise not_found()
    return Reply(shown_record(record))


def _existing(exchange: Exchange, *, writing: bool) -> Record:
    record = records.latest(exchange.database, _uuid(exchange))
    if record is None:
        raise not_found()
    grant = exchange.grant
    if not (grant.writes if writing else grant.reads)(record.objecttype):
        raise forbidden()
    return record


def _uuid(exchange: Exchange) -> str:
    try:
        return str(UUID(exchange.path["uuid"]))
    except ValueError:
        raise not_found() from None
