"""`make install` on machines that lack something: what it says, and that it ends with what helps."""

import os
import subprocess
from pathlib import Path
from shutil import which

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "venv"

PYTHON = """#!{bash}
case "$*" in
    *print*) echo {version} ;;
    *ensurepip*) exit {missing} ;;
    *"-m venv"*) echo made > {folder}/made ;;
esac
"""


@pytest.fixture
def machine(tmp_path):
    """Runs the script where only these Pythons are: by command, the version and whether it has venv."""

    def run(pythons, *arguments):
        for name, (version, whole) in pythons.items():
            file = tmp_path / name
            words = {"bash": which("bash"), "version": version, "missing": int(not whole), "folder": tmp_path}
            file.write_text(PYTHON.format(**words))
            file.chmod(0o755)
        environment = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
        command = [which("bash"), SCRIPT, *(arguments or ("venv",))]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.parametrize(
    ("pythons", "arguments", "says"),
    [
        ({"python3": ("3.13", False)}, (), "without its module venv; on Debian and Ubuntu: apt-get install"),
        ({"python3": ("3.13", False)}, (), "apt-get install python3.13-venv"),
        ({"python3": ("3.11", False)}, (), "Python 3.11 is too old, 3.12 or newer is needed; the package"),
        ({"python3": ("3.9", False)}, (), "Python 3.9 is too old"),
        ({}, (), "there is no Python 3.12 or newer; install"),
        ({"python3": ("3.12", True)}, ("venv", "3.14"), "there is no Python 3.14; install python3.14"),
        # Of two the one that misses least is told.
        ({"python3": ("3.11", False), "python3.12": ("3.12", False)}, (), "python3.12-venv"),
    ],
)
def test_what_is_missing_is_the_last_line(machine, pythons, arguments, says):
    status, _, errors = machine(pythons, *arguments)
    assert status == 1
    last = errors.splitlines()[-1]
    assert last.startswith("KlantBrug: ")
    assert says in last
    assert "Traceback" not in errors


def test_what_is_done_is_said_first(machine, tmp_path):
    """Also when the first Python that is found lacks something."""
    status, _, errors = machine({"python3.12": ("3.12", False), "python3.13": ("3.13", True)})
    assert (status, errors) == (0, f"KlantBrug: making venv with Python 3.13, {tmp_path}/python3.13\n")
    assert (tmp_path / "made").exists()


def test_a_download_is_announced(machine):
    """uv comes from PyPI when the Python that is there is old but whole."""
    _, _, errors = machine({"python3": ("3.11", True)})
    assert errors.splitlines()[0] == (
        "KlantBrug: no Python 3.12 or newer here; fetching uv from PyPI, some 25 MB, to bring one"
    )
    assert "is too old" in errors.splitlines()[-1]


def test_the_versions_of_a_machine(machine):
    pythons = {"python3": ("3.11", True), "python3.12": ("3.12", True), "python3.14": ("3.14", False)}
    assert machine(pythons, "--versions") == (0, "3.12\n", "")
    assert os.access(SCRIPT, os.X_OK)
