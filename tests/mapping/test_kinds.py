"""Whether JSON is of the kinds that a schema says."""

import pytest
from adapter.mapping.kinds import all_of, are_records, are_uuids, of_schema

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
    assert all_of(GROUP, groups) is are


@pytest.mark.parametrize("value", [None, "url", [], {}, {"url": None}, {"url": "http://a/klanten/1"}])
def test_a_record_has_a_url_that_ends_in_a_uuid(value):
    record = {"url": f"http://a/klanten/{ONE}"}
    assert are_records([record])
    assert not are_records([record, value])
