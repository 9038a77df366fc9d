"""Overlays change a copy of a document, in order, and say which action does not fit."""

import copy

import pytest
from adapter.openapi.overlay import MalformedOverlay, TargetNotFound, UnreadableTarget, apply

DOCUMENT = {
    "paths": {
        "/klanten": {"get": {"parameters": [{"name": "page"}], "responses": {"200": {}}}},
        "/klanten/{uuid}": {"get": {"responses": {"200": {}}}, "parameters": [{"name": "uuid"}]},
    },
    "schemas": {"Klant": {"required": ["url", "naam"], "properties": {"naam": {"maxLength": 5}}}},
}


def overlay(*actions):
    return {"overlay": "1.0.0", "info": {"title": "more", "version": "1"}, "actions": list(actions)}


def update(target, value):
    return {"target": target, "update": value}


def remove(target):
    return {"target": target, "remove": True}


def test_an_object_is_merged_and_what_it_had_stays():
    result = apply(
        DOCUMENT, overlay(update("$.schemas.Klant.properties", {"naam": {"minLength": 1}, "a": {}}))
    )
    assert result["schemas"]["Klant"]["properties"] == {"naam": {"maxLength": 5, "minLength": 1}, "a": {}}


def test_a_value_is_replaced():
    result = apply(DOCUMENT, overlay(update("$.schemas.Klant.properties.naam.maxLength", 9)))
    assert result["schemas"]["Klant"]["properties"]["naam"] == {"maxLength": 9}


def test_an_update_of_a_list_is_one_more_entry():
    result = apply(DOCUMENT, overlay(update("$.schemas.Klant.required", "nummer")))
    assert result["schemas"]["Klant"]["required"] == ["url", "naam", "nummer"]


def test_a_list_within_an_update_is_joined():
    result = apply(DOCUMENT, overlay(update("$.paths['/klanten'].get", {"parameters": [{"name": "naam"}]})))
    assert result["paths"]["/klanten"]["get"]["parameters"] == [{"name": "page"}, {"name": "naam"}]


def test_the_document_itself_can_be_updated():
    assert apply(DOCUMENT, overlay(update("$", {"info": {"title": "x"}})))["info"] == {"title": "x"}


def test_every_member_is_reached_and_those_without_the_next_step_are_passed_over():
    result = apply(DOCUMENT, overlay(update("$.paths[*][*].responses", {"404": {}})))
    assert [item["get"]["responses"] for item in result["paths"].values()] == [{"200": {}, "404": {}}] * 2


@pytest.mark.parametrize("target", ["$.paths['/klanten']", '$["paths"]["/klanten"]'])
def test_names_may_be_quoted_either_way(target):
    assert list(apply(DOCUMENT, overlay(remove(target)))["paths"]) == ["/klanten/{uuid}"]


def test_all_entries_of_a_list_can_be_removed():
    assert (
        apply(DOCUMENT, overlay(remove("$.schemas.Klant.required[*]")))["schemas"]["Klant"]["required"] == []
    )


def test_actions_see_what_those_before_them_did():
    actions = [
        remove("$.schemas.Klant.required"),
        update("$.schemas.Klant", {"required": ["url"]}),
        update("$.schemas.Klant.required", "nummer"),
    ]
    assert apply(DOCUMENT, overlay(*actions))["schemas"]["Klant"]["required"] == ["url", "nummer"]


def test_neither_document_nor_overlay_is_changed_or_shared():
    before, added = copy.deepcopy(DOCUMENT), overlay(update("$.paths[*]", {"put": {"tags": []}}))
    result = apply(DOCUMENT, added)
    result["paths"]["/klanten"]["put"]["tags"].append("klanten")
    assert before == DOCUMENT
    assert added["actions"][0]["update"] == {"put": {"tags": []}}
    assert result["paths"]["/klanten/{uuid}"]["put"] == {"tags": []}


def test_a_target_that_selects_nothing_is_named_with_its_position():
    with pytest.raises(TargetNotFound, match=r"^actions\[1\]: nothing .* \$\.paths\.klant$") as caught:
        apply(DOCUMENT, overlay(update("$", {}), remove("$.paths.klant")))
    assert (caught.value.target, caught.value.position) == ("$.paths.klant", 1)


@pytest.mark.parametrize(
    "target", ["", "paths", "$paths", "$..get", "$.paths[0]", "$.paths[?(@.get)]", "$.a b"]
)
def test_a_target_beyond_the_subset_is_refused(target):
    with pytest.raises(UnreadableTarget, match=r"^actions\[0\]: "):
        apply(DOCUMENT, overlay(update(target, {})))


@pytest.mark.parametrize(
    "broken",
    [
        {"actions": [update("$", {})]},
        {"overlay": "2.0.0", "actions": [update("$", {})]},
        {"overlay": "1.0.0", "actions": []},
        {"overlay": "1.0.0"},
        overlay("$.paths"),
        overlay({"update": {}}),
        overlay({"target": "$.paths"}),
        overlay({"target": "$.paths", "remove": False}),
        overlay(remove("$")),
        overlay(update("$", [])),
    ],
)
def test_an_overlay_that_is_none_is_refused(broken):
    with pytest.raises(MalformedOverlay):
        apply(DOCUMENT, broken)
