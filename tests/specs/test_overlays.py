"""What real registers answer beyond their specification fits with the overlay, and only with it."""

import json

import pytest
from adapter.openapi.overlay import apply
from adapter.registers.contract import RegisterContract
from adapter.registers.messages import Received, Sent

from tests.specs.conftest import OVERLAYS, read

UUID = "0b0e2a0c-54a1-4b0e-9d1c-5e3f0a1b2c3d"
URL = f"https://register.example/x/{UUID}"
JSON = {"Content-Type": "application/json"}
CRS = JSON | {"Content-Crs": "EPSG:4326"}

KLANT = {
    "url": URL,
    "bronorganisatie": "517439943",
    "klantnummer": "K1234567",
    "websiteUrl": "",
    "emailadres": "",
    "subject": "",
    "subjectType": "natuurlijk_persoon",
    "subjectIdentificatie": {"inpANummer": "", "geslachtsaanduiding": "", "verblijfsadres": None},
    "geverifieerd": False,
    "aanmaakkanaal": "",
}
LINK = {"url": URL, "contactmoment": URL, "klant": URL, "rol": "gesprekspartner", "gelezen": False}
CONTACTMOMENT = {
    "url": URL,
    "vorigContactmoment": None,
    "bronorganisatie": "517439943",
    "initiatiefnemer": "",
    "medewerker": "",
    "medewerkerIdentificatie": None,
    "klantcontactmomenten": [URL, LINK],
}
OBJECT = {
    "url": URL,
    "uuid": UUID,
    "type": URL,
    "record": {"typeVersion": 1, "startAt": "2024-01-01", "data": {}, "geometry": None, "correctedBy": None},
}
NOT_FOUND = {
    "type": URL,
    "code": "not_found",
    "title": "Niet gevonden.",
    "status": 404,
    "detail": "",
    "instance": URL,
}
INVALID = {"type": URL, "code": "parse_error", "title": "Fout.", "status": 400, "detail": "", "instance": URL}
TAKEN = INVALID | {"invalid_params": [{"name": "uuid", "code": "unique", "reason": "In use."}]}
NEW_KLANT = {"bronorganisatie": "517439943", "klantnummer": "K1234567", "subjectType": "vestiging"}
NEW_OBJECT = {"uuid": UUID, "type": URL, "record": {"typeVersion": 1, "startAt": "2024-01-01"}}
PATCHED_LINK = ("PATCH", f"klantcontactmomenten/{UUID}", {}, {"gelezen": True}, 200, LINK)


def page(*results):
    return {"count": len(results), "next": None, "previous": None, "results": results}


# Overlay; method, path, query, body; status and answer.
EXCHANGES = {
    "openklant/overlays/klanten": [
        ("GET", f"klanten/{UUID}", {}, None, 200, KLANT),
        ("PATCH", f"klanten/{UUID}", {}, {"achternaam": "Jansen"}, 200, KLANT),
        ("GET", "klanten", {"subjectNatuurlijkPersoon__geboortedatum": "19800101"}, None, 200, page()),
        ("GET", "klanten", {"page": "2"}, None, 404, NOT_FOUND),
        ("POST", "klanten", {}, NEW_KLANT, 400, INVALID),
    ],
    "openklant/overlays/contactmomenten": [
        ("GET", "contactmomenten", {"klant": URL, "object": f"{URL},{URL}"}, None, 200, page(CONTACTMOMENT)),
        ("GET", f"contactmomenten/{UUID}", {"expand": "klantcontactmomenten"}, None, 200, CONTACTMOMENT),
        ("PATCH", f"contactmomenten/{UUID}", {}, {"vorigContactmoment": None}, 200, CONTACTMOMENT),
        PATCHED_LINK,
        ("GET", "klantcontactmomenten", {"page": "2"}, None, 404, NOT_FOUND),
        ("DELETE", f"objectcontactmomenten/{UUID}", {}, None, 400, INVALID),
    ],
    "overlays/openobject-objects": [
        ("GET", f"objects/{UUID}", {"date": "2024-01-01"}, None, 200, OBJECT),
        ("PATCH", f"objects/{UUID}", {}, {"record": {"data": {"a": 1}}}, 200, OBJECT),
        ("POST", "objects/search", {"ordering": "record__index"}, {"type": URL}, 200, page(OBJECT)),
        ("POST", "objects", {}, NEW_OBJECT, 400, TAKEN),
        ("GET", f"objects/{UUID}", {}, None, 404, NOT_FOUND),
    ],
}
CASES = [(overlay, exchange) for overlay, exchanges in EXCHANGES.items() for exchange in exchanges]


def findings(document, exchange):
    method, path, query, body, status, answer = exchange
    found = []
    contract = RegisterContract("register", document, found.append)
    content = None if body is None else json.dumps(body).encode()
    sent = Sent(method, path, tuple(query.items()), CRS if body else {}, content)
    contract.request(sent)
    contract.answer(sent, Received(status, JSON, json.dumps(answer).encode()))
    return found


@pytest.mark.parametrize(("overlay", "exchange"), CASES)
def test_it_fits_with_the_overlay_only(overlay, exchange):
    bare = read(OVERLAYS[overlay])
    assert findings(apply(bare, read(overlay)), exchange) == []
    assert findings(bare, exchange)
