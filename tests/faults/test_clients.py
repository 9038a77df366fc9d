"""A client that goes away in the middle of its write leaves all of it behind, or nothing."""

import json
import socket
import struct
import time
from collections import Counter

import pytest
from adapter.demo.settings import PUBLIC_PATH

from tests.faults.cases import Town
from tests.faults.site import site
from tests.faults.table import Judge

# Seconds after which the client goes: from before it was heard to after it was done.
MOMENTS = {"closed": (0.0, 0.03, 0.5), "reset": (0.01, 0.1, 0.5)}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clients")
    with site(folder, "openklant", str(folder / "state.sqlite3")) as found:
        yield Town(found)


def gone_after(port, write, seconds, *, reset):
    """Send a request, and hang up without reading the answer."""
    body = json.dumps(write.body).encode()
    head = (
        f"{write.method} {PUBLIC_PATH}/{write.path} HTTP/1.1\r\nHost: x\r\nAuthorization: Token demo\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(head.encode() + body)
        time.sleep(seconds)
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def quiet(site):
    """Wait until KlantBrug calls no register any more and its journal is empty."""
    seen = -1
    while seen != len(site.order.seen):
        seen = len(site.order.seen)
        time.sleep(0.5)
    assert site.journal_is_empty()


@pytest.mark.parametrize("how", MOMENTS)
def test_a_client_that_goes_away(town, how):
    """Whenever it goes; and the next client is served."""
    judge, site = Judge(town), town.site
    write = max(town.table("maak-klantcontact"), key=lambda it: len(it.writes))
    done, held = judge.all_of(write), Counter()
    for seconds in MOMENTS[how]:
        site.order.arm()
        gone_after(site.replicas[0].port, write, seconds, reset=how == "reset")
        quiet(site)
        held[judge._held(site.contents(), done)] += 1
        site.put_back(town.kept)
    assert held.keys() <= {"all", "nothing"}
    assert held["all"]
    assert site.served.get("klantcontacten")["count"]
