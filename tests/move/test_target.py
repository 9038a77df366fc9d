"""The description of the target: versions, and a place for everything that is served."""

import pytest
from adapter.mapping.paths import MISSING, get
from adapter.move.target import UnknownVersion, target, versions
from adapter.openapi.document import read_yaml
from adapter.openapi.specifications import specification
from adapter.shipped import shipped_mappings

LATEST = versions("openklant")[-1]


def columns(version, model):
    return {each.name: each for each in target("openklant", version).by_name[model].columns}


def test_versions_differ_where_their_releases_did():
    """2.16 brought reactie, metadata and referentienummer, and demands no nummer; 2.18 brought two more."""
    counted = {each: len(columns(each, "klantcontact")) for each in versions("openklant")}
    assert counted == {"2.15": 9, "2.16": 12, "2.17": 12, "2.18": 14}
    assert not columns("2.15", "klantcontact")["nummer"].nullable
    assert columns("2.16", "klantcontact")["nummer"].nullable
    assert [each.name for each in target("openklant", "2.17").checks] == []


def test_an_unknown_version_names_the_known_ones():
    with pytest.raises(UnknownVersion, match=r"no version 2\.99: there is 2\.15, 2\.16, 2\.17, 2\.18"):
        target("openklant", "2.99")


def test_references_lead_to_tables_and_constraints_name_columns():
    found = target("openklant")
    for table in found.tables:
        assert {each.to for each in table.columns if each.to} <= found.by_name.keys()
        assert not table.owner or table.column(table.owner).to
    for rule in (*found.uniques, *found.checks, *found.notices):
        known = {each.name for each in found.by_name[rule.table].columns}
        named = {*getattr(rule, "columns", ()), *getattr(rule, "when", {}), *getattr(rule, "never", {})}
        assert named | set(getattr(rule, "unless", {})) <= known


def test_every_member_of_every_resource_has_a_column_or_is_said_to_be_lost():
    """Nothing is left behind unnoticed: this fails when the specification gets a member."""
    found, mappings = target("openklant"), shipped_mappings("openklant")
    assert set(found.resources) == set(mappings.resources)
    for name in found.resources:
        taken = {path for table in found.tables_of(name) for path in _paths(table)}
        for member, path in mappings.resources[name].walked:
            if member.computed or path[0] in found.not_stored.get(name, ()):
                continue
            inside = [other for _, other in mappings.resources[name].walked if other[: len(path)] == path]
            assert len(inside) > 1 or path in taken or path[:1] in taken, (name, path)


def _paths(table):
    for column in table.columns:
        if table.each:
            yield (table.each,)
        elif table.part:
            yield (table.part, *column.path)
        else:
            yield column.path


def test_texts_are_as_long_as_the_specification_lets_them_be():
    """A served value that is valid fits its column."""
    schemas = read_yaml(specification("klantinteracties"))["components"]["schemas"]
    mappings, checked = shipped_mappings("openklant"), 0
    for table in target("openklant").tables:
        schema = schemas.get(mappings.resources[table.resource].schema, {})
        for column in table.columns:
            found = get(schema, ("properties", *"/properties/".join(column.path).split("/"), "maxLength"))
            if column.length and found is not MISSING and not table.owner:
                checked += 1
                assert found <= column.length, (table.model, column.name)
    assert checked > 15
