"""Everything sent to an API, here KlantBrug's own: once, however often it is stopped, with its new uuids."""

import re
from contextlib import contextmanager
from unittest.mock import patch

import pytest
import requests
from adapter.move.target import target as described

from tests import bodies

KINDS = described("openklant").resources
# By default test_posting sends a book to an API that only keeps it.
pytestmark = pytest.mark.contract
TOKENS = {"KLANTBRUG_TOKEN": "demo", "KLANTBRUG_TARGET_TOKEN": "demo"}


@pytest.fixture
def dialect():
    return "openklant"


@pytest.fixture
def target(deployments, monkeypatch):
    for name, value in TOKENS.items():
        monkeypatch.setenv(name, value)
    found = deployments("vng")
    found.reset()
    return found


class Killed(BaseException):
    """Ends a step where it stands."""


def by_api(target, *more):
    return ("--as", "api", "--url", target.served.base, *more)


def counts(client):
    return {kind: client.get(kind)["count"] for kind in KINDS}


@contextmanager
def killed_after(number, *, before=False):
    """Within this, what would be the request after so many ends the step: before it is sent, or after."""
    send, left = requests.Session.request, [number]

    def counted(session, method, url, **options):
        if method == "POST" and "Idempotency-Key" in (options.get("headers") or {}):
            left[0] -= 1
            if left[0] < 0 and before:
                raise Killed
            answer = send(session, method, url, **options)
            if left[0] < 0:
                raise Killed
            return answer
        return send(session, method, url, **options)

    with patch.object(requests.Session, "request", counted), pytest.raises(Killed):
        yield


def test_everything_is_sent_once_and_found_by_its_new_uuid(deployment, read, target):
    """Said before what is lost; stopped at two moments; verified; changed and gone; nothing twice."""
    said = read("write", *by_api(target), status=1)
    assert "get another uuid" in read.said[-2]
    assert "internetaken: toegewezenOp becomes the moment of the move" in read.said[-2]
    assert "--lose" in said
    assert sum(counts(target.served).values()) == 0
    write = ("write", *by_api(target, "--lose"))
    for before in (True, False):
        with killed_after(7, before=before):
            read(*write)
    said = read(*write)
    assert re.search(r"[1-9] found there, 0 refused", said)
    here, there = counts(deployment.served), counts(target.served)
    # Who is only named in contacts is sent too.
    assert {**here, "actoren": 0} == {**there, "actoren": 0}
    table = [line.split("\t") for line in read.file("uuids.tsv").read_text().splitlines()]
    assert len(table) == sum(there.values())
    assert all(old != new for _, old, new in table)
    for kind, _, new in table:
        target.served.get(f"{kind}/{new}")
    assert read.file("uuids.tsv").stat().st_mode & 0o077 == 0
    said = read("verify", "--url", target.served.base, "--sample", "1")
    assert re.search(r" questions: \d+ answered alike, 0 not", said)
    assert "0 sent, 0 changed, 0 deleted, 0 found there, 0 refused" in read(*write)
    read("report")
    assert "Lost by way of an API" in read.file("report.html").read_text()
    assert bodies.BSN not in read.file("report.html").read_text() + "".join(read.said)
    target.served.post("categorieen", {"naam": "Van een ander"})
    assert "categorieen: the target holds 2, and this move brought 1" in read(*write, status=1)
