"""A step whose process is killed at any moment is done again, and comes to the same."""

import json
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from adapter.engine.transaction.recovery import Recovery
from adapter.main import prepare
from adapter.move.book import Book
from adapter.move.numbered import Numbered
from adapter.move.target import target
from adapter.phases import phase as phases

from tests import bodies
from tests.bodies import ref
from tests.move.conftest import Move, configured
from tests.phases.phased import with_phases

KILLS = 50


@pytest.fixture
def dialect():
    return "openklant"


class Steps:
    """Does steps of a move in processes of their own."""

    def __init__(self, deployment, *phased):
        urls = {name: getattr(deployment, name).base for name in ("klanten", "objects", "zaken")}
        urls["klantbrug"] = deployment.served.base
        ports = {name: urlsplit(url).port for name, url in urls.items()}
        argument = json.dumps([ports, deployment.dialect, *map(str, phased)])
        self._forks = subprocess.Popen(
            [sys.executable, "-m", "tests.move.forks", argument],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def __call__(self, *step, kill_after=None):
        """(the status with which a step ended, its seconds); the status is negative when it was killed."""
        words = ["--config", "k.yaml", *map(str, step)]
        self._forks.stdin.write(json.dumps([kill_after, words]) + "\n")
        self._forks.stdin.flush()
        return json.loads(self._forks.stdout.readline())

    def close(self):
        self._forks.communicate(timeout=60)


@pytest.fixture
def steps(deployment):
    found = Steps(deployment)
    yield found
    found.close()


def state(folder):
    """What a book says of every resource, in order, and the file that was written of it."""
    book = Book(str(folder / "book.sqlite3"))
    numbered = Numbered(book)
    numbered.number()
    kinds = target("openklant").resources
    found = {
        kind: (numbered.digest(kind), [each.uuid for each in numbered.sample(kind, 3)]) for kind in kinds
    }
    passes = (book.passes, book.is_read)
    book.close()
    return found, passes


def is_read(folder):
    """Whether the last pass was finished, though its process may have been killed just after that."""
    file = folder / "book.sqlite3"
    if not file.exists():
        return False
    with closing(Book(str(file))) as book:
        return book.is_read


# By default test_interrupted ends a pass after each of its pages, in this process.
@pytest.mark.contract
def test_steps_that_are_killed_at_any_moment_come_to_the_same(steps, tmp_path):
    """The same digests, the same file to load, and never a file that is half there."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    lasted = {}
    for step in ("read", "write"):
        status, lasted[step] = steps(step, "--folder", whole)
        assert status == 0
    moments, met = random.Random(KILLS), 0
    for step in ("read", "write"):
        ended = None
        while ended is None or met < (KILLS if step == "write" else KILLS // 2):
            again = ["--again"] if step == "read" and is_read(killed) else []
            ended, _ = steps(step, "--folder", killed, *again, kill_after=moments.uniform(0, lasted[step]))
            met += ended < 0
            assert ended in (0, -signal.SIGKILL)
            assert not (killed / "load.sql").exists() or _is_whole(killed / "load.sql")
        if ended != 0 and not (step == "read" and is_read(killed)):
            assert steps(step, "--folder", killed)[0] == 0
    there, (passes, read) = state(killed)
    assert read
    assert there == state(whole)[0]
    assert passes >= 1
    assert _loaded(killed) == _loaded(whole)


def _is_whole(file):
    return "ANALYZE" in file.read_text()[-2000:]


def _loaded(folder):
    return (folder / "load.sql").read_text(), (folder / "load.sql.sha256").read_text()


class Gone:
    """A way back that has begun: clients wrote to the target, and everything is frozen."""

    def __init__(self, deployment, target, move, file, state):
        self.deployment, self.target, self.move = deployment, target, move
        self.file, self.state = file, state
        self.steps = Steps(deployment, file, state, target.served.base)
        self.made = []

    def more(self):
        """What clients did to the target: a contact of a new partij, with what hangs on both."""
        client = self.target.served
        person = client.post("partijen", bodies.persoon())
        mail = client.post("digitaleadressen", bodies.adres("na@example.nl", partij=person))
        client.patch(
            f"partijen/{person['uuid']}", {"soortPartij": "persoon", "voorkeursDigitaalAdres": ref(mail)}
        )
        contact = client.post("klantcontacten", bodies.contact(onderwerp="Na de verhuizing"))
        caller = client.post("betrokkenen", bodies.betrokkene(contact, person))
        made = {
            "partijen": person,
            "digitaleadressen": mail,
            "klantcontacten": contact,
            "betrokkenen": caller,
        }
        self.made += [f"{kind}/{each['uuid']}" for kind, each in made.items()]

    def records(self):
        """How many records there are of each kind of which more() makes one."""
        klanten, contacts = self.deployment.klanten, self.deployment.contactmomenten
        lists = ((klanten, "klanten"), (contacts, "contactmomenten"), (contacts, "klantcontactmomenten"))
        return [len(client.all(name)) for client, name in lists]


@pytest.fixture
def gone(deployment, deployments, tmp_path, capsys):
    target = deployments("vng")
    target.reset()
    file, state = tmp_path / "phase", tmp_path / "state.sqlite3"
    change = with_phases(file, target.served.base, state=str(state))
    with patch.object(phases, "LOOK_SECONDS", 0.01), configured(deployment, change):
        step = Move(tmp_path / "move", capsys)
        step("freeze", "--watch", "0")
        with patch("adapter.move.phasing.missing", lambda _: []):
            step("cutover")
        file.write_text("frozen\n")
        found = Gone(deployment, target, step, file, state)
        yield found
        found.steps.close()


# By default test_back ends a way back before each of its deeds, in this process.
@pytest.mark.contract
def test_a_way_back_that_is_killed_at_any_moment_makes_nothing_twice(gone):
    """Every resource is there once, under the uuid of the target, and nothing of what was not done."""
    before = gone.records()
    steps, moments = gone.steps, random.Random(KILLS)
    met, ended, rounds = 0, None, 0
    back = ("back", "--yes", "--folder", gone.move.folder)
    while met < KILLS:
        if ended in (None, 0):
            gone.more()
            gone.more()
            rounds += 2
        ended, _ = steps(*back, kill_after=moments.uniform(0.05, 1.5))
        assert ended in (0, -signal.SIGKILL)
        met += ended < 0
    assert steps(*back)[0] == 0
    change = with_phases(gone.file, gone.target.served.base, state=str(gone.state))
    with closing(prepare(change(gone.deployment.configuration))) as adapter:
        # What may yet have been done by then is looked for until it would have been.
        assert Recovery(adapter.deployment()).sweep(time.time() + 3600) == 0
    assert gone.records() == [count + rounds for count in before]
    with gone.deployment.another(change) as client:
        for path in gone.made:
            assert refers(client.get(path)) == refers(gone.target.served.get(path)), path


def refers(item):
    """What a resource refers to."""
    names = ("voorkeursDigitaalAdres", "verstrektDoorPartij", "hadKlantcontact", "wasPartij")
    return {name: item[name] and item[name]["uuid"] for name in names if name in item}
