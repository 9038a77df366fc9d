"""The list of an afdeling costs no more register calls when there is more in it."""

import pytest

from tests import bodies
from tests.engine.old_kiss import ACTOR, OldKiss

NAME = "Publieke Dienst"
AFDELING = {
    "naam": NAME,
    "soortActor": "organisatorische eenheid",
    "identificatie": "PD",
    "typeOrganisatorischeEenheid": "afdeling",
}
COLLEAGUE = {**ACTOR, "naamOrganisatorischeEenheid": NAME, "identificatieOrganisatorischeEenheid": "PD"}
MAIN_LIST = {"actoren__naam": NAME, "status": "te_verwerken", "page": 1, "pageSize": 20}
MOST = 25


@pytest.fixture
def fill(deployment):
    """Makes so many taken for the afdeling, old and new ones in turn."""
    served, old = deployment.served, OldKiss(deployment)
    actor = served.post("actoren", bodies.actor("BZ", NAME, soort="organisatorische_eenheid"))

    def fill(many):
        for number in range(many):
            moment = old.moment()
            contact = {"uuid": moment["url"].rpartition("/")[2]}
            if number % 3 == 0:
                served.post("internetaken", bodies.taak(contact, actor))
            else:
                old.taak(moment, actor=AFDELING if number % 3 == 1 else COLLEAGUE)

    return fill


def test_the_main_list_of_an_afdeling(deployment, fill):
    """Neither how many there are nor who has them: an actor, what only a taak knows, a colleague."""
    costs, there = [], 0
    for many in (15, 45):
        fill(many)
        there += many
        start = len(deployment.exchanges)
        assert deployment.served.get("internetaken", **MAIN_LIST)["count"] == there
        costs.append(len(deployment.exchanges) - start)
    assert costs[0] == costs[1]
    assert costs[1] <= MOST
