"""What a register cannot mean is said to be its fault, 502: never a defect of KlantBrug, never passed on."""

from contextlib import contextmanager
from copy import deepcopy

import pytest

from tests import bodies

pytestmark = pytest.mark.alternating

NO_TEXT = [5, True, [5], {"x": 5}]
NO_GROUP = ["x", 5, True, [5]]
NO_URL = [*NO_TEXT, None, "", "x", "http://127.0.0.1/x"]
NO_INSTANT = [*NO_TEXT, None, "x"]
PAGES = {
    "count": [None, "1", True, -1, 1.5, [], {}],
    "results": [None, 5, "x", {}, [None], [5], ["x"], [[]], [{}]],
    "next": [5, True, ["x"], {"x": 5}],
}
# What is asked, of which register it is answered with what nonsense, and where that stands.
ROWS = {
    ("klanten", "klanten", "partijen", "klant"): {
        "url": NO_URL,
        "emailadres": NO_TEXT,
        "telefoonnummer": NO_TEXT,
        "voornaam": NO_TEXT,
        "achternaam": NO_TEXT,
        "subjectType": NO_TEXT,
        "subjectIdentificatie": NO_GROUP,
        "subjectIdentificatie.inpBsn": NO_TEXT,
    },
    ("klanten", "contactmomenten", "klantcontacten", "moment"): {
        "url": NO_URL,
        "tekst": NO_TEXT,
        "kanaal": NO_TEXT,
        "voorkeurstaal": NO_TEXT,
        "initiatiefnemer": NO_TEXT,
        "registratiedatum": NO_INSTANT,
        "medewerkerIdentificatie": NO_GROUP,
        "medewerkerIdentificatie.identificatie": NO_TEXT,
    },
    ("klanten", "klantcontactmomenten", "betrokkenen", "link"): {
        "url": NO_URL,
        "klant": NO_TEXT,
        "rol": NO_TEXT,
        "contactmoment": NO_TEXT,
    },
    ("objects", "objects", "actoren", "actor"): {
        "uuid": NO_URL,
        "url": NO_URL,
        "type": [*NO_TEXT, None],
        "record": [*NO_GROUP, None],
        "record.startAt": NO_TEXT,
        "record.data": [*NO_GROUP, None],
        "record.data.naam": NO_TEXT,
        "record.data.soortActor": NO_TEXT,
        "record.data.actoridentificator": NO_GROUP,
        "record.data.actoridentificator.objectId": NO_TEXT,
        "record.data.aangemaakt": [*NO_TEXT, None],
    },
}
INLINE = {
    "klantcontactmomenten": ["x", 5, {"x": 5}, [5], [None], ["x"], [{}], [{"url": 5}], [{"url": "x"}]],
}


def put(node, path, value):
    """A copy of an answer with a value at a path: of its first row, when it is a page."""
    made = deepcopy(node)
    at = made["results"][0] if made.get("results") else made
    *names, last = path.split(".")
    for name in names:
        at = at[name]
    at[last] = value
    return made


@contextmanager
def spoilt(deployment, server, collection, change, *, empty=False):
    """Every answer of a collection is changed in the context, `empty` pages too."""

    def rewrite(scope, body):
        mine = f"/{collection}" in scope["path"] and (empty or body.get("results") or "url" in body)
        return change(body) if mine else body

    deployment.faults[server].rewrite = rewrite
    try:
        yield
    finally:
        deployment.faults[server].rewrite = None
        deployment.findings.clear()


def as_it_is(configuration):
    """The same configuration."""
    return configuration


@pytest.fixture
def unchecked(deployment, others):
    """A client of a KlantBrug that does not hold registers to their contracts, as most of them run."""
    deployment.watched = False
    try:
        return others(deployment.dialect, as_it_is)
    finally:
        deployment.watched = True


