"""The list of who has a name and much to do: a page is read, and all only where counts leave that open."""

import pytest
from adapter.engine.query import referrers

from tests import bodies
from tests.deployment import deployed
from tests.engine.old_kiss import ACTOR, OldKiss
from tests.inside import Network

NAME, KEY = "Burgerzaken", "BZ"
AFDELING = {
    "naam": NAME,
    "soortActor": "organisatorische eenheid",
    "identificatie": KEY,
    "typeOrganisatorischeEenheid": "afdeling",
}
MOST = 37
SIZE = 8
OPEN_ONES = {"status": "te_verwerken"}


class Tasks:
    """Tasks of an afdeling and of others, made by old clients and by new ones."""

    def __init__(self, deployment):
        self.deployment, self.served, self.old = deployment, deployment.served, OldKiss(deployment)
        self.old.object("Afdeling", identificatie=KEY, naam=NAME)
        (self.afdeling,) = self.served.get("actoren", naam=NAME)["results"]
        self.employee = self.served.post("actoren", bodies.actor("s.deboer", "Sanne de Boer"))
        codes = {"soort": "organisatorische_eenheid", "codes": "grp/obj/idf"}
        self.group = self.served.post("actoren", bodies.actor("TEL", "Telefonie", **codes))
        self.other = self.served.post("actoren", bodies.actor("k", "Karel"))
        for number in range(7):
            members = {"registratiedatum": f"2025-03-0{number + 1}T09:30:00Z"}
            actor = (AFDELING, ACTOR, {"naam": "Karel", "soortActor": "medewerker", "identificatie": "k"})
            self.of_old(actor[number % 3], **members)
        self.of_old(AFDELING, status="verwerkt")
        self.ours()
        for actoren in ([self.afdeling], [self.employee, self.afdeling], [self.afdeling, self.other]):
            self.ours(*actoren)

    def of_old(self, actor, **members):
        return self.old.taak(self.old.moment(), actor=actor, **members)

    def ours(self, *actoren):
        contact = {"uuid": self.old.moment()["url"].rpartition("/")[2]}
        return self.served.post("internetaken", bodies.taak(contact, *actoren))

    def retold(self, actor, *actoren):
        """A task of ours in which an old client puts another actor."""
        made = self.ours(*actoren)
        stored = {"url": self.old.objects.url(f"objects/{made['uuid']}")}
        self.old.change(stored, actor=actor)
        return made

    def for_the_actor_of_what_is_done(self, actor):
        """A task of ours for the actor that stood only in a task of an old client, which is done."""
        done = self.of_old(actor, status="verwerkt")
        return self.ours(*self.served.get(f"internetaken/{done['uuid']}")["toegewezenAanActoren"])

    def page(self, number=1, **filters):
        """(count, uuids) of a page; `calls` is what it took."""
        start = len(self.deployment.exchanges)
        page = self.served.get("internetaken", actoren__naam=NAME, page=number, pageSize=SIZE, **filters)
        self.calls = len(self.deployment.exchanges) - start
        return page["count"], [each["uuid"] for each in page["results"]]

    def pages(self, **filters):
        """The first page and the second."""
        return [self.page(number, **filters) for number in (1, 2)]


HARMLESS = {
    "what another has": lambda tasks: tasks.of_old(
        {**ACTOR, "identificatieOrganisatorischeEenheid": "X", "naamOrganisatorischeEenheid": "X"}
    ),
    "what an old client gives to the afdeling, and we had too": lambda tasks: tasks.retold(
        AFDELING, tasks.afdeling
    ),
    "a name without a key": lambda tasks: tasks.of_old(KEYLESS, registratiedatum="2025-03-02T12:00:00Z"),
    "one that is done": lambda tasks: tasks.of_old(KEYLESS, status="verwerkt"),
    "a longer name without a key": lambda tasks: tasks.of_old({**KEYLESS, "naam": f"{NAME} en meer"}),
}
KEYLESS = {**AFDELING, "identificatie": ""}
LEFT_OPEN = {
    "a name with another key": lambda tasks: tasks.of_old({**AFDELING, "identificatie": "PD"}),
    "a key with another name": lambda tasks: tasks.of_old(
        {**ACTOR, "naamOrganisatorischeEenheid": "Publiek"}
    ),
    "a name that is longer": lambda tasks: tasks.of_old(
        {**AFDELING, "naam": f"{NAME} en meer", "identificatie": "M"}
    ),
    "ours that an old client took away": lambda tasks: tasks.retold(
        {**ACTOR, "naamOrganisatorischeEenheid": "", "identificatieOrganisatorischeEenheid": ""},
        tasks.afdeling,
    ),
    "another's that an old client gave it": lambda tasks: tasks.retold(AFDELING, tasks.other),
    "ours, where another afdeling comes first": lambda tasks: tasks.ours(tasks.group, tasks.afdeling),
    "a contact that nobody can read": lambda tasks: tasks.of_old(
        AFDELING, contactmoment="https://elders.example/x-y"
    ),
}


@pytest.fixture
def tasks(tmp_path):
    """Before registers in this process, whose answers are not held to a contract."""
    network = Network()
    with network.connected(), deployed("openklant", tmp_path, network.running, watched=False) as running:
        running.served.session.hooks["response"].clear()
        yield Tasks(running)


def test_pages_of_a_name_are_those_that_reading_all_gives(tasks, monkeypatch):
    """Whoever wrote the tasks; all are read only for what counts leave open."""
    for add in HARMLESS.values():
        add(tasks)
    for filters in ({}, OPEN_ONES):
        expected = tasks.pages(**filters)
        monkeypatch.setattr(referrers, "FEW", 0)
        assert tasks.pages(**filters) == expected
        assert tasks.calls <= MOST
        monkeypatch.undo()
    wrong = []
    for name, add in LEFT_OPEN.items():
        made = add(tasks)
        expected = tasks.page(**OPEN_ONES)
        monkeypatch.setattr(referrers, "FEW", 0)
        if tasks.page(**OPEN_ONES) != expected or tasks.calls <= MOST:
            wrong.append((name, tasks.calls))
        monkeypatch.undo()
        tasks.old.objects.delete(f"objects/{made['uuid']}", 204)
    assert wrong == []
    # more of the same name from here on
    for actor in (KEYLESS, {**AFDELING, "identificatie": "PD"}):
        tasks.for_the_actor_of_what_is_done(actor)
        expected = tasks.page(**OPEN_ONES)
        monkeypatch.setattr(referrers, "FEW", 0)
        assert tasks.page(**OPEN_ONES) == expected
        monkeypatch.undo()
