"""`klantbrug setup` and `klantbrug serve` as processes, before embedded registers."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from adapter.cli import main
from adapter.demo.places import free_ports
from adapter.embedded import klanten_contactmomenten, objects
from adapter.embedded.klanten_contactmomenten import DEMO_SECRETS
from adapter.embedded.server import running

from tests.configuration.test_configuration import EXAMPLE
from tests.forked import Forked

COMMAND = Path(sys.executable).parent / "klantbrug"
# In seconds: so long a process may take to listen, on a machine that does much else. It and each of its
# workers read the configuration and compile the mappings.
START = 240


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
            ("contract: log, contract_share: 0.01", "contract: refuse"),
            ("{service: objecten}", "{service: objecten, contract: refuse}"),
            ("{name: kiss, hash: ", "{name: proef, plain: proef}\n    - {name: kiss, hash: "),
        ):
            assert old in text
            text = text.replace(old, new)
        _make_objecttype(objecten)
        file = tmp_path / "klantbrug.yaml"
        file.write_text(text)
        yield file, port


def _make_objecttype(objecten):
    """The one that the configuration says is there already, in three versions."""
    uuid = "11111111-1111-4111-8111-111111111111"
    types, login = f"{objecten}/api/v2/objecttypes", {"Authorization": "Token demo"}
    body = {"uuid": uuid, "name": "InterneTaak", "namePlural": "InterneTaken"}
    assert requests.post(types, json=body, headers=login, timeout=60).status_code == 201
    for _ in range(3):
        version = {"status": "published", "jsonSchema": {"type": "object"}}
        made = requests.post(f"{types}/{uuid}/versions", json=version, headers=login, timeout=60)
        assert made.status_code == 201


def environment():
    return os.environ | {"KLANTEN_SECRET": DEMO_SECRETS["demo"], "OBJECTEN_TOKEN": "Token demo"}


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Do a command in this process: its status, what it printed, and what it said of mistakes."""
    monkeypatch.chdir(tmp_path)
    for name, value in environment().items():
        monkeypatch.setenv(name, value)

    def done(*command):
        capsys.readouterr()
        status = main(list(map(str, command)))
        out, err = capsys.readouterr()
        return status, out.splitlines(), err

    return done


@pytest.fixture
def set_up(deployment, run):
    """The deployment after `klantbrug setup`."""
    assert run("setup", "--config", deployment[0])[0] == 0
    return deployment


