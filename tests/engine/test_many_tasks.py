"""Lists of interne taken as ITA asks for them, where there are more than one question may read."""

from dataclasses import replace

import pytest

pytestmark = pytest.mark.alternating

BOUND = 20
DONE = 25
OPEN = 5


@pytest.fixture
def ita(deployment, old):
    """A client of a KlantBrug that reads at most twenty records for a question, before fifty tasks."""
    other = {"naam": "Karel de Groot", "soortActor": "medewerker", "identificatie": "k.degroot"}
    for number in range(DONE):
        old.taak(old.moment(), status="verwerkt", registratiedatum=f"2024-01-{number + 1:02}T12:00:00Z")
        old.taak(old.moment(), status="verwerkt", actor=other)
    for number in range(OPEN):
        old.taak(old.moment(), registratiedatum=f"2024-03-{number + 1:02}T12:00:00Z")
    limits = replace(deployment.configuration.limits, scan=BOUND)
    with deployment.another(lambda it: replace(it, limits=limits)) as served:
        yield served


def test_open_tasks_are_paged_whatever_number_is_done(ita):
    """The list of what is open has its count and its pages, newest first; so has that of what is done."""
    page = ita.get("internetaken", status="te_verwerken", pageSize=2)
    assert page["count"] == OPEN
    moments = [each["toegewezenOp"] for each in ita.all("internetaken", status="te_verwerken", pageSize=2)]
    assert moments == [f"2024-03-{day:02}T12:00:00Z" for day in (5, 4, 3, 2, 1)]
    assert ita.get("internetaken", status="verwerkt")["count"] == 2 * DONE
    assert ita.get("internetaken")["count"] == 2 * DONE + OPEN


def test_the_last_page_is_read_by_itself(ita):
    """No more has to be read for it than for another page, however long the list is."""
    page = ita.get("internetaken", page="last", pageSize=10)
    assert page["count"] == 2 * DONE + OPEN
    assert len(page["results"]) == OPEN
    assert page["next"] is None
    assert ita.get(page["previous"])["next"] == ita.url("internetaken?page=6&pageSize=10")
    assert ita.get("internetaken", page="last", status="te_verwerken")["count"] == OPEN


def test_the_open_tasks_of_an_afdeling_or_employee_are_found_by_name(ita):
    """Only what is open is read for them; a name that only looks alike finds nothing."""
    for name in ("Burgerzaken", "Sanne de Boer"):
        assert ita.get("internetaken", actoren__naam=name, status="te_verwerken", pageSize=1)["count"] == OPEN
    for name in ("burgerzaken", "Sanne", "de Boer"):
        assert ita.get("internetaken", actoren__naam=name, status="te_verwerken")["count"] == 0


def test_a_status_that_nobody_knows_is_still_open(ita, deployment, old):
    """With a word among the tasks that is none of the two, all must be read: too many here."""
    data = {**old.taak(old.moment()), "status": "in behandeling"}
    old.objects.delete(f"objects/{data.pop('uuid')}")
    record = {"typeVersion": 0, "startAt": "2025-03-03", "data": data}  # of no version, and so unchecked
    task = old.objects.post("objects", {"type": deployment.types["InterneTaak"], "record": record})
    answer = ita.get("internetaken", 400, status="te_verwerken")
    assert [each["code"] for each in answer["invalidParams"]] == ["scan-bound"]
    old.objects.delete(f"objects/{task['uuid']}")
    assert ita.get("internetaken", status="te_verwerken")["count"] == OPEN


def test_an_instant_is_found_on_every_clock(ita, old):
    """Old clients write the same instant in other ways; another instant of that day is another."""
    for text in ("2022-12-31T23:30:00Z", "2023-01-01T00:30:00+01:00", "2022-12-31T23:30:00.000Z"):
        old.taak(old.moment(), registratiedatum=text)
    old.taak(old.moment(), registratiedatum="2022-12-31T23:30:01Z")
    assert ita.get("internetaken", toegewezenOp="2022-12-31T23:30:00Z")["count"] == 3
    assert ita.get("internetaken", toegewezenOp="2023-01-01T00:30:00+01:00")["count"] == 3


def test_a_name_that_is_put_together_is_found(served, old):
    """A Medewerker without a whole name is found by any part of what its names make together."""
    old.object(
        "Medewerker",
        identificatie="j.bakker",
        voornaam="Joost",
        voorvoegselAchternaam="den",
        achternaam="Bakker",
        afdelingen=[],
    )
    for part in ("Joost den Bakker", "ost den", "den bak", "BAKKER"):
        assert served.get("actoren", naam=part)["count"] == 1
    for part in ("Joost Bakker", "den  bak", "j.bakker"):
        assert served.get("actoren", naam=part)["count"] == 0


def test_an_open_task_for_the_actor_of_another_task(served, old):
    """What is done is not in the list, but its actor is that of an open one: of one more than of few."""
    name, others = "Publieke Dienst", []
    for number in range(4):
        actor = {"naam": name, "soortActor": "medewerker", "identificatie": f"pd{number}"}
        done = old.taak(old.moment(), status="verwerkt", actor=actor)
        others += served.get(f"internetaken/{done['uuid']}")["toegewezenAanActoren"]
    task = old.taak(old.moment(), actor={"naam": "Karel", "soortActor": "medewerker", "identificatie": "k"})
    for links in (others[:1], others):
        served.patch(f"internetaken/{task['uuid']}", {"toegewezenAanActoren": links})
        rows = served.get("internetaken", actoren__naam=name, status="te_verwerken")["results"]
        assert [each["uuid"] for each in rows] == [task["uuid"]]
        assert served.get("internetaken", actoren__naam=name)["count"] == 5
    assert served.get("internetaken", actoren__naam="Karel")["count"] == 0
