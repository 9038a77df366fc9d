"""The running deployment that tests of behaviour share."""

import gc
import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch
from zlib import crc32

import pytest
from hypothesis.internal.conjecture import providers

from tests import bodies
from tests.alternating import leave_to_contract
from tests.restoring import logging_restored

# What the tests of one run keep in files, in bytes, with room to spare.
ROOM = 2_000_000_000
MEMORY = Path("/dev/shm")


@pytest.hookimpl(tryfirst=True)
def pytest_configure():
    """What Hypothesis draws depends on the seed alone, not on the modules that were loaded before."""
    _keep_files_in_memory()
    patch.object(providers, "is_local_module_file", return_value=False).start()
    # Nothing that is made while tests are collected goes before the end; to look through it for garbage again
    # and again takes a quarter of the time of collecting, and a tenth of that of the tests.
    gc.disable()


def _keep_files_in_memory():
    """Temporary files, where there is room: on a disk a test waits for it at every commit of a state."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        return
    if not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        tempfile.tempdir = os.environ["TMPDIR"] = str(MEMORY)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Before anything is left out for its marks."""
    leave_to_contract(items)


def pytest_collection_finish():
    """What was collected stays; garbage of the tests is looked for, in what they make."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def logging_as_it_was():
    """A command that sets up logging does so for the process: here for its test alone."""
    with logging_restored():
        yield


@pytest.fixture(scope="session")
def watch():
    """Looks for planted values in what deployments in this process tell; see `tests.watching`."""
    from tests.watching import Watch  # noqa: PLC0415

    found = Watch()
    with found.on():
        yield found


@pytest.fixture(autouse=True)
def watched_throughout(request):
    """No test that has a deployment tells a planted value."""
    if "deployments" not in request.fixturenames:
        yield
        return
    # The lines of calls are all of one form, and what is kept stays: in a part of the tests a look is enough.
    thorough = crc32(request.node.nodeid.encode()) % 4 == 0
    with request.getfixturevalue("watch").during(thorough=thorough):
        yield


@pytest.fixture(scope="session")
def deployments(tmp_path_factory, watch):
    """Gives the running deployment of a dialect; started when it is first asked for."""
    with started_when_asked_for(tmp_path_factory) as deployment_of:
        yield deployment_of
        with watch.during(thorough=True):
            pass  # what they keep of the last tests


@contextmanager
def started_when_asked_for(tmp_path_factory):
    """Gives the running deployment of a dialect, one for as long as the context lasts."""
    # Tests that need no deployment do not load one.
    from tests.deployment import deployed  # noqa: PLC0415

    found = {}
    with ExitStack() as stack:

        def deployment_of(dialect):
            if dialect not in found:
                found[dialect] = stack.enter_context(deployed(dialect, tmp_path_factory.mktemp(dialect)))
            return found[dialect]

        yield deployment_of


@pytest.fixture(scope="session")
def postgres():
    """The URL of a PostgreSQL on this machine, one for all tests of a process."""
    from tests.postgresql import running_postgres  # noqa: PLC0415

    with running_postgres() as url:
        yield url


@pytest.fixture(params=["vng", "openklant"])
def dialect(request):
    """Each of the dialects; a test that concerns one parametrises this itself."""
    return request.param


@pytest.fixture
def deployment(deployments, dialect):
    """A running deployment without data. Whatever breaks a contract fails the test that caused it."""
    running = deployments(dialect)
    running.reset()
    yield running
    assert running.findings == []
    assert running.invalid == []


@pytest.fixture
def served(deployment):
    """A client of KlantBrug before empty registers."""
    return deployment.served


@pytest.fixture
def contact(served):
    """A klantcontact."""
    return served.post("klantcontacten", bodies.contact())
