"""The phases of a move as clients see them: each by a word in a file, without a restart."""

from dataclasses import replace
from unittest.mock import patch
from urllib.parse import quote

import pytest
from adapter.configuration import Token
from adapter.configuration.parts import RegistersApi
from adapter.demo.registers import bearer_token
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS
from adapter.errors import RegisterAnswer
from adapter.phases import phase as phases_module
from adapter.phases.forward import Forward, Passed
from adapter.phases.phase import Phase, Phases, PhaseUnknown, read_phase, write_phase
from adapter.registers.messages import Received

from tests import bodies
from tests.deployment import Client
from tests.phases.phased import TARGET, health, turn, until, with_phases

PATH = "/klantinteracties/api/v1"
PUBLIC = "https://brug.example/klantinteracties/api/v1"
QUOTED = quote(PUBLIC, safe="")


@pytest.fixture
def dialect():
    return "openklant"


@pytest.fixture
def target(deployments):
    """Another deployment, with registers of its own."""
    running = deployments("vng")
    running.reset()
    return running


@pytest.fixture(scope="module")
def site(deployments, tmp_path_factory):
    """A client of a deployment of both APIs with phases before that target, and the file of its phase."""
    here, target = deployments("openklant"), deployments("vng")
    file = tmp_path_factory.mktemp("phases") / "phase"
    one = here.configuration.tokens[0]
    tokens = (
        *here.configuration.tokens,
        Token("oud", "", "", ("*",), None, client_id="demo", secret=DEMO_SECRETS["demo"]),
        replace(one, name="beperkt", plain="beperkt", operations=("partijenList",)),
    )
    change = with_phases(
        file,
        target.served.base,
        tokens=tokens,
        apis=frozenset({"klantinteracties", "registers"}),
        registers_api=RegistersApi(here.served.base.removesuffix(PATH)),
    )
    # A process looks at its file all the time.
    with patch.object(phases_module, "LOOK_SECONDS", 0.02), here.another(change) as client:
        yield client, file


@pytest.fixture
def file(site):
    return site[1]


@pytest.fixture
def client(deployment, target, site):
    """That client, in the phase in which everything is translated."""
    client, file = site
    if file.exists():
        turn(client, file, "translate")
    return client


def test_without_its_file_everything_is_translated(client, deployment):
    made = client.post("partijen", bodies.persoon())
    assert deployment.served.get(f"partijen/{made['uuid']}")["uuid"] == made["uuid"]
    assert health(client)["phase"]["name"] == "translate"


def test_frozen_refuses_writes_and_answers_reads(client, deployment, file):
    made = client.post("partijen", bodies.persoon())
    turn(client, file, "frozen")
    with deployment.writes() as written:
        for method, path, body in (
            ("POST", "partijen", bodies.persoon()),
            ("PATCH", f"partijen/{made['uuid']}", {"soortPartij": "persoon"}),
            ("PUT", f"partijen/{made['uuid']}", bodies.persoon()),
            ("DELETE", f"partijen/{made['uuid']}", None),
            ("POST", "maak-klantcontact", {}),
        ):
            refused = client.call(method, path, json=body)
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "120")
            assert refused.json()["code"] == "paused"
    assert written == []
    assert client.get(f"partijen/{made['uuid']}")["uuid"] == made["uuid"]
    assert [each["uuid"] for each in client.all("partijen")] == [made["uuid"]]
    stranger = Client(client.base, Authorization="Token other")
    assert stranger.call("POST", "partijen", json={}).status_code == 401
    turn(client, file, "translate")
    client.delete(f"partijen/{made['uuid']}")


def test_a_write_that_came_before_the_phase_does_not_begin_in_it(client, deployment, file):
    """Between the check of a request and its first register call the phase may have become another."""
    turn(client, file, "frozen")
    with patch.object(Phases, "check"), deployment.writes() as written:
        assert client.call("POST", "partijen", json=bodies.persoon()).status_code == 503
    assert written == []


