"""What Connexion does by itself and clients of this API must not see."""

from __future__ import annotations

import json

import pytest

from tests.api.contacts import CONTACT, UNKNOWN

JSON = {"Content-Type": "application/json"}


def made(client, path="/klantcontacten", body=CONTACT):
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_discriminator_chooses_the_variant_that_is_validated(client):
    """A medewerker matches two branches of the oneOf; only the one that soortActor names counts."""
    actor = {"naam": "Sanne", "soortActor": "medewerker", "actorIdentificatie": {"functie": "balie"}}
    answer = client.post("/actoren", json=actor)
    assert [(p["name"], p["code"]) for p in answer.json()["invalidParams"]] == [
        ("actorIdentificatie.telefoonnummer", "required")
    ]
    actor["actorIdentificatie"]["telefoonnummer"] = "0201234567"
    assert made(client, "/actoren", actor)["actorIdentificatie"]["functie"] == "balie"


def test_null_is_taken_where_nullable_stands_beside_allof(client):
    body = {"hadKlantcontact": {"uuid": UNKNOWN}, "wasPartij": None, "rol": "klant", "initiator": True}
    assert made(client, "/betrokkenen", body)["wasPartij"] is None


def test_read_only_members_are_neither_required_nor_taken(client):
    record = made(client, body={**CONTACT, "uuid": UNKNOWN, "url": "https://elders.example/1"})
    assert record["uuid"] != UNKNOWN
    assert record["url"].startswith("https://brug.example/")


def test_a_patch_of_a_variant_requires_nothing(client):
    partij = made(client, "/partijen", {"soortPartij": "persoon", "indicatieActief": True})
    answer = client.patch(f"/partijen/{partij['uuid']}", json={"interneNotitie": "x"})
    assert answer.status_code == 200
    assert answer.json()["interneNotitie"] == "x"


@pytest.mark.parametrize("blank", ["hoofdOnderwerpType", "inhoud"])
def test_a_blank_text_is_taken_for_optional_members_whatever_their_format(client, blank):
    assert made(client, body={**CONTACT, blank: ""})[blank] == ""


def test_formats_are_checked(client):
    answer = client.post(
        "/klantcontacten", json={**CONTACT, "hoofdOnderwerpType": "x", "plaatsgevondenOp": "gisteren"}
    )
    assert [p["name"] for p in answer.json()["invalidParams"]] == ["hoofdOnderwerpType", "plaatsgevondenOp"]


def test_all_problems_of_a_query_are_named_without_schemas(client):
    answer = client.get("/internetaken", params={"status": "x", "toegewezenAanActor__uuid": "y"})
    assert answer.status_code == 400
    assert {(p["name"], p["code"]) for p in answer.json()["invalidParams"]} == {
        ("status", "invalid_choice"),
        ("toegewezenAanActor__uuid", "invalid"),
    }


@pytest.mark.parametrize("number", ["1_0", "１", "0x1", "1.0"])
def test_only_plain_digits_are_a_page(client, number):
    assert client.get("/klantcontacten", params={"page": number}).status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("expand=hadBetrokkenen,omvatteBijlagen", ("hadBetrokkenen", "omvatteBijlagen")),
        ("expand=hadBetrokkenen&expand=omvatteBijlagen", ("hadBetrokkenen", "omvatteBijlagen")),
        ("expand=", ()),
    ],
)
def test_expand_is_taken_with_commas_repeated_and_empty(client, service, query, expected):
    assert client.get(f"/klantcontacten?{query}").status_code == 200
    assert service.calls[-1][2].expand == expected


def test_unknown_query_parameters_are_refused(client):
    for path in ("/klantcontacten", f"/klantcontacten/{UNKNOWN}"):
        answer = client.get(f"{path}?onbekend=1&nogeen=2")
        assert answer.json()["invalidParams"] == [
            {
                "name": "nonFieldErrors",
                "code": "unknown-parameters",
                "reason": "Onbekende query parameters: onbekend, nogeen",
            }
        ]


def test_allow_names_every_method_of_the_path(client):
    assert client.delete("/actoren").headers["Allow"] == "GET, POST, HEAD, OPTIONS"
    detail = client.post(f"/klantcontacten/{UNKNOWN}", json=CONTACT)
    assert detail.status_code == 405
    assert detail.headers["Allow"] == "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"
    assert client.get("/maak-klantcontact").headers["Allow"] == "POST, OPTIONS"
    assert client.options("/actoren").headers["Allow"] == "GET, POST, HEAD, OPTIONS"


