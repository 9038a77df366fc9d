"""Filters, ordering, pages and selections of a list, and the same by POST."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.embedded.objects.client import ACTOR, TASK, Client

LONG = "lang " * 100


@pytest.fixture
def filled(call: Client) -> Client:
    for data in (
        {"naam": "a", "n": 5, "sub": {"k": "v", "_x": "y"}, "tags": ["rood"], "ja": True},
        {"naam": "b", "n": 7.5, "sub": {"k": 10}, "tekst": LONG, "wie": "André"},
        {"naam": "Nan", "n": "5", "sub": None, "datum": "2023-02-15"},
        {"naam": "A|B", "n": 12345678901234567890, 'x"y': 1, "a__b": 1, "": {"k": 1}},
    ):
        call.create(data)
    return call


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("naam__exact__a", ["a"]),
        ("naam__exact__Nan", ["Nan"]),
        ("naam__exact__A|B", ["A|B"]),
        ("naam__in__A|B", []),
        ("naam__in__a|b|a", ["b", "a"]),
        ("n__exact__5", ["Nan", "a"]),
        ("n__exact__ 5.0 ", ["a"]),
        ("n__exact__0_5", ["a"]),
        ("n__in__5|7.5", ["Nan"]),
        ("n__exact__12345678901234567890", ["A|B"]),
        ("n__gt__5", ["A|B", "b"]),
        ("n__lte__5", ["Nan", "a"]),
        ("n__gte__2023-01-01", ["A|B", "Nan", "b", "a"]),
        ("datum__exact__2023-W07-3", ["Nan"]),
        ("datum__lt__2023-02-16", ["Nan"]),
        ("ja__gt__99", ["a"]),
        ("ja__exact__1", []),
        ("ja__icontains__TRU", ["a"]),
        ("sub__k__exact__v", ["a"]),
        ("sub___x__exact__y", ["a"]),
        ("sub__k__icontains__1", ["b"]),
        ('sub__icontains__"k": "V', ["a"]),
        ("sub__lt__0", ["Nan"]),
        ("tags__icontains__ROOD", ["a"]),
        ("tags__exact__rood", []),
        (f"tekst__exact__{LONG}", ["b"]),
        (f"tekst__exact__{LONG}x", []),
        (f"tekst__in__x|{LONG}", ["b"]),
        ('x"y__exact__1', ["A|B"]),
        ('x"y__gt__0', ["A|B"]),
        ('x"y__icontains__1', ["A|B"]),
        ("tekst__icontains__LANG L", ["b"]),
        ("wie__icontains__DRÉ", ["b"]),
        ("sub__icontains__", ["b", "a"]),
        ("a__b__exact__1", []),
        ("__k__exact__1", ["A|B"]),
        ("onbekend__icontains__", []),
    ],
)
def test_data_attr(filled: Client, expression: str, names: list[str]) -> None:
    assert filled.names(f"data_attr={quote(expression)}") == names


def test_all_expressions_must_hold(filled: Client) -> None:
    assert filled.names("data_attr=n__gt__1&data_attr=n__lt__6&data_attrs=naam__in__a|b,ja__gt__0") == ["a"]


def test_an_expression_counts_before_other_problems(filled: Client) -> None:
    [(name, code, _)] = filled.problems("GET", "/objects?type=x&typeVersion=x&data_attr=x")
    assert (name, code) == ("", "invalid-data-attr-query")
    found = filled.problems("GET", "/objects?type=x&typeVersion=x")
    assert [(name, code) for name, code, _ in found] == [("type", "invalid"), ("typeVersion", "invalid")]


@pytest.mark.parametrize(
    ("text", "names"),
    [("ROOD", ["a"]), ("7.5", []), ("^r.od$", ["a"]), ("(", []), ("lang  ", []), ("lang l", ["b"])],
)
def test_data_icontains_is_a_pattern_on_texts(filled: Client, text: str, names: list[str]) -> None:
    assert filled.names(f"data_icontains={quote(text)}") == names


def test_type_and_version(filled: Client) -> None:
    filled.create({"naam": "actor"}, ACTOR)
    filled.create({"naam": "los"}, ACTOR, typeVersion=0)
    assert filled.names(f"type={ACTOR}") == ["los", "actor"]
    assert filled.names(f"type=http://x/{TASK}/&pageSize=1") == ["A|B"]
    assert filled.names("typeVersion=0") == ["los"]
    assert filled.names(f"type={ACTOR}&typeVersion=1.0") == ["actor"]
    assert filled.names(f"type={ACTOR}&typeVersion=1e400") == []


def test_both_dates_are_refused(filled: Client) -> None:
    [(name, code, _)] = filled.problems("GET", "/objects?date=2023-01-01&registrationDate=2023-01-01")
    assert (name, code) == ("", "invalid-date-query-params")


@pytest.mark.parametrize(
    ("ordering", "names"),
    [
        ("record__data__naam", ["A|B", "Nan", "a", "b"]),
        ("-record__data__naam", ["b", "a", "Nan", "A|B"]),
        ("record__data__n", ["Nan", "a", "b", "A|B"]),
        ("record__data__datum,-record__data__naam", ["Nan", "b", "a", "A|B"]),
        ("-record__data__datum,record__data__naam", ["A|B", "a", "b", "Nan"]),
        ("record__index,onzin, -record__data__naam", ["b", "a", "Nan", "A|B"]),
        ("-record__startAt", ["A|B", "Nan", "b", "a"]),
        ('record__data__x"y', ["A|B", "Nan", "b", "a"]),
        ("-type,record__endAt,record__data__naam", ["A|B", "Nan", "a", "b"]),
    ],
)
def test_ordering(filled: Client, ordering: str, names: list[str]) -> None:
    assert filled.names(f"ordering={quote(ordering)}") == names


def test_pages_link_to_each_other(filled: Client) -> None:
    query = "data_attr=naam__icontains__&data_attr=n__gte__0&pageSize=1"
    url: str | None = f"/objects?{query}"
    seen = []
    while url:
        page = filled("GET", url).json()
        assert page["count"] == 3
        seen += [each["record"]["data"]["naam"] for each in page["results"]]
        url = page["next"]
    assert seen == ["A|B", "b", "a"]
    assert filled("GET", f"/objects?{query}&page=last").json()["results"] == page["results"]
    assert filled("GET", page["previous"]).json()["next"].endswith("&page=3&pageSize=1")


@pytest.mark.parametrize("page", ["0", "-1", "3", "x", "1.0", "9" * 30])
def test_a_page_that_is_not_there_is_404(filled: Client, page: str) -> None:
    answer = filled("GET", f"/objects?pageSize=2&page={page}")
    assert (answer.status_code, answer.json()["detail"]) == (404, "Invalid page.")


def test_fields(filled: Client) -> None:
    [shown] = filled("GET", "/objects?pageSize=1&fields=uuid,record__data__n,record__index").json()["results"]
    assert shown["record"] == {"data": {"n": 12345678901234567890}, "index": 1}
    assert set(shown) == {"uuid", "record"}
    whole = filled("GET", "/objects?pageSize=1&fields=record__data__n,record").json()["results"][0]
    assert len(whole["record"]) == 10
    [(_, _, reason)] = filled.problems("GET", "/objects?fields=url,x,record__y")
    assert reason.endswith("'x', 'y'")


def test_a_detail_is_filtered_too(filled: Client) -> None:
    url = filled("GET", "/objects").json()["results"][0]["url"]
    assert filled("GET", f"{url}?data_attr=naam__exact__a").status_code == 404
    assert filled("GET", f"{url}?type={ACTOR}").status_code == 404
    assert filled("GET", f"{url}?fields=uuid").json().keys() == {"uuid"}


class TestSearch:
    def found(self, call: Client, body: object, query: str = "") -> list[str]:
        answer = call("POST", f"/objects/search?{query}", json=body)
        assert answer.status_code == 200, answer.text
        return [each["record"]["data"]["naam"] for each in answer.json()["results"]]

    def test_hundreds_of_values_at_once(self, filled: Client) -> None:
        values = "|".join(f"https://example.nl/{number}" for number in range(500))
        assert self.found(filled, {"data_attrs": f"naam__in__{values}|b"}) == ["b"]

    def test_order_and_page_stand_in_the_query(self, filled: Client) -> None:
        body = {"type": filled.type_url(TASK), "ordering": "uuid", "pageSize": 1, "date": "2000-01-01"}
        query = "ordering=record__data__naam&pageSize=2"
        assert self.found(filled, body, query) == ["A|B", "Nan"]

    def test_a_member_that_the_register_fails_on_is_refused(self, filled: Client) -> None:
        problems = filled.problems("POST", "/objects/search", json={"data_attr": "naam__exact__a"})
        assert problems[0][1] == "invalid-data-attr-query"
        problems = filled.problems("POST", "/objects/search", json=[])
        assert problems[0][0] == "nonFieldErrors"

    def test_within_an_area(self, filled: Client) -> None:
        def square(x: float, size: float) -> list[list[float]]:
            return [[x, x], [x + size, x], [x + size, x + size], [x, x + size], [x, x]]

        places = {"hier": [1.5, 1.5], "gat": [2.5, 2.5], "daar": [9, 9]}
        for naam, position in places.items():
            filled.create({"naam": naam}, geometry={"type": "Point", "coordinates": position})
        line = {"type": "LineString", "coordinates": [[1.5, 1.5], [9, 9]]}
        filled.create({"naam": "lijn"}, geometry={"type": "GeometryCollection", "geometries": [line]})
        area = {"type": "Polygon", "coordinates": [square(1, 3), square(2, 1)]}
        assert self.found(filled, {"geometry": {"within": area}}) == ["hier"]
        both = {"type": "MultiPolygon", "coordinates": [area["coordinates"], [square(8, 2)]]}
        assert self.found(filled, {"geometry": {"within": both}}) == ["lijn", "daar", "hier"]
        for wrong in (
            {},
            {"within": {"type": "Polygon", "coordinates": [["x"]]}},
            {"within": {"type": []}},
            5,
        ):
            [(name, _, _)] = filled.problems("POST", "/objects/search", json={"geometry": wrong})
            assert name == "geometry.within"
