"""`klantbrug setup` and `klantbrug serve` as processes, before embedded registers."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests
from adapter.demo.places import free_ports
from adapter.embedded import klanten_contactmomenten, objects
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS
from adapter.embedded.server import running

from tests.configuration.test_configuration import EXAMPLE

COMMAND = Path(sys.executable).parent / "klantbrug"


@pytest.fixture
def deployment(tmp_path):
    """A configuration file of a deployment with empty registers, and the port that it is to be served on."""
    with ExitStack() as stack:
        registers = stack.enter_context(running(klanten_contactmomenten.create_app(":memory:")))
        objecten = stack.enter_context(running(objects.create_app(":memory:")))
        (port,) = free_ports(1)
        text = EXAMPLE.read_text()
        for old, new in (
            ("https://klanten.example.nl", registers),
            ("https://objecten.example.nl", objecten),
            ("https://brug.example.nl", f"http://127.0.0.1:{port}"),
            ("client_id: klantbrug", "client_id: demo"),
            ("aliases: [https://gateway.example.nl/klanten/api/v1], contract: off", "contract: refuse"),
            ("contract: log", "contract: refuse"),
            ("{service: objecten}", "{service: objecten, contract: refuse}"),
            ("{name: kiss, hash: ", "{name: proef, plain: proef}\n    - {name: kiss, hash: "),
        ):
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / "klantbrug.yaml"
        file.write_text(text)
        yield file, port


def environment():
    return os.environ | {"KLANTEN_SECRET": DEMO_SECRETS["demo"], "OBJECTEN_TOKEN": "Token demo"}


def setup(file):
    command = [COMMAND, "setup", "--config", file]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    return done.returncode, done.stdout.splitlines(), done.stderr


@contextmanager
def serving(file, port, *arguments):
    command = [COMMAND, "serve", "--config", file, "--port", str(port), *arguments]
    with subprocess.Popen(
        command, env=environment(), stderr=subprocess.PIPE, text=True, cwd=file.parent
    ) as process:
        try:
            for _ in range(200):
                try:
                    requests.get(f"http://127.0.0.1:{port}/klantinteracties/api/v1/openapi.json", timeout=5)
                    break
                except requests.ConnectionError:
                    assert process.poll() is None, process.stderr.read()
                    time.sleep(0.05)
            yield process
        finally:
            process.kill()


def test_setup_says_what_it_did_and_does_nothing_twice(deployment):
    file, _ = deployment
    status, first, errors = setup(file)
    assert (status, errors) == (0, "")
    assert len(first) >= 10
    assert all(": created, version 1, http://127.0.0.1:" in line for line in first)
    status, second, _ = setup(file)
    assert status == 0
    assert second == [line.replace("created", "unchanged") for line in first]


def test_setup_without_its_register_says_so_in_one_line(deployment):
    file, _ = deployment
    file.write_text(file.read_text().replace("/api/v2/", "/api/v9/"))
    status, lines, errors = setup(file)
    assert (status, lines) == (1, [])
    assert errors == "klantbrug: the register objects does not answer as it should: RegisterAnswer\n"


@pytest.mark.parametrize("arguments", [(), ("--workers", "2")])
def test_serve_serves_until_it_is_told_to_stop(deployment, arguments):
    file, port = deployment
    assert setup(file)[0] == 0
    with serving(file, port, *arguments) as process:
        url = f"http://127.0.0.1:{port}/klantinteracties/api/v1/klantcontacten"
        answer = requests.get(url, headers={"Authorization": "Token proef"}, timeout=10)
        assert (answer.status_code, answer.json()["count"]) == (200, 0)
        assert requests.get(url, headers={"Authorization": "Token fout"}, timeout=10).status_code == 401
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in errors
