"""A client of the embedded registers for tests: sends a token, knows the paths, makes what a test needs."""

from __future__ import annotations

import itertools
import time
from typing import Any

import jwt
import requests
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS

RSIN = "517439943"
BSN = "999990019"
ZAAK = "11111111-1111-4111-8111-111111111111"

_numbers = itertools.count(1)


def token(secret: str = DEMO_SECRETS["demo"], **claims: Any) -> str:
    """An Authorization header of the demo client, with other claims where given; None leaves one out."""
    found = {"iss": "demo", "client_id": "demo", "iat": int(time.time()) - 60, **claims}
    payload = {name: value for name, value in found.items() if value is not None}
    return "Bearer " + jwt.encode(payload, secret, algorithm="HS256")


class RegistersClient:
    """HTTP to one pair of registers."""

    def __init__(self, base: str, zaken: str) -> None:
        self.base = base
        self.zaken = zaken
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = token()

    def url(self, path: str) -> str:
        """The URL of a collection, or the URL itself."""
        if path.startswith("http"):
            return path
        api = "klanten" if path.startswith("klanten") else "contactmomenten"
        return f"{self.base}/{api}/api/v1/{path}"

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Any request."""
        return self.session.request(method, self.url(path), timeout=10, allow_redirects=False, **options)

    def get(self, path: str, status: int = 200, **parameters: Any) -> Any:
        """The JSON of a GET, which must have the status."""
        return self._json(self.call("GET", path, params=parameters), status)

    def post(self, path: str, body: Any, status: int = 201) -> Any:
        """The JSON of a POST, which must have the status."""
        return self._json(self.call("POST", path, json=body), status)

    def patch(self, url: str, body: Any, status: int = 200) -> Any:
        """The JSON of a PATCH, which must have the status."""
        return self._json(self.call("PATCH", url, json=body), status)

    def put(self, url: str, body: Any, status: int = 200) -> Any:
        """The JSON of a PUT, which must have the status."""
        return self._json(self.call("PUT", url, json=body), status)

    def delete(self, url: str, status: int = 204) -> Any:
        """A DELETE, which must have the status."""
        return self._json(self.call("DELETE", url), status)

    def klant(self, **members: Any) -> Any:
        """A new natuurlijk persoon with a klantnummer of its own."""
        return self.post("klanten", klant_body(**members))

    def moment(self, **members: Any) -> Any:
        """A new contactmoment."""
        return self.post("contactmomenten", moment_body(**members))

    def link(self, moment: Any, klant: Any, rol: str = "gesprekspartner", **members: Any) -> Any:
        """A new klantcontactmoment."""
        body = {"contactmoment": moment["url"], "klant": klant["url"], "rol": rol, **members}
        return self.post("klantcontactmomenten", body)

    def zaak(self, uuid: str = ZAAK) -> str:
        """The URL of a zaak."""
        return f"{self.zaken}/zaken/{uuid}"

    def _json(self, response: requests.Response, status: int) -> Any:
        assert response.status_code == status, (response.status_code, response.text)
        return response.json() if response.content else None


def klant_body(**members: Any) -> dict[str, Any]:
    """The smallest klant, and what is given."""
    return {
        "bronorganisatie": RSIN,
        "klantnummer": str(next(_numbers)),
        "websiteUrl": "https://example.nl",
        "subjectType": "natuurlijk_persoon",
        "subjectIdentificatie": {"inpBsn": BSN},
        **members,
    }


def moment_body(**members: Any) -> dict[str, Any]:
    """The smallest contactmoment, and what is given."""
    return {"bronorganisatie": RSIN, "medewerkerIdentificatie": {"identificatie": "mw-1"}, **members}


def reasons(answer: Any) -> dict[str, str]:
    """The codes of the problems in an error answer, by name."""
    return {problem["name"]: problem["code"] for problem in answer["invalidParams"]}
