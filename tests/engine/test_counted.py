"""Lists count and page what they serve, whatever else the registers count."""

import uuid
from dataclasses import replace

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

TASKS = 5
UNREADABLE = {
    "none": "",
    "without a uuid": "{base}contactmomenten/",
    "with another text for a uuid": "{base}contactmomenten/van-daag",
    "of another register, without a uuid": "https://el-ders.example/contactmomenten/vandaag",
    "absent": None,
}


@pytest.fixture
def lose(deployment, old):
    """Makes tasks of old clients that name no contact, between others; gives how to make one more."""

    def one(reference, day):
        made = old.taak(old.moment(), registratiedatum=f"2024-03-{day:02}T11:00:00Z")
        old.objects.delete(f"objects/{made['uuid']}")
        data = made["record"]["data"]
        base = old.contactmomenten.url("")
        if reference is None:
            del data["contactmoment"]
        else:
            data["contactmoment"] = reference.format(base=base, uuid=uuid.uuid4())
        record = {"typeVersion": 0, "startAt": "2025-03-03", "data": data}  # of no version, and so unchecked
        old.objects.post("objects", {"type": deployment.types["InterneTaak"], "record": record})

    for day in range(1, TASKS + 1):
        old.taak(old.moment(), registratiedatum=f"2024-03-{day:02}T12:00:00Z")
    return one


def pages(client, size, **filters):
    """The days of all tasks, page by page: every page tells the same count, and the last is the last."""
    found, number = [], 1
    while True:
        page = client.get("internetaken", page=number, pageSize=size, **filters)
        found += [int(each["toegewezenOp"][8:10]) for each in page["results"]]
        assert page["count"] == TASKS
        assert len(page["results"]) == (size if page["next"] else TASKS - size * (number - 1))
        if not page["next"]:
            break
        number += 1
    last = client.get("internetaken", page="last", pageSize=size, **filters)
    assert (last["count"], last["results"]) == (TASKS, page["results"])
    client.get("internetaken", 404, page=number + 1, pageSize=size, **filters)
    return found


@pytest.mark.parametrize("reference", UNREADABLE.values(), ids=UNREADABLE)
def test_a_task_that_names_no_contact_is_not_counted(served, lose, reference):
    """Not in the count, not on a page, and no page is there for it."""
    for day in (1, 3, TASKS + 1):
        lose(reference, day)
    for size in (1, 2, 3, TASKS, 100):
        assert pages(served, size) == [5, 4, 3, 2, 1]
    assert pages(served, 2, status="te_verwerken") == [5, 4, 3, 2, 1]


def test_tasks_that_name_none_do_not_make_a_long_list_unreadable(deployment, lose):
    """What the Objects API can be asked for is not read, however much there is of it."""
    for day in (1, 3):
        lose("", day)
    limits = replace(deployment.configuration.limits, scan=3)
    with deployment.another(lambda it: replace(it, limits=limits)) as bounded:
        for number in (1, 2, 3):
            page = bounded.get("internetaken", page=number, pageSize=2)
            assert (page["count"], bool(page["next"])) == (TASKS, number < 3)


def test_a_representation_of_nobody_is_not_counted(deployment, served, old):
    """In the objects of our own types too, when somebody else writes there."""
    someone, *others = (served.post("partijen", bodies.persoon()) for _ in range(4))
    for other in others:
        served.post("vertegenwoordigingen", _of(someone, other))
    data = {"uuid": str(uuid.uuid4()), **_of(someone, others[0]), "vertegenwoordigdePartij": None}
    record = {"typeVersion": 0, "startAt": "2025-03-03", "data": data}
    old.objects.post("objects", {"type": deployment.types["Vertegenwoordiging"], "record": record})
    found = [served.get("vertegenwoordigingen", page=number, pageSize=2) for number in (1, 2)]
    assert [(each["count"], len(each["results"])) for each in found] == [(3, 2), (3, 1)]
    served.get("vertegenwoordigingen", 404, page=3, pageSize=2)


def _of(someone, other):
    return {
        "vertegenwoordigendePartij": {"uuid": someone["uuid"]},
        "vertegenwoordigdePartij": {"uuid": other["uuid"]},
    }


def test_tasks_of_one_instant_keep_their_places(served, old):
    """Whatever changes between two pages, also where they are found by what they hang on."""
    moment = old.moment()
    tasks = [old.taak(moment) for _ in range(6)]
    for filters in ({}, {"klantcontact__uuid": moment["url"].rpartition("/")[2]}):
        found = []
        for number in (1, 2, 3):
            page = served.get("internetaken", page=number, pageSize=2, **filters)
            found += [each["uuid"] for each in page["results"]]
            served.patch(f"internetaken/{found[-1]}", {"toelichting": f"Gebeld {number}"})
            served.patch(f"internetaken/{tasks[number]['uuid']}", {"toelichting": f"Gezien {number}"})
        assert sorted(found) == sorted(each["uuid"] for each in tasks)
