"""A client of the embedded e-Suite for tests: signs tokens, knows the paths, watches the contract."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import requests
from adapter.embedded.esuite import Looseness
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS
from adapter.openapi.document import Document
from adapter.openapi.specifications import specification
from adapter.registers.contract import Finding, RegisterContract
from adapter.registers.messages import Received, Sent

ZAKEN = "https://esuite.example/zgw-api-provider/zaken/api/v1/zaken"
APIS = {"klanten": "klanten-api-provider", "contactmomenten": "contactmomenten-api-provider"}
# Those of a gateway, and of a method that no document has.
UNDECLARED = {405, 504}
# So many answers of one kind are held to the specification, which takes longer than the answer.
CHECKED = 4
# Paths that no document has.
UNKNOWN = {"nergens", "contactmomenten/"}

_bsns = (
    text
    for text in (f"{number:09d}" for number in itertools.count(100000000))
    if sum(weight * int(digit) for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), text, strict=True)) % 11
    == 0
)


def token(secret: str = DEMO_SECRETS["demo"], **claims: Any) -> str:
    """An Authorization header of the demo client, with other claims where given; None leaves one out."""
    now = int(time.time())
    found = {
        "iss": "demo",
        "client_id": "demo",
        "user_id": "demo",
        "user_representation": "D. Demonstratie",
        "iat": now - 60,
        "exp": now + 600,
        **claims,
    }
    payload = {name: value for name, value in found.items() if value is not None}
    return "Bearer " + jwt.encode(payload, secret, algorithm="HS256")


def bsn() -> str:
    """A number of a person who is no klant yet."""
    return next(_bsns)


class EsuiteClient:
    """HTTP to one e-Suite; `findings` is where answers broke its specification."""

    def __init__(self, base: str, looseness: Looseness) -> None:
        self.base, self.looseness = base, looseness
        self.findings: list[Finding] = []
        self._answered = Counter[tuple[str, str, int]]()
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = token()
        self._contracts = {
            api: RegisterContract(
                name, Document.load(specification(f"esuite-{name}")).raw, self.findings.append
            )
            for name, api in APIS.items()
        }

    def url(self, path: str) -> str:
        """The URL of a path of either API, or of the office (`kantoor/…`), or the URL itself."""
        if path.startswith(("http", "kantoor")):
            return path if path.startswith("http") else f"{self.base}/{path}"
        api = APIS["klanten" if path.startswith("klanten") else "contactmomenten"]
        return f"{self.base}/{api}/api/v1/{path}"

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Any request."""
        found = self.session.request(method, self.url(path), timeout=10, allow_redirects=False, **options)
        parts = urlsplit(found.request.url or "")
        api, _, below = str(parts.path).removeprefix("/").partition("/api/v1/")
        kind = (method, below.partition("/")[0], found.status_code)
        self._answered[kind] += 1
        declared = found.status_code not in UNDECLARED and below not in UNKNOWN
        if api in self._contracts and declared and self._answered[kind] <= CHECKED:
            sent = Sent(method, below, parse_qsl(str(parts.query)), {}, None)
            self._contracts[api].answer(sent, Received(found.status_code, found.headers, found.content))
        return found

    def get(self, path: str, status: int = 200, **parameters: Any) -> Any:
        """The JSON of a GET, which must have the status."""
        return self._json(self.call("GET", path, params=parameters), status)

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        """The JSON of a POST, which must have the status."""
        return self._json(self.call("POST", path, json=body), status)

    def patch(self, path: str, body: Any, status: int = 200) -> Any:
        """The JSON of a PATCH, which must have the status."""
        return self._json(self.call("PATCH", path, json=body), status)

    def klant(self, **members: Any) -> Any:
        """A new person."""
        return self.post("klanten", {"subjectIdentificatie": {"inpBsn": bsn()}, **members})

    def contact(self, **members: Any) -> Any:
        """A new contactverzoek."""
        return self.post("contactmomenten", {"tekst": "Vraag", **members})

    def office(self, contact: Any, **members: Any) -> Any:
        """An employee changes a contact."""
        return self.patch(f"kantoor/contacten/{uuid_of(contact)}", members)

    def found(self, path: str, **parameters: Any) -> list[str]:
        """The uuids of a list, sorted, all pages."""
        page = self.get(path, **parameters)
        results = page["results"]
        while page.get("next"):
            page = self.get(page["next"])
            results += page["results"]
        assert page["count"] == len(results)
        return sorted(map(uuid_of, results))

    def _json(self, response: requests.Response, status: int) -> Any:
        assert response.status_code == status, (response.status_code, response.text)
        return response.json()


def uuid_of(record: Any) -> str:
    """The uuid in the URL of a record."""
    return str(record["url"]).rpartition("/")[2]