def test_forward_has_the_target_answer_below_the_public_addresses(client, deployment, target, file):
    here = client.post("partijen", bodies.persoon())
    turn(client, file, "forward")
    with deployment.writes() as written:
        made = client.post("partijen", bodies.persoon())
        contact = client.post("klantcontacten", bodies.contact())
        client.post("betrokkenen", bodies.betrokkene(contact, made))
        client.patch(f"klantcontacten/{contact['uuid']}", {"onderwerp": "Anders"})
    assert {each.partition(" ")[2].partition("/")[0] for each in written} == {TARGET}
    assert client.call("GET", f"partijen/{here['uuid']}").status_code == 404
    assert made["url"] == f"{client.base}/partijen/{made['uuid']}"
    assert target.served.get(f"partijen/{made['uuid']}")["url"].startswith(target.served.base)
    found = client.get("klantcontacten", expand="hadBetrokkenen", pageSize=100)
    assert found["results"][0]["onderwerp"] == "Anders"
    assert target.served.base not in client.call("GET", "klantcontacten?expand=hadBetrokkenen").text
    by_url = {"hadBetrokkene__wasPartij__url": made["url"]}
    assert client.get("klantcontacten", **by_url)["count"] == 1
    client.delete(f"klantcontacten/{contact['uuid']}")
    assert target.served.all("klantcontacten") == []
    turn(client, file, "translate")
    assert client.get(f"partijen/{here['uuid']}")["uuid"] == here["uuid"]


def test_pages_and_places_of_what_is_forwarded_are_public(client, file):
    turn(client, file, "forward")
    made = [client.call("POST", "partijen", json=bodies.persoon()) for _ in range(3)]
    assert [each.headers["Location"] for each in made] == [each.json()["url"] for each in made]
    page = client.get("partijen", pageSize=1, page=2)
    assert {page["next"].partition("?")[0], page["previous"].partition("?")[0]} == {f"{client.base}/partijen"}
    assert len(client.all("partijen", pageSize=1)) == 3
    filtered = client.get("betrokkenen", wasPartij__url=made[0].json()["url"], pageSize=1)
    assert filtered["count"] == 0
    head = client.call("HEAD", "partijen")
    assert (head.status_code, head.content) == (200, b"")


def test_what_the_target_refuses_is_refused_alike(client, target, file):
    turn(client, file, "forward")
    for method, path, body in (
        ("POST", "partijen", {"soortPartij": "vreemd"}),
        ("GET", "partijen?vreemd=1", None),
        ("GET", "partijen/00000000-0000-4000-8000-000000000000", None),
    ):
        ours, theirs = (each.call(method, path, json=body) for each in (client, target.served))
        assert ours.status_code == theirs.status_code
        left_out = ("instance", "type")
        assert {n: v for n, v in ours.json().items() if n not in left_out} == {
            n: v for n, v in theirs.json().items() if n not in left_out
        }


def test_tokens_and_their_rights_are_those_of_this_deployment(client, file):
    turn(client, file, "forward")
    reader = Client(client.base, Authorization="Token beperkt")
    assert reader.get("partijen")["count"] == 0
    assert reader.call("GET", "partijen?expand=digitaleAdressen").status_code == 403
    assert reader.call("GET", "partijen?of_a_later_version=1").status_code == 400
    assert reader.call("POST", "partijen", json=bodies.persoon()).status_code == 403
    assert Client(client.base, Authorization="Token x").call("GET", "partijen").status_code == 401


def test_a_request_that_comes_twice_is_forwarded_with_its_key(client, file):
    turn(client, file, "forward")
    made = [
        client.call("POST", "partijen", json=bodies.persoon(), headers={"Idempotency-Key": "een"}).json()
        for _ in range(2)
    ]
    assert made[0]["uuid"] == made[1]["uuid"]


