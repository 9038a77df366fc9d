"""A whole demonstration as a process: what it prints, what it serves, and how it stops."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from adapter.cli import main
from adapter.demo.run import FILLED

from tests.forked import Forked

COMMAND = Path(sys.executable).parent / "klantbrug"
TOKEN = {"Authorization": "Token demo"}


def installed(*arguments):
    """The installed command, running."""
    command = [COMMAND, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def demonstration(*arguments, command=Forked):
    """The running process and the lines that it printed."""
    with command("demo", *arguments) as process:
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith("Stop with"):
                break
        try:
            yield process, lines
        finally:
            process.kill()


def urls(lines):
    return dict(re.findall(r"^ *(\w+) +(http://\S+)$", "\n".join(lines), re.MULTILINE))


def tried(text):
    """The answers to the commands that it prints, as they stand there, in a shell."""
    (export,) = re.findall(r"^ *(export KLANTBRUG=\S+)$", text, re.MULTILINE)
    commands = re.findall(r"^ *(curl (?:.*\\\n)?.*)$", text, re.MULTILINE)
    return [
        json.loads(subprocess.check_output(["bash", "-c", f"{export}\n{command}"], stderr=subprocess.DEVNULL))
        for command in commands
    ]


def counted(base, resource):
    answer = requests.get(f"{base}/{resource}", headers=TOKEN, params={"pageSize": 1}, timeout=30)
    assert answer.status_code == 200
    return answer.json()["count"]


def test_what_it_prints_to_try_works_and_what_is_kept_is_there_again(tmp_path):
    """Each command, as it stands there, in a shell; a line for each request; and nothing is left running."""
    data = ("--data", tmp_path, "--host", "0.0.0.0")
    with demonstration(*data, "--contacts", "30", command=installed) as (process, lines):
        text, found = "\n".join(lines), urls(lines)
        answers = tried(text)
        # Every address of this machine is listened on; the one that is told does not change.
        other = found["KlantBrug"].replace("127.0.0.1", "127.0.0.2")
        assert other != found["KlantBrug"]
        partijen = counted(other, "partijen")
        bearer = next(line for line in lines if "Bearer" in line).partition("Authorization: ")[2]
        klanten = requests.get(found["klanten"] + "klanten", headers={"Authorization": bearer}, timeout=5)
        objects = requests.get(found["objects"] + "objects", headers=TOKEN, timeout=5)
        told = next(line for line in lines if line.endswith("/notificaties'")).split("'")[1]
        while not (messages := requests.get(told, timeout=5).json()):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(found["klanten"], timeout=5)
    assert lines[0].startswith("Starting the registers, and filling them with a municipality of 30 contacts")
    assert found.keys() == {"KlantBrug", "klanten", "contactmomenten", "objects", "zaken"}
    assert found["KlantBrug"].endswith("/klantinteracties/api/v1")
    contacts, somebody, made, moments, _ = answers
    assert [each["resourceUrl"] for each in messages] == [made["url"]]
    assert (contacts["count"], somebody["count"]) == (30, 1)
    (surname,) = re.findall(r"BSN \d{9}, name (.*)", text)
    assert surname in somebody["results"][0]["partijIdentificatie"]["volledigeNaam"]
    assert moments["results"][0]["url"].endswith(made["uuid"])
    assert klanten.json()["count"] > 0
    assert objects.status_code == 200
    said = [*out.splitlines(), *errors.splitlines()]
    assert [line.partition(":")[0] for line in said] == [
        "GET klantcontactenList",
        "GET partijenList",
        "POST klantcontactenCreate",
        "GET partijenList",
    ]
    assert re.fullmatch(r"GET klantcontactenList: 200, \d+ ms, \d+ register calls?", said[0])
    assert {"klanten.sqlite3", "objects.sqlite3", "filled"} <= {file.name for file in tmp_path.iterdir()}
    with demonstration(*data) as (process, lines):
        assert urls(lines) == found
        assert counted(found["KlantBrug"], "klantcontacten") == 31
        assert counted(found["KlantBrug"], "partijen") == partijen


def test_a_port_that_is_taken_is_said_in_one_line(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["demo", "--port", str(port)]) == 1
    error = f"klantbrug: cannot listen at port {port} of 127.0.0.1: address already in use\n"
    assert capsys.readouterr() == ("", error)


def test_a_municipality_of_another_size_needs_another_folder(tmp_path, capsys):
    """One that is kept stays as it is, and nothing is started."""
    (tmp_path / FILLED).touch()
    assert main(["demo", "--data", str(tmp_path), "--contacts", "1500"]) == 1
    error = f"klantbrug: {tmp_path} has a municipality already; --contacts needs a new folder\n"
    assert capsys.readouterr() == ("", error)


@pytest.mark.parametrize("contacts", ["0", "1000001", "many"])
def test_a_size_that_cannot_be_is_refused(contacts, capsys):
    with pytest.raises(SystemExit):
        main(["demo", "--contacts", contacts])
    assert "--contacts" in capsys.readouterr().err


def check_municipality(base):
    """Everything that was made is served."""
    assert counted(base, "klantcontacten") == 620
    assert counted(base, "partijen") == 320
    assert counted(base, "internetaken") > 50
    assert counted(base, "actoren") == 63


@pytest.mark.contract
def test_the_municipality_is_served_through_the_bare_dialect_too():
    with demonstration("--dialect", "vng") as (_, lines):
        check_municipality(urls(lines)["KlantBrug"])


def test_the_old_apis_are_shown_over_the_new_one():
    """What an old client records is in the new API, and in the register behind that."""
    with demonstration("--reverse", "--empty") as (process, lines):
        text = "\n".join(lines)
        (export,) = re.findall(r"^ *(export CONTACTMOMENTEN=\S+)$", text, re.MULTILINE)
        commands = re.findall(r"^ *(curl (?:.*\\\n)?.*)$", text, re.MULTILINE)
        before, made, served = (
            json.loads(
                subprocess.check_output(["bash", "-c", f"{export}\n{command}"], stderr=subprocess.DEVNULL)
            )
            for command in commands
        )
        found = urls(lines)
        assert found.keys() == {
            "klanten",
            "contactmomenten",
            "KlantBrug",
            "registers",
            "objects",
            "zaken",
        }
        health = found["klanten"].removesuffix("/klanten/api/v1/") + "/_healthz/readyz"
        assert requests.get(health, timeout=5).status_code == 200
        bearer = next(line for line in lines if "Bearer" in line).partition("Authorization: ")[2]
        behind = f"{found['registers']}/contactmomenten/api/v1/contactmomenten"
        registered = requests.get(behind, headers={"Authorization": bearer}, timeout=5).json()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 0
    assert before["count"] == 0
    assert made["url"].startswith(found["contactmomenten"])
    assert (served["count"], served["results"][0]["inhoud"]) == (1, "Paspoort")
    assert registered["results"][0]["tekst"] == "Paspoort"
    assert served["results"][0]["uuid"] == made["url"].rpartition("/")[2]


def test_an_e_suite_is_served_too():
    """A contact that is recorded is served at once, and comes to employees when it is complete."""
    with demonstration("--dialect", "esuite", "--empty") as (process, lines):
        text = "\n".join(lines)
        assert lines[0] == "Starting the registers"
        assert "BSN" not in text
        url = urls(lines)["KlantBrug"] + "/klantcontacten"
        body = {"kanaal": "telefoon", "onderwerp": "Paspoort", "taal": "nld", "vertrouwelijk": False}
        made = requests.post(url, json=body, headers=TOKEN, timeout=20)
        assert made.status_code == 201, made.text
        assert requests.get(made.json()["url"], headers=TOKEN, timeout=20).json() == made.json()
        (office,) = re.findall(r"'(http\S+/kantoor/contacten)'", text)
        bearer = {"Authorization": re.findall(r"Authorization: (Bearer [\w.-]+)", text)[0]}
        assert requests.get(office, headers=bearer, timeout=20).json()["results"] == []
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 0


@pytest.mark.contract
def test_an_e_suite_is_filled_with_a_municipality(tmp_path):
    """Each command that it prints works; contacts of employees and of clients, with names that agree."""
    arguments = ("--dialect", "esuite", "--contacts", "12", "--data", tmp_path / "kept")
    with demonstration(*arguments) as (process, lines):
        text = "\n".join(lines)
        answers = tried(text)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    contacts, somebody, tasks, made, office, _ = answers
    (surname,) = re.findall(r"BSN \d{9}, name (.*)", text)
    assert contacts["count"] == 12
    assert surname in somebody["results"][0]["partijIdentificatie"]["volledigeNaam"]
    assert {each["status"] for each in tasks["results"]} == {"te_verwerken"}
    assert all(each["toegewezenAanActoren"] for each in tasks["results"])
    types = [each["type"] for each in office["results"]]
    assert {"Contactverzoek", "Contactmoment"} <= set(types)
    # Reports of clients wait until nothing is added to them.
    assert len(types) < contacts["count"]
    assert any(each["klanten"] for each in office["results"])
    assert made["onderwerp"] not in [each["tekst"] for each in office["results"]]
    with demonstration("--dialect", "esuite", "--data", tmp_path / "kept") as (process, lines):
        url = urls(lines)["KlantBrug"] + "/klantcontacten"
        assert requests.get(url, headers=TOKEN, timeout=20).json()["count"] == 13
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
