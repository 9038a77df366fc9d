"""What KlantBrug asks of the registers, and what the embedded ones answer, keeps their contracts."""

import pytest
from adapter.shipped import served_document
from starlette.testclient import TestClient

from tests.contract.registers import check_exchanges, demo_deployment

pytestmark = pytest.mark.alternating

TOKEN = {"Authorization": "Token demo"}
BASE = "/klantinteracties/api/v1"
LISTS = sorted(
    operation.collection
    for operation in served_document().operations
    if operation.method == "get" and operation.path.count("/") == 1 and operation.collection
)


@pytest.fixture(scope="module", params=["vng", "openklant"])
def municipality(request):
    """A client of KlantBrug before a filled municipality, and the findings so far."""
    with demo_deployment(request.param, fill=True) as deployment:
        findings = check_exchanges(deployment)
        yield TestClient(deployment.application(), headers=TOKEN), findings


@pytest.mark.parametrize("collection", LISTS)
def test_reading_a_municipality_keeps_the_contracts(municipality, collection):
    client, findings = municipality
    findings.clear()
    page = client.get(f"{BASE}/{collection}", params={"pageSize": 3}).json()
    for each in page["results"]:
        assert client.get(f"{BASE}/{collection}/{each['uuid']}").status_code == 200
    assert findings == []
