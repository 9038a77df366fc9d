"""What the README tells a new user to do works as it stands there."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import urlsplit

import pytest
import yaml
from adapter.cli import main
from adapter.configuration import parse
from adapter.demo.adapter import introduction
from adapter.demo.places import find_places
from adapter.demo.settings import demo_configuration
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS
from adapter.embedded.server import running
from adapter.engine.maintenance.objecttypes import objecttypes
from adapter.main import object_types, prepare
from adapter.shipped import served_document

from tests.deployment import Client

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
EXAMPLE = next(text for kind, text in BLOCKS if kind == "yaml" and "klantbrug:\n" in text)
# The folder of the state is one of this machine.
CONFIGURATION = EXAMPLE.replace("/var/lib/klantbrug/", f"{gettempdir()}/")
REQUESTS = [text for kind, text in BLOCKS if kind == "sh" and text.startswith("curl")]
VARIABLES = ("KLANTEN_SECRET", "OBJECTEN_TOKEN", "ZAKEN_SECRET")


@pytest.fixture
def environment():
    return dict.fromkeys(VARIABLES, "a secret of thirty-two characters")


def test_the_example_is_a_configuration(environment):
    """It loads, needs no variable but those that it names, and shows every register."""
    configuration = parse(CONFIGURATION, environment)
    assert set(configuration.registers) == {"klanten", "contactmomenten", "objects", "zaken"}
    assert set(re.findall(r"env: (\w+)", CONFIGURATION)) == set(VARIABLES)


def test_the_example_passes_the_check(environment, monkeypatch, tmp_path, capsys):
    """`klantbrug check --config` is silent about the file as the README has it."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "klantbrug.yaml"
    file.write_text(CONFIGURATION, encoding="utf-8")
    assert main(["check", "--config", str(file)]) == 0
    assert capsys.readouterr() == ("", "")


def test_the_example_names_every_objecttype_that_setup_does_not_make(environment):
    """Whatever objects the mappings speak of, the municipality has them or setup makes them."""
    deployment = prepare(parse(CONFIGURATION, environment))
    try:
        homes = [home for each in deployment.mappings.resources.values() for home in each.homes.values()]
        named = {home.object_type for home in homes if home.kind == "object"}
        assert named <= set(object_types(deployment.configuration, objecttypes(deployment.mappings)))
    finally:
        deployment.close()


def test_the_tokens_of_the_example_may_do_something(environment):
    """Each pattern of operations fits operations of the specification."""
    known = {each.operation_id for each in served_document().operations}
    for token in parse(CONFIGURATION, environment).tokens:
        for pattern in token.operations:
            expression = re.compile(pattern.replace("*", ".*"))
            assert any(expression.fullmatch(name) for name in known), pattern


def test_the_example_serves(deployments, environment, tmp_path):
    """With the addresses of real registers filled in, the objecttypes are made and requests are answered."""
    there = deployments("openklant")
    there.reset()
    text = CONFIGURATION
    for old, new in (
        ("https://openklant.gemeente.example", _origin(there.klanten)),
        ("https://objecten.gemeente.example", _origin(there.objects)),
        ("https://openzaak.gemeente.example/zaken/api/v1/", _origin(there.zaken)),
        ("client_id: klantbrug", "client_id: demo"),
        (f"{gettempdir()}/klantbrug", f"{tmp_path}/klantbrug"),
        (re.findall(r"hash: .*", CONFIGURATION)[0], "plain: proef"),
    ):
        assert old in text
        text = text.replace(old, new)
    secrets = dict.fromkeys(environment, DEMO_SECRETS["demo"]) | {"OBJECTEN_TOKEN": "Token demo"}
    deployment = prepare(parse(text, secrets))
    try:
        made = list(deployment.set_up())
        assert {each.done for each in made} <= {"created", "unchanged"}
        with running(deployment.application(made)) as origin:
            client = Client(f"{origin}/klantinteracties/api/v1", Authorization="Token proef")
            assert client.get("klantcontacten")["count"] == 0
            client.close()
    finally:
        deployment.close()


def _origin(client):
    parts = urlsplit(client.base)
    return f"{parts.scheme}://{parts.netloc}"


def test_the_demonstration_prints_the_first_request():
    """The first request in the README is the first that is printed, after the address that it uses."""
    places = find_places(None)
    configuration = demo_configuration(places, "openklant", ":memory:")
    printed = introduction(configuration, places)
    address, _, after = printed.partition("export KLANTBRUG=")[2].partition("\n")
    assert address == configuration.public_url
    shown = re.findall(r"curl .*", after)[0]
    assert shlex.split(REQUESTS[0]) == shlex.split(shown)


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_the_requests_are_answered(deployments):
    """Every request of the README is 200 or 201 as it stands there, and finds what was recorded."""
    running = deployments("openklant")
    running.reset()
    base = running.configuration.public_url
    script = "\n".join(REQUESTS).replace(
        "curl ", "curl --silent --show-error --fail-with-body --noproxy '*' "
    )
    command = ["bash", "-euc", script]
    done = subprocess.run(
        command, env={"KLANTBRUG": base, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = running.served.get("klantcontacten", onderwerp="paspoort")["results"]
    (moment,) = running.contactmomenten.get("contactmomenten")["results"]
    assert urlsplit(moment["url"]).path.rpartition("/")[2] == found["uuid"]
    assert moment["tekst"] == found["inhoud"]


def test_the_job_for_another_deployment_is_yaml():
    """The job is one that a CI server can read, and runs from a checkout with its own settings."""
    jobs = [yaml.safe_load(text) for kind, text in BLOCKS if kind == "yaml" and "image:" in text]
    assert [set(job) for job in jobs] == [{"contract"}]
    assert (Path(__file__).parents[1] / "schemathesis.toml").exists()
