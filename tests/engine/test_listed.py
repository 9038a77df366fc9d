"""A kanaal that has to be in a table of Referentielijsten, as Open Klant has since 2.14."""

from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

import pytest
from adapter.configuration import ConfigurationInvalid
from adapter.main import prepare
from adapter.registers.messages import Mode

from tests import bodies
from tests.deployment import with_settings
from tests.referentielijsten import create_app, item
from tests.short_way import running

PAST, FUTURE = "2020-01-01T00:00:00Z", "2999-01-01T00:00:00+01:00"
REFUSED = "'fax' is not a valid kanaal. Allowed values: telefoon, e-mail"
EMPTY = (
    "No channels to validate `kanaal` were found for the configured tabel_code in the Referentielijsten API."
)


@pytest.fixture
def dialect():
    return "openklant"


@pytest.fixture
def lists():
    """The stand-in, not running yet: two kanalen hold now, one no more and one not yet."""
    table = [
        item("telefoon"),
        item("e-mail", PAST, FUTURE),
        item("telex", None, PAST),
        item("hologram", FUTURE, None),
    ]
    return create_app({"KANAAL": table})


def reading(origin, table="KANAAL", **limits):
    """The change of a configuration that checks kanalen there."""

    def change(configuration):
        found = with_settings(kanalen_tabel_code=table)(configuration)
        known = configuration.registers["zaken"]
        service = MappingProxyType({**known.service, "api_root": f"{origin}/api/v1/"})
        own = replace(known, name="referentielijsten", service=service, aliases=(), contract=Mode.OFF)
        registers = MappingProxyType({**found.registers, "referentielijsten": own})
        return replace(found, registers=registers, limits=replace(found.limits, **limits))

    return change


@contextmanager
def checking(deployment, lists, table="KANAAL", **limits):
    with (
        running(lists) as origin,
        deployment.another(reading(origin, table, **limits)) as client,
    ):
        yield client


def refused(answer, name="kanaal"):
    """The reason of the one problem of a 400."""
    (problem,) = answer["invalidParams"]
    assert (problem["name"], problem["code"]) == (name, "invalid")
    return problem["reason"]


def test_only_what_the_table_has_now_is_written(deployment, lists):
    with checking(deployment, lists) as client:
        made = client.post("klantcontacten", bodies.contact(kanaal="e-mail"))
        path = f"klantcontacten/{made['uuid']}"
        with deployment.writes() as written:
            assert refused(client.post("klantcontacten", bodies.contact(kanaal="fax"), 400)) == REFUSED
            for kanaal in ("telex", "hologram", "E-mail"):
                assert "Allowed values: telefoon, e-mail" in refused(
                    client.patch(path, {"kanaal": kanaal}, 400)
                )
            whole = {
                "klantcontact": bodies.contact(kanaal="fax"),
                "betrokkene": {"rol": "klant", "initiator": True},
            }
            told = client.post("maak-klantcontact", whole, 400)
            assert refused(told, "klantcontact.kanaal") == REFUSED
        assert written == []
        assert client.patch(path, {"kanaal": "telefoon"})["kanaal"] == "telefoon"
    assert lists.state.asked == [{"tabel__code": "KANAAL", "page": "1", "pageSize": "500"}]


def test_what_stands_there_already_may_stay(deployment, lists):
    """A register client writes any kanaal, and a client that sends it back changes nothing."""
    made = deployment.served.post("klantcontacten", bodies.contact(kanaal="fax"))
    with checking(deployment, lists) as client:
        path = f"klantcontacten/{made['uuid']}"
        assert client.patch(path, {"kanaal": "fax", "onderwerp": "Anders"})["kanaal"] == "fax"
        assert lists.state.asked == []
        everything_wrong = client.patch(path, {"kanaal": "telepathie", "taal": "nederlands"}, 400)
        assert [each["name"] for each in everything_wrong["invalidParams"]] == ["kanaal", "taal"]


def test_a_table_without_codes_is_told(deployment, lists):
    with checking(deployment, lists, "LEEG") as client:
        assert refused(client.post("klantcontacten", bodies.contact(kanaal="fax"), 400)) == EMPTY


def test_a_service_that_does_not_answer(deployment, lists):
    """Nothing is written before a table was read; afterwards it counts as it was read last."""
    with checking(deployment, lists, reference_lists=0) as client:
        lists.state.status = 500
        with deployment.writes() as written:
            told = client.post("klantcontacten", bodies.contact(kanaal="telefoon"), 503)
            assert "referentielijsten" in told["detail"]
            lists.state.status = 404
            client.post("klantcontacten", bodies.contact(kanaal="telefoon"), 502)
        assert written == []
        # what does not say a kanaal needs no table
        client.post("partijen", bodies.persoon())
        lists.state.status = 0
        client.post("klantcontacten", bodies.contact(kanaal="telefoon"))
        asked = len(lists.state.asked)
        lists.state.status = 500
        client.post("klantcontacten", bodies.contact(kanaal="telefoon"))
        assert len(lists.state.asked) == asked + 1
        assert refused(client.post("klantcontacten", bodies.contact(kanaal="fax"), 400)) == REFUSED
        assert len(lists.state.asked) == asked + 1, "a service that is down is left alone for a while"


@pytest.mark.parametrize(
    ("change", "setting", "reason"),
    [
        (
            with_settings(kanalen_tabel_code="KANAAL"),
            "klantbrug.settings.kanalen_tabel_code",
            "needs the register referentielijsten",
        ),
        (
            reading("http://127.0.0.1:1", ""),
            "klantbrug.registers.referentielijsten",
            "is asked nothing: name a table in the setting kanalen_tabel_code",
        ),
    ],
)
def test_a_table_goes_with_a_register(deployment, change, setting, reason):
    with pytest.raises(ConfigurationInvalid) as found:
        prepare(change(deployment.configuration))
    (problem,) = found.value.problems
    assert (problem.name, problem.reason) == (setting, reason)
