"""The process with the embedded registers: filled, reachable, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

import pytest
from adapter.demo.orders import Orders
from adapter.demo.places import REGISTERS, find_places
from adapter.demo.process import RegisterProcess, RegistersFailed
from adapter.demo.registers import serve
from adapter.demo.settings import demo_configuration
from adapter.opening import open_registers


def counts(configuration):
    registers = open_registers(configuration)
    found = {}
    for name, path in (
        ("klanten", "klanten"),
        ("contactmomenten", "contactmomenten"),
        ("objects", "objects"),
    ):
        found[name] = registers[name].call("GET", path).body["count"]
    for register in registers.values():
        register.close()
    return found


def orders(places, *, dialect="openklant", fill=True, contacts=0):
    return Orders({name: places[name] for name in REGISTERS}, dialect, fill, contacts)


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def check_filled(found):
    """The whole municipality is there, of the size that was asked for."""
    assert found["klanten"] == 366
    assert found["contactmomenten"] == 700
    assert found["objects"] > 100


def uuids(configuration):
    registers = open_registers(configuration)
    answers = [
        registers[name].call("GET", path).body["results"]
        for name, path in (
            ("klanten", "klanten"),
            ("contactmomenten", "contactmomenten"),
            ("contactmomenten", "klantcontactmomenten"),
            ("objects", "objects"),
        )
    ]
    for register in registers.values():
        register.close()
    return [row["url"].rpartition("/")[2] for rows in answers for row in rows]


@contextmanager
def started(places):
    """The registers, running in a process of their own."""
    with RegisterProcess(orders(places, contacts=700)) as process:
        process.wait_until_ready()
        yield
    assert not is_running(process.pid)


@contextmanager
def started_here(places):
    """The same in this process, in which texts have other hashes."""
    with ExitStack() as stack:
        serve(orders(places, contacts=700), stack)
        yield


def test_a_record_has_the_same_uuid_in_every_demonstration():
    """All is there when it is ready, and what one showed of a record can be asked of another."""
    found = []
    for running in (started, started_here):
        places = find_places(None)
        configuration = demo_configuration(places, "openklant", ":memory:")
        with running(places):
            check_filled(counts(configuration))
            found.append(uuids(configuration))
    assert found[0] == found[1]
    assert len(set(found[0])) == len(found[0]) > 100


def test_registers_that_cannot_start_are_reported(tmp_path):
    places = find_places(tmp_path / "data")
    (tmp_path / "data" / "klanten.sqlite3").mkdir()
    with RegisterProcess(orders(places)) as process, pytest.raises(RegistersFailed):
        process.wait_until_ready()
    assert not is_running(process.pid)


STARTER = """
import time
from adapter.demo.places import find_places
from adapter.demo.process import RegisterProcess
from tests.demo.test_process import orders
process = RegisterProcess(orders(find_places(None), fill=False))
process.wait_until_ready()
print(process.pid, flush=True)
time.sleep(60)
"""


def test_the_process_ends_when_its_starter_is_killed():
    with subprocess.Popen([sys.executable, "-c", STARTER], stdout=subprocess.PIPE, text=True) as starter:
        pid = int(starter.stdout.readline())
        assert is_running(pid)
        starter.send_signal(signal.SIGKILL)
    until = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(pid)
