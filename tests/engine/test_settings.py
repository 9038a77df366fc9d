"""What a deployment decides by its settings."""

import pytest

from tests import bodies
from tests.deployment import with_settings

pytestmark = pytest.mark.alternating

OBJECT_ID = "onderwerpobject__onderwerpobjectidentificatorObjectId"
OBJECT_TYPE = "onderwerpobject__onderwerpobjectidentificatorCodeObjecttype"
REGISTER = "onderwerpobject__onderwerpobjectidentificatorCodeRegister"
KIND = "onderwerpobject__onderwerpobjectidentificatorCodeSoortObjectId"
ZAC = {OBJECT_TYPE: "zaak", REGISTER: "open-zaak", KIND: "uuid", OBJECT_ID: bodies.ZAAK}
KISS = {OBJECT_TYPE: "zgw-Zaak", REGISTER: "openzaak", KIND: "uuid", OBJECT_ID: bodies.ZAAK}


def test_vocabularies_of_a_zaak_are_exact_unless_configured(served, old, deployment):
    """A filter finds only the codes that it names; with `equivalent` each vocabulary finds every zaak."""
    old.about(old.moment(), bodies.ZAAK)
    assert served.get("klantcontacten", **KISS)["count"] == 1
    assert served.get("klantcontacten", **ZAC)["count"] == 0
    with deployment.another(with_settings(zaak_vocabularies="equivalent")) as other:
        for filters in (KISS, ZAC, {OBJECT_ID: bodies.ZAAK}):
            assert other.get("klantcontacten", **filters)["count"] == 1, filters
        assert other.get("klantcontacten", **{**ZAC, OBJECT_ID: bodies.BSN})["count"] == 0
        assert other.get("klantcontacten", **{OBJECT_TYPE: "document"})["count"] == 0


def test_a_new_link_is_found_in_every_vocabulary(deployment):
    """With `equivalent` a link that a new client wrote in one vocabulary is found in another."""
    with deployment.another(with_settings(zaak_vocabularies="equivalent")) as served:
        contact = served.post("klantcontacten", bodies.contact())
        link = served.post("onderwerpobjecten", bodies.onderwerp(contact))
        for filters in (KISS, ZAC):
            assert served.get("klantcontacten", **filters)["count"] == 1, filters
        codes = link["onderwerpobjectidentificator"]
        assert served.get(f"onderwerpobjecten/{link['uuid']}")["onderwerpobjectidentificator"] == codes


def test_the_words_for_old_zaken_are_configured(old, deployment):
    """Old zaken are served in the vocabulary that the deployment names."""
    old.about(old.moment(), bodies.ZAAK)
    words = with_settings(zaak_codeObjecttype="zaak", zaak_codeRegister="open-zaak")
    with deployment.another(words) as served:
        (link,) = served.get("onderwerpobjecten")["results"]
        assert link["onderwerpobjectidentificator"] == {
            "objectId": bodies.ZAAK,
            "codeObjecttype": "zaak",
            "codeRegister": "open-zaak",
            "codeSoortObjectId": "uuid",
        }
        assert served.get("klantcontacten", **ZAC)["count"] == 1
        assert served.get("klantcontacten", **KISS)["count"] == 0


@pytest.mark.parametrize("dialect", ["openklant"])
@pytest.mark.parametrize(("setting", "soort"), [("rsin", "rsin"), ("kvk_nummer", "kvk_nummer")])
def test_what_a_register_keeps_in_inn_nnp_id(old, deployment, setting, soort):
    """The number of an old company is served as what the deployment says that it is."""
    firm = {"subjectType": "niet_natuurlijk_persoon", "subjectIdentificatie": {"innNnpId": bodies.RSIN}}
    old.klant(**firm)
    with deployment.another(with_settings(innNnpId=setting)) as served:
        (found,) = served.get("partij-identificatoren")["results"]
    assert found["partijIdentificator"]["codeSoortObjectId"] == soort
    assert found["partijIdentificator"]["objectId"] == bodies.RSIN


@pytest.mark.parametrize("dialect", ["openklant"])
def test_a_number_that_the_register_refuses_is_kept_all_the_same(served, old):
    """A KVK number that is no RSIN is an identificator like any other; the klant shows none."""
    partij = served.post("partijen", bodies.organisatie())
    made = served.post("partij-identificatoren", bodies.identificator("kvk_nummer", "12345678", partij))
    assert served.get("partij-identificatoren")["results"] == [made]
    found = served.get("partijen", partijIdentificator__objectId="12345678")["results"]
    assert [each["uuid"] for each in found] == [partij["uuid"]]
    assert not (old.klant_of(partij)["subjectIdentificatie"] or {}).get("innNnpId")


def test_what_is_written_into_records_is_configured(deployment, old):
    """bronorganisatie, the unknown employee and the website are the deployment's own."""
    settings = {
        "bronorganisatie": "517439943",
        "onbekende_medewerker": "niemand",
        "website_url": "https://niets.example/",
    }
    with deployment.another(with_settings(**settings)) as served:
        contact, partij = (
            served.post("klantcontacten", bodies.contact()),
            served.post("partijen", bodies.persoon()),
        )
        assert contact["hadBetrokkenActoren"] == []
    moment, klant = old.moment_of(contact), old.klant_of(partij)
    assert moment["bronorganisatie"] == klant["bronorganisatie"] == "517439943"
    assert moment["medewerkerIdentificatie"]["identificatie"] == "niemand"
    assert klant["websiteUrl"] == "https://niets.example/"
