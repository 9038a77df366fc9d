"""Sending a book to an API: in what order, once whatever happens, and with what becomes of references."""

import itertools
from unittest.mock import Mock, patch

import pytest
from adapter.move import remote as remotes
from adapter.move.asking import NoAnswer
from adapter.move.decided import Bodies
from adapter.move.decisions import Decisions
from adapter.move.matching import is_like
from adapter.move.numbered import Numbered
from adapter.move.planning import Planning
from adapter.move.posted import Posted, Uuids
from adapter.move.posting import NotOurs, Posting
from adapter.move.remote import Remote
from adapter.move.rows import Rows
from adapter.move.target import target as described
from adapter.shipped import served_document, shipped_mappings

from tests.move.hand import World, ref

TARGET = described("openklant")
RESOURCES = shipped_mappings("openklant").resources
BODIES = Bodies(served_document())


class Killed(BaseException):
    """Ends a step where it stands."""


class Api:
    """An API that keeps what it is sent; the request `kill` dies before or after it is done."""

    def __init__(self):
        self.kept = {kind: {} for kind in TARGET.resources}
        self.log, self._numbers, self.kill, self.refuses = [], itertools.count(1), None, ()

    def send(self, method, path, body=None, key=""):
        kind, _, uuid = path.partition("/")
        step = len(self.log)
        self.log.append((method, kind))
        if self.kill == (step, "before"):
            raise Killed
        answer = self._done(method, kind, uuid, body)
        if self.kill == (step, "after"):
            raise Killed
        return answer

    def _done(self, method, kind, uuid, body):
        if method == "DELETE":
            return (204, None) if self.kept[kind].pop(uuid, None) else (404, {"code": "not_found"})
        if any(kind == name and body.get(member) == value for name, member, value in self.refuses):
            return 400, {"invalidParams": [{"name": "member", "code": "invalid", "reason": "secret"}]}
        uuid = uuid or f"99999999-0000-4000-8000-{next(self._numbers):012}"
        self.kept[kind][uuid] = {**self.kept[kind].get(uuid, {}), **body, "uuid": uuid}
        return 200, self.kept[kind][uuid]

    def count(self, kind):
        return len(self.kept[kind])

    def page(self, kind, number):
        assert number == 1
        return list(reversed(self.kept[kind].values())), False


def send(world, api, **rules):
    """One run of a book that was read, from its look at the rules on."""
    numbered, decided = Numbered(world.book), Decisions(rules=rules)
    Planning(TARGET, numbered, decided).look()
    return Posting(Rows(TARGET, numbered, decided), RESOURCES, BODIES, api).run()


def filled():
    """A book in which each kind of reference is: to what came before, and to what comes after."""
    world = World()
    # Older than the one that it works for, and than the address that it prefers.
    works = {
        "werkteVoorPartij": ref("00000000-0000-4000-8000-000000000003"),
        "contactnaam": {"achternaam": "A"},
    }
    address = ref("00000000-0000-4000-8000-000000000004")
    person = world.add(
        "partijen", soortPartij="contactpersoon", partijIdentificatie=works, voorkeursDigitaalAdres=address
    )
    actor = world.add("actoren", naam="B", soortActor="medewerker")
    shop = world.add("partijen", soortPartij="organisatie", partijIdentificatie={"naam": "C"})
    world.add(
        "digitaleadressen", adres="a@example.nl", soortDigitaalAdres="email", verstrektDoorPartij=ref(person)
    )
    contact = world.contact(kanaal="telefoon", onderwerp="D", taal="nld")
    world.add("betrokkenen", hadKlantcontact=ref(contact), wasPartij=ref(shop), rol="klant")
    world.add(
        "internetaken",
        aanleidinggevendKlantcontact=ref(contact),
        toegewezenAanActoren=[ref(actor)],
        gevraagdeHandeling="E",
        status="te_verwerken",
        toegewezenOp="2024-03-01T10:15:00Z",
    )
    world.book.finish()
    return world


def whole(api):
    """What is kept, by what it is, with names in the place of uuids."""
    names = {
        uuid: f"{kind} {number}"
        for kind, kept in api.kept.items()
        for number, uuid in enumerate(sorted(kept))
    }

    def named(value):
        if isinstance(value, dict):
            return {key: named(each) for key, each in value.items()}
        if isinstance(value, list):
            return [named(each) for each in value]
        return names.get(value, value) if isinstance(value, str) else value

    return {kind: sorted(map(str, map(named, kept.values()))) for kind, kept in api.kept.items()}


