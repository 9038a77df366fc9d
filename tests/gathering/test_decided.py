"""What a deployment decides: when a task is sent, which kanalen are tasks, what is done with late pieces."""

import json
from contextlib import ExitStack, closing
from importlib.resources import files

import pytest
from adapter.configuration import ConfigurationInvalid, Token, parse
from adapter.configuration.gathering import BESIDE, REFUSE, Afterwards
from adapter.demo.settings import GATHERING

from tests.deployment import Client
from tests.gathering.service import served, until
from tests.gathering.test_service import actor, contact, piece, ref, refusal, task, whole

KEEP = Afterwards(changed=BESIDE)
EVERYTHING = ("klantcontacten", "betrokkenen", "digitaleadressen", "internetaken", "onderwerpobjecten")
CHANGES = {
    "klantcontacten": {"kanaal": "balie", "inhoud": "Al gehaald"},
    "betrokkenen": {"organisatienaam": "Bakkerij"},
    "digitaleadressen": {"adres": "ander@voorbeeld.nl"},
    "internetaken": {"status": "verwerkt"},
}


@pytest.fixture(scope="module")
def keeper(town):
    """A KlantBrug that keeps every change beside the record, and refuses late addresses and actors."""
    late = Afterwards(added=REFUSE)
    decided = {
        **dict.fromkeys(EVERYTHING, KEEP),
        "digitaleadressen": Afterwards(REFUSE, BESIDE),
        "actorklantcontacten": late,
        "bijlagen": late,
    }
    with served(town, afterwards=decided) as client:
        yield client


@pytest.mark.contract
def test_a_task_waits_for_what_comes_after_it(town):
    """With `settle`: an address that comes later stands in the record all the same."""
    with served(town, settle=1.0, sweep=0.1) as desk:
        made = contact(desk)
        someone = piece(desk, "betrokkenen", hadKlantcontact=ref(made))
        todo = task(desk, made, actor(desk, "Frontoffice"))
        assert town.contacts(made["onderwerp"]) == []
        mail = piece(desk, "digitaleadressen", verstrektDoorBetrokkene=ref(someone), adres="p@voorbeeld.nl")
        (seen,) = until(lambda: town.contacts(made["onderwerp"]))
        assert (seen["type"], seen["contactgegevens"]["emailadres"]) == ("Contactverzoek", "p@voorbeeld.nl")
        assert desk.get(f"digitaleadressen/{mail['uuid']}") == mail
        assert desk.get(f"internetaken/{todo['uuid']}") == todo


@pytest.mark.contract
@pytest.mark.parametrize(("kanalen", "group"), [(["balie", "telefoon"], "Klantcontactcentrum"), ([], None)])
def test_kanalen_of_which_every_contact_is_a_task(town, kanalen, group):
    with served(town, dialect={"altijd_taak": kanalen}, quiet=0.0, sweep=0.1) as desk:
        made = contact(desk)
        (seen,) = until(lambda: town.contacts(made["onderwerp"]))
        assert (seen["status"], seen.get("groep")) == (("nieuw" if group else "afgehandeld"), group)
        assert bool(desk.get(f"klantcontacten/{made['uuid']}")["leiddeTotInterneTaken"]) == bool(group)


@pytest.mark.contract
def test_tasks_are_found_by_a_group_that_no_client_recorded(town):
    """It stands in their contacts alone, in more of them than are read one by one."""
    decided = {"altijd_taak": ["telefoon"], "terugval_groep": "Terugbellijst"}
    with served(town, dialect=decided, quiet=0.0, sweep=0.1) as desk:
        made = {contact(desk)["uuid"] for _ in range(12)}
        named = "Terugbellijst"

        def found():
            tasks = desk.all("internetaken", actoren__naam=named)
            return {each["aanleidinggevendKlantcontact"]["uuid"]: each for each in tasks}

        tasks = until(lambda: made <= found().keys() and found(), 60.0)
        for uuid in made:
            (assigned,) = tasks[uuid]["toegewezenAanActoren"]
            there = desk.get(f"actoren/{assigned['uuid']}")
            assert (there["naam"], there["actoridentificator"]["codeObjecttype"]) == (named, "grp")
        assert desk.all("actoren", naam=named) == []
        assert desk.all("internetaken", actoren__naam="Terugbel") == []


