"""Whatever a client calls a zaak is kept, and found, as it was sent."""

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

SPELLINGS = {
    "canonical": bodies.ZAAK,
    "capitals": bodies.ZAAK.upper(),
    "without hyphens": bodies.ZAAK.replace("-", ""),
    "braces": f"{{{bodies.ZAAK}}}",
    "urn": f"urn:uuid:{bodies.ZAAK}",
    "a slash": f"{bodies.ZAAK}/",
    "a URL": f"https://zaken.example.nl/zaken/{bodies.ZAAK}",
    "as long as may be": "Z" * 200,
}
OBJECT_ID = "onderwerpobjectidentificatorObjectId"


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_zaak_is_kept_as_it_was_sent(served, text):
    """By POST, PATCH and maak-klantcontact; and it is found by that text and by no other spelling."""
    contact = served.post("klantcontacten", bodies.contact())
    made = served.post("onderwerpobjecten", bodies.onderwerp(contact, text))
    changed = served.post("onderwerpobjecten", bodies.onderwerp(contact, bodies.OTHER_ZAAK))
    identificator = bodies.onderwerp(contact, text)["onderwerpobjectidentificator"]
    served.patch(f"onderwerpobjecten/{changed['uuid']}", {"onderwerpobjectidentificator": identificator})
    composed = served.post(
        "maak-klantcontact",
        {
            "klantcontact": bodies.contact(),
            "onderwerpobject": {"onderwerpobjectidentificator": identificator},
        },
    )
    uuids = {made["uuid"], changed["uuid"], composed["onderwerpobject"]["uuid"]}
    for uuid in uuids:
        assert served.get(f"onderwerpobjecten/{uuid}")["onderwerpobjectidentificator"] == identificator
    found = served.all("onderwerpobjecten", **{OBJECT_ID: text})
    assert {each["uuid"] for each in found} == uuids
    for other in set(SPELLINGS.values()) - {text}:
        assert served.all("onderwerpobjecten", **{OBJECT_ID: other}) == []