def test_what_is_named_is_there_before_and_what_comes_later_is_set_in_the_end():
    api, world = Api(), filled()
    sent = send(world, api)
    assert (sent.posted, sent.changed, sent.refused) == (7, 1, [])
    posts = [kind for method, kind in api.log if method == "POST"]
    assert posts == [
        "actoren", "partijen", "partijen", "klantcontacten", "betrokkenen", "digitaleadressen",
        "internetaken",
    ]  # fmt: skip
    (shop, person) = api.kept["partijen"].values()
    assert shop["partijIdentificatie"] == {"naam": "C"}
    assert person["partijIdentificatie"]["werkteVoorPartij"] == ref(shop["uuid"])
    (address,) = api.kept["digitaleadressen"].values()
    assert person["voorkeursDigitaalAdres"] == ref(address["uuid"])
    assert address["verstrektDoorPartij"] == ref(person["uuid"])
    (task,) = api.kept["internetaken"].values()
    assert task["toegewezenAanActoren"] == [ref(uuid) for uuid in api.kept["actoren"]]
    assert send(world, api).posted == 0
    assert len(api.log) == 8


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_request_it_ends_the_same(when):
    calm, world = Api(), filled()
    send(world, calm)
    wanted = whole(calm)
    for step in range(len(calm.log)):
        api, world = Api(), filled()
        api.kill = (step, when)
        with pytest.raises(Killed):
            send(world, api)
        api.kill = None
        send(world, api)
        assert whole(api) == wanted, step
        assert {kind: len(kept) for kind, kept in api.kept.items()} == {
            kind: Uuids(world.book).count(kind) for kind in api.kept
        }


def test_what_changed_is_changed_and_what_is_gone_is_deleted():
    api, world = Api(), filled()
    send(world, api)
    world.book.begin()
    for kind in TARGET.resources:
        for kept in Numbered(world.book).sample(kind, 10):
            if kind not in ("internetaken", "digitaleadressen"):
                values = {**kept.values, "onderwerp": "Z"} if kind == "klantcontacten" else kept.values
                world.put(kind, kept.uuid, values)
    world.book.finish()
    sent = send(world, api)
    # The address that is gone was named by its partij.
    assert (sent.posted, sent.changed, sent.deleted) == (0, 2, 2)
    assert next(iter(api.kept["klantcontacten"].values()))["onderwerp"] == "Z"
    assert not api.kept["internetaken"]
    assert not api.kept["digitaleadressen"]


def test_what_is_refused_is_told_without_its_values_and_tried_again():
    api, world = Api(), filled()
    api.refuses = [("partijen", "soortPartij", "organisatie")]
    sent = send(world, api)
    ((kind, _, why),) = sent.refused
    assert (kind, why) == ("partijen", "member invalid")
    (party,) = api.kept["betrokkenen"].values()
    assert party["wasPartij"] is None
    api.refuses = []
    assert send(world, api).refused == []
    (shop, _) = sorted(api.kept["partijen"].values(), key=lambda it: it["soortPartij"], reverse=True)
    assert next(iter(api.kept["betrokkenen"].values()))["wasPartij"] == ref(shop["uuid"])


def test_a_reference_to_nothing_and_a_list_of_nobody_are_sent():
    """Open Klant 2.18 refuses an address of nobody and a task for nobody without them, as was observed."""
    api, world = Api(), World()
    contact = world.contact(kanaal="telefoon", onderwerp="D", taal="nld")
    world.add("digitaleadressen", adres="a@example.nl", soortDigitaalAdres="email")
    world.add("internetaken", aanleidinggevendKlantcontact=ref(contact), status="verwerkt")
    world.book.finish()
    send(world, api)
    (address,), (task,) = (api.kept[kind].values() for kind in ("digitaleadressen", "internetaken"))
    assert address["verstrektDoorPartij"] is None
    assert address["verstrektDoorBetrokkene"] is None
    assert task["toegewezenAanActoren"] == []
    assert "afgehandeldOp" not in task


def test_a_target_with_what_others_made_is_left_alone():
    api, world = Api(), filled()
    api.send("POST", "categorieen", {"naam": "X"})
    with pytest.raises(NotOurs, match="categorieen: the target holds 1, and this move brought 0"):
        send(world, api)
    assert len(api.log) == 1


