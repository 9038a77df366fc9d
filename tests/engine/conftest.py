"""A new and an old client before the same empty registers."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from tests.checked_once import alike
from tests.deployment import Client
from tests.engine.old_kiss import OldKiss

WRITES = ("POST", "PUT", "PATCH")


# What was compared in this process, but for its uuids and moments.
_compared = set()


@contextmanager
def as_read(client):
    """Every answer of a write is what a GET answers right after it; what is not stands in what this gives.

    Of writes that are alike, and answered alike, one is compared.
    """
    different = []

    def compare(answer, **_):
        request = answer.request
        if request.method not in WRITES or answer.status_code not in (200, 201):
            return
        body = answer.json()
        made = [body] if "url" in body else [each for each in body.values() if each]
        homes = [each["uuid"][14] for each in made]  # a uuid tells where it lives
        what = alike(client.base, homes, request.method, request.path_url, request.body, answer.content)
        if what in _compared:
            return
        _compared.add(what)
        for each in made:
            now = client.get(each["url"])
            if now != each:
                different.append((request.method, request.url, each, now))

    hooks = client.session.hooks["response"]
    hooks.append(compare)
    try:
        yield different
    finally:
        hooks.remove(compare)


@pytest.fixture(autouse=True)
def written_as_read(request):
    """Whatever a test writes here is answered as it is read, in every resource and dialect."""
    if "deployment" not in request.fixturenames:
        yield
        return
    with as_read(request.getfixturevalue("deployment").served) as different:
        yield
    assert different == []


@pytest.fixture(scope="module")
def others(deployments):
    """Gives a client of a second KlantBrug, configured differently: one for all tests of a module."""
    found = {}
    with ExitStack() as stack:

        def other(dialect, change):
            if (dialect, change) not in found:
                found[dialect, change] = stack.enter_context(deployments(dialect).another(change))
            return found[dialect, change]

        yield other


@pytest.fixture
def old(deployment):
    """A client of the registers, as KISS is one in its old mode."""
    return OldKiss(deployment)


@pytest.fixture
def together(deployment):
    """Does calls side by side, each with a client of its own; the answers in their order."""

    def run(*calls):
        def one(call):
            method, path, body = call
            client = Client(deployment.served.base, Authorization="Token demo")
            with client.session:
                return client.call(method, path, json=body)

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(one, calls))

    return run
