"""The compose file of deploy/compose: what it starts, and with what."""

import re
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from adapter.cli import parser
from adapter.configuration import parse

FOLDER = Path(__file__).parents[2] / "deploy" / "compose"
TEXT = (FOLDER / "compose.yaml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
OURS = ("demo", "klantbrug", "setup")
EXAMPLE = dict(
    line.split("=", 1) for line in (FOLDER / "env.example").read_text().splitlines() if line[:1].isupper()
)


def test_what_a_service_waits_for_is_started_with_it():
    """Of the same profile; and what has to be well says when it is."""
    for each in SERVICES.values():
        for name, wanted in each.get("depends_on", {}).items():
            assert SERVICES[name]["profiles"] == each["profiles"]
            healthy = wanted["condition"] == "service_healthy"
            assert not healthy or "test" in SERVICES[name]["healthcheck"]


@pytest.mark.parametrize("name", OURS)
def test_ours_run_read_only_and_without_rights(name):
    each = SERVICES[name]
    assert each["read_only"] is True
    assert each["cap_drop"] == ["ALL"]
    assert (FOLDER / each["build"]["context"] / "Dockerfile").exists()


@pytest.mark.parametrize("name", ["demo", "setup"])
def test_the_commands_exist(name):
    options = parser().parse_args(SERVICES[name]["command"])
    assert options.command.__name__ == name


def test_ports_are_of_this_machine_only():
    for each in SERVICES.values():
        for port in each.get("ports", []):
            assert port.startswith("127.0.0.1:")


def test_the_example_is_a_configuration():
    """It needs no variable but those that a service gets, and its state is the database."""
    given = SERVICES["klantbrug"]["environment"]
    assert given == SERVICES["setup"]["environment"]
    values = {**given, "KLANTEN_SECRET": "x" * 32, "ZAKEN_SECRET": "x" * 32, "OBJECTEN_TOKEN": "Token x"}
    configuration = parse((FOLDER / "klantbrug.yaml").read_text(), values)
    assert "@postgres:5432/" in configuration.state
    assert set(re.findall(r"\$\{(\w+):-\}", TEXT)) == set(EXAMPLE)


def test_the_collector_takes_what_klantbrug_sends():
    """At the address that env.example names; each pipeline is made of parts that are configured."""
    found = yaml.safe_load((FOLDER / "collector.yaml").read_text())
    listens = found["receivers"]["otlp"]["protocols"]["http"]["endpoint"]
    assert f"http://collector:{listens.rpartition(':')[2]}" in (FOLDER / "env.example").read_text()
    for signal in found["service"]["pipelines"].values():
        for kind, names in signal.items():
            assert set(names) <= set(found[kind])


@pytest.mark.deploy
def test_the_file_is_valid():
    pytest.importorskip("check_jsonschema")
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    validator = jsonschema_rs.validator_for(schema.read_text())
    assert [each.message for each in validator.iter_errors(COMPOSE)] == []