def test_uuids_of_a_text_are_turned_wherever_they_stand():
    uuids, one = Uuids(World().book), "0fa8e0a1-0000-4000-8000-00000000000f"
    other = "99999999-0000-4000-8000-000000000001"
    uuids.note("actoren", [Posted(one, other)])
    text = f"http://a/actoren/{one}?x=http%3A%2F%2Fa%2F{one.upper()}&y={other}"
    turned = f"http://a/actoren/{other}?x=http%3A%2F%2Fa%2F{other}&y={other}"
    assert uuids.turned("uuid", text)(text) == turned
    assert uuids.turned("made", other)(other) == one


@pytest.mark.parametrize(
    ("sent", "found", "like"),
    [
        ({"a": " x "}, {"a": "x", "b": 1}, True),
        ({"a": "2024-03-01T10:15:00Z"}, {"a": "2024-03-01T11:15:00+01:00"}, True),
        ({"a": ""}, {"a": None}, True),
        ({"a": {"some_key": "1"}}, {"a": {"someKey": "1"}}, True),
        ({"a": [{"uuid": "1"}, {"uuid": "2"}]}, {"a": [{"uuid": "2"}, {"uuid": "1", "url": "u"}]}, True),
        ({"a": "x"}, {"a": "y"}, False),
        ({"a": {"uuid": "1"}}, {"a": None}, False),
        ({"a": True}, {"a": False}, False),
        ({"a": [{"uuid": "1"}]}, {"a": []}, False),
    ],
)
def test_what_is_there_is_known_by_what_was_sent(sent, found, like):
    assert is_like(sent, found) is like


def answer(status, body=None, **headers):
    found = Mock(status_code=status, headers=headers, content=b"x" if body is not None else b"")
    found.ok, found.json = status < 400, lambda: body
    return found


def test_a_server_that_is_busy_is_waited_for_and_one_that_fails_ends_the_step():
    server, slept = Remote("http://127.0.0.1:9/api/", "t"), []
    answers = [answer(503, **{"Retry-After": "7"}), answer(429), answer(201, {"uuid": "1"}), answer(401, {})]
    with (
        patch.object(remotes.requests.Session, "request", lambda *_, **__: answers.pop(0)),
        patch.object(remotes.time, "sleep", slept.append),
    ):
        assert server.send("POST", "partijen", {}, "key") == (201, {"uuid": "1"})
        assert slept == [7, remotes.PAUSE]
        with pytest.raises(NoAnswer, match=r"answers 401 to PATCH partijen$"):
            server.send("PATCH", "partijen/1", {})
    server.close()


@pytest.mark.parametrize("status", [301, 302, 308])
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_redirection_is_no_success(method, status):
    server = Remote("http://127.0.0.1:9/api", "t")
    with (
        patch.object(remotes.requests.Session, "request", lambda *_, **__: answer(status)),
        pytest.raises(NoAnswer, match=f"answers {status} to {method} partijen$"),
    ):
        server.send(method, "partijen/1", {})
    server.close()


@pytest.mark.parametrize("body", [None, [], {}, {"results": []}])
def test_an_address_that_is_no_such_api_ends_the_step(body):
    server, world = Remote("http://127.0.0.1:9/api", "t"), World()
    with patch.object(remotes.requests.Session, "request", lambda *_, **__: answer(200, body)):
        for ask in (lambda: server.count("partijen"), lambda: server.page("partijen", 1)):
            with pytest.raises(NoAnswer, match="does not answer GET partijen as the API does"):
                ask()
        server.count = lambda _: None
        world.add("partijen", soortPartij="persoon")
        world.book.finish()
        with pytest.raises(NoAnswer, match="does not say which uuid it gave to one of partijen"):
            send(world, server)
    server.close()


def test_no_more_requests_a_second_than_asked():
    server, clock, sent = Remote("http://127.0.0.1:9", "t", rate=10), [100.0], []
    with (
        patch.object(
            remotes.requests.Session, "request", lambda *_, **__: sent.append(clock[0]) or answer(200, {})
        ),
        patch.object(remotes.time, "monotonic", lambda: clock[0]),
        patch.object(remotes.time, "sleep", lambda seconds: clock.append(clock.pop() + seconds)),
    ):
        for _ in range(4):
            server.send("GET", "partijen")
    server.close()
    assert [round(each - 100, 3) for each in sent] == [0, 0.1, 0.2, 0.3]