@pytest.mark.contract
def test_who_has_no_partij_is_found_by_an_address_where_that_is_decided(town):
    """As KISS looks for them; refused where nothing is decided."""
    with served(town) as desk:
        refused = desk.get("digitaleadressen", 400, adres="piet@voorbeeld.nl")
        assert refusal(refused) == {"nonFieldErrors": "no-list"}
    with served(town, dialect={"adres_zonder_klant": True}) as desk:
        pieces = whole(desk)
        mail = pieces["digitaleadressen"]
        asked = {"adres": mail["adres"], "expand": "verstrektDoorBetrokkene"}
        before = desk.all("digitaleadressen", **asked)
        task(desk, pieces["klantcontacten"], actor(desk, "Frontoffice"))
        after = desk.all("digitaleadressen", **asked)
        for found in (before, after):
            (one,) = (each for each in found if each["uuid"] == mail["uuid"])
            someone = one["_expand"]["verstrektDoorBetrokkene"]
            assert someone["hadKlantcontact"]["uuid"] == pieces["klantcontacten"]["uuid"]


KISS = Token("kiss", "", "kiss", ("*",), None, settings={"adres_zonder_klant": True}, settle=600.0)


@pytest.fixture(scope="module")
def both(town):
    """A client, and KISS, for whom something else is decided."""
    with ExitStack() as stack:
        desk = stack.enter_context(served(town, tokens=(KISS,)))
        yield desk, stack.enter_context(closing(Client(desk.base, Authorization="Token kiss")))


def test_a_client_of_its_own_searches_by_an_address(both):
    """Where it is decided for KISS alone, others are refused."""
    desk, kiss = both
    mail = whole(kiss)["digitaleadressen"]
    assert mail["uuid"] in {each["uuid"] for each in kiss.all("digitaleadressen", adres=mail["adres"])}
    refused = desk.get("digitaleadressen", 400, adres=mail["adres"])
    assert refusal(refused) == {"nonFieldErrors": "no-list"}


def test_a_task_of_a_client_of_its_own_waits_for_what_comes_after_it(town, both):
    """Whoever adds to it; a contact of another client is sent with its task."""
    desk, kiss = both
    for own, other in ((kiss, desk), (desk, kiss)):
        made = contact(own)
        task(other, made, actor(other, "Frontoffice"))
        assert len(town.contacts(made["onderwerp"])) == (0 if own is kiss else 1)


@pytest.mark.contract
def test_a_client_may_be_refused_what_others_search_for(town):
    other = Token("other", "", "other", ("*",), None, settings={"adres_zonder_klant": False})
    with served(town, dialect={"adres_zonder_klant": True}, tokens=(other,)) as desk:
        assert desk.all("digitaleadressen", adres="niemand@voorbeeld.nl") == []
        with closing(Client(desk.base, Authorization="Token other")) as client:
            client.get("digitaleadressen", 400, adres="niemand@voorbeeld.nl")


@pytest.mark.contract
def test_changes_are_kept_beside_the_record_where_that_is_decided(town, keeper):
    """They are served and found, the e-Suite does not have them, and what an employee changes there wins."""
    pieces = whole(keeper)
    made = pieces["klantcontacten"]
    pieces["internetaken"] = task(keeper, made, actor(keeper, "Frontoffice"))
    (before,) = town.contacts(made["onderwerp"])
    other = actor(keeper, "Parkeren")
    changes = {**CHANGES, "internetaken": {"status": "verwerkt", "toegewezenAanActoren": [ref(other)]}}
    for kind, change in changes.items():
        path = f"{kind}/{pieces[kind]['uuid']}"
        told = keeper.patch(path, change)
        read = keeper.get(path)
        for name, value in change.items():
            assert read[name] == told[name], name
            if name != "toegewezenAanActoren":
                assert read[name] == value
    assert town.contacts(made["onderwerp"]) == [before]
    todo = keeper.get(f"internetaken/{pieces['internetaken']['uuid']}")
    assert [each["uuid"] for each in todo["toegewezenAanActoren"]] == [other["uuid"]]
    assert todo in keeper.all("internetaken", status="verwerkt")
    assert todo["uuid"] not in {each["uuid"] for each in keeper.all("internetaken", status="te_verwerken")}
    counts = keeper.get(keeper.base.removesuffix("/klantinteracties/api/v1") + "/_healthz")["counts"]
    assert [counts[f"gathered.beside_{kind}"] for kind in CHANGES] == [1, 1, 1, 1]
    uuid = before["url"].rpartition("/")[2]
    town.works(uuid, groep="Klantcontactcentrum", contactgegevens={"emailadres": "derde@voorbeeld.nl"})
    todo = keeper.get(f"internetaken/{todo['uuid']}")
    assert [each["uuid"] for each in todo["toegewezenAanActoren"]] != [other["uuid"]]
    mail = keeper.get(f"digitaleadressen/{pieces['digitaleadressen']['uuid']}")
    assert mail["adres"] == "derde@voorbeeld.nl"


