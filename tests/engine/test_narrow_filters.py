"""Of two filters the one that would read everything is only tested on what the other finds."""

from dataclasses import replace

import pytest

from tests.engine.old_kiss import EMPLOYEE

BOUND = 20


@pytest.mark.parametrize("dialect", ["vng"])
def test_a_contact_and_an_employee_that_no_register_finds_contacts_by(deployment, old):
    """Too many contacts to read them all for the employee: with the contact named, none has to be."""
    actor = old.object("Medewerker", identificatie="sanne", volledigeNaam="Sanne", afdelingen=[])
    moments = [
        old.moment(medewerkerIdentificatie={**EMPLOYEE, "identificatie": "sanne"}) for _ in range(BOUND + 1)
    ]
    contact = moments[0]["url"].rpartition("/")[2]
    limits = replace(deployment.configuration.limits, scan=BOUND)
    with deployment.another(lambda it: replace(it, limits=limits)) as served:
        alone = served.get("actorklantcontacten", 400, actor__uuid=actor["uuid"])
        assert [each["code"] for each in alone["invalidParams"]] == ["scan-bound"]
        both = served.get("actorklantcontacten", actor__uuid=actor["uuid"], klantcontact__uuid=contact)
        assert [each["klantcontact"]["uuid"] for each in both["results"]] == [contact]