def test_a_word_that_cannot_be_followed_changes_nothing(client, file):
    turn(client, file, "frozen")
    file.write_text("sneeuw")
    until(lambda: health(client)["phase"].get("refused", "")[:18], "it must hold one w")
    assert client.call("POST", "partijen", json=bodies.persoon()).status_code == 503
    file.unlink()
    until(lambda: health(client)["phase"].get("refused"), "it is gone")
    assert client.call("POST", "partijen", json=bodies.persoon()).status_code == 503
    turn(client, file, "translate")
    assert "refused" not in health(client)["phase"]


def test_old_clients_are_served_from_the_target_once_it_answers(client, file):
    """Before that, what they wrote there would be lost, or keep the target from being loaded."""
    old = Client(f"{client.base.removesuffix(PATH)}/klanten/api/v1", Authorization=f"Bearer {bearer_token()}")
    for phase in ("translate", "frozen"):
        turn(client, file, phase)
        assert old.call("GET", "klanten").status_code == 503
    turn(client, file, "forward")
    made = client.post("partijen", bodies.persoon())
    assert [each["url"].rpartition("/")[2] for each in old.all("klanten")] == [made["uuid"]]


def test_shadow_answers_as_before_and_compares_with_the_target(client, target, file):
    made = client.post("klantcontacten", bodies.contact())
    before = client.call("GET", f"klantcontacten/{made['uuid']}")
    counted = health(client)["counts"]
    turn(client, file, "shadow")
    after = client.call("GET", f"klantcontacten/{made['uuid']}")
    assert (after.status_code, after.content) == (before.status_code, before.content)

    def new(name):
        return health(client)["counts"].get(name, 0) - counted.get(name, 0)

    until(lambda: new("shadow_differs.klantcontacten.status 200 against 404"), 1)
    client.get("categorieen")
    until(lambda: new("shadow_equal.categorieen"), 1)
    client.call("HEAD", "categorieen")
    until(lambda: new("shadow_equal.categorieen"), 2)
    assert new("shadow_asked.klantcontacten") == 1
    client.patch(f"klantcontacten/{made['uuid']}", {"onderwerp": "Anders"})
    assert target.served.all("klantcontacten") == []


YOUNGER, OLDEST = (f"{each * 8}-0000-4000-8000-000000000000" for each in "ab")


class FakeTarget:
    """A target that gives one answer to all."""

    name, aliases = TARGET, ("https://doel.example/api/",)

    def __init__(self, status=200, body=b"{}", **headers):
        self.answer = Received(status, headers, body)
        self.asked = []

    def relay(self, method, path, *, params=(), headers=None, body=None):
        self.asked.append((method, path, list(params)))
        self.body = body
        return self.answer


def test_a_token_that_the_target_does_not_know_is_no_fault_of_the_client():
    with pytest.raises(RegisterAnswer):
        Forward(FakeTarget(401), [PUBLIC])(Passed("GET", "partijen", "", PUBLIC))


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ('{"url":"https://doel.example/api/x/1"}', f'{{"url":"{PUBLIC}/x/1"}}'),
        ('["https://doel.example/api"]', f'["{PUBLIC}"]'),
        ("https://doel.example/api?a=https%3A%2F%2Fdoel.example%2Fapi%2Fx", f"{PUBLIC}?a={QUOTED}%2Fx"),
        ("https://doel.example/apis/1", "https://doel.example/apis/1"),
        ("https://doel.example.org/api/1", "https://doel.example.org/api/1"),
    ],
)
def test_addresses_of_the_target_become_public_ones(there, here):
    answer = Forward(FakeTarget(body=there.encode()), [PUBLIC])(Passed("GET", "x", "", PUBLIC))
    assert answer.body.decode() == here


