"""A whole demonstration as a process: what it prints, what it serves, and how it stops."""

import re
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
import requests

# KlantBrug's own part is only a greeting here: what is tested is everything around it.
SCRIPT = """
import sys
from pathlib import Path
from starlette.responses import JSONResponse
from adapter.demo.run import Demonstration, demonstrate

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
demonstrate(Demonstration(0, True, folder, "openklant"), lambda _: [], lambda _: JSONResponse({"hello": 1}))
"""


@contextmanager
def demonstration(*arguments):
    """The running process and the lines that it printed."""
    command = [sys.executable, "-c", SCRIPT, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
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


def test_it_prints_what_somebody_needs_to_try_it():
    with demonstration() as (_, lines):
        found = urls(lines)
        assert found.keys() == {"KlantBrug", "klanten", "contactmomenten", "objects", "zaken"}
        assert found["KlantBrug"].endswith("/klantinteracties/api/v1")
        assert requests.get(found["KlantBrug"], timeout=5).json() == {"hello": 1}
        bearer = next(line for line in lines if "Bearer" in line).partition("Authorization: ")[2]
        klanten = requests.get(found["klanten"] + "klanten", headers={"Authorization": bearer}, timeout=5)
        assert klanten.json()["count"] == 0
        objects = requests.get(
            found["objects"] + "objects", headers={"Authorization": "Token demo"}, timeout=5
        )
        assert objects.status_code == 200
        assert any(line.strip().startswith("curl -H 'Authorization: Token demo'") for line in lines)


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_leaves_nothing_running(signal_number):
    with demonstration() as (process, lines):
        process.send_signal(signal_number)
        _, errors = process.communicate(timeout=15)
    assert process.returncode == 0
    assert errors == ""
    with pytest.raises(requests.ConnectionError):
        requests.get(urls(lines)["klanten"], timeout=5)


def test_with_a_folder_everything_is_at_the_same_address_again(tmp_path):
    found = []
    for _ in range(2):
        with demonstration(tmp_path) as (process, lines):
            found.append(urls(lines))
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=15)
    assert found[0] == found[1]
    assert {"klanten.sqlite3", "objects.sqlite3", "filled"} <= {file.name for file in tmp_path.iterdir()}