def installed(*arguments, env, cwd):
    """The installed command, running."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([COMMAND, *arguments], env=env, cwd=cwd, **pipes)


@contextmanager
def serving(file, port, *arguments, command=Forked):
    line = ("serve", "--config", file, "--port", str(port), *arguments)
    with command(*line, env=environment(), cwd=file.parent) as process:
        try:
            _wait_until_it_listens(process, port)
            yield process
        finally:
            process.kill()


def _wait_until_it_listens(process, port):
    until = time.monotonic() + START
    while not _listens(port):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < until, f"it does not listen after {START} seconds"
        time.sleep(0.05)


def _listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_setup_says_what_it_did_and_does_nothing_twice(deployment, run):
    file, _ = deployment
    status, first, errors = run("setup", "--config", file)
    assert (status, errors) == (0, "")
    assert len(first) >= 10
    assert all(": created, version 1, http://127.0.0.1:" in line for line in first)
    status, second, _ = run("setup", "--config", file)
    assert status == 0
    assert second == [line.replace("created", "unchanged") for line in first]


def test_the_doctor_and_the_sweep_of_registers_without_anything(deployment, run):
    """Both read them, and find nothing."""
    file, _ = deployment
    # Nobody else's objecttype: setup makes all of them.
    text = re.sub(r"  objecttypes:\n(    .*\n)+", "", file.read_text())
    file.write_text(text)
    assert run("setup", "--config", file)[0] == 0

    def said(command):
        _, lines, errors = run(command, "--config", file)
        assert errors == ""
        return lines

    assert said("doctor") == [
        "duplicates: 0",
        "references to unknown hosts: 0",
        "dangling references: 0",
        "supplements whose basis changed: 0",
        "supplements without a record: 0",
    ]
    assert said("sweep") == [
        "writes left behind: 0",
        "objects without an owner: 0 removed, 0 waiting, of 0",
    ]


def test_setup_without_its_register_says_so_in_one_line(deployment, run):
    file, _ = deployment
    file.write_text(file.read_text().replace("/api/v2/", "/api/v9/"))
    status, lines, errors = run("setup", "--config", file)
    assert (status, lines) == (1, [])
    assert errors == (
        "klantbrug: the registers cannot be used: the register objects: what answers at its api_root "
        "is no such register: is that right, up to and including the version?\n"
    )


def test_serve_serves_until_it_is_told_to_stop(set_up, monkeypatch):
    """Each request is a line of JSON without what was asked."""
    file, port = set_up
    monkeypatch.setenv("LOGLEVEL", "DEBUG")
    # each process would take half a second more to get ready for it
    file.write_text(file.read_text().replace("contract: refuse", "contract: off"))
    with serving(file, port, "--workers", "2", command=installed) as process:
        url = f"http://127.0.0.1:{port}/klantinteracties/api/v1/partijen"
        number = {"partijIdentificator__objectId": "999990019"}
        headers = {"Authorization": "Token proef", "X-Request-Id": "kiss-1"}
        answer = requests.get(url, number, headers=headers, timeout=60)
        assert (answer.status_code, answer.json()["count"]) == (200, 0)
        assert requests.get(url, headers={"Authorization": "Token fout"}, timeout=60).status_code == 401
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert errors == ""
    assert "999990019" not in out
    lines = [json.loads(line) for line in out.splitlines()]
    (start,) = (each for each in lines if each["event"] == "serving")
    (end,) = (each for each in lines if each["event"] == "stopped")
    assert start["listens"] == end["listens"] == f"127.0.0.1:{port}"
    assert (start["dialect"], start["workers"]) == ("openklant", 2)
    assert start["public_url"].endswith("/klantinteracties/api/v1")
    (told,) = (line for line in lines if line.get("operation") == "partijenList" and line["status"] == 200)
    calls = [line for line in lines if line["event"] == "register_call" and line["request_id"] == "kiss-1"]
    assert (told["token_identifier"], told["request_id"]) == ("proef", "kiss-1")
    assert told["register_calls"] == len(calls) > 0


def test_a_port_that_is_taken_ends_serve_with_a_sentence(deployment, run):
    file, _ = deployment
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, lines, errors = run("serve", "--config", file, "--port", str(port))
    assert (status, lines) == (1, [])
    assert errors == f"klantbrug: cannot listen at port {port} of 127.0.0.1: address already in use\n"


def test_a_stop_lets_requests_finish_and_takes_no_new_ones(slow_deployment):
    """The signal comes while the register is still thinking."""
    file, port, fault = slow_deployment
    url = f"http://127.0.0.1:{port}/klantinteracties/api/v1/klantcontacten"
    with serving(file, port) as process, ThreadPoolExecutor(1) as pool:
        running = pool.submit(requests.get, url, headers={"Authorization": "Token proef"}, timeout=60)
        assert fault.asked.wait(timeout=30)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        with pytest.raises(requests.ConnectionError):
            requests.get(url, timeout=5)
        assert running.result().status_code == 200
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    told = [json.loads(line) for line in out.splitlines()]
    assert [line["workers"] for line in told if line["event"] == "serving"] == [1]


def test_a_stop_does_not_wait_for_ever(slow_deployment):
    file, port, fault = slow_deployment
    text = file.read_text().replace("  settings:\n", "  limits: {stop_timeout: 1}\n  settings:\n")
    file.write_text(text.replace("KLANTEN_TIMEOUT, default: 20", "KLANTEN_TIMEOUT, default: 60"))
    fault.seconds = 60
    url = f"http://127.0.0.1:{port}/klantinteracties/api/v1/klantcontacten"
    with serving(file, port) as process, ThreadPoolExecutor(1) as pool:
        running = pool.submit(requests.get, url, headers={"Authorization": "Token proef"}, timeout=30)
        assert fault.asked.wait(timeout=30)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        assert (
            isinstance(running.exception(), requests.ConnectionError) or running.result().status_code >= 500
        )


@pytest.fixture
def slow_deployment(set_up):
    """The deployment with a Contactmomenten register that thinks before it answers, and how long."""
    file, port = set_up
    fault = SimpleNamespace(seconds=2.0, asked=threading.Event())
    text = file.read_text()
    (base,) = re.findall("http://127[^ ]*(?=/contactmomenten/api/v1)", text)
    with running(slowly(fault)) as slow:
        file.write_text(text.replace(f"{base}/contactmomenten", f"{slow}/contactmomenten"))
        yield file, port, fault


def slowly(fault):
    """An application that answers with an empty list after a while."""

    async def application(scope, _receive, send):
        if scope["type"] != "http":
            return
        fault.asked.set()
        await asyncio.sleep(fault.seconds)
        page = b'{"count": 0, "next": null, "previous": null, "results": []}'
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": page})

    return application