@pytest.mark.parametrize(
    ("status", "there", "here"),
    [
        (404, "https://doel.example/ref/fouten/NotFound/", "https://brug.example/ref/fouten/NotFound/"),
        (404, "https://doel.example.org/ref/", "https://doel.example.org/ref/"),
        (200, "https://doel.example/ref/fouten/NotFound/", "https://doel.example/ref/fouten/NotFound/"),
    ],
)
def test_an_error_of_the_target_does_not_say_where_that_is(status, there, here):
    target = FakeTarget(status, f'{{"type":"{there}"}}'.encode())
    answer = Forward(target, [PUBLIC])(Passed("GET", "x", "", PUBLIC))
    assert answer.body.decode() == f'{{"type":"{here}"}}'


def test_public_addresses_in_a_question_become_those_of_the_target():
    target = FakeTarget()
    query = f"a__url={QUOTED}%2Fx%2F1&b={PUBLIC}&leeg=&c=h%C3%A9"
    Forward(target, [PUBLIC])(Passed("HEAD", "x y", query, PUBLIC))
    there = "https://doel.example/api"
    params = [("a__url", f"{there}/x/1"), ("b", there), ("leeg", ""), ("c", "hé")]
    assert target.asked == [("GET", "x%20y", params)]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", f"partijen/{OLDEST}"), ("PATCH", f"partijen/{OLDEST}"), ("DELETE", f"partijen/{YOUNGER}")],
)
def test_what_was_merged_is_asked_by_its_uuid_and_never_deletes_another(method, path):
    """A client that has a link to a younger klant gets the oldest, and may refer to it by either."""
    target, body = FakeTarget(), f'{{"wasPartij":{{"uuid":"{YOUNGER}"}},"naam":"h\u00e9"}}'.encode() + b"\xff"
    forward = Forward(target, [PUBLIC], lambda uuids: {YOUNGER: OLDEST} if YOUNGER in set(uuids) else {})
    forward(Passed(method, f"partijen/{YOUNGER}", f"x__uuid={YOUNGER}", PUBLIC, body))
    assert target.asked == [(method, path, [("x__uuid", OLDEST)])]
    assert target.body == body.replace(YOUNGER.encode(), OLDEST.encode())


def test_a_phase_that_a_deployment_cannot_have_is_refused(tmp_path):
    """Without a target there is nothing to forward to."""
    file = tmp_path / "phase"
    file.write_text("forward")
    with pytest.raises(PhaseUnknown, match="cannot forward"):
        Phases(file, possible={Phase.TRANSLATE, Phase.FROZEN})


def test_a_signal_is_looked_at_at_once(tmp_path):
    file = tmp_path / "phase"
    with patch.object(phases_module, "LOOK_SECONDS", 60):
        phases = Phases(file)
        phases.start()
        write_phase(file, Phase.FROZEN)
        phases.look()
        until(lambda: phases.current, Phase.FROZEN)
        phases.close()
    assert read_phase(file) is Phase.FROZEN


def test_a_file_that_cannot_be_looked_at_changes_nothing_and_is_followed_again(tmp_path):
    """As on a volume that is away for a while: the thread that follows it lives on."""
    file = tmp_path / "phase"
    write_phase(file, Phase.FROZEN)
    with patch.object(phases_module, "LOOK_SECONDS", 0.01):
        phases = Phases(file)
        phases.start()
        file.unlink()
        # Longer than the name of any file: looking at it fails.
        file.symlink_to("x" * 300)
        until(lambda: phases.refused, "it cannot be read")
        assert phases.current is Phase.FROZEN
        write_phase(file, Phase.SHADOW)
        until(lambda: (phases.current, phases.refused), (Phase.SHADOW, ""))
        phases.close()


@pytest.mark.parametrize("text", ["", "frozen forward", "FROZEN"])
def test_a_start_with_another_word_is_refused(tmp_path, text):
    """Whoever would begin to translate then might write what is moved already."""
    file = tmp_path / "phase"
    file.write_text(text)
    with pytest.raises(PhaseUnknown):
        Phases(file)