@pytest.mark.contract
def test_a_link_stays_whatever_is_decided(town, keeper):
    """The e-Suite takes none away."""
    pieces = whole(keeper)
    task(keeper, pieces["klantcontacten"], actor(keeper, "Frontoffice"))
    about = pieces["onderwerpobjecten"]
    other = {**about["onderwerpobjectidentificator"], "objectId": "b5f4b7a4-6f4c-4d5b-8a32-0d6a0f7d0a11"}
    refused = keeper.patch(f"onderwerpobjecten/{about['uuid']}", {"onderwerpobjectidentificator": other}, 400)
    assert refusal(refused) == {"onderwerpobjectidentificator.objectId": "immutable-in-register"}


@pytest.mark.contract
def test_late_pieces_are_refused_where_that_is_decided(town, keeper):
    """Others are kept; while a contact is held, nothing is late."""
    pieces = whole(keeper)
    made, someone = pieces["klantcontacten"], pieces["betrokkenen"]
    task(keeper, made, actor(keeper, "Frontoffice"))
    refused = piece(
        keeper, "digitaleadressen", 400, verstrektDoorBetrokkene=ref(someone), adres="p@voorbeeld.nl"
    )
    assert refusal(refused) == {"verstrektDoorBetrokkene": "late-piece"}
    assert len(keeper.get(f"betrokkenen/{someone['uuid']}")["digitaleAdressen"]) == 1
    assert piece(keeper, "betrokkenen", hadKlantcontact=ref(made))["uuid"]


CHOICES = (
    ("digitaleadres", {"added": "refuse"}, "is no piece of a contact; did you mean digitaleadressen?"),
    ("internetaken", {"added": "refuse"}, "is not decided here: a contact has one of these"),
    ("klantcontacten", {"added": "refuse"}, "is not decided here: a contact has one of these"),
    ("klantcontacten", {"changed": "drop"}, "must be one of refuse, beside"),
)


def configuration(afterwards, lines=""):
    """The text of a configuration, and its environment."""
    text = (files("adapter.demo") / "demo.yaml").read_text(encoding="utf-8")
    names = ("KLANTEN", "CONTACTMOMENTEN", "OBJECTS", "ZAKEN", "PUBLIC_URL")
    environment = {name: f"https://{name.lower().replace('_', '')}.example/api/v1" for name in names}
    environment |= {"SECRET": "geheim", "DIALECT": "esuite", "STATE": ":memory:"}
    return f"{text}{GATHERING}    afterwards: {json.dumps(afterwards)}\n{lines}", environment


@pytest.mark.parametrize(("resource", "chosen", "reason"), CHOICES)
def test_what_cannot_be_decided_is_a_mistake_in_the_configuration(resource, chosen, reason):
    with pytest.raises(ConfigurationInvalid) as found:
        parse(*configuration({resource: chosen}))
    assert any(reason in each.reason for each in found.value.problems), found.value.problems


def test_what_a_client_has_of_its_own_is_read_from_the_configuration():
    text, environment = configuration({})
    own = "settle: 5, settings: {adres_zonder_klant: true}"
    text = text.replace("tokens:\n", f"tokens:\n    - {{name: kiss, plain: kiss, {own}}}\n")
    first, *_ = parse(text, environment).tokens
    assert (first.settle, dict(first.settings)) == (5, {"adres_zonder_klant": True})
    text = text.replace("adres_zonder_klant", "groepen")
    with pytest.raises(ConfigurationInvalid, match=r"tokens\.0\.settings\.groepen: is not known here"):
        parse(text, environment)


def test_contacts_stay_closed_whatever_a_configuration_says():
    text, environment = configuration({})
    text = text.replace("  settings:\n", "  settings:\n    contact_wijzigen: altijd\n")
    with pytest.raises(ConfigurationInvalid, match=r"settings\.contact_wijzigen: must be one of nooit"):
        parse(text, environment)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("lease: 65", "must be 66 at least: so long may the two calls of an attempt take, see limits"),
        ("unsure: 32", "must be 33 at least: so long may a POST take, see limits"),
        ("lease: 66\n    unsure: 33", None),
    ],
)
def test_an_attempt_that_outlives_its_time_is_a_mistake_in_the_configuration(lines, reason):
    try:
        parse(*configuration({}, f"    {lines}\n"))
    except ConfigurationInvalid as invalid:
        assert [each.reason for each in invalid.problems] == [reason]
    else:
        assert reason is None
