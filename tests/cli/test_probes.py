"""What setup and doctor say of registers that cannot be used: the part that is wrong, and no other."""

import json
import re
from contextlib import ExitStack

import pytest
import requests
from adapter import logs
from adapter.cli import main
from adapter.commands.probes import problems
from adapter.condition import health_of
from adapter.configuration import parse
from adapter.demo.places import free_ports
from adapter.embedded import klanten_contactmomenten, objects
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS
from adapter.embedded.server import running
from adapter.main import prepare
from adapter.phases.phase import Phases
from adapter.registers.messages import Sent

from tests.configuration.test_configuration import EXAMPLE
from tests.referentielijsten import create_app, item
from tests.unreliable import JSON, Fault, Unreliable

TASK, EMPLOYEE = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
ENVIRONMENT = {"KLANTEN_SECRET": DEMO_SECRETS["demo"], "OBJECTEN_TOKEN": "Token demo"}


@pytest.fixture(scope="module")
def klanten():
    """Registers of klanten and contactmomenten, which can be told to refuse."""
    return Unreliable(klanten_contactmomenten.create_app(":memory:"))


@pytest.fixture(scope="module")
def text(klanten):
    """A configuration of registers that can be used."""
    with ExitStack() as stack:
        klanten = stack.enter_context(running(klanten))
        permissions = {"reader": {TASK: "read_only"}, "writer": {TASK: "read_and_write"}}
        objecten = stack.enter_context(running(objects.create_app(":memory:", permissions=permissions)))
        for uuid, name in ((TASK, "Interne taak"), (EMPLOYEE, "Medewerker")):
            _make(f"{objecten}/api/v2/objecttypes", uuid, name)
        found = EXAMPLE.read_text()
        for old, new in (
            ("https://klanten.example.nl", klanten),
            ("https://objecten.example.nl", objecten),
            ("client_id: klantbrug", "client_id: demo"),
            ("version: 3", "version: 1"),
            ("{service: objecten}", "{service: objecten, contract: refuse}"),
        ):
            assert old in found
            found = found.replace(old, new)
        yield found


def _make(types, uuid, name):
    login = {"Authorization": "Token demo"}
    body = {"uuid": uuid, "name": name, "namePlural": name}
    assert requests.post(types, json=body, headers=login, timeout=10).status_code == 201
    version = {"status": "published", "jsonSchema": {"type": "object"}}
    made = requests.post(f"{types}/{uuid}/versions", json=version, headers=login, timeout=10)
    assert made.status_code == 201


def said(text, environment=ENVIRONMENT, *, made=False):
    adapter = prepare(parse(text, environment))
    try:
        return list(problems(adapter, made=made))
    finally:
        adapter.close()


def test_of_registers_that_can_be_used_nothing_is_said(text):
    assert said(text) == []


UP_TO = "right, up to and including the version?"


@pytest.mark.parametrize(
    ("change", "into", "says"),
    [
        (
            "/klanten/api/v1",
            "/klanten/api/v9",
            f"the register klanten: what answers at its api_root is no such register: is that {UP_TO}",
        ),
        (
            "/api/v2/",
            "/api/v9/",
            f"the register objects: what answers at its api_root is no such register: is that {UP_TO}",
        ),
        (
            "client_id: demo",
            "client_id: onbekend",
            "the register klanten: it refuses KlantBrug (403): are its client_id and secret right, "
            "and may KlantBrug read klanten there?",
        ),
        (
            f"objecttypes/{TASK}",
            f"objecttypes/{EMPLOYEE}",
            "the objecttype InterneTaak: at its url is the objecttype Medewerker: is that url right?",
        ),
        (
            f"objecttypes/{TASK}",
            "objecttypes/33333333-3333-4333-8333-333333333333",
            "the objecttype InterneTaak: there is none at its url",
        ),
        ("version: 1", "version: 7", "the objecttype InterneTaak: Interne taak has no version 7; it has 1"),
    ],
)
def test_a_mistake_is_told_of_the_part_that_is_wrong(text, change, into, says):
    assert change in text
    assert said(text.replace(change, into))[0] == says


def test_a_register_that_is_not_there_is_told_apart(text):
    (port,) = free_ports(1)
    (found,) = said(re.sub(r"127.0.0.1:[0-9]+/klanten/", f"127.0.0.1:{port}/klanten/", text))
    assert found.startswith("the register klanten: it cannot be reached: is the host in its api_root right")


def test_a_token_that_is_not_known_is_told_apart(text):
    (unknown,) = said(text, ENVIRONMENT | {"OBJECTEN_TOKEN": "Token niemand"})
    assert unknown == "the register objects: it does not know KlantBrug (401): is its header_value right?"


def test_what_setup_has_not_made_yet_is_told_by_the_doctor(text):
    found = said(text, made=True)
    assert "the objecttype Bijlage: it is not there: run klantbrug setup" in found
    assert not [each for each in found if "InterneTaak" in each]


