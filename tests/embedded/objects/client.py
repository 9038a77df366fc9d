"""The objecttypes that the recorded scenarios expect, and a client of a running Objects API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests
from adapter.embedded.objects import TypeSeed

TASK = "11111111-1111-4111-8111-111111111111"
SUPPLEMENT = "22222222-2222-4222-8222-222222222222"
ACTOR = "33333333-3333-4333-8333-333333333333"
STRICT = "44444444-4444-4444-8444-444444444444"

TASK_SCHEMA = Path(__file__).parents[3] / "specs" / "objecttypes" / "internetaak.json"
SHORT_SCHEMA = {
    "type": "object",
    "required": ["titel", "prioriteit"],
    "properties": {
        "titel": {"type": "string", "minLength": 1, "maxLength": 20},
        "prioriteit": {"enum": ["laag", "hoog"]},
        "aantal": {"type": "integer", "minimum": 0},
    },
    "additionalProperties": False,
}


def seeds() -> list[TypeSeed]:
    """Three types that take any object, and one with schemas and without geometry."""
    schema = json.loads(TASK_SCHEMA.read_text(encoding="utf-8"))
    return [
        TypeSeed(TASK, "InterneTaak", "InterneTaken"),
        TypeSeed(SUPPLEMENT, "KlantinteractiesAanvulling", "KlantinteractiesAanvullingen"),
        TypeSeed(ACTOR, "Actor", "Actoren"),
        TypeSeed(STRICT, "Schematype", "Schematypen", (schema, SHORT_SCHEMA), allow_geometry=False),
    ]


class Client:
    """Calls below `/api/v2` with the headers that the register wants, unless a call says otherwise."""

    def __init__(self, origin: str) -> None:
        self.base = f"{origin}/api/v2"
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.update({"Authorization": "Token demo", "Content-Crs": "EPSG:4326"})

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        url = path if path.startswith("http") else self.base + path
        return self.session.request(method, url, timeout=20, **options)

    def type_url(self, uuid: str) -> str:
        return f"{self.base}/objecttypes/{uuid}"

    def create(self, data: Mapping[str, Any], type_uuid: str = TASK, **record: Any) -> dict[str, Any]:
        """The object made, with any member of the record besides; `uuid` is the object's own."""
        own = {"uuid": record.pop("uuid")} if "uuid" in record else {}
        record = {"typeVersion": 1, "startAt": "2023-05-01", "data": data, **record}
        answer = self("POST", "/objects", json={**own, "type": self.type_url(type_uuid), "record": record})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def names(self, query: str = "") -> list[str]:
        """The `naam` of every object on the first page of a list."""
        answer = self("GET", f"/objects?{query}")
        assert answer.status_code == 200, answer.text
        return [found["record"]["data"].get("naam") for found in answer.json()["results"]]

    def problems(self, method: str, path: str, **options: Any) -> list[tuple[str, str, str]]:
        """Name, code and reason of what a request is refused for."""
        answer = self(method, path, **options)
        assert answer.status_code == 400, (answer.status_code, answer.text)
        return [(each["name"], each["code"], each["reason"]) for each in answer.json()["invalid_params"]]
