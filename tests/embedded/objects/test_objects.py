"""Objects over HTTP: create, read, change, delete, and what is refused."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest

from tests.embedded.objects.client import ACTOR, STRICT, TASK, Client

OWN = "aaaaaaaa-bbbb-5ccc-8ddd-eeeeeeeeeeee"


def body(call: Client, uuid: str | None = None, **record: object) -> dict[str, object]:
    record = {"typeVersion": 1, "startAt": "2023-05-01", **record}
    return {"type": call.type_url(TASK), "record": record, **({"uuid": uuid} if uuid else {})}


def test_a_created_object_reads_back(call: Client) -> None:
    made = call.create({"naam": "x", "groot": 12345678901234567890})
    assert UUID(made["uuid"]).version == 4
    assert made["url"] == f"{call.base}/objects/{made['uuid']}"
    assert made["type"] == call.type_url(TASK)
    assert made["record"]["registrationAt"] == date.today().isoformat()
    assert call("GET", made["url"]).json() == made


def test_the_answer_to_a_create_tells_where_the_object_is(call: Client) -> None:
    answer = call("POST", "/objects", json=body(call))
    assert answer.headers["Location"] == answer.json()["url"]
    assert answer.headers["Content-Crs"] == "EPSG:4326"
    assert answer.headers["API-version"] == "2.7.0"


def test_members_are_read_in_another_order_than_written(call: Client) -> None:
    made = call.create({"langste": 1, "kort": {"bb": 1, "a": 2}})
    read = call("GET", made["url"]).json()
    assert list(read["record"]["data"]) == ["kort", "langste"]
    assert list(read["record"]["data"]["kort"]) == ["a", "bb"]


def test_a_client_may_choose_the_uuid_in_any_notation(call: Client) -> None:
    assert call.create({}, uuid=OWN.upper())["uuid"] == OWN
    again = call.problems("POST", "/objects", json=body(call, OWN))
    assert again == [("uuid", "unique", "An object with this UUID already exists.")]


def test_of_simultaneous_creates_with_one_uuid_one_succeeds(call: Client) -> None:
    def create(_: int) -> int:
        return Client(call.base.removesuffix("/api/v2"))("POST", "/objects", json=body(call, OWN)).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(create, range(8))) == [201, *[400] * 7]


def test_simultaneous_changes_are_all_kept(call: Client) -> None:
    made = call.create({"naam": "x"})

    def change(number: int) -> int:
        client = Client(call.base.removesuffix("/api/v2"))
        return client("PATCH", made["url"], json={"record": {"data": {f"n{number}": number}}}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(change, range(24))) == {200}
    record = call("GET", made["url"]).json()["record"]
    assert record["index"] == 25
    assert record["data"] == {"naam": "x", **{f"n{number}": number for number in range(24)}}


def test_patch_merges_and_stores_null(call: Client) -> None:
    made = call.create({"a": {"b": 1, "c": 2}, "lijst": [1], "weg": 1})
    patch = {"record": {"data": {"a": {"b": None}, "lijst": [], "weg": None}}}
    changed = call("PATCH", made["url"], json=patch).json()["record"]
    assert changed["data"] == {"a": {"b": None, "c": 2}, "lijst": [], "weg": None}
    assert changed["index"] == 2


def test_put_replaces(call: Client) -> None:
    made = call.create({"naam": "x"})
    assert call("PUT", made["url"], json=body(call)).json()["record"]["data"] == {}


def test_a_refused_change_leaves_no_record(call: Client) -> None:
    made = call.create({"titel": "x", "prioriteit": "hoog"}, STRICT, typeVersion=2)
    patch = {"record": {"data": {"prioriteit": "midden"}}}
    reason = "'midden' is not one of ['laag', 'hoog']"
    assert call.problems("PATCH", made["url"], json=patch) == [
        ("nonFieldErrors", "invalid-json-schema", reason)
    ]
    assert call("GET", f"{made['url']}/history").json()["count"] == 1


def test_history_grows_with_every_change(call: Client) -> None:
    made = call.create({"naam": "een"})
    for start in ("2023-06-01", "2023-05-15"):
        call("PATCH", made["url"], json={"record": {"startAt": start}})
    page = call("GET", f"{made['url']}/history?pageSize=2").json()
    assert page["count"] == 3
    assert [(each["index"], each["startAt"], each["endAt"]) for each in page["results"]] == [
        (1, "2023-05-01", "2023-06-01"),
        (2, "2023-06-01", "2023-05-15"),
    ]
    assert page["next"] == f"{made['url']}/history?page=2&pageSize=2"
    third = call("GET", f"{made['url']}/3").json()
    assert third["endAt"] is None
    assert "references" not in third


@pytest.mark.parametrize("index", ["0", "4", "99999999999999999999"])
def test_an_index_that_is_not_there_is_404(call: Client, index: str) -> None:
    assert call("GET", f"{call.create({})['url']}/{index}").status_code == 404


def test_a_future_record_shows_on_its_date_only(call: Client) -> None:
    made = call.create({"naam": "nu"})
    call("PATCH", made["url"], json={"record": {"startAt": "2099-01-01", "data": {"naam": "straks"}}})
    call.create({"naam": "ooit"}, startAt="2098-01-01")
    assert call.names() == ["nu"]
    assert call.names("date=2099-01-01") == ["ooit", "straks"]
    assert call.names("date=2098-12-31&data_attr=naam__in__nu|straks") == ["nu"]


def test_a_deleted_object_is_gone_and_its_uuid_free(call: Client) -> None:
    made = call.create({"naam": "weg"}, uuid=OWN)
    assert call("DELETE", made["url"]).status_code == 204
    assert call("GET", made["url"]).status_code == 404
    assert call.names("data_attr=naam__exact__weg") == []
    assert call.create({"naam": "nieuw"}, uuid=OWN)["record"]["index"] == 1


def test_deleting_for_one_of_several_zaken_keeps_the_object(call: Client) -> None:
    zaken = [{"type": "zaak", "url": f"https://zaken.example.nl/{number}"} for number in (1, 2)]
    made = call.create({}, references=zaken)
    kept = call("DELETE", f"{made['url']}?zaak=https://zaken.example.nl/1")
    assert (kept.status_code, kept.json()) == (200, {"behouden": [made["url"]]})
    assert call("GET", made["url"]).json()["record"]["references"] == zaken[1:]
    assert call("DELETE", f"{made['url']}?zaak=https://zaken.example.nl/2").status_code == 204


def test_all_problems_of_a_body_come_together(call: Client) -> None:
    record = {"typeVersion": "x", "data": None, "references": [{"type": "klant"}], "correctionFor": 1e3}
    refused = {"uuid": "x", "type": "x", "record": record}
    found = call.problems("POST", "/objects", json=refused)
    assert [(name, code) for name, code, _ in found] == [
        ("uuid", "invalid"),
        ("type", "no_match"),
        ("record.typeVersion", "invalid"),
        ("record.data", "null"),
        ("record.references.0.type", "invalid_choice"),
        ("record.references.0.url", "required"),
        ("record.startAt", "required"),
        ("record.correctionFor", "invalid"),
    ]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b'{"a": NaN}', "JSON parse error - Out of range float values are not JSON compliant: 'NaN'"),
        (b'{"a": 1e999}', "JSON parse error - Out of range float values are not JSON compliant: '1e999'"),
        (b'{"a": "\\u0000"}', "JSON parse error - unsupported Unicode escape sequence"),
        (b'{"a": ["\\ud800"]}', "JSON parse error - unsupported Unicode escape sequence"),
        (b"\xff", "JSON parse error - the body is not valid UTF-8"),
        (b"[" * 100_000, None),
        (b'{"a": ' + b"9" * 5000 + b"}", None),
    ],
)
def test_a_body_that_cannot_be_stored_is_a_parse_error(
    call: Client, content: bytes, detail: str | None
) -> None:
    answer = call("POST", "/objects", data=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
    assert detail is None or answer.json()["detail"] == detail


def test_escaped_characters_that_can_be_stored_are(call: Client) -> None:
    text = json.dumps(body(call, startAt="2023-1-1", data={"a": "X"}))
    content = text.replace("X", r"\ud83d\ude00 \\u0000")
    answer = call("POST", "/objects", data=content, headers={"Content-Type": "application/json"})
    assert answer.json()["record"]["data"] == {"a": "😀 \\u0000"}
    assert answer.json()["record"]["startAt"] == "2023-01-01"


def test_a_body_without_its_length_is_not_seen(call: Client) -> None:
    found = call.problems("POST", "/objects", data=iter([b"{}"]))
    assert [name for name, _, _ in found] == ["type", "record"]


@pytest.mark.parametrize("type_of", ["{base}/objects", "/api/v2/objecttypes/x", "http://[", 5])
def test_a_type_that_is_none_is_refused(call: Client, type_of: object) -> None:
    refused = body(call) | {"type": type_of.format(base=call.base) if isinstance(type_of, str) else type_of}
    [(name, _, _)] = call.problems("POST", "/objects", json=refused)
    assert name == "type"


def test_a_trailing_slash_and_an_unknown_path_are_html(call: Client) -> None:
    for path in ("/objects/", "/elders"):
        answer = call("GET", path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/html; charset=utf-8")


class TestPermissions:
    def test_a_reader_reads_and_does_not_write(self, call: Client) -> None:
        made = call.create({"naam": "x"})
        reader = {"Authorization": "token reader"}
        assert call("GET", made["url"], headers=reader).status_code == 200
        assert call("GET", f"{made['url']}/history", headers=reader).status_code == 200
        assert call("PATCH", made["url"], json={}, headers=reader).status_code == 403
        assert call("DELETE", made["url"], headers=reader).status_code == 403
        assert call("POST", "/objects", json=body(call), headers=reader).status_code == 403

    def test_lists_hold_what_may_be_read(self, call: Client) -> None:
        call.create({"naam": "taak"})
        call.create({"naam": "actor"}, ACTOR)

        def names(token: str) -> list[str]:
            found = call("GET", "/objects", headers={"Authorization": f"Token {token}"}).json()["results"]
            return [each["record"]["data"]["naam"] for each in found]

        assert names("reader") == ["taak"]
        assert names("writer") == ["actor"]
        assert names("nothing") == []

    def test_a_token_learns_its_own_permissions(self, call: Client) -> None:
        answer = call("GET", "/permissions", headers={"Authorization": "Token reader"}).json()
        [permission] = answer["results"]
        assert (permission["type"], permission["mode"]) == (call.type_url(TASK), "read_only")
        everything = call("GET", "/permissions").json()["results"]
        assert {each["mode"] for each in everything} == {"read_and_write"}

    def test_of_a_superuser_none_are_listed(self, call: Client) -> None:
        made = call.create({"naam": "x"})
        superuser = {"Authorization": "Token superuser"}
        assert call("GET", "/permissions", headers=superuser).json()["results"] == []
        assert call("GET", "/objects", headers=superuser).json()["count"] == 1
        assert call("DELETE", made["url"], headers=superuser).status_code == 204

    @pytest.mark.parametrize("value", ["", "Token", "Token a b", "Bearer demo", "Token x", "demo"])
    def test_any_other_authorization_is_401(self, call: Client, value: str) -> None:
        answer = call("GET", "/objects", headers={"Authorization": value})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Token")