@pytest.fixture
def stored(served, old):
    """One of each."""
    klant = old.klant(emailadres="oud@example.nl", telefoonnummer="0612345678", voornaam="A", achternaam="B")
    moment = old.moment()
    link = old.link(moment, klant)
    actor = served.post("actoren", bodies.actor("sanne", "Sanne"))
    found = {"klant": klant, "moment": moment, "link": link, "actor": actor}
    return {name: each["url"].rpartition("/")[2] for name, each in found.items()}


@pytest.mark.parametrize("kind", ROWS, ids=[each[3] for each in ROWS])
def test_a_record_that_makes_no_sense(deployment, unchecked, stored, kind):
    """Wrong kinds of values, nulls and URLs without a uuid, in a list and alone."""
    server, collection, path, one = kind
    for at, values in ROWS[kind].items():
        for value in values:
            for asked in (path, f"{path}/{stored[one]}"):
                with spoilt(deployment, server, collection, lambda it: put(it, at, value)):  # noqa: B023
                    answer = unchecked.call("GET", asked)
                assert answer.status_code == 502, (asked, at, value, answer.text)
    assert unchecked.get(path)["count"] == 1


@pytest.mark.parametrize("kind", ROWS, ids=[each[3] for each in ROWS])
def test_a_page_that_makes_no_sense(deployment, unchecked, stored, kind):
    """Counts that are none or below zero, rows that are none, a next page that is no URL."""
    server, collection, path, _ = kind
    for name, values in PAGES.items():
        for value in values:
            with spoilt(deployment, server, collection, lambda it: {**it, name: value}):  # noqa: B023
                answer = unchecked.call("GET", path)
            assert answer.status_code == 502, (name, value, answer.text)
    assert unchecked.get(path)["count"] == 1


@pytest.mark.parametrize("dialect", ["openklant"])
@pytest.mark.parametrize("name", INLINE)
def test_what_comes_along_and_makes_no_sense(deployment, unchecked, stored, name):
    """What a record has of others is held to the same."""
    for value in INLINE[name]:
        for asked in ("klantcontacten", f"klantcontacten/{stored['moment']}"):
            with spoilt(deployment, "klanten", "contactmomenten", lambda it: put(it, name, value)):  # noqa: B023
                answer = unchecked.call("GET", asked)
            assert answer.status_code == 502, (asked, value, answer.text)


@pytest.mark.parametrize(
    ("at", "values"),
    [
        ("contactmoment", NO_TEXT),
        ("toelichting", NO_TEXT),
        ("handeling", NO_TEXT),
        ("betrokkene", NO_GROUP),
        ("betrokkene.organisatie", NO_TEXT),
        ("actor", NO_GROUP),
        ("actor.naam", NO_TEXT),
        ("status", NO_TEXT),
    ],
)
def test_what_others_wrote_is_left_out(deployment, old, at, values):
    """An object of others of which a value makes no sense is served without: it may stay there for years."""
    old.taak(old.moment(), betrokkene={"organisatie": "O", "digitaleAdressen": []})
    for value in values:

        def change(body, value=value):
            for row in body.get("results", ()):
                if "toelichting" in row["record"]["data"]:
                    row["record"]["data"] = put(row["record"]["data"], at, value)
            return body

        with spoilt(deployment, "objects", "objects", change):
            for path in ("internetaken", "klantcontacten", "betrokkenen", "digitaleadressen"):
                assert deployment.served.call("GET", path).status_code == 200, (path, value)


@pytest.mark.parametrize("more", [None, "http://127.0.0.1/next"], ids=["no next page", "a next page"])
def test_a_count_that_is_too_high(deployment, unchecked, stored, more):
    """It is no mistake of who asks for one resource: never 400."""

    def change(body):
        return {**body, "count": 10**9, "next": more} if "results" in body else body

    with spoilt(deployment, "objects", "objects", change, empty=True):
        for name, path in (("klant", "partijen"), ("moment", "klantcontacten"), ("link", "betrokkenen")):
            answer = unchecked.call("GET", f"{path}/{stored[name]}")
            assert answer.status_code == 502, answer.text
