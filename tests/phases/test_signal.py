"""A real SIGHUP to a real process with workers: each of them follows, and none is replaced."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from adapter.demo.places import free_ports

from tests.phases.signalled import FILE

SECONDS = 60


def seen(port, wanted, count):
    """process → phase, of so many processes that are in this phase."""
    found, end = {}, time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            pid, phase = requests.get(f"http://127.0.0.1:{port}/", timeout=5).text.split()
            found[pid] = phase
        except requests.ConnectionError:
            time.sleep(0.1)
        if list(found.values()) == [wanted] * count:
            return found
        time.sleep(0.01)
    pytest.fail(f"{found}: not {count} processes in {wanted}")


def test_every_worker_follows_a_signal_to_their_parent(tmp_path):
    file, (port,) = tmp_path / "phase", free_ports(1)
    file.write_text("translate\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.phases.signalled", str(port)],
        cwd=Path(__file__).parents[2],
        env={**os.environ, FILE: str(file), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        before = seen(port, "translate", 2)
        file.write_text("frozen\n")
        process.send_signal(signal.SIGHUP)
        assert seen(port, "frozen", 2).keys() == before.keys()
    finally:
        process.terminate()
        process.wait(SECONDS)
