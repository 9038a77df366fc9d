"""`klantbrug setup` registers what is published, and takes nothing from others; `doctor` says what lacks."""

from contextlib import closing

import pytest
from adapter.commands.probes import problems
from adapter.main import prepare
from adapter.notifications.channels import ChannelRefused, registered, set_up
from adapter.notifications.starting import channels

from tests.notifications.conftest import FILTERS, telling


@pytest.fixture
def dialect():
    return "openklant"


@pytest.fixture(scope="module")
def prepared(deployments, one_subscriber):
    change = telling(one_subscriber.origin)
    with closing(prepare(change(deployments("openklant").configuration))) as found:
        yield found


@pytest.fixture
def adapter(prepared, subscriber):
    """A KlantBrug before an API that knows no channels yet."""
    subscriber.kept.channels.clear()
    return prepared


def done(adapter):
    found = set_up(adapter.registers["notificaties"], channels(adapter.mappings))
    return {each.name: each.done for each in found}


def said(adapter):
    return [each for each in problems(adapter, made=True) if "objecttype" not in each]


def test_channels_are_registered_once(adapter, subscriber):
    assert said(adapter) == [
        f"the channel {name} is not registered: run klantbrug setup" for name in _order(adapter)
    ]
    assert done(adapter) == dict.fromkeys(FILTERS, "created")
    kept = {each["naam"]: sorted(each["filters"]) for each in subscriber.kept.channels.values()}
    assert kept == {name: sorted(filters) for name, filters in FILTERS.items()}
    assert done(adapter) == dict.fromkeys(FILTERS, "unchanged")
    assert said(adapter) == []


def _order(adapter):
    return [each.name for each in channels(adapter.mappings)]


def test_a_channel_of_another_publisher_gets_what_it_lacks_and_keeps_what_it_has(adapter, subscriber):
    """As one that an Open Klant registered before, or that somebody made by hand."""
    done(adapter)
    register = adapter.registers["notificaties"]
    theirs = next(each for each in subscriber.kept.channels.values() if each["naam"] == "partijen")
    theirs.update(filters=["nummer", "eigen"], documentatieLink="https://elders.example/")
    assert said(adapter) == [
        "the channel partijen has no filter interneNotitie, soortPartij: run klantbrug setup"
    ]
    assert done(adapter)["partijen"] == "changed"
    found = registered(register, "partijen")
    assert found["documentatieLink"] == "https://elders.example/"
    assert found["filters"] == ["nummer", "eigen", "soortPartij", "interneNotitie"]


def test_an_api_that_refuses_is_said(adapter, subscriber):
    done(adapter)
    subscriber.kept.status = 403
    (line,) = said(adapter)
    assert "it takes no notifications of KlantBrug (403)" in line
    assert "notificaties.publiceren" in line


def test_a_channel_that_is_refused_ends_the_setup(adapter, monkeypatch):
    register = adapter.registers["notificaties"]
    call = register.call

    def refusing(method, path, **options):
        found = call(method, path, **options)
        return type(found)(403, {}) if method == "POST" else found

    monkeypatch.setattr(register, "call", refusing)
    with pytest.raises(ChannelRefused, match="refuses the channel"):
        done(adapter)


def test_an_api_that_is_not_there_is_said(deployment):
    with closing(prepare(telling("http://127.0.0.1:9")(deployment.configuration))) as adapter:
        (line,) = said(adapter)
        assert line.startswith("the register notificaties: it cannot be reached")