@pytest.fixture
def file(text, tmp_path, monkeypatch):
    """That configuration in a file, with a state beside it."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    found = tmp_path / "klantbrug.yaml"
    state = tmp_path / "state.sqlite3"
    found.write_text(text.replace("  dialect: openklant", f"  dialect: openklant\n  state: {state}"))
    return found


def test_a_state_that_cannot_be_opened_is_a_sentence(file, capsys):
    file.with_name("state.sqlite3").write_text("no database")

    assert main(["setup", "--config", str(file)]) == 1

    out, errors = capsys.readouterr()
    assert (out, errors) == ("", "klantbrug: the journal cannot be opened: see the setting state\n")


@pytest.fixture
def refuse(klanten):
    """Lets the registers answer calls with these methods with a status of refusal."""

    def refuse_with(status, *methods):
        fault = Fault(status, b'{"detail": "Geheim"}', JSON)
        klanten.decide = lambda scope: fault if scope["method"] in methods else None

    yield refuse_with
    klanten.decide = None


# What is refused: which methods with which status, and what is said of each collection.
REFUSED = {
    "its login": (401, ("GET", "POST"), "it does not know KlantBrug (401): {login} right?"),
    "its reads": (
        403,
        ("GET", "POST"),
        "it refuses KlantBrug (403): {login} right, and may KlantBrug read {name} there?",
    ),
    "its writes": (
        403,
        ("POST",),
        "KlantBrug may read {name} there, but not write them (403): "
        "give its client the right to create, change and delete them",
    ),
}


@pytest.mark.parametrize("command", ["setup", "doctor"])
@pytest.mark.parametrize("what", REFUSED)
def test_a_register_that_refuses_ends_the_command(file, refuse, what, command, capsys):
    """With what is wrong and what to do, in one line of each register."""
    status, methods, says = REFUSED[what]
    refuse(status, *methods)

    assert main([command, "--config", str(file)]) == 1

    out, errors = capsys.readouterr()
    lines = errors.splitlines()
    assert (out, lines[0]) == ("", "klantbrug: the registers cannot be used:")
    # the doctor tells of the other register that its types were not made yet
    told = [line.strip() for line in lines if "objecttype" not in line][1:]
    login = "are its client_id and secret"
    assert told == [
        f"the register {name}: {says.format(login=login, name=name)}"
        for name in ("klanten", "contactmomenten")
    ]
    assert "Geheim" not in errors


def test_what_a_register_refuses_is_in_the_log_and_in_health(text, capsys):
    """With register, call and status; as long as that call is refused, and no longer."""
    environment = ENVIRONMENT | {"OBJECTEN_TOKEN": "Token reader"}
    found = text.replace("  dialect: openklant", '  dialect: openklant\n  state: ":memory:"')
    adapter = prepare(parse(found.replace("contract: refuse", 'contract: "off"'), environment))
    logs.to_stream("info")
    try:
        health = health_of(adapter.configuration, adapter.registers, adapter.deployment(), Phases())
        register = adapter.registers["objects"]
        assert health._inspect()["registers"]["objects"] == "up"
        assert register.call("POST", "objecttypes", json={"name": "Geheim"}).status == 403
        assert health._inspect()["registers"]["objects"] == "refused"
        assert register.call("GET", "objecttypes").status == 200
        assert health._inspect()["registers"]["objects"] == "refused"
        register.refusals.heard(Sent("POST", "objecttypes", (), {}, None), 201)
        assert health._inspect()["registers"]["objects"] == "up"
    finally:
        adapter.close()
    (line,) = [json.loads(each) for each in capsys.readouterr().out.splitlines() if "refused" in each]
    told = {name: line[name] for name in ("event", "register", "method", "collection", "status", "level")}
    assert told == {
        "event": "register_refused",
        "register": "objects",
        "method": "POST",
        "collection": "objecttypes",
        "status": 403,
        "level": "warning",
    }
    assert "Geheim" not in json.dumps(line)


@pytest.mark.parametrize(
    ("table", "status", "said"),
    [
        ("KANAAL", 0, ""),
        ("LEEG", 0, "the setting kanalen_tabel_code: its table has no code that holds now"),
        ("KANAAL", 404, "the register referentielijsten: what answers at its api_root is no such register"),
        ("KANAAL", 503, "the register referentielijsten: it cannot be reached"),
    ],
)
def test_a_table_of_codes_that_cannot_be_used(text, table, status, said):
    lists = create_app({"KANAAL": [item("telefoon")]})
    lists.state.status = status
    with running(lists) as origin:
        service = (
            "zgw_consumers:\n  services:\n    - {identifier: lijsten, label: Lijsten, api_type: orc, "
            f"auth_type: no_auth, api_root: '{origin}/api/v1/'}}\n"
        )
        given = text.replace("zgw_consumers:\n  services:\n", service, 1)
        given = given.replace(
            "  registers:\n", "  registers:\n    referentielijsten: {service: lijsten}\n", 1
        )
        given = given.replace("  settings:\n", f"  settings:\n    kanalen_tabel_code: {table}\n", 1)
        adapter = prepare(parse(given, ENVIRONMENT))
        try:
            found = [each for each in problems(adapter, made=False) if "kanalen" in each or "lijsten" in each]
        finally:
            adapter.close()
    assert [each[: len(said)] for each in found] == ([said] if said else [])
