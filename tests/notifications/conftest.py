"""A KlantBrug that tells an embedded Notificaties API what its clients write."""

import time
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

import pytest
from adapter.configuration.notifications import NotificationSettings
from adapter.embedded import notificaties
from adapter.embedded.server import running
from adapter.registers.messages import Mode

SOURCE = "urn:nld:oin:00000001823288444000:klantbrug"
FILTERS = {
    "partijen": ["nummer", "interneNotitie", "soortPartij"],
    "internetaken": ["nummer", "gevraagdeHandeling", "toelichting", "status"],
    "klantcontacten": ["hoofdOnderwerpType", "indicatieContactGelukt", "verdereActieOndernomen"],
}


class Subscriber:
    """The Notificaties API as a test sees it: the messages that came, without those before `forget`."""

    def __init__(self, kept, origin):
        self.kept, self.origin = kept, origin
        for number, (name, filters) in enumerate(FILTERS.items()):
            kept.channels[str(number)] = {"naam": name, "documentatieLink": "", "filters": filters}

    def forget(self):
        """Begin anew."""
        self.kept.messages.clear()
        self.kept.events.clear()
        self.kept.refused.clear()
        self.kept.status = 0

    def told(self, number, *, events=False):
        """The messages, once there are so many; a moment later there must not be more."""
        found = self.kept.events if events else self.kept.messages
        until = time.monotonic() + 20
        while len(found) < number:
            assert time.monotonic() < until, [*found]
            time.sleep(0.01)
        time.sleep(0.05)
        assert len(found) == number, [*found]
        return [*found]


def telling(origin, **chosen):
    """The change of a configuration that tells this API."""

    def change(configuration):
        known = configuration.registers["zaken"]
        service = MappingProxyType({**known.service, "api_root": f"{origin}/"})
        own = replace(known, name="notificaties", service=service, aliases=(), contract=Mode.OFF)
        registers = MappingProxyType({**configuration.registers, "notificaties": own})
        return replace(configuration, registers=registers, notifications=NotificationSettings(**chosen))

    return change


@contextmanager
def subscribing():
    """A subscriber at a free port as long as the context lasts."""
    app = notificaties.create_app()
    with running(app) as origin:
        yield Subscriber(app.state.kept, origin)


@pytest.fixture(scope="module")
def one_subscriber():
    with subscribing() as found:
        yield found


@pytest.fixture
def subscriber(one_subscriber):
    """The subscriber of a module, which has been told nothing yet."""
    one_subscriber.forget()
    return one_subscriber