@pytest.mark.parametrize("accept", ["text/html", "application/hal+json", "application/json;q=0", "image/*"])
def test_a_client_that_takes_no_json_is_told_so(client, accept):
    answer = client.get("/klantcontacten", headers={"Accept": accept})
    assert answer.status_code == 406
    assert answer.json()["code"] == "not_acceptable"
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "accept", ["*/*", "", "application/*", "Application/JSON; charset=utf-8", "text/html, */*;q=0.1"]
)
def test_a_client_that_takes_json_gets_it(client, accept):
    assert client.get("/klantcontacten", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/klantcontacten/", f"/klantcontacten/{UNKNOWN}/", "/partijen//x", "/onbekend"]
)
def test_a_path_that_does_not_exist_is_never_a_redirect(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    "content_type",
    [
        "Application/JSON",
        "application/json; charset=bogus",
        "application/json;charset=UTF-8",
        " application/json ",
    ],
)
def test_every_spelling_of_json_is_validated(client, content_type):
    answer = client.post("/klantcontacten", content=b"{}", headers={"Content-Type": content_type})
    assert answer.status_code == 400
    assert len(answer.json()["invalidParams"]) == 4


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/merge-patch+json", "multipart/form-data", "\xff;;="],
)
def test_another_media_type_is_refused(client, content_type):
    answer = client.post(
        "/klantcontacten", content=b"{}", headers={"Content-Type": content_type.encode("latin-1")}
    )
    assert answer.status_code == 415
    assert answer.json()["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    "body",
    [
        b'{"kanaal": ',
        b'{"kanaal": "\xff\xfe"}',
        b'{"kanaal": "\\ud800}',
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b"NaN",
        b"{} {}",
    ],
)
def test_what_cannot_be_read_as_json_is_a_parse_error(client, body):
    answer = client.post("/klantcontacten", content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["code"] == "parse_error"


def test_an_endless_integer_is_answered_with_a_400(client):
    body = b'{"kanaal": "k", "onderwerp": "o", "taal": "nl", "vertrouwelijk": ' + b"9" * 5000 + b"}"
    assert client.post("/klantcontacten", content=body, headers=JSON).status_code == 400


@pytest.mark.parametrize("number", [10**19 + 1, 2**64, 12345678901234567890123456])
def test_a_number_of_many_digits_is_kept_to_the_last_digit(client, number):
    body = {
        "kanaal": "k",
        "onderwerp": number,
        "taal": "nld",
        "vertrouwelijk": False,
        "metadata": {"a": -number},
    }
    answer = client.post("/klantcontacten", content=json.dumps(body).encode(), headers=JSON)
    assert (answer.json()["onderwerp"], answer.json()["metadata"]) == (str(number), {"a": str(-number)})


@pytest.mark.parametrize(
    ("body", "code"), [(b"[]", "invalid"), (b'"x"', "invalid"), (b"null", "null"), (b"1", "invalid")]
)
def test_a_body_that_is_no_object_is_refused(client, body, code):
    answer = client.post("/klantcontacten", content=body, headers=JSON)
    assert [(p["name"], p["code"]) for p in answer.json()["invalidParams"]] == [("nonFieldErrors", code)]


def test_no_body_at_all_is_an_empty_object(client):
    answer = client.post("/klantcontacten")
    assert [p["code"] for p in answer.json()["invalidParams"]] == ["required"] * 4


def test_a_body_in_pieces_is_read(client):
    answer = client.post("/onderwerpobjecten", content=iter([b"{", b"", b"}"]), headers=JSON)
    assert answer.status_code == 201


def test_a_body_above_the_limit_is_refused(client):
    whole = b" " * 100_001
    assert client.post("/onderwerpobjecten", content=whole, headers=JSON).status_code == 413
    pieces = iter([whole[:60_000], whole[:60_000]])
    assert client.post("/onderwerpobjecten", content=pieces, headers=JSON).status_code == 413


@pytest.mark.parametrize(
    "content_type", ["onzin", "application/json; charset=bogus", ";;;", "multipart/form-data"]
)
def test_a_garbage_content_type_without_a_body_does_not_matter(client, content_type):
    assert client.get("/klantcontacten", headers={"Content-Type": content_type}).status_code == 200


def test_the_path_may_hold_any_text(client):
    for identifier in ("geen-uuid", "%00", "%2e%2e", "é", "a" * 5000, "1%2F2"):
        assert client.get(f"/klantcontacten/{identifier}").status_code == 404
