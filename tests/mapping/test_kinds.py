"""Whether JSON is of the kinds that a schema says."""

import pytest
from adapter.mapping.kinds import are_records, are_uuids, checked, of_records, of_schema
from adapter.mapping.places import Place
from adapter.openapi.document import Document

ONE = "6b5a1f5e-7c1d-4c7e-9a39-6f2f6b6c6e74"
OTHER = ONE.upper()
GROUP = of_schema(
    {
        "type": "object",
        "properties": {
            "naam": {"type": "string"},
            "aantal": {"type": ["integer", "null"]},
            "adres": {"type": ["object", "null"], "properties": {"plaats": {"type": "string"}}},
        },
    }
)


@pytest.mark.parametrize(
    ("texts", "are"),
    [
        ([], True),
        ([ONE, OTHER], True),
        ([ONE, OTHER.upper()], True),
        ([ONE, OTHER.replace("-", "")], False),
        ([ONE, f"{{{OTHER}}}"], False),
        ([ONE, ""], False),
        ([ONE + "6", OTHER[1:]], False),
        ([ONE[:-1], "4" + OTHER], False),
        ([ONE, OTHER.replace("-", "_")], False),
        ([ONE, OTHER[:-1] + "\n"], False),
    ],
)
def test_each_text_is_a_uuid_by_itself(texts, are):
    """Also where all of them together would be."""
    assert are_uuids(texts) is are


@pytest.mark.parametrize(
    ("groups", "are"),
    [
        ([{"naam": "Eva", "aantal": 1}, {"naam": "Jan", "aantal": None}], True),
        ([{"naam": "Eva", "meer": []}, {}], True),
        ([{"naam": "Eva"}, {"naam": None}], False),
        ([{"aantal": 1}, {"aantal": True}], False),
        ([{"aantal": 1}, {"naam": 1}], False),
        ([{"adres": {"plaats": "Utrecht"}}, {"adres": None}, {}], True),
        ([{"adres": {"plaats": "Utrecht"}}, {"adres": {"plaats": 3}}], False),
        ([{"adres": {"plaats": "Utrecht"}}, {"adres": []}], False),
        ([{}, []], False),
        (["naam"], False),
    ],
)
def test_groups_are_of_the_kinds_of_their_members_whichever_they_have(groups, are):
    """What the schema does not name may be anything, and any member may be missing."""
    assert checked(GROUP)(groups) is are


@pytest.mark.parametrize("value", [None, "url", [], {}, {"url": None}, {"url": "http://a/klanten/1"}])
def test_a_record_has_a_url_that_ends_in_a_uuid(value):
    record = {"url": f"http://a/klanten/{ONE}"}
    assert are_records([record])
    assert not are_records([record, value])


def got(members):
    """The operation that answers a record with these members."""
    schema = {"type": "object", "properties": members}
    return {"get": {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}}


CONTACTS = of_records(
    {
        "register": Document(
            {
                "paths": {
                    "/contacten/{uuid}": got(
                        {
                            "tekst": {"type": "string"},
                            "op": {"type": "string", "format": "date-time"},
                            "links": {"type": "array", "items": {"type": "string"}},
                        }
                    ),
                    "/links/{uuid}": got({"rol": {"type": "string"}}),
                }
            }
        )
    },
    {Place("register", "contacten"): ["links"]},
)[Place("register", "contacten")]
LINK = {"url": f"http://a/links/{ONE}", "rol": "klant"}


@pytest.mark.parametrize(
    ("members", "are"),
    [
        ({}, True),
        ({"tekst": None, "op": "2025-03-01T10:00:00+01:00", "links": [LINK]}, True),
        ({"op": "2025-03-01", "links": [LINK["url"], LINK, {**LINK, "rol": None}]}, True),
        ({"links": None}, True),
        ({"url": f"http://a/contacten/{ONE}/"}, True),
        ({"url": f"http://a/contacten/{ONE}\n"}, False),
        ({"tekst": 1}, False),
        ({"op": None}, False),
        ({"op": "2025-02-28T23:59:59.123456Z"}, True),
        ({"op": "2024-02-29T00:00:00Z"}, True),
        ({"op": "2025-02-29T00:00:00Z"}, False),
        ({"op": "2025-11-30T00:00:00Z"}, True),
        ({"op": "2025-12-31T00:00:00Z"}, True),
        ({"op": "2025-11-31T00:00:00Z"}, False),
        ({"op": "0000-01-01T00:00:00Z"}, False),
        ({"op": "2025-01-01T24:00:00Z"}, False),
        ({"op": "gisteren"}, False),
        ({"op": "0001-01-01T00:00:00+14:00"}, False),
        ({"links": "links"}, False),
        ({"links": ["links"]}, False),
        ({"links": [{"rol": "klant"}]}, False),
        ({"links": [{**LINK, "rol": []}]}, False),
        ({1: "no JSON"}, False),
    ],
)
def test_records_are_of_the_kinds_of_their_document_and_so_is_what_comes_along(members, are):
    """What comes along stands there whole, or is named by its URL; an instant has to be one."""
    record = {"url": f"http://a/contacten/{ONE}"}
    assert CONTACTS([record, {**record, **members}]) is are
